// Rich: blocks in the HTML of rich messages
// (https://core.telegram.org/bots/api#rich-message-formatting-options).

package telegram

import (
	"strings"

	"github.com/strillone/strillone/digest/markup"
)

// The limits of a rich message, a little below what sendRichMessage documents:
// 32,768 characters, 500 blocks. Nothing here nests as deep as the 16 it allows.
const (
	maxRichUnits  = 32_000
	maxRichBlocks = 450
)

// rich is the rich form of blocks, the last of which, a Note, may be the foot of
// all. There is none that would pass a limit; what is extra goes first.
func rich(bs []markup.Block, foot bool) (string, bool) {
	if len(bs) == 0 {
		return "", false
	}
	for _, extras := range []bool{true, false} {
		w := richWriter{extras: extras}
		last := len(bs) - 1
		if note, ok := bs[last].(markup.Note); ok && foot && last > 0 {
			w.blocks(bs[:last])
			w.element("footer", inline(note.Text))
		} else {
			w.blocks(bs)
		}
		if html := w.String(); html != "" && units(html) <= maxRichUnits && w.count <= maxRichBlocks {
			return html, true
		}
	}
	return "", false
}

// gains says whether a block shows better in a rich message: entries under
// headings of their own, and what unfolds.
func gains(b markup.Block) bool {
	switch b := b.(type) {
	case markup.Heading:
		return b.Level > 1
	case markup.Details:
		return true
	}
	return false
}

func isNote(b markup.Block) bool { _, ok := b.(markup.Note); return ok }

// richWriter writes elements and counts them: each may be a block.
type richWriter struct {
	strings.Builder
	extras bool
	count  int
}

func (w *richWriter) blocks(bs []markup.Block) {
	for _, b := range bs {
		w.block(b)
	}
}

func (w *richWriter) block(b markup.Block) {
	switch b := b.(type) {
	case markup.Heading:
		level := "h2"
		if b.Level > 1 {
			level = "h3"
		}
		w.element(level, inline(b.Text))
	case markup.Paragraph:
		w.element("p", inline(b.Text))
	case markup.Note:
		w.element("p", inline(styled(b.Text, markup.Italic)))
	case markup.List:
		w.list(b)
	case markup.Quote:
		var inner richWriter
		for _, p := range b.Paragraphs {
			inner.element("p", inline(p))
		}
		w.count += inner.count
		w.element("blockquote", inner.String())
	case markup.Details:
		w.details(b)
	case markup.Divider:
		w.count++
		w.WriteString("<hr/>")
	case markup.Section:
		w.blocks(b.Blocks)
	}
}

func (w *richWriter) list(l markup.List) {
	name := "ul"
	if l.Ordered {
		name = "ol"
	}
	var items strings.Builder
	for _, item := range l.Items {
		w.count++
		items.WriteString("<li>" + inline(item) + "</li>") // an empty one keeps its number
	}
	w.element(name, items.String())
}

// details unfold. Without a line to tap on, or without anything behind it, they
// are what there is.
func (w *richWriter) details(d markup.Details) {
	if d.Extra && !w.extras {
		return
	}
	inner := richWriter{extras: w.extras}
	inner.blocks(d.Blocks)
	summary := inline(d.Summary)
	w.count += inner.count
	switch {
	case summary == "":
		w.WriteString(inner.String())
	case inner.Len() == 0:
		w.element("p", inline(styled(d.Summary, markup.Bold)))
	default:
		w.count += 2
		w.WriteString("<details><summary>" + summary + "</summary>" + inner.String() + "</details>")
	}
}

// element writes an element with a text, unless that is empty.
func (w *richWriter) element(name, text string) {
	if text == "" {
		return
	}
	w.count++
	w.WriteString("<" + name + ">" + text + "</" + name + ">")
}

// inline is a text within a block; empty where nothing is to be seen.
func inline(t markup.Text) string {
	f := flowOf(t, open).trim()
	if f.blank() {
		return ""
	}
	var lines []string
	for line := range strings.SplitSeq(f.String(), "\n") { // no style spans a line's end
		var head flow
		head, f = f.cut(len(line))
		_, f = f.cut(len("\n"))
		lines = append(lines, head.message().html)
	}
	return strings.Join(lines, "<br/>")
}
