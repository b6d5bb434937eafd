// Package markup is the platform-neutral language of everything Strillone says:
// rich inline Text, and Doc, a short document of blocks and actions. Adapters
// render a Doc; nothing in here knows any platform.
//
// Invariants: a Span holds text, never markup, so escaping is the renderer's
// work alone and is done exactly once; a URL in a Span or an Action is http or
// https (see Link), whoever wrote it.
package markup

// Doc is one document, from the top block to the bottom row of buttons.
// Renderers may split it into several messages; actions then go under the last.
type Doc struct {
	Blocks []Block
	Rows   [][]Action
	Menu   *Menu
}

// Block is one of Heading, Paragraph, Note, List, Quote, Details, Divider and
// Section.
type Block interface{ block() }

// Heading is a line in bold. Level 1 opens the document, level 2 an entry.
type Heading struct {
	Level int
	Text  Text
}

// Paragraph is running text. A line feed in it is a line break.
type Paragraph struct{ Text Text }

// Note is a secondary line: topics, a date, a count. Platforms show it smaller
// or fainter where they can.
type Note struct{ Text Text }

// List is a list of items, numbered from 1 when Ordered.
type List struct {
	Ordered bool
	Items   []Text
}

// Quote is quoted text. A Collapsible one may be shown folded when long.
type Quote struct {
	Paragraphs  []Text
	Collapsible bool
}

// Details is content behind a line that unfolds it, where a platform can fold;
// elsewhere the summary stands above the content.
type Details struct {
	Summary Text
	Blocks  []Block
	// Extra says that it can be had otherwise, with a button: where a platform
	// can't fold it away whole, it is left out.
	Extra bool
}

// Divider is a rule between parts of a document.
type Divider struct{}

// Section is an entry of a document that belongs together and has one action
// of its own: on Discord its button stands beside it; on Telegram the buttons
// of all sections stand in rows below, by their Short labels.
type Section struct {
	Blocks []Block
	Action Action
}

func (Heading) block()   {}
func (Paragraph) block() {}
func (Note) block()      {}
func (List) block()      {}
func (Quote) block()     {}
func (Details) block()   {}
func (Divider) block()   {}
func (Section) block()   {}

// Action is a button: it runs a command as if the person had typed it, or opens
// a link. Exactly one of Command and URL is set.
type Action struct {
	Label   string // what the button says
	Short   string // what it says where many stand side by side; Label if empty
	Command string // a command line without the slash: "fonti 12"; at most 1024 bytes
	URL     string
	Tone    Tone
	// Input asks the person for a text before the command runs, with that text at
	// the end of its line; nil: it runs at once. Only with Command.
	Input *Input
}

// Input is what an Action asks for.
type Input struct {
	Label string // what is wanted: at most 45 characters
	Hint  string // an example, shown where nothing is typed yet: at most 100 characters
}

// Tone says how a button weighs among the others.
type Tone uint8

// The tones. Platforms without colours ignore them.
const (
	Plain Tone = iota
	Primary
	Danger
)

// Menu offers one choice among many items: a select menu where the platform has
// one; elsewhere the buttons of Else, or, when Else is empty, one button for
// each item.
type Menu struct {
	Label string
	Items []Action
	Else  []Action
}

// Commands lists the command lines of all actions of the document, in order.
// A message that is answered is about what these commands name.
func (d Doc) Commands() []string {
	var commands []string
	add := func(actions ...Action) {
		for _, a := range actions {
			if a.Command != "" {
				commands = append(commands, a.Command)
			}
		}
	}
	for _, b := range d.Blocks {
		if s, ok := b.(Section); ok {
			add(s.Action)
		}
	}
	for _, row := range d.Rows {
		add(row...)
	}
	if d.Menu != nil {
		add(d.Menu.Items...)
	}
	return commands
}
