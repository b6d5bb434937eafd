// A Bot API server of few words for faults that no well-behaved one has, and the
// bot that talks to it.

package telegram

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"go.uber.org/goleak"

	"github.com/strillone/strillone/bot"
	"github.com/strillone/strillone/digest"
	"github.com/strillone/strillone/digest/markup"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

const botID = 7

// patient is how long a test waits for what must come.
const patient = 10 * time.Second

// call is a call the server got.
type call struct {
	Method string
	url.Values
}

// apiServer keeps updates until they are confirmed and every call it gets.
type apiServer struct {
	*httptest.Server
	t *testing.T

	mu      sync.Mutex
	updates []map[string]any
	ids     int
	calls   []call
	changed chan struct{}
	// intercept answers a call instead of the server; a status of 0 leaves it
	// to the server, one of -1 cuts the connection.
	intercept func(c call) (status int, body string)
}

func newServer(t *testing.T) *apiServer {
	s := &apiServer{t: t, changed: make(chan struct{})}
	s.Server = httptest.NewServer(s)
	t.Cleanup(s.Close)
	return s
}

func (s *apiServer) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	c := call{r.URL.Path[strings.LastIndexByte(r.URL.Path, '/')+1:], paramsIn(r)}
	s.mu.Lock()
	s.calls = append(s.calls, c)
	s.announce()
	intercept := s.intercept
	s.mu.Unlock()
	if !strings.HasPrefix(r.URL.Path, "/bot123:"+canary+"/") {
		s.t.Errorf("path %s", r.URL.Path)
	}
	if intercept != nil {
		switch status, body := intercept(c); status {
		case 0:
		case -1:
			panic(http.ErrAbortHandler)
		default:
			w.WriteHeader(status)
			fmt.Fprint(w, body)
			return
		}
	}
	fmt.Fprintf(w, `{"ok":true,"result":%s}`, s.result(r.Context(), c))
}

// paramsIn are a request's parameters, whether they come as a form or as JSON.
func paramsIn(r *http.Request) url.Values {
	if r.Header.Get("Content-Type") != "application/json" {
		_ = r.ParseForm()
		return r.PostForm
	}
	var fields map[string]json.RawMessage
	_ = json.NewDecoder(r.Body).Decode(&fields)
	params := url.Values{}
	for name, value := range fields {
		var s string
		if json.Unmarshal(value, &s) != nil {
			s = string(value)
		}
		params.Set(name, s)
	}
	return params
}

func (s *apiServer) result(ctx context.Context, c call) string {
	switch c.Method {
	case "getMe":
		return fmt.Sprintf(`{"id":%d,"is_bot":true,"first_name":"Strillone","username":"StrilloneBot"}`, botID)
	case "getWebhookInfo":
		return `{"url":""}`
	case "getUpdates":
		return s.getUpdates(ctx, c)
	case "sendMessage", "editMessageText":
		return `{"message_id":900}`
	case "getChatMember":
		return `{"status":"member"}`
	}
	return "true"
}

func (s *apiServer) getUpdates(ctx context.Context, c call) string {
	offset, _ := strconv.Atoi(c.Get("offset"))
	timeout, _ := strconv.Atoi(c.Get("timeout"))
	deadline := time.After(time.Duration(timeout) * time.Second)
	for {
		s.mu.Lock()
		before := len(s.updates)
		s.updates = slices.DeleteFunc(s.updates, func(u map[string]any) bool { return u["update_id"].(int) < offset })
		if len(s.updates) < before {
			s.announce()
		}
		b, _ := json.Marshal(s.updates)
		waiting, changed := len(s.updates) == 0, s.changed
		s.mu.Unlock()
		if !waiting {
			return string(b)
		}
		select {
		case <-changed:
		case <-deadline:
			return "[]"
		case <-ctx.Done():
			return "[]"
		}
	}
}

// announce wakes those who wait for a change. s.mu is held.
func (s *apiServer) announce() {
	close(s.changed)
	s.changed = make(chan struct{})
}

// push adds updates, given as their JSON without the id, all at once.
func (s *apiServer) push(updates ...string) {
	s.t.Helper()
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, raw := range updates {
		var u map[string]any
		if err := json.Unmarshal([]byte(raw), &u); err != nil {
			s.t.Fatal(err)
		}
		s.ids++
		u["update_id"] = 1000 + s.ids
		s.updates = append(s.updates, u)
	}
	s.announce()
}

// on has f answer calls from now on.
func (s *apiServer) on(f func(c call) (int, string)) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.intercept = f
}

// count is the number of calls of a method so far.
func (s *apiServer) count(method string) int { return len(s.called(method)) }

func (s *apiServer) called(method string) []call {
	s.mu.Lock()
	defer s.mu.Unlock()
	var out []call
	for _, c := range s.calls {
		if c.Method == method {
			out = append(out, c)
		}
	}
	return out
}

