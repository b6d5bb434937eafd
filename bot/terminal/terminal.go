// Adapter: the terminal as a chat platform with one chat and one person.

package terminal

import (
	"context"
	"fmt"
	"io"
	"log/slog"
	"strconv"
	"sync"

	"github.com/strillone/strillone/bot"
	"github.com/strillone/strillone/digest"
	"github.com/strillone/strillone/digest/delivery"
	"github.com/strillone/strillone/digest/markup"
)

// Platform is the terminal's name among the platforms.
const Platform digest.Platform = "terminal"

// The one chat and the one person there are.
const (
	Chat   = "1"
	Person = "1"
)

// minWidth is the narrowest window text is wrapped for: in a narrower one the
// window wraps again.
const minWidth = 40

// Config is the terminal an Adapter uses. An Adapter that only renders needs no
// In.
type Config struct {
	In    io.Reader
	Out   io.Writer
	Color bool // Out shows ANSI escape sequences
	Width int  // of Out, in columns; at least 40 are used
	// Prompt says that a person types into In: there is a prompt, and a text
	// also ends where two empty lines are followed by a pause. Terminals cut a
	// typed line at about 4000 bytes; a pipe takes longer ones.
	Prompt   bool
	Greeting string // printed before anything is read
	// Hint is printed once for each text, when the person pauses: it says how
	// a text is ended.
	Hint string
	// Speak is a command line in the person's language; nil: lines are shown as
	// they are.
	Speak func(line string) string
	// Folder is where files are put that the person asks for; empty: the working
	// directory.
	Folder   string
	Name     string // of the person, for messages
	Language string // BCP 47 tag of the person's language; may be empty
	Log      *slog.Logger
}

// Adapter joins the terminal to a Handler. Its methods are safe for concurrent
// use; Run runs once.
type Adapter struct {
	config Config
	page   page

	mu        sync.Mutex // guards Out and what follows
	prompting bool       // the prompt is the last thing on the screen
	sent      int
}

var _ bot.Adapter = (*Adapter)(nil)

// New is the adapter of a terminal.
func New(c Config) *Adapter {
	if c.Log == nil {
		c.Log = slog.New(slog.DiscardHandler)
	}
	return &Adapter{config: c, page: page{width: max(c.Width, minWidth), color: c.Color, speak: c.Speak}}
}

// Platform is "terminal".
func (a *Adapter) Platform() digest.Platform { return Platform }

// Check accepts: a terminal asks for no credentials.
func (a *Adapter) Check(context.Context) (string, error) { return string(Platform), nil }

// Render gives the document as one part, however long: text as it is shown,
// without a line feed at its end. A document that shows nothing has no parts.
func (a *Adapter) Render(doc markup.Doc) ([]delivery.Part, error) {
	text := a.page.doc(doc)
	if text == "" {
		return nil, nil
	}
	return []delivery.Part{delivery.Part(text)}, nil
}

// Send prints a part. The destination is the only one there is. A failure is
// transient, and leaves a doubt once something was written.
func (a *Adapter) Send(ctx context.Context, m delivery.Message) (delivery.Receipt, error) {
	if err := ctx.Err(); err != nil {
		return "", &delivery.Failure{Kind: delivery.Transient, Err: err}
	}
	a.mu.Lock()
	defer a.mu.Unlock()
	if n, err := a.print(string(m.Part)); err != nil {
		return "", &delivery.Failure{Kind: delivery.Transient, Doubt: n > 0, Err: fmt.Errorf("writing to the terminal: %w", err)}
	}
	a.sent++
	return delivery.Receipt(strconv.Itoa(a.sent)), nil
}

// print writes a text and an empty line under it, above the prompt if there is
// one. The caller holds mu.
func (a *Adapter) print(text string) (int, error) {
	text += "\n\n"
	if a.prompting {
		text = a.unprompt() + text + a.promptText()
	}
	return io.WriteString(a.config.Out, text)
}

// unprompt is what clears the prompt off the screen.
func (a *Adapter) unprompt() string {
	if a.config.Color {
		return "\r\x1b[K"
	}
	return "\n"
}

func (a *Adapter) promptText() string { return a.page.paint("› ", bold) }

// say prints a text that answers, and leaves no prompt.
func (a *Adapter) say(text string) error {
	a.mu.Lock()
	defer a.mu.Unlock()
	if text == "" {
		return nil
	}
	_, err := a.print(text)
	return err
}

// prompt asks for a line, where a person types.
func (a *Adapter) prompt() error {
	if !a.config.Prompt {
		return nil
	}
	a.mu.Lock()
	defer a.mu.Unlock()
	if a.prompting {
		return nil
	}
	a.prompting = true
	_, err := io.WriteString(a.config.Out, a.promptText())
	return err
}

// answered notes that the person ended the line after the prompt.
func (a *Adapter) answered() {
	a.mu.Lock()
	defer a.mu.Unlock()
	a.prompting = false
}
