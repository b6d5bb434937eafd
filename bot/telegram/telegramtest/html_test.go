// Tests of the HTML parser: what passes and what it means, what doesn't, and a
// fuzz target.

package telegramtest

import (
	"slices"
	"strings"
	"testing"
	"unicode/utf8"
)

func TestParseHTML(t *testing.T) {
	tests := []struct {
		html, text string
		entities   []Entity
	}{
		{"plain \"quoted\" 'text'", "plain \"quoted\" 'text'", nil},
		{"&lt;b&gt; &amp;amp; &quot;x&quot; &#65;&#x42;&#X1F600;", "<b> &amp; \"x\" AB😀", nil},
		{"<b>a</b><strong>b</strong>", "ab", []Entity{{Type: "bold", Length: 1}, {Type: "bold", Offset: 1, Length: 1}}},
		{"😀<i>x</i>", "😀x", []Entity{{Type: "italic", Offset: 2, Length: 1}}},
		{"<b>a<i>b<u>c</u></i></b>", "abc", []Entity{{Type: "bold", Length: 3}, {Type: "italic", Offset: 1, Length: 2}, {Type: "underline", Offset: 2, Length: 1}}},
		{"<s>a</s><strike>b</strike><del>c</del>", "abc", []Entity{{Type: "strikethrough", Length: 1}, {Type: "strikethrough", Offset: 1, Length: 1}, {Type: "strikethrough", Offset: 2, Length: 1}}},
		{"<tg-spoiler>a</tg-spoiler><span class=\"tg-spoiler\">b</span>", "ab", []Entity{{Type: "spoiler", Length: 1}, {Type: "spoiler", Offset: 1, Length: 1}}},
		{`<a href="https://x.org/?a=1&amp;b=2">x</a>`, "x", []Entity{{Type: "text_link", Length: 1, URL: "https://x.org/?a=1&b=2"}}},
		{`<a href='tg://user?id=7'>x</a>`, "x", []Entity{{Type: "text_link", Length: 1, URL: "tg://user?id=7"}}},
		{"<code>x &lt; y</code>", "x < y", []Entity{{Type: "code", Length: 5}}},
		{`<pre><code class="language-go">f()</code></pre>`, "f()", []Entity{{Type: "pre", Length: 3, Language: "go"}}},
		{"<blockquote>a <b>b</b> <code>c</code></blockquote>", "a b c", []Entity{{Type: "blockquote", Length: 5}, {Type: "bold", Offset: 2, Length: 1}, {Type: "code", Offset: 4, Length: 1}}},
		{"<blockquote expandable>a</blockquote>", "a", []Entity{{Type: "expandable_blockquote", Length: 1}}},
		{`<tg-emoji emoji-id="5368324170671202286">👍</tg-emoji>`, "👍", []Entity{{Type: "custom_emoji", Length: 2, emoji: "5368324170671202286"}}},
		{`<tg-time unix="1647531900" format="wDT">alle 9</tg-time>`, "alle 9", []Entity{{Type: "date_time", Length: 6, unix: "1647531900", form: "wDT"}}},
		{"<B>a</b >", "a", []Entity{{Type: "bold", Length: 1}}},
		{"<b></b>x", "x", nil},
	}
	for _, tt := range tests {
		text, entities, err := ParseHTML(tt.html)
		if err != nil || text != tt.text || !slices.Equal(entities, tt.entities) {
			t.Errorf("%s:\n\t%q %+v %v\n\t%q %+v", tt.html, text, entities, err, tt.text, tt.entities)
		}
	}
}

func TestParseHTMLRefuses(t *testing.T) {
	tests := []struct{ html, err string }{
		{"a < b", `Unsupported start tag "" at byte offset 2`},
		{"a > b", "not escaped at byte offset 2"},
		{"R&D", "not escaped"},
		{"a &", "not escaped"},
		{"&nbsp;", "not escaped"},
		{"&apos;", "not escaped"},
		{"&lt", "not escaped"},
		{"&#0;", "is no character"},
		{"&#xD800;", "is no character"},
		{"&#99999999;", "not escaped"},
		{"<p>x</p>", `Unsupported start tag "p" at byte offset 0`},
		{"x<br>", `Unsupported start tag "br"`},
		{"<b/>", "Unclosed start tag"},
		{"<b", "Unclosed start tag"},
		{"<b>x", `Can't find end tag corresponding to start tag "b"`},
		{"x</b>", "Unexpected end tag at byte offset 1"},
		{"<b>x</i>", `expected "</b>", found "</i>"`},
		{"<b>x<i>y</b></i>", `Unmatched end tag`},
		{"<b>x</b", "Unclosed end tag"},
		{"</>", "Unclosed end tag"},
		{`<b class="x">x</b>`, `Attribute "class" in the tag "b"`},
		{"<a>x</a>", "would be dropped"},
		{`<a href="">x</a>`, "would be dropped"},
		{`<a href="/path">x</a>`, "would be dropped"},
		{`<a href="javascript:alert(1)">x</a>`, "would be dropped"},
		{`<a href="https://x y">x</a>`, "would be dropped"},
		{`<a href="https://x.org" title="x">x</a>`, `Attribute "title"`},
		{`<a href="https://x.org" href="https://y.org">x</a>`, "twice"},
		{`<a href="https://x.org/?a&b">x</a>`, "not escaped"},
		{`<a href=https://x.org>x</a>`, "Unclosed start tag"},
		{`<a href="https://x.org><b>x</b></a>`, "Unclosed start tag"},
		{`<a href="https://x.org"><a href="https://y.org">x</a></a>`, `Tag "a" can't be inside of "a"`},
		{"<blockquote>a<blockquote>b</blockquote></blockquote>", `Tag "blockquote" can't be inside of "blockquote"`},
		{"<blockquote>a<b><blockquote expandable>b</blockquote></b></blockquote>", "can't be inside"},
		{`<blockquote expandable="yes">a</blockquote>`, "takes no value"},
		{"<code><b>x</b></code>", `Tag "b" can't be inside of "code"`},
		{"<b><code>x</code></b>", `Tag "code" can't be inside of "b"`},
		{"<pre><i>x</i></pre>", "can't be inside"},
		{`<code class="language-go">x</code>`, `Attribute "class"`},
		{`<pre><code class="go">x</code></pre>`, "names no language"},
		{`<span class="x">x</span>`, "tg-spoiler"},
		{"<span>x</span>", "tg-spoiler"},
		{`<tg-emoji emoji-id="x">x</tg-emoji>`, "custom emoji"},
		{`<tg-time unix="soon">x</tg-time>`, "Invalid date"},
		{`<tg-time unix="1" format="HH:mm">x</tg-time>`, "Invalid date"},
		{"<!-- x -->", `Unsupported start tag ""`},
		{"\xff", "UTF-8"},
	}
	for _, tt := range tests {
		if text, _, err := ParseHTML(tt.html); err == nil || !strings.Contains(err.Error(), tt.err) {
			t.Errorf("%s: %q, %v, not %q", tt.html, text, err, tt.err)
		}
	}
}

