package sqlite

import (
	"bytes"
	"context"
	"database/sql"
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/strillone/strillone/digest"
	"github.com/strillone/strillone/digest/markup"
)

// TestNoByteOfWhoIsForgottenIsLeft looks for what stands for a person nowhere
// but in their own rows, in every file of the database, while it is open and
// after it was closed. Around them others come and go, so that rows move from
// page to page and pages are left.
func TestNoByteOfWhoIsForgottenIsLeft(t *testing.T) {
	const (
		id    = "7345019283746510"
		draft = "Zanzibarbarbarbar, il titolo di una bozza"
	)
	ctx := t.Context()
	path := filepath.Join(t.TempDir(), "privacy.db")
	s, err := Open(ctx, path)
	if err != nil {
		t.Fatal(err)
	}
	open := true
	t.Cleanup(func() {
		if open {
			_ = s.Close()
		}
	})
	now := time.Date(2026, 11, 24, 7, 0, 0, 0, time.UTC)
	must := func(err error) {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
	}
	_, err = s.Recover(ctx) // the ballast, too
	must(err)
	random := rand.New(rand.NewPCG(1, 2))
	crowd(t, s, random, 0, now)
	home := digest.Destination{Platform: "telegram", Chat: id}
	me := digest.Person{Platform: "telegram", ID: id}
	_, _, err = s.Subscribe(ctx, home, digest.Italian, now)
	must(err)
	for i := range 40 { // rows that change move and leave traces of themselves
		_, err = s.Configure(ctx, home, func(c *digest.Settings) error {
			c.Choice.Wanted = []string{id + fmt.Sprint(i), string(bytes.Repeat([]byte("x"), random.IntN(300)))}
			return nil
		}, now)
		must(err)
		_, err = s.SaveDraft(ctx, digest.Content{
			Title: draft, Body: []markup.Text{markup.T(fmt.Sprint(i) + string(bytes.Repeat([]byte("testo "), random.IntN(2000))))},
		}, "telegram:"+id, now)
		must(err)
		must(s.SaveButtons(ctx, map[string]string{fmt.Sprint("b", i): fmt.Sprintf("ora %d:%02d in:%s", i%24, i, id)}))
		crowd(t, s, random, i+1, now)
	}
	sent := digest.Piece{Chat: home, Message: "9", Answer: home, Author: "telegram:" + id, Text: markup.T(draft)}
	_, err = s.HoldPiece(ctx, sent)
	must(err)
	_, err = s.SaveManuscript(ctx, []digest.Piece{sent}, []digest.Content{{Title: draft, Body: []markup.Text{markup.T("Testo.")}}}, now)
	must(err)
	a, err := s.SaveDraft(ctx, digest.Content{Title: "Pubblicato", Body: []markup.Text{markup.T("Testo.")}}, "telegram:"+id, now)
	must(err)
	a, _, err = s.PublishDraft(ctx, a.ID, now)
	must(err)
	_, err = s.SaveFor(ctx, me, a.Number, now)
	must(err)
	if n := occurrences(t, path, id); n == 0 {
		t.Fatal("what is to be forgotten was never there")
	}
	must(s.Forget(ctx, me, home, now))
	for _, what := range []string{id, draft[:16]} {
		if n := occurrences(t, path, what); n != 0 {
			t.Errorf("%q is there %d times", what, n)
		}
	}
	must(s.Close())
	open = false
	for _, what := range []string{id, draft[:16]} {
		if n := occurrences(t, path, what); n != 0 {
			t.Errorf("closed: %q is there %d times", what, n)
		}
	}
}

