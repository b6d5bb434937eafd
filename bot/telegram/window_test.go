// A broadcast against a server that keeps Telegram's limits to the letter,
// through the whole of the way: SQLite, Dispatcher, Budget, adapter. The test is
// in virtual time, and so exact; the benchmarks are on loopback:
//
//	go test ./bot/telegram -run '^$' -bench Window
//
// STRILLONE_LONG=1 sends 3,000 messages, not 300. Each reports
//
//   - x-ideal: the time to the last message, in units of N/30 s
//   - 429s/1000: the messages refused, of a thousand
//   - inside: the calls begun though the bot had been told to wait

package telegram

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"log/slog"
	"math"
	"math/rand/v2"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strconv"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/strillone/strillone/digest"
	"github.com/strillone/strillone/digest/delivery"
	"github.com/strillone/strillone/digest/markup"
	"github.com/strillone/strillone/storage"
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

func TestWindow(t *testing.T) {
	const size = 3000
	for _, c := range []course{
		{name: "at once", bar: 1.02},
		{name: "at once, unsteady", jitter: 2 * time.Millisecond, bar: 1.02},
		{name: "50ms", latency: 50 * time.Millisecond, bar: 1.02},
		{name: "50ms, unsteady", latency: 50 * time.Millisecond, jitter: 5 * time.Millisecond, bar: 1.02},
		{name: "at once, closing", closes: true, crowded: 300, bar: 1.15},
		{name: "50ms, unsteady, closing", latency: 50 * time.Millisecond, jitter: 5 * time.Millisecond, closes: true, crowded: 300, bar: 1.15},
	} {
		t.Run(c.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				s := newWindow(size, c)
				l := &listener{RoundTripper: simulated{s}, closes: c.closes, until: make(map[string]time.Time)}
				ratio := s.broadcast(t, "http://simulated.invalid", l).Seconds() * 30 / size
				t.Logf("%.4f of the ideal time, %d of %d refused, %d inside", ratio, s.refused, size, l.inside)
				if ratio > c.bar {
					t.Errorf("%.3f of the ideal time, at most %.2f are allowed", ratio, c.bar)
				}
				if c.crowded == 0 && s.refused*1000 > size {
					t.Errorf("%d of %d refused", s.refused, size)
				}
				if l.inside > 0 {
					t.Errorf("%d calls inside a wait", l.inside)
				}
			})
		})
	}
}

func BenchmarkWindow(b *testing.B) {
	for _, c := range []course{
		{name: "latency=0", bar: 1.02},
		{name: "latency=50ms", latency: 50 * time.Millisecond, bar: 1.02},
		{name: "latency=50ms/closing", latency: 50 * time.Millisecond, closes: true, crowded: 300, bar: 1.15},
	} {
		b.Run(c.name, func(b *testing.B) {
			size := 300
			if os.Getenv("STRILLONE_LONG") != "" {
				size = 3000
			}
			var ratio, refused, inside float64
			runs := 0
			for b.Loop() {
				s := newWindow(size, c)
				server := httptest.NewServer(s)
				transport := newTransport(0)
				l := &listener{RoundTripper: transport, closes: c.closes, until: make(map[string]time.Time)}
				ratio += s.broadcast(b, server.URL, l).Seconds() * 30 / float64(size)
				transport.CloseIdleConnections()
				server.Close()
				refused += 1000 * float64(s.refused) / float64(size)
				inside += float64(l.inside)
				runs++
				if c.crowded == 0 && s.refused*1000 > size {
					b.Errorf("%d of %d refused", s.refused, size)
				}
			}
			ratio /= float64(runs)
			b.ReportMetric(ratio, "x-ideal")
			b.ReportMetric(refused/float64(runs), "429s/1000")
			b.ReportMetric(inside/float64(runs), "inside")
			if ratio > c.bar {
				b.Errorf("%.3f of the ideal time, at most %.2f are allowed", ratio, c.bar)
			}
		})
	}
}

// broadcast sends a digest to as many chats as the server wants, and returns
// how long it took from its start to the last arrival. It makes sure that each
// got one, and that it is recorded.
func (s *window) broadcast(t testing.TB, url string, network http.RoundTripper) time.Duration {
	a := New(Config{
		Token: "1:x", APIURL: url, Transport: network, Log: slog.New(slog.DiscardHandler),
		Budget: delivery.NewBudget(Pace(29.7), time.Now),
	})
	store := queued(t, a, s.want)
	defer store.Close()
	d := delivery.NewDispatcher(delivery.Config{Platform: Platform, Outbox: store, Sender: a, Budget: a.Budget()})
	ctx, stop := context.WithCancel(t.Context())
	defer stop()
	ended := make(chan error, 1)
	begin := time.Now()
	go func() { ended <- d.Run(ctx) }()
	select {
	case <-s.done:
	case <-time.After(time.Duration(s.want) * 100 * time.Millisecond):
		t.Fatalf("%d of %d arrived", len(s.arrived), s.want)
	}
	stop()
	if err := <-ended; err != nil {
		t.Error(err)
	}
	for chat, n := range s.arrived {
		if n != 1 {
			t.Errorf("%s got %d", chat, n)
		}
	}
	if n, err := store.Recover(t.Context()); n > 0 || err != nil {
		t.Errorf("%d not recorded, %v", n, err)
	}
	if at, err := store.NextAttempt(t.Context(), Platform); !at.IsZero() || err != nil {
		t.Errorf("something is queued for %v, %v", at, err)
	}
	return s.last.Sub(begin)
}

// queued is a database with a digest on its way to so many people.
func queued(t testing.TB, a *Adapter, people int) storage.Store {
	store, err := storage.Open(t.Context(), "sqlite:"+filepath.Join(inMemory(t), "s.db"))
	check := func(err error) {
		if err != nil {
			t.Fatal(err)
		}
	}
	check(err)
	for i := range people {
		to := digest.Destination{Platform: Platform, Chat: strconv.Itoa(100_000 + i)}
		_, _, err := store.Subscribe(t.Context(), to, digest.Italian, time.Now())
		check(err)
	}
	draft, err := store.SaveDraft(t.Context(), digest.Content{Title: "Un titolo", Body: []markup.Text{markup.T("Un testo.")}}, "import", time.Now())
	check(err)
	_, _, err = store.PublishDraft(t.Context(), draft.ID, time.Now())
	check(err)
	publisher := delivery.NewPublisher(delivery.PublisherConfig{
		Editions: store, Composer: titles{}, Title: "Strillone",
		Renderers: map[digest.Platform]delivery.Renderer{Platform: a},
	})
	summary, err := publisher.Publish(t.Context(), time.Now())
	check(err)
	if summary.Deliveries != people {
		t.Fatalf("%d queued", summary.Deliveries)
	}
	_, err = store.Recover(t.Context())
	check(err)
	return store
}

// inMemory is a folder in memory, or on the disk where there is none.
func inMemory(t testing.TB) string {
	folder, err := os.MkdirTemp("/dev/shm", "strillone")
	if err != nil {
		return t.TempDir()
	}
	t.Cleanup(func() {
		if err := os.RemoveAll(folder); err != nil {
			t.Error(err)
		}
	})
	return folder
}

// titles composes digests of titles.
type titles struct{}

func (titles) Digest(d digest.Digest, _ digest.Language, _ digest.Form) markup.Doc {
	doc := markup.Doc{}
	for _, a := range d.Articles {
		doc.Blocks = append(doc.Blocks, markup.Paragraph{Text: markup.T(a.Title)})
	}
	return doc
}
