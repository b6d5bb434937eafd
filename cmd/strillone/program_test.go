package main

import (
	"bytes"
	"context"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/rogpeppe/go-internal/testscript"
	"go.uber.org/goleak"
)

func TestMain(m *testing.M) {
	// Scripts and crash tests run the real program as a process of its own.
	testscript.Main(leakless{m}, map[string]func(){atPace: main, atSpeed: fastMain, "platform": platform})
}

// leakless runs the tests and fails when they leave goroutines behind.
type leakless struct{ *testing.M }

func (l leakless) Run() int {
	code := l.M.Run()
	if err := goleak.Find(); err != nil {
		fmt.Fprintln(os.Stderr, err)
		return 1
	}
	return code
}

func TestScripts(t *testing.T) {
	testscript.Run(t, testscript.Params{Dir: filepath.Join("testdata", "script")})
}

// patience is how long a test waits for what should come at once.
const patience = 30 * time.Second

// program is the whole program, running inside the test.
type program struct {
	log  locked
	stop context.CancelFunc
	done chan struct{}
	code int
}

// start is begin for a program that is to end cleanly when the test ends.
func start(t *testing.T, config string) *program {
	t.Helper()
	p := begin(t, config)
	t.Cleanup(func() {
		if code := p.end(t); code != exitOK {
			t.Errorf("exit code %d", code)
		}
		if t.Failed() {
			t.Logf("the program's log:\n%s", p.log.String())
		}
	})
	return p
}

// begin runs the program with a configuration file of that content.
func begin(t *testing.T, config string) *program {
	t.Helper()
	path := filepath.Join(t.TempDir(), "strillone.yaml")
	if err := os.WriteFile(path, []byte(config), 0o600); err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	p := &program{stop: cancel, done: make(chan struct{})}
	go func() {
		defer close(p.done)
		p.code = run(ctx, []string{"serve", "-c", path}, stdio{In: strings.NewReader(""), Out: &p.log, Err: &p.log}, func(string) string { return "" })
	}()
	return p
}

// end stops the program as a signal would and returns its exit code.
func (p *program) end(t *testing.T) int {
	t.Helper()
	p.stop()
	select {
	case <-p.done:
	case <-time.After(10 * time.Second):
		t.Fatal("the program didn't end within 10 s")
	}
	return p.code
}

// locked is a buffer for several goroutines.
type locked struct {
	sync.Mutex
	b    bytes.Buffer
	news chan struct{} // closed when something is written; nil: nobody waits
}

func (l *locked) Write(p []byte) (int, error) {
	l.Lock()
	defer l.Unlock()
	if l.news != nil {
		close(l.news)
		l.news = nil
	}
	return l.b.Write(p)
}

// next is closed when something more is written.
func (l *locked) next() <-chan struct{} {
	l.Lock()
	defer l.Unlock()
	if l.news == nil {
		l.news = make(chan struct{})
	}
	return l.news
}

func (l *locked) String() string {
	l.Lock()
	defer l.Unlock()
	return l.b.String()
}

// realArticle is the article in the shared folder, or, where that isn't at hand,
// one of the samples.
func realArticle(t *testing.T) (text string, genuine bool) {
	t.Helper()
	for folder := "."; ; folder = filepath.Join("..", folder) {
		found, err := filepath.Glob(filepath.Join(folder, "shared", "articles", "*.txt"))
		if err != nil {
			t.Fatal(err)
		}
		if len(found) > 0 {
			data, err := os.ReadFile(found[0])
			if err != nil {
				t.Fatal(err)
			}
			return string(data), true
		}
		if root, err := filepath.Abs(folder); err != nil || root == filepath.Dir(root) {
			break
		}
	}
	t.Log("no ../shared/articles here: a sample stands in for the real article")
	data, err := samples.ReadFile("samples/1-batterie-al-sodio.txt")
	if err != nil {
		t.Fatal(err)
	}
	return string(data), false
}

func contains(t *testing.T, text string, wanted ...string) {
	t.Helper()
	for _, want := range wanted {
		if !strings.Contains(text, want) {
			t.Errorf("no %q in:\n%s", want, text)
		}
	}
}

func lacks(t *testing.T, text string, unwanted ...string) {
	t.Helper()
	for _, not := range unwanted {
		if strings.Contains(text, not) {
			t.Errorf("%q in:\n%s", not, text)
		}
	}
}
