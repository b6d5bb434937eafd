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
	"context"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strconv"
	"testing"
	"testing/synctest"
	"time"

	"github.com/strillone/strillone/digest"
	"github.com/strillone/strillone/digest/delivery"
	"github.com/strillone/strillone/digest/markup"
	"github.com/strillone/strillone/storage"
)

func TestWindow(t *testing.T) {
	const size = 3000
	made := filepath.Join(inMemory(t), "s.db")
	// Time begins in each bubble as it did in the one before.
	synctest.Test(t, func(t *testing.T) { queue(t, made, size) })
	for _, c := range []course{
		{name: "at once, unsteady", jitter: 2 * time.Millisecond, bar: 1.02},
		{name: "50ms", latency: 50 * time.Millisecond, bar: 1.02},
		{name: "50ms, unsteady", latency: 50 * time.Millisecond, jitter: 5 * time.Millisecond, bar: 1.02},
		{name: "50ms, unsteady, closing", latency: 50 * time.Millisecond, jitter: 5 * time.Millisecond, closes: true, crowded: 300, bar: 1.15},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				s := newWindow(size, c)
				l := &listener{RoundTripper: simulated{s}, closes: c.closes, until: make(map[string]time.Time)}
				ratio := s.broadcast(t, copied(t, made), "http://simulated.invalid", l).Seconds() * 30 / size
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
				database := filepath.Join(inMemory(b), "s.db")
				queue(b, database, size)
				ratio += s.broadcast(b, database, server.URL, l).Seconds() * 30 / float64(size)
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
				b.Errorf("%.3f of the ideal time, at most %.2f are allowed; %.1f of 1,000 refused", ratio, c.bar, refused/float64(runs))
			}
		})
	}
}

// broadcast sends the digest that is queued for as many chats as the server
// wants, and returns how long it took from its start to the last arrival. It
// makes sure that each got one, and that it is recorded.
func (s *window) broadcast(t testing.TB, database, url string, network http.RoundTripper) time.Duration {
	a := New(Config{
		Token: "1:x", APIURL: url, Transport: network, Log: slog.New(slog.DiscardHandler),
		Budget: delivery.NewBudget(Pace(29.7), time.Now),
	})
	store, err := storage.Open(t.Context(), "sqlite:"+database)
	if err != nil {
		t.Fatal(err)
	}
	defer store.Close()
	if _, err := store.Recover(t.Context()); err != nil {
		t.Fatal(err)
	}
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

// queue makes a database with a digest on its way to so many people.
func queue(t testing.TB, database string, people int) {
	check := func(err error) {
		if err != nil {
			t.Fatal(err)
		}
	}
	store, err := storage.Open(t.Context(), "sqlite:"+database)
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
		Renderers: map[digest.Platform]delivery.Renderer{Platform: New(Config{Token: "1:x"})},
	})
	summary, err := publisher.Publish(t.Context(), time.Now())
	check(err)
	if summary.Deliveries != people {
		t.Fatalf("%d queued", summary.Deliveries)
	}
	check(store.Close())
}

// copied is a copy of a database.
func copied(t testing.TB, database string) string {
	content, err := os.ReadFile(database)
	if err != nil {
		t.Fatal(err)
	}
	database = filepath.Join(inMemory(t), "s.db")
	if err := os.WriteFile(database, content, 0o600); err != nil {
		t.Fatal(err)
	}
	return database
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
