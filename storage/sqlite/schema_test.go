// Tests of the schema: its steps, its plans, and what its rows may say.

package sqlite

import (
	"errors"
	"io/fs"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/pressly/goose/v3"

	"github.com/strillone/strillone/digest"
	"github.com/strillone/strillone/digest/delivery"
)

// olderFile is a database as the first step left it, with a subscription.
func olderFile(t *testing.T) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), "s.db")
	s := &Store{path: path}
	if err := create(path); err != nil {
		t.Fatal(err)
	}
	files, err := fs.Sub(migrations, "migrations")
	if err != nil {
		t.Fatal(err)
	}
	if err := s.dial(); err != nil {
		t.Fatal(err)
	}
	provider, err := goose.NewProvider(goose.DialectSQLite3, s.write, files)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := provider.UpTo(t.Context(), 1); err != nil {
		t.Fatal(err)
	}
	if _, err := s.write.ExecContext(t.Context(), `INSERT INTO subscription
		(platform, chat, language, active, mark, created_at, end_reason) VALUES
		('telegram', '1', 'it', 1, 0, 1, NULL), ('telegram', '2', 'it', 0, 0, 1, 'unsubscribed'),
		('telegram', '3', 'it', 0, 0, 1, 'telegram: blocked'), ('telegram', '4', 'it', 0, 0, 1, ?)`, moved); err != nil {
		t.Fatal(err)
	}
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	return path
}

func TestAnOlderFileIsBroughtUpToDate(t *testing.T) {
	s := openAt(t, olderFile(t))
	if err := s.Check(t.Context()); err != nil {
		t.Fatal(err)
	}
	if _, err := s.Subscription(t.Context(), digest.Destination{Platform: "telegram", Chat: "1"}); err != nil {
		t.Fatal(err)
	}
	for chat, want := range map[string]int{"2": 0, "3": 1, "4": 0} { // why they ended is known
		back, err := s.Return(t.Context(), digest.Destination{Platform: "telegram", Chat: chat}, time.Now())
		if err != nil || len(back) != want {
			t.Error(chat, back, err)
		}
	}
	if _, err := s.Recover(t.Context()); err != nil { // the migration kept no lock
		t.Fatal(err)
	}
}

// TestAnOlderFileThatIsServed: no migration under the feet of a process that
// serves.
func TestAnOlderFileThatIsServed(t *testing.T) {
	path := olderFile(t)
	held, err := lock(path + ".lock")
	if err != nil {
		t.Fatal(err)
	}
	defer held.Close()
	s := &Store{path: path, patience: time.Millisecond}
	err = errors.Join(s.connect(t.Context()), s.Close())
	if err == nil || !strings.Contains(err.Error(), "brought up to date") || !strings.Contains(err.Error(), "stop it first") {
		t.Fatal(err)
	}
}

