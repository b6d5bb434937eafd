// clean: text from people, made harmless for a terminal.

package terminal

import (
	"strings"
	"unicode"

	"github.com/strillone/strillone/digest/markup"
)

// clean drops control characters, of which an escape sequence needs one, and
// invisible format characters, which reorder or hide text. The joiners stay, for
// emoji and scripts that need them, and so do line feeds.
func clean(s string) string {
	return strings.Map(func(r rune) rune {
		switch {
		case r == '\n' || r == '\u200c' || r == '\u200d':
			return r
		case r == '\t' || r == '\u2028' || r == '\u2029':
			return ' '
		case unicode.IsControl(r) || unicode.Is(unicode.Cf, r):
			return -1
		}
		return r
	}, strings.ToValidUTF8(s, "\ufffd"))
}

// cleanLine is clean for what takes one line.
func cleanLine(s string) string {
	return strings.Join(strings.Fields(clean(s)), " ")
}

// spelled is the text, cleaned, with the address of each link in full after it.
// A link that shows its address already is left as it is.
func spelled(t markup.Text) markup.Text {
	var out []markup.Text
	shown := ""
	for i, s := range t {
		s.Text = clean(s.Text)
		out = append(out, markup.Text{s})
		if s.URL == "" {
			continue
		}
		shown += s.Text
		if i+1 < len(t) && t[i+1].URL == s.URL {
			continue // the same link goes on in another style
		}
		if address := cleanLine(s.URL); strings.TrimSpace(shown) != address {
			out = append(out, markup.T(" "), markup.Text{{Text: "<" + address + ">", URL: s.URL}})
		}
		shown = ""
	}
	return markup.Concat(out...)
}
