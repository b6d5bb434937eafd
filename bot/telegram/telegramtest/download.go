// Downloads: getFile, and the files that people sent.

package telegramtest

import (
	"net/http"
	"strings"
)

// maxDownload is how large a file a bot may fetch (core.telegram.org/bots/api,
// getFile).
const maxDownload = 20 << 20

// keepFile keeps what a person sent; the lock is held.
func (s *Server) keepFile(id string, content []byte) {
	if s.files == nil {
		s.files = make(map[string][]byte)
	}
	s.files[id] = content
}

func (s *Server) getFile(c *Call) (any, *failure) {
	id := c.Get("file_id")
	content, known := s.files[id]
	switch {
	case !known:
		return nil, refuse(400, "Bad Request: invalid file_id")
	case len(content) > maxDownload:
		return nil, refuse(400, "Bad Request: file is too big")
	}
	return object{"file_id": id, "file_unique_id": "u" + id, "file_size": len(content), "file_path": "documents/" + id}, nil
}

// serveFile hands out a file, at /file/bot<token>/<path>.
func (s *Server) serveFile(w http.ResponseWriter, r *http.Request) {
	id, ok := strings.CutPrefix(r.URL.Path, "/file/bot"+s.settings.token+"/documents/")
	s.mu.Lock()
	content, known := s.files[id]
	s.mu.Unlock()
	if !ok || !known || r.Method != http.MethodGet {
		http.NotFound(w, r)
		return
	}
	_, _ = w.Write(content) // the client may be gone
}
