// Divide: several articles in one text are told apart.

package digest

import (
	"strings"
	"unicode/utf8"

	"github.com/strillone/strillone/digest/markup"
)

// Passage is the part of a text that is one article.
type Passage struct {
	Line int // where it begins in the text, from 1
	Text markup.Text
}

// Divide finds the articles of a text, in order; where there is but one, the
// whole text is it. A new article begins
//
//   - with a heading of the first level, "# Title", or a label, "Titolo: …", in
//     a text whose first article begins with one, too;
//   - after a line of nothing but dashes, asterisks or the like, with a line
//     that can be a title and has text below it;
//   - after two blank lines and more under an article's sections, with such a
//     line.
//
// The heading of a section is never a title. Like Parse, it mends the text.
func Divide(t markup.Text) []Passage {
	text := Mend(t)
	d := divider{lines: text.Lines()}
	for _, l := range d.lines {
		d.strings = append(d.strings, strings.TrimSpace(l.String()))
	}
	d.marks = d.marked()
	var starts []int
	for i := range d.strings {
		if d.begins(i, starts) {
			starts = append(starts, i)
		}
	}
	if len(starts) < 2 {
		return []Passage{{1, text}}
	}
	passages := make([]Passage, len(starts))
	for i, start := range starts {
		end := len(d.lines)
		if i+1 < len(starts) {
			end = starts[i+1]
		}
		for end > start && !hasWord(d.strings[end-1]) {
			end--
		}
		passages[i] = Passage{start + 1, markup.Join(d.lines[start:end], "\n")}
	}
	return passages
}

// divider reads the lines of a text.
type divider struct {
	lines   []markup.Text
	strings []string
	marks   func(string) bool // what marks the titles of this text; nil: nothing
	inside  bool              // the sections of the current article have begun
}

// marked is what marks the titles, by the first lines with words: the first, or
// the second where something like "today's articles" stands over all.
func (d *divider) marked() func(string) bool {
	seen := 0
	for _, s := range d.strings {
		if !hasWord(s) || onlyHashtags(s) {
			continue
		}
		for _, marks := range []func(string) bool{topHeading, labelled} {
			if marks(s) && !isHeading(s) {
				return marks
			}
		}
		if seen++; seen == 2 {
			break
		}
	}
	return nil
}

func topHeading(s string) bool { return strings.HasPrefix(s, "# ") }

func labelled(s string) bool {
	m := titleLabel.FindString(s)
	return m != "" && hasWord(s[len(m):])
}

func isHeading(s string) bool {
	_, ok := headingOf(line{text: markup.T(s), s: s})
	return ok
}

// begins says whether an article begins on a line.
func (d *divider) begins(i int, starts []int) bool {
	s := d.strings[i]
	if isHeading(s) {
		d.inside = true
		return false
	}
	if !hasWord(s) {
		return false
	}
	if len(starts) == 0 || d.marks != nil && d.marks(s) || d.parted(i, starts[len(starts)-1]) {
		d.inside = false
		return true
	}
	return false
}

// parted says whether something parts the line from the article above, which
// began on line start, and it can be a title.
func (d *divider) parted(i, start int) bool {
	blanks, rule := 0, false
	above := i - 1
	for ; above > start && !hasWord(d.strings[above]); above-- {
		if d.strings[above] == "" {
			blanks++
		}
		rule = rule || isRule(d.strings[above])
	}
	switch {
	case above == start: // what stands under a title belongs to it
		return false
	case !rule && (blanks < 2 || !d.inside):
		return false
	}
	return canBeTitle(d.strings[i]) && d.hasTextBelow(i)
}

// hasTextBelow says whether a line with words follows before the next rule, and
// it is no section.
func (d *divider) hasTextBelow(i int) bool {
	for _, s := range d.strings[i+1:] {
		switch {
		case hasWord(s):
			return !isHeading(s)
		case isRule(s):
			return false
		}
	}
	return false
}

// isRule says whether a line is a rule: three signs or more, all the same.
func isRule(s string) bool {
	s = strings.Join(strings.Fields(s), "")
	first, size := utf8.DecodeRuneInString(s)
	return strings.ContainsRune("-–—_*=~•·", first) && len(s) >= 3*size &&
		strings.Trim(s, string(first)) == ""
}

// canBeTitle says whether a line can be a title: no prose, no item of a list.
func canBeTitle(s string) bool {
	return utf8.RuneCountInString(s) <= MaxTitle && !strings.HasSuffix(s, ".") && !isProse(s) &&
		len(listMark.FindString(s)) == 0 && !onlyHashtags(s)
}
