// Tests of what is inspected, and when.

package sqlite

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

// killed is the path of a database that its user didn't close: one as it is on
// the disk while it is in use.
func killed(t *testing.T, spoil bool) string {
	t.Helper()
	s := openAt(t, filepath.Join(t.TempDir(), "s.db"))
	fill(t, s, 5000)
	// All is in the database, and a little in the journal.
	if _, err := s.write.ExecContext(t.Context(), `PRAGMA wal_checkpoint(TRUNCATE)`); err != nil {
		t.Fatal(err)
	}
	another(t, s)
	path := filepath.Join(t.TempDir(), "killed.db")
	for _, suffix := range []string{"", "-wal"} {
		content, err := os.ReadFile(s.path + suffix)
		if err != nil || len(content) == 0 {
			t.Fatal(len(content), err)
		}
		if spoil && suffix == "" {
			for i := len(content) / 2; i < len(content)*3/4; i++ {
				content[i] = 0xA5
			}
		}
		if err := os.WriteFile(path+suffix, content, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	return path
}

// openLarge opens a file as if it were a large one.
func openLarge(t *testing.T, path string) *Store {
	t.Helper()
	s := &Store{path: path, patience: time.Second, inspectedAtOnce: 1}
	t.Cleanup(func() {
		if err := s.Close(); err != nil {
			t.Error(err)
		}
	})
	if err := s.connect(t.Context()); err != nil {
		t.Fatal(err)
	}
	return s
}

func TestASmallFileIsInspectedAtOnce(t *testing.T) {
	_, err := Open(t.Context(), killed(t, true))
	if err == nil || !strings.Contains(err.Error(), "damaged") {
		t.Error(err)
	}
}

func TestALargeFileIsInspectedWhileItIsUsed(t *testing.T) {
	s := openLarge(t, killed(t, true))
	if err := s.Verify(t.Context()); err == nil || !strings.Contains(err.Error(), "damaged") {
		t.Error(err)
	}
	s = openLarge(t, killed(t, false))
	ended, end := context.WithCancel(t.Context())
	end()
	if err := s.Verify(ended); !errors.Is(err, context.Canceled) {
		t.Error(err)
	}
	if err := s.Verify(t.Context()); err != nil || s.unverified.Load() {
		t.Error(err)
	}
}

func TestALargeFileThatWasClosedIsNotInspected(t *testing.T) {
	s := openLarge(t, killed(t, false))
	if !s.unverified.Load() {
		t.Error("one that wasn't closed isn't inspected either")
	}
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	if s = openLarge(t, s.path); s.unverified.Load() {
		t.Error("it is to be inspected")
	}
}
