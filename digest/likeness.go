// Likeness: how much two articles say the same.

package digest

import (
	"hash/fnv"
	"math"
	"strings"
	"unicode"
)

const (
	// shingle is how many words that follow each other are compared at once:
	// two articles on one matter share words, not sequences of three.
	shingle = 3
	// fewShingles is how many a text needs at least to be compared: of a note of
	// two lines too little is left by the smallest change.
	fewShingles = 12
	sketchSize  = 64
	// leastSame is what two sketches share: of a pair that is just Alike they share
	// 16 on average, with a standard deviation of 3.5; this is well below.
	leastSame = 4
)

// Alike is the Likeness from which two articles are nearly the same. Its test
// measures what is on either side: articles of which every seventh word was
// replaced have 0.30 and more with what they were, those cut to half 0.49, those
// with another title 0.89; different ones have less than 0.01.
const Alike = 0.25

// Likeness is how much of two texts, title, lead and body, is the same, from 0
// to 1: of all sequences of three words in either, the share that is in both.
// Case, punctuation and white space don't matter. It is 0 where one is too short
// to say.
func Likeness(a, b Content) float64 {
	x, y := shingles(a), shingles(b)
	if len(x) < fewShingles || len(y) < fewShingles {
		return 0
	}
	both := 0
	for s := range x {
		if y[s] {
			both++
		}
	}
	return float64(both) / float64(len(x)+len(y)-both)
}

// Sketch is what is kept of a text to look for others like it: 256 bytes. The
// zero Sketch is that of a text too short to compare.
type Sketch [sketchSize]uint32

// SketchOf is the sketch of a text: the least of its shingles' hashes under each
// of many hash functions (MinHash, Broder 1997).
func SketchOf(c Content) Sketch {
	var s Sketch
	all := shingles(c)
	if len(all) < fewShingles {
		return s
	}
	for i := range s {
		s[i] = math.MaxUint32
	}
	for h := range all {
		h = scramble(h)
		for i := range s {
			s[i] = min(s[i], uint32(h*(scramble(uint64(i))|1)>>32))
		}
	}
	return s
}

// MayBeAlike says, of two texts with these sketches, whether they may be Alike.
// It overlooks one in some thousand pairs that are; those that aren't are told by
// Likeness.
func (s Sketch) MayBeAlike(t Sketch) bool {
	if s == (Sketch{}) || t == (Sketch{}) {
		return false
	}
	same := 0
	for i := range s {
		if s[i] == t[i] {
			same++
		}
	}
	return same >= leastSame
}

// shingles are the hashes of the sequences of words.
func shingles(c Content) map[uint64]bool {
	var b strings.Builder
	b.WriteString(c.Title + "\n" + c.Lead.String())
	for _, p := range c.Body {
		b.WriteString("\n" + p.String())
	}
	words := strings.FieldsFunc(strings.ToLower(b.String()), func(r rune) bool {
		return !unicode.IsLetter(r) && !unicode.IsNumber(r)
	})
	all := make(map[uint64]bool, len(words))
	for i := 0; i+shingle <= len(words); i++ {
		h := fnv.New64a()
		for _, w := range words[i : i+shingle] {
			_, _ = h.Write([]byte(w)) // never fails
			_, _ = h.Write([]byte{0})
		}
		all[h.Sum64()] = true
	}
	return all
}

// scramble spreads the bits of a hash (the finalizer of SplitMix64).
func scramble(x uint64) uint64 {
	x = (x ^ x>>30) * 0xBF58476D1CE4E5B9
	x = (x ^ x>>27) * 0x94D049BB133111EB
	return x ^ x>>31
}
