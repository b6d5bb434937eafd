// Mend: text as people meant it, out of what encodings and tricks made of it.

package digest

import (
	"strings"
	"unicode"

	"github.com/strillone/strillone/digest/markup"
)

// glyph is a character of a Text and the span that it stands in.
type glyph struct {
	r    rune
	span int
}

// Mend repairs text that went through a wrong encoding (UTF-8 read as
// Windows-1252 or Latin-1, once or more times, also across spans) and takes out
// what must not reach a reader: control characters but line feed and tab,
// direction controls, and invisible characters, except the joiners that emoji
// and some scripts need. All line ends become line feeds; bytes that are not
// UTF-8 become U+FFFD. Right text is returned as it is, no-break spaces
// included; mended text is right text. It takes time linear in the text.
func Mend(t markup.Text) markup.Text {
	s := t.String()
	glyphs, certain := reread(t, s, false)
	if certain {
		// Some of it was surely misread: what is doubtful was, too.
		glyphs, _ = reread(t, s, true)
	}
	glyphs = dropStrays(dropJoiners(glyphs))
	if same(glyphs, s) {
		return t
	}
	return spell(glyphs, t)
}

// same reports whether glyphs spell s.
func same(glyphs []glyph, s string) bool {
	n := 0
	for _, r := range s {
		if n == len(glyphs) || glyphs[n].r != r || r == unicode.ReplacementChar {
			return false
		}
		n++
	}
	return n == len(glyphs)
}

// spell writes glyphs as Text, in the styles and links of the spans of t.
func spell(glyphs []glyph, t markup.Text) markup.Text {
	var out markup.Text
	var b strings.Builder
	for i, g := range glyphs {
		b.WriteRune(g.r)
		if i+1 == len(glyphs) || glyphs[i+1].span != g.span {
			s := t[g.span]
			s.Text = b.String()
			out = append(out, s)
			b.Reset()
		}
	}
	return out
}

// cleaned is what stands for r before any rereading: itself, a line feed, or
// nothing (false). C1 controls and the soft hyphen are left to the reader, for
// they may be parts of misread characters.
func cleaned(r rune) (rune, bool) {
	switch {
	case r == '\n' || r == '\t':
		return r, true
	case r == '\r' || r == '\v' || r == '\f' || r == 0x2028 || r == 0x2029:
		return '\n', true // a word processor's soft line break is U+000B
	case r < ' ' || r == 0x7F:
		return 0, false
	case r == 0x061C || r == 0x200E || r == 0x200F, r >= 0x202A && r <= 0x202E: // direction
		return 0, false
	case r == 0x200B || r == 0xFEFF || r == 0x180E, r >= 0x2060 && r <= 0x206F: // invisible; direction
		return 0, false
	case r >= 0xFFF9 && r <= 0xFFFB, r >= 0xE0000 && r <= 0xE001F: // annotation, language tags
		return 0, false
	}
	return r, true
}

const (
	zwnj      = 0x200C
	zwj       = 0x200D
	keycap    = 0x20E3
	blackFlag = 0x1F3F4
	tagFirst  = 0xE0020
	tagCancel = 0xE007F
	nbsp      = 0xA0
)

func isTag(r rune) bool { return r >= tagFirst && r <= tagCancel }

// isEmoji reports characters that are shown as pictures, without those that are
// also ordinary signs of text (©, ®, ™, digits).
func isEmoji(r rune) bool {
	switch {
	case r < 0x203C:
		return false
	case r == 0x203C || r == 0x2049 || r == 0x3030 || r == 0x303D || r == 0x3297 || r == 0x3299:
		return true
	case r >= 0x2190 && r <= 0x21FF, r >= 0x2300 && r <= 0x23FF, r >= 0x25A0 && r <= 0x27BF,
		r >= 0x2900 && r <= 0x297F, r >= 0x2B00 && r <= 0x2BFF, r >= 0x1F000 && r <= 0x1FAFF:
		return true
	}
	return false
}

// isVariation reports the selectors of text and emoji presentation.
func isVariation(r rune) bool { return r == 0xFE0E || r == 0xFE0F }

