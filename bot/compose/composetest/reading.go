// Package composetest has documents as people get them, for tests of what a
// platform makes of them.
package composetest

import (
	"fmt"
	"time"

	"github.com/strillone/strillone/bot/compose"
	"github.com/strillone/strillone/bot/locale"
	"github.com/strillone/strillone/digest"
	"github.com/strillone/strillone/digest/markup"
	"github.com/strillone/strillone/digest/search"
)

// Reading are the documents of search, archive, saved articles and a reader's
// card, by name. Their text tries what text can do.
func Reading(l digest.Language) map[string]markup.Doc {
	var w compose.Writer
	p := locale.For(l)
	articles := []digest.Article{
		article(14, "Modelli di linguaggio <b>più</b> *piccoli*"),
		article(13, "Le batterie al sodio"),
		article(9, "AT&T, @everyone e le chiavi_di_accesso"),
		article(8, "Satelliti di legno"),
		article(2, "La città dei processori"),
	}
	question := func(text string) search.Query { return search.Parse(text, time.UTC) }
	asked := question(`modello "legge di bilancio" -cripto tema:ai pagina:2`)
	return map[string]markup.Doc{
		"search":           w.Found(search.Hits{Articles: articles, Total: 17}, asked, p),
		"search, newest":   w.Found(search.Hits{Articles: articles[:1], Total: search.Counted, More: true}, question("modelli ordine:data"), p),
		"search, nothing":  w.NotFound(question("baterie al sodio"), articles[1:2], p),
		"search, no idea":  w.NotFound(question("http://zanzibar.example"), nil, p),
		"search, no words": w.AskWords(p),
		"archive":          w.Months(months(), 2026, p),
		"archive, month":   w.Shelf(w.MonthTitle(day, p), "2026-11", search.Hits{Articles: articles, Total: 12}, 0, p),
		"archive, topic":   w.Shelf("big tech", "big tech", search.Hits{Articles: articles[:2], Total: 10}, 1, p),
		"topics":           w.Topics(topics(), p),
		"saved":            w.Saved(articles, 12, 1, p),
		"card": w.Card(articles[0], compose.Card{
			Related: articles[1:4], Saved: true, Opinion: compose.Useful, Sums: &digest.Usefulness{Useful: 12, Not: 3},
		}, p),
		"readings": w.ReadingsFound(articles[0], []int{0, 8}, p),
	}
}

var day = time.Date(2026, 11, 24, 7, 30, 0, 0, time.UTC)

func article(number int, title string) digest.Article {
	return digest.Article{
		Number: number, State: digest.Published, PublishedAt: day.AddDate(0, 0, number-14),
		Content: digest.Content{
			Title: title,
			Lead:  markup.T("Un sommario di una frase. E una seconda, sui modelli & i <dati>."),
			Body: []markup.Text{
				markup.T("Il testo parla della legge di bilancio e di un modello [nuovo](https://example.org) che costa meno. E continua."),
			},
			Abstract: []markup.Text{markup.T("L’abstract.")},
			Sources:  []digest.Source{{Title: "Una fonte", Publisher: "Editore", Date: "2025", URL: "https://example.org/a"}},
			Readings: []digest.Source{{Title: "Un libro", Publisher: "Editore"}, {Title: "Satelliti di legno"}},
			Topics:   []string{"ai", "big tech"},
		},
	}
}

// months are a year and a bit.
func months() []search.MonthCount {
	var all []search.MonthCount
	for i := range 20 {
		all = append(all, search.MonthCount{Month: time.Date(2026, time.Month(12-i), 1, 0, 0, 0, 0, time.UTC), Articles: 31 - 2*(i%15)})
	}
	return all
}

func topics() []search.TopicCount {
	all := []search.TopicCount{{Topic: "ai", Articles: 1200}, {Topic: "big tech", Articles: 40}, {Topic: "privacy & <diritti>", Articles: 1}}
	for i := range 42 {
		all = append(all, search.TopicCount{Topic: fmt.Sprint("tema ", i+1), Articles: 1})
	}
	return all
}
