// Sections: the headings that end the body, and what stands under them.

package digest

import (
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/strillone/strillone/digest/markup"
)

type sectionKind int

const (
	noSection sectionKind = iota
	sourcesSection
	readingsSection
	abstractSection
	topicsSection
)

// headings are the names of the sections, in small letters.
var headings = map[string]sectionKind{
	"approfondimento":      sourcesSection,
	"approfondimenti":      sourcesSection,
	"per approfondire":     sourcesSection,
	"fonti":                sourcesSection,
	"fonte":                sourcesSection,
	"sources":              sourcesSection,
	"source":               sourcesSection,
	"consigli di lettura":  readingsSection,
	"consiglio di lettura": readingsSection,
	"letture consigliate":  readingsSection,
	"lettura consigliata":  readingsSection,
	"da leggere":           readingsSection,
	"further reading":      readingsSection,
	"further readings":     readingsSection,
	"recommended reading":  readingsSection,
	"abstract":             abstractSection,
	"sintesi":              abstractSection,
	"in sintesi":           abstractSection,
	"summary":              abstractSection,
	"temi":                 topicsSection,
	"tag":                  topicsSection,
	"tags":                 topicsSection,
	"argomenti":            topicsSection,
	"topics":               topicsSection,
}

// section is a heading and the lines under it, content on the heading's own
// line included.
type section struct {
	kind  sectionKind
	title line
	lines []line
}

// heading is what headingOf finds: the section and what follows on the line.
type heading struct {
	kind    sectionKind
	content line
}

// signs stand around a heading: those of Markdown, and emoji.
const signs = "*_#~`>"

// headingOf reports whether a line is the heading of a section: its name in any
// case, with emoji and Markdown signs around it, alone on the line or followed
// by a colon. What follows the colon is content, unless it is a whole paragraph
// of prose, too long for an item of a list: then the line is of the body.
func headingOf(l line) (heading, bool) {
	start := skipOrnaments(l.s, 0)
	end := start
	for end < len(l.s) && end-start < 100 { // no name is nearly as long
		r, size := utf8.DecodeRuneInString(l.s[end:])
		if !unicode.IsLetter(r) && !unicode.IsSpace(r) {
			break
		}
		end += size
	}
	kind, ok := headings[strings.ToLower(collapse(l.s[start:end]))]
	if !ok {
		return heading{}, false
	}
	colon := skipOrnaments(l.s, end)
	if colon == len(l.s) {
		return heading{kind: kind}, true
	}
	r, size := utf8.DecodeRuneInString(l.s[colon:])
	if r != ':' && r != '：' {
		return heading{}, false
	}
	content := contentOf(l, start, colon+size)
	if kind != abstractSection && isParagraph(kind, content.s) && !strings.Contains(content.s, "://") {
		return heading{}, false
	}
	return heading{kind, content}, true
}

// isParagraph says whether what follows a list's heading on its line is prose
// and no list: many short items are as long together as they like.
func isParagraph(kind sectionKind, s string) bool {
	if !isProse(s) {
		return false
	}
	if kind == topicsSection {
		topics := strings.FieldsFunc(s, func(r rune) bool { return r == ',' || r == ';' || r == '#' })
		return slices.ContainsFunc(topics, func(topic string) bool {
			return utf8.RuneCountInString(strings.TrimSpace(topic)) > MaxTopicLength
		})
	}
	return slices.ContainsFunc(strings.Split(s, ";"), isProse)
}

// skipOrnaments is the index of the first character from i on that is not white
// space, an emoji or a Markdown sign.
func skipOrnaments(s string, i int) int {
	for i < len(s) {
		r, size := utf8.DecodeRuneInString(s[i:])
		if !unicode.IsSpace(r) && !isEmoji(r) && !isVariation(r) && r != zwj && !strings.ContainsRune(signs, r) {
			break
		}
		i += size
	}
	return i
}

// contentOf is what is on the line from an index on, after the colon of a
// heading, without the signs that close what was opened before the heading's
// name, which begins at start. Ornaments alone are no content.
func contentOf(l line, start, from int) line {
	to := len(strings.TrimRightFunc(l.s, unicode.IsSpace))
	opened := strings.ContainsAny(l.s[:start], "*_")
	if closed := from + len(l.s[from:]) - len(strings.TrimLeft(l.s[from:], "*_")); opened && closed > from {
		from = closed
	} else if opened && !strings.ContainsAny(l.s[start:from], "*_") {
		to = max(from, len(strings.TrimRight(l.s[:to], "*_")))
	}
	if from >= to || skipOrnaments(l.s[:to], from) == to {
		return line{}
	}
	l.text = l.text.Slice(from, to)
	l.s = l.s[from:to]
	l.afterBlank = false
	return l
}

// split parts the lines of the prose from the sections.
func split(lines []line) (prose []line, sections []section) {
	for _, l := range lines {
		h, ok := headingOf(l)
		switch {
		case ok:
			s := section{kind: h.kind, title: l}
			if h.content.s != "" {
				s.lines = contentLines(h)
			}
			sections = append(sections, s)
		case len(sections) == 0:
			prose = append(prose, l)
		default:
			last := &sections[len(sections)-1]
			last.lines = append(last.lines, l)
		}
	}
	return prose, sections
}

// contentLines is the content on a heading's own line, where semicolons part
// the items of a list.
func contentLines(h heading) []line {
	if h.kind != sourcesSection && h.kind != readingsSection {
		return []line{h.content}
	}
	var offsets []int
	for i, b := range []byte(h.content.s) {
		if b == ';' && i+1 < len(h.content.s) && h.content.s[i+1] == ' ' {
			offsets = append(offsets, i, i+1)
		}
	}
	var lines []line
	for i, t := range h.content.text.Cut(offsets...) {
		if s := t.String(); i%2 == 0 && strings.TrimSpace(s) != "" {
			lines = append(lines, line{n: h.content.n, text: t, s: s})
		}
	}
	return lines
}

// sections understands the sections and returns the prose that was found in
// lists, where it cannot belong: it is for the body.
func (p *parser) sections(sections []section) []markup.Text {
	var stray []markup.Text
	seen := map[sectionKind]bool{}
	for _, s := range sections {
		if seen[s.kind] {
			p.findings.add(SectionTwice, s.title.n, s.title.s)
		}
		seen[s.kind] = true
		if s.kind != topicsSection {
			s.lines = p.hashtags(s.lines)
		}
		if len(s.lines) == 0 {
			p.findings.add(EmptySection, s.title.n, s.title.s)
			continue
		}
		switch s.kind {
		case abstractSection:
			p.content.Abstract = append(p.content.Abstract, paragraphs(s.lines)...)
		case sourcesSection:
			works, prose := p.works(s)
			p.content.Sources = append(p.content.Sources, works...)
			stray = append(stray, prose...)
		case readingsSection:
			works, prose := p.works(s)
			p.content.Readings = append(p.content.Readings, works...)
			stray = append(stray, prose...)
		case topicsSection:
			stray = append(stray, p.topicLines(s)...)
		}
	}
	return stray
}

// stray moves a line of prose out of a list.
func (p *parser) stray(l line) markup.Text {
	p.findings.add(StrayText, l.n, l.s)
	return l.text.Trim()
}
