// Places: the zone of a city, a country, or a zone by its own name.

package words

import (
	_ "embed"
	"maps"
	"slices"
	"strings"
	"unicode/utf8"
)

//go:embed zones.txt
var zoneList string

//go:embed cities.txt
var cityList string

// Place is somewhere on Earth, as people call it, and its IANA zone.
type Place struct {
	Name string
	Zone string
}

// maxNear is how many places a person is offered to choose from.
const maxNear = 6

// atlas are all places by their folded names, and the zones by theirs.
var atlas = struct {
	named map[string][]Place
	zones map[string]string
}{places(), zones()}

// Places understands a zone's name, or a place: the one it is, or those of that
// name. Where there is none, near are those whose name is like it.
func Places(s string) (found, near []Place) {
	key := folded(strings.Trim(s, " .!?"))
	key = without(key, "fuso orario di", "fuso di", "fuso", "ora di", "time zone", "zone")
	if key == "" {
		return nil, nil
	}
	if zone, ok := atlas.zones[key]; ok {
		return []Place{{cityOf(zone), zone}}, nil
	}
	if found = atlas.named[key]; len(found) > 0 {
		return slices.Clone(found), nil
	}
	return nil, like(key)
}

// like are the places whose names begin with the key, or are a slip away from
// it; one for each zone, the likeliest first.
func like(key string) []Place {
	type candidate struct {
		name string
		slip int
	}
	length := utf8.RuneCountInString(key)
	if length < 3 {
		return nil
	}
	var all []candidate
	for name := range atlas.named {
		switch {
		case strings.HasPrefix(name, key):
			all = append(all, candidate{name, 0})
		case length > 3:
			if slip := distance(key, name, 1+length/7); slip <= 1+length/7 {
				all = append(all, candidate{name, slip})
			}
		}
	}
	slices.SortFunc(all, func(a, b candidate) int {
		if a.slip != b.slip {
			return a.slip - b.slip
		}
		return strings.Compare(a.name, b.name)
	})
	var near []Place
	for _, c := range all {
		for _, p := range atlas.named[c.name] {
			known := slices.ContainsFunc(near, func(other Place) bool { return other.Zone == p.Zone })
			if !known && len(near) < maxNear {
				near = append(near, p)
			}
		}
	}
	return near
}

// distance is how many letters are wrong between two words, as far as limit: what
// is more than that is limit + 1.
func distance(a, b string, limit int) int {
	x, y := []rune(a), []rune(b)
	if len(x)-len(y) > limit || len(y)-len(x) > limit {
		return limit + 1
	}
	row := make([]int, len(y)+1)
	for j := range row {
		row[j] = j
	}
	for i := range x {
		diagonal := row[0]
		row[0] = i + 1
		best := row[0]
		for j := range y {
			cost := diagonal
			if x[i] != y[j] {
				cost = 1 + min(diagonal, row[j], row[j+1])
			}
			diagonal, row[j+1] = row[j+1], cost
			best = min(best, cost)
		}
		if best > limit {
			return limit + 1
		}
	}
	return min(row[len(y)], limit+1)
}

// folded is fold for names, where an underscore is a space.
func folded(s string) string { return fold(strings.ReplaceAll(s, "_", " ")) }

// cityOf is the place that a zone is named after.
func cityOf(zone string) string {
	return strings.ReplaceAll(zone[strings.LastIndexByte(zone, '/')+1:], "_", " ")
}

func zones() map[string]string {
	all := make(map[string]string)
	for line := range entries(zoneList) {
		zone := strings.TrimPrefix(line, "~")
		all[folded(zone)] = zone
	}
	return all
}

// places are the cities that zones are named after and those of the list. Older
// names of zones stand for a place that has no other.
func places() map[string][]Place {
	all := make(map[string][]Place)
	var older []string
	for line := range entries(zoneList) {
		if zone, is := strings.CutPrefix(line, "~"); is {
			older = append(older, zone)
			continue
		}
		key := folded(cityOf(line))
		all[key] = append(all[key], Place{cityOf(line), line})
	}
	for line := range entries(cityList) {
		zone, names, _ := strings.Cut(line, ": ")
		for name := range strings.SplitSeq(names, ", ") {
			name, note, ambiguous := strings.Cut(name, " = ")
			key := folded(name)
			if ambiguous {
				name += " (" + note + ")"
				// The zone that is named after the place is told apart, too.
				all[key] = slices.DeleteFunc(all[key], func(p Place) bool { return p.Zone == zone })
			}
			if !slices.ContainsFunc(all[key], func(p Place) bool { return p.Zone == zone }) {
				all[key] = append(all[key], Place{name, zone})
			}
		}
	}
	for _, zone := range older {
		if key := folded(cityOf(zone)); all[key] == nil {
			all[key] = []Place{{cityOf(zone), zone}}
		}
	}
	for key := range maps.Keys(all) {
		slices.SortFunc(all[key], func(a, b Place) int { return strings.Compare(a.Name, b.Name) })
	}
	return all
}

// entries are the lines of a list but its comments.
func entries(list string) func(yield func(string) bool) {
	return func(yield func(string) bool) {
		for line := range strings.Lines(list) {
			line = strings.TrimSpace(line)
			if line != "" && line[0] != '#' && !yield(line) {
				return
			}
		}
	}
}
