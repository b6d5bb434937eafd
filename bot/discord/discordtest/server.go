// Server: construction, end, waiting for changes and reporting violations.

package discordtest

import (
	"context"
	"fmt"
	"net"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"sync"
	"time"
)

// Server is a running stand-in for Discord. Make one with [New].
type Server struct {
	reporter Reporter
	settings settings
	spec     *spec // nil when absent
	http     *httptest.Server
	client   *http.Client
	closing  chan struct{} // closed when Close begins
	gateways sync.WaitGroup

	mu         sync.Mutex
	closed     bool
	changed    chan struct{} // closed and replaced whenever the state changes
	lastID     int64
	calls      []*Call
	violations []string
	faults     []*interceptor
	custom     map[string]func(Call) (int, any)
	limiter    limiter

	bot          User
	users        map[string]*user
	guilds       map[string]*guild
	guildOrder   []string
	channels     map[string]*channel
	channelOrder []string
	messages     map[string]*record
	messageOrder []*record
	nonces       map[string]nonceEntry
	attachments  map[string]File         // of people's messages, by id
	interactions map[string]*interaction // by token
	commands     map[string][]*command   // by guild id, "" for global
	creates      int
	sessions     map[string]*session
	conns        map[*conn]bool
	heartbeats   int

	// reporting keeps Close from returning while a report is under way: a
	// testing.TB panics when it is used after its test.
	reporting sync.RWMutex
}

// New starts a server on a loopback port. The caller must Close it.
func New(r Reporter, opts ...Option) *Server {
	s := &Server{
		reporter: r,
		settings: defaults(),
		closing:  make(chan struct{}),
		changed:  make(chan struct{}),
		custom:   map[string]func(Call) (int, any){},
		users:    map[string]*user{}, guilds: map[string]*guild{}, channels: map[string]*channel{},
		messages: map[string]*record{}, nonces: map[string]nonceEntry{}, attachments: map[string]File{},
		interactions: map[string]*interaction{}, commands: map[string][]*command{},
		sessions: map[string]*session{}, conns: map[*conn]bool{},
	}
	for _, o := range opts {
		o(&s.settings)
	}
	s.limiter.init()
	s.bot = User{ID: s.settings.appID, Username: "strillone", GlobalName: "Strillone", Bot: true}
	s.users[s.bot.ID] = &user{User: s.bot}
	if !s.settings.specDisabled {
		var err error
		if s.spec, err = loadSpec(s.settings.spec); err != nil {
			r.Logf("discordtest: requests are NOT checked against the OpenAPI description: %v", err)
		}
	}
	s.http = httptest.NewUnstartedServer(http.HandlerFunc(s.serve))
	if s.settings.addr != "" {
		l, err := new(net.ListenConfig).Listen(context.Background(), "tcp", s.settings.addr)
		if err != nil {
			panic(fmt.Sprintf("discordtest: %v", err))
		}
		s.http.Listener.Close()
		s.http.Listener = l
	}
	s.http.Start()
	s.client = &http.Client{
		Timeout:   20 * time.Second,
		Transport: hostRewriter{host: strings.TrimPrefix(s.http.URL, "http://"), next: &http.Transport{}},
	}
	return s
}

// Close ends the gateway connections and the server, frees requests that hang,
// and waits until every goroutine of the server is gone. It may be called
// twice.
func (s *Server) Close() {
	s.mu.Lock()
	if s.closed {
		s.mu.Unlock()
		return
	}
	s.closed = true
	close(s.closing)
	for c := range s.conns {
		c.drop()
	}
	s.notify()
	s.mu.Unlock()
	s.awaitReports()

	s.http.Close()
	s.gateways.Wait()
	s.client.Transport.(hostRewriter).next.(*http.Transport).CloseIdleConnections()
}

// awaitReports waits for reports under way, for after Close the test may be over.
func (s *Server) awaitReports() {
	s.reporting.Lock()
	defer s.reporting.Unlock()
}

// URL is the base of the server, such as "http://127.0.0.1:1234"; the REST API
// is under /api/v9 and /api/v10.
func (s *Server) URL() string { return s.http.URL }

// GatewayURL is the WebSocket address that GET /gateway hands out.
func (s *Server) GatewayURL() string { return "ws" + strings.TrimPrefix(s.http.URL, "http") }

// Client returns an HTTP client that sends requests for https://discord.com to
// the server; fit for a discordgo session. Its connections end with Close.
func (s *Server) Client() *http.Client { return s.client }

// Bot is the bot's own user.
func (s *Server) Bot() User { return s.bot }

// Violations returns the violations reported so far, in order.
func (s *Server) Violations() []string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return slices.Clone(s.violations)
}

// violate records a violation and tells the reporter. The lock must not be
// held: a Reporter may call back.
func (s *Server) violate(format string, args ...any) {
	s.reporter.Helper()
	text := fmt.Sprintf(format, args...)
	s.reporting.RLock()
	defer s.reporting.RUnlock()
	s.mu.Lock()
	closed := s.closed
	if !closed {
		s.violations = append(s.violations, text)
	}
	s.mu.Unlock()
	if !closed {
		s.reporter.Errorf("discordtest: %s", text)
	}
}

// notify wakes everyone who waits; the lock is held.
func (s *Server) notify() {
	close(s.changed)
	s.changed = make(chan struct{})
}

// wait blocks until done, which runs under the lock, holds.
func (s *Server) wait(ctx context.Context, what string, done func() bool) error {
	for {
		s.mu.Lock()
		ok, closed, changed := done(), s.closed, s.changed
		s.mu.Unlock()
		if ok {
			return nil
		}
		if closed {
			return fmt.Errorf("discordtest: closed while waiting for %s", what)
		}
		select {
		case <-changed:
		case <-ctx.Done():
			return fmt.Errorf("discordtest: waiting for %s: %w", what, context.Cause(ctx))
		}
	}
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
			return none, fmt.Errorf("discordtest: closed while waiting for %s", what)
		}
		select {
		case <-changed:
		case <-ctx.Done():
			return none, fmt.Errorf("discordtest: waiting for %s: %w", what, context.Cause(ctx))
		}
	}
}

func (s *Server) now() time.Time { return s.settings.clock() }

// discordEpoch is the first millisecond of 2015, where snowflakes begin.
const discordEpoch = 1420070400000

// newID makes a snowflake greater than all before it; the lock is held.
func (s *Server) newID() string {
	id := (s.now().UnixMilli() - discordEpoch) << 22
	if id <= s.lastID {
		id = s.lastID + 1
	}
	s.lastID = id
	return fmt.Sprint(id)
}