// crowd has people come and go.
func crowd(t *testing.T, s *Store, random *rand.Rand, round int, now time.Time) {
	t.Helper()
	for i := range 20 {
		who := digest.Destination{Platform: "telegram", Chat: fmt.Sprint(random.IntN(1_000_000)), Thread: fmt.Sprint(i)}
		if _, _, err := s.Subscribe(t.Context(), who, digest.English, now); err != nil {
			t.Fatal(err)
		}
		if i == 7 && round%4 == 0 {
			if err := s.Forget(t.Context(), digest.Person{Platform: "telegram", ID: who.Chat}, who, now); err != nil {
				t.Fatal(err)
			}
		}
	}
	lines := map[string]string{}
	for i := range 20 {
		lines[fmt.Sprint(round, ".", i)] = fmt.Sprintf("fonti %d", random.IntN(1_000_000))
	}
	if err := s.SaveButtons(t.Context(), lines); err != nil {
		t.Fatal(err)
	}
}

// occurrences is how often something stands in the files of a database.
func occurrences(t *testing.T, path, what string) int {
	t.Helper()
	files, err := filepath.Glob(path + "*")
	if err != nil || len(files) == 0 {
		t.Fatal(files, err)
	}
	n := 0
	for _, f := range files {
		content, err := os.ReadFile(f)
		if err != nil {
			t.Fatal(err)
		}
		n += bytes.Count(content, []byte(what))
	}
	return n
}

// A reader that doesn't end keeps the journal: forgetting says so, and can be
// tried again.
func TestForgettingBesideAReader(t *testing.T) {
	ctx := t.Context()
	s, err := Open(ctx, filepath.Join(t.TempDir(), "reader.db"))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = s.Close() })
	home := digest.Destination{Platform: "telegram", Chat: "7345019283746510"}
	if _, _, err := s.Subscribe(ctx, home, digest.Italian, time.Now()); err != nil {
		t.Fatal(err)
	}
	tx, err := s.read.BeginTx(ctx, nil)
	if err != nil {
		t.Fatal(err)
	}
	var n int
	if err := tx.QueryRowContext(ctx, `SELECT count(*) FROM subscription`).Scan(&n); err != nil || n != 1 {
		t.Fatal(n, err)
	}
	if _, err := s.write.ExecContext(ctx, `PRAGMA busy_timeout = 1`); err != nil {
		t.Fatal(err)
	}
	me := digest.Person{Platform: "telegram", ID: home.Chat}
	if err := s.Forget(ctx, me, home, time.Now()); err == nil {
		t.Error("nothing is said of the journal, which is being read")
	}
	if err := tx.Rollback(); err != nil {
		t.Fatal(err)
	}
	if err := s.Forget(context.WithoutCancel(ctx), me, home, time.Now()); err != nil {
		t.Error(err)
	}
	if n := occurrences(t, s.path, home.Chat); n != 0 {
		t.Errorf("it is there %d times", n)
	}
}

// TestWhatWasDeletedBeforeIsTakenAway: a file from before deletions were
// overwritten has none of them once it is brought up to date.
func TestWhatWasDeletedBeforeIsTakenAway(t *testing.T) {
	ctx := t.Context()
	path := filepath.Join(t.TempDir(), "older.db")
	db, err := sql.Open("sqlite", dsn(path, ""))
	if err != nil {
		t.Fatal(err)
	}
	db.SetMaxOpenConns(1)
	const id = "7345019283746510"
	steps, err := newSteps(db)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := steps.UpTo(ctx, 7); err != nil {
		t.Fatal(err)
	}
	for _, query := range []string{
		`PRAGMA secure_delete = OFF`,
		`INSERT INTO button (id, line) VALUES ('a', 'ora 9 in:` + id + `'), ('b', 'aiuto')`,
		`DELETE FROM button WHERE id = 'a'`,
	} {
		if _, err := db.ExecContext(ctx, query); err != nil {
			t.Fatal(err)
		}
	}
	if err := db.Close(); err != nil {
		t.Fatal(err)
	}
	if occurrences(t, path, id) == 0 {
		t.Fatal("what was deleted left no trace before")
	}
	s, err := Open(ctx, path)
	if err != nil {
		t.Fatal(err)
	}
	if line, err := s.Button(ctx, "b"); err != nil || line != "aiuto" {
		t.Errorf("what was kept: %q, %v", line, err)
	}
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	if n := occurrences(t, path, id); n != 0 {
		t.Errorf("it is there %d times", n)
	}
}
