// Files: documents that people asked for.

package telegram

import (
	"bytes"
	"context"
	"mime/multipart"
	"net/http"

	"github.com/strillone/strillone/bot"
	"github.com/strillone/strillone/digest"
)

// sendFile sends a file (sendDocument, of up to 50 MB).
func (s *session) sendFile(ctx context.Context, to digest.Destination, file bot.File) error {
	form, kind, err := upload(to, file)
	if err != nil {
		return err
	}
	return s.insist(ctx, func() error {
		return s.paced(ctx, to, func() error {
			return s.client.post(ctx, callTimeout, "sendDocument", http.Header{"Content-Type": {kind}}, form, nil)
		})
	})
}

// upload is the call's form and its type.
func upload(to digest.Destination, file bot.File) (form []byte, kind string, err error) {
	var b bytes.Buffer
	w := multipart.NewWriter(&b)
	if err := w.WriteField("chat_id", to.Chat); err != nil {
		return nil, "", err
	}
	if thread := threadOf(to); thread != "" {
		if err := w.WriteField("message_thread_id", thread); err != nil {
			return nil, "", err
		}
	}
	part, err := w.CreateFormFile("document", file.Name)
	if err != nil {
		return nil, "", err
	}
	if _, err := part.Write(file.Content); err != nil {
		return nil, "", err
	}
	if err := w.Close(); err != nil {
		return nil, "", err
	}
	return b.Bytes(), w.FormDataContentType(), nil
}
