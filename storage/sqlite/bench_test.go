// Benchmarks of the outbox, at a hundred thousand deliveries, or, with
// STRILLONE_LONG set, at a million:
//
//	STRILLONE_LONG=1 go test ./storage/sqlite -run '^$' -bench . -benchtime 1x

package sqlite

import (
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/strillone/strillone/digest"
	"github.com/strillone/strillone/digest/delivery"
	"github.com/strillone/strillone/digest/markup"
)

var many = func() int {
	if os.Getenv("STRILLONE_LONG") != "" {
		return 1_000_000
	}
	return 100_000
}()

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

// million is a database with many subscriptions and an edition published.
func million(b *testing.B) *Store {
	b.Helper()
	s := openAt(b, filepath.Join(b.TempDir(), "s.db"))
	fill(b, s, many)
	if n := publish(b, s, monday, nil); n != many {
		b.Fatal(n)
	}
	return s
}

// BenchmarkEnqueue is a digest queued for everyone, from the trigger on, its
// groups and renderings included. The days follow each other, so that the tables
// are those of a running system from the second on. It tells:
//
//   - s/all: until the last delivery is queued, the commits included;
//   - s/first: until the first can be claimed;
//   - cpu-s/all: the processor's time for it, which a busy machine changes less;
//   - MiB/resident: the most memory that the process had after any step, and for
//     how many times as much as that of a hundredth of the people;
//   - bytes/delivery: the growth of the database for each delivery queued.
func BenchmarkEnqueue(b *testing.B) {
	few := enqueueDays(b, many/100, 1)
	days := 0
	for b.Loop() {
		days++
	}
	c := enqueueDays(b, many, days)
	n := float64(days)
	b.ReportMetric(c.all.Seconds()/n, "s/all")
	b.ReportMetric(c.first.Seconds()/n, "s/first")
	b.ReportMetric(c.cpu.Seconds()/n, "cpu-s/all")
	b.ReportMetric(c.resident, "MiB/resident")
	b.ReportMetric(c.resident/few.resident, "times-few")
	b.ReportMetric(c.bytes/n, "bytes/delivery")
}

// costs are what enqueueing took, in all.
type costs struct {
	all, first, cpu time.Duration
	resident, bytes float64
}

func enqueueDays(b *testing.B, people, days int) costs {
	b.Helper()
	s := openAt(b, filepath.Join(b.TempDir(), "s.db"))
	fill(b, s, people)
	var c costs
	before := sizeOf(b, s)
	for day := range days {
		began, cpu := time.Now(), processorTime(b)
		var first time.Duration
		n := publish(b, s, monday.AddDate(0, 0, day), func() {
			if first == 0 {
				first = time.Since(began)
			}
			c.resident = max(c.resident, resident(b))
		})
		if n != people {
			b.Fatal(n)
		}
		c.all += time.Since(began)
		c.first += first
		c.cpu += processorTime(b) - cpu
		another(b, s)
	}
	c.bytes = (sizeOf(b, s) - before) / float64(people)
	return c
}

// processorTime is what the process has used so far.
func processorTime(b *testing.B) time.Duration {
	b.Helper()
	var r syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &r); err != nil {
		b.Fatal(err)
	}
	return time.Duration(r.Utime.Nano() + r.Stime.Nano())
}

// resident is the process's memory in MiB; 0 where the system doesn't tell.
func resident(b *testing.B) float64 {
	b.Helper()
	status, err := os.ReadFile("/proc/self/status")
	if err != nil {
		return 0
	}
	_, after, _ := strings.Cut(string(status), "VmRSS:")
	var kib float64
	if _, err := fmt.Sscan(after, &kib); err != nil {
		b.Fatal(err)
	}
	return kib / 1024
}

// BenchmarkWhatIsDue is how the Publisher finds out, with ten thousand schedules
// of which one is due.
func BenchmarkWhatIsDue(b *testing.B) {
	s := openAt(b, filepath.Join(b.TempDir(), "s.db"))
	fill(b, s, many/10)
	_, err := s.write.ExecContext(b.Context(), `
		WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 10000)
		INSERT INTO schedule (minute, days, zone, next_due_at) SELECT i, 127, 'Europe/Rome', ? + i FROM n`, millis(monday))
	if err != nil {
		b.Fatal(err)
	}
	for b.Loop() {
		if due, err := s.Due(b.Context(), monday.Add(time.Millisecond)); err != nil || len(due) != 1 {
			b.Fatal(due, err)
		}
	}
}

// BenchmarkDue is the query behind a claim, with many deliveries queued.
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
