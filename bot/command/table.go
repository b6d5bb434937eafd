// Table: the list of commands, and the way from a request to its reply.

package command

import (
	"context"
	"log/slog"
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
	DigestByID(ctx context.Context, id int64) (digest.Digest, error)
	DigestWith(ctx context.Context, to digest.Destination, number int) (digest.Digest, error)
}

// Subscriptions are who gets the digest; storage.Store says what each method
// promises.
type Subscriptions interface {
	Subscribe(ctx context.Context, to digest.Destination, l digest.Language, at time.Time) (digest.Subscription, digest.Joining, error)
	Unsubscribe(ctx context.Context, to digest.Destination, at time.Time) (bool, error)
	Subscription(ctx context.Context, to digest.Destination) (digest.Subscription, error)
	Leave(ctx context.Context, from digest.Destination, reason string, at time.Time) (int, error)
	Return(ctx context.Context, to digest.Destination, at time.Time) ([]digest.Subscription, error)
	Configure(ctx context.Context, to digest.Destination, change func(*digest.Settings) error, at time.Time) (digest.Subscription, error)
	NextDue(ctx context.Context, to digest.Destination, now time.Time) (time.Time, error)
}

// People is what is kept of people; storage.Store says what each method
// promises.
type People interface {
	DataOf(ctx context.Context, who digest.Person, home digest.Destination) (digest.Record, error)
	Forget(ctx context.Context, who digest.Person, home digest.Destination, at time.Time) error
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
	Archive       Archive
	Readers       Readers
	Subscriptions Subscriptions
	Newsroom      Newsroom
	Reports       Reports
	People        People
	// Named is what people call a place; nil: nobody knows.
	Named    func(context.Context, digest.Destination) string
	Pace     map[digest.Platform]float64 // deliveries a second, where known
	Writer   compose.Writer
	Editors  map[digest.Platform][]string // who may publish, by platform id
	Language digest.Language              // for those whose language isn't spoken here
	Title    string                       // the newsletter's name
	Now      func() time.Time
	Next     func(time.Time) time.Time // when the next digest goes out
	Log      *slog.Logger
}

// Table answers every command. It implements bot.Handler.
type Table struct {
	Config
	commands []command
	byName   map[string]*command
	flood    *flood
	finding  *flood
	ballots  *ballots
}

var _ bot.Handler = (*Table)(nil)

// request is a bot.Request with what the table knows of its actor, and of the
// place that it is about.
type request struct {
	bot.Request
	say    *locale.Printer
	editor bool
	at     digest.Destination // the place asked about: Place, or the one " in:" names
	in     string             // " in:…", when it isn't Place
	row    *command
}

// New makes the table.
func New(c Config) *Table {
	t := &Table{Config: c, byName: make(map[string]*command), flood: newFlood(asking, c.Now), finding: newFlood(looking, c.Now), ballots: newBallots()}
	t.commands = t.rows()
	for i := range t.commands {
		row := &t.commands[i]
		for _, name := range append(names(row.name), row.also...) {
			t.byName[name] = row
		}
	}
	return t
}

// Command answers a command, typed or pressed.
func (t *Table) Command(ctx context.Context, r bot.Request) bot.Reply {
	if reply, slowed := t.slow(ctx, r); slowed {
		return reply
	}
	req := t.request(ctx, r)
	row, ok := t.byName[strings.ToLower(r.Command)]
	if ok = ok && (row.only == "" || row.only == r.Actor.Platform); !ok {
		return t.unknown(req)
	}
	reply, err := t.run(ctx, row, req)
	if err != nil {
		return t.failed(ctx, req, err)
	}
	return reply
}

// unknown answers what is no command. In a shared place it may be meant for
// another bot; a button that was pressed was this one's, once.
func (t *Table) unknown(r request) bot.Reply {
	switch {
	case r.Pressed || r.Command == bot.StaleCommand:
		return bot.Reply{Notice: r.say.Say("error.stale"), Personal: true}
	case r.Kind == bot.Shared:
		return bot.Reply{}
	}
	return refuse(r.say.Say("hint.unknown", locale.Args{"Command": repeated(r.Command)}))
}

// Text answers a message that is no command: an editor's article, or a hint.
func (t *Table) Text(ctx context.Context, text bot.Text) bot.Reply {
	if reply, slowed := t.slow(ctx, text.Request); slowed {
		return reply
	}
	req := t.request(ctx, text.Request)
	switch {
	case req.editor:
	case text.Edited:
		return bot.Reply{}
	case text.Pressed:
		return refuse(req.say.Say("error.not_allowed_editor"))
	default:
		return refuse(req.say.Say("hint.text"))
	}
	reply, err := t.Newsroom.Submit(ctx, text, req.say)
	if err != nil {
		return t.failed(ctx, req, err)
	}
	return reply
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
