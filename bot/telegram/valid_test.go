// The Bot API's rules for a message's HTML, as documented, told apart from how
// Render keeps them.

package telegram

import (
	"html"
	"regexp"
	"slices"
	"strings"
	"unicode/utf16"
	"unicode/utf8"

	"github.com/strillone/strillone/digest/markup"
)

type fataler interface{ Fatalf(string, ...any) }

var (
	anyTag     = regexp.MustCompile(`<[^>]*>`)
	allowedTag = regexp.MustCompile(`^<(?:/?(b|i|u|s|code|blockquote|a)|(blockquote) expandable|(a) href="([^"]*)")>$`)
	reference  = regexp.MustCompile(`&[^;]*;?`)
)

// valid fails unless s can be the text of a message in HTML.
func valid(t fataler, s string) {
	if !utf8.ValidString(s) || len(s) > 32_768 {
		t.Fatalf("%d bytes of HTML, or no UTF-8", len(s))
	}
	for _, r := range reference.FindAllString(s, -1) {
		if !slices.Contains([]string{"&amp;", "&lt;", "&gt;", "&quot;"}, r) {
			t.Fatalf("reference %q", r)
		}
	}
	var opened []string
	entities, weight := 0, 0
	for _, tag := range anyTag.FindAllString(s, -1) {
		m := allowedTag.FindStringSubmatch(tag)
		if m == nil {
			t.Fatalf("tag %q", tag)
		}
		name := m[1] + m[2] + m[3]
		if strings.HasPrefix(tag, "</") {
			if len(opened) == 0 || opened[len(opened)-1] != name {
				t.Fatalf("%q closes %v", tag, opened)
			}
			opened = opened[:len(opened)-1]
			continue
		}
		if name == "a" {
			address := html.UnescapeString(m[4])
			if _, ok := markup.Link(address); !ok {
				t.Fatalf("link to %q", address)
			}
			weight += len(address)
		}
		if slices.Contains(opened, name) || slices.Contains(opened, "code") ||
			name == "blockquote" && len(opened) > 0 ||
			name == "code" && slices.ContainsFunc(opened, func(o string) bool { return o != "blockquote" }) {
			t.Fatalf("%q within %v", tag, opened)
		}
		opened = append(opened, name)
		entities++
		weight += 32
	}
	plain := html.UnescapeString(anyTag.ReplaceAllString(s, ""))
	switch n := len(utf16.Encode([]rune(plain))); {
	case len(opened) > 0:
		t.Fatalf("open at the end: %v", opened)
	case n > 4096 || strings.TrimSpace(plain) == "":
		t.Fatalf("%d UTF-16 units", n)
	case entities > 100 || weight > 9_500:
		t.Fatalf("%d entities of %d bytes", entities, weight)
	case strings.TrimSpace(plain) != plain:
		t.Fatalf("white space at an end of %q", plain)
	}
}
