// Rendering: golden documents, and text that tries to steer the terminal.

package terminal

import (
	"flag"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"unicode"

	"github.com/google/go-cmp/cmp"
	"github.com/rivo/uniseg"

	"github.com/strillone/strillone/digest/markup"
)

var update = flag.Bool("update", false, "write the golden files anew")

func documents() map[string]markup.Doc {
	entry := func(number, title, lead, topics string) markup.Section {
		return markup.Section{
			Blocks: []markup.Block{
				markup.Heading{Level: 2, Text: markup.T("#" + number + " " + title)},
				markup.Paragraph{Text: markup.T(lead)},
				markup.Note{Text: markup.T(topics)},
			},
			Action: markup.Action{Label: "Leggi", Short: number, Command: "leggi " + number},
		}
	}
	return map[string]markup.Doc{
		"digest": {
			Blocks: []markup.Block{
				markup.Heading{Level: 1, Text: markup.T("🗞 Strillone · martedì 24 novembre")},
				markup.Note{Text: markup.T("2 articoli nuovi")},
				entry("14", "Le batterie al sodio escono dal laboratorio e arrivano nei condomini",
					"Un consorzio di piccole imprese ha acceso in un quartiere di prova i primi accumulatori domestici al sodio: costano meno di quelli al litio e non temono il freddo.", "energia · batterie"),
				entry("13", "Satelliti di cartone", "Costano poco e bruciano bene.", "spazio"),
			},
			Menu: &markup.Menu{Label: "Abstract, fonti, consigli di…",
				Items: []markup.Action{{Label: "🧭 Abstract di #14", Command: "abstract 14"}},
				Else:  []markup.Action{{Label: "🧭 Abstract", Command: "abstract"}, {Label: "🔗 Fonti", Command: "fonti"}, {Label: "📚 Consigli", Command: "consigli"}},
			},
		},
		"blocks": {
			Blocks: []markup.Block{
				markup.Heading{Level: 1, Text: markup.T("Tutti i blocchi")},
				markup.Paragraph{Text: markup.Concat(markup.T("Testo "), markup.B("grassetto"), markup.T(", "),
					markup.Text{{Text: "corsivo", Style: markup.Italic}, {Text: " e ", Style: 0}, {Text: "codice", Style: markup.Code | markup.Strike | markup.Underline}},
					markup.T(", con "), markup.A("un collegamento", "https://example.org/una/strada/molto/lunga/che/non/si/spezza/mai?perche=no"),
					markup.T(" e uno nudo: "), markup.A("https://example.org/", "https://example.org/"), markup.T("."))},
				markup.Paragraph{Text: markup.T("Una riga\ne un’altra.")},
				markup.List{Items: []markup.Text{markup.T("uno"), markup.T("due, che è lungo abbastanza da andare a capo in una finestra stretta")}},
				markup.List{Ordered: true, Items: []markup.Text{
					markup.Concat(markup.A("Sodium-ion storage for homes", "https://example.org/sodium"), markup.T(" — Cooperativa Energia Vicina, marzo 2026")),
					markup.T("b"), markup.T("c"), markup.T("d"), markup.T("e"), markup.T("f"), markup.T("g"), markup.T("h"), markup.T("i"), markup.T("decimo")}},
				markup.Quote{Paragraphs: []markup.Text{markup.T("Gli accumulatori al sodio scambiano densità con costo e disponibilità dei materiali."), markup.T("Secondo paragrafo.")}},
				markup.Divider{},
				markup.Details{Summary: markup.T("🔗 Fonti (2)"), Blocks: []markup.Block{
					markup.Paragraph{Text: markup.T("Dentro c’è posto per un testo che va a capo anche lui.")},
					markup.Quote{Paragraphs: []markup.Text{markup.T("E per una citazione.")}},
				}},
				markup.Paragraph{Text: markup.T("日本語の文章は空白がなくても折り返すことができますから便利です。👩‍👩‍👧‍👦👍🏽 e\u0301 à ﷽")},
				markup.Paragraph{Text: markup.T("Precipitevolissimevolmentesupercalifragilistichespiralidoso")},
				markup.Note{Text: markup.T("Una nota.")},
			},
			Rows: [][]markup.Action{
				{{Label: "Pubblica", Command: "pubblica 3", Tone: markup.Primary}, {Label: "Scarta", Command: "scarta 3", Tone: markup.Danger}},
				{{Label: "Apri", URL: "https://example.org/"}},
			},
			Menu: &markup.Menu{Label: "Scegli un articolo", Items: []markup.Action{
				{Label: "#14 Le batterie al sodio escono dal laboratorio e arrivano nei condomini", Command: "fonti 14"},
				{Label: "#13 Satelliti di cartone", Command: "fonti 13"},
			}},
		},
	}
}

