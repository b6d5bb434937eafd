package compose

import (
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/strillone/strillone/bot/locale"
	"github.com/strillone/strillone/digest"
	"github.com/strillone/strillone/digest/markup"
)

var day = time.Date(2026, 11, 24, 23, 30, 0, 0, time.UTC)

func article(number int) digest.Article {
	return digest.Article{
		ID: 40, Number: number, PublishedAt: day,
		Content: digest.Content{
			Title:  "Un titolo",
			Lead:   markup.T("Un sommario."),
			Body:   []markup.Text{markup.T("Due parole."), markup.T("Altre tre parole.")},
			Topics: []string{"ai", "big tech"},
		},
	}
}

func rome(t *testing.T) Writer {
	t.Helper()
	zone, err := time.LoadLocation("Europe/Rome")
	if err != nil {
		t.Fatal(err)
	}
	return Writer{Zone: zone}
}

func TestDigestIsDatedInItsZone(t *testing.T) {
	doc := rome(t).Digest(digest.Digest{Title: "Strillone", BuiltAt: day, Articles: []digest.Article{article(14)}}, digest.Italian, digest.Short)
	want := []markup.Block{
		markup.Heading{Level: 1, Text: markup.T("🗞 Strillone · mercoledì 25 novembre")},
		markup.Note{Text: markup.T("1 articolo nuovo")},
		markup.Section{
			Blocks: []markup.Block{
				markup.Heading{Level: 2, Text: markup.T("#14 Un titolo")},
				markup.Paragraph{Text: markup.T("Un sommario.")},
				markup.Note{Text: markup.T("ai · big tech")},
			},
			Action: markup.Action{Label: "Leggi", Short: "14", Command: "leggi 14"},
		},
	}
	if diff := cmp.Diff(want, doc.Blocks); diff != "" {
		t.Error(diff)
	}
	if doc.Menu != nil {
		t.Errorf("a menu that leads nowhere: %+v", doc.Menu)
	}
}

func TestTheMenuOffersWhatThereIs(t *testing.T) {
	a, b := article(2), article(1)
	a.Abstract = []markup.Text{markup.T("Sintesi.")}
	b.Sources = []digest.Source{{Title: "F"}}
	menu := Writer{}.Digest(digest.Digest{Articles: []digest.Article{a, b}}, digest.English, digest.Short).Menu
	var got []string
	for _, action := range append(menu.Items, menu.Else...) {
		got = append(got, action.Label+" → "+action.Command)
	}
	want := []string{
		"🧭 #2 Un titolo → abstract 2", "🔗 #1 Un titolo → fonti 1",
		"🧭 Abstract → abstract", "🔗 Sources → fonti",
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
}

func TestASummaryIsNeverEmptyNorLong(t *testing.T) {
	a := article(1)
	a.Lead = nil
	if got := summary(a).String(); got != "Due parole." {
		t.Errorf("without a lead: %q", got)
	}
	a.Lead = markup.T(strings.Repeat("Una frase di prova. ", 40))
	got := summary(a).String()
	if n := len([]rune(got)); n > leadLimit || !strings.HasSuffix(got, "prova.") {
		t.Errorf("%d characters: %q", n, got)
	}
	a.Lead = markup.T(strings.Repeat("x", 1000))
	if n := len([]rune(summary(a).String())); n > leadLimit {
		t.Errorf("one word of %d characters", n)
	}
}

func TestSources(t *testing.T) {
	a := article(14)
	a.Sources = []digest.Source{
		{Title: "Title", Publisher: "Publisher", Date: "aprile 2025", URL: "https://example.org/1"},
		{Title: "Only a title"},
		{Title: "Dated", Date: "2024"},
		{Title: "Evil", URL: "javascript:alert(1)"},
	}
	doc := Writer{}.Sources(a, locale.For("it"))
	want := markup.List{Ordered: true, Items: []markup.Text{
		{{Text: "Title", URL: "https://example.org/1"}, {Text: " — Publisher, aprile 2025"}},
		markup.T("Only a title"),
		markup.T("Dated, 2024"),
		markup.T("Evil"),
	}}
	if diff := cmp.Diff(markup.Block(want), doc.Blocks[2]); diff != "" {
		t.Error(diff)
	}
}

func TestPreviewShowsTheEntryAsItWillGoOut(t *testing.T) {
	a := article(0)
	p := locale.For("it")
	preview := Writer{}.Preview(Draft{Article: a, Findings: []digest.Finding{{Code: digest.MissingSources}, {Code: digest.StrayText, Line: 9, Text: "boh"}}, Next: "domani"}, p)
	goesOut := Writer{}.Digest(digest.Digest{Articles: []digest.Article{a}}, "it", "").Blocks[2].(markup.Section)
	if diff := cmp.Diff(goesOut.Blocks, preview.Blocks[2:2+len(goesOut.Blocks)]); diff != "" {
		t.Error(diff)
	}
	var said strings.Builder
	for _, b := range preview.Blocks {
		if paragraph, ok := b.(markup.Paragraph); ok {
			said.WriteString(paragraph.Text.String() + "\n")
		}
	}
	for _, want := range []string{
		"Sommario ✅ · Testo ✅ 5 parole · Fonti — · Consigli — · Abstract — · Temi ai, big tech",
		"⚠️ Nessuna fonte", "⚠️ Riga 9: «boh»",
	} {
		if !strings.Contains(said.String(), want) {
			t.Errorf("no %q in\n%s", want, said.String())
		}
	}
	if got := preview.Commands(); !cmp.Equal(got, []string{"pubblica 40", "scarta 40"}) {
		t.Errorf("buttons %v", got)
	}
}

func TestCommandsFitAButton(t *testing.T) {
	a := article(999_999_999)
	a.Sources = []digest.Source{{Title: "F"}}
	for _, c := range (Writer{}).Digest(digest.Digest{Articles: []digest.Article{a}}, "it", "").Commands() {
		if len(c) > 64 {
			t.Errorf("%q is %d bytes long", c, len(c))
		}
	}
}

func TestOneMenuHoweverManyArticles(t *testing.T) {
	var articles []digest.Article
	for n := 20; n > 0; n-- {
		a := article(n)
		a.Abstract, a.Sources, a.Readings = a.Body, []digest.Source{{Title: "F"}}, []digest.Source{{Title: "L"}}
		articles = append(articles, a)
	}
	for size, want := range map[int]int{8: 24, 10: 20, 12: 24, 20: 20} {
		d := digest.Digest{Articles: articles[20-size:], More: 3}
		doc := Writer{}.Digest(d, digest.Italian, digest.Short)
		if got := len(doc.Menu.Items); got != want || len(doc.Menu.Else) != 3 {
			t.Errorf("%d articles: %d items, %d buttons", size, got, len(doc.Menu.Else))
		}
	}
	left := Writer{}.Digest(digest.Digest{Articles: articles[:10], More: 10}, digest.Italian, digest.Short).Rows[0][0]
	if left.Command != "ultimi 10" || left.Label != "Altri 10 articoli" {
		t.Errorf("what is left over: %+v", left)
	}
}