// TestEditionsOfBeforeSchedules: what was published and is on its way stays so.
func TestEditionsOfBeforeSchedules(t *testing.T) {
	s := &Store{path: filepath.Join(t.TempDir(), "s.db")}
	if err := errors.Join(create(s.path), s.dial()); err != nil {
		t.Fatal(err)
	}
	steps, err := newSteps(s.write)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := steps.UpTo(t.Context(), 4); err != nil {
		t.Fatal(err)
	}
	for _, step := range []string{
		`INSERT INTO article VALUES (1, 1, 'published', 1, 'f', 'a', 1, 1)`,
		`INSERT INTO revision VALUES (1, 1, '{"title": "Titolo", "body": []}', 'a', 1)`,
		`INSERT INTO subscription (platform, chat, language, active, mark, created_at) VALUES ('telegram', '1', 'it', 1, 1, 1)`,
		`INSERT INTO edition VALUES (1000, 1001, 1), (2000, 2001, NULL)`,
		`INSERT INTO edition_platform VALUES (1000, 'telegram', 1, 0)`,
		`INSERT INTO digest VALUES (7, 1000, 'Strillone', 0, 1, 0)`,
		`INSERT INTO digest_article VALUES (7, 0, 1)`,
		`INSERT INTO rendering VALUES (9, 7, 'telegram', 'it')`,
		`INSERT INTO rendering_part VALUES (9, 0, CAST('ciao' AS BLOB))`,
		`INSERT INTO delivery (rendering, subscription, platform, state, next_at) VALUES (9, 1, 'telegram', 0, 1000)`,
	} {
		if _, err := s.write.ExecContext(t.Context(), step); err != nil {
			t.Fatal(step, err)
		}
	}
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	s = openAt(t, s.path)
	if err := s.Check(t.Context()); err != nil {
		t.Fatal(err)
	}
	r, err := s.Report(t.Context())
	if err != nil || r.Slot.UnixMilli() != 1000 || r.Total().Queued != 1 {
		t.Error(r, err)
	}
	d, err := s.DigestByID(t.Context(), 7)
	if err != nil || d.Window.Through != 1 || len(d.Articles) != 1 {
		t.Error(d, err)
	}
	if last, err := s.LastSlot(t.Context()); err != nil || last.UnixMilli() != 2000 {
		t.Error(last, err)
	}
	claimed, err := s.Exchange(t.Context(), "telegram", nil, monday, 1)
	if err != nil || len(claimed) != 1 {
		t.Fatal(claimed, err)
	}
	if parts, err := s.Parts(t.Context(), claimed[0].Rendering); err != nil || string(parts[0]) != "ciao" {
		t.Error(parts, err)
	}
	if sub, _, err := s.Subscribe(t.Context(), digest.Destination{Platform: "telegram", Chat: "2"}, digest.Italian, monday); err != nil || sub.Mark != 1 {
		t.Error(sub, err)
	}
}

// TestThePlans: claims walk an index in their order, whatever the planner knows.
func TestThePlans(t *testing.T) {
	s := openAt(t, filepath.Join(t.TempDir(), "s.db"))
	for queue, index := range map[string]string{begun: "delivery_begun", fresh: "delivery_due"} {
		plan := planOf(t, s, dueIn(queue), "telegram", 1, 1)
		if !strings.Contains(plan, "SEARCH d USING INDEX "+index+" (platform=? AND next_at<?)") || strings.Contains(plan, "TEMP B-TREE") {
			t.Errorf("%s: %s", queue, plan)
		}
	}
}

// TestWhatIsDueIsFound by an index.
func TestWhatIsDueIsFound(t *testing.T) {
	s := openAt(t, filepath.Join(t.TempDir(), "s.db"))
	plan := planOf(t, s, whatIsDue, 1)
	if !strings.Contains(plan, "SEARCH schedule USING INDEX schedule_due (next_due_at<?)") || !strings.Contains(plan, "INDEX subscription_schedule (schedule=?)") {
		t.Error(plan)
	}
}

// TestResultsFindTheirDeliveries: by their ids, however many others there are.
func TestResultsFindTheirDeliveries(t *testing.T) {
	s := openAt(t, filepath.Join(t.TempDir(), "s.db"))
	for _, which := range []statement{claimAll, advanceAll, dropAll, settleOne, dropOne} {
		args := make([]any, strings.Count(texts[which], "?"))
		if strings.Contains(texts[which], "?1") {
			args = []any{"{}", 2, 1}[:1+strings.Count(texts[which], "?2")+strings.Count(texts[which], "?3")]
		}
		if plan := planOf(t, s, texts[which], args...); !strings.Contains(plan, "SEARCH delivery USING INTEGER PRIMARY KEY") {
			t.Errorf("%s\n%s", texts[which], plan)
		}
	}
}

// TestTheReportReadsLittle: however many deliveries there are.
func TestTheReportReadsLittle(t *testing.T) {
	s := openAt(t, filepath.Join(t.TempDir(), "s.db"))
	for query, want := range map[string]string{
		lastBroadcast: "USING INDEX edition_broadcast",
		countSending:  "INDEX delivery_sending",
		countFailed:   "USING COVERING INDEX delivery_failed (id>?)",
	} {
		var args []any
		if strings.Contains(query, "?") {
			args = append(args, 1)
		}
		if plan := planOf(t, s, query, args...); !strings.Contains(plan, want) {
			t.Errorf("%s\n%s; want %s", query, plan, want)
		}
	}
}

