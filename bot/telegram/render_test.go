// Render is tested on the documents of LOOK.md (golden files, -update writes
// them) and on what it refuses.

package telegram

import (
	"bytes"
	"encoding/json"
	"flag"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/strillone/strillone/digest/delivery"
	"github.com/strillone/strillone/digest/markup"
)

var updateGolden = flag.Bool("update", false, "write the golden files")

func article(n int) markup.Section {
	number := strconv.Itoa(n)
	return markup.Section{
		Blocks: []markup.Block{
			markup.Heading{Level: 2, Text: markup.T("#" + number + " Il titolo dell'articolo " + number)},
			markup.Paragraph{Text: markup.T("Il sommario, tagliato alla fine di una frase. E una seconda frase.")},
			markup.Note{Text: markup.T("ai · big tech")},
		},
		Action: markup.Action{Label: "Leggi", Short: number, Command: "leggi " + number},
	}
}

func digestDoc(articles int) markup.Doc {
	blocks := []markup.Block{
		markup.Heading{Level: 1, Text: markup.T("🗞 Strillone · martedì 24 novembre")},
		markup.Note{Text: markup.T(strconv.Itoa(articles) + " articoli nuovi")},
	}
	menu := &markup.Menu{Label: "Abstract, fonti, consigli di…", Else: []markup.Action{
		{Label: "🧭 Abstract", Command: "abstract"},
		{Label: "🔗 Fonti", Command: "fonti"},
		{Label: "📚 Consigli", Command: "consigli"},
	}}
	for n := 10 + articles; n > 10; n-- {
		entry := article(n)
		entry.Blocks = append(entry.Blocks, markup.Details{Extra: true, Summary: markup.T("🧭 Abstract"), Blocks: []markup.Block{
			markup.Quote{Paragraphs: []markup.Text{markup.T("Il testo dell'abstract.")}},
		}}, markup.Details{Extra: true, Summary: markup.T("🔗 Fonti (2)"), Blocks: []markup.Block{
			markup.List{Ordered: true, Items: []markup.Text{
				markup.Concat(markup.A("A title & more", "https://example.com/"), markup.T(" — Publisher, 2025")), markup.T("Un altro"),
			}},
		}})
		blocks = append(blocks, entry)
		menu.Items = append(menu.Items, markup.Action{Label: "🧭 Abstract di #" + strconv.Itoa(n), Command: "abstract " + strconv.Itoa(n)})
	}
	blocks = append(blocks, markup.Note{Text: markup.T("Altri 2 articoli con /ultimi")})
	return markup.Doc{Blocks: blocks, Menu: menu}
}

var documents = map[string]markup.Doc{
	"digest": digestDoc(6),
	"card": {
		Blocks: []markup.Block{
			markup.Heading{Level: 1, Text: markup.T("#14 AT&T compra <b>tutto</b>, dice \"@everyone\"")},
			markup.Note{Text: markup.T("Pubblicato martedì 24 novembre · ai")},
			markup.Paragraph{Text: markup.Text{{Text: "Il sommario.", Style: markup.Italic}}},
			markup.Quote{Collapsible: true, Paragraphs: []markup.Text{
				markup.Concat(markup.T("Un paragrafo con "), markup.B("grassetto"), markup.T(" e "), markup.A("un link", "https://example.com/?a=1&b=\"2\""), markup.T(".")),
				markup.T(strings.Repeat("Un secondo paragrafo, più lungo. ", 12)),
			}},
			markup.Details{Summary: markup.T("🔗 Fonti (1)"), Blocks: []markup.Block{
				markup.List{Ordered: true, Items: []markup.Text{markup.T("Un titolo — Editore, aprile 2025")}},
			}},
		},
		Rows: [][]markup.Action{
			{{Label: "🧭 Abstract", Command: "abstract 14"}, {Label: "🔗 Fonti (2)", Command: "fonti 14"}},
			{{Label: "Pubblica", Command: "pubblica 14", Tone: markup.Primary}, {Label: "Scarta", Command: "scarta 14", Tone: markup.Danger}, {Label: "Sito", URL: "https://example.com/"}},
		},
	},
	"abstract": {
		Blocks: []markup.Block{
			markup.Heading{Level: 1, Text: markup.T("🧭 Abstract di #14")},
			markup.Paragraph{Text: markup.B("Il titolo dell'articolo")},
			markup.Quote{Paragraphs: []markup.Text{markup.T("Il testo dell'abstract."), markup.T("In due paragrafi.")}},
		},
		Rows: [][]markup.Action{{{Label: "← Articolo", Command: "leggi 14"}}},
	},
	"choice": {
		Blocks: []markup.Block{
			markup.Heading{Level: 1, Text: markup.T("Di quale articolo?")},
			markup.Paragraph{Text: markup.T("#14 Il primo\n#13 Il secondo")},
		},
		Menu: &markup.Menu{Label: "Scegli", Items: []markup.Action{
			{Label: "#14 Il primo", Short: "14", Command: "fonti 14"},
			{Label: "#13 Il secondo", Short: "13", Command: "fonti 13"},
		}},
	},
	"blocks": {
		Blocks: []markup.Block{
			markup.Heading{Level: 1, Text: markup.T("Anteprima")},
			markup.Divider{},
			markup.Heading{Level: 2, Text: markup.T("Titolo")},
			markup.List{Items: []markup.Text{markup.T("uno"), markup.B("due")}},
			markup.Paragraph{Text: markup.Text{
				{Text: "tutto", Style: markup.Bold | markup.Italic | markup.Underline | markup.Strike},
				{Text: " codice ", Style: markup.Code | markup.Bold},
				{Text: "male", URL: "javascript:alert(1)"},
			}},
			markup.Quote{Paragraphs: []markup.Text{markup.T("una")}},
			markup.Quote{Paragraphs: []markup.Text{markup.T("due")}, Collapsible: true},
			markup.Details{Summary: markup.T("Apri"), Blocks: []markup.Block{
				markup.Heading{Level: 2, Text: markup.T("Dentro")},
				markup.Quote{Paragraphs: []markup.Text{markup.T("citazione")}},
			}},
		},
		Menu: &markup.Menu{Items: []markup.Action{{Label: strings.Repeat("lungo ", 20), Command: "a 1"}, {Label: "corto", Command: "a 2"}}},
	},
}

