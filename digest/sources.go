// Sources: "Title – Publisher, date" and a link, in the many ways of writing it.

package digest

import (
	"net/url"
	"regexp"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/strillone/strillone/digest/markup"
)

// item is one source as written, over one line or more.
type item struct {
	line
	marked bool // it begins with the mark of a list, which is not in text
}

// works understands the items of a section of sources or readings, and returns
// the prose among them apart.
func (p *parser) works(s section) (works []Source, stray []markup.Text) {
	isList := false
	for _, it := range itemsOf(s.lines) {
		isList = isList || it.marked
		if !hasWord(it.s) {
			continue // a rule or an ornament
		}
		if isStray(it, isList) {
			stray = append(stray, p.stray(it.line))
			continue
		}
		works = append(works, p.work(it, s.kind))
	}
	return works, stray
}

// isStray reports prose among items: it has no mark and no link, and is too
// much for an item, or is a sentence after a blank line in a marked list.
func isStray(it item, isList bool) bool {
	if it.marked || strings.Contains(it.s, "://") || !plain(it.text) {
		return false
	}
	if isProse(it.s) {
		return true
	}
	if !isList || !it.afterBlank || !endsSentence(it.s) {
		return false
	}
	s := splitWork(collapse(it.s))
	return s.Publisher == "" && s.Date == ""
}

// itemsOf puts together the lines of each item. A line goes on with the item
// above when it is an address alone and that one has none, or when the item is
// marked and the line, right below and without a mark, is indented or begins
// with a small letter.
func itemsOf(lines []line) []item {
	var items []item
	var parts []markup.Text // of the last item
	linked := false         // it has an address
	flush := func() {
		if n := len(items); n > 0 {
			items[n-1].text = markup.Join(parts, " ")
			items[n-1].s = items[n-1].text.String()
		}
	}
	for _, l := range lines {
		mark := itemMarkLen(l.s)
		hasLink := strings.Contains(l.s, "://") || !plain(l.text)
		if n := len(items); n > 0 && mark == 0 &&
			(isAddress(l.s) && !linked || items[n-1].marked && !l.afterBlank && continues(l.s)) {
			parts = append(parts, l.text.Trim())
			linked = linked || hasLink
			continue
		}
		flush()
		parts = []markup.Text{l.text.Slice(mark, len(l.s)).Trim()}
		linked = hasLink
		items = append(items, item{line: l, marked: mark > 0})
	}
	flush()
	return items
}

// itemMarkLen is markLen for items, whose dash or number may lack its space.
func itemMarkLen(s string) int {
	if m := closeMark.FindString(s); m != "" {
		_, last := utf8.DecodeLastRuneInString(m)
		return len(m) - last
	}
	return markLen(s)
}

// continues reports whether a line without a mark looks as if it belonged to
// the one above.
func continues(s string) bool {
	first, _ := utf8.DecodeRuneInString(strings.TrimLeftFunc(s, unicode.IsSpace))
	return strings.HasPrefix(s, "  ") || strings.HasPrefix(s, "\t") || unicode.IsLower(first) && !isAddress(s)
}

// isAddress reports whether s is an address and nothing else but its label and
// brackets.
func isAddress(s string) bool {
	loc := writtenAddress.FindStringIndex(s)
	return loc != nil && !hasWord(s[:loc[0]]) && !hasWord(s[loc[1]:])
}

// work understands one item.
func (p *parser) work(it item, kind sectionKind) Source {
	address, visible := p.address(it)
	s := splitWork(visible)
	s.URL = address
	if !hasWord(s.Title) && s.URL != "" {
		u, _ := url.Parse(s.URL)
		s.Title = u.Hostname()
		p.findings.add(SourceWithoutTitle, it.n, s.URL)
	}
	bare := s.Publisher == "" && s.Date == "" && s.URL == ""
	if long := utf8.RuneCountInString(s.Title) > MaxTitle; long || bare && kind == sourcesSection {
		p.findings.add(DoubtfulSource, it.n, s.Title)
	}
	return s
}

var (
	spacedDash = regexp.MustCompile(`[\s\p{Z}]+[-–—―][\s\p{Z}]+`)
	// closeMark is the mark of an item that lacks its space.
	closeMark = regexp.MustCompile(`^[\s\p{Z}]*(?:[-–—―]|\(?\d{1,2}[.)])[\pL«“"‘]`)
	// abbreviation is a last word whose full stop is its own.
	abbreviation  = regexp.MustCompile(`(?i)(?:^|[\s(])(?:\pL(?:\.\pL)+|inc|ltd|co|corp|ed|eds|al|etc|ecc|vol|nr?|pp?|jr|cit)\.$`)
	inParentheses = regexp.MustCompile(`^(.*\S)\s*\(([^()]+)\)$`)
	quotedTitle   = regexp.MustCompile(`^([“«"].+[”»"]),\s+(\S.*)$`)
)

// splitWork parts "Title – Publisher, date": the last dash between spaces parts
// the title from the rest, in which the date is what comes after a comma and
// reads as a date. Either of the last two may be missing, and the date may also
// come after a dash of its own or in parentheses. Without such a dash, a
// publisher is recognised in "Title (Publisher, date)" and in
// "«Title», Publisher, date".
func splitWork(s string) Source {
	s = strings.TrimRight(s, " –—―")
	title, rest, found := cutLast(s)
	if !found {
		return splitUndashed(s)
	}
	publisher, date := cutDate(rest)
	if isDate(withoutStop(rest)) {
		date = withoutStop(rest)
		if title, publisher, found = cutLast(title); !found {
			publisher = ""
		}
	}
	return Source{Title: unwrap(title), Publisher: unwrap(withoutStop(publisher)), Date: date}
}

func splitUndashed(s string) Source {
	if m := inParentheses.FindStringSubmatch(withoutStop(s)); m != nil {
		if publisher, date := cutDate(m[2]); date != "" {
			return Source{Title: unwrap(m[1]), Publisher: publisher, Date: date}
		}
	}
	name, date := cutDate(s)
	if m := quotedTitle.FindStringSubmatch(name); m != nil && date != "" {
		return Source{Title: m[1], Publisher: m[2], Date: date}
	}
	return Source{Title: unwrap(name), Date: date}
}

// cutLast cuts s at its last spaced dash; without one, all is before.
func cutLast(s string) (before, after string, found bool) {
	locs := spacedDash.FindAllStringIndex(s, -1)
	if len(locs) == 0 {
		return s, "", false
	}
	loc := locs[len(locs)-1]
	return strings.TrimSpace(s[:loc[0]]), strings.TrimSpace(s[loc[1]:]), true
}

// cutDate cuts the date off the end: the longest that reads as one after a
// comma, or what is in parentheses. Without a date, all is name.
func cutDate(s string) (name, date string) {
	end := withoutStop(s)
	from := max(0, len(end)-maxDate-1)
	for i := from; i < len(end); i++ {
		if end[i] != ',' {
			continue
		}
		if date := strings.TrimSpace(end[i+1:]); isDate(date) && hasWord(end[:i]) {
			return strings.TrimSpace(end[:i]), date
		}
	}
	if m := inParentheses.FindStringSubmatch(end); m != nil && isDate(m[2]) {
		return strings.TrimSpace(m[1]), m[2]
	}
	return s, ""
}

// withoutStop is s without the full stop that ends it, if that is not part of
// an abbreviation or of dots.
func withoutStop(s string) string {
	s = strings.TrimSpace(s)
	if strings.HasSuffix(s, "..") || abbreviation.MatchString(s) {
		return s
	}
	return strings.TrimSpace(strings.TrimSuffix(s, "."))
}
