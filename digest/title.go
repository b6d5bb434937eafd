// Titles: the first line without the signs people put around it.

package digest

import (
	"regexp"
	"strings"
	"unicode"
	"unicode/utf8"
)

var (
	titleLabel = regexp.MustCompile(`(?i)^[*_]*\s*(?:titolo|title)\s*[*_]*\s*[:：]\s*[*_]*\s*`)
	hashes     = regexp.MustCompile(`^#{1,6}\s+`)
	boldInside = regexp.MustCompile(`(^|[\s(«“"'’])\*\*([^*\s][^*]*)\*\*`)
)

// titleOf is the title on a line: without emoji and Markdown signs around it
// and the label "Titolo:", its white space single ordinary spaces.
func titleOf(s string) string {
	s = collapse(s)
	for range 8 { // signs may be nested; nobody nests them deeper
		before := s
		s = strings.TrimSpace(s[emojiLen(s):])
		s = hashes.ReplaceAllString(s, "")
		s = unwrap(s)
		s = titleLabel.ReplaceAllString(s, "")
		if s == before || s == "" {
			break
		}
	}
	return boldInside.ReplaceAllString(s, "$1$2")
}

// unwrap takes the signs of emphasis off a text that is wrapped in them whole.
func unwrap(s string) string {
	for _, sign := range []string{"***", "**", "__", "*", "_", "~~", "`"} {
		inner, ok := strings.CutPrefix(s, sign)
		if !ok {
			continue
		}
		if inner, ok = strings.CutSuffix(inner, sign); !ok {
			continue
		}
		if inner != "" && !strings.Contains(inner, sign) && inner == strings.TrimSpace(inner) {
			return inner
		}
	}
	return s
}

// collapse makes every run of white space, no-break spaces included, one
// ordinary space, and takes it off the ends.
func collapse(s string) string { return strings.Join(strings.Fields(s), " ") }

// hasWord reports whether there is a letter or a number in s.
func hasWord(s string) bool {
	return strings.ContainsFunc(s, func(r rune) bool { return unicode.IsLetter(r) || unicode.IsNumber(r) })
}

// emojiLen is the length of the emoji that s begins with, keycaps (1️⃣) included.
func emojiLen(s string) int {
	n := 0
	for n < len(s) {
		r, size := utf8.DecodeRuneInString(s[n:])
		switch {
		case isEmoji(r):
			n += size
		case n > 0 && (isVariation(r) || r == zwj || isTag(r)):
			n += size
		case strings.ContainsRune("0123456789#*", r):
			rest := strings.TrimPrefix(s[n+1:], "\ufe0f")
			if !strings.HasPrefix(rest, string(rune(keycap))) {
				return n
			}
			n = len(s) - len(rest) + len(string(rune(keycap)))
		default:
			return n
		}
	}
	return n
}
