// A server that keeps Telegram's limits to the letter, and the way there.

package telegram

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"math"
	"math/rand/v2"
	"net/http"
	"net/http/httptest"
	"sync"
	"time"
)

// window is a server that takes 30 messages in any second and one a second for
// each chat.
type window struct {
	way func() time.Duration // how long it takes there, or back
	// closes says that a 429 closes the server to everyone until the wait it
	// asks for is over.
	closes bool
	// crowded is after how many messages others fill the window; 0: never.
	crowded int
	// done is closed when all have arrived.
	want int
	done chan struct{}

	mu      sync.Mutex
	all     []time.Time
	chats   map[string]time.Time
	arrived map[string]int
	closed  time.Time
	refused int
	last    time.Time
}

func newWindow(size int, c course) *window {
	return &window{
		way: c.way(), closes: c.closes, crowded: c.crowded, want: size,
		chats: make(map[string]time.Time), arrived: make(map[string]int), done: make(chan struct{}),
	}
}

func (s *window) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	time.Sleep(s.way())
	chat := paramsIn(r).Get("chat_id")
	wait, id := s.take(chat)
	time.Sleep(s.way())
	if wait > 0 {
		seconds := int(math.Ceil(wait.Seconds()))
		w.WriteHeader(http.StatusTooManyRequests)
		fmt.Fprintf(w, `{"ok":false,"error_code":429,"description":"Too Many Requests: retry after %d","parameters":{"retry_after":%d}}`, seconds, seconds)
		return
	}
	fmt.Fprintf(w, `{"ok":true,"result":{"message_id":%d,"date":1,"chat":{"id":%s,"type":"private"}}}`, id, chat)
}

// take accepts a message, or says how long to wait.
func (s *window) take(chat string) (wait time.Duration, id int) {
	s.mu.Lock()
	defer s.mu.Unlock()
	now := time.Now()
	for len(s.all) > 0 && now.Sub(s.all[0]) >= time.Second {
		s.all = s.all[1:]
	}
	if wait := s.closed.Sub(now); wait > 0 {
		s.refused++
		return wait, 0
	}
	if len(s.all) >= 30 {
		wait = s.all[len(s.all)-30].Add(time.Second).Sub(now)
	}
	wait = max(wait, s.chats[chat].Add(time.Second).Sub(now))
	if wait > 0 {
		s.refused++
		if s.closes {
			s.closed = now.Add(time.Duration(math.Ceil(wait.Seconds())) * time.Second)
		}
		return wait, 0
	}
	s.all, s.chats[chat] = append(s.all, now), now
	s.arrived[chat]++
	s.last = now
	if s.crowded > 0 && len(s.arrived)%s.crowded == s.crowded/2 {
		for range 30 {
			s.all = append(s.all, now)
		}
	}
	if len(s.arrived) == s.want {
		close(s.done)
	}
	return 0, len(s.arrived)
}

// course is how a broadcast is made difficult, and what it may come to.
type course struct {
	name    string
	latency time.Duration // there and back
	jitter  time.Duration // what a way takes longer, in the mean
	closes  bool
	crowded int
	bar     float64
}

// way is how long one way takes. One in a hundred takes ten times as much
// longer as others.
func (c course) way() func() time.Duration {
	var mu sync.Mutex
	random := rand.New(rand.NewPCG(1, 2))
	return func() time.Duration {
		mu.Lock()
		defer mu.Unlock()
		longer := random.ExpFloat64() * float64(c.jitter)
		if random.IntN(100) == 0 {
			longer *= 10
		}
		return c.latency/2 + time.Duration(longer)
	}
}

// listener knows what the bot was told, and what it did nevertheless.
type listener struct {
	http.RoundTripper
	closes bool

	mu     sync.Mutex
	until  map[string]time.Time // by chat; "" for everyone
	inside int
}

func (l *listener) RoundTrip(r *http.Request) (*http.Response, error) {
	body, err := io.ReadAll(r.Body)
	if err != nil {
		return nil, err
	}
	var params struct {
		Chat string `json:"chat_id"`
	}
	if err := json.Unmarshal(body, &params); err != nil {
		return nil, err
	}
	r = r.Clone(r.Context())
	r.Body = io.NopCloser(bytes.NewReader(body))
	l.begin(params.Chat)
	response, err := l.RoundTripper.RoundTrip(r)
	if err == nil && response.StatusCode == http.StatusTooManyRequests {
		l.hear(params.Chat)
	}
	return response, err
}

func (l *listener) begin(chat string) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if now := time.Now(); now.Before(l.until[""]) || now.Before(l.until[chat]) {
		l.inside++
	}
}

// hear notes a wait, a second as they all are. The bot has yet to read of it,
// so what it begins meanwhile is nobody's fault.
func (l *listener) hear(chat string) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.closes {
		chat = ""
	}
	until := time.Now().Add(time.Second)
	time.AfterFunc(5*time.Millisecond, func() {
		l.mu.Lock()
		defer l.mu.Unlock()
		l.until[chat] = until
	})
}

// simulated is a network without sockets.
type simulated struct{ server http.Handler }

func (s simulated) RoundTrip(r *http.Request) (*http.Response, error) {
	w := httptest.NewRecorder()
	s.server.ServeHTTP(w, r)
	return w.Result(), nil
}
