// render: a Doc as lines of text.

package terminal

import (
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/rivo/uniseg"

	"github.com/strillone/strillone/digest/markup"
)

// narrowest is the least room text gets, however deep it stands in other blocks.
const narrowest = 20

// page renders for one window.
type page struct {
	width int
	color bool
	speak func(line string) string // a command line in the person's language; nil: as it is
}

// SGR codes of blocks.
const (
	plain = ""
	bold  = "1"
	dim   = "2"
	title = "1;36"
	typed = "36"
)

// codes are the SGR codes of inline styles. Commands to type are in Code.
var codes = []struct {
	style markup.Style
	code  string
}{
	{markup.Bold, "1"}, {markup.Italic, "3"}, {markup.Underline, "4"}, {markup.Strike, "9"}, {markup.Code, typed},
}

// doc is the whole document, without a line feed at its end.
func (p page) doc(d markup.Doc) string {
	lines := p.blocks(d.Blocks, p.width)
	buttons := p.buttons(d)
	if len(lines) > 0 && len(buttons) > 0 {
		lines = append(lines, "")
	}
	return strings.Join(append(lines, buttons...), "\n")
}

// blocks are the lines of blocks, with an empty one between those that don't
// belong together.
func (p page) blocks(blocks []markup.Block, width int) []string {
	var lines []string
	var before markup.Block
	for _, b := range blocks {
		own := p.block(b, width)
		if len(own) == 0 {
			continue
		}
		if before != nil && !tight(before, b) {
			lines = append(lines, "")
		}
		lines = append(lines, own...)
		before = b
	}
	return lines
}

// tight says whether a block stands right under another: a note under anything,
// and anything but an entry of its own under a heading.
func tight(above, below markup.Block) bool {
	switch below.(type) {
	case markup.Note:
		_, entry := above.(markup.Section)
		return !entry
	case markup.Heading, markup.Section, markup.Divider:
		return false
	}
	_, heading := above.(markup.Heading)
	return heading
}

func (p page) block(b markup.Block, width int) []string {
	width = max(width, narrowest)
	switch b := b.(type) {
	case markup.Heading:
		if b.Level == 1 {
			return p.text(b.Text, width, title)
		}
		return p.text(b.Text, width, bold)
	case markup.Paragraph:
		return p.text(b.Text, width, plain)
	case markup.Note:
		return p.text(b.Text, width, dim)
	case markup.List:
		return p.list(b, width)
	case markup.Quote:
		return p.quote(b, width)
	case markup.Details:
		if b.Extra {
			return nil
		}
		return slices.Concat(
			hang("▾ ", "  ", p.text(b.Summary, width-2, bold)),
			hang("  ", "  ", p.blocks(b.Blocks, width-2)))
	case markup.Divider:
		return []string{p.paint(strings.Repeat("─", min(width, 40)), dim)}
	case markup.Section:
		return append(p.blocks(b.Blocks, width), p.row([]markup.Action{b.Action}, width)...)
	}
	return nil
}

func (p page) list(l markup.List, width int) []string {
	var lines []string
	digits := len(strconv.Itoa(len(l.Items)))
	for i, item := range l.Items {
		marker := "• "
		if l.Ordered {
			marker = fmt.Sprintf("%*d. ", digits, i+1)
		}
		room := uniseg.StringWidth(marker)
		lines = append(lines, hang(marker, strings.Repeat(" ", room), p.text(item, width-room, plain))...)
	}
	return lines
}

func (p page) quote(q markup.Quote, width int) []string {
	var lines []string
	for i, paragraph := range q.Paragraphs {
		if i > 0 {
			lines = append(lines, "")
		}
		lines = append(lines, p.text(paragraph, width-2, plain)...)
	}
	bar := p.paint("│", dim) + " "
	return hang(bar, bar, lines)
}

// hang puts first before the first line and then before every other one.
func hang(first, then string, lines []string) []string {
	for i, line := range lines {
		lines[i] = strings.TrimRight(first+line, " ")
		first = then
	}
	return lines
}

// text are the lines of a text, painted. Text that is empty has none.
func (p page) text(t markup.Text, width int, look string) []string {
	var lines []string
	for _, line := range wrap(spelled(t).Trim(), max(width, narrowest)) {
		lines = append(lines, p.line(line, look))
	}
	if len(lines) == 1 && lines[0] == "" {
		return nil
	}
	return lines
}

