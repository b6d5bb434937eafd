// upload: messages with a file.

package discord

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"mime/multipart"
	"net/textproto"
	"path"
	"strings"

	"github.com/strillone/strillone/bot"
)

// attachment names a file that comes with the message (docs.discord.com,
// Uploading Files).
type upload struct {
	ID       string `json:"id"`
	Filename string `json:"filename"`
	content  []byte
}

// attach puts a file under the message. Among components it must be named, or
// it would not be shown.
func (m *message) attach(f bot.File) {
	name := fileName(f.Name)
	m.Attachments = append(m.Attachments, upload{ID: "0", Filename: name, content: f.Content})
	if m.Flags&flagComponents != 0 {
		m.Components = append(m.Components, component{Type: typeFile, File: &fileRef{URL: "attachment://" + name}})
	}
}

// fileName is a name that Discord takes as it is: letters, digits, dots, dashes
// and underscores of ASCII.
func fileName(name string) string {
	name = strings.Map(func(r rune) rune {
		switch {
		case r >= 'a' && r <= 'z', r >= 'A' && r <= 'Z', r >= '0' && r <= '9', r == '.', r == '-', r == '_':
			return r
		}
		return '_'
	}, path.Base(name))
	if strings.Trim(name, "._") == "" {
		return "file"
	}
	return name
}

// filesIn are the files that a body sends along.
func filesIn(body any) []upload {
	switch body := body.(type) {
	case message:
		return body.Attachments
	case callback:
		return filesIn(body.Data)
	}
	return nil
}

// upload is call with files.
func (c *client) upload(ctx context.Context, method, path string, in any, files []upload, out any) error {
	if len(files) == 0 {
		return c.call(ctx, method, path, in, out)
	}
	payload, err := json.Marshal(in)
	if err != nil {
		return fmt.Errorf("discord: write the request: %w", err)
	}
	var b bytes.Buffer
	w := multipart.NewWriter(&b)
	parts := []struct {
		disposition, kind string
		content           []byte
	}{{`form-data; name="payload_json"`, "application/json", payload}}
	for _, f := range files {
		parts = append(parts, struct {
			disposition, kind string
			content           []byte
		}{`form-data; name="files[` + f.ID + `]"; filename="` + f.Filename + `"`, "application/octet-stream", f.content})
	}
	for _, p := range parts {
		part, err := w.CreatePart(textproto.MIMEHeader{"Content-Disposition": {p.disposition}, "Content-Type": {p.kind}})
		if err == nil {
			_, err = part.Write(p.content)
		}
		if err != nil {
			return fmt.Errorf("discord: write the request: %w", err)
		}
	}
	if err := w.Close(); err != nil {
		return fmt.Errorf("discord: write the request: %w", err)
	}
	header := c.header.Clone()
	header.Set("Content-Type", w.FormDataContentType())
	return c.callRaw(ctx, method, path, header, b.Bytes(), out)
}
