// Tests of the file: who may read it, how it is found, what happens when it can
// no longer be written.

package sqlite

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"github.com/strillone/strillone/digest"
	"github.com/strillone/strillone/digest/markup"
)

func openAt(t testing.TB, path string) *Store {
	t.Helper()
	s, err := Open(t.Context(), path)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := s.Close(); err != nil {
			t.Error(err)
		}
	})
	return s
}

// TestOnlyItsOwnerReads: the database and all that SQLite and the lock put
// beside it.
func TestOnlyItsOwnerReads(t *testing.T) {
	folder := t.TempDir()
	s := openAt(t, filepath.Join(folder, "s.db"))
	if _, err := s.Recover(t.Context()); err != nil {
		t.Fatal(err)
	}
	files, err := os.ReadDir(folder)
	if err != nil {
		t.Fatal(err)
	}
	if len(files) < 4 { // .db, -wal, -shm, .lock
		t.Errorf("only %v", files)
	}
	for _, f := range files {
		if info, err := f.Info(); err != nil || info.Mode().Perm() != 0o600 {
			t.Errorf("%s: %v, %v", f.Name(), info.Mode(), err)
		}
	}
}

func TestPathsThatSQLiteReadsOtherwise(t *testing.T) {
	folder := t.TempDir()
	t.Chdir(folder)
	for _, path := range []string{":memory:", "file:x.db", "a:b.db", "-x.db", "//" + folder + "//y.db", "x\ny.db"} {
		openAt(t, path)
		if info, err := os.Stat(path); err != nil || info.Size() == 0 {
			t.Errorf("%q is elsewhere: %v", path, err)
		}
	}
}

func TestALinkToNothingIsRefused(t *testing.T) {
	folder := t.TempDir()
	target, link := filepath.Join(folder, "target.db"), filepath.Join(folder, "link.db")
	if err := os.Symlink(target, link); err != nil {
		t.Fatal(err)
	}
	if s, err := Open(t.Context(), link); err == nil {
		t.Error("opened")
		_ = s.Close()
	}
	if _, err := os.Stat(target); !errors.Is(err, fs.ErrNotExist) {
		t.Error("made for everyone to read")
	}
}

// TestOpenedByManyAtOnce: a new file, whose schema they all want to make.
func TestOpenedByManyAtOnce(t *testing.T) {
	path := filepath.Join(t.TempDir(), "s.db")
	var all sync.WaitGroup
	for range 16 {
		all.Go(func() {
			s, err := Open(t.Context(), path)
			if err != nil {
				t.Error(err)
				return
			}
			if err := errors.Join(s.Check(t.Context()), s.Close()); err != nil {
				t.Error(err)
			}
		})
	}
	all.Wait()
}

func TestCloseTwice(t *testing.T) {
	s := openAt(t, filepath.Join(t.TempDir(), "s.db"))
	if _, err := s.Recover(t.Context()); err != nil {
		t.Fatal(err)
	}
	for range 2 {
		if err := s.Close(); err != nil {
			t.Error(err)
		}
	}
}

// TestFullDisk: the failure can be recognised, nothing is half written, and the
// same call succeeds once there is space.
func TestFullDisk(t *testing.T) {
	s := openAt(t, filepath.Join(t.TempDir(), "s.db"))
	var pages int
	if err := s.write.QueryRowContext(t.Context(), `PRAGMA page_count`).Scan(&pages); err != nil {
		t.Fatal(err)
	}
	limit := func(n int) {
		t.Helper()
		if _, err := s.write.ExecContext(t.Context(), fmt.Sprintf(`PRAGMA max_page_count = %d`, n)); err != nil {
			t.Fatal(err)
		}
	}
	limit(pages + 2)
	c := digest.Content{Title: "Grande", Body: []markup.Text{markup.T(strings.Repeat("x", 64<<10))}}
	if _, err := s.SaveDraft(t.Context(), c, "import", time.Now()); !errors.Is(err, syscall.ENOSPC) || !strings.Contains(err.Error(), "saving a draft") {
		t.Fatalf("got %v", err)
	}
	limit(pages + 1000)
	a, err := s.SaveDraft(t.Context(), c, "import", time.Now())
	if err != nil || a.Revision != 1 {
		t.Fatal(a.Revision, err)
	}
}

// TestAContextThatEnds within a long transaction comes back as such, and leaves
// the one connection that writes fit for use.
func TestAContextThatEnds(t *testing.T) {
	s := openAt(t, filepath.Join(t.TempDir(), "s.db"))
	fill(t, s, 20_000)
	ctx, cancel := context.WithTimeout(t.Context(), 5*time.Millisecond)
	defer cancel()
	if _, err := publisher(s, monday, nil).Publish(ctx, monday); !errors.Is(err, context.DeadlineExceeded) {
		t.Fatalf("got %v", err)
	}
	publish(t, s, monday, nil)
	if r, err := s.Report(t.Context()); err != nil || r.Total().Queued != 20_000 {
		t.Fatal(r, err)
	}
}
