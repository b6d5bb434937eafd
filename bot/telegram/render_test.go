// Render is tested on the documents of LOOK.md (golden files, -update writes
// them), on properties, and with hostile text.

package telegram

import (
	"bytes"
	"encoding/json"
	"flag"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"
	"unicode"

	"github.com/google/go-cmp/cmp"
	"github.com/rivo/uniseg"
	"pgregory.net/rapid"

	"github.com/strillone/strillone/bot/telegram/telegramtest"
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
		blocks = append(blocks, article(n))
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
				b.WriteString("[" + x.Text + " → " + x.CallbackData + x.URL + " " + x.Style + "] ")
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

// shown is the text of parts as a reader sees it, without white space and what
// leaves no ink.
func shown(t fataler, parts []body) string {
	var b strings.Builder
	for _, p := range parts {
		text, _, err := telegramtest.ParseHTML(p.Text)
		if err != nil {
			t.Fatalf("%v in %q", err, p.Text)
		}
		b.WriteString(text)
	}
	return ink(b.String())
}

func ink(s string) string {
	return strings.Map(func(r rune) rune {
		if unicode.IsSpace(r) || unicode.In(r, unicode.Cc, unicode.Cf, unicode.Variation_Selector) ||
			strings.ContainsRune("\u034F\u115F\u1160\u17B4\u17B5\u2800\u3164\uFFA0\uFFFC", r) {
			return -1
		}
		return r
	}, s)
}

// said is the text of blocks, told apart from how Render writes it.
func said(blocks []markup.Block) string {
	var b strings.Builder
	for _, block := range blocks {
		switch x := block.(type) {
		case markup.Heading:
			b.WriteString(mended(x.Text))
		case markup.Paragraph:
			b.WriteString(mended(x.Text))
		case markup.Note:
			b.WriteString(mended(x.Text))
		case markup.List:
			for i, item := range x.Items {
				if x.Ordered {
					b.WriteString(strconv.Itoa(i+1) + ".")
				} else {
					b.WriteString("•")
				}
				b.WriteString(mended(item))
			}
		case markup.Quote:
			for _, p := range x.Paragraphs {
				b.WriteString(mended(p))
			}
		case markup.Details:
			b.WriteString(mended(x.Summary) + said(x.Blocks))
		case markup.Section:
			b.WriteString(said(x.Blocks))
		}
	}
	return ink(b.String())
}

// mended is a text with U+FFFD for every byte that is no UTF-8.
func mended(t markup.Text) string { return string([]rune(t.String())) }

func anyText(t *rapid.T) markup.Text {
	word := rapid.OneOf(
		rapid.StringMatching(`[a-zà-ù]{1,12}[ .,\n]{1,2}`),
		rapid.SampledFrom([]string{"<b>", "&amp;", "@everyone ", "👩‍👩‍👧‍👦", "🇮🇹", "e\u0301", "\"", "</a>", "\u202e", "日本語", "\n\n"}),
	)
	span := rapid.Custom(func(t *rapid.T) markup.Span {
		words := rapid.SliceOfN(word, 1, 12).Draw(t, "words")
		return markup.Span{
			Text:  strings.Repeat(strings.Join(words, ""), rapid.SampledFrom([]int{1, 1, 1, 5, 40}).Draw(t, "times")),
			Style: markup.Style(rapid.IntRange(0, 31).Draw(t, "style")),
			URL:   rapid.SampledFrom([]string{"", "", "https://example.com/?a=\"&b=<", "javascript:x", "https://example.com/" + strings.Repeat("&", 1500)}).Draw(t, "url"),
		}
	})
	return rapid.SliceOfN(span, 0, 6).Draw(t, "text")
}

func anyBlock(depth int) *rapid.Generator[markup.Block] {
	return rapid.Custom(func(t *rapid.T) markup.Block {
		texts := rapid.SliceOfN(rapid.Custom(anyText), 0, 3)
		top := 5
		if depth > 0 {
			top = 7
		}
		switch rapid.IntRange(0, top).Draw(t, "kind") {
		case 0:
			return markup.Heading{Level: 1, Text: anyText(t)}
		case 1:
			return markup.Paragraph{Text: anyText(t)}
		case 2:
			return markup.Note{Text: anyText(t)}
		case 3:
			return markup.List{Ordered: rapid.Bool().Draw(t, "ordered"), Items: texts.Draw(t, "items")}
		case 4:
			return markup.Quote{Collapsible: rapid.Bool().Draw(t, "collapsible"), Paragraphs: texts.Draw(t, "paragraphs")}
		case 5:
			return markup.Divider{}
		case 6:
			return markup.Details{Summary: anyText(t), Blocks: rapid.SliceOfN(anyBlock(depth-1), 0, 3).Draw(t, "inside")}
		default:
			return markup.Section{Blocks: rapid.SliceOfN(anyBlock(depth-1), 0, 3).Draw(t, "entry")}
		}
	})
}

func TestRenderProperties(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		doc := markup.Doc{Blocks: rapid.SliceOfN(anyBlock(1), 0, 6).Draw(t, "blocks")}
		raw, err := new(Adapter).Render(doc)
		if err != nil {
			t.Fatal(err)
		}
		again, _ := new(Adapter).Render(doc)
		if !slices.EqualFunc(raw, again, func(a, b delivery.Part) bool { return bytes.Equal(a, b) }) {
			t.Fatal("not the same twice")
		}
		parts := make([]body, len(raw))
		for i := range raw {
			if err := json.Unmarshal(raw[i], &parts[i]); err != nil {
				t.Fatal(err)
			}
			valid(t, parts[i].Text)
		}
		if got, want := shown(t, parts), said(doc.Blocks); got != want {
			t.Fatalf("got %q, want %q", got, want)
		}
	})
}

