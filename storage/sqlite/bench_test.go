// Benchmarks of the outbox, at a million deliveries:
//
//	go test ./storage/sqlite -run '^$' -bench . -benchtime 1x

package sqlite

import (
	"path/filepath"
	"strconv"
	"testing"
	"time"

	"github.com/strillone/strillone/digest"
	"github.com/strillone/strillone/digest/delivery"
	"github.com/strillone/strillone/digest/markup"
)

const many = 1_000_000

var monday = time.Date(2026, 3, 2, 6, 30, 0, 0, time.UTC)

// fill publishes an article and subscribes chats with names as long as real
// ones.
func fill(t testing.TB, s *Store, chats int) {
	t.Helper()
	another(t, s)
	_, err := s.write.ExecContext(t.Context(), `
		WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < ?)
		INSERT INTO subscription (platform, chat, thread, language, active, mark, created_at)
		SELECT 'telegram', CAST(-1001000000000 - i AS TEXT), '', 'it', 1, 0, ? FROM n`, chats, millis(monday))
	if err != nil {
		t.Fatal(err)
	}
}

// another publishes one more article.
func another(t testing.TB, s *Store) digest.Article {
	t.Helper()
	n, err := s.Newest(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	c := digest.Content{Title: "Articolo " + strconv.Itoa(n+1), Body: []markup.Text{markup.T("Testo " + strconv.Itoa(n+1))}}
	draft, err := s.SaveDraft(t.Context(), c, "import", monday)
	if err != nil {
		t.Fatal(err)
	}
	a, _, err := s.PublishDraft(t.Context(), draft.ID, monday)
	if err != nil {
		t.Fatal(err)
	}
	return a
}

// twoParts composes and renders every digest as the same two parts.
type twoParts struct{}

func (twoParts) Digest(digest.Digest, digest.Language, digest.Form) markup.Doc { return markup.Doc{} }

func (twoParts) Render(markup.Doc) ([]delivery.Part, error) {
	return []delivery.Part{[]byte("uno"), []byte("due")}, nil
}

// publisher publishes at a time. Enqueued is called after each step.
func publisher(s *Store, at time.Time, enqueued func()) *delivery.Publisher {
	return delivery.NewPublisher(delivery.PublisherConfig{
		Editions: s, Composer: twoParts{}, Title: "Strillone", Enqueued: enqueued,
		Renderers: map[digest.Platform]delivery.Renderer{"telegram": twoParts{}},
		Now:       func() time.Time { return at },
	})
}

// publish publishes an edition to all who follow the operator's schedule and
// returns how many deliveries it has.
func publish(t testing.TB, s *Store, slot time.Time, enqueued func()) int {
	t.Helper()
	summary, err := publisher(s, slot, enqueued).Publish(t.Context(), slot)
	if err != nil {
		t.Fatal(err)
	}
	return summary.Deliveries
}

func sizeOf(b *testing.B, s *Store) float64 {
	b.Helper()
	var pages, free, size int
	for pragma, n := range map[string]*int{"page_count": &pages, "freelist_count": &free, "page_size": &size} {
		if err := s.write.QueryRowContext(b.Context(), "PRAGMA "+pragma).Scan(n); err != nil {
			b.Fatal(err)
		}
	}
	return float64((pages - free) * size)
}

// million is a database with a million subscriptions and an edition published.
func million(b *testing.B) *Store {
	b.Helper()
	s := openAt(b, filepath.Join(b.TempDir(), "s.db"))
	fill(b, s, many)
	if n := publish(b, s, monday, nil); n != many {
		b.Fatal(n)
	}
	return s
}

// BenchmarkEnqueue is a digest queued for everyone, from the trigger on: until
// the first can be claimed, and until the last is queued. The days follow each
// other, so that the tables are those of a running system from the second on.
func BenchmarkEnqueue(b *testing.B) {
	s := openAt(b, filepath.Join(b.TempDir(), "s.db"))
	fill(b, s, many)
	slot, before := monday, sizeOf(b, s)
	var took, first time.Duration
	for b.Loop() {
		began := time.Now()
		var once time.Duration
		n := publish(b, s, slot, func() {
			if once == 0 {
				once = time.Since(began)
			}
		})
		if n != many {
			b.Fatal(n)
		}
		b.Log(once, time.Since(began))
		took += time.Since(began)
		first += once
		another(b, s)
		slot = slot.Add(24 * time.Hour)
	}
	b.ReportMetric(took.Seconds()/float64(b.N), "s/million")
	b.ReportMetric(first.Seconds()/float64(b.N), "s/first")
	b.ReportMetric((sizeOf(b, s)-before)/float64(b.N*many), "bytes/delivery")
}

// BenchmarkDue is the query behind a claim, with a million deliveries queued.
func BenchmarkDue(b *testing.B) {
	s := million(b)
	for b.Loop() {
		for _, queue := range []string{begun, fresh} {
			rows, err := s.read.QueryContext(b.Context(), dueIn(queue), "telegram", millis(monday), 100)
			if _, err := scanDeliveries("telegram", rows, err); err != nil {
				b.Fatal(err)
			}
		}
	}
}

// BenchmarkClaim is the claiming alone, in batches of 1000.
func BenchmarkClaim(b *testing.B) {
	s := million(b)
	claimed := 0
	for b.Loop() {
		batch, err := s.Exchange(b.Context(), "telegram", nil, monday, 1000)
		if err != nil {
			b.Fatal(err)
		}
		claimed += len(batch)
	}
	b.ReportMetric(float64(claimed)/b.Elapsed().Seconds(), "claims/s")
}

// BenchmarkExchange claims a batch and records the one before with its receipts.
func BenchmarkExchange(b *testing.B) {
	s := million(b)
	var results []delivery.Result
	sent := 0
	for b.Loop() {
		batch, err := s.Exchange(b.Context(), "telegram", results, monday, 1000)
		if err != nil {
			b.Fatal(err)
		}
		results = results[:0]
		for _, d := range batch {
			results = append(results, delivery.Result{
				Delivery: d.ID, Subscription: d.Subscription, State: delivery.Sent, Part: d.Part + 1,
				Arrived: &delivery.Arrival{Part: d.Part, Receipt: delivery.Receipt(strconv.FormatInt(d.ID, 10))},
			})
		}
		sent += len(batch)
	}
	b.ReportMetric(float64(sent)/b.Elapsed().Seconds(), "deliveries/s")
}

// BenchmarkReport is what /stato and the progress bar ask for, with a million
// deliveries queued and with all but a tenth of them ended.
func BenchmarkReport(b *testing.B) {
	s := million(b)
	report := func(b *testing.B) {
		for b.Loop() {
			if r, err := s.Report(b.Context()); err != nil || r.Total().Deliveries() != many || r.Total().Subscriptions != many {
				b.Fatal(r, err)
			}
		}
	}
	b.Run("queued", report)
	for _, step := range []string{
		`UPDATE delivery SET state = 2 WHERE id % 10`,
		`UPDATE delivery SET state = 3, kind = 'gone', reason = 'Forbidden: bot was blocked by the user' WHERE id % 100 = 0`,
		`UPDATE broadcast SET sent = (SELECT count(*) FROM delivery WHERE state = 2)`,
	} {
		if _, err := s.write.ExecContext(b.Context(), step); err != nil {
			b.Fatal(err)
		}
	}
	b.Run("ending", report)
}
