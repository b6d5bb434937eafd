// Titles: which are one, and which are near.

package search

import (
	"hash/fnv"
	"slices"
	"strings"
)

// TitleKey is equal for titles that say the same, up to case, accents,
// punctuation, word forms and function words. 0 stands for titles that say
// nothing.
func TitleKey(title string) int64 {
	stems := Stems(title)
	if len(stems) == 0 {
		return 0
	}
	h := fnv.New64a()
	for _, s := range stems {
		h.Write([]byte(s))
		h.Write([]byte{0})
	}
	return int64(h.Sum64())
}

// SameTitle reports titles that name one work: their stems are the same, or of
// four and more nearly all are.
func SameTitle(a, b string) bool {
	x, y := Stems(a), Stems(b)
	if len(x) == 0 || len(y) == 0 {
		return false
	}
	if slices.Equal(x, y) {
		return true
	}
	slices.Sort(x)
	slices.Sort(y)
	x, y = slices.Compact(x), slices.Compact(y)
	shared := 0
	for _, s := range x {
		if _, in := slices.BinarySearch(y, s); in {
			shared++
		}
	}
	return shared >= 4 && 5*shared >= 4*(len(x)+len(y)-shared)
}

// MainTitle is a title without its subtitle, "" when it has none.
func MainTitle(title string) string {
	at := -1
	for _, sign := range []string{": ", " – ", " — ", " - ", ". ", "? ", "! "} {
		if i := strings.Index(title, sign); i > 0 && (at < 0 || i < at) {
			at = i
		}
	}
	if at < 0 {
		return ""
	}
	return title[:at]
}

// Typos is how many slips may part a word from the one that was meant: the
// longer it is the more.
func Typos(word string) int {
	switch n := len(word); {
	case n < 4:
		return 0
	case n < 8:
		return 1
	}
	return 2
}

// Slips is how many letters were left out, added, exchanged or swapped with
// their neighbour between two words, or anything over limit when there are more
// than that.
func Slips(a, b string, limit int) int {
	if d := len(a) - len(b); d > limit || -d > limit {
		return limit + 1
	}
	// Rows of the table of distances between beginnings of a and b: two above,
	// above, this.
	var rows [3][2*maxWord + 1]int
	if len(b) > 2*maxWord || len(a) > 2*maxWord {
		return limit + 1
	}
	for j := range len(b) + 1 {
		rows[1][j] = j
	}
	for i := 1; i <= len(a); i++ {
		this, above, before := &rows[(i+1)%3], &rows[i%3], &rows[(i+2)%3]
		this[0] = i
		least := i
		for j := 1; j <= len(b); j++ {
			change := 1
			if a[i-1] == b[j-1] {
				change = 0
			}
			d := min(above[j]+1, this[j-1]+1, above[j-1]+change)
			if i > 1 && j > 1 && a[i-1] == b[j-2] && a[i-2] == b[j-1] {
				d = min(d, before[j-2]+1)
			}
			this[j] = d
			least = min(least, d)
		}
		if least > limit {
			return limit + 1
		}
	}
	return rows[(len(a)+1)%3][len(b)]
}
