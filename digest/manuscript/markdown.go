// Markdown: as CommonMark has it, on the lines it was written on.

package manuscript

import (
	"strconv"
	"strings"

	"github.com/yuin/goldmark"
	"github.com/yuin/goldmark/ast"
	"github.com/yuin/goldmark/extension"
	"github.com/yuin/goldmark/text"
	"github.com/yuin/goldmark/util"

	"github.com/strillone/strillone/digest/markup"
)

// markdown reads Markdown. Every word stays on its line of the source, so that
// what is said of a line is true of the file. Headings of the first level keep
// their mark; the others become bold. Quotations lose theirs; a rule is three
// dashes.
func markdown(source string) markup.Text {
	source = strings.NewReplacer("\r\n", "\n", "\r", "\n").Replace(source)
	w := &writer{source: []byte(source), line: 1, titles: make(map[int]bool)}
	parser := goldmark.New(goldmark.WithExtensions(extension.Strikethrough)).Parser()
	w.blocks(parser.Parse(text.NewReader(w.source)))
	return entitled(markup.Concat(w.out).Lines(), w.titles)
}

// writer writes what was read.
type writer struct {
	source []byte
	read   int // of the source, for the line
	at     int // the line of source[read]
	line   int // of out
	out    markup.Text
	titles map[int]bool // the lines that are headings of the first level, from 0
}

// reach goes down to the line of an offset of the source, which is never above
// the last; marks, such as that of a list, begin it.
func (w *writer) reach(offset int, marks string) {
	for ; w.read < min(offset, len(w.source)); w.read++ {
		if w.source[w.read] == '\n' {
			w.at++
		}
	}
	feeds := max(w.at+1-w.line, 0)
	w.line += feeds
	w.put(markup.Span{Text: strings.Repeat("\n", feeds) + marks})
}

func (w *writer) put(s markup.Span) { w.out = append(w.out, s) }

// look is how text looks.
type look struct {
	style markup.Style
	url   string
}

// blocks writes the blocks in a node. The depth of nodes is bounded by the
// length of the source; goldmark itself walks it in the same way.
func (w *writer) blocks(in ast.Node) {
	for n := in.FirstChild(); n != nil; n = n.NextSibling() {
		switch n := n.(type) {
		case *ast.Heading:
			w.heading(n)
		case *ast.ThematicBreak:
			w.reach(n.Pos(), "---")
		case *ast.List:
			w.list(n)
		case *ast.CodeBlock, *ast.FencedCodeBlock:
			w.lines(n, markup.Code)
		case *ast.HTMLBlock:
			w.lines(n, 0)
		case *ast.Paragraph, *ast.TextBlock:
			w.inlines(n, look{})
		default: // quotations, and what else holds blocks
			w.blocks(n)
		}
	}
}

// heading writes a heading. One whose mark is a line of dashes below it is
// rather a text with a rule: who writes "---" between articles leaves no blank
// line above it.
func (w *writer) heading(n *ast.Heading) {
	lines := n.Lines()
	if lines.Len() == 0 {
		return
	}
	first, last := lines.At(0), lines.At(lines.Len()-1)
	switch {
	case n.Level == 1:
		w.reach(first.Start, "")
		w.titles[w.line-1] = true
		w.inlines(n, look{})
	case w.underlined(first.Start):
		w.inlines(n, look{})
		w.reach(last.Stop+1, "---")
	default:
		w.inlines(n, look{style: markup.Bold})
	}
}

// underlined says whether a heading's text stands without a mark before it.
func (w *writer) underlined(start int) bool {
	for i := start - 1; i >= 0 && w.source[i] != '\n'; i-- {
		if w.source[i] == '#' {
			return false
		}
	}
	return true
}

// list writes a list.
func (w *writer) list(n *ast.List) {
	number := n.Start
	for item := n.FirstChild(); item != nil; item = item.NextSibling() {
		mark := "– "
		if n.IsOrdered() {
			mark = strconv.Itoa(number) + ". "
		}
		w.reach(item.Pos(), mark)
		w.blocks(item)
		number++
	}
}

// lines writes the lines of a block as they are.
func (w *writer) lines(n ast.Node, style markup.Style) {
	for _, l := range n.Lines().Sliced(0, n.Lines().Len()) {
		w.reach(l.Start, "")
		w.put(markup.Span{Text: strings.TrimRight(string(l.Value(w.source)), "\n"), Style: style})
	}
}

// inlines writes the text in a node.
func (w *writer) inlines(in ast.Node, as look) {
	for n := in.FirstChild(); n != nil; n = n.NextSibling() {
		inner := as
		switch n := n.(type) {
		case *ast.Text:
			w.text(n, as)
			continue
		case *ast.String:
			w.put(markup.Span{Text: string(n.Value), Style: as.style, URL: as.url})
			continue
		case *ast.AutoLink:
			address, _ := markup.Link(string(n.URL(w.source)))
			w.put(markup.Span{Text: string(n.Label(w.source)), Style: as.style, URL: address})
			continue
		case *ast.RawHTML: // a tag or a comment is no word
			continue
		case *ast.Emphasis:
			inner.style |= []markup.Style{markup.Italic, markup.Bold}[min(n.Level, 2)-1]
		case *ast.CodeSpan:
			inner.style |= markup.Code
		case *ast.Link:
			inner.url = link(n.Destination)
		case *ast.Image:
			inner.url = link(n.Destination)
		default:
			if n.Kind().String() == "Strikethrough" {
				inner.style |= markup.Strike
			}
		}
		w.inlines(n, inner)
	}
}

func link(destination []byte) string {
	address, _ := markup.Link(string(unescaped(destination)))
	return address
}

func (w *writer) text(n *ast.Text, as look) {
	w.reach(n.Segment.Start, "")
	value := n.Value(w.source)
	if !n.IsRaw() && as.style&markup.Code == 0 {
		value = unescaped(value)
	}
	w.put(markup.Span{Text: strings.ReplaceAll(string(value), "\n", " "), Style: as.style, URL: as.url})
}

// unescaped is source without backslashes before signs, and with characters in
// the place of HTML's names for them.
func unescaped(s []byte) []byte {
	return util.UnescapePunctuations(util.ResolveEntityNames(util.ResolveNumericReferences(s)))
}
