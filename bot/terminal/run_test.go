// Run and Send: what is typed, piped and printed.

package terminal

import (
	"context"
	"errors"
	"fmt"
	"io"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"
	"go.uber.org/goleak"

	"github.com/strillone/strillone/bot"
	"github.com/strillone/strillone/digest"
	"github.com/strillone/strillone/digest/delivery"
	"github.com/strillone/strillone/digest/markup"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// echo answers with what it was asked.
type echo struct{ requests []bot.Request }

func (e *echo) Command(_ context.Context, r bot.Request) bot.Reply {
	e.requests = append(e.requests, r)
	doc := markup.Doc{Blocks: []markup.Block{markup.Paragraph{Text: markup.T("command " + r.Command + "|" + r.Args)}}}
	if r.Command == "leggi" {
		doc.Rows = [][]markup.Action{{{Label: "Fonti", Command: "fonti " + r.Args}}}
	}
	return bot.Reply{Doc: doc}
}

func (e *echo) Text(_ context.Context, t bot.Text) bot.Reply {
	e.requests = append(e.requests, t.Request)
	return bot.Reply{Notice: "taken", Doc: markup.Doc{Blocks: []markup.Block{
		markup.Paragraph{Text: markup.T(fmt.Sprintf("text %q by %s", t.Submission.Text.String(), t.Submission.Author))},
	}}}
}

func (e *echo) Joined(context.Context, bot.Request) bot.Reply { return bot.Reply{} }

func (e *echo) Left(context.Context, digest.Destination, string) {}

func (e *echo) Find(context.Context, bot.Query) bot.Found { return bot.Found{} }

func (e *echo) Menu() []bot.Entry { return nil }

func TestRun(t *testing.T) {
	for name, c := range map[string]struct{ in, out string }{
		"nothing":           {"", ""},
		"command":           {"/Leggi  14 \n", "command leggi|14\n\n[Fonti: /fonti 14]\n\n"},
		"no line feed":      {"/digest", "command digest|\n\n"},
		"tab":               {"/cerca\tdue parole\n", "command cerca|due parole\n\n"},
		"slash alone":       {"/\n", "command |\n\n"},
		"text to the end":   {"Titolo\n\n\n\nTesto\n", "taken\n\ntext \"Titolo\\n\\n\\n\\nTesto\" by terminal:1\n\n"},
		"text to a dot":     {"\n\nTitolo\r\nTesto\n.\n.\n/a\n", "taken\n\ntext \"Titolo\\nTesto\" by terminal:1\n\ncommand a|\n\n"},
		"text to a command": {"Titolo\nTesto\n\n/pubblica 3\n", "taken\n\ntext \"Titolo\\nTesto\" by terminal:1\n\ncommand pubblica|3\n\n"},
		"left":              {"Titolo\n/esci\n/digest\n", "taken\n\ntext \"Titolo\" by terminal:1\n\n"},
		"exit":              {"/exit\n/digest\n", ""},
		"no utf-8":          {"/a \xff\n", "command a|�\n\n"},
	} {
		t.Run(name, func(t *testing.T) {
			var out strings.Builder
			err := New(Config{In: strings.NewReader(c.in), Out: &out}).Run(t.Context(), &echo{})
			if err != nil {
				t.Error(err)
			}
			if d := cmp.Diff(c.out, out.String()); d != "" {
				t.Error(d)
			}
		})
	}
}

func TestWhoAsks(t *testing.T) {
	h := &echo{}
	in := strings.NewReader("/leggi 14\n/fonti\nTitolo\n.\n")
	if err := New(Config{In: in, Out: io.Discard, Name: "Anna", Language: "it"}).Run(t.Context(), h); err != nil {
		t.Fatal(err)
	}
	if len(h.requests) != 3 {
		t.Fatalf("%d requests", len(h.requests))
	}
	for i, r := range h.requests {
		ok, err := r.Administers(t.Context())
		want := bot.Actor{Platform: "terminal", ID: "1", Name: "Anna", Language: "it"}
		if !ok || err != nil || r.Actor != want || r.Place != (digest.Destination{Platform: "terminal", Chat: "1"}) || r.Kind != bot.Private || r.Pressed {
			t.Errorf("request %d: %+v", i, r)
		}
	}
	quoted := [][]string{h.requests[0].Quoted, h.requests[1].Quoted, h.requests[2].Quoted}
	if d := cmp.Diff([][]string{nil, {"fonti 14"}, nil}, quoted); d != "" {
		t.Error(d)
	}
}

func TestLongTextIsBounded(t *testing.T) {
	var length int
	h := &handler{text: func(s bot.Text) { length = s.Submission.Text.Len() }}
	in := strings.NewReader(strings.Repeat("x", maxInput/2) + "\n" + strings.Repeat("y", 2*maxInput) + "\nz\nz\n")
	if err := New(Config{In: in, Out: io.Discard}).Run(t.Context(), h); err != nil {
		t.Fatal(err)
	}
	if length <= digest.MaxSubmission*4 || length > maxInput {
		t.Errorf("%d bytes", length)
	}
}

// handler takes texts only.
type handler struct {
	echo
	text func(bot.Text)
}

func (h *handler) Text(_ context.Context, t bot.Text) bot.Reply {
	h.text(t)
	return bot.Reply{}
}

func (h *handler) Command(context.Context, bot.Request) bot.Reply { return bot.Reply{} }

// A person's text ends at two empty lines and a pause; a paste may hold them.
func TestTyping(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		in, keyboard := io.Pipe()
		var out strings.Builder
		a := New(Config{In: in, Out: &out, Width: 80, Prompt: true, Greeting: "Ciao!", Hint: "Un punto conclude."})
		ended := make(chan error)
		go func() { ended <- a.Run(t.Context(), &echo{}) }()
		type_ := func(s string) {
			if _, err := io.WriteString(keyboard, s); err != nil {
				t.Error(err)
			}
			synctest.Wait()
		}
		type_("Titolo\n\n\n")
		type_("Testo\n") // at once: a paste
		time.Sleep(time.Second)
		type_("Fine\n\n\n")
		time.Sleep(time.Second)
		if _, err := a.Send(t.Context(), delivery.Message{Part: delivery.Part("il digest")}); err != nil {
			t.Error(err)
		}
		type_("/digest\n")
		if err := keyboard.Close(); err != nil {
			t.Error(err)
		}
		if err := <-ended; err != nil {
			t.Error(err)
		}
		want := "Ciao!\n\n› Un punto conclude.\n\n" +
			"taken\n\ntext \"Titolo\\n\\n\\nTesto\\nFine\" by terminal:1\n\n" +
			"› \nil digest\n\n› command digest|\n\n› \n"
		if d := cmp.Diff(want, out.String()); d != "" {
			t.Error(d)
		}
	})
}