// A cut falls between grapheme clusters and in the second half of what fits.
func TestBreakpoint(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		f := slices.Repeat(flowOf(anyText(t), open), rapid.IntRange(1, 60).Draw(t, "repetitions"))
		if f.fits() {
			t.Skip("fits")
		}
		head, tail := f.cut(f.breakpoint())
		if head.String()+tail.String() != f.String() || len(head) == 0 {
			t.Fatal("text lost or nothing cut off")
		}
		if !head.fits() {
			t.Fatal("what was cut off doesn't fit")
		}
		whole := uniseg.GraphemeClusterCount(f.String())
		if n := uniseg.GraphemeClusterCount(head.String()) + uniseg.GraphemeClusterCount(tail.String()); n != whole {
			t.Fatalf("%d grapheme clusters, was %d", n, whole)
		}
	})
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
	if n := len(parts[len(parts)-1].ReplyMarkup.commands()); n != maxButtons {
		t.Errorf("%d buttons", n)
	}
}

func FuzzRender(f *testing.F) {
	f.Add("<b>@everyone</b> & \"co\"", "https://example.com/?a=\"><script>", uint8(31), uint16(1))
	f.Add("👩‍👩‍👧‍👦", "javascript:alert(1)", uint8(1), uint16(900))
	f.Add("\u0301", "http://x", uint8(16), uint16(6000))
	f.Add("\xff\xfe\x00\u202e\ufeff", "tg://user?id=1", uint8(2), uint16(3))
	f.Fuzz(func(t *testing.T, text, address string, style uint8, times uint16) {
		text = strings.Repeat(text, min(int(times), 9_000/(len(text)+1)))
		span := markup.Text{{Text: text, URL: address, Style: markup.Style(style)}}
		doc := markup.Doc{
			Blocks: []markup.Block{
				markup.Heading{Level: 1, Text: markup.T("x")},
				markup.Section{
					Blocks: []markup.Block{markup.Heading{Level: 2, Text: span}, markup.Paragraph{Text: span}},
					Action: markup.Action{Label: text, Command: "leggi 1"},
				},
				markup.Quote{Paragraphs: []markup.Text{span, markup.T(text)}, Collapsible: true},
				markup.Details{Summary: span, Blocks: []markup.Block{markup.List{Items: []markup.Text{span}}}},
			},
			Menu: &markup.Menu{Items: []markup.Action{{Label: text, Command: "a 1"}}},
		}
		parts := render(t, doc)
		for _, p := range parts {
			valid(t, p.Text)
		}
		if got, want := shown(t, parts), said(doc.Blocks); got != want {
			t.Errorf("got %.300q, want %.300q", got, want)
		}
	})
}
