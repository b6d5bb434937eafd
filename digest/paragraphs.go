// Paragraphs: in a chat a line feed ends one; in a hard-wrapped text it does not.

package digest

import (
	"regexp"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/strillone/strillone/digest/markup"
)

// listMark is what a line of a list begins with, beside emoji: a bullet, a dash
// and a space, or a number of one or two digits.
var listMark = regexp.MustCompile(`^(?:[•·▪‣◦●○■□▸►]|[-–—―*+][\s\p{Z}]|\(?\d{1,2}[.)][\s\p{Z}]|\[\d{1,2}\])`)

// markLen is the length of the mark of a list that s begins with, the space
// around it included; 0 if there is none.
func markLen(s string) int {
	rest := strings.TrimLeftFunc(s, unicode.IsSpace)
	indent := len(s) - len(rest)
	n := emojiLen(rest)
	if n == 0 {
		n = len(listMark.FindString(rest))
	}
	if n == 0 || n == len(rest) {
		return 0
	}
	rest = rest[n:]
	return indent + n + len(rest) - len(strings.TrimLeftFunc(rest, unicode.IsSpace))
}

// unit is consecutive lines that may be one hard-wrapped paragraph: they stand
// together between blank lines, and a line with the mark of a list begins a new
// one.
type unit struct {
	lines []line
	list  bool
}

func unitsOf(lines []line) []unit {
	var units []unit
	for i, l := range lines {
		marked := markLen(l.s) > 0
		if i == 0 || l.afterBlank || marked {
			units = append(units, unit{list: marked})
		}
		last := &units[len(units)-1]
		last.lines = append(last.lines, l)
	}
	return units
}

// paragraphs makes paragraphs of lines. Each line is one, but for lines that
// were hard-wrapped, which are joined, and for the lines of a list, which stay
// lines of one paragraph.
//
// Lines were hard-wrapped when they are filled (see filled) and at half of the
// breaks or more a phrase goes on: the line does not end a sentence and the next
// begins with a small letter. Where a text has lines like that, all its other
// lines that are filled to the same width were hard-wrapped, too, whatever
// stands at the breaks.
func paragraphs(lines []line) []markup.Text {
	units := unitsOf(lines)
	wrapped := make([]bool, len(units))
	width := 0
	for i, u := range units {
		if w := widest(u.lines); filled(u.lines, w) && goesOn(u.lines) {
			wrapped[i] = true
			width = max(width, w)
		}
	}
	var out, list []markup.Text
	flush := func() {
		if len(list) > 0 {
			out = append(out, markup.Join(list, "\n"))
			list = nil
		}
	}
	for i, u := range units {
		var parts []markup.Text
		for _, l := range u.lines {
			parts = append(parts, l.text.Trim())
		}
		if wrapped[i] || width > 0 && filled(u.lines, width) {
			parts = []markup.Text{markup.Join(parts, " ")}
		}
		if !u.list || u.lines[0].afterBlank {
			flush()
		}
		if u.list {
			list = append(list, parts[0])
			parts = parts[1:]
		}
		if len(parts) > 0 {
			flush()
			out = append(out, parts...)
		}
	}
	flush()
	return out
}

// The lines that editors and mail programs wrap to.
const minWidth, maxWidth = 45, 100

func width(l line) int { return utf8.RuneCountInString(strings.TrimSpace(l.s)) }

func widest(lines []line) int {
	w := 0
	for _, l := range lines {
		w = max(w, width(l))
	}
	return w
}

// filled reports whether two or more lines look as if filled with words up to
// the given width: none is wider, all but the last have from 45 to 100
// characters, and at no break the first word of the next line would still have
// fitted.
func filled(lines []line, w int) bool {
	if len(lines) < 2 || w < minWidth || w > maxWidth || widest(lines) > w {
		return false
	}
	for i, l := range lines[:len(lines)-1] {
		n := width(l)
		next := strings.Fields(lines[i+1].s)[0]
		if n < minWidth || n+1+utf8.RuneCountInString(next) <= w {
			return false
		}
	}
	return true
}

// goesOn reports whether at half of the breaks or more a phrase goes on.
func goesOn(lines []line) bool {
	count := 0
	for i, l := range lines[:len(lines)-1] {
		first, _ := utf8.DecodeRuneInString(strings.TrimSpace(lines[i+1].s))
		if unicode.IsLower(first) && !endsSentence(l.s) {
			count++
		}
	}
	return count > 0 && 2*count >= len(lines)-1
}

// endsSentence reports whether s ends with a full stop or its like, closing
// quotation marks and brackets aside.
func endsSentence(s string) bool {
	s = strings.TrimRightFunc(s, unicode.IsSpace)
	s = strings.TrimRight(s, "”»\"’')]*_")
	last, _ := utf8.DecodeLastRuneInString(s)
	return strings.ContainsRune(".!?…", last)
}

// isProse reports text that is too much for an item of a list: over 300
// characters, or over 160 with two sentences of six words or more.
func isProse(s string) bool {
	n := utf8.RuneCountInString(s)
	if n > 300 {
		return true
	}
	if n <= 160 {
		return false
	}
	sentences, words := 0, 0
	for w := range strings.FieldsSeq(s) {
		words++
		if endsSentence(w) {
			if words >= 6 {
				sentences++
			}
			words = 0
		}
	}
	return sentences >= 2
}