// await waits for the n-th call of a method.
func (s *apiServer) await(method string, n int) call {
	s.t.Helper()
	deadline := time.After(patient)
	for {
		s.mu.Lock()
		changed := s.changed
		s.mu.Unlock()
		if calls := s.called(method); len(calls) >= n {
			return calls[n-1]
		}
		select {
		case <-changed:
		case <-deadline:
			s.t.Fatalf("call %d of %s didn't come", n, method)
		}
	}
}

// settle waits until everything pushed is confirmed.
func (s *apiServer) settle() {
	s.t.Helper()
	deadline := time.After(patient)
	for {
		s.mu.Lock()
		changed, left := s.changed, len(s.updates)
		s.mu.Unlock()
		if left == 0 {
			return
		}
		select {
		case <-changed:
		case <-deadline:
			s.t.Fatal("updates stay unconfirmed")
		}
	}
}

// answers is a bot.Handler that remembers what it was asked.
type answers struct {
	command func(bot.Request) bot.Reply
	find    func(bot.Query) bot.Found
	welcome func(bot.Request) bot.Reply
	text    func(bot.Text) bot.Reply
	menu    []bot.Entry

	mu       sync.Mutex
	commands []bot.Request
	texts    []bot.Text
	joined   []bot.Request
	left     []string // chat: reason
}

func (h *answers) Joined(_ context.Context, r bot.Request) bot.Reply {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.joined = append(h.joined, r)
	if h.welcome != nil {
		return h.welcome(r)
	}
	return say("di nuovo qui")
}

func (h *answers) Left(_ context.Context, place digest.Destination, reason string) {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.left = append(h.left, place.Chat+": "+reason)
}

func (h *answers) Command(_ context.Context, r bot.Request) bot.Reply {
	h.mu.Lock()
	h.commands = append(h.commands, r)
	h.mu.Unlock()
	if h.command == nil {
		return say("risposta")
	}
	return h.command(r)
}

func (h *answers) Text(_ context.Context, x bot.Text) bot.Reply {
	h.mu.Lock()
	h.texts = append(h.texts, x)
	h.mu.Unlock()
	if h.text == nil {
		return bot.Reply{}
	}
	return h.text(x)
}

func (h *answers) Find(_ context.Context, q bot.Query) bot.Found {
	if h.find == nil {
		return bot.Found{}
	}
	return h.find(q)
}

// asked are the requests so far.
func (h *answers) asked() []bot.Request {
	h.mu.Lock()
	defer h.mu.Unlock()
	return slices.Clone(h.commands)
}

func (h *answers) Menu() []bot.Entry { return h.menu }

func say(s string) bot.Reply {
	return bot.Reply{Doc: markup.Doc{Blocks: []markup.Block{markup.Paragraph{Text: markup.T(s)}}}}
}

// life is a running adapter.
type life struct {
	*apiServer
	h    *answers
	a    *Adapter
	log  *bytes.Buffer
	stop context.CancelFunc
	done chan error
}

// live runs an adapter until the test ends, and sees to it that it ends well
// and never tells the token.
func live(t *testing.T, h *answers, change ...func(*Config)) *life {
	t.Helper()
	l := prepare(t, h, change...).run()
	t.Cleanup(func() {
		l.stop()
		if err := l.wait(); err != nil {
			t.Errorf("Run: %v", err)
		}
	})
	return l
}

// prepare makes an adapter that doesn't run yet.
func prepare(t *testing.T, h *answers, change ...func(*Config)) *life {
	l := &life{apiServer: newServer(t), h: h, log: new(bytes.Buffer), done: make(chan error, 1)}
	transport := newTransport(0)
	t.Cleanup(transport.CloseIdleConnections)
	config := Config{
		Token: "123:" + canary, APIURL: l.URL, Transport: transport,
		PollTimeout: 2 * time.Second, Backoff: time.Millisecond,
		Log: slog.New(slog.NewTextHandler(&locked{w: l.log}, &slog.HandlerOptions{Level: slog.LevelDebug})),
	}
	for _, f := range change {
		f(&config)
	}
	l.a = New(config)
	return l
}

// run starts Run.
func (l *life) run() *life {
	ctx, stop := context.WithCancel(context.Background())
	l.stop = stop
	go func() { l.done <- l.a.Run(ctx, l.h) }()
	return l
}

// wait waits for Run's end and looks for the token in the log.
func (l *life) wait() error {
	l.t.Helper()
	select {
	case err := <-l.done:
		if strings.Contains(l.log.String(), canary) || err != nil && strings.Contains(err.Error(), canary) {
			l.t.Errorf("the token is in %v or in the log:\n%s", err, l.log)
		}
		return err
	case <-time.After(patient):
		l.t.Fatal("Run doesn't end")
		return nil
	}
}

// locked makes a buffer safe for concurrent use.
type locked struct {
	mu sync.Mutex
	w  *bytes.Buffer
}

func (l *locked) Write(p []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.w.Write(p)
}