func planOf(t *testing.T, s *Store, query string, args ...any) string {
	t.Helper()
	rows, err := s.read.QueryContext(t.Context(), `EXPLAIN QUERY PLAN `+query, args...)
	if err != nil {
		t.Fatal(err)
	}
	defer rows.Close()
	var plan []string
	for rows.Next() {
		var id, parent, unused int
		var step string
		if err := rows.Scan(&id, &parent, &unused, &step); err != nil {
			t.Fatal(err)
		}
		plan = append(plan, step)
	}
	if err := rows.Err(); err != nil {
		t.Fatal(err)
	}
	return strings.Join(plan, "; ")
}

// TestWithdrawnArticlesAreNotShown: nothing withdraws yet, but what a later
// version withdrew stays so.
func TestWithdrawnArticlesAreNotShown(t *testing.T) {
	s := openAt(t, filepath.Join(t.TempDir(), "s.db"))
	fill(t, s, 1)
	if n := publish(t, s, monday, nil); n != 1 {
		t.Fatal(n)
	}
	if _, err := s.write.ExecContext(t.Context(), `UPDATE article SET state = 'withdrawn' WHERE number = 1`); err != nil {
		t.Fatal(err)
	}
	if _, err := s.Article(t.Context(), 1); digest.CodeOf(err) != digest.NotFound {
		t.Error(err)
	}
	found, err := s.Match(t.Context(), "articolo", 5)
	if err != nil || len(found) != 0 {
		t.Error(found, err)
	}
	d, err := s.LatestDigest(t.Context(), digest.Destination{Platform: "telegram", Chat: "x"})
	if err != nil || len(d.Articles) != 0 || d.Window.Through != 1 {
		t.Error(d, err)
	}
	if n, err := s.Newest(t.Context()); err != nil || n != 1 {
		t.Error(n, err)
	}
}

// TestWhyItEnded: the ledger tells the first reason, whatever comes later.
func TestWhyItEnded(t *testing.T) {
	s := openAt(t, filepath.Join(t.TempDir(), "s.db"))
	to := digest.Destination{Platform: "telegram", Chat: "1"}
	ended := func() string {
		t.Helper()
		var kind, reason string
		err := s.read.QueryRowContext(t.Context(), `SELECT coalesce(end_kind, ''), coalesce(end_reason, '') FROM subscription`).Scan(&kind, &reason)
		if err != nil {
			t.Fatal(err)
		}
		return kind + ": " + reason
	}
	if _, _, err := s.Subscribe(t.Context(), to, digest.Italian, monday); err != nil {
		t.Fatal(err)
	}
	for _, reason := range []string{"the bot was blocked", "the bot was kicked"} {
		if _, err := s.Leave(t.Context(), to, reason, monday); err != nil {
			t.Fatal(err)
		}
	}
	if got := ended(); got != "gone: the bot was blocked" {
		t.Error(got)
	}
	if _, err := s.Return(t.Context(), to, monday); err != nil || ended() != ": " {
		t.Error(ended(), err)
	}
	if _, err := s.Unsubscribe(t.Context(), to, monday); err != nil || ended() != "unsubscribed: unsubscribed" {
		t.Error(ended(), err)
	}
}

// TestDeliveriesFromBeforeTheyWereCounted: an edition of an older version is sent
// all the same, and there is no report of it.
func TestDeliveriesFromBeforeTheyWereCounted(t *testing.T) {
	s := openAt(t, filepath.Join(t.TempDir(), "s.db"))
	fill(t, s, 1)
	if n := publish(t, s, monday, nil); n != 1 {
		t.Fatal(n)
	}
	if _, err := s.write.ExecContext(t.Context(), `UPDATE edition SET first = NULL`); err != nil {
		t.Fatal(err)
	}
	claimed, err := s.Exchange(t.Context(), "telegram", nil, monday, 1)
	if err != nil || len(claimed) != 1 {
		t.Fatal(claimed, err)
	}
	sent := delivery.Result{Delivery: claimed[0].ID, Subscription: claimed[0].Subscription, State: delivery.Sent, Part: 2}
	if _, err := s.Exchange(t.Context(), "telegram", []delivery.Result{sent}, monday, 1); err != nil {
		t.Fatal(err)
	}
	r, err := s.Report(t.Context())
	if total := r.Total(); err != nil || !r.Slot.IsZero() || total.Subscriptions != 1 || total.Deliveries() != 0 {
		t.Error(r, err)
	}
}
