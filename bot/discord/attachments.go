// attachments: files that people send. Discord's client turns a paste over 2,000
// characters into one; here it becomes text again.

package discord

import (
	"context"
	"io"
	"net/http"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/strillone/strillone/bot"
	"github.com/strillone/strillone/digest"
	"github.com/strillone/strillone/digest/manuscript"
)

const (
	// pasted is what the client calls the file that it makes of a paste.
	pasted = "message.txt"
	// maxPaste is how many bytes of one are read: enough to see that it is longer
	// than any submission may be.
	maxPaste    = 4 * digest.MaxSubmission
	fileTimeout = 20 * time.Second
)

// pastes are the texts that the client made files of, each on lines of its own.
// One that can't be read is left out.
func (d *desk) pastes(ctx context.Context, all []attachment) string {
	var b strings.Builder
	for _, a := range all {
		if a.Filename != pasted || b.Len() > maxPaste {
			continue
		}
		content, err := d.fetch(ctx, a.URL, maxPaste)
		if err != nil {
			d.log.Warn("an attached text can't be read", "error", plain(err))
			continue
		}
		s := strings.TrimPrefix(string(content), "\uFEFF")
		if !utf8.ValidString(s) {
			s = strings.ToValidUTF8(s, "\uFFFD")
		}
		b.WriteString("\n" + s)
	}
	return b.String()
}

// attached are the other files, to be fetched when they are wanted.
func (d *desk) attached(all []attachment) []bot.Attachment {
	var files []bot.Attachment
	for _, a := range all {
		if a.Filename == pasted {
			continue
		}
		files = append(files, bot.Attachment{Name: a.Filename, Media: a.ContentType, Read: func(ctx context.Context, limit int) ([]byte, error) {
			if a.Size > limit {
				return nil, manuscript.TooLarge(a.Filename)
			}
			return d.fetch(ctx, a.URL, limit)
		}})
	}
	return files
}

// fetch is a file in Discord's store, whose addresses need no token, or its
// first bytes, one more than the limit.
func (d *desk) fetch(ctx context.Context, address string, limit int) ([]byte, error) {
	ctx, cancel := context.WithTimeout(ctx, fileTimeout)
	defer cancel()
	r, err := http.NewRequestWithContext(ctx, http.MethodGet, address, nil)
	if err != nil {
		return nil, err
	}
	response, err := d.files.Do(r)
	if err != nil {
		return nil, err
	}
	defer response.Body.Close()
	if response.StatusCode != http.StatusOK {
		return nil, &outcome{status: response.StatusCode}
	}
	return io.ReadAll(io.LimitReader(response.Body, int64(limit)+1))
}
