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

// editionFor is an edition of the newest article, in two parts.
func editionFor(t testing.TB, s *Store, slot time.Time) delivery.Edition {
	t.Helper()
	latest, err := s.Latest(t.Context(), 0, 1)
	if err != nil || len(latest) != 1 {
		t.Fatal(latest, err)
	}
	n := latest[0].Number
	return delivery.Edition{Slot: slot, Digests: []delivery.RenderedDigest{{
		Digest:     digest.Digest{Title: "Strillone", Window: digest.Window{After: n - 1, Through: n}, Articles: latest},
		Renderings: []delivery.Rendering{{Platform: "telegram", Language: digest.Italian, Parts: []delivery.Part{[]byte("uno"), []byte("due")}}},
	}}}
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
	if n, err := s.Publish(b.Context(), editionFor(b, s, monday)); err != nil || n != many {
		b.Fatal(n, err)
	}
	return s
}

func BenchmarkEnqueue(b *testing.B) {
	s := openAt(b, filepath.Join(b.TempDir(), "s.db"))
	fill(b, s, many)
	slot, before := monday, sizeOf(b, s)
	var took time.Duration
	for b.Loop() {
		e := editionFor(b, s, slot)
		began := time.Now()
		if n, err := s.Publish(b.Context(), e); err != nil || n != many {
			b.Fatal(n, err)
		}
		took += time.Since(began)
		another(b, s)
		slot = slot.Add(24 * time.Hour)
	}
	b.ReportMetric(took.Seconds()/float64(b.N), "s/million")
	b.ReportMetric((sizeOf(b, s)-before)/float64(b.N*many), "bytes/delivery")
}

func BenchmarkGroups(b *testing.B) {
	s := openAt(b, filepath.Join(b.TempDir(), "s.db"))
	fill(b, s, many)
	for b.Loop() {
		if groups, err := s.Groups(b.Context()); err != nil || len(groups) != 1 {
			b.Fatal(groups, err)
		}
	}
}

// BenchmarkDue is the query behind a claim, with a million deliveries queued.
func BenchmarkDue(b *testing.B) {
	s := million(b)
	for b.Loop() {
		for _, queue := range []string{begun, fresh} {
			if _, err := scanDeliveries(s.read.QueryContext(b.Context(), dueIn(queue), "telegram", millis(monday), 100)); err != nil {
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