func TestRichHTML(t *testing.T) {
	c, err := parse(`<h1>Title</h1><p>One<br>two</p><ul><li>a</li><li><b>b</b></li></ul><hr/>`+
		`<table><tr><th>h</th><td>d</td></tr></table><details open><summary>More</summary>x</details>`, richTags)
	const want = "Title\nOne\ntwo\na\nb\nh\td\nMore\nx\n"
	if err != nil || c.text != want {
		t.Errorf("%q %v", c.text, err)
	}
	for _, bad := range []string{"<h7>x</h7>", "<p>x", "<script>x</script>", strings.Repeat("<details>", 17) + strings.Repeat("</details>", 17),
		strings.Repeat("<p>x</p>", 501)} {
		if _, err := parse(bad, richTags); err == nil {
			t.Errorf("%.40s passes", bad)
		}
	}
}

func FuzzParseHTML(f *testing.F) {
	for _, s := range []string{"", "<b>x</b>", "&#x1F600;<a href=\"https://x.org\">x</a>", "<blockquote expandable>a</blockquote>",
		"<pre><code class=\"language-go\">x</code></pre>", "<", "</", "<a href='", "&#", "<tg-time unix=\"1\" format=\"r\">x</tg-time>"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		text, entities, err := ParseHTML(s)
		if err != nil {
			return
		}
		if !utf8.ValidString(text) || len(text) > len(s) {
			t.Fatalf("%q becomes %q", s, text)
		}
		end := units(text)
		for _, e := range entities {
			if e.Type == "" || e.Offset < 0 || e.Length <= 0 || e.Offset+e.Length > end {
				t.Fatalf("%q: entity %+v of %d", s, e, end)
			}
		}
		if !strings.ContainsAny(s, "<>&") && text != s {
			t.Fatalf("%q becomes %q", s, text)
		}
		if strings.Count(s, "<")%2 != 0 && !strings.Contains(s, "'") && !strings.Contains(s, "\"") {
			t.Fatalf("%q has a tag that doesn't end", s)
		}
		c := content{text, entities}.trim()
		if c.text != strings.TrimSpace(text) {
			t.Fatalf("%q is trimmed to %q", text, c.text)
		}
	})
}

// What a rich message's HTML may not be.
func TestRichHTMLStructure(t *testing.T) {
	for html, want := range map[string]string{
		`<h2>Titolo</h2><p>Uno<br/>due</p><details><summary>Apri</summary><p>Dentro</p></details><hr/><footer>Fine</footer>`: "",
		`<ol><li>uno</li><li><b>due</b></li></ol><blockquote><p>x</p></blockquote>`:                                          "",
		`<details><p>x</p><summary>y</summary></details>`:                                                                    "must begin with",
		`<details><summary>a</summary><summary>b</summary></details>`:                                                        "must be the first",
		`<summary>a</summary>`:                  "right inside of",
		`<li>a</li>`:                            "right inside of",
		`<ul><p>a</p></ul>`:                     "right inside of a list",
		`<p><h2>a</h2></p>`:                     "can't be inside of",
		`<b><p>a</p></b>`:                       "can't be inside of",
		`<p onclick="x">a</p>`:                  "would be ignored",
		`<div>a</div>`:                          "Unsupported start tag",
		`<a href="javascript:x">a</a>`:          "would be dropped",
		strings.Repeat("<p>a</p>", maxBlocks+1): "More than",
		strings.Repeat("<blockquote>", maxDepth+1) + "a" + strings.Repeat("</blockquote>", maxDepth+1): "deeper than",
	} {
		_, _, err := ParseRichHTML(html)
		if want == "" && err != nil || want != "" && (err == nil || !strings.Contains(err.Error(), want)) {
			t.Errorf("%.60s: %v, want %q", html, err, want)
		}
	}
}
