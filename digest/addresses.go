// Addresses: the link of a source, out of its text.

package digest

import (
	"regexp"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/strillone/strillone/digest/markup"
)

var (
	// writtenAddress is an address, with the label before it; its part: the address.
	writtenAddress = regexp.MustCompile(`(?i)(?:\b(?:link|url)[\s\p{Z}]*:[\s\p{Z}]*)?\b([a-z][a-z0-9+.-]*://[^\s<>"«»“”]+)`)
	manyDashes     = regexp.MustCompile(`\s([-–—―])(?:\s+[-–—―])+\s`)
)

// linkWords are links that say only that they are links.
var linkWords = map[string]bool{"link": true, "qui": true, "here": true, "leggi": true, "url": true}

// cut is a part of a text, from and to which byte.
type cut struct{ from, to int }

// address is the address of an item and its visible text without it. The link
// of a span counts before an address that is written out. There is one address
// to an item: others are left out and told.
func (p *parser) address(it item) (address, visible string) {
	var named, bare []string // links under a text; addresses written out
	var cuts []cut
	unlinked := []byte(it.s)
	at := 0
	for _, s := range it.text {
		from := at
		at += len(s.Text)
		if s.URL == "" {
			continue
		}
		for i := from; i < at; i++ {
			unlinked[i] = ' '
		}
		switch word := strings.ToLower(strings.Trim(s.Text, " ()[]<>\u00a0")); {
		case isAddress(s.Text) && !strings.ContainsFunc(strings.TrimSpace(s.Text), unicode.IsSpace):
			bare = append(bare, s.URL)
			cuts = append(cuts, cut{from, at})
		case linkWords[word] && len(it.s) > len(s.Text)+4:
			named = append(named, s.URL)
			cuts = append(cuts, cut{from, at})
		default:
			named = append(named, s.URL)
		}
	}
	for _, loc := range writtenAddress.FindAllStringSubmatchIndex(string(unlinked), -1) {
		written := trimAddress(it.s[loc[2]:loc[3]])
		link, ok := markup.Link(written)
		if !ok {
			p.findings.add(UnusableLink, it.n, written)
			continue
		}
		bare = append(bare, link)
		cuts = append(cuts, cut{loc[0], loc[2] + len(written)})
	}
	slices.SortFunc(cuts, func(a, b cut) int { return a.from - b.from })

	seen := map[string]bool{}
	for _, a := range append(named, bare...) {
		switch {
		case seen[a]:
		case address == "":
			address = a
		default:
			p.findings.add(ExtraLink, it.n, a)
		}
		seen[a] = true
	}
	return address, without(it.s, cuts)
}

// trimAddress takes off the end of an address what belongs to the sentence:
// punctuation, and brackets that were opened before it.
func trimAddress(s string) string {
	unopened := strings.Count(s, ")") - strings.Count(s, "(")
	inBrackets := strings.Contains(s, "[")
	for {
		last, size := utf8.DecodeLastRuneInString(s)
		switch {
		case strings.ContainsRune(".,;:!?'’*_…", last), last == ']' && !inBrackets:
		case last == ')' && unopened > 0:
			unopened--
		default:
			return s
		}
		s = s[:len(s)-size]
	}
}

// without is s without the cuts, the brackets right around them, and what led
// to them.
func without(s string, cuts []cut) string {
	if len(cuts) == 0 {
		return collapse(s)
	}
	var b strings.Builder
	at := 0
	for _, c := range cuts {
		before := s[at:max(at, c.from)]
		at = max(at, c.to)
		for _, pair := range []string{"<>", "[]", "()"} {
			if strings.HasSuffix(before, pair[:1]) && strings.HasPrefix(s[at:], pair[1:]) {
				before = before[:len(before)-1]
				at++
			}
		}
		b.WriteString(before + " ")
	}
	b.WriteString(s[at:])
	visible := collapse(b.String())
	visible = manyDashes.ReplaceAllString(visible, " $1 ")
	visible = strings.TrimLeft(visible, " -–—―,:;|.→")
	return strings.TrimRight(visible, " -–—―,:;|→")
}
