// Two processes on one file: one serves, is killed, and another takes up what
// it left.

package sqlite_test

import (
	"bufio"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/strillone/strillone/digest"
	"github.com/strillone/strillone/digest/delivery"
	"github.com/strillone/strillone/digest/markup"
	"github.com/strillone/strillone/storage/sqlite"
)

// serveFrom is the variable that makes the test's program serve from a file.
const serveFrom = "STRILLONE_TEST_SERVE_FROM"

const platform digest.Platform = "telegram"

var (
	reader = digest.Destination{Platform: platform, Chat: "1"}
	begin  = time.Date(2026, 3, 2, 6, 30, 0, 0, time.UTC)
)

// TestServe is the other process: it owns the outbox, claims a delivery, says so
// and waits to be killed.
func TestServe(t *testing.T) {
	path := os.Getenv(serveFrom)
	if path == "" {
		return // started by no test: there is nothing to serve
	}
	s := open(t, path)
	if _, err := s.Recover(t.Context()); err != nil {
		t.Fatal(err)
	}
	if _, err := s.Exchange(t.Context(), platform, nil, begin, 1); err != nil {
		t.Fatal(err)
	}
	fmt.Println("serving")
	_, _ = bufio.NewReader(os.Stdin).ReadString('\n')
}

// open opens a database that the test's end closes.
func open(t testing.TB, path string) *sqlite.Store {
	t.Helper()
	s, err := sqlite.Open(t.Context(), path)
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

// other starts a process that serves from the file, and returns its number and
// what kills it.
func other(t *testing.T, path string) (pid int, kill func()) {
	t.Helper()
	program, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	c := exec.CommandContext(t.Context(), program, "-test.run=^TestServe$")
	c.Env = append(os.Environ(), serveFrom+"="+path)
	stdin, err := c.StdinPipe() // open for as long as this process lives
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { stdin.Close() })
	stdout, err := c.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := c.Start(); err != nil {
		t.Fatal(err)
	}
	kill = func() {
		c.Process.Kill()
		c.Wait()
	}
	line, err := bufio.NewReader(stdout).ReadString('\n')
	if err != nil || line != "serving\n" {
		kill()
		t.Fatalf("%q, %v", line, err)
	}
	return c.Process.Pid, kill
}

// publish publishes an article and an edition of it to the reader.
func publish(t testing.TB, s *sqlite.Store, slot time.Time) {
	t.Helper()
	ctx := t.Context()
	c := digest.Content{Title: "Del " + slot.String(), Body: []markup.Text{markup.T("Testo")}}
	draft, err := s.SaveDraft(ctx, c, "import", slot)
	if err != nil {
		t.Fatal(err)
	}
	if _, _, err := s.PublishDraft(ctx, draft.ID, slot); err != nil {
		t.Fatal(err)
	}
	p := delivery.NewPublisher(delivery.PublisherConfig{
		Editions: s, Composer: hello{}, Renderers: map[digest.Platform]delivery.Renderer{platform: hello{}},
	})
	if summary, err := p.Publish(ctx, slot); err != nil || summary.Deliveries != 1 {
		t.Fatal(summary, err)
	}
}

// hello composes and renders every digest as one word.
type hello struct{}

func (hello) Digest(digest.Digest, digest.Language, digest.Form) markup.Doc { return markup.Doc{} }

func (hello) Render(markup.Doc) ([]delivery.Part, error) {
	return []delivery.Part{delivery.Part("ciao")}, nil
}

func TestOneProcessServes(t *testing.T) {
	path := filepath.Join(t.TempDir(), "s.db")
	s := open(t, path)
	if _, _, err := s.Subscribe(t.Context(), reader, digest.Italian, begin); err != nil {
		t.Fatal(err)
	}
	publish(t, s, begin)
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}

	pid, kill := other(t, path)
	defer kill()
	s = open(t, path) // beside a process that serves
	if err := s.Check(t.Context()); err != nil {
		t.Fatal(err)
	}
	publish(t, s, begin.Add(time.Hour))
	_, err := s.Recover(t.Context())
	if err == nil || !strings.Contains(err.Error(), "process "+strconv.Itoa(pid)+" ") || !strings.Contains(err.Error(), path+".lock") {
		t.Fatalf("error %v, want one that names process %d", err, pid)
	}

	kill()
	n, err := s.Recover(t.Context()) // the file that it left is no obstacle
	if err != nil || n != 1 {
		t.Fatalf("recovered %d, %v", n, err)
	}
	claimed, err := s.Exchange(t.Context(), platform, nil, begin.Add(time.Hour), 10)
	if err != nil || len(claimed) != 2 {
		t.Fatalf("claimed %v, %v", claimed, err)
	}
	content, err := os.ReadFile(path + ".lock")
	if err != nil || strings.TrimSpace(string(content)) != strconv.Itoa(os.Getpid()) {
		t.Fatalf("lock %q, %v", content, err)
	}
}

// TestOneStoreServes: two Stores of one process are no different.
func TestOneStoreServes(t *testing.T) {
	folder := t.TempDir()
	path := filepath.Join(folder, "s.db")
	link := filepath.Join(folder, "link.db")
	first := open(t, path)
	if err := os.Symlink(path, link); err != nil {
		t.Fatal(err)
	}
	second := open(t, link) // the same file by another name
	for range 2 {
		if _, err := first.Recover(t.Context()); err != nil {
			t.Fatal(err)
		}
	}
	if _, err := second.Recover(t.Context()); err == nil {
		t.Fatal("both serve")
	}
	if err := first.Close(); err != nil {
		t.Fatal(err)
	}
	if _, err := second.Recover(t.Context()); err != nil {
		t.Fatal(err)
	}
}
