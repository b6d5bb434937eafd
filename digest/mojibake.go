// Rereading: UTF-8 that was read as Windows-1252 or Latin-1 is read again.

package digest

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/strillone/strillone/digest/markup"
)

// windows1252 is what Windows-1252 has at 0x80–0x9F, where Latin-1 has control
// characters; 0 where it has nothing.
var windows1252 = [32]rune{
	'€', 0, '‚', 'ƒ', '„', '…', '†', '‡', 'ˆ', '‰', 'Š', '‹', 'Œ', 0, 'Ž', 0,
	0, '‘', '’', '“', '”', '•', '–', '—', '˜', '™', 'š', '›', 'œ', 0, 'ž', 'Ÿ',
}

// byteOf is the byte, over ASCII, that Windows-1252 or Latin-1 reads as r; 0 if
// there is none.
func byteOf(r rune) byte {
	if r >= 0x80 && r <= 0xFF {
		return byte(r)
	}
	if r >= 0x152 && r <= 0x2122 {
		for i, c := range windows1252 {
			if c == r {
				return byte(0x80 + i)
			}
		}
	}
	return 0
}

func isContinuation(b byte) bool { return b >= 0x80 && b < 0xC0 }

// sequenceLen is how many bytes the UTF-8 sequence that b leads has; 0 if b
// leads none.
func sequenceLen(b byte) int {
	switch {
	case b >= 0xC2 && b <= 0xDF:
		return 2
	case b >= 0xE0 && b <= 0xEF:
		return 3
	case b >= 0xF0 && b <= 0xF4:
		return 4
	}
	return 0
}

// reader rereads text with a stack. Each character is pushed; when the top of
// the stack spells a UTF-8 sequence that is believed to be misread, the
// character it encodes takes its place and is pushed in turn, which undoes a
// second misreading as well. Every step but the first push makes the stack
// shorter, so the work is linear; and since a sequence is judged only by
// itself and by what is below it, nothing is left to find for a second reading.
type reader struct {
	stack   []glyph
	run     int  // where the characters on the top that are bytes begin
	loose   bool // believe doubtful sequences, too
	certain bool // a sequence was believed without being loose
}

// reread is t, whose String is s, after rereading; and whether anything was
// certainly misread.
func reread(t markup.Text, s string, loose bool) ([]glyph, bool) {
	m := reader{stack: make([]glyph, 0, len(s)), loose: loose}
	span, end := -1, 0 // end of the span, in s
	afterReturn := false
	for i, r := range s {
		for i >= end {
			span++
			end += len(t[span].Text)
		}
		if !afterReturn || r != '\n' {
			m.push(glyph{r, span})
		}
		afterReturn = r == '\r'
	}
	m.settle()
	return m.stack, m.certain
}

// push puts g on the stack and rereads what is then on its top.
func (m *reader) push(g glyph) {
	for {
		r, ok := cleaned(g.r)
		if !ok {
			return
		}
		g.r = r
		if byteOf(r) == 0 {
			m.close(g)
			return
		}
		m.stack = append(m.stack, g)
		if !isContinuation(byteOf(r)) {
			return
		}
		lead, bytes := m.sequence()
		if lead < 0 {
			m.resolve(len(m.stack) - 1)
			return
		}
		if len(bytes) < sequenceLen(bytes[0]) {
			return
		}
		decoded, ok := m.decode(lead, bytes)
		if !ok {
			m.resolve(lead + 1)
			return
		}
		g = glyph{decoded, m.stack[lead].span}
		m.stack = m.stack[:lead]
	}
}

// close ends a run of bytes with g, which is none. What is invisible and out of
// place is dropped and ends nothing.
func (m *reader) close(g glyph) {
	if !fitsAfter(m.at(len(m.stack)-1), g.r) {
		return
	}
	m.settle()
	if fitsAfter(m.at(len(m.stack)-1), g.r) {
		m.stack = append(m.stack, g)
		m.run = len(m.stack)
	}
}

// settle makes of a run that ended what it can be: sequences that were only
// begun will not go on. â€ at an end is a ” whose third byte, which
// Windows-1252 does not have, was lost.
func (m *reader) settle() {
	for m.run < len(m.stack) {
		run := m.stack[m.run:]
		mended := make([]glyph, 0, len(run))
		changed := false
		for i := 0; i < len(run); i++ {
			g := run[i]
			switch {
			case g.r == 'â' && i+1 < len(run) && byteOf(run[i+1].r) == 0x80 &&
				(i+2 == len(run) || !isContinuation(byteOf(run[i+2].r))):
				g.r = '”'
				i++
				m.certain = true
				changed = true
			case isTransient(g.r):
				changed = true
				var ok bool
				if g, ok = resolved(g); !ok {
					continue
				}
			}
			mended = append(mended, g)
		}
		if !changed {
			return
		}
		m.stack = m.stack[:m.run]
		for _, g := range mended {
			m.push(g)
		}
	}
}

// isTransient reports characters that may be parts of a misread one, but may
// not stay: C1 controls and the soft hyphen.
func isTransient(r rune) bool { return r >= 0x80 && r < 0xA0 || r == 0xAD }

// resolved is a transient that turned out to be a part of nothing: a C1 control
// is the sign that Windows-1252 has there; it goes (false) when there is none.
func resolved(g glyph) (glyph, bool) {
	if g.r == 0xAD {
		return g, false
	}
	g.r = windows1252[g.r-0x80]
	return g, g.r != 0
}

