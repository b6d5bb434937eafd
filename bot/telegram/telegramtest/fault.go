// Faults: answers and breakages that a test puts in a request's way.

package telegramtest

import (
	"net"
	"net/http"
	"strconv"
	"sync/atomic"
	"time"
)

// Fault says what happens to a request instead of its answer. Make one with
// the functions below; the zero Fault answers 500 with an empty body.
type Fault struct {
	// Accept lets the server handle the request first: it has happened, only
	// its answer is lost or replaced.
	Accept bool

	Status int         // HTTP status; 500 if 0
	Header http.Header // added to the answer
	Body   []byte      // sent as it is

	description string        // recorded in Call.Description
	reset       bool          // break the connection instead of answering
	hang        bool          // never answer
	truncate    bool          // send half of the real answer
	drip        time.Duration // between single bytes of the real answer
}

// Failing answers with an error of the Bot API, such as Failing(403,
// "Forbidden: bot was blocked by the user").
func Failing(code int, description string) *Fault { return failing(refuse(code, description)) }

// Limited answers 429 with a retry_after.
func Limited(seconds int) *Fault { return failing(tooMany(seconds)) }

func failing(f *failure) *Fault {
	return &Fault{
		Status: f.code, description: f.description, Body: encode(f.body()),
		Header: http.Header{"Content-Type": {"application/json"}},
	}
}

// BadGateway answers with the HTML page of a proxy and status 502.
func BadGateway() *Fault {
	return Raw(http.StatusBadGateway, "text/html", "<html><h1>502 Bad Gateway</h1></html>")
}

// Raw answers with any body.
func Raw(status int, contentType, body string) *Fault {
	return &Fault{Status: status, Header: http.Header{"Content-Type": {contentType}}, Body: []byte(body)}
}

// Garbage handles the request, then answers 200 with a body that is no JSON.
func Garbage() *Fault {
	f := Raw(http.StatusOK, "application/json", "{\"ok\": tru\x00]")
	f.Accept = true
	return f
}

// Truncated handles the request, then breaks off half through its answer.
func Truncated() *Fault { return &Fault{Accept: true, truncate: true} }

// Reset breaks the connection without handling the request. A client may well
// have written its request by then.
func Reset() *Fault { return &Fault{reset: true} }

// ResetAfter handles the request, then breaks the connection: delivered, but
// the answer is lost.
func ResetAfter() *Fault { return &Fault{Accept: true, reset: true} }

// Hang leaves the request without an answer until its client gives up or the
// server is closed. The request is not handled.
func Hang() *Fault { return &Fault{hang: true} }

// HangAfter handles the request, then leaves it without an answer.
func HangAfter() *Fault { return &Fault{Accept: true, hang: true} }

// Slow handles the request and sends its real answer byte by byte, a gap
// between each.
func Slow(gap time.Duration) *Fault { return &Fault{Accept: true, drip: gap} }

type interceptor struct{ decide func(Call) *Fault }

// Intercept asks decide about every request before it is authorised or
// checked; a non-nil Fault is what happens to it. The latest interceptor is
// asked first, the first Fault wins. The returned function removes it.
// decide may be called concurrently and may call the server's methods.
func (s *Server) Intercept(decide func(Call) *Fault) (remove func()) {
	i := &interceptor{decide}
	s.mu.Lock()
	defer s.mu.Unlock()
	s.faults = append([]*interceptor{i}, s.faults...)
	return func() {
		s.mu.Lock()
		defer s.mu.Unlock()
		var kept []*interceptor
		for _, f := range s.faults {
			if f != i {
				kept = append(kept, f)
			}
		}
		s.faults = kept
	}
}

// Times gives fault to the first n calls that match; for use with Intercept.
func Times(n int, match func(Call) bool, fault *Fault) func(Call) *Fault {
	var left atomic.Int64
	left.Store(int64(n))
	return func(c Call) *Fault {
		if !match(c) || left.Add(-1) < 0 {
			return nil
		}
		return fault
	}
}

// Method matches the calls of a method.
func Method(name string) func(Call) bool { return func(c Call) bool { return c.Method == name } }

// SendsTo matches the calls that send a message to a chat; 0 matches any chat.
func SendsTo(chat int64) func(Call) bool {
	return func(c Call) bool { return c.Sends() && (chat == 0 || c.Chat() == chat) }
}

func (s *Server) faultFor(c *Call) *Fault {
	s.mu.Lock()
	interceptors := s.faults // replaced, never changed in place
	call := *c
	s.mu.Unlock()
	for _, i := range interceptors {
		if f := i.decide(call); f != nil {
			return f
		}
	}
	return nil
}

// inject plays a fault; res is the real answer of an accepted request.
func (s *Server) inject(w http.ResponseWriter, r *http.Request, c *Call, f *Fault, res *answer) {
	switch {
	case f.hang:
		s.finish(c, 0, "")
		select {
		case <-r.Context().Done():
		case <-s.closing:
		}
		breakOff(w)
	case f.reset:
		s.finish(c, 0, "")
		breakOff(w)
	case f.truncate:
		s.finish(c, res.status, res.text)
		w.Header().Set("Content-Type", "application/json")
		w.Header().Set("Content-Length", strconv.Itoa(len(res.body)))
		w.WriteHeader(res.status)
		_, _ = w.Write(res.body[:len(res.body)/2])
		_ = http.NewResponseController(w).Flush()
		breakOff(w)
	case f.drip > 0:
		s.finish(c, res.status, res.text)
		w.Header().Set("Content-Type", "application/json")
		w.WriteHeader(res.status)
		for _, b := range res.body {
			_, _ = w.Write([]byte{b})
			_ = http.NewResponseController(w).Flush()
			if !s.pause(r.Context(), f.drip) {
				return
			}
		}
	default:
		status := f.Status
		if status == 0 {
			status = http.StatusInternalServerError
		}
		s.finish(c, status, f.description)
		write(w, &answer{status: status, header: f.Header, body: f.Body})
	}
}

// breakOff closes the connection with a TCP reset.
func breakOff(w http.ResponseWriter) {
	conn, _, err := http.NewResponseController(w).Hijack()
	if err != nil {
		panic(http.ErrAbortHandler) // already taken: the next best way to break off
	}
	if tcp, ok := conn.(*net.TCPConn); ok {
		_ = tcp.SetLinger(0)
	}
	_ = conn.Close()
}
