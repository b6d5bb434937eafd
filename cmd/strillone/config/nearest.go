// nearest: what somebody meant who wrote a name that there isn't.

package config

import "strings"

// nearest is the candidate most like the name, or "" when none is much like it.
func nearest(name string, candidates []string) string {
	best, distance := "", max(1, (len(name)+1)/3)+1
	for _, c := range candidates {
		if d := edits(simplify(name), simplify(c)); d < distance {
			best, distance = c, d
		}
	}
	return best
}

// simplify makes names alike that differ in case and in their joints.
func simplify(s string) string {
	return strings.Map(func(r rune) rune {
		if r == '-' || r == '_' || r == ' ' {
			return -1
		}
		return r
	}, strings.ToLower(s))
}

// edits is the Levenshtein distance in bytes.
func edits(a, b string) int {
	row := make([]int, len(b)+1)
	for j := range row {
		row[j] = j
	}
	for i := range len(a) {
		diagonal := row[0]
		row[0] = i + 1
		for j := range len(b) {
			cost := 1
			if a[i] == b[j] {
				cost = 0
			}
			diagonal, row[j+1] = row[j+1], min(diagonal+cost, row[j]+1, row[j+1]+1)
		}
	}
	return row[len(b)]
}
