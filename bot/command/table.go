// Table: the list of commands, and the way from a request to its reply.

package command

import (
	"context"
	"log/slog"
	"slices"
	"strings"
	"time"

	"github.com/strillone/strillone/bot"
	"github.com/strillone/strillone/bot/compose"
	"github.com/strillone/strillone/bot/locale"
	"github.com/strillone/strillone/digest"
	"github.com/strillone/strillone/digest/delivery"
)

// Library is what readers' commands need of a database; storage.Store says what
// each method promises.
type Library interface {
	Article(ctx context.Context, number int) (digest.Article, error)
	Latest(ctx context.Context, through, limit int) ([]digest.Article, error)
	Match(ctx context.Context, words string, limit int) ([]digest.Article, error)
	LatestDigest(ctx context.Context, to digest.Destination) (digest.Digest, error)
}

// Subscriptions are who gets the digest; storage.Store says what each method
// promises.
type Subscriptions interface {
	Subscribe(ctx context.Context, to digest.Destination, l digest.Language, at time.Time) (digest.Subscription, digest.Joining, error)
	Unsubscribe(ctx context.Context, to digest.Destination, at time.Time) (bool, error)
	Subscription(ctx context.Context, to digest.Destination) (digest.Subscription, error)
	Leave(ctx context.Context, from digest.Destination, reason string, at time.Time) (int, error)
	Return(ctx context.Context, to digest.Destination, at time.Time) ([]digest.Subscription, error)
}

// Newsroom is what editors' texts and commands are answered by.
type Newsroom interface {
	// Submit understands an editor's text and shows how.
	Submit(ctx context.Context, t bot.Text, p *locale.Printer) (bot.Reply, error)
	// Publish publishes the draft of that id.
	Publish(ctx context.Context, id int64, p *locale.Printer) (bot.Reply, error)
	// Discard forgets the draft of that id.
	Discard(ctx context.Context, id int64, p *locale.Printer) (bot.Reply, error)
}

// Reports are how the deliveries stand; delivery.Reporter says what it promises.
type Reports interface {
	Report(ctx context.Context) (delivery.Report, error)
}

// Config is what a Table is made of.
type Config struct {
	Library       Library
	Subscriptions Subscriptions
	Newsroom      Newsroom
	Reports       Reports
	Pace          map[digest.Platform]float64 // deliveries a second, where known
	Writer        compose.Writer
	Editors       map[digest.Platform][]string // who may publish, by platform id
	Language      digest.Language              // for those whose language isn't spoken here
	Title         string                       // the newsletter's name
	Now           func() time.Time
	Next          func(time.Time) time.Time // when the next digest goes out
	Log           *slog.Logger
}

// Table answers every command. It implements bot.Handler.
type Table struct {
	Config
	commands []command
	byName   map[string]*command
}

var _ bot.Handler = (*Table)(nil)

// access says who may use a command; the zero value lets nobody.
type access uint8

const (
	nobody access = iota
	anyone
	administrators // of the place
	editors
)

// command is one row of the table.
type command struct {
	name     string // Italian; other names are in bot/locale
	also     []string
	access   access
	argument string // locale id under "argument"; "" for none
	hidden   bool   // in no list: it is pressed, or a habit of the platform
	handle   func(context.Context, request) (bot.Reply, error)
}

// request is a bot.Request with what the table knows of its actor.
type request struct {
	bot.Request
	say    *locale.Printer
	editor bool
}

// New makes the table.
func New(c Config) *Table {
	t := &Table{Config: c, byName: make(map[string]*command)}
	t.commands = []command{
		{name: "start", access: administrators, hidden: true, handle: t.start},
		{name: "iscriviti", access: administrators, handle: t.subscribe},
		{name: "disiscriviti", also: []string{"stop"}, access: administrators, handle: t.unsubscribe},
		{name: "digest", access: anyone, handle: t.digest},
		{name: "ultimi", access: anyone, handle: t.latest},
		{name: "leggi", access: anyone, argument: "articolo", handle: t.about(c.Writer.Article)},
		{name: "abstract", access: anyone, argument: "articolo", handle: t.about(c.Writer.Abstract)},
		{name: "fonti", access: anyone, argument: "articolo", handle: t.about(c.Writer.Sources)},
		{name: "consigli", access: anyone, argument: "articolo", handle: t.about(c.Writer.Readings)},
		{name: "aiuto", access: anyone, handle: t.help},
		{name: "stato", access: editors, handle: t.status},
		{name: "pubblica", access: editors, argument: "bozza", hidden: true, handle: t.draft(c.Newsroom.Publish)},
		{name: "scarta", access: editors, argument: "bozza", hidden: true, handle: t.draft(c.Newsroom.Discard)},
	}
	for i := range t.commands {
		row := &t.commands[i]
		for _, name := range append(names(row.name), row.also...) {
			t.byName[name] = row
		}
	}
	return t
}