// The end of ctx ends Run though a Read blocks; the goroutine in Read ends with
// the input.
func TestEndOfContext(t *testing.T) {
	in, keyboard := io.Pipe()
	ctx, cancel := context.WithCancel(t.Context())
	ended := make(chan error)
	go func() { ended <- New(Config{In: in, Out: io.Discard}).Run(ctx, &echo{}) }()
	if _, err := io.WriteString(keyboard, "Titolo\n"); err != nil {
		t.Fatal(err)
	}
	cancel()
	if err := <-ended; err != nil {
		t.Error(err)
	}
	if err := keyboard.Close(); err != nil {
		t.Error(err)
	}
}

func TestSend(t *testing.T) {
	var out strings.Builder
	a := New(Config{Out: &out})
	for _, want := range []delivery.Receipt{"1", "2"} {
		if got, err := a.Send(t.Context(), delivery.Message{Part: delivery.Part("ciao"), Key: "k"}); got != want || err != nil {
			t.Errorf("%q, %v", got, err)
		}
	}
	if got := out.String(); got != "ciao\n\nciao\n\n" {
		t.Errorf("printed %q", got)
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := a.Send(ctx, delivery.Message{}); !errors.Is(err, context.Canceled) || delivery.FailureOf(err).Doubt {
		t.Errorf("after the end: %v", err)
	}
	_, err := New(Config{Out: halfWriter{}}).Send(t.Context(), delivery.Message{Part: delivery.Part("ciao")})
	if f := delivery.FailureOf(err); f.Kind != delivery.Transient || !f.Doubt {
		t.Errorf("half written: %v", err)
	}
}

func TestOutputThatFailsEndsRun(t *testing.T) {
	err := New(Config{In: strings.NewReader("/a\n/b\n"), Out: halfWriter{}}).Run(t.Context(), &echo{})
	if !errors.Is(err, io.ErrClosedPipe) {
		t.Errorf("got %v", err)
	}
}

type halfWriter struct{}

func (halfWriter) Write(p []byte) (int, error) { return len(p) / 2, io.ErrClosedPipe }
