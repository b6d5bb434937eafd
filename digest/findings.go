// Findings: what an editor is told about a text that was understood.

package digest

import (
	"cmp"
	"slices"
	"strings"
	"unicode/utf8"
)

// FindingCode names what is missing or doubtful in a text; bot/locale has the
// sentence for each under "finding.<code>".
type FindingCode string

// The codes of findings. Text and Line say what it is about and where; the
// missing ones have neither.
const (
	MissingLead     FindingCode = "missing_lead"     // a title and one paragraph, which is the body
	MissingAbstract FindingCode = "missing_abstract" //
	MissingSources  FindingCode = "missing_sources"  //
	MissingReadings FindingCode = "missing_readings" //
	MissingTopics   FindingCode = "missing_topics"   // a word of advice: neither Temi nor hashtags

	SectionTwice FindingCode = "section_twice" // merged with the first; Text: the heading
	EmptySection FindingCode = "empty_section" // Text: the heading

	SourceWithoutTitle FindingCode = "source_without_title" // its title is the host; Text: the link
	DoubtfulSource     FindingCode = "doubtful_source"      // neither publisher, date nor link, or very long; Text: the title
	StrayText          FindingCode = "stray_text"           // prose in a list: moved to the end of the body; Text: its beginning

	UnusableLink FindingCode = "unusable_link" // not http(s): the text stays, without the link; Text: the link
	ExtraLink    FindingCode = "extra_link"    // a source has one link, this other one was left out; Text: the link
	LinkInTitle  FindingCode = "link_in_title" // titles have no links, it was left out; Text: the link

	TopicTooLong  FindingCode = "topic_too_long"  // over MaxTopicLength, left out; Text: the topic
	TooManyTopics FindingCode = "too_many_topics" // over MaxTopics; Text: those left out
)

// Finding is one thing that is missing or doubtful in a text.
type Finding struct {
	Code FindingCode
	Line int    // from 1; 0 when it is about the whole
	Text string // what it is about, shortened
}

const (
	maxFindings    = 50
	maxFindingText = 200 // characters
)

// findings collects findings, no more than an editor can read.
type findings struct{ list []Finding }

func (f *findings) add(code FindingCode, line int, text string) {
	if len(f.list) < maxFindings {
		f.list = append(f.list, Finding{code, line, shortened(text, maxFindingText)})
	}
}

// sorted lists the findings in the order of the text, then what is missing.
func (f *findings) sorted(missing []FindingCode) []Finding {
	slices.SortStableFunc(f.list, func(a, b Finding) int { return cmp.Compare(a.Line, b.Line) })
	for _, code := range missing {
		f.list = append(f.list, Finding{Code: code})
	}
	return f.list
}

// shortened is s on one line, of at most limit characters.
func shortened(s string, limit int) string {
	s = strings.Join(strings.Fields(s), " ")
	if utf8.RuneCountInString(s) <= limit {
		return s
	}
	return string([]rune(s)[:limit-1]) + "…"
}