// names are a command's names in every language, its own first.
func names(name string) []string {
	all := []string{name}
	for _, l := range locale.Languages() {
		if p := locale.For(l); p.Has("command." + name + ".name") {
			all = append(all, p.Say("command."+name+".name"))
		}
	}
	return all
}

// Menu lists the commands that platforms show in menus of their own.
func (t *Table) Menu() []bot.Entry {
	var menu []bot.Entry
	for _, row := range t.commands {
		if row.hidden {
			continue
		}
		e := bot.Entry{
			Name:        row.name,
			Names:       inEveryLanguage("command." + row.name + ".name"),
			Description: inEveryLanguage("command." + row.name + ".about"),
			Editors:     row.access == editors,
			Manage:      row.access == administrators,
		}
		if row.argument != "" {
			e.Argument = &bot.Argument{
				Name:        row.argument,
				Names:       inEveryLanguage("argument." + row.argument + ".name"),
				Description: inEveryLanguage("argument." + row.argument + ".about"),
			}
		}
		menu = append(menu, e)
	}
	return menu
}

func inEveryLanguage(id string) map[digest.Language]string {
	all := make(map[digest.Language]string)
	for _, l := range locale.Languages() {
		all[l] = locale.For(l).Say(id)
	}
	return all
}

// Command answers a command, typed or pressed.
func (t *Table) Command(ctx context.Context, r bot.Request) bot.Reply {
	req := t.request(r)
	row, ok := t.byName[strings.ToLower(r.Command)]
	if !ok {
		if r.Kind == bot.Shared {
			return bot.Reply{} // it may be meant for another bot
		}
		return refuse(req.say.Say("hint.unknown", locale.Args{"Command": repeated(r.Command)}))
	}
	reply, err := t.run(ctx, row, req)
	if err != nil {
		return t.failed(ctx, req, err)
	}
	return reply
}

// Text answers a message that is no command: an editor's article, or a hint.
func (t *Table) Text(ctx context.Context, text bot.Text) bot.Reply {
	req := t.request(text.Request)
	switch {
	case req.editor:
	case text.Edited:
		return bot.Reply{}
	default:
		return refuse(req.say.Say("hint.text"))
	}
	reply, err := t.Newsroom.Submit(ctx, text, req.say)
	if err != nil {
		return t.failed(ctx, req, err)
	}
	return reply
}

func (t *Table) request(r bot.Request) request {
	return request{
		Request: r,
		say:     locale.For(locale.Match(r.Actor.Language, t.Language)),
		editor:  slices.Contains(t.Editors[r.Actor.Platform], r.Actor.ID),
	}
}

// run lets the command answer those who may use it.
func (t *Table) run(ctx context.Context, row *command, r request) (bot.Reply, error) {
	switch row.access {
	case anyone:
		return row.handle(ctx, r)
	case administrators:
		may, err := administers(ctx, r)
		if err != nil {
			t.Log.Warn("a platform doesn't tell who administers a place", "platform", string(r.Actor.Platform), "chat", r.Place.Chat, "error", err)
			return refuse(r.say.Say("error.unknown_manage")), nil
		}
		if may {
			return row.handle(ctx, r)
		}
		return refuse(r.say.Say("error.not_allowed_manage")), nil
	case editors:
		if r.editor {
			return row.handle(ctx, r)
		}
		return refuse(r.say.Say("error.not_allowed_editor")), nil
	}
	return bot.Reply{}, &digest.Error{Code: digest.NotAllowed}
}

func administers(ctx context.Context, r request) (bool, error) {
	if r.Kind == bot.Private {
		return true, nil
	}
	if r.Administers == nil {
		return false, nil
	}
	return r.Administers(ctx)
}

// failed tells a person what went wrong, and the operator what people can't
// mend.
func (t *Table) failed(ctx context.Context, r request, err error) bot.Reply {
	if code := digest.CodeOf(err); code != "" {
		return refuse(sentence(r.say, err))
	}
	if ctx.Err() == nil {
		t.Log.Error("a command failed", "command", r.Command, "platform", string(r.Actor.Platform), "error", err)
	}
	return refuse(r.say.Say("error.internal"))
}

// refuse is a reply of one sentence for the asker alone.
func refuse(sentence string) bot.Reply {
	return bot.Reply{Doc: compose.Say(sentence), Personal: true}
}
