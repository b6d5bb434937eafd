// Server: construction, end, waiting for changes and reporting violations.

package telegramtest

import (
	"context"
	"fmt"
	"net"
	"net/http"
	"net/http/httptest"
	"slices"
	"strconv"
	"strings"
	"sync"
	"time"
)

// Server is a running stand-in for the Bot API. Make one with [New].
type Server struct {
	reporter Reporter
	settings settings
	spec     *spec // nil when absent
	http     *httptest.Server
	closing  chan struct{} // closed when Close begins
	botID    int64

	mu         sync.Mutex
	closed     bool
	changed    chan struct{} // closed and replaced whenever the state changes
	calls      []*Call
	violations []string
	faults     []*interceptor
	custom     map[string]func(Call) any
	sent       sending

	people    map[int64]*person
	chats     map[int64]*chat
	records   []*record // all messages, in order
	callbacks map[string]*callback
	inlines   map[string]*inline
	commands  map[string][]Command // by scope and language
	queue     queue
	serial    int64             // for callback queries and files
	files     map[string][]byte // that people sent, by file_id

	// reports keeps Close from returning while one is under way: a testing.TB
	// panics when it is used after its test. Added to under the lock.
	reports sync.WaitGroup
}

// New starts a server on a loopback port. The caller must Close it.
func New(r Reporter, opts ...Option) *Server {
	s := &Server{
		reporter: r, settings: defaults(),
		closing: make(chan struct{}), changed: make(chan struct{}),
		custom: map[string]func(Call) any{},
		people: map[int64]*person{}, chats: map[int64]*chat{},
		callbacks: map[string]*callback{}, inlines: map[string]*inline{}, commands: map[string][]Command{},
	}
	for _, o := range opts {
		o(&s.settings)
	}
	id, _, _ := strings.Cut(s.settings.token, ":")
	if s.botID, _ = strconv.ParseInt(id, 10, 64); s.botID == 0 {
		s.botID = 7000000001
	}
	s.queue.next = 100_000
	if !s.settings.specDisabled {
		var err error
		if s.spec, err = loadSpec(s.settings.spec); err != nil {
			r.Logf("telegramtest: requests are NOT checked against the description of the Bot API: %v", err)
		}
	}
	s.http = httptest.NewUnstartedServer(http.HandlerFunc(s.serve))
	if s.settings.addr != "" {
		l, err := new(net.ListenConfig).Listen(context.Background(), "tcp", s.settings.addr)
		if err != nil {
			panic(fmt.Sprintf("telegramtest: %v", err))
		}
		_ = s.http.Listener.Close()
		s.http.Listener = l
	}
	s.http.Start()
	return s
}

// Close ends the server, frees requests that hang, and waits until every
// goroutine of the server is gone. It may be called twice.
func (s *Server) Close() {
	s.mu.Lock()
	if s.closed {
		s.mu.Unlock()
		return
	}
	s.closed = true
	close(s.closing)
	s.notify()
	s.mu.Unlock()
	s.reports.Wait()
	s.http.Close()
}

// URL is the base of the server, such as "http://127.0.0.1:1234"; methods are
// under /bot<token>/.
func (s *Server) URL() string { return s.http.URL }

// BotID is the bot's own user id: the number that its token begins with.
func (s *Server) BotID() int64 { return s.botID }

// Violations returns the violations reported so far, in order.
func (s *Server) Violations() []string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return slices.Clone(s.violations)
}

// violate records a violation and tells the reporter, unless it is tolerated.
// The lock must not be held: a Reporter may call back.
func (s *Server) violate(format string, args ...any) {
	s.reporter.Helper()
	text := fmt.Sprintf(format, args...)
	for _, t := range s.settings.tolerated {
		if strings.Contains(strings.ToLower(text), strings.ToLower(t)) {
			return
		}
	}
	s.mu.Lock()
	closed := s.closed
	if !closed {
		s.violations = append(s.violations, text)
		s.reports.Add(1)
	}
	s.mu.Unlock()
	if closed {
		return
	}
	defer s.reports.Done()
	s.reporter.Errorf("telegramtest: %s", text)
}

// notify wakes everyone who waits; the lock is held.
func (s *Server) notify() {
	close(s.changed)
	s.changed = make(chan struct{})
}

// await returns the first item of items, which runs under the lock, that
// satisfies ok, which runs outside it.
func await[T any](ctx context.Context, s *Server, what string, items func() []T, ok func(T) bool) (T, error) {
	for {
		s.mu.Lock()
		all, closed, changed := items(), s.closed, s.changed
		s.mu.Unlock()
		if i := slices.IndexFunc(all, ok); i >= 0 {
			return all[i], nil
		}
		var none T
		if closed {
			return none, fmt.Errorf("telegramtest: closed while waiting for %s", what)
		}
		select {
		case <-changed:
		case <-ctx.Done():
			return none, fmt.Errorf("telegramtest: waiting for %s: %w", what, context.Cause(ctx))
		}
	}
}

func (s *Server) now() time.Time { return s.settings.clock() }
