package discord

import (
	"strings"
	"testing"

	"github.com/strillone/strillone/digest/markup"
)

func TestInline(t *testing.T) {
	const b, i, u, s, c = markup.Bold, markup.Italic, markup.Underline, markup.Strike, markup.Code
	for _, test := range []struct {
		in   markup.Text
		want string
	}{
		{markup.T("a*b_c~d`e|f<g>h[i]j\\k"), "a\\*b\\_c\\~d\\`e\\|f\\<g\\>h\\[i\\]j\\\\k"},
		{markup.T("@everyone @Here a@b.it"), `\@everyone \@Here a@b.it`},
		{markup.T("<@1> <@&2> <#3> <:e:4> <t:5:R>"), `\<@1\> \<@&2\> \<#3\> \<\:e\:4\> \<t\:5\:R\>`},
		{markup.T("un :smile: e 10:30:15"), `un \:smile\: e 10\:30\:15`},
		{markup.T("http://x.it/a_b"), `http\://x.it/a\_b`},
		{markup.T("# no"), `\# no`},
		{markup.T("-# no"), `\-# no`},
		{markup.T("12. no"), `12\. no`},
		{markup.T("2,5 sì"), "2,5 sì"},
		{markup.T("+ no"), `\+ no`},
		{markup.Text{{Text: " a ", Style: b}}, " **a** "},
		{markup.Text{{Text: "a", Style: b | i | u | s}}, "~~__***a***__~~"},
		{markup.Text{{Text: "a", Style: b}, {Text: "b", Style: i}}, "**a**\u200b*b*"},
		{markup.Text{{Text: "a*b", Style: c}}, "`a*b`"},
		{markup.Text{{Text: "a`b", Style: c}}, "a\\`b"},
		{markup.A("a b", "https://x.it/(y) z"), "[a b](https://x.it/%28y%29%20z)"},
		{markup.Text{{Text: "a", Style: b, URL: "https://x.it/*_|`"}}, "[**a**](https://x.it/%2A_%7C%60)"},
		{markup.A("https://x.it/a_(b)", "https://x.it/a_(b)"), "<https://x.it/a_(b)>"},
		{markup.A("https://banca.it", "https://ladro.it"), `https\://banca.it`},
		{markup.Text{{Text: "a", URL: "javascript:x"}}, "a"},
		{markup.Text{{Text: "a", URL: "https://x.it/" + strings.Repeat("(", 600)}}, "a"},
	} {
		if got := inline(test.in); got != test.want {
			t.Errorf("%v:\n got %q\nwant %q", test.in, got, test.want)
		}
	}
}

func TestShorten(t *testing.T) {
	for _, test := range []struct {
		in    string
		limit int
		want  string
	}{
		{"abc", 3, "abc"}, {"abcd", 3, "ab…"}, {"👩‍👩‍👧‍👦x", 5, "…"}, {"a👩‍👩‍👧‍👦", 5, "a…"}, {"a\nb", 9, "a b"}, {"", 3, ""},
	} {
		if got := shorten(test.in, test.limit); got != test.want {
			t.Errorf("shorten(%q, %d) = %q, want %q", test.in, test.limit, got, test.want)
		}
	}
}
