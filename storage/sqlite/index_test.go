// Tests of the index: what an older program left, and what is withdrawn.

package sqlite

import (
	"database/sql"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/strillone/strillone/digest"
	"github.com/strillone/strillone/digest/search"
)

func hits(t *testing.T, s *Store, ask string) int {
	t.Helper()
	h, err := s.Search(t.Context(), search.Parse(ask, time.UTC), search.Page{Size: 5})
	if err != nil || len(h.Articles) != h.Total {
		t.Fatal(h, err)
	}
	return h.Total
}

// What was indexed by plain words, or by other stems, or in part, is indexed when
// the file is opened.
func TestAnOlderIndexIsMadeAnew(t *testing.T) {
	path := olderFile(t)
	for _, older := range []string{
		`INSERT INTO article (number, state, revision, fingerprint, author, created_at, published_at) VALUES (1, 'published', 2, 'x', 'import', 1, 1);
		INSERT INTO revision VALUES (1, 1, '{"title": "Vecchio", "body": []}', 'import', 1);
		INSERT INTO revision VALUES (1, 2, '{"title": "Un modello", "body": [], "topics": ["ai"]}', 'import', 1);
		INSERT INTO article_words (rowid, title) VALUES (1, 'Un modello')`,
		`UPDATE indexed SET version = version - 1`,
		`DELETE FROM indexed`,
		`UPDATE indexed SET version = version + 1`, // by a program that was newer
	} {
		db, err := sql.Open("sqlite", dsn(path, writing))
		if err != nil {
			t.Fatal(err)
		}
		if _, err := db.ExecContext(t.Context(), older); err != nil {
			t.Fatal(err)
		}
		if err := db.Close(); err != nil {
			t.Fatal(err)
		}
		s, err := Open(t.Context(), path)
		if err != nil {
			t.Fatal(err)
		}
		for ask, want := range map[string]int{"modelli": 1, "tema:ai": 1, "vecchio": 0} {
			if got := hits(t, s, ask); got != want {
				t.Errorf("after %q: %q has %d hits", older, ask, got)
			}
		}
		if err := s.Close(); err != nil {
			t.Fatal(err)
		}
	}
}

// More articles than are indexed at once.
func TestManyAreIndexedAnew(t *testing.T) {
	s := openAt(t, filepath.Join(t.TempDir(), "s.db"))
	for range reindexedAtOnce + 1 {
		another(t, s)
	}
	if _, err := s.write.ExecContext(t.Context(), `DELETE FROM indexed`); err != nil {
		t.Fatal(err)
	}
	if stale, err := s.isStale(t.Context()); err != nil || !stale {
		t.Fatal(stale, err)
	}
	if err := s.reindex(t.Context()); err != nil {
		t.Fatal(err)
	}
	if stale, err := s.isStale(t.Context()); err != nil || stale {
		t.Fatal(stale, err)
	}
	if found, err := s.Begins(t.Context(), "Articolo 501", search.Page{Size: 9}); err != nil || len(found) != 1 {
		t.Error(found, err)
	}
}

// What is withdrawn is in no list, and leaves nothing in the index.
func TestWithdrawnArticlesAreNotFound(t *testing.T) {
	s := openAt(t, filepath.Join(t.TempDir(), "s.db"))
	c := digest.Content{Title: "Un modello", Topics: []string{"ai"}}
	draft, err := s.SaveDraft(t.Context(), c, "import", monday)
	if err != nil {
		t.Fatal(err)
	}
	if _, _, err := s.PublishDraft(t.Context(), draft.ID, monday); err != nil {
		t.Fatal(err)
	}
	another(t, s)
	who := digest.Person{Platform: "telegram", ID: "1"}
	if _, err := s.SaveFor(t.Context(), who, 1, monday); err != nil {
		t.Fatal(err)
	}
	if _, err := s.write.ExecContext(t.Context(), `UPDATE article SET state = 'withdrawn' WHERE number = 1`); err != nil {
		t.Fatal(err)
	}
	for _, ask := range []string{"modello", "tema:ai", "da:2026-03 -articolo"} {
		if got := hits(t, s, ask); got != 0 {
			t.Errorf("%q has %d hits", ask, got)
		}
	}
	for what, list := range map[string]func() (int, error){
		"begun":  func() (int, error) { a, err := s.Begins(t.Context(), "mod", search.Page{Size: 5}); return len(a), err },
		"match":  func() (int, error) { a, err := s.Match(t.Context(), "un modello", 5); return len(a), err },
		"topics": func() (int, error) { all, err := s.Topics(t.Context()); return len(all), err },
		"saved": func() (int, error) {
			_, n, err := s.SavedBy(t.Context(), who, search.Page{Size: 5})
			return n, err
		},
		"rows": func() (n int, err error) {
			err = s.read.QueryRowContext(t.Context(), `SELECT (SELECT count(*) FROM indexed WHERE number = 1)
				+ (SELECT count(*) FROM title_vocabulary WHERE term = 'modello')`).Scan(&n)
			return n, err
		},
	} {
		if n, err := list(); err != nil || n != 0 {
			t.Errorf("%s: %d, %v", what, n, err)
		}
	}
	if _, err := s.Titled(t.Context(), "Un modello"); digest.CodeOf(err) != digest.NotFound {
		t.Error(err)
	}
	months, err := s.Months(t.Context(), time.UTC)
	if err != nil || len(months) != 1 || months[0].Articles != 1 {
		t.Error(months, err)
	}
	if was, err := s.UnsaveFor(t.Context(), who, 1); err != nil || !was {
		t.Error(was, err)
	}
}

// A search walks the index from the newest article on, and sorts nothing.
func TestTheSearchPlans(t *testing.T) {
	s := openAt(t, filepath.Join(t.TempDir(), "s.db"))
	args := []any{`"a"`, 1, 9, true, 1, 9, 5}
	plan := planOf(t, s, newestFirst, args...)
	if !strings.Contains(plan, "SCAN article_words VIRTUAL TABLE INDEX") || !strings.Contains(plan, "SEARCH article USING INDEX") || strings.Contains(plan, "TEMP B-TREE") {
		t.Error(plan)
	}
}