func TestGolden(t *testing.T) {
	for name, doc := range documents {
		t.Run(name, func(t *testing.T) {
			got := golden(render(t, doc))
			path := filepath.Join("testdata", name+".golden")
			if *updateGolden {
				if err := os.WriteFile(path, got, 0o644); err != nil {
					t.Fatal(err)
				}
			}
			want, err := os.ReadFile(path)
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(string(want), string(got)); diff != "" {
				t.Error(diff)
			}
		})
	}
}

// golden is parts for people's eyes: the text as it is, then the rest.
func golden(parts []body) []byte {
	var b bytes.Buffer
	for i, p := range parts {
		if i > 0 {
			b.WriteString("\n=====\n")
		}
		b.WriteString(p.Text + "\n")
		if p.ReplyMarkup == nil {
			continue
		}
		for _, row := range p.ReplyMarkup.Rows {
			b.WriteString("\n")
			for _, x := range row {
				b.WriteString("[" + x.Text + " → " + strings.ReplaceAll(x.CallbackData, "\n", " ⏎ ") + x.URL + " " + x.Style + "] ")
			}
		}
		b.WriteString("\n")
	}
	return b.Bytes()
}

func render(t testing.TB, doc markup.Doc) []body {
	t.Helper()
	raw, err := new(Adapter).Render(doc)
	if err != nil {
		t.Fatal(err)
	}
	return decode(t, raw)
}

func decode(t testing.TB, raw []delivery.Part) []body {
	t.Helper()
	parts := make([]body, len(raw))
	for i := range raw {
		if err := json.Unmarshal(raw[i], &parts[i]); err != nil {
			t.Fatal(err)
		}
	}
	return parts
}

func TestBreakpointPrefersParagraphs(t *testing.T) {
	sentence := "Una frase di lunghezza media che finisce. "
	long := strings.Repeat(sentence, 70)
	for _, test := range []struct{ name, text, ends string }{
		{"paragraph", long + "Fine.\n\n" + long, "Fine."},
		{"line", long + "Fine\n" + long, "Fine"},
		{"sentence", long + long, "finisce."},
		{"word", strings.Repeat("parola ", 1000), "parola"},
		{"nothing", strings.Repeat("x", 9000), strings.Repeat("x", maxUnits)},
	} {
		t.Run(test.name, func(t *testing.T) {
			parts := render(t, markup.Doc{Blocks: []markup.Block{markup.Paragraph{Text: markup.T(test.text)}}})
			if len(parts) < 2 || !strings.HasSuffix(parts[0].Text, test.ends) {
				t.Errorf("%d parts, the first ends %q", len(parts), parts[0].Text[len(parts[0].Text)-20:])
			}
		})
	}
}

// An entry that fits a message is not torn, and the buttons are under the last.
func TestEntriesStayWhole(t *testing.T) {
	parts := render(t, digestDoc(60))
	if len(parts) < 2 {
		t.Fatal("one part only")
	}
	for i, p := range parts {
		if i > 0 && !strings.HasPrefix(p.Text, "<b>#") {
			t.Errorf("part %d begins %.40q", i, p.Text)
		}
		if (p.ReplyMarkup != nil) != (i == len(parts)-1) {
			t.Errorf("part %d: buttons %v", i, p.ReplyMarkup)
		}
	}
}

func TestRenderRefuses(t *testing.T) {
	text := []markup.Block{markup.Paragraph{Text: markup.T("x")}}
	for name, doc := range map[string]markup.Doc{
		"long command":  {Blocks: text, Rows: [][]markup.Action{{{Label: "x", Command: strings.Repeat("à", 33)}}}},
		"no command":    {Blocks: text, Rows: [][]markup.Action{{{Label: "x"}}}},
		"two targets":   {Blocks: text, Rows: [][]markup.Action{{{Label: "x", Command: "a", URL: "https://example.com"}}}},
		"bad address":   {Blocks: text, Rows: [][]markup.Action{{{Label: "x", URL: "tg://user?id=1"}}}},
		"nothing above": {Blocks: []markup.Block{markup.Paragraph{Text: markup.T("\u200b \u2800")}}, Rows: [][]markup.Action{{{Label: "x", Command: "a"}}}},
	} {
		if parts, err := new(Adapter).Render(doc); err == nil {
			t.Errorf("%s: %s", name, parts)
		}
	}
	if parts := render(t, markup.Doc{Blocks: []markup.Block{markup.Paragraph{Text: markup.T(" \n\u200b")}}}); len(parts) != 0 {
		t.Errorf("a blank document has parts: %v", parts)
	}
}

func TestButtonRows(t *testing.T) {
	for n, want := range map[int][]int{0: nil, 1: {1}, 5: {5}, 6: {3, 3}, 7: {4, 3}, 11: {4, 4, 3}} {
		var got []int
		for _, row := range even(make([]button, n), shortInRow) {
			got = append(got, len(row))
		}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("%d buttons: %s", n, diff)
		}
	}
	parts := render(t, digestDoc(200))
	if n := len(new(Adapter).commands(t.Context(), parts[len(parts)-1].ReplyMarkup)); n != maxButtons {
		t.Errorf("%d buttons", n)
	}
}
