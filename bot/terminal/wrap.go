// wrap: lines no wider than the window, as it shows them.

package terminal

import (
	"strings"

	"github.com/rivo/uniseg"

	"github.com/strillone/strillone/digest/markup"
)

// wrap breaks a text into lines at most width columns wide: at its line feeds,
// where Unicode allows a break, and inside a word that is too long for a line.
// Addresses stay whole, however long, so that they can be clicked and copied.
func wrap(t markup.Text, width int) []markup.Text {
	var lines []markup.Text
	for _, line := range t.Lines() {
		from := 0
		for _, to := range cuts(line.String(), width) {
			lines = append(lines, trimRight(line.Slice(from, to)))
			from = to
		}
	}
	return lines
}

// cuts are the ends of the lines of a text without line feeds, the last of which
// is its own.
func cuts(s string, width int) []int {
	var ends []int
	column := 0
	for from, p := range pieces(s) {
		visible := uniseg.StringWidth(strings.TrimRight(p.text, " "))
		if column > 0 && column+visible > width {
			ends, column = append(ends, from), 0
		}
		if visible > width && !p.address {
			ends, column = cutWord(ends, p.text, from, width)
			continue
		}
		column += uniseg.StringWidth(p.text)
	}
	return append(ends, len(s))
}

// cutWord cuts a word wherever a line is full, between characters as people see
// them, and returns the column it ends in.
func cutWord(ends []int, word string, from, width int) ([]int, int) {
	column := 0
	for g := uniseg.NewGraphemes(word); g.Next(); {
		if column+g.Width() > width && column > 0 && g.Str() != " " {
			start, _ := g.Positions()
			ends, column = append(ends, from+start), 0
		}
		column += g.Width()
	}
	return ends, column
}

// piece is what stands between two places a line may be broken at.
type piece struct {
	text    string
	address bool
}

// pieces are the pieces of a text by their offsets.
func pieces(s string) func(yield func(int, piece) bool) {
	return func(yield func(int, piece) bool) {
		at, address, state := 0, false, -1
		end := 0
		for rest := s; rest != ""; {
			var segment string
			segment, rest, _, state = uniseg.FirstLineSegmentInString(rest, state)
			end += len(segment)
			address = address || strings.Contains(segment, "://")
			// Unicode allows a break after each slash, of an address and of a command.
			if rest != "" && (address && !strings.HasSuffix(segment, " ") || strings.HasSuffix(segment, "/")) {
				continue
			}
			if !yield(at, piece{s[at:end], address}) {
				return
			}
			at, address = end, false
		}
	}
}

func trimRight(t markup.Text) markup.Text {
	return t.Slice(0, len(strings.TrimRight(t.String(), " ")))
}
