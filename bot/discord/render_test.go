package discord

import (
	"encoding/json"
	"flag"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"github.com/strillone/strillone/digest/delivery"
	"github.com/strillone/strillone/digest/markup"
)

var update = flag.Bool("update", false, "write the golden files")

func rendered(t testing.TB, doc markup.Doc) []delivery.Part {
	t.Helper()
	parts, err := (&Adapter{accent: 0x2b6cb0}).Render(doc)
	if err != nil {
		t.Fatalf("Render: %v", err)
	}
	return parts
}

func golden(t *testing.T, name string, parts []delivery.Part) {
	t.Helper()
	var b strings.Builder
	for i, part := range parts {
		var v any
		if err := json.Unmarshal(part, &v); err != nil {
			t.Fatal(err)
		}
		pretty, err := json.MarshalIndent(v, "", "  ")
		if err != nil {
			t.Fatal(err)
		}
		b.WriteString("part " + strconv.Itoa(i+1) + "\n" + string(pretty) + "\n")
	}
	file := filepath.Join("testdata", name+".golden")
	if *update {
		if err := os.MkdirAll("testdata", 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(file, []byte(b.String()), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(string(want), b.String()); diff != "" {
		t.Errorf("%s (-want +got):\n%s", file, diff)
	}
}

func digestDoc(articles int) markup.Doc {
	doc := markup.Doc{
		Blocks: []markup.Block{
			markup.Heading{Level: 1, Text: markup.T("🗞 Strillone · martedì 24 novembre")},
			markup.Note{Text: markup.T(strconv.Itoa(articles) + " articoli nuovi")},
		},
		Menu: &markup.Menu{Label: "Abstract, fonti, consigli di…", Else: []markup.Action{{Label: "no", Command: "no"}}},
	}
	for n := articles; n > 0; n-- {
		id := strconv.Itoa(n)
		doc.Blocks = append(doc.Blocks, markup.Section{
			Blocks: []markup.Block{
				markup.Heading{Level: 2, Text: markup.T("#" + id + " Titolo con _un_ segno * di troppo")},
				markup.Paragraph{Text: markup.Concat(markup.T("Il sommario, con un "), markup.A("collegamento", "https://example.org/a_(b)"), markup.T(" e 1. numeri."))},
				markup.Note{Text: markup.T("ai · big tech")},
			},
			Action: markup.Action{Label: "Leggi", Short: id, Command: "leggi " + id},
		})
		for _, f := range []string{"abstract", "fonti"} {
			doc.Menu.Items = append(doc.Menu.Items, markup.Action{Label: f + " #" + id, Command: f + " " + id})
		}
	}
	return doc
}

func articleDoc() markup.Doc {
	return markup.Doc{
		Blocks: []markup.Block{
			markup.Heading{Level: 1, Text: markup.T("#14 Batterie al sodio")},
			markup.Note{Text: markup.T("pubblicato martedì 24 novembre 2026 · energia")},
			markup.Paragraph{Text: markup.Text{{Text: "Un sommario in corsivo. ", Style: markup.Italic}}},
			markup.Paragraph{Text: markup.Concat(markup.T("Testo con "), markup.B("grassetto"), markup.T(", <@123> e @everyone.\nSeconda riga."))},
			markup.List{Ordered: true, Items: []markup.Text{markup.A("Fonte [una]", "https://example.org/1"), markup.T("Fonte due\nsu due righe")}},
			markup.List{Items: []markup.Text{markup.T("- puntata")}},
			markup.Quote{Paragraphs: []markup.Text{markup.T("Primo."), markup.T("> Secondo.")}},
			markup.Details{Summary: markup.T("🔗 Fonti (2)"), Blocks: []markup.Block{
				markup.List{Ordered: true, Items: []markup.Text{markup.T("una"), markup.T("due")}},
				markup.Note{Text: markup.T("piccola")},
			}},
			markup.Divider{},
			markup.Paragraph{Text: markup.A("https://example.org/a_(b)", "https://example.org/a_(b)")},
		},
		Rows: [][]markup.Action{
			{{Label: "Pubblica", Command: "pubblica 3", Tone: markup.Primary}, {Label: "Scarta", Command: "scarta 3", Tone: markup.Danger}},
			{{Label: "Sito", URL: "https://example.org"}, {Label: "Di nuovo", Command: "scarta 3"}},
		},
	}
}

func TestGolden(t *testing.T) {
	long := markup.Doc{Blocks: []markup.Block{markup.Heading{Level: 1, Text: markup.T("Un articolo lungo")}}}
	for range 12 {
		long.Blocks = append(long.Blocks, markup.Paragraph{Text: markup.T(strings.TrimSpace(strings.Repeat("Una frase di prova, né corta né lunga. ", 18)))})
	}
	long.Rows = [][]markup.Action{{{Label: "🧭 Abstract", Command: "abstract 1"}}}
	for name, doc := range map[string]markup.Doc{
		"digest":  digestDoc(3),
		"article": articleDoc(),
		"long":    long,
		"notice":  {Blocks: []markup.Block{markup.Paragraph{Text: markup.T("✅ Fatto.")}}},
		"buttons": {Rows: [][]markup.Action{{{Label: "Uno", Command: "uno"}}}},
	} {
		t.Run(name, func(t *testing.T) {
			golden(t, name, rendered(t, doc))
			embeds, err := (&Adapter{accent: 0x2b6cb0, format: Embeds}).Render(doc)
			if err != nil {
				t.Fatal(err)
			}
			golden(t, name+"-embeds", embeds)
		})
	}
}

func TestEmptyDocHasNoParts(t *testing.T) {
	for _, doc := range []markup.Doc{{}, {Blocks: []markup.Block{markup.Divider{}, markup.Paragraph{}, markup.Paragraph{Text: markup.T(" \n\x00 \u202e")}}}} {
		if parts := rendered(t, doc); len(parts) != 0 {
			t.Errorf("an empty document gives %s", parts)
		}
	}
}

func TestCommandTooLong(t *testing.T) {
	doc := markup.Doc{Rows: [][]markup.Action{{{Label: "x", Command: strings.Repeat("x", 100)}}}}
	if _, err := (&Adapter{}).Render(doc); err == nil {
		t.Error("a command of 100 bytes leaves no room for a mark and was taken")
	}
}

// A digest of many articles goes out in several messages, its menu under the
// last, which still says something.
func TestLongDigest(t *testing.T) {
	for n := 1; n <= 40; n++ {
		parts := rendered(t, digestDoc(n))
		last := textOfPart(t, parts[len(parts)-1])
		if !strings.Contains(last, `\#1 `) && !strings.Contains(last, "#1 ") {
			t.Errorf("%d articles: the menu doesn't stand under the last article but under %q", n, last)
		}
	}
}

func textOfPart(t testing.TB, part delivery.Part) string {
	t.Helper()
	m, err := messageOf(part)
	if err != nil {
		t.Fatal(err)
	}
	return textOfAll(m.Components)
}

func textOfAll(all []component) string {
	var b strings.Builder
	for _, c := range all {
		if c.Content != "" {
			b.WriteString(c.Content + "\n")
		}
		b.WriteString(textOfAll(c.Components))
	}
	return b.String()
}

// written is all the text of blocks, as their author wrote it.
func written(blocks []markup.Block) string {
	var b strings.Builder
	texts := func(all ...markup.Text) {
		for _, t := range all {
			for _, l := range t.Lines() {
				b.WriteString(clean(l.String()) + "\n")
			}
		}
	}
	for _, block := range blocks {
		switch block := block.(type) {
		case markup.Heading:
			texts(block.Text)
		case markup.Paragraph:
			texts(block.Text)
		case markup.Note:
			texts(block.Text)
		case markup.List:
			texts(block.Items...)
		case markup.Quote:
			texts(block.Paragraphs...)
		case markup.Details:
			if block.Extra {
				continue
			}
			texts(block.Summary)
			b.WriteString(written(block.Blocks))
		case markup.Section:
			b.WriteString(written(block.Blocks))
		}
	}
	return b.String()
}

func TestRenderKeepsTextAndLimits(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) { checkRender(t, genDoc(t)) })
}

type failer interface {
	Helper()
	Fatalf(string, ...any)
}

// checkRender renders a document and checks that nothing of its text is lost
// or comes alive, and that every part keeps within Discord's limits.
func checkRender(t failer, doc markup.Doc) []delivery.Part {
	t.Helper()
	parts, err := (&Adapter{}).Render(doc)
	if err != nil {
		t.Fatalf("Render: %v", err)
	}
	var seen strings.Builder
	for _, part := range parts {
		m, err := messageOf(part)
		if err != nil {
			t.Fatalf("a part that is no message: %v", err)
		}
		count, text := 0, 0
		for _, c := range m.Components {
			count += c.count()
			text += textIn(c)
			checkComponent(t, c, &seen)
		}
		if count > maxComponents || text > maxText {
			t.Fatalf("%d components with %d units of text: %s", count, text, part)
		}
		checkIDs(t, m)
	}
	if got, want := bareText(seen.String()), bareText(written(doc.Blocks)); got != want {
		t.Fatalf("the text changed:\n got %q\nwant %q", got, want)
	}
	return parts
}

func checkComponent(t failer, c component, seen *strings.Builder) {
	t.Helper()
	switch c.Type {
	case typeText:
		if strings.TrimSpace(c.Content) == "" || !utf8.ValidString(c.Content) {
			t.Fatalf("text %q", c.Content)
		}
		s, err := shown(c.Content)
		if err != nil {
			t.Fatalf("%v:\n%s", err, c.Content)
		}
		seen.WriteString(s)
	case typeButton:
		if c.Label == "" || units(c.Label) > maxLabel || (c.CustomID == "") == (c.URL == "") || len(c.URL) > maxButtonURL {
			t.Fatalf("button %+v", c)
		}
	case typeMenu:
		if len(c.Options) == 0 || len(c.Options) > maxOptions || units(c.Placeholder) > maxPlaceholder {
			t.Fatalf("menu %+v", c)
		}
		for _, o := range c.Options {
			if o.Label == "" || units(o.Label) > maxOption || o.Value == "" || len(o.Value) > maxCustomID {
				t.Fatalf("option %+v", o)
			}
		}
	case typeSection:
		if len(c.Components) != 1 || c.Accessory == nil {
			t.Fatalf("section %+v", c)
		}
	case typeRow, typeContainer:
		if len(c.Components) == 0 || c.Type == typeRow && len(c.Components) > maxRow {
			t.Fatalf("row or container of %d", len(c.Components))
		}
		if c.Components[0].Type == typeSeparator || c.Components[len(c.Components)-1].Type == typeSeparator {
			t.Fatalf("a rule at the edge of a message")
		}
	}
	for _, inner := range c.Components {
		checkComponent(t, inner, seen)
	}
	if c.Accessory != nil {
		checkComponent(t, *c.Accessory, seen)
	}
}

func checkIDs(t failer, m message) {
	t.Helper()
	ids := make(map[string]bool)
	var visit func(component)
	visit = func(c component) {
		if c.CustomID != "" && (ids[c.CustomID] || len(c.CustomID) > maxCustomID) {
			t.Fatalf("custom_id %q twice or too long", c.CustomID)
		}
		ids[c.CustomID] = true
		for _, inner := range c.Components {
			visit(inner)
		}
		if c.Accessory != nil {
			visit(*c.Accessory)
		}
	}
	for _, c := range m.Components {
		visit(c)
	}
}

// What buttons and menus carry comes back as the document's commands.
func TestCommandsComeBack(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		doc := genDoc(t)
		parts, err := (&Adapter{}).Render(doc)
		if err != nil {
			t.Fatal(err)
		}
		var got []string
		for _, part := range parts {
			var m struct {
				Components json.RawMessage `json:"components"`
			}
			if err := json.Unmarshal(part, &m); err != nil {
				t.Fatal(err)
			}
			got = append(got, idsIn(m.Components)...)
		}
		if diff := cmp.Diff(doc.Commands(), got); diff != "" {
			t.Fatalf("commands (-want +got):\n%s", diff)
		}
	})
}

func FuzzRender(f *testing.F) {
	f.Add("# *a* <@1> [x](https://y.it) :smile: `", "https://a.it/(b)", uint8(3))
	f.Add(strings.Repeat("e\u0301", 700), "https://a.it", uint8(31))
	f.Add(strings.Repeat("**_~", 600), "", uint8(16))
	f.Fuzz(func(t *testing.T, text, address string, style uint8) {
		text = strings.ToValidUTF8(text, "\uFFFD")
		span := markup.Text{{Text: text, Style: markup.Style(style & 31), URL: address}}
		checkRender(t, markup.Doc{Blocks: []markup.Block{
			markup.Heading{Level: 1, Text: span}, markup.Paragraph{Text: span},
			markup.Section{Blocks: []markup.Block{markup.Heading{Level: 2, Text: span}, markup.Note{Text: span}}, Action: markup.Action{Label: text, Command: "leggi 1"}},
			markup.Quote{Paragraphs: []markup.Text{span, span}}, markup.List{Ordered: true, Items: []markup.Text{span, markup.T(text)}},
		}})
	})
}
