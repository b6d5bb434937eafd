// Flow: the text of a message as runs, and its measures by the Bot API's limits.

package telegram

import (
	"strings"
	"unicode"
	"unicode/utf16"

	"github.com/strillone/strillone/digest/markup"
)

// frame is what a run stands in.
type frame uint8

const (
	open   frame = iota
	quoted       // <blockquote>
	folded       // <blockquote expandable>
)

// run is a span within a frame. Neighbours in the same frame are in the same
// quotation; two quotations have an open run between them.
type run struct {
	markup.Span
	frame frame
}

// flow is running text.
type flow []run

// flowOf is t in a frame, cleaned of what must not go out.
func flowOf(t markup.Text, f frame) flow {
	var out flow
	for _, s := range t {
		s.Text = clean(s.Text)
		if s.Text == "" {
			continue
		}
		s.URL, _ = markup.Link(s.URL)
		if len(s.URL) > maxAddress {
			s.URL = ""
		}
		switch {
		case s.URL != "": // code can't contain or be part of other entities
			s.Style &^= markup.Code
		case s.Style&markup.Code != 0:
			s.Style = markup.Code
		}
		out = append(out, run{s, f})
	}
	return out
}

// then is f, n line feeds that stand in a frame, and next.
func (f flow) then(n int, between frame, next flow) flow {
	if len(f) == 0 || len(next) == 0 {
		return append(f[:len(f):len(f)], next...)
	}
	gap := run{markup.Span{Text: strings.Repeat("\n", n)}, between}
	return append(append(f[:len(f):len(f)], gap), next...)
}

// String is the text without styles.
func (f flow) String() string {
	var b strings.Builder
	for _, r := range f {
		b.WriteString(r.Text)
	}
	return b.String()
}

// cut is the flow before and after a byte offset of String.
func (f flow) cut(at int) (before, after flow) {
	for _, r := range f {
		n := min(max(at, 0), len(r.Text))
		at -= len(r.Text)
		if n > 0 {
			head := r
			head.Text = r.Text[:n]
			before = append(before, head)
		}
		if n < len(r.Text) {
			r.Text = r.Text[n:]
			after = append(after, r)
		}
	}
	return before, after
}

// trim is the flow without white space at either end.
func (f flow) trim() flow {
	s := f.String()
	_, f = f.cut(len(s) - len(strings.TrimLeftFunc(s, unicode.IsSpace)))
	f, _ = f.cut(len(strings.TrimSpace(s)))
	return f
}

// blank says whether Telegram would call the text empty: white space and
// invisible characters only.
func (f flow) blank() bool {
	for _, r := range f {
		if strings.ContainsFunc(r.Text, visible) {
			return false
		}
	}
	return true
}

// visible says whether a character leaves ink. Those that Unicode calls letters,
// marks or symbols and that leave none are fillers and selectors.
func visible(r rune) bool {
	switch r {
	case 0x034F, 0x115F, 0x1160, 0x17B4, 0x17B5, 0x2800, 0x3164, 0xFFA0, 0xFFFC:
		return false
	}
	return !unicode.IsSpace(r) && !unicode.In(r, unicode.Cc, unicode.Cf, unicode.Variation_Selector)
}

// clean is s without what must not reach a chat: broken UTF-8, control
// characters, and the bidi controls with which a text could be made to read
// otherwise than it is. A @name is disarmed, so that an editor's text neither
// calls people of the chat nor links an account of another network to a
// stranger: a word joiner, which leaves no ink, keeps Telegram from seeing it.
func clean(s string) string {
	var b strings.Builder
	b.Grow(len(s))
	before := ' '
	for i, r := range s {
		switch {
		case r == '\r' && strings.HasPrefix(s[i+1:], "\n"):
			continue
		case r == '\r', r == '\u2028', r == '\u2029', r == '\u0085', r == '\v', r == '\f':
			r = '\n'
		case r == '\t':
			r = ' '
		case unicode.IsControl(r) && r != '\n', isBidi(r):
			continue
		}
		b.WriteRune(r)
		if r == '@' && !isWord(before) && startsWithWord(s[i+1:]) {
			b.WriteRune(wordJoiner)
		}
		before = r
	}
	return b.String()
}

const wordJoiner = '\u2060'

func isBidi(r rune) bool {
	return r >= 0x202A && r <= 0x202E || r >= 0x2066 && r <= 0x2069
}

func isWord(r rune) bool {
	return r == '_' || unicode.IsLetter(r) || unicode.IsNumber(r)
}

func startsWithWord(s string) bool {
	for _, r := range s {
		return isWord(r)
	}
	return false
}

// units is the length of s in UTF-16 code units, which the Bot API counts
// entities in; it counts no less than characters.
func units(s string) int {
	n := 0
	for _, r := range s {
		n += utf16.RuneLen(r)
	}
	return n
}