// isJoined reports letters and marks of scripts whose spelling needs joiners.
func isJoined(r rune) bool {
	return r >= 0x0600 && unicode.In(r, unicode.Arabic, unicode.Syriac, unicode.Mongolian, unicode.Nko,
		unicode.Devanagari, unicode.Bengali, unicode.Gurmukhi, unicode.Gujarati, unicode.Oriya,
		unicode.Tamil, unicode.Telugu, unicode.Kannada, unicode.Malayalam, unicode.Sinhala,
		unicode.Myanmar, unicode.Khmer, unicode.Tibetan)
}

// fitsAfter reports whether an invisible character may follow p; all visible
// ones may. What follows it is for dropJoiners to judge.
func fitsAfter(p, r rune) bool {
	switch {
	case r == zwj:
		return isEmoji(p) || isVariation(p) || isJoined(p)
	case r == zwnj:
		return isJoined(p)
	case isVariation(r):
		return isEmoji(p) || p < 0x2200 && strings.ContainsRune("0123456789#*©®™ℹ", p)
	case r >= 0xFE00 && r <= 0xFE0F, r >= 0xE0100 && r <= 0xE01EF:
		return unicode.Is(unicode.Han, p)
	case isTag(r):
		return p == blackFlag || isTag(p) && p != tagCancel
	}
	return true
}

// dropJoiners takes out joiners that join nothing and tags that are not the
// end of a flag: 🏴, three to six tags, and the one that closes them.
func dropJoiners(glyphs []glyph) []glyph {
	out := glyphs[:0]
	for i := 0; i < len(glyphs); i++ {
		g := glyphs[i]
		if (g.r == zwj || g.r == zwnj) && !joins(out, glyphs[i+1:]) {
			continue
		}
		out = append(out, g)
		if g.r != blackFlag {
			continue
		}
		end := i + 1
		for end < len(glyphs) && isTag(glyphs[end].r) {
			end++
		}
		if n := end - i - 2; n >= 3 && n <= 6 && glyphs[end-1].r == tagCancel {
			out = append(out, glyphs[i+1:end]...)
		}
		i = end - 1
	}
	return out
}

// joins reports whether a joiner between the two belongs there; fitsAfter has
// already seen to what is before it.
func joins(before, after []glyph) bool {
	if len(before) == 0 || len(after) == 0 {
		return false
	}
	p, next := before[len(before)-1].r, after[0].r
	if isJoined(p) {
		return isJoined(next)
	}
	return isEmoji(next)
}

// dropStrays mends what is left of misread no-break spaces and of à when the
// second half of the pair, being white space, was lost or made an ordinary
// space: a stray Â goes, a stray Ã at the end of a word is à.
func dropStrays(glyphs []glyph) []glyph {
	out := glyphs[:0]
	for i := 0; i < len(glyphs); i++ {
		g := glyphs[i]
		switch g.r {
		case 'Â':
			end := i + 1
			for end < len(glyphs) && glyphs[end].r == 'Â' {
				end++
			}
			if strayAfter(out) && isBreak(glyphs, end) {
				i = end - 1
				continue
			}
			out = append(out, glyphs[i:end]...)
			i = end - 1
			continue
		case 'Ã':
			if n := len(out); n > 0 && unicode.IsLower(out[n-1].r) && (isBreak(glyphs, i+1) || isStop(glyphs, i+1)) {
				g.r = 'à'
				// The space after it was its second half where another break follows.
				if i+1 < len(glyphs) && glyphs[i+1].r == ' ' && (isBreak(glyphs, i+2) || isStop(glyphs, i+2)) {
					i++
				}
			}
		}
		out = append(out, g)
	}
	return out
}

// strayAfter reports whether no right text has an Â and then a space after out:
// not after a small letter, a digit, the end of a phrase or a no-break space,
// unless that one follows an opening quotation mark.
func strayAfter(out []glyph) bool {
	n := len(out)
	if n == 0 {
		return false
	}
	p := out[n-1].r
	if p == nbsp {
		return n < 2 || out[n-2].r != '«'
	}
	return unicode.IsLower(p) || unicode.IsDigit(p) || strings.ContainsRune(".,;:!?…)]»”%€", p)
}

// isBreak reports white space, but no no-break space, or the end at i.
func isBreak(glyphs []glyph, i int) bool {
	return i >= len(glyphs) || strings.ContainsRune(" \n\t", glyphs[i].r)
}

func isStop(glyphs []glyph, i int) bool {
	return i < len(glyphs) && strings.ContainsRune(".,;:!?)", glyphs[i].r)
}