func (p page) line(t markup.Text, look string) string {
	var b strings.Builder
	for _, s := range t {
		looks := []string{look}
		for _, c := range codes {
			if s.Style&c.style != 0 {
				looks = append(looks, c.code)
			}
		}
		if strings.HasPrefix(s.Text, "<") && s.URL != "" {
			looks = append(looks, dim)
		}
		b.WriteString(p.paint(s.Text, looks...))
	}
	return b.String()
}

// paint puts SGR codes around a text, where there is colour.
func (p page) paint(s string, looks ...string) string {
	looks = slices.DeleteFunc(looks, func(l string) bool { return l == plain })
	if !p.color || len(looks) == 0 || s == "" {
		return s
	}
	return "\x1b[" + strings.Join(looks, ";") + "m" + s + "\x1b[0m"
}

// buttons are the lines of a document's rows and menu.
func (p page) buttons(d markup.Doc) []string {
	var lines []string
	for _, row := range d.Rows {
		lines = append(lines, p.row(row, p.width)...)
	}
	if d.Menu == nil {
		return lines
	}
	menu := p.menu(*d.Menu)
	if len(lines) > 0 && len(menu) > 0 {
		lines = append(lines, "")
	}
	return append(lines, menu...)
}

// menu is what a menu offers elsewhere in a row, or else a list of its commands
// and what each chooses: a menu can't unfold here.
func (p page) menu(m markup.Menu) []string {
	if len(m.Else) > 0 {
		return p.row(m.Else, p.width)
	}
	lines := p.text(markup.T(m.Label), p.width, dim)
	room := 0
	for _, item := range m.Items {
		room = max(room, uniseg.StringWidth(p.target(item))+2)
	}
	for _, item := range m.Items {
		lines = append(lines, p.item(item, min(room, p.width/2))...)
	}
	return lines
}

// item is an item of a menu: what to type, in a column of that room, then what
// it chooses, which stands below what is too long for the column.
func (p page) item(a markup.Action, room int) []string {
	to := p.target(a)
	label := p.text(markup.T(cleanLine(a.Label)), p.width-room, plain)
	indent := strings.Repeat(" ", room)
	gap := room - uniseg.StringWidth(to)
	if gap < 2 || len(label) == 0 {
		return append(p.text(markup.T(to), p.width, typed), hang(indent, indent, label)...)
	}
	return hang(p.paint(to, typed)+strings.Repeat(" ", gap), indent, label)
}

// row puts buttons side by side, as many as a line has room for.
func (p page) row(actions []markup.Action, width int) []string {
	const between = "  "
	var lines []string
	column := 0
	for _, a := range actions {
		b := p.button(a)
		if b.Len() == 0 {
			continue
		}
		room := uniseg.StringWidth(b.String())
		if column > 0 && column+len(between)+room <= width {
			lines[len(lines)-1] += between + p.line(b, plain)
			column += len(between) + room
			continue
		}
		for _, line := range wrap(b, max(width, narrowest)) {
			lines = append(lines, p.line(line, plain))
			column = uniseg.StringWidth(line.String())
		}
	}
	return lines
}

// button is what to type, after what it does: [Leggi: /leggi 14].
func (p page) button(a markup.Action) markup.Text {
	label, to := markup.T(cleanLine(a.Label)), p.target(a)
	if to == "" {
		return nil
	}
	if a.Tone == markup.Primary {
		label = markup.B(label.String())
	}
	if label.Len() > 0 {
		label = markup.Concat(label, markup.T(": "))
	}
	return markup.Concat(markup.T("["), label, markup.Text{{Text: to, Style: markup.Code}}, markup.T("]"))
}

// target is the command to type for an action, or the address it opens. Dots
// stand for what an action asks for.
func (p page) target(a markup.Action) string {
	command := p.spoken(cleanLine(a.Command))
	switch {
	case command == "":
		return cleanLine(a.URL)
	case a.Input != nil:
		return "/" + command + " …"
	}
	return "/" + command
}

// spoken is a command line as the person would type it.
func (p page) spoken(line string) string {
	if p.speak == nil || line == "" {
		return line
	}
	return p.speak(line)
}
