// Package words understands what people write for a setting: a time of day, days
// of the week, a place on Earth, a date, topics. In Italian and English, with or
// without accents, in whatever case. Its functions are pure, know no sentence to
// answer with, and never fail in another way than by not understanding.
package words

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"
)

// maxLength is over the length of any setting, in bytes. What is longer isn't
// understood.
const maxLength = 400

// fold is s as it is compared: in small letters, without accents, with plain
// quotes and dashes, on one line, single-spaced. It is empty when s is no
// setting at all.
func fold(s string) string {
	if len(s) > maxLength || !utf8.ValidString(s) {
		return ""
	}
	var b strings.Builder
	for _, r := range norm.NFKD.String(s) {
		switch {
		case unicode.Is(unicode.Mn, r) || unicode.Is(unicode.Cf, r):
		case strings.ContainsRune("’‘`´ʼ′", r):
			b.WriteByte('\'')
		case unicode.Is(unicode.Pd, r) || r == '−':
			b.WriteByte('-')
		case unicode.IsSpace(r):
			b.WriteByte(' ')
		case !unicode.IsControl(r):
			b.WriteRune(unicode.ToLower(r))
		}
	}
	return strings.Join(strings.Fields(b.String()), " ")
}

// without is s without the first of the prefixes that it begins with as a word.
func without(s string, prefixes ...string) string {
	for _, p := range prefixes {
		if rest, ok := strings.CutPrefix(s, p); ok && (rest == "" || strings.HasSuffix(p, "'") || rest[0] == ' ') {
			return strings.TrimSpace(rest)
		}
	}
	return s
}
