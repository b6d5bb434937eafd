// Documents of hostile text, for properties.

package discord

import (
	"strings"

	"pgregory.net/rapid"

	"github.com/strillone/strillone/digest/markup"
)

// The markup of hostile text.
var hostile = rapid.OneOf(
	rapid.SampledFrom([]string{
		"*", "**", "_", "__", "~~", "`", "```", "||", "> ", ">>> ", "# ", "-# ", "- ", "1. ", "12) ", "+ ", "[", "]", "](", ")", "(", "\\", "\\*",
		"<@1>", "<@&2>", "<#3>", "<:e:4>", "<t:5:R>", "</x:6>", "@everyone", "@here", ":smile:", "10:30:15", "http://", "https://a.it/b_c*d",
		"<https://x.it>", "[a](https://b.it)", "discord://", "\u202e", "\u200b", "\x00", "\r", "\u2028", "\n", "\n\n", " ", "  ", "👩‍👩‍👧‍👦", "e\u0301\u0302",
		"parola", "Una frase. ", "#", "a_b_c", "~2", "§",
	}),
	rapid.String(),
	rapid.StringMatching(`[a-zà-ù ,.]{0,60}`),
)

func genText(t *rapid.T) markup.Text {
	var text markup.Text
	for range rapid.IntRange(0, 6).Draw(t, "spans") {
		s := markup.Span{Text: strings.Join(rapid.SliceOfN(hostile, 0, 4).Draw(t, "text"), "")}
		s.Style = markup.Style(rapid.SampledFrom([]int{0, 0, 0, 1, 2, 3, 4, 7, 8, 16, 31}).Draw(t, "style"))
		if rapid.IntRange(0, 4).Draw(t, "linked") == 0 {
			s.URL = rapid.SampledFrom([]string{"https://a.it/x", "https://a.it/a_(b)*c?d=<e>&f=[g]", "javascript:alert(1)", "https://a.it/" + strings.Repeat("x", 2000), "http://[::1]/"}).Draw(t, "url")
		}
		if rapid.IntRange(0, 30).Draw(t, "long") == 0 {
			s.Text = strings.Repeat(s.Text+"abc. ", 300)
		}
		text = append(text, s)
	}
	return text
}

func genAction(t *rapid.T) markup.Action {
	if rapid.IntRange(0, 5).Draw(t, "link") == 0 {
		return markup.Action{Label: hostile.Draw(t, "label"), URL: rapid.SampledFrom([]string{"https://a.it", "", "ftp://x", "https://a.it/" + strings.Repeat("y", 600)}).Draw(t, "address")}
	}
	return markup.Action{
		Label:   strings.Repeat(hostile.Draw(t, "label"), rapid.IntRange(1, 60).Draw(t, "times")),
		Command: rapid.SampledFrom([]string{"leggi 1", "leggi 2", "menu", "x~2", "fonti " + strings.Repeat("9", 50)}).Draw(t, "command"),
		Tone:    markup.Tone(rapid.IntRange(0, 2).Draw(t, "tone")),
	}
}

func genBlock(t *rapid.T, depth int) markup.Block {
	texts := func() []markup.Text {
		var all []markup.Text
		for range rapid.IntRange(0, 4).Draw(t, "texts") {
			all = append(all, genText(t))
		}
		return all
	}
	blocks := func() []markup.Block {
		var all []markup.Block
		if depth > 0 {
			for range rapid.IntRange(0, 3).Draw(t, "inner") {
				all = append(all, genBlock(t, depth-1))
			}
		}
		return all
	}
	switch rapid.IntRange(0, 8).Draw(t, "block") {
	case 0:
		return markup.Heading{Level: rapid.IntRange(1, 2).Draw(t, "level"), Text: genText(t)}
	case 1:
		return markup.Note{Text: genText(t)}
	case 2:
		return markup.List{Ordered: rapid.Bool().Draw(t, "ordered"), Items: texts()}
	case 3:
		return markup.Quote{Paragraphs: texts()}
	case 4:
		return markup.Details{Summary: genText(t), Blocks: blocks(), Extra: rapid.Bool().Draw(t, "extra")}
	case 5:
		return markup.Divider{}
	case 6, 7:
		return markup.Section{Blocks: blocks(), Action: genAction(t)}
	}
	return markup.Paragraph{Text: genText(t)}
}

func genDoc(t *rapid.T) markup.Doc {
	var doc markup.Doc
	for range rapid.IntRange(0, 12).Draw(t, "blocks") {
		doc.Blocks = append(doc.Blocks, genBlock(t, 2))
	}
	for range rapid.IntRange(0, 3).Draw(t, "rows") {
		var row []markup.Action
		for range rapid.IntRange(0, 12).Draw(t, "row") {
			row = append(row, genAction(t))
		}
		doc.Rows = append(doc.Rows, row)
	}
	if rapid.Bool().Draw(t, "menu") {
		doc.Menu = &markup.Menu{Label: hostile.Draw(t, "placeholder")}
		for range rapid.IntRange(0, 60).Draw(t, "items") {
			doc.Menu.Items = append(doc.Menu.Items, genAction(t))
		}
	}
	return doc
}