// resolve resolves the transients from an index on.
func (m *reader) resolve(from int) {
	kept := m.stack[:from]
	for _, g := range m.stack[from:] {
		ok := true
		if isTransient(g.r) {
			g, ok = resolved(g)
		}
		if ok {
			kept = append(kept, g)
		}
	}
	m.stack = kept
}

// sequence finds the lead of the sequence on the top of the stack, complete or
// well begun, and its bytes; -1 if there is none.
func (m *reader) sequence() (lead int, bytes []byte) {
	n := len(m.stack)
	for i := n - 1; i >= 0 && n-i <= utf8.UTFMax; i-- {
		b := byteOf(m.stack[i].r)
		if isContinuation(b) {
			continue
		}
		if sequenceLen(b) < n-i {
			return -1, nil
		}
		for _, g := range m.stack[i:] {
			bytes = append(bytes, byteOf(g.r))
		}
		if len(bytes) > 1 && !secondFits(b, bytes[1]) {
			return -1, nil
		}
		return i, bytes
	}
	return -1, nil
}

// secondFits reports whether UTF-8 allows the second byte after the first.
func secondFits(first, second byte) bool {
	switch first {
	case 0xE0:
		return second >= 0xA0
	case 0xED:
		return second < 0xA0
	case 0xF0:
		return second >= 0x90
	case 0xF4:
		return second < 0x90
	}
	return true
}

// decode is the character that the whole sequence from lead on encodes, when it
// is believed.
func (m *reader) decode(lead int, bytes []byte) (rune, bool) {
	d, n := utf8.DecodeRune(bytes)
	if n < len(bytes) {
		return 0, false
	}
	verdict := impossible
	switch {
	case bytes[0] == 0xC2:
		verdict = m.judgeSign(lead, d)
	case isExpected(d):
		verdict = m.judge(lead, d)
	}
	if verdict == impossible || verdict == doubtful && !m.loose {
		return 0, false
	}
	m.certain = m.certain || verdict == sure
	return d, true
}

// verdict says how surely a sequence was misread.
type verdict int

const (
	sure       verdict = iota
	doubtful           // right text may have it
	impossible         // what stands before is against it
)

// at is the character at an index of the stack; 0 before its beginning.
func (m *reader) at(i int) rune {
	if i < 0 {
		return 0
	}
	return m.stack[i].r
}

// judgeSign judges Â and a sign, which no right text has but in quotation
// marks, «Â» and «\u00a0Â\u00a0». A control in the place of the sign is only a
// part of something that was misread twice.
func (m *reader) judgeSign(lead int, d rune) verdict {
	p, q := m.at(lead-1), m.at(lead-2)
	switch {
	case d < nbsp:
		if under := (reader{stack: m.stack[:lead]}); !under.goesOn(byte(d)) {
			return impossible
		}
	case p == '«' && d == '»', q == '«' && p == nbsp && d == nbsp:
		return impossible
	}
	return sure
}

// goesOn reports whether b continues the sequence on the top of the stack.
func (m *reader) goesOn(b byte) bool {
	lead, bytes := m.sequence()
	if lead < 0 || len(bytes) >= sequenceLen(bytes[0]) {
		return false
	}
	return len(bytes) > 1 || secondFits(bytes[0], b)
}

// Signs that right text has after a letter.
const (
	afterAny      = "‚„…‹›‘’“”•–—«»\u00a0"
	afterCapitals = "™®©°¹²³"
)

// judge judges the sequence from lead on, which encodes the expected character d.
func (m *reader) judge(lead int, d rune) verdict {
	p, q := m.at(lead-1), m.at(lead-2)
	capitals := unicode.IsUpper(p) && unicode.IsUpper(q)
	signs := afterAny
	switch {
	case len(m.stack)-lead > 2: // led by a small letter: â, ð
	case unicode.Is(unicode.Mn, d) && !unicode.IsLower(p): // no letter to sit on
		return impossible
	case unicode.IsLower(p): // no word goes on with a capital and a sign
		return sure
	case capitals && unicode.IsLower(d):
		return impossible
	case capitals:
		signs += afterCapitals
	}
	for _, g := range m.stack[lead+1:] {
		if !strings.ContainsRune(signs, g.r) {
			return sure
		}
	}
	return doubtful
}

// isExpected reports the characters that an article may have: letters of
// Europe and Viet Nam, punctuation, signs, pictures. Two signs after an accented
// letter often spell one of the others (“perché…” has a Chinese one).
func isExpected(d rune) bool {
	switch {
	case d >= 0xC0 && d <= 0x17F, d >= 0x218 && d <= 0x21B, d == 'ƒ', d == 'ˆ', d == '˜',
		d >= 0x300 && d <= 0x36F, d >= 0x386 && d <= 0x3CE, d >= 0x400 && d <= 0x45F,
		d == 0x490, d == 0x491, d >= 0x1EA0 && d <= 0x1EF9:
		return true
	case d >= 0x2000 && d <= 0x27BF, d >= 0x2900 && d <= 0x297F, d >= 0x2B00 && d <= 0x2B7F,
		d >= 0x3000 && d <= 0x30FF:
		return true
	case d == 0xFE0E, d == 0xFE0F, d == 0xFEFF, d == 0xFFFD:
		return true
	case d >= 0x1D400 && d <= 0x1D7FF, d >= 0x1F000 && d <= 0x1FAFF, d >= 0xE0061 && d <= tagCancel:
		return true
	}
	return false
}
