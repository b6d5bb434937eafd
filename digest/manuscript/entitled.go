// Titles: which headings of a file are the titles of articles.

package manuscript

import (
	"strings"

	"github.com/strillone/strillone/digest/markup"
)

// entitled joins lines, of which some, counted from 0, are headings of the first
// level. These are titles, and marked "# ", where the first line that says
// anything is one, or the second under a line for the whole file. Elsewhere they
// are headings within an article, in bold.
func entitled(lines []markup.Text, headings map[int]bool) markup.Text {
	seen, titles := 0, false
	for i, l := range lines {
		if seen < 2 && strings.TrimSpace(l.String()) != "" {
			titles = titles || headings[i]
			seen++
		}
	}
	for i := range lines {
		switch {
		case !headings[i]:
		case titles:
			lines[i] = markup.T("# " + lines[i].String())
		default:
			lines[i] = bold(lines[i])
		}
	}
	return markup.Join(lines, "\n")
}

func bold(t markup.Text) markup.Text {
	out := make(markup.Text, len(t))
	for i, s := range t {
		s.Style |= markup.Bold
		out[i] = s
	}
	return out
}
