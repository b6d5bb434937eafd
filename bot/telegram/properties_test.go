// What holds of every rendering, hostile text included: nothing is lost, every
// part is valid, and the same document gives the same parts.

package telegram

import (
	"bytes"
	"encoding/json"
	"slices"
	"strconv"
	"strings"
	"testing"
	"unicode"

	"github.com/rivo/uniseg"
	"pgregory.net/rapid"

	"github.com/strillone/strillone/bot/telegram/telegramtest"
	"github.com/strillone/strillone/digest/delivery"
	"github.com/strillone/strillone/digest/markup"
)

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
func said(blocks []markup.Block) string { return saidWith(blocks, true) }

// saidWith is said with or without the marks of lists.
func saidWith(blocks []markup.Block, marks bool) string {
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
				switch {
				case !marks:
				case x.Ordered:
					b.WriteString(strconv.Itoa(i+1) + ".")
				default:
					b.WriteString("•")
				}
				b.WriteString(mended(item))
			}
		case markup.Quote:
			for _, p := range x.Paragraphs {
				b.WriteString(mended(p))
			}
		case markup.Details:
			b.WriteString(mended(x.Summary) + saidWith(x.Blocks, marks))
		case markup.Section:
			b.WriteString(saidWith(x.Blocks, marks))
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
