// Tests of Text and Link.

package markup

import (
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"
)

func TestMakers(t *testing.T) {
	for _, test := range []struct{ got, want Text }{
		{T(""), nil},
		{B(""), nil},
		{A("", "https://e.it"), nil},
		{T("a"), Text{{Text: "a"}}},
		{B("a"), Text{{Text: "a", Style: Bold}}},
		{A("a", "https://e.it/x"), Text{{Text: "a", URL: "https://e.it/x"}}},
		{A("a", "javascript:x"), Text{{Text: "a"}}},
	} {
		if diff := cmp.Diff(test.want, test.got); diff != "" {
			t.Error(diff)
		}
	}
}

func TestConcatAndJoin(t *testing.T) {
	a, b := T("a"), B("b")
	if diff := cmp.Diff(Text{{Text: "aa"}, {Text: "bb", Style: Bold}, {Text: "a"}}, Concat(a, nil, a, b, Text{{}}, b, a)); diff != "" {
		t.Error(diff)
	}
	if a[0].Text != "a" || b[0].Text != "b" {
		t.Error("Concat changed what it was given")
	}
	if diff := cmp.Diff(Text{{Text: "a, "}, {Text: "b", Style: Bold}, {Text: ", a"}}, Join([]Text{a, b, a}, ", ")); diff != "" {
		t.Error(diff)
	}
	if got := Join(nil, ", "); got != nil {
		t.Error(got)
	}
}

func TestSliceTrimLines(t *testing.T) {
	text := Text{{Text: " a\n"}, {Text: "b\nc", Style: Bold}, {Text: "\n ", URL: "https://e.it"}}
	if diff := cmp.Diff(Text{{Text: "\n"}, {Text: "b", Style: Bold}}, text.Slice(2, 4)); diff != "" {
		t.Error(diff)
	}
	if diff := cmp.Diff(text, text.Slice(-5, 99)); diff != "" {
		t.Error(diff)
	}
	if got := text.Slice(4, 2); got != nil {
		t.Error(got)
	}
	if diff := cmp.Diff(Text{{Text: "a\n"}, {Text: "b\nc", Style: Bold}}, text.Trim()); diff != "" {
		t.Error(diff)
	}
	if diff := cmp.Diff([]Text{{{Text: " a"}}, {{Text: "b", Style: Bold}}, {{Text: "c", Style: Bold}}, {{Text: " ", URL: "https://e.it"}}}, text.Lines()); diff != "" {
		t.Error(diff)
	}
	if diff := cmp.Diff([]Text{nil}, Text(nil).Lines()); diff != "" {
		t.Error(diff)
	}
	if diff := cmp.Diff([]Text{nil, nil}, T("\n").Lines()); diff != "" {
		t.Error(diff)
	}
}

func TestExcerpt(t *testing.T) {
	for _, test := range []struct {
		in    string
		limit int
		want  string
	}{
		{"breve", 5, "breve"},
		{"Una frase. E un’altra più lunga.", 15, "Una frase."},
		{"una parola lunga", 12, "una parola…"},
		{"unasolaparola", 6, "unaso…"},
		{"èèè", 2, "è…"},
		{"abc", 1, "…"},
		{"abc", 0, ""},
		{"abc", -1, ""},
	} {
		if got := T(test.in).Excerpt(test.limit).String(); got != test.want {
			t.Errorf("%q to %d: %q, want %q", test.in, test.limit, got, test.want)
		}
	}
}

