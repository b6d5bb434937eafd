// Attachments: documents that people send, fetched when they are wanted.

package telegram

import (
	"context"
	"encoding/json"
	"errors"
	"io"
	"net/http"
	"net/url"
	"strings"
	"time"

	tgbotapi "github.com/go-telegram-bot-api/telegram-bot-api/v5"

	"github.com/strillone/strillone/bot"
	"github.com/strillone/strillone/digest/manuscript"
)

const fileTimeout = 20 * time.Second

// document is a Document.
type document struct {
	ID    string `json:"file_id"`
	Name  string `json:"file_name"`
	Media string `json:"mime_type"`
	Size  int64  `json:"file_size"`
}

// files are the document of a message, if it has one.
func (s *session) files(m *incoming) []bot.Attachment {
	var d document
	if m.Document == nil || json.Unmarshal(m.Document, &d) != nil || d.ID == "" {
		return nil
	}
	return []bot.Attachment{{Name: d.Name, Media: d.Media, Read: func(ctx context.Context, limit int) ([]byte, error) {
		if d.Size > int64(limit) { // getFile refuses what is over 20 MB, too
			return nil, manuscript.TooLarge(d.Name)
		}
		return s.client.fetch(ctx, d.ID, limit)
	}}}
}

// fetch is a file's content (core.telegram.org/bots/api, getFile), or its first
// bytes, one more than the limit.
func (c *client) fetch(ctx context.Context, id string, limit int) ([]byte, error) {
	var file struct {
		Path string `json:"file_path"`
	}
	if err := c.call(ctx, "getFile", tgbotapi.Params{"file_id": id}, &file); err != nil {
		return nil, err
	}
	ctx, cancel := context.WithTimeout(ctx, fileTimeout)
	defer cancel()
	t := &trip{transport: c.transport}
	content, err := t.get(ctx, c.fileAddress(file.Path), limit)
	if err != nil {
		return nil, c.failure("a file", err, t)
	}
	return content, nil
}

// fileAddress is where a file is: …/file/bot<token>/<path>. It has the token in
// it.
func (c *client) fileAddress(path string) *url.URL {
	u := *c.endpoint
	at := strings.LastIndex(u.Path, "/bot")
	u.Path, u.RawPath = u.Path[:at]+"/file"+u.Path[at:]+path, ""
	return &u
}

var errNoFile = errors.New("the server doesn't hand out the file")

// get is what stands at an address. No redirection is followed.
func (t *trip) get(ctx context.Context, address *url.URL, limit int) ([]byte, error) {
	request, err := http.NewRequestWithContext(ctx, http.MethodGet, "", http.NoBody)
	if err != nil {
		return nil, err
	}
	request.URL, request.Host = address, address.Host
	response, err := t.transport.RoundTrip(request)
	if err != nil {
		return nil, err
	}
	defer response.Body.Close()
	if t.status = response.StatusCode; t.status != http.StatusOK {
		return nil, errNoFile
	}
	return io.ReadAll(io.LimitReader(response.Body, int64(limit)+1))
}
