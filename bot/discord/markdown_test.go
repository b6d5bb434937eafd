package discord

import (
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"github.com/strillone/strillone/digest"
	"github.com/strillone/strillone/digest/markup"
)

func TestMarkdown(t *testing.T) {
	const b, i, u, s, c = markup.Bold, markup.Italic, markup.Underline, markup.Strike, markup.Code
	for in, want := range map[string]markup.Text{
		"":                         nil,
		"testo":                    {{Text: "testo"}},
		"**a** b":                  {{Text: "a", Style: b}, {Text: " b"}},
		"*a* _b_ __c__ ~~d~~ `e*`": {{Text: "a", Style: i}, {Text: " "}, {Text: "b", Style: i}, {Text: " "}, {Text: "c", Style: u}, {Text: " "}, {Text: "d", Style: s}, {Text: " "}, {Text: "e*", Style: c}},
		"***a***":                  {{Text: "a", Style: b | i}},
		"**a *b* c**":              {{Text: "a ", Style: b}, {Text: "b", Style: b | i}, {Text: " c", Style: b}},
		"**a *b** c*":              {{Text: "a *b", Style: b}, {Text: " c*"}},
		"**aperto":                 {{Text: "**aperto"}},
		"2 * 3 * 4":                {{Text: "2 * 3 * 4"}},
		"nome_di_file e __init__":  {{Text: "nome_di_file e "}, {Text: "init", Style: u}},
		`\*a\* \<@1> \q`:           {{Text: `*a* <@1> \q`}},
		"[t](https://a.it/x)":      {{Text: "t", URL: "https://a.it/x"}},
		"[**t** u](<https://a.it>)": {
			{Text: "t", Style: b, URL: "https://a.it"}, {Text: " u", URL: "https://a.it"}},
		"[w](https://it.wikipedia.org/wiki/A_(b))": {{Text: "w", URL: "https://it.wikipedia.org/wiki/A_(b)"}},
		"[t](javascript:x)":                        {{Text: "[t](javascript:x)"}},
		"vedi https://a.it/x.":                     {{Text: "vedi "}, {Text: "https://a.it/x", URL: "https://a.it/x"}, {Text: "."}},
		"(https://a.it/x_(y))":                     {{Text: "("}, {Text: "https://a.it/x_(y)", URL: "https://a.it/x_(y)"}, {Text: ")"}},
		"<https://a.it>":                           {{Text: "https://a.it", URL: "https://a.it"}},
		"**https://a.it/x**":                       {{Text: "https://a.it/x", Style: b, URL: "https://a.it/x"}},
		"xhttps://a.it":                            {{Text: "xhttps://a.it"}},
		"<@12> <#3> <:e:4>":                        {{Text: "<@12> <#3> <:e:4>"}},
		"# Titolo\n## Altro\n#no\n-# piccolo":      {{Text: "Titolo\nAltro\n#no\npiccolo"}},
		"- uno\n1. due\n> tre":                     {{Text: "- uno\n1. due\n> tre"}},
		"```\na **b**\n```":                        {{Text: "\na **b**\n", Style: c}},
		"``a`b``":                                  {{Text: "a`b", Style: c}},
		"`a":                                       {{Text: "`a"}},
		"****":                                     {{Text: "****"}},
		"a\r\nb":                                   {{Text: "a\nb"}},
		"||segreto||":                              {{Text: "||segreto||"}},
	} {
		if diff := cmp.Diff(want, markdown(in)); diff != "" {
			t.Errorf("%q (-want +got):\n%s", in, diff)
		}
	}
}

// checkMarkdown checks that nothing but signs of markup is lost: the text is
// what the source says without some signs, in order, and every link is one.
func checkMarkdown(t failer, source string) {
	t.Helper()
	text := markdown(source)
	source = strings.ReplaceAll(source, "\r\n", "\n")
	at, lost := 0, ""
	plain := ""
	for _, s := range text {
		plain += s.Text
		if s.URL != "" {
			if u, ok := markup.Link(s.URL); !ok || u != s.URL {
				t.Fatalf("%q: the link %q", source, s.URL)
			}
		}
	}
	for i := 0; i < len(plain); i++ {
		for at < len(source) && source[at] != plain[i] {
			lost += source[at : at+1]
			at++
		}
		if at == len(source) {
			t.Fatalf("%q became %q, which isn't in it", source, plain)
		}
		at++
	}
	lost += source[at:]
	for _, s := range text {
		if s.URL != "" {
			return // addresses are dropped with their links
		}
	}
	if left := strings.Trim(lost, "*_~`\\#-<> "); left != "" && !strings.Contains(source, "http") {
		t.Fatalf("%q became %q and lost %q", source, plain, lost)
	}
	if utf8.ValidString(source) && !utf8.ValidString(plain) {
		t.Fatalf("%q became invalid", source)
	}
}

func TestMarkdownLosesNothing(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		checkMarkdown(t, strings.Join(rapid.SliceOfN(hostile, 0, 12).Draw(t, "source"), ""))
	})
}

// What Render writes, markdown reads: an article pasted back from Discord is
// what it was.
func TestMarkdownReadsWhatRenderWrites(t *testing.T) {
	want := markup.Text{
		{Text: "Un "}, {Text: "grassetto", Style: markup.Bold}, {Text: ", un "}, {Text: "corsivo", Style: markup.Italic},
		{Text: " e * un [collegamento] a "}, {Text: "questo", URL: "https://a.it/x"}, {Text: " # fine_di_riga."},
	}
	if diff := cmp.Diff(want, markdown(inline(want))); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

// All that an editor can send is read in good time: what is quadratic would take
// hours.
func TestMarkdownIsLinear(t *testing.T) {
	for _, unit := range []string{"*", "**a", "_", "[", "[a](", "<", "`", "``a`", "*a_b~~", "https://", "\\", "# \n", "~~", "[a](b)"} {
		began := time.Now()
		markdown(strings.Repeat(unit, digest.MaxSubmission/len(unit)))
		if d := time.Since(began); d > time.Minute {
			t.Errorf("%q takes %v", unit, d)
		}
	}
}

func FuzzMarkdown(f *testing.F) {
	for _, seed := range []string{"**a** *b* __c__ ~~d~~ `e`", "[a](https://b.it) <https://c.it> https://d.it.", `\*x\*`, "# t\n-# u\n> v", "***x*** **y", "```go\nz```"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, source string) { checkMarkdown(t, source) })
}
