// The way of a REST request: record, fault, authorise, pace, check, handle.

package discordtest

import (
	"context"
	"encoding/json"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/gorilla/websocket"
)

// answer is what a request gets when no fault interferes.
type answer struct {
	status int
	header http.Header
	body   []byte
	code   int
}

func (s *Server) serve(w http.ResponseWriter, r *http.Request) {
	if websocket.IsWebSocketUpgrade(r) {
		s.serveGateway(w, r)
		return
	}
	if strings.HasPrefix(r.URL.Path, "/attachments/") {
		s.serveAttachment(w, r)
		return
	}
	call := s.newCall(r)
	fault := s.faultFor(call)
	if !s.pause(r.Context(), s.settings.latency) {
		return
	}
	if fault != nil && !fault.Accept {
		s.inject(w, r, call, fault, nil)
		return
	}
	res := s.answer(call)
	if fault != nil {
		s.inject(w, r, call, fault, res)
		return
	}
	s.finish(call, res.status, res.code)
	write(w, res)
}

func write(w http.ResponseWriter, res *answer) {
	for k, v := range res.header {
		w.Header()[k] = v
	}
	if len(res.body) > 0 && w.Header().Get("Content-Type") == "" {
		w.Header().Set("Content-Type", "application/json")
	}
	w.Header().Set("Content-Length", strconv.Itoa(len(res.body)))
	w.WriteHeader(res.status)
	_, _ = w.Write(res.body) // the client may be gone; nobody else is to be told
}

// finish records how a call ended.
func (s *Server) finish(c *Call, status, code int) {
	s.mu.Lock()
	defer s.mu.Unlock()
	c.Status, c.Code, c.Done = status, code, true
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

func (s *Server) answer(c *Call) *answer {
	s.reporter.Helper()
	header := http.Header{}
	fail := func(f *failure) *answer {
		if f.report && !s.settings.tolerated[f.code] {
			s.violate("%s answered with %s", c.label(), f.text())
		}
		return &answer{status: f.status, header: header, body: encode(f.body()), code: f.code}
	}
	if c.Version == "" {
		return fail(blame(404, 0, "404: Not Found (no /api/v9 or /api/v10)"))
	}
	if f := s.authorize(c); f != nil {
		return fail(f)
	}
	if res := s.pace(c, header); res != nil {
		return res
	}
	if f := s.check(c); f != nil {
		return fail(f)
	}
	status, body, f := s.dispatchCall(c)
	if f != nil {
		return fail(f)
	}
	return &answer{status: status, header: header, body: body}
}

// authorize checks the bot token; interaction and webhook routes carry their
// own token in the path, and GET /gateway is public.
func (s *Server) authorize(c *Call) *failure {
	if c.Route == "/gateway" || ownToken(c.Route) {
		return nil
	}
	if c.authorization != "Bot "+s.settings.token {
		return refuse(401, 0, "401: Unauthorized")
	}
	return nil
}

// check compares the request with the description and the documented limits.
func (s *Server) check(c *Call) *failure {
	if c.Route == "" {
		if s.methodKnown(c.Path) {
			return blame(405, 0, "405: Method Not Allowed")
		}
		return blame(404, 0, "404: Not Found (no such path in the API)")
	}
	if c.malformed != nil {
		return blame(400, 50109, "The request body contains invalid JSON. ("+c.malformed.Error()+")")
	}
	f := newFindings()
	if s.spec != nil {
		s.spec.check(c, f)
	}
	s.checkLimits(c, f)
	if len(*f.list) == 0 {
		return nil
	}
	return invalidForm(distinct(*f.list))
}

// distinct drops what the description and the documented limits both found.
func distinct(in []issue) []issue {
	var out []issue
	for _, i := range in {
		if !slices.ContainsFunc(out, func(o issue) bool {
			return o.code == i.code && slices.Equal(o.path, i.path)
		}) {
			out = append(out, i)
		}
	}
	return out
}

// dispatchCall runs the handler under the lock, so that what it answers and
// what it sends over the gateway are one step.
func (s *Server) dispatchCall(c *Call) (int, []byte, *failure) {
	key := c.Method + " " + c.Route
	s.mu.Lock()
	custom := s.custom[key]
	s.mu.Unlock()
	if custom != nil {
		status, body := custom(*c)
		if body == nil {
			return status, nil, nil
		}
		b, err := json.Marshal(body)
		if err != nil {
			return 0, nil, blame(500, 0, "the test's handler answered with "+err.Error())
		}
		return status, b, nil
	}
	h := routes[key]
	if h == nil {
		return 0, nil, blame(501, 0, "discordtest does not play "+key+"; register it with Server.Handle")
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	defer s.notify()
	status, body, f := h(s, c)
	if f != nil || body == nil {
		return status, nil, f
	}
	return status, encode(body), nil
}

// Handle answers a route of the API that the server does not play, or plays
// otherwise: route is a template of the description, such as
// "/channels/{channel_id}/pins". Requests are checked before; body is encoded
// as JSON, nil for none. handler may be called concurrently.
func (s *Server) Handle(method, route string, handler func(Call) (status int, body any)) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.custom[method+" "+route] = handler
}
