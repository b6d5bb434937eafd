// Render: a document as lines of markdown, sections, rules and rows of buttons;
// layout.go puts them into messages.

package discord

import (
	"strconv"
	"strings"

	"github.com/strillone/strillone/digest/delivery"
	"github.com/strillone/strillone/digest/markup"
)

// line is one line of markdown: text behind a prefix that Discord reads as
// block markup. Text that doesn't fit in one message goes on in the next behind
// again.
type line struct {
	prefix string
	again  string
	text   markup.Text
	opens  bool // a heading: it shouldn't be the last line of a message
}

func (l line) String() string { return l.prefix + inline(l.text) }

// size is the units of the line; of one that fits in no message, some number
// over maxText.
func (l line) size() int {
	s := l.text.String()
	if len(within(s, maxText)) < len(s) {
		return maxText + 1
	}
	return units(l.String())
}

// blank says that the line only makes room between two others.
func (l line) blank() bool { return l.text.Len() == 0 }

// item is what a layout places: lines, lines with a button beside them, or a
// rule.
type item struct {
	lines  []line
	button *markup.Action
	rule   bool
}

// Render turns a document into messages, each one container of at most 40
// components and 4000 characters of text (docs.discord.com, Component
// Reference). Text is cut between blocks where that will do, else at the end of
// a paragraph, a sentence, a word, a character. A button stays with its
// section; rows and menu stand at the end. An Action that Discord has no room
// for, an address over 512 characters, is left out.
func (a *Adapter) Render(doc markup.Doc) ([]delivery.Part, error) {
	doc, err := a.opaque(doc)
	if err != nil {
		return nil, err
	}
	l := layout{accent: a.accent, embeds: a.format == Embeds}
	l.place(items(doc.Blocks), append(rows(doc.Rows), menus(doc.Menu)...))
	return l.parts()
}

// items cuts the blocks of a document where a section or a rule stands.
func items(blocks []markup.Block) []item {
	var out []item
	text := func(lines []line) {
		if n := len(out); n > 0 && out[n-1].button == nil && !out[n-1].rule {
			out[n-1].lines = stack(out[n-1].lines, lines)
			return
		}
		out = append(out, item{lines: lines})
	}
	for _, block := range blocks {
		switch b := block.(type) {
		case markup.Divider:
			out = append(out, item{rule: true})
		case markup.Section:
			out = append(out, item{rule: true}, section(b), item{rule: true})
		default:
			text(lines(b))
		}
	}
	return out
}

// section is an entry with its button, as far as it has one to show.
func section(s markup.Section) item {
	it := item{lines: linesOf(s.Blocks)}
	if _, ok := button(s.Action); ok {
		it.button = &s.Action
	}
	return it
}

func linesOf(blocks []markup.Block) []line {
	var all []line
	for _, b := range blocks {
		all = stack(all, lines(b))
	}
	return all
}

// stack puts lines below others, with an empty line between two paragraphs: a
// heading stands close over its text, a note close under it.
func stack(above, below []line) []line {
	if len(above) == 0 || len(below) == 0 {
		return append(above, below...)
	}
	if !above[len(above)-1].opens && !strings.HasPrefix(below[0].prefix, notePrefix) {
		above = append(above, line{})
	}
	return append(above, below...)
}

// Block markup (support.discord.com, Markdown Text 101).
const (
	headingPrefix = "## "
	notePrefix    = "-# "
	quotePrefix   = "> "
	bulletPrefix  = "- "
)

// lines are the lines of one block, none when it has no text.
func lines(block markup.Block) []line {
	switch b := block.(type) {
	case markup.Heading:
		return heading(b)
	case markup.Paragraph:
		return prefixed("", b.Text)
	case markup.Note:
		return prefixed(notePrefix, b.Text)
	case markup.List:
		return list(b)
	case markup.Quote:
		var all []line
		for _, p := range b.Paragraphs {
			all = stack(all, prefixed("", p))
		}
		return quoted(all)
	case markup.Details:
		if b.Extra {
			return nil // it can't be folded away
		}
		return append(boldLine(b.Summary), quoted(linesOf(b.Blocks))...)
	case markup.Section: // inside Details, where no button can stand
		return linesOf(b.Blocks)
	}
	return nil
}

// prefixed are the lines of a text, each behind prefix.
func prefixed(prefix string, t markup.Text) []line {
	var all []line
	for _, l := range t.Lines() {
		all = append(all, line{prefix: prefix, again: prefix, text: cleanText(l).Trim()})
	}
	return unpadded(all)
}

func cleanText(t markup.Text) markup.Text {
	out := make(markup.Text, len(t))
	for i, s := range t {
		s.Text = clean(s.Text)
		out[i] = s
	}
	return out
}

func heading(h markup.Heading) []line {
	text := markup.Join(h.Text.Lines(), " ")
	if h.Level > 1 {
		return boldLine(text)
	}
	return opens(prefixed(headingPrefix, text))
}

// boldLine is a line in bold that stands over what it opens.
func boldLine(t markup.Text) []line {
	bold := make(markup.Text, len(t))
	for i, s := range t {
		s.Style |= markup.Bold
		bold[i] = s
	}
	return opens(prefixed("", bold))
}

func opens(lines []line) []line {
	for i := range lines {
		lines[i].opens = true
	}
	return lines
}

func list(b markup.List) []line {
	var all []line
	for i, text := range b.Items {
		mark := bulletPrefix
		if b.Ordered {
			mark = strconv.Itoa(i+1) + ". "
		}
		again := strings.Repeat(" ", len(mark))
		for j, l := range prefixed(again, text) {
			if j == 0 {
				l.prefix = mark
			}
			all = append(all, l)
		}
	}
	return all
}

// quoted puts lines into a quote. Quotes don't nest on Discord.
func quoted(lines []line) []line {
	for i := range lines {
		if strings.HasPrefix(lines[i].prefix, quotePrefix) {
			continue
		}
		lines[i].prefix = quotePrefix + lines[i].prefix
		lines[i].again = quotePrefix + lines[i].again
	}
	return lines
}
