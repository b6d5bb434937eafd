// Parse: an editor's text becomes the Content of an article.

package digest

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/strillone/strillone/digest/markup"
)

// MaxTitle is how long a title may be, in characters: over the longest headline
// ever set, and short enough to be told from a paragraph that lacks its title.
const MaxTitle = 300

// Parse understands a text as editors write them in a chat: the title on the
// first line, then the lead, then the body, then the sections, each under its
// heading, in any order and each optional:
//
//	Approfondimento:       the sources
//	Consigli di lettura:   the readings
//	Abstract:              a summary
//	Temi:                  topics; hashtags anywhere count, too
//
// The text is mended first (see Mend). It returns what it understood and what
// is missing or doubtful, or an *Error: TextTooLong, NoText, TextIsCommand,
// NoTitle, TitleTooLong or NoBody. It is a pure function; every visible
// character of the body that was sent is in the Content, but for the signs of
// links written in Markdown.
func Parse(s Submission) (Content, []Finding, error) {
	if n := utf8.RuneCountInString(s.Text.String()); n > MaxSubmission {
		return Content{}, nil, &Error{TextTooLong, map[string]any{"Limit": MaxSubmission, "Length": n}}
	}
	var p parser
	lines := linesOf(p.links(Mend(s.Text)))
	if len(lines) == 0 {
		return Content{}, nil, &Error{Code: NoText}
	}
	if name, ok := commandIn(lines[0].s); ok {
		return Content{}, nil, &Error{TextIsCommand, map[string]any{"Command": name, "Line": lines[0].n}}
	}
	rest, err := p.title(lines)
	if err != nil {
		return Content{}, nil, err
	}
	prose, sections := split(rest)
	prose = p.hashtags(prose)
	stray := p.sections(sections)
	if !p.prose(paragraphs(prose), stray) {
		return Content{}, nil, &Error{NoBody, map[string]any{"Line": p.titleLine}}
	}
	p.content.Topics = p.topics.chosen(&p.findings)
	return p.content, p.findings.sorted(p.missing(sections)), nil
}

// parser holds what was understood so far.
type parser struct {
	content   Content
	titleLine int
	topics    topicList
	findings  findings
}

// line is one line with something on it.
type line struct {
	n          int // from 1
	text       markup.Text
	s          string // of text
	afterBlank bool   // nothing is on the line before
}

// linesOf is the lines of the text that have something on them.
func linesOf(text markup.Text) []line {
	var lines []line
	blank := true
	for i, t := range text.Lines() {
		s := t.String()
		if strings.TrimSpace(s) == "" {
			blank = true
			continue
		}
		lines = append(lines, line{i + 1, t, s, blank})
		blank = false
	}
	return lines
}

// commandIn is the command that a line begins with: a slash and a word of
// letters, which is not the beginning of a path.
func commandIn(s string) (string, bool) {
	name, found := strings.CutPrefix(strings.TrimSpace(s), "/")
	if !found {
		return "", false
	}
	if i := strings.IndexFunc(name, unicode.IsSpace); i >= 0 {
		name = name[:i]
	}
	first, _ := utf8.DecodeRuneInString(name)
	return shortened(name, 40), unicode.IsLetter(first) && !strings.ContainsAny(name, "/\\")
}

// title takes the title, lines of nothing but hashtags or ornaments before it,
// and rules under it, off the lines.
func (p *parser) title(lines []line) ([]line, error) {
	for i, l := range lines {
		if onlyHashtags(l.s) {
			p.topics.addHashtags(l)
			continue
		}
		if _, ok := headingOf(l); ok {
			break
		}
		title := titleOf(l.s)
		if !hasWord(title) {
			continue
		}
		if n := utf8.RuneCountInString(title); n > MaxTitle {
			return nil, &Error{TitleTooLong, map[string]any{"Limit": MaxTitle, "Length": n, "Line": l.n}}
		}
		for _, s := range l.text {
			if s.URL != "" {
				p.findings.add(LinkInTitle, l.n, s.URL)
			}
		}
		p.topics.addHashtags(l)
		p.content.Title, p.titleLine = title, l.n
		rest := lines[i+1:]
		for len(rest) > 0 && !hasWord(rest[0].s) {
			rest = rest[1:]
		}
		return rest, nil
	}
	return nil, &Error{NoTitle, map[string]any{"Line": lines[0].n}}
}

// hashtags collects the hashtags of the prose, and takes out the lines that
// are nothing else.
func (p *parser) hashtags(lines []line) []line {
	var prose []line
	blank := false
	for _, l := range lines {
		p.topics.addHashtags(l)
		if onlyHashtags(l.s) {
			blank = true
			continue
		}
		l.afterBlank = l.afterBlank || blank
		blank = false
		prose = append(prose, l)
	}
	return prose
}

// prose makes lead and body of the paragraphs before the sections; stray ones
// from the sections follow. It reports whether there is a body.
func (p *parser) prose(paragraphs, stray []markup.Text) bool {
	if len(paragraphs) == 0 {
		paragraphs, stray = stray, nil
	}
	if len(paragraphs) > 1 {
		p.content.Lead = paragraphs[0]
		paragraphs = paragraphs[1:]
	}
	p.content.Body = append(paragraphs, stray...)
	return len(p.content.Body) > 0
}

// missing lists what the article lacks and no finding has spoken of yet.
func (p *parser) missing(sections []section) []FindingCode {
	var codes []FindingCode
	lacks := func(empty bool, kind sectionKind, code FindingCode) {
		for _, s := range sections {
			if s.kind == kind {
				return // found to be empty, or doubtful
			}
		}
		if empty {
			codes = append(codes, code)
		}
	}
	c := p.content
	lacks(len(c.Lead) == 0, noSection, MissingLead)
	lacks(len(c.Abstract) == 0, abstractSection, MissingAbstract)
	lacks(len(c.Sources) == 0, sourcesSection, MissingSources)
	lacks(len(c.Readings) == 0, readingsSection, MissingReadings)
	lacks(len(c.Topics) == 0, topicsSection, MissingTopics)
	return codes
}
