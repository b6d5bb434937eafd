// Tests of Open.

package storage_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"go.uber.org/goleak"

	"github.com/strillone/strillone/storage"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

func TestOpen(t *testing.T) {
	folder := t.TempDir()
	t.Chdir(folder)
	for _, url := range []string{"sqlite:relative.db", "sqlite:" + filepath.Join(folder, "absolute.db"), "sqlite:what?a=1#b%20c:d.db", "sqlite:///" + folder + "/slashes.db"} {
		s, err := storage.Open(t.Context(), url)
		if err != nil {
			t.Errorf("%s: %v", url, err)
			continue
		}
		if err := s.Check(t.Context()); err != nil {
			t.Error(err)
		}
		if err := s.Close(); err != nil {
			t.Error(err)
		}
	}
	for _, name := range []string{"relative.db", "absolute.db", "what?a=1#b%20c:d.db", "slashes.db"} {
		if _, err := os.Stat(name); err != nil {
			t.Error(err)
		}
	}
}

func TestOpenSaysWhatIsAccepted(t *testing.T) {
	for url, want := range map[string]string{
		"":                         "no database's URL",
		"strillone.db":             "no database's URL",
		"mysql://u:secret@h/d":     "no database's URL",
		"postgres://u:secret@h/d":  "PostgreSQL is not supported yet",
		"postgresql:///d?p=secret": "PostgreSQL is not supported yet",
		"sqlite:":                  "names no file",
		"sqlite://strillone.db":    "names a host",
		"sqlite::memory:":          "forgets everything",
	} {
		s, err := storage.Open(t.Context(), url)
		if err == nil {
			t.Errorf("%s was opened", url)
			_ = s.Close()
			continue
		}
		if s != nil {
			t.Errorf("%s: a Store beside the error", url)
		}
		if message := err.Error(); !strings.Contains(message, want) || !strings.Contains(message, "sqlite:PATH") || strings.Contains(message, "secret") {
			t.Errorf("%s: %v, want %q", url, err, want)
		}
	}
	if s, err := storage.Open(t.Context(), "sqlite:"+filepath.Join(t.TempDir(), "none", "x.db")); err == nil || s != nil {
		t.Errorf("a file in no folder: %v, %v", s, err)
	}
}
