// The preview: a draft as readers will see it, what was understood of it and
// what is missing.

package compose

import (
	"strconv"
	"strings"

	"github.com/strillone/strillone/bot/locale"
	"github.com/strillone/strillone/digest"
	"github.com/strillone/strillone/digest/markup"
)

// Draft is an article before it is published, and what an editor should know of
// it.
type Draft struct {
	Article  digest.Article
	Findings []digest.Finding
	Next     string          // when the next digest goes out
	Earlier  *digest.Article // one that was published and says nearly the same; nil: none
	Likeness float64         // how nearly, from 0 to 1
}

// Preview shows an editor a draft: the entry that Digest would show, the
// details, and notes on what is missing or doubtful, or was there already.
func (w Writer) Preview(d Draft, p *locale.Printer) markup.Doc {
	a := d.Article
	title := "preview.title"
	if a.Revision > 1 {
		title = "preview.revised"
	}
	blocks := []markup.Block{
		markup.Heading{Level: 1, Text: markup.T(p.Say(title))},
		markup.Divider{},
	}
	blocks = append(blocks, entry(a, p).Blocks...)
	blocks = append(blocks, details(a, p)...)
	blocks = append(blocks, markup.Divider{}, markup.Paragraph{Text: markup.T(status(a, p))})
	blocks = append(blocks, w.like(d, p)...)
	if notes := notes(d.Findings, p); len(notes) > 0 {
		blocks = append(blocks, markup.Paragraph{Text: markup.T(strings.Join(notes, "\n"))})
	}
	blocks = append(blocks, markup.Note{Text: markup.T(p.Say("preview.next", locale.Args{"Next": d.Next}))})
	id := strconv.FormatInt(a.ID, 10)
	publish := "action.publish"
	var rows [][]markup.Action
	if d.Earlier != nil {
		publish = "action.publish_anyway"
		rows = append(rows, []markup.Action{ReadAction(d.Earlier.Number, p)})
	}
	return markup.Doc{Blocks: blocks, Rows: append([][]markup.Action{{
		{Label: p.Say(publish), Command: "pubblica " + id, Tone: markup.Primary},
		{Label: p.Say("action.discard"), Command: "scarta " + id, Tone: markup.Danger},
	}}, rows...)}
}

// details unfold what belongs to the article, so that an editor sees where each
// source begins and ends.
func details(a digest.Article, p *locale.Printer) []markup.Block {
	blocks := insight(a, p)
	if n := len(a.Readings); n > 0 {
		blocks = append(blocks, unfolding(p.Say("action.readings_n", locale.Args{"Count": n}), works(a.Readings)))
	}
	return blocks
}

// insight is an article's abstract and its sources, to be unfolded.
func insight(a digest.Article, p *locale.Printer) []markup.Block {
	var blocks []markup.Block
	if len(a.Abstract) > 0 {
		blocks = append(blocks, unfolding(p.Say("action.abstract"), markup.Quote{Paragraphs: a.Abstract}))
	}
	if n := len(a.Sources); n > 0 {
		blocks = append(blocks, unfolding(p.Say("action.sources_n", locale.Args{"Count": n}), works(a.Sources)))
	}
	return blocks
}

func unfolding(summary string, content markup.Block) markup.Block {
	return markup.Details{Summary: markup.T(summary), Blocks: []markup.Block{content}}
}

// status is the line that says what was understood.
func status(a digest.Article, p *locale.Printer) string {
	mark := func(there bool) string {
		if there {
			return "✅"
		}
		return "—"
	}
	count := func(n int) string {
		if n == 0 {
			return "—"
		}
		return strconv.Itoa(n)
	}
	about := "—"
	if len(a.Topics) > 0 {
		about = strings.Join(a.Topics, ", ")
	}
	return strings.Join([]string{
		p.Say("preview.status_lead", locale.Args{"Mark": mark(a.Lead.Len() > 0)}),
		p.Say("preview.status_body", locale.Args{"Count": bodyWords(a)}),
		p.Say("preview.status_sources", locale.Args{"N": count(len(a.Sources))}),
		p.Say("preview.status_readings", locale.Args{"N": count(len(a.Readings))}),
		p.Say("preview.status_abstract", locale.Args{"Mark": mark(len(a.Abstract) > 0)}),
		p.Say("preview.status_topics", locale.Args{"Topics": about}),
	}, " · ")
}

func bodyWords(a digest.Article) int {
	n := 0
	for _, paragraph := range a.Body {
		n += len(strings.Fields(paragraph.String()))
	}
	return n
}

func notes(findings []digest.Finding, p *locale.Printer) []string {
	var out []string
	for _, f := range findings {
		out = append(out, "⚠️ "+p.Say("finding."+string(f.Code), locale.Args{"Line": f.Line, "Text": f.Text}))
	}
	return out
}

// Published takes the place of a preview once its draft is out.
func (w Writer) Published(a digest.Article, sentence string, p *locale.Printer) markup.Doc {
	return markup.Doc{
		Blocks: []markup.Block{
			markup.Paragraph{Text: markup.T(sentence)},
			markup.Paragraph{Text: markup.B(headline(a))},
		},
		Rows: rows(actions(a, p, "")),
	}
}
