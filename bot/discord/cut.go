// cut: where a line too long for one message is cut, and how labels are
// shortened.

package discord

import (
	"sort"
	"unicode/utf8"

	"github.com/rivo/uniseg"
)

// stop is a place a text can be cut at.
type stop struct {
	at       int // byte offset
	word     bool
	sentence bool
}

// cut is the line in two, the first of at most room units: at the last sentence
// that ends in the second half of what fits, else at the last word there, else
// at the last character.
func (l line) cut(room int) (first, rest line) {
	fits := func(at int) bool {
		return units(line{prefix: l.prefix, text: l.text.Slice(0, at)}.String()) <= room
	}
	s := l.text.String()
	stops := reachable(graphemes(within(s, room)), fits)
	if len(stops) == 0 { // one character of many code points
		stops = reachable(runes(within(s, room)), fits)
	}
	at := best(stops)
	first, rest = l, l
	first.text = l.text.Slice(0, at).Trim()
	rest.text = l.text.Slice(at, len(s)).Trim()
	rest.prefix = l.again
	return first, rest
}

// within is the beginning of s that can fit in room at most: a code point takes
// one unit or more.
func within(s string, room int) string {
	for i := range s {
		if room--; room < 0 {
			return s[:i]
		}
	}
	return s
}

// reachable are the stops that leave a first part that fits. Markup makes a
// text longer when it is cut further on, but for a few units, which the loop
// sees to.
func reachable(stops []stop, fits func(int) bool) []stop {
	n := sort.Search(len(stops), func(i int) bool { return !fits(stops[i].at) })
	for n > 0 && !fits(stops[n-1].at) {
		n--
	}
	return stops[:n]
}

func best(stops []stop) int {
	if len(stops) == 0 {
		return 0
	}
	last := stops[len(stops)-1].at
	word := 0
	for i := len(stops) - 1; i >= 0 && stops[i].at > last/2; i-- {
		if stops[i].sentence {
			return stops[i].at
		}
		if stops[i].word && word == 0 {
			word = stops[i].at
		}
	}
	if word > 0 {
		return word
	}
	return last
}

// graphemes are the ends of the characters a person sees in s, but for the last
// one: s may end within it.
func graphemes(s string) []stop {
	var stops []stop
	at, state := 0, -1
	for s != "" {
		var cluster string
		var boundaries int
		cluster, s, boundaries, state = uniseg.StepString(s, state)
		at += len(cluster)
		if s == "" {
			break
		}
		stops = append(stops, stop{
			at:       at,
			word:     boundaries&uniseg.MaskLine != uniseg.LineDontBreak,
			sentence: boundaries&uniseg.MaskSentence != 0,
		})
	}
	return stops
}

func runes(s string) []stop {
	var stops []stop
	for i, r := range s {
		if r != utf8.RuneError {
			stops = append(stops, stop{at: i + utf8.RuneLen(r)})
		} else {
			stops = append(stops, stop{at: i + 1})
		}
	}
	return stops
}

// shorten is s, plain text of one line, in at most limit units, with an
// ellipsis where something is left out.
func shorten(s string, limit int) string {
	s = clean(s)
	if units(s) <= limit {
		return s
	}
	end := 0
	for _, stop := range append(graphemes(s), stop{at: len(s)}) {
		if units(s[:stop.at]) > limit-1 {
			break
		}
		end = stop.at
	}
	return s[:end] + "…"
}
