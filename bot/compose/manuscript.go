// What an editor is told of a manuscript: several articles at once, one that is
// known.

package compose

import (
	"strings"

	"github.com/strillone/strillone/bot/locale"
	"github.com/strillone/strillone/digest"
	"github.com/strillone/strillone/digest/markup"
)

// Part is one article of a text that holds several.
type Part struct {
	Line    int // where it begins
	Title   string
	Filed   digest.Filed
	Problem string // why it wasn't understood; empty when it was
}

// Parts tells how many articles were found in a text, in the file of that name
// if it is one, and what is wrong with which. The drafts' previews follow it.
func (w Writer) Parts(file string, parts []Part, p *locale.Printer) markup.Doc {
	good := 0
	items := make([]markup.Text, len(parts))
	for i, part := range parts {
		args := locale.Args{"Line": part.Line, "Title": part.Title, "Number": part.Filed.Article.Number}
		switch {
		case part.Problem != "":
			items[i] = markup.T(part.Problem)
			continue
		case part.Filed.Outcome == digest.FiledDraft:
			good++
			items[i] = markup.T(p.Say("parts.draft", args))
		default:
			items[i] = markup.T(p.Say("parts.known", args))
		}
	}
	title := p.Counted("parts.title", len(parts))
	if file != "" {
		title = p.Counted("parts.title_file", len(parts), locale.Args{"File": file})
	}
	blocks := []markup.Block{
		markup.Heading{Level: 1, Text: markup.T(title)},
		markup.List{Ordered: true, Items: items},
	}
	if good > 0 {
		blocks = append(blocks, markup.Note{Text: markup.T(p.Counted("parts.below", good))})
	}
	if good < len(parts) && hasProblem(parts) {
		blocks = append(blocks, markup.Note{Text: markup.T(p.Say("parts.mend"))})
	}
	return markup.Doc{Blocks: blocks}
}

func hasProblem(parts []Part) bool {
	for _, part := range parts {
		if part.Problem != "" {
			return true
		}
	}
	return false
}

// Known says something of an article that is published, by the sentence's id:
// its number and when it came out, its title, and the button that opens it.
func (w Writer) Known(a digest.Article, id string, p *locale.Printer) markup.Doc {
	return markup.Doc{
		Blocks: []markup.Block{
			markup.Paragraph{Text: markup.T(p.Say(id, locale.Args{"Number": a.Number, "Date": p.Date(w.local(a.PublishedAt))}))},
			markup.Paragraph{Text: markup.B(headline(a))},
		},
		Rows: [][]markup.Action{{ReadAction(a.Number, p)}},
	}
}

// like warns of an article that says nearly the same.
func (w Writer) like(d Draft, p *locale.Printer) []markup.Block {
	if d.Earlier == nil {
		return nil
	}
	a := *d.Earlier
	return []markup.Block{markup.Paragraph{Text: markup.T("⚠️ " + p.Say("preview.like", locale.Args{
		"Number": a.Number, "Date": p.Date(w.local(a.PublishedAt)),
		"Title": strings.TrimSpace(a.Title), "Percent": int(100 * d.Likeness),
	}))}}
}
