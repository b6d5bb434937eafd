// escape: plain text and spans as Discord's markdown, with nothing in them that
// Discord would take for markup, a mention, an emoji, a time or a link.

package discord

import (
	"regexp"
	"strings"
	"unicode"

	"github.com/strillone/strillone/digest/markup"
)

// maxAddress is how long an address may be to be linked: beyond it the text
// stands alone, since the address counts among the text of a message.
const maxAddress = 1500

// always are the characters that stand for themselves only behind a backslash.
// The angle bracket disarms <@user>, <@&role>, <#channel>, <:emoji:1>, <t:1:R>
// and </command:1>.
const always = "\\*_~`|<>[]"

var (
	// everybody is a mention without brackets, emoji a name that Discord draws,
	// scheme the beginning of an address that it links by itself.
	everybody = regexp.MustCompile(`(?i)@(everyone|here)`)
	emoji     = regexp.MustCompile(`:([A-Za-z0-9_+\-]+):`)
	scheme    = regexp.MustCompile(`(?i)(https?|discord):/`)
	// opening makes a heading, a small line or a list where it begins a line.
	opening = regexp.MustCompile(`^\s*(?:\d+[.)]|[#+\-])`)
)

// escape is s, a clean piece of one line, as markdown that shows it as it is.
func escape(s string) string {
	const mark = "\x00" // where a backslash goes; a clean text has none
	s = everybody.ReplaceAllString(s, mark+"@$1")
	s = emoji.ReplaceAllString(s, mark+":$1"+mark+":")
	s = scheme.ReplaceAllString(s, "$1"+mark+":/")
	var b strings.Builder
	for _, r := range s {
		if strings.ContainsRune(always, r) {
			b.WriteByte('\\')
		}
		b.WriteRune(r)
	}
	return strings.ReplaceAll(b.String(), mark, `\`)
}

// clean is s without what only turns the direction of text or controls a
// terminal, and with spaces for all that would break a line.
func clean(s string) string {
	return strings.Map(func(r rune) rune {
		switch {
		case r == '\u2028', r == '\u2029', unicode.IsControl(r) && unicode.IsSpace(r):
			return ' '
		case unicode.IsControl(r), unicode.Is(unicode.Bidi_Control, r):
			return -1
		}
		return r
	}, s)
}

// inline is a clean text of one line as markdown.
func inline(t markup.Text) string {
	var b strings.Builder
	last := byte(0)
	for _, s := range unbracketed(markup.Concat(t)) {
		piece := span(s)
		if piece == "" {
			continue
		}
		// Two markers that touch would be read as one: a zero-width space
		// keeps "**a**" and "*b*" apart.
		if isMarker(last) && isMarker(piece[0]) {
			b.WriteString("\u200b")
		}
		b.WriteString(piece)
		last = piece[len(piece)-1]
	}
	return escapeOpening(b.String())
}

func isMarker(c byte) bool { return strings.IndexByte("*_~`", c) >= 0 }

// escapeOpening disarms what has a meaning at the beginning of a line only.
func escapeOpening(line string) string {
	m := opening.FindStringIndex(line)
	if m == nil {
		return line
	}
	return line[:m[1]-1] + `\` + line[m[1]-1:]
}

// unbracketed takes the square brackets out of links: Discord counts those in a
// link's text even behind a backslash.
func unbracketed(t markup.Text) markup.Text {
	var out markup.Text
	for _, s := range t {
		for s.URL != "" {
			i := strings.IndexAny(s.Text, "[]")
			if i < 0 {
				break
			}
			before, bracket := s, s
			before.Text = s.Text[:i]
			bracket.Text, bracket.URL = s.Text[i:i+1], ""
			out = append(out, before, bracket)
			s.Text = s.Text[i+1:]
		}
		out = append(out, s)
	}
	return out
}

// span is one span as markdown, complete in itself. Its markers open and close
// around its text, never around the white space at its ends: Discord would not
// take them for markers there.
func span(s markup.Span) string {
	inner := strings.TrimSpace(s.Text)
	if inner == "" {
		return s.Text
	}
	before, after, _ := strings.Cut(s.Text, inner)
	return before + linked(inner, s) + after
}

// linked is [text](address). Discord shows no link whose text looks like an
// address: text that is its own address becomes <address>, and text that looks
// like another one stays without a link.
func linked(text string, s markup.Span) string {
	address, ok := markup.Link(s.URL)
	if !ok || len(encode(address)) > maxAddress {
		return styled(text, s.Style)
	}
	if own, ok := markup.Link(text); ok && own == address && !strings.ContainsAny(text, "<> ") {
		return "<" + text + ">"
	}
	if scheme.MatchString(text) {
		return styled(text, s.Style)
	}
	return "[" + styled(text, s.Style) + "](" + encode(address) + ")"
}

// styled puts the markers of a style around text. Italics take the asterisk,
// since the underscore works between words only; code with a backtick in it has
// no markers that hold, and stays plain.
func styled(text string, style markup.Style) string {
	out := escape(text)
	if style&markup.Code != 0 && !strings.Contains(text, "`") {
		out = "`" + text + "`"
	}
	for _, m := range []struct {
		style  markup.Style
		marker string
	}{{markup.Italic, "*"}, {markup.Bold, "**"}, {markup.Underline, "__"}, {markup.Strike, "~~"}} {
		if style&m.style != 0 {
			out = m.marker + out + m.marker
		}
	}
	return out
}

var encoder = strings.NewReplacer(
	" ", "%20", "<", "%3C", ">", "%3E", "(", "%28", ")", "%29",
	`"`, "%22", "'", "%27", `\`, "%5C", "`", "%60", "*", "%2A", "|", "%7C",
)

// encode is an address without the characters that would end a link or begin
// markup.
func encode(address string) string {
	return strings.Map(func(r rune) rune {
		if unicode.IsSpace(r) || unicode.IsControl(r) || unicode.Is(unicode.Bidi_Control, r) {
			return -1
		}
		return r
	}, encoder.Replace(address))
}
