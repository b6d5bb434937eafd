// attachments: Discord turns a paste over 2,000 characters into a text file;
// here it becomes text again.

package discord

import (
	"context"
	"io"
	"net/http"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/strillone/strillone/digest"
)

// maxFile is how many bytes of a text file are read: enough to see that it is
// longer than any submission may be.
const maxFile = 4*digest.MaxSubmission + 1

// texts are the text files among attachments, each on lines of its own. Files
// of other kinds, and those that can't be read, are left out.
func (d *desk) texts(ctx context.Context, all []attachment) string {
	var b strings.Builder
	for _, a := range all {
		if !a.text() || b.Len() > maxFile {
			continue
		}
		content, err := d.read(ctx, a.URL)
		if err != nil {
			d.log.Warn("an attached text can't be read", "error", plain(err))
			continue
		}
		b.WriteString("\n" + content)
	}
	return b.String()
}

// text says whether it is a text file, by its name or by what Discord found.
func (a attachment) text() bool {
	name := strings.ToLower(a.Filename)
	return strings.HasPrefix(a.ContentType, "text/plain") || strings.HasPrefix(a.ContentType, "text/markdown") ||
		strings.HasSuffix(name, ".txt") || strings.HasSuffix(name, ".md")
}

// read fetches a file from Discord's store, whose addresses need no token.
func (d *desk) read(ctx context.Context, address string) (string, error) {
	ctx, cancel := context.WithTimeout(ctx, 10*time.Second)
	defer cancel()
	r, err := http.NewRequestWithContext(ctx, http.MethodGet, address, nil)
	if err != nil {
		return "", err
	}
	response, err := d.files.Do(r)
	if err != nil {
		return "", err
	}
	defer response.Body.Close()
	if response.StatusCode != http.StatusOK {
		return "", &outcome{status: response.StatusCode}
	}
	body, err := io.ReadAll(io.LimitReader(response.Body, maxFile))
	if err != nil {
		return "", err
	}
	if !utf8.Valid(body) {
		return strings.ToValidUTF8(string(body), "\uFFFD"), nil
	}
	return strings.TrimPrefix(string(body), "\uFEFF"), nil
}
