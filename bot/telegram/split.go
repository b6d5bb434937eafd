// Split: flows packed into messages, cut where it hurts the reader least.

package telegram

import (
	"slices"
	"sort"
	"strings"
	"unicode/utf8"

	"github.com/rivo/uniseg"

	"github.com/strillone/strillone/digest/markup"
)

// packed is a message and the blocks that it shows; nil where one is torn.
type packed struct {
	message
	blocks []markup.Block
	note   bool // the last of them is a Note of the document's own
}

// pack puts entries, each of which belongs together, into as few messages as the
// limits allow. An entry is cut only when no message can hold it whole.
func pack(entries []entry) []packed {
	var out []packed
	flush := func(e entry) {
		if f := e.trim(); !f.blank() {
			out = append(out, packed{f.message(), e.blocks, e.note})
		}
	}
	var current entry
	torn := false // current begins within an entry
	for _, e := range entries {
		next := entry{current.then(2, open, e.flow), slices.Concat(current.blocks, e.blocks), e.note}
		if torn {
			next.blocks = nil
		}
		switch {
		case next.fits():
			current = next
		case e.fits():
			flush(current)
			current, torn = e, false
		default:
			for current = (entry{flow: next.flow}); !current.fits(); {
				head, rest := current.cut(current.breakpoint())
				flush(entry{flow: head})
				current.flow = rest.trim()
			}
			torn = true
		}
	}
	flush(current)
	return out
}

// place is how good a place for a cut is: the smaller the better.
type place int

const (
	betweenParagraphs place = iota
	betweenLines
	betweenSentences
	betweenWords
	whereALineMayBreak
	betweenCharacters
)

// bound is a place between two grapheme clusters.
type bound struct {
	offset int // in bytes
	place  place
}

// breakpoint is the byte offset at which to cut a flow that fits no message:
// the best place in the second half of what fits.
func (f flow) breakpoint() int {
	near, _ := f.cut(maxUnits * utf8.UTFMax) // no more can fit
	bounds := bounds(near.String(), maxUnits)
	fitting := sort.Search(len(bounds), func(i int) bool {
		head, _ := near.cut(bounds[i].offset)
		return !head.fits()
	})
	if fitting == 0 {
		return firstUnits(near.String(), maxUnits)
	}
	best := bounds[fitting-1]
	for _, b := range bounds[fitting/2 : fitting] {
		if b.place <= best.place {
			best = b
		}
	}
	return best.offset
}

// bounds are the places between the grapheme clusters of the first limit
// UTF-16 units of s.
func bounds(s string, limit int) []bound {
	var out []bound
	offset, length, state := 0, 0, -1
	last := ""
	for s != "" {
		var cluster string
		var flags int
		cluster, s, flags, state = uniseg.StepString(s, state)
		if length += units(cluster); length > limit {
			break
		}
		offset += len(cluster)
		out = append(out, bound{offset, placeAfter(last, cluster, flags)})
		last = cluster
	}
	return out
}

// placeAfter judges the bound after a cluster by uniseg's flags
// (Unicode annexes 14 and 29).
func placeAfter(before, cluster string, flags int) place {
	space := strings.TrimSpace(cluster) == ""
	switch {
	case cluster == "\n" && before == "\n":
		return betweenParagraphs
	case cluster == "\n":
		return betweenLines
	case space && flags&uniseg.MaskSentence != 0:
		return betweenSentences
	case space:
		return betweenWords
	case flags&uniseg.MaskLine != uniseg.LineDontBreak:
		return whereALineMayBreak
	default:
		return betweenCharacters
	}
}

// firstUnits is the length in bytes of the characters that fit in limit UTF-16
// units: where to cut a single cluster longer than a message.
func firstUnits(s string, limit int) int {
	length := 0
	for i, r := range s {
		if length += units(string(r)); length > limit {
			return i
		}
	}
	return len(s)
}
