// The way of a request: record, fault, authorise, check, pace, handle.

package telegramtest

import (
	"context"
	"encoding/json"
	"net/http"
	"strconv"
	"strings"
	"time"
)

// answer is what a request gets when no fault interferes.
type answer struct {
	status int
	header http.Header
	body   []byte
	text   string // the description of an error
}

func (s *Server) serve(w http.ResponseWriter, r *http.Request) {
	if strings.HasPrefix(r.URL.Path, "/file/") {
		s.serveFile(w, r)
		return
	}
	call := s.newCall(r)
	fault := s.faultFor(call)
	if !s.pause(r.Context(), s.settings.latency) {
		s.finish(call, 0, "")
		return
	}
	if fault != nil && !fault.Accept {
		s.inject(w, r, call, fault, nil)
		return
	}
	res := s.answer(r.Context(), call)
	if fault != nil {
		s.inject(w, r, call, fault, res)
		return
	}
	s.finish(call, res.status, res.text)
	write(w, res)
}

func write(w http.ResponseWriter, res *answer) {
	for k, v := range res.header {
		w.Header()[k] = v
	}
	if w.Header().Get("Content-Type") == "" {
		w.Header().Set("Content-Type", "application/json")
	}
	w.Header().Set("Content-Length", strconv.Itoa(len(res.body)))
	w.WriteHeader(res.status)
	_, _ = w.Write(res.body) // the client may be gone; nobody else is to be told
}

// finish records how a call ended.
func (s *Server) finish(c *Call, status int, description string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	c.Status, c.Description, c.Done = status, description, true
	s.notify()
}

// pause waits d and says whether the request is still wanted.
func (s *Server) pause(ctx context.Context, d time.Duration) bool {
	if d <= 0 {
		return true
	}
	t := time.NewTimer(d)
	defer t.Stop()
	select {
	case <-t.C:
		return true
	case <-ctx.Done():
	case <-s.closing:
	}
	return false
}

func (s *Server) answer(ctx context.Context, c *Call) *answer {
	s.reporter.Helper()
	result, f := s.handle(ctx, c)
	if f == nil {
		return &answer{status: http.StatusOK, body: encode(object{"ok": true, "result": result})}
	}
	if f.report {
		s.violate("%s answered with %s", c.Method, f.text())
	}
	return &answer{status: f.code, body: encode(f.body()), text: f.description}
}

func (s *Server) handle(ctx context.Context, c *Call) (any, *failure) {
	if f := s.authorize(c); f != nil {
		return nil, f
	}
	if c.Method == "sendRichMessage" && s.settings.plain {
		return nil, refuse(http.StatusNotFound, "Not Found: method not found")
	}
	if f := s.check(c); f != nil {
		return nil, f
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	defer s.notify()
	if handler := s.custom[c.Method]; handler != nil {
		return s.handleCustom(c, handler)
	}
	if f := s.pace(c); f != nil {
		return nil, f
	}
	if c.Method == "getUpdates" {
		return s.getUpdates(ctx, c)
	}
	return methods[c.Method].handle(s, c)
}

// authorize checks the token in the path.
func (s *Server) authorize(c *Call) *failure {
	switch c.token {
	case s.settings.token:
		return nil
	case "":
		return blame(http.StatusNotFound, "Not Found")
	}
	if tokenForm.MatchString(c.token) {
		return refuse(http.StatusUnauthorized, "Unauthorized")
	}
	return refuse(http.StatusNotFound, "Not Found")
}

// Handle answers a method that the server does not play, or plays otherwise:
// handler's result is what the answer's result holds. Requests are checked
// before. handler may be called concurrently.
func (s *Server) Handle(method string, handler func(Call) (result any)) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.custom[method] = handler
}

// handleCustom calls a test's handler without the lock, which is held.
func (s *Server) handleCustom(c *Call, handler func(Call) any) (any, *failure) {
	call := *c
	s.mu.Unlock()
	b, err := json.Marshal(handler(call))
	s.mu.Lock()
	if err != nil {
		return nil, blame(http.StatusInternalServerError, "the test's handler answered with "+err.Error())
	}
	return json.RawMessage(b), nil
}
