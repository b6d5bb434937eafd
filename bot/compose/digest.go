// The digest: a headline, an entry for each article, one menu.

package compose

import (
	"strconv"
	"strings"
	"time"

	"github.com/strillone/strillone/bot/locale"
	"github.com/strillone/strillone/digest"
	"github.com/strillone/strillone/digest/markup"
)

// leadLimit is how many characters of a lead an entry shows: two sentences.
const leadLimit = 280

// Writer writes documents for one newsletter. The zero Zone is UTC.
type Writer struct {
	Zone *time.Location // the zone dates are told in
}

// Digest is the digest as everyone of one language and form gets it. Its dates
// are those of its readers' zone.
func (w Writer) Digest(d digest.Digest, language digest.Language, form digest.Form) markup.Doc {
	p := locale.For(language)
	if zone, err := time.LoadLocation(d.Zone); d.Zone != "" && err == nil {
		w.Zone = zone
	}
	blocks := []markup.Block{
		markup.Heading{Level: 1, Text: markup.T(p.Say("digest_doc.title", locale.Args{
			"Title": d.Title, "Day": p.Day(w.local(d.BuiltAt)),
		}))},
		markup.Note{Text: markup.T(p.Say("digest_doc.count", locale.Args{"Count": len(d.Articles)}))},
	}
	for _, a := range d.Articles {
		e := entry(a, p)
		e.Blocks = append(e.Blocks, folded(a, form, p)...)
		blocks = append(blocks, e)
	}
	if form == digest.Full && !d.Next.IsZero() {
		blocks = append(blocks, markup.Note{Text: markup.T(p.Say("digest_doc.next", locale.Args{"Next": p.Moment(w.local(d.Next))}))})
	}
	doc := markup.Doc{Blocks: blocks, Menu: digestMenu(d.Articles, p)}
	if n := len(d.Articles); d.More > 0 && n > 0 {
		label := p.Say("digest_doc.more", locale.Args{"Count": d.More})
		doc.Rows = [][]markup.Action{{{Label: label, Command: command("ultimi", d.Articles[n-1].Number-1)}}}
	}
	return doc
}

// entry is an article as a digest shows it.
func entry(a digest.Article, p *locale.Printer) markup.Section {
	blocks := []markup.Block{markup.Heading{Level: 2, Text: markup.T(headline(a))}}
	if summary := summary(a); summary.Len() > 0 {
		blocks = append(blocks, markup.Paragraph{Text: summary})
	}
	if len(a.Topics) > 0 {
		blocks = append(blocks, markup.Note{Text: markup.T(topics(a))})
	}
	return markup.Section{Blocks: blocks, Action: ReadAction(a.Number, p)}
}

// folded are an article's abstract and sources for platforms that fold them away
// under its entry. Elsewhere a button leads to them, but for the abstract of a full
// digest, which is shown everywhere.
func folded(a digest.Article, form digest.Form, p *locale.Printer) []markup.Block {
	var blocks []markup.Block
	add := func(summary string, content markup.Block, extra bool) {
		blocks = append(blocks, markup.Details{Extra: extra, Summary: markup.T(summary), Blocks: []markup.Block{content}})
	}
	if len(a.Abstract) > 0 {
		add(p.Say("action.abstract"), markup.Quote{Paragraphs: a.Abstract}, form != digest.Full)
	}
	if n := len(a.Sources); n > 0 {
		add(p.Say("action.sources_n", locale.Args{"Count": n}), works(a.Sources), true)
	}
	return blocks
}

// headline is the title with the article's number before it, once it has one.
func headline(a digest.Article) string {
	if a.Number == 0 {
		return a.Title
	}
	return "#" + strconv.Itoa(a.Number) + " " + a.Title
}

// summary is the lead, or where an editor wrote none the beginning of the body,
// on one line and not over leadLimit.
func summary(a digest.Article) markup.Text {
	text := a.Lead
	if text.Len() == 0 && len(a.Body) > 0 {
		text = a.Body[0]
	}
	return markup.Join(text.Lines(), " ").Excerpt(leadLimit)
}

// Lead is what a list shows of an article beside its title, on one line.
func (w Writer) Lead(a digest.Article) string { return summary(a).String() }

func topics(a digest.Article) string { return strings.Join(a.Topics, " · ") }

// ReadAction is the button that opens an article.
func ReadAction(number int, p *locale.Printer) markup.Action {
	return markup.Action{
		Label:   p.Say("action.read"),
		Short:   strconv.Itoa(number),
		Command: command("leggi", number),
	}
}

// menuLimit is how long a menu is that people still read, and that any platform
// shows as one.
const menuLimit = 25

// digestMenu leads from a digest to what belongs to its articles. Where that is
// too much for one menu, the readings, and then the sources, are left to the
// articles' cards.
func digestMenu(articles []digest.Article, p *locale.Printer) *markup.Menu {
	menu := &markup.Menu{Label: p.Say("digest_doc.menu")}
	offered := features
	for menu.Items = menuItems(articles, offered); len(menu.Items) > menuLimit; menu.Items = menuItems(articles, offered) {
		offered = offered[:len(offered)-1]
	}
	has := make(map[string]bool)
	for _, a := range articles {
		for _, f := range features {
			has[f.command] = has[f.command] || f.count(a) > 0
		}
	}
	for _, f := range features {
		if has[f.command] {
			menu.Else = append(menu.Else, markup.Action{Label: p.Say(f.label), Command: f.command})
		}
	}
	if len(menu.Else) == 0 {
		return nil
	}
	return menu
}

func menuItems(articles []digest.Article, offered []feature) []markup.Action {
	var items []markup.Action
	for _, a := range articles {
		for _, f := range offered {
			if f.count(a) > 0 {
				items = append(items, markup.Action{Label: f.emoji + " " + headline(a), Command: command(f.command, a.Number)})
			}
		}
	}
	return items
}

func command(name string, number int) string { return name + " " + strconv.Itoa(number) }

func (w Writer) local(t time.Time) time.Time {
	if w.Zone == nil {
		return t.UTC()
	}
	return t.In(w.Zone)
}
