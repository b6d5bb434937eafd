// Run: lines become commands and texts, and replies are printed.

package terminal

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"
	"unicode"

	"github.com/strillone/strillone/bot"
	"github.com/strillone/strillone/digest"
	"github.com/strillone/strillone/digest/markup"
)

// pause is how long nothing is typed before a text counts as paused: longer
// than the gaps in a paste.
const pause = 500 * time.Millisecond

// leave are the commands that end Run.
var leave = []string{"esci", "exit"}

// Run reads commands and texts until the input ends, /esci or /exit is given,
// or ctx ends, and answers them one by one.
//
// A line that begins with a slash is a command. Other lines make up a text, with
// the empty lines in it; it ends at a line with nothing but a dot, at the next
// command and at the end of the input.
func (a *Adapter) Run(ctx context.Context, h bot.Handler) error {
	done := make(chan struct{})
	defer close(done)
	lines := make(chan string)
	go a.read(lines, done)

	err := a.say(a.greeting())
	s := &session{Adapter: a, handler: h}
	for err == nil {
		if len(s.text) == 0 {
			err = a.prompt()
		}
		select {
		case <-ctx.Done():
			return s.newline()
		case <-s.quiet:
			err = errors.Join(err, s.pause(ctx))
		case line, more := <-lines:
			if !more {
				return s.end(ctx)
			}
			a.answered()
			err = errors.Join(err, s.take(ctx, line))
		}
	}
	if errors.Is(err, errLeave) {
		return nil
	}
	return fmt.Errorf("writing to the terminal: %w", err)
}

func (a *Adapter) greeting() string {
	return strings.Join(a.page.text(markup.T(a.config.Greeting), a.page.width, dim), "\n")
}

// errLeave ends a session that the person left.
var errLeave = errors.New("left")

// session is what was typed so far. Its errors are those of writing, and
// errLeave.
type session struct {
	*Adapter
	handler bot.Handler
	text    []string // the lines of the text being typed
	size    int      // their bytes
	hinted  bool
	quiet   <-chan time.Time // tells of a pause in a text that a person types
	quoted  []string         // the commands of the last document that had any
	offered []markup.Action  // what that document's buttons ask a text for
	line    string           // the command line that waits for its text; empty: none
}

// take takes the next line.
func (s *session) take(ctx context.Context, line string) error {
	switch trimmed := strings.TrimSpace(line); {
	case strings.HasPrefix(line, "/"):
		s.line = ""
		return errors.Join(s.submit(ctx), s.command(ctx, line))
	case s.line != "" && trimmed != "":
		line = "/" + s.line + " " + trimmed
		s.line = ""
		return s.run(ctx, line)
	case trimmed == ".":
		return s.submit(ctx)
	case trimmed == "" && len(s.text) == 0:
		return nil
	}
	if room := maxInput - s.size; room > 0 {
		s.text = append(s.text, line[:min(len(line), room)])
		s.size += len(line) + 1
	}
	if s.config.Prompt {
		s.quiet = time.After(pause)
	}
	return nil
}

// pause ends a text after two empty lines, and else tells once how to end it. A
// paste may hold empty lines; after those its next line is there at once.
func (s *session) pause(ctx context.Context) error {
	s.quiet = nil
	n := len(s.text)
	if n > 2 && strings.TrimSpace(s.text[n-1]+s.text[n-2]) == "" {
		return s.submit(ctx)
	}
	if s.hinted {
		return nil
	}
	s.hinted = true
	return s.say(strings.Join(s.page.text(markup.T(s.config.Hint), s.page.width, dim), "\n"))
}

// end is the end of the input.
func (s *session) end(ctx context.Context) error {
	return errors.Join(s.submit(ctx), s.newline())
}

// newline leaves the line of the prompt, if there is one.
func (s *session) newline() error {
	s.mu.Lock()
	defer s.mu.Unlock()
	if !s.prompting {
		return nil
	}
	s.prompting = false
	_, err := fmt.Fprintln(s.config.Out)
	return err
}

// submit hands over the text, if there is one.
func (s *session) submit(ctx context.Context) error {
	text := strings.TrimSpace(strings.ToValidUTF8(strings.Join(s.text, "\n"), "\ufffd"))
	s.text, s.size, s.hinted, s.quiet = nil, 0, false, nil
	if text == "" {
		return nil
	}
	r := s.request()
	return s.show(s.handler.Text(ctx, bot.Text{
		Request:    r,
		Submission: digest.Submission{Text: markup.T(text), Author: string(Platform) + ":" + r.Actor.ID},
	}))
}

// command runs a command line. It counts as an answer to the last document with
// buttons, the way a reply to a message does elsewhere.
//
// A command that a button of that document stands for, and that asks for a text,
// has its next line for it.
func (s *session) command(ctx context.Context, line string) error {
	typed := strings.ToLower(strings.Join(strings.Fields(line[1:]), " "))
	for _, a := range s.offered {
		if typed == a.Command || typed == s.page.spoken(a.Command) {
			s.line = a.Command
			return s.say(strings.Join(s.page.text(question(*a.Input), s.page.width, plain), "\n"))
		}
	}
	return s.run(ctx, line)
}

// question is what a button asks for.
func question(i markup.Input) markup.Text {
	if i.Hint == "" {
		return markup.B(i.Label)
	}
	return markup.Concat(markup.B(i.Label), markup.T(" ("+i.Hint+")"))
}

// run runs a command line that begins with a slash.
func (s *session) run(ctx context.Context, line string) error {
	line = strings.ToValidUTF8(line[1:], "\ufffd")
	end := strings.IndexFunc(line, unicode.IsSpace)
	if end < 0 {
		end = len(line)
	}
	r := s.request()
	r.Command, r.Args, r.Quoted = strings.ToLower(line[:end]), strings.TrimSpace(line[end:]), s.quoted
	if slices.Contains(leave, r.Command) {
		return errLeave
	}
	return s.show(s.handler.Command(ctx, r))
}

func (s *session) request() bot.Request {
	return bot.Request{
		Actor:       bot.Actor{Platform: Platform, ID: Person, Name: s.config.Name, Language: s.config.Language},
		Place:       digest.Destination{Platform: Platform, Chat: Chat},
		Kind:        bot.Private,
		Administers: func(context.Context) (bool, error) { return true, nil },
	}
}

// show prints a reply.
func (s *session) show(r bot.Reply) error {
	if commands := r.Doc.Commands(); len(commands) > 0 {
		s.quoted, s.offered = commands, asking(r.Doc)
	}
	notice := strings.Join(s.page.text(markup.T(r.Notice), s.page.width, dim), "\n")
	return errors.Join(s.say(notice), s.say(s.page.doc(r.Doc)), s.save(r.File))
}

// asking are the buttons of a document that ask for a text.
func asking(d markup.Doc) []markup.Action {
	var out []markup.Action
	for _, a := range slices.Concat(d.Rows...) {
		if a.Input != nil {
			out = append(out, a)
		}
	}
	return out
}

// save puts a file where the person finds it, never in the place of another, and
// says where.
func (s *session) save(f *bot.File) error {
	if f == nil {
		return nil
	}
	base := filepath.Base(f.Name)
	ext := filepath.Ext(base)
	file, err := os.CreateTemp(cmp.Or(s.config.Folder, "."), strings.TrimSuffix(base, ext)+"-*"+ext)
	if err != nil {
		return s.say(err.Error())
	}
	_, err = file.Write(f.Content)
	if err = errors.Join(err, file.Close()); err != nil {
		return s.say(err.Error())
	}
	return s.say("📎 " + file.Name())
}
