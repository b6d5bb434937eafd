// Lists of articles: the latest ones, and those to choose one from.

package compose

import (
	"strconv"
	"time"

	"github.com/strillone/strillone/bot/locale"
	"github.com/strillone/strillone/digest"
	"github.com/strillone/strillone/digest/markup"
)

// Latest is a list of articles by title and date, each a tap away, and those
// before them as well. There is at least one.
func (w Writer) Latest(articles []digest.Article, p *locale.Printer) markup.Doc {
	blocks := []markup.Block{markup.Heading{Level: 1, Text: markup.T(p.Say("latest.title"))}}
	for _, a := range articles {
		note := p.Day(w.local(a.PublishedAt))
		if len(a.Topics) > 0 {
			note += " · " + topics(a)
		}
		blocks = append(blocks, markup.Section{
			Blocks: []markup.Block{
				markup.Heading{Level: 2, Text: markup.T(headline(a))},
				markup.Note{Text: markup.T(note)},
			},
			Action: ReadAction(a.Number, p),
		})
	}
	doc := markup.Doc{Blocks: blocks}
	if oldest := articles[len(articles)-1].Number; oldest > 1 {
		doc.Rows = [][]markup.Action{{{Label: p.Say("action.older"), Command: command("ultimi", oldest-1)}}}
	}
	return doc
}

// Choose asks which of the articles a command is meant for.
func (w Writer) Choose(name string, articles []digest.Article, p *locale.Printer) markup.Doc {
	menu := &markup.Menu{Label: p.Say("choose.menu")}
	titles := make([]markup.Text, len(articles))
	for i, a := range articles {
		titles[i] = markup.T(headline(a))
		menu.Items = append(menu.Items, markup.Action{
			Label:   headline(a),
			Short:   strconv.Itoa(a.Number),
			Command: command(name, a.Number),
		})
	}
	return markup.Doc{
		Blocks: []markup.Block{
			markup.Heading{Level: 1, Text: markup.T(p.Say("choose." + name))},
			markup.Paragraph{Text: markup.Join(titles, "\n")},
		},
		Menu: menu,
	}
}

// Say is a document of plain sentences, a paragraph each; empty ones are left
// out.
func Say(sentences ...string) markup.Doc {
	var blocks []markup.Block
	for _, s := range sentences {
		if s != "" {
			blocks = append(blocks, markup.Paragraph{Text: markup.T(s)})
		}
	}
	return markup.Doc{Blocks: blocks}
}

// Moment is a date and a time in the zone dates are told in.
func (w Writer) Moment(t time.Time, p *locale.Printer) string { return p.Moment(w.local(t)) }
