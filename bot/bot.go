// Request, Reply, Handler and Adapter: the words between adapters and commands.

package bot

import (
	"context"
	"time"

	"github.com/strillone/strillone/digest"
	"github.com/strillone/strillone/digest/delivery"
	"github.com/strillone/strillone/digest/markup"
)

// Kind is what sort of place a request comes from.
type Kind uint8

// The kinds of places.
const (
	Private Kind = iota // one person and the bot
	Shared              // a group, a server's channel: many people
	Channel             // a place that its readers can't write in; it is managed from a private one
)

// Actor is the person who asks.
type Actor struct {
	Platform digest.Platform
	ID       string // the platform's numeric id
	Name     string // for messages, never for decisions
	Language string // BCP 47 tag the platform reports; may be empty
	// Anonymous says that it is an administrator whom the platform doesn't name:
	// the ID stands for all of those.
	Anonymous bool
}

// Request is one thing a person asks of the bot: a command typed, a button
// pressed, an item chosen.
type Request struct {
	Actor   Actor
	Place   digest.Destination
	Kind    Kind
	Command string   // name or alias, lower case, without slash or @botname
	Args    string   // the rest, trimmed
	Quoted  []string // command lines of the buttons on the message that is replied to or whose button was pressed
	Pressed bool     // it came from a button or menu rather than from a keyboard
	// Administers says whether the actor administers the place, asking the
	// platform if it must. It is asked only when a command needs to know. In a
	// private place everyone administers.
	Administers func(context.Context) (bool, error)
	// AdministersIn says the same of another place of that platform, for those
	// who manage a place from a private chat. nil: it can't be told, and nobody
	// does.
	AdministersIn func(context.Context, digest.Destination) (bool, error)
	// Missing says what the bot may not do in a place, of what deliveries there
	// need. nil: nothing is known to be missing.
	Missing func(context.Context, digest.Destination) ([]Permission, error)
}

// Permission names something that a bot must be allowed to do in a place;
// bot/locale has the platform's own words for it under "permission.<name>".
type Permission string

// The permissions that deliveries can need.
const (
	SeeChannel     Permission = "see_channel"
	WriteMessages  Permission = "write_messages"
	WriteInThreads Permission = "write_in_threads"
	WriteInTopic   Permission = "write_in_topic"
	PostInChannel  Permission = "post_in_channel"
	ShowLinks      Permission = "show_links" // Discord's embeds
	OpenThreads    Permission = "open_threads"
	MentionRoles   Permission = "mention_roles" // or the role must let itself be mentioned
)

// Query is what a person has typed so far while they look for an article:
// Discord's autocomplete, Telegram's inline mode.
type Query struct {
	Actor Actor
	Words string // as typed; the last word may be unfinished
	Skip  int    // results already shown
	Limit int
}

// Found is what a Query found, best first.
type Found struct {
	Articles []Hit
	More     bool   // there are others after these
	Nothing  string // when there is none: what the button to the bot says, at most 64 characters
}

// Hit is an article that was found.
type Hit struct {
	Number int
	Title  string
	Lead   string     // one line, short
	Doc    markup.Doc // what is posted when it is chosen: short, one message everywhere
}

// StaleCommand is the Command of a request whose button stands for nothing that
// is known. The Handler says so in a Notice.
const StaleCommand = "?"

// Text is a message that is no command: for an editor, an article. What the
// platform doesn't tell is left empty.
type Text struct {
	Request
	Submission digest.Submission
	Message    string       // the platform's id of it: a number that grows within the chat
	Edited     bool         // it was sent before, and changed now
	Album      string       // messages of one album have the same
	Origin     string       // who wrote first what is forwarded, in whatever words of the platform
	Written    time.Time    // when; for what is not forwarded, when it was sent
	Limit      int          // UTF-16 units that a message holds; 0 where clients never cut a text
	Files      []Attachment // that came with it
}

// Reply answers a request. The zero Reply says nothing.
type Reply struct {
	Doc markup.Doc
	// Personal says that it concerns the person who asked alone: a shared
	// place shows it to that person only, where the platform can.
	Personal bool
	// Replace says that it takes the place of the message whose button was
	// pressed, where that is the asker's own (a preview, a private chat).
	Replace bool
	// Notice is a word on what a press did, short enough for a toast.
	Notice string
	// File is sent with the Doc; nil: none. Only to the asker, in private.
	File *File
	// Choose offers to pick a place with the platform's own list of those that the
	// person administers; nil: nothing is offered. Only in private, and on
	// platforms that have such a list; it takes the place of the Doc's buttons.
	Choose *Choose
}

// Choose is how a person picks a place. The choice comes back as the command
// "impostazioni in:<chat>".
type Choose struct {
	Channel string // what the button that lists channels says
	Group   string // what the one that lists groups says
}

// File is a document that a person asked for.
type File struct {
	Name    string // with its extension
	Content []byte
}

// Empty says whether there is nothing to send.
func (r Reply) Empty() bool {
	return len(r.Doc.Blocks) == 0 && len(r.Doc.Rows) == 0 && r.Doc.Menu == nil &&
		r.Notice == "" && r.File == nil && r.Choose == nil
}

// Handler answers people. It never fails: an error becomes a Reply in the
// reader's language. It is safe for concurrent use.
type Handler interface {
	// Command answers a command, typed or pressed.
	Command(ctx context.Context, r Request) Reply
	// Text answers a message that is no command, in a private place or
	// addressed to the bot.
	Text(ctx context.Context, t Text) Reply
	// Joined answers the bot's being let into a place that it could not write to
	// before: what is subscribed there goes on. The Actor is who let it in. The
	// Reply is empty where there is nothing to go on with.
	Joined(ctx context.Context, r Request) Reply
	// Left takes note that the bot can't write to a place any more, nor to any
	// thread of it: a person blocked it, a group removed it. The reason is for
	// operators.
	Left(ctx context.Context, place digest.Destination, reason string)
	// Find answers what is typed while an article is looked for. It answers
	// within a fraction of a second; what fails finds nothing.
	Find(ctx context.Context, q Query) Found
	// Menu lists the commands to register with a platform.
	Menu() []Entry
}

// Entry is a command as a platform's own menu shows it.
type Entry struct {
	Name        string                     // canonical: lower-case ASCII, Italian
	Names       map[digest.Language]string // the name in other languages
	Description map[digest.Language]string // at most 100 characters
	Argument    *Argument                  // nil: takes none
	Editors     bool                       // of use to editors only
	Manage      bool                       // in shared places, for administrators only
	OfMessage   bool                       // of a message, in its own menu: what it says goes to Handler.Text
	Only        digest.Platform            // the one platform it is of use on; empty: all
}

// Argument is the one optional argument of a command.
type Argument struct {
	Name        string // lower-case ASCII
	Names       map[digest.Language]string
	Description map[digest.Language]string
}

// Adapter joins one platform: it takes updates to the Handler, and the Docs of
// deliveries to the platform.
type Adapter interface {
	delivery.Renderer
	delivery.Sender
	// Platform is the adapter's name.
	Platform() digest.Platform
	// Check asks the platform whether it accepts the bot's credentials and
	// returns the bot's name there.
	Check(ctx context.Context) (string, error)
	// Run receives updates and answers them with h until ctx ends, then waits
	// for what is under way and returns nil. An error means that the platform
	// can't be served any more (credentials refused): the
	// others go on.
	Run(ctx context.Context, h Handler) error
}
