// Benchmarks of a broadcast against a server that keeps Telegram's limits to
// the letter, through the whole of the way: SQLite, Dispatcher, Budget, adapter.
//
//	go test ./bot/telegram -run '^$' -bench Window
//
// STRILLONE_LONG=1 sends 3,000 messages, not 300. Each reports
//
//   - x-ideal: the time to the last message, in units of N/30 s
//   - 429s/1000: the messages refused, of a thousand
//   - inside: the calls made while the server had asked for a wait

package telegram

import (
	"fmt"
	"log/slog"
	"math"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strconv"
	"sync"
	"testing"
	"time"

	"context"

	"github.com/strillone/strillone/digest"
	"github.com/strillone/strillone/digest/delivery"
	"github.com/strillone/strillone/digest/markup"
	"github.com/strillone/strillone/storage"
)

// window is a server that takes 30 messages in any second and one a second for
// each chat.
type window struct {
	latency time.Duration // half of it on the way there
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
	inside  int
	last    time.Time
}

func (s *window) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	time.Sleep(s.latency / 2)
	chat := paramsIn(r).Get("chat_id")
	wait, id := s.take(chat)
	time.Sleep(s.latency / 2)
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
		s.inside++
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

func BenchmarkWindow(b *testing.B) {
	for _, c := range []struct {
		name    string
		latency time.Duration
		closes  bool
		crowded int
		bar     float64
	}{
		{"latency=0", 0, false, 0, 1.02},
		{"latency=50ms", 50 * time.Millisecond, false, 0, 1.02},
		{"latency=50ms/closing", 50 * time.Millisecond, true, 300, 1.15},
	} {
		b.Run(c.name, func(b *testing.B) {
			size := 300
			if os.Getenv("STRILLONE_LONG") != "" {
				size = 3000
			}
			var ratio, refused, inside float64
			runs := 0
			for b.Loop() {
				b.StopTimer()
				s := &window{
					latency: c.latency, closes: c.closes, crowded: c.crowded, want: size,
					chats: make(map[string]time.Time), arrived: make(map[string]int), done: make(chan struct{}),
				}
				took := s.broadcast(b)
				ideal := time.Duration(size) * time.Second / 30
				ratio += took.Seconds() / ideal.Seconds()
				refused += 1000 * float64(s.refused) / float64(size)
				inside += float64(s.inside)
				runs++
				if c.crowded == 0 && s.refused*1000 > size {
					b.Errorf("%d of %d refused", s.refused, size)
				}
				b.StartTimer()
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
func (s *window) broadcast(b *testing.B) time.Duration {
	server := httptest.NewServer(s)
	defer server.Close()
	transport := newTransport(0)
	defer transport.CloseIdleConnections()
	a := New(Config{
		Token: "1:x", APIURL: server.URL, Transport: transport, Log: slog.New(slog.DiscardHandler),
		Budget: delivery.NewBudget(Pace(29.7), time.Now),
	})
	store := queued(b, a, s.want)
	defer store.Close()
	d := delivery.NewDispatcher(delivery.Config{Platform: Platform, Outbox: store, Sender: a, Budget: a.Budget()})
	ctx, stop := context.WithCancel(b.Context())
	defer stop()
	ended := make(chan error, 1)
	begin := time.Now()
	go func() { ended <- d.Run(ctx) }()
	select {
	case <-s.done:
	case <-time.After(time.Duration(s.want) * 100 * time.Millisecond):
		b.Fatalf("%d of %d arrived", len(s.arrived), s.want)
	}
	stop()
	if err := <-ended; err != nil {
		b.Error(err)
	}
	for chat, n := range s.arrived {
		if n != 1 {
			b.Errorf("%s got %d", chat, n)
		}
	}
	if n, err := store.Recover(b.Context()); n > 0 || err != nil {
		b.Errorf("%d not recorded, %v", n, err)
	}
	if at, err := store.NextAttempt(b.Context(), Platform); !at.IsZero() || err != nil {
		b.Errorf("something is queued for %v, %v", at, err)
	}
	return s.last.Sub(begin)
}

// queued is a database with a digest on its way to so many people.
func queued(b *testing.B, a *Adapter, people int) storage.Store {
	store, err := storage.Open(b.Context(), "sqlite:"+filepath.Join(b.TempDir(), "s.db"))
	check := func(err error) {
		if err != nil {
			b.Fatal(err)
		}
	}
	check(err)
	for i := range people {
		to := digest.Destination{Platform: Platform, Chat: strconv.Itoa(100_000 + i)}
		_, _, err := store.Subscribe(b.Context(), to, digest.Italian, time.Now())
		check(err)
	}
	draft, err := store.SaveDraft(b.Context(), digest.Content{Title: "Un titolo", Body: []markup.Text{markup.T("Un testo.")}}, "import", time.Now())
	check(err)
	_, _, err = store.PublishDraft(b.Context(), draft.ID, time.Now())
	check(err)
	publisher := delivery.NewPublisher(delivery.PublisherConfig{
		Editions: store, Composer: titles{}, Title: "Strillone",
		Renderers: map[digest.Platform]delivery.Renderer{Platform: a},
	})
	summary, err := publisher.Publish(b.Context(), time.Now())
	check(err)
	if summary.Deliveries != people {
		b.Fatalf("%d queued", summary.Deliveries)
	}
	_, err = store.Recover(b.Context())
	check(err)
	return store
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
