package sqlite_test

import (
	"flag"
	"os"
	"path/filepath"
	"testing"
	_ "time/tzdata" // reckoned with, whatever the machine has

	"github.com/strillone/strillone/storage"
	"github.com/strillone/strillone/storage/sqlite"
	"github.com/strillone/strillone/storage/storagetest"
)

// file is a database in a folder of its own.
type file string

func (f file) Open(t testing.TB) storage.Store {
	t.Helper()
	s, err := sqlite.Open(t.Context(), string(f))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = s.Close() })
	return s
}

// Fresh is in memory where the machine has a folder for that: a state machine
// makes thousands of commits, and none of them has to outlive a power cut.
func (f file) Fresh(t testing.TB) storagetest.Database {
	t.Helper()
	folder, err := os.MkdirTemp("/dev/shm", "strillone")
	if err != nil {
		return fresh(t)
	}
	t.Cleanup(func() { _ = os.RemoveAll(folder) })
	return file(filepath.Join(folder, "strillone.db"))
}

func fresh(t testing.TB) storagetest.Database {
	t.Helper()
	folder, err := os.MkdirTemp(t.TempDir(), "db")
	if err != nil {
		t.Fatal(err)
	}
	return file(filepath.Join(folder, "strillone.db"))
}

// TestConformance walks the state machines forty times, or rapid's hundred with
// STRILLONE_LONG set: with the race detector on two cores a hundred take minutes.
func TestConformance(t *testing.T) {
	if os.Getenv("STRILLONE_LONG") == "" {
		if err := flag.Set("rapid.checks", "40"); err != nil {
			t.Fatal(err)
		}
	}
	storagetest.Run(t, fresh)
}