func TestGolden(t *testing.T) {
	for name, doc := range documents() {
		for suffix, c := range map[string]Config{
			"plain": {Width: 72}, "narrow": {Width: 12}, "color": {Width: 72, Color: true},
		} {
			parts, err := New(c).Render(doc)
			if err != nil || len(parts) != 1 {
				t.Fatalf("%d parts, %v", len(parts), err)
			}
			file := filepath.Join("testdata", name+"."+suffix+".txt")
			if *update {
				if err := os.WriteFile(file, append(parts[0], '\n'), 0o644); err != nil {
					t.Fatal(err)
				}
			}
			want, err := os.ReadFile(file)
			if err != nil {
				t.Fatal(err)
			}
			if d := cmp.Diff(string(want), string(parts[0])+"\n"); d != "" {
				t.Errorf("%s: %s", file, d)
			}
		}
	}
}

func TestNothingToShow(t *testing.T) {
	for _, doc := range []markup.Doc{{}, {Blocks: []markup.Block{markup.Paragraph{}}}, {Rows: [][]markup.Action{{{Label: "x", URL: ""}}}, Menu: nil}} {
		parts, err := New(Config{}).Render(doc)
		if err != nil || len(doc.Rows) == 0 && len(parts) > 0 {
			t.Errorf("%+v: %q, %v", doc, parts, err)
		}
	}
}

// What people write can't steer the terminal, and fits into the window.
func FuzzRender(f *testing.F) {
	f.Add("\x1b[2J\x1b]0;title\x07 hello \u009b31m", "https://example.org/", uint8(3))
	f.Add("a\u202eb\u2066c\ufeffd\u200be\u00adf\u2028g\r\nh\ti", "x", uint8(0))
	f.Add("👩‍👩‍👧‍👦🇮🇹 日本語 e\u0301\u0301 ⸻⸻⸻ ﷽ \xff", "http://a", uint8(31))
	f.Add(strings.Repeat("x", 100)+" "+strings.Repeat("日", 50), "", uint8(1))
	f.Fuzz(func(t *testing.T, text, address string, style uint8) {
		rich := markup.Concat(markup.T(text), markup.Text{{Text: text, Style: markup.Style(style)}}, markup.A(text, address))
		action := markup.Action{Label: text, Command: text, Tone: markup.Tone(style % 3)}
		var deep markup.Block = markup.Paragraph{Text: rich}
		for range 6 {
			deep = markup.Details{Summary: rich, Blocks: []markup.Block{deep}}
		}
		doc := markup.Doc{
			Blocks: []markup.Block{
				markup.Heading{Level: 1, Text: rich}, markup.Note{Text: rich}, markup.Quote{Paragraphs: []markup.Text{rich, rich}},
				markup.List{Ordered: true, Items: []markup.Text{rich, rich}}, markup.Section{Blocks: []markup.Block{markup.Paragraph{Text: rich}}, Action: action},
			},
			Rows: [][]markup.Action{{action, {Label: text, URL: address}}},
			Menu: &markup.Menu{Label: text, Items: []markup.Action{action}},
		}
		out := New(Config{Width: 40}).page.doc(doc)
		for i, r := range out {
			if r != '\n' && unicode.IsControl(r) || unicode.Is(unicode.Bidi_Control, r) {
				t.Fatalf("%U at %d of %q", r, i, out)
			}
		}
		for line := range strings.Lines(out) {
			line = strings.TrimSuffix(line, "\n")
			if w := uniseg.StringWidth(line); w > 40 && !strings.Contains(line, "://") && !strings.Contains(address, "://") {
				t.Fatalf("%d columns: %q", w, line)
			}
		}
		doc.Blocks = append(doc.Blocks, deep)
		colored := New(Config{Width: 40, Color: true}).page.doc(doc)
		if plain := New(Config{Width: 40}).page.doc(doc); uncolor(colored) != plain {
			t.Fatalf("colour changes the text: %q, %q", colored, plain)
		}
	})
}

// uncolor takes away the escape sequences that paint writes.
func uncolor(s string) string {
	var b strings.Builder
	for {
		before, after, found := strings.Cut(s, "\x1b[")
		b.WriteString(before)
		if !found {
			return b.String()
		}
		_, s, _ = strings.Cut(after, "m")
	}
}
