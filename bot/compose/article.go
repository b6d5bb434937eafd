// One article: its card, its abstract, its sources, its readings.

package compose

import (
	"strings"

	"github.com/strillone/strillone/bot/locale"
	"github.com/strillone/strillone/digest"
	"github.com/strillone/strillone/digest/markup"
)

// feature is something that belongs to an article and has a command of its own.
type feature struct {
	command string
	emoji   string
	label   string // locale id of its button
	counted string // locale id of its button with a count; "" when there is only one
	count   func(digest.Article) int
}

var features = []feature{
	{"abstract", "🧭", "action.abstract", "", func(a digest.Article) int { return min(len(a.Abstract), 1) }},
	{"fonti", "🔗", "action.sources", "action.sources_n", func(a digest.Article) int { return len(a.Sources) }},
	{"consigli", "📚", "action.readings", "action.readings_n", func(a digest.Article) int { return len(a.Readings) }},
}

// Article is a whole article.
func (w Writer) Article(a digest.Article, p *locale.Printer) markup.Doc {
	blocks := []markup.Block{
		markup.Heading{Level: 1, Text: markup.T(headline(a))},
		markup.Note{Text: markup.T(w.byline(a, p))},
	}
	if a.Lead.Len() > 0 {
		blocks = append(blocks, markup.Paragraph{Text: styled(a.Lead, markup.Italic)})
	}
	for _, paragraph := range a.Body {
		blocks = append(blocks, markup.Paragraph{Text: paragraph})
	}
	return markup.Doc{Blocks: blocks, Rows: rows(actions(a, p, "leggi"))}
}

// Brief is an article in a few lines, for places that others read, with a button
// for all there is of it.
func (w Writer) Brief(a digest.Article, p *locale.Printer) markup.Doc {
	all := append([]markup.Action{{Label: p.Say("action.article"), Command: command("leggi", a.Number)}}, actions(a, p, "leggi")...)
	return markup.Doc{Blocks: entry(a, p).Blocks, Rows: rows(all)}
}

func (w Writer) byline(a digest.Article, p *locale.Printer) string {
	parts := a.Topics
	if !a.PublishedAt.IsZero() {
		date := p.Say("article.published", locale.Args{"Date": p.Date(w.local(a.PublishedAt))})
		parts = append([]string{date}, parts...)
	}
	return strings.Join(parts, " · ")
}

// Abstract is an article's abstract, or the word that it has none.
func (w Writer) Abstract(a digest.Article, p *locale.Printer) markup.Doc {
	number := locale.Args{"Number": a.Number}
	if len(a.Abstract) == 0 {
		return missing(a, p, p.Say("article.no_abstract", number), "abstract")
	}
	return part(a, p, p.Say("article.abstract_of", number), "abstract", markup.Quote{Paragraphs: a.Abstract})
}

// Sources are an article's sources, or the word that it names none.
func (w Writer) Sources(a digest.Article, p *locale.Printer) markup.Doc {
	number := locale.Args{"Number": a.Number}
	if len(a.Sources) == 0 {
		return missing(a, p, p.Say("article.no_sources", number), "fonti")
	}
	return part(a, p, p.Say("article.sources_of", number), "fonti", works(a.Sources))
}

// Readings are an article's readings, or the word that it has none.
func (w Writer) Readings(a digest.Article, p *locale.Printer) markup.Doc {
	number := locale.Args{"Number": a.Number}
	if len(a.Readings) == 0 {
		return missing(a, p, p.Say("article.no_readings", number), "consigli")
	}
	return part(a, p, p.Say("article.readings_of", number), "consigli", works(a.Readings))
}

func part(a digest.Article, p *locale.Printer, title, command string, content markup.Block) markup.Doc {
	return markup.Doc{
		Blocks: []markup.Block{
			markup.Heading{Level: 1, Text: markup.T(title)},
			markup.Paragraph{Text: markup.B(a.Title)},
			content,
		},
		Rows: rows(actions(a, p, command)),
	}
}

func missing(a digest.Article, p *locale.Printer, sentence, command string) markup.Doc {
	return markup.Doc{
		Blocks: []markup.Block{markup.Paragraph{Text: markup.T(sentence)}},
		Rows:   rows(actions(a, p, command)),
	}
}

// works is a numbered list of sources: "Title — Publisher, date", linked where
// there is a link.
func works(sources []digest.Source) markup.List {
	items := make([]markup.Text, len(sources))
	for i, s := range sources {
		items[i] = work(s)
	}
	return markup.List{Ordered: true, Items: items}
}

func work(s digest.Source) markup.Text {
	rest := ""
	if s.Publisher != "" {
		rest = " — " + s.Publisher
	}
	if s.Date != "" {
		rest += ", " + s.Date
	}
	return markup.Concat(markup.A(s.Title, s.URL), markup.T(rest))
}

// actions are the buttons to all there is of an article but what is shown.
func actions(a digest.Article, p *locale.Printer, shown string) []markup.Action {
	var out []markup.Action
	if shown != "leggi" {
		out = append(out, markup.Action{Label: p.Say("action.article"), Command: command("leggi", a.Number)})
	}
	for _, f := range features {
		n := f.count(a)
		if f.command == shown || n == 0 {
			continue
		}
		label := p.Say(f.label)
		if f.counted != "" {
			label = p.Say(f.counted, locale.Args{"Count": n})
		}
		out = append(out, markup.Action{Label: label, Command: command(f.command, a.Number)})
	}
	return out
}

func rows(actions ...[]markup.Action) [][]markup.Action {
	var out [][]markup.Action
	for _, row := range actions {
		if len(row) > 0 {
			out = append(out, row)
		}
	}
	return out
}

func styled(t markup.Text, style markup.Style) markup.Text {
	out := make(markup.Text, len(t))
	for i, s := range t {
		s.Style |= style
		out[i] = s
	}
	return out
}
