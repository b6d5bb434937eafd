// What a search finds, the archive by month and topic, and what was saved.

package compose

import (
	"strconv"
	"strings"
	"time"

	"github.com/strillone/strillone/bot/locale"
	"github.com/strillone/strillone/digest"
	"github.com/strillone/strillone/digest/markup"
	"github.com/strillone/strillone/digest/search"
)

// How much of a list a message shows.
const (
	HitsAtOnce     = 5 // with the sentence that was found
	ArticlesAtOnce = 8
	topicsListed   = 25
	topicButtons   = 9
	yearButtons    = 5
	excerptLimit   = 200
)

// Found is a page of what a question found.
func (w Writer) Found(hits search.Hits, q search.Query, p *locale.Printer) markup.Doc {
	title := p.Say("search.all")
	if q.Text() != "" {
		title = p.Say("search.title", locale.Args{"Words": short(q.Text())})
	}
	order := "search.best"
	if q.Newest || len(q.Terms()) == 0 {
		order = "search.newest"
	}
	blocks := []markup.Block{
		markup.Heading{Level: 1, Text: markup.T(title)},
		markup.Note{Text: markup.T(strings.Join([]string{howMany(hits, p), p.Say(order)}, " · "))},
	}
	for _, a := range hits.Articles {
		blocks = append(blocks, w.hit(a, q, p))
	}
	doc := markup.Doc{Blocks: blocks}
	pages := leafing(hits.Total, q.Page, HitsAtOnce, func(page int) string { return "cerca " + q.At(q.Newest, page) }, p)
	if len(q.Terms()) > 0 && hits.Total > 1 {
		label := "action.newest"
		if q.Newest {
			label = "action.best"
		}
		pages = append(pages, markup.Action{Label: p.Say(label), Command: "cerca " + q.At(!q.Newest, 0)})
	}
	doc.Rows = rows(pages)
	return doc
}

func howMany(hits search.Hits, p *locale.Printer) string {
	if hits.More {
		return p.Say("search.over", locale.Args{"N": p.Number(hits.Total)})
	}
	return p.Counted("search.count", hits.Total)
}

// hit is an article with the sentence it was found for, or its summary.
func (w Writer) hit(a digest.Article, q search.Query, p *locale.Printer) markup.Section {
	text := search.Excerpt(a.Content, q, excerptLimit)
	if text.Len() == 0 {
		text = summary(a).Excerpt(excerptLimit)
	}
	blocks := []markup.Block{markup.Heading{Level: 2, Text: markup.T(headline(a))}}
	if text.Len() > 0 {
		blocks = append(blocks, markup.Paragraph{Text: text})
	}
	blocks = append(blocks, markup.Note{Text: markup.T(w.dated(a, p))})
	return markup.Section{Blocks: blocks, Action: ReadAction(a.Number, p)}
}

func (w Writer) dated(a digest.Article, p *locale.Printer) string {
	return strings.Join(append([]string{p.Date(w.local(a.PublishedAt))}, a.Topics...), " · ")
}

// NotFound says that a question found nothing, and what it may have meant.
func (w Writer) NotFound(q search.Query, near []digest.Article, p *locale.Printer) markup.Doc {
	blocks := []markup.Block{markup.Paragraph{Text: markup.T(p.Say("search.nothing", locale.Args{"Words": short(q.Text())}))}}
	if len(near) == 0 {
		blocks = append(blocks, markup.Paragraph{Text: markup.T(p.Say("search.advice"))})
	} else {
		blocks = append(blocks, markup.Note{Text: markup.T(p.Say("search.near"))})
	}
	for _, a := range near {
		blocks = append(blocks, w.line(a, p))
	}
	return markup.Doc{Blocks: blocks, Rows: [][]markup.Action{{searchAction(p)}}}
}

// AskWords asks what to look for.
func (w Writer) AskWords(p *locale.Printer) markup.Doc {
	return markup.Doc{
		Blocks: []markup.Block{
			markup.Heading{Level: 1, Text: markup.T(p.Say("search.ask"))},
			markup.Paragraph{Text: markup.T(p.Say("search.how"))},
		},
		Rows: [][]markup.Action{{searchAction(p), {Label: p.Say("action.archive"), Command: "archivio"}}},
	}
}

func searchAction(p *locale.Printer) markup.Action {
	return markup.Action{Label: p.Say("action.search"), Command: "cerca", Input: &markup.Input{
		Label: p.Say("search.input"), Hint: p.Say("argument.parole.example"),
	}}
}

// line is an article by its title and date, a tap away.
func (w Writer) line(a digest.Article, p *locale.Printer) markup.Section {
	return markup.Section{
		Blocks: []markup.Block{
			markup.Heading{Level: 2, Text: markup.T(headline(a))},
			markup.Note{Text: markup.T(w.dated(a, p))},
		},
		Action: ReadAction(a.Number, p),
	}
}

// Shelf is a part of the archive: the articles of a month or a topic.
func (w Writer) Shelf(title, name string, hits search.Hits, page int, p *locale.Printer) markup.Doc {
	blocks := []markup.Block{
		markup.Heading{Level: 1, Text: markup.T(title)},
		markup.Note{Text: markup.T(howMany(hits, p))},
	}
	for _, a := range hits.Articles {
		blocks = append(blocks, w.line(a, p))
	}
	pages := leafing(hits.Total, page, ArticlesAtOnce, func(page int) string { return at("archivio "+name, page) }, p)
	return markup.Doc{Blocks: blocks, Rows: rows(pages, []markup.Action{{Label: p.Say("action.to_archive"), Command: "archivio"}})}
}

