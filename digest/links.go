// Links: only http and https, also where they are written in Markdown.

package digest

import (
	"regexp"
	"strings"

	"github.com/strillone/strillone/digest/markup"
)

// markdownLink is [text](address), on one line; parentheses in the address are
// taken when they are balanced. Its parts: text, address.
var markdownLink = regexp.MustCompile(
	`\[([^\[\]\n]+)\]\(<?([^\s()<>]+(?:\([^\s()<>]*\)[^\s()<>]*)*)>?(?:[ \t]+"[^"\n]*")?\)`)

// links takes unusable links off the text, which stays, and makes links of
// those that are written in Markdown.
func (p *parser) links(t markup.Text) markup.Text {
	return p.writtenLinks(p.usableLinks(t))
}

func (p *parser) usableLinks(t markup.Text) markup.Text {
	out := make(markup.Text, 0, len(t))
	n := 1
	for _, s := range t {
		if s.URL != "" {
			address, ok := markup.Link(s.URL)
			if !ok {
				p.findings.add(UnusableLink, n, s.URL)
			}
			s.URL = address
		}
		n += strings.Count(s.Text, "\n")
		out = append(out, s)
	}
	return out
}

func (p *parser) writtenLinks(t markup.Text) markup.Text {
	s := t.String()
	matches := markdownLink.FindAllStringSubmatchIndex(s, -1)
	if matches == nil {
		return t
	}
	var offsets []int
	for _, m := range matches {
		offsets = append(offsets, m[0], m[2], m[3], m[1])
	}
	parts := t.Cut(offsets...)
	out := []markup.Text{parts[0]}
	n, at := 1, 0
	for i, m := range matches {
		open, text, end, next := parts[4*i+1], parts[4*i+2], parts[4*i+3], parts[4*i+4]
		n += strings.Count(s[at:m[0]], "\n")
		at = m[0]
		written := s[m[4]:m[5]]
		address, ok := markup.Link(written)
		switch {
		case !ok && strings.Contains(written, ":"):
			p.findings.add(UnusableLink, n, written)
			fallthrough
		case !ok, !plain(text):
			out = append(out, open, text, end, next)
		default:
			out = append(out, linked(text, address), next)
		}
	}
	return markup.Concat(out...)
}

// plain reports whether no part of the text is a link or code.
func plain(t markup.Text) bool {
	for _, s := range t {
		if s.URL != "" || s.Style&markup.Code != 0 {
			return false
		}
	}
	return true
}

// linked is the text as a link to address.
func linked(t markup.Text, address string) markup.Text {
	out := make(markup.Text, len(t))
	for i, s := range t {
		s.URL = address
		out[i] = s
	}
	return out
}