func TestLink(t *testing.T) {
	for in, want := range map[string]string{
		"https://e.it":                    "https://e.it",
		" HTTP://e.it/a b ":               "http://e.it/a%20b",
		"https://e.it/a_(b)?q=è&x#y":      "https://e.it/a_(b)?q=%C3%A8&x#y",
		`https://e.it/?q=a b"<c>`:         "https://e.it/?q=a%20b%22%3Cc%3E",
		"https://e.it/?q=\u202e":          "https://e.it/?q=%E2%80%AE",
		"http://e.it:8080/":               "http://e.it:8080/",
		"https://perché.it/":              "https://perch%C3%A9.it/",
		"":                                "",
		"e.it":                            "",
		"//e.it/a":                        "",
		"https://":                        "",
		"https:///a":                      "",
		"http://:80/":                     "",
		"https:e.it":                      "",
		"javascript:alert(1)":             "",
		"data:text/html,x":                "",
		"tg://user?id=1":                  "",
		"mailto:a@e.it":                   "",
		"ftp://e.it":                      "",
		"https://user@e.it":               "",
		"https://user:secret@e.it/":       "",
		"https://e.it/%zz":                "",
		"https://e.it/\n":                 "https://e.it/",
		"https://e.it/a\nb":               "",
		"https://e\u202e.it/":             "",
		"https://e\u200b.it/":             "",
		"https://good.it\\@evil.it/":      "",
		"https://e.it\u00a0/":             "",
		"https://[::1]/":                  "https://[::1]/",
		"https://e.it/?a=%20b&c=d%26#e f": "https://e.it/?a=%20b&c=d%26#e%20f",
	} {
		got, ok := Link(in)
		if got != want || ok != (want != "") {
			t.Errorf("Link(%q) = %q, %v, want %q", in, got, ok, want)
		}
	}
}

func someText() *rapid.Generator[Text] {
	return rapid.Custom(func(t *rapid.T) Text {
		return rapid.SliceOf(rapid.Custom(func(t *rapid.T) Span {
			return Span{
				Text:  rapid.StringMatching(`[aè \n]{0,4}`).Draw(t, "text"),
				Style: Style(rapid.IntRange(0, 1).Draw(t, "style")),
				URL:   rapid.SampledFrom([]string{"", "", "https://e.it"}).Draw(t, "url"),
			}
		})).Draw(t, "spans")
	})
}

func TestTextIsItsParts(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		text := someText().Draw(t, "text")
		s := text.String()
		if text.Len() != len(s) {
			t.Fatal(text.Len())
		}
		whole := Concat(text)
		if diff := cmp.Diff(whole, Join(text.Lines(), "\n")); diff != "" && Join(text.Lines(), "\n").String() != s {
			t.Fatal(diff)
		}
		if got := text.Trim().String(); got != strings.TrimSpace(s) {
			t.Fatalf("Trim: %q", got)
		}
		i := rapid.IntRange(0, len(s)).Draw(t, "i")
		j := rapid.IntRange(i, len(s)).Draw(t, "j")
		parts := text.Cut(i, j)
		if diff := cmp.Diff(whole, Concat(parts...)); diff != "" {
			t.Fatal(diff)
		}
		if diff := cmp.Diff(Concat(text.Slice(i, j)), Concat(parts[1])); diff != "" || parts[0].Len() != i {
			t.Fatal(diff)
		}
		limit := rapid.IntRange(0, 20).Draw(t, "limit")
		if got := utf8.RuneCountInString(text.Excerpt(limit).String()); got > limit {
			t.Fatalf("Excerpt(%d) has %d", limit, got)
		}
	})
}

func TestLinkTwiceIsOnce(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		in := "https://e.it/" + rapid.String().Draw(t, "path") + "?" + rapid.String().Draw(t, "query")
		once, ok := Link(in)
		if !ok {
			return
		}
		if twice, ok := Link(once); !ok || twice != once || strings.ContainsAny(once, " <>\"\n") {
			t.Fatalf("%q, then %q", once, twice)
		}
	})
}

func TestManySpans(t *testing.T) {
	var text Text
	for i := range 60_000 {
		text = append(text, Span{Text: "\n", Style: Style(i / 1000 % 2)})
	}
	start := time.Now()
	lines := text.Lines()
	joined := Join(lines, "\n")
	if took := time.Since(start); took > time.Second || len(lines) != 60_001 || joined.Len() != 60_000 {
		t.Errorf("%d lines, %v", len(lines), took)
	}
}