// MonthTitle is a month as a heading: "Novembre 2026".
func (w Writer) MonthTitle(month time.Time, p *locale.Printer) string {
	return upperFirst(monthName(month, p)) + " " + strconv.Itoa(month.Year())
}

func monthName(t time.Time, p *locale.Printer) string {
	return p.Say("month.m" + strconv.Itoa(int(t.Month())))
}

// Months is the archive's front: the months of a year, the other years, and the
// way to the topics. There is at least one month of that year.
func (w Writer) Months(months []search.MonthCount, year int, p *locale.Printer) markup.Doc {
	var list []markup.Text
	menu := &markup.Menu{Label: p.Say("archive.menu")}
	var years []markup.Action
	for _, m := range months {
		number := strconv.Itoa(m.Month.Year())
		if m.Month.Year() != year {
			if n := len(years); (n == 0 || years[n-1].Label != number) && n < yearButtons {
				years = append(years, markup.Action{Label: number, Command: "archivio " + number})
			}
			continue
		}
		name := monthName(m.Month, p)
		count := p.Counted("search.count", m.Articles)
		list = append(list, markup.T(name+" · "+count))
		menu.Items = append(menu.Items, markup.Action{
			Label:   upperFirst(name) + " · " + count,
			Short:   abbreviated(name),
			Command: "archivio " + m.Month.Format("2006-01"),
		})
	}
	return markup.Doc{
		Blocks: []markup.Block{
			markup.Heading{Level: 1, Text: markup.T(p.Say("archive.title", locale.Args{"Year": year}))},
			markup.List{Items: list},
		},
		Rows: rows(append(years, markup.Action{Label: p.Say("action.topics"), Command: "temi"})),
		Menu: menu,
	}
}

// Topics are the topics with how many articles each has; there is at least one.
func (w Writer) Topics(topics []search.TopicCount, p *locale.Printer) markup.Doc {
	var list []markup.Text
	menu := &markup.Menu{Label: p.Say("topics.menu")}
	for i, t := range topics {
		action := markup.Action{Label: t.Topic + " (" + p.Number(t.Articles) + ")", Command: "archivio " + t.Topic}
		if i < topicsListed {
			list = append(list, markup.Concat(markup.B(t.Topic), markup.T(" · "+p.Counted("search.count", t.Articles))))
		}
		if i < menuLimit {
			menu.Items = append(menu.Items, action)
		}
		if i < topicButtons {
			menu.Else = append(menu.Else, action)
		}
	}
	blocks := []markup.Block{
		markup.Heading{Level: 1, Text: markup.T(p.Say("topics.title"))},
		markup.List{Items: list},
	}
	if more := len(topics) - topicsListed; more > 0 {
		blocks = append(blocks, markup.Note{Text: markup.T(p.Counted("topics.more", more))})
	}
	return markup.Doc{Blocks: blocks, Menu: menu}
}

// Saved is a page of what a person saved, each a tap from being read or taken
// away. There is at least one.
func (w Writer) Saved(articles []digest.Article, total, page int, p *locale.Printer) markup.Doc {
	blocks := []markup.Block{
		markup.Heading{Level: 1, Text: markup.T(p.Say("saved.title"))},
		markup.Note{Text: markup.T(p.Counted("search.count", total))},
	}
	menu := &markup.Menu{Label: p.Say("saved.menu")}
	for _, a := range articles {
		blocks = append(blocks, w.line(a, p))
		menu.Items = append(menu.Items, markup.Action{
			Label:   p.Say("action.remove", locale.Args{"Title": headline(a)}),
			Short:   "✕ " + strconv.Itoa(a.Number),
			Command: at("togli "+strconv.Itoa(a.Number)+" lista", page),
		})
	}
	pages := leafing(total, page, HitsAtOnce, func(page int) string { return at("salvati", page) }, p)
	return markup.Doc{Blocks: blocks, Rows: rows(pages), Menu: menu}
}

// at is a command line for a page of its list.
func at(line string, page int) string {
	if page > 0 {
		line += " pagina:" + strconv.Itoa(page+1)
	}
	return line
}

// leafing are the buttons to the pages before and after one.
func leafing(total, page, size int, line func(page int) string, p *locale.Printer) []markup.Action {
	pages := (total + size - 1) / size
	var out []markup.Action
	if page > 0 {
		back := min(page, pages) - 1
		out = append(out, markup.Action{Label: p.Say("action.page_back", locale.Args{"Page": back + 1}), Command: line(max(back, 0))})
	}
	if page+1 < pages {
		out = append(out, markup.Action{Label: p.Say("action.page_on", locale.Args{"Page": page + 2, "Pages": pages}), Command: line(page + 1)})
	}
	return out
}

// short is what a person asked, as a heading repeats it.
func short(asked string) string {
	return strings.ReplaceAll(markup.T(asked).Excerpt(60).String(), "://", " ")
}

func upperFirst(s string) string {
	r := []rune(s)
	return strings.ToUpper(string(r[:1])) + string(r[1:])
}

// abbreviated is a month's name in three letters.
func abbreviated(month string) string {
	r := []rune(month)
	return string(r[:min(len(r), 3)])
}
