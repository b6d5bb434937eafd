// Choice: which articles of a window a digest holds.

package digest

import (
	"slices"
	"strings"
)

// Takes says whether a digest of this choice holds an article of those topics.
func (c Choice) Takes(topics []string) bool {
	is := func(topic string) bool { return slices.Contains(topics, topic) }
	return !slices.ContainsFunc(c.Muted, is) && (len(c.Wanted) == 0 || slices.ContainsFunc(c.Wanted, is))
}

// Key is the same for all choices that say the same, in whatever order, and
// empty for the one of all articles.
func (c Choice) Key() string {
	var lines []string
	for _, t := range c.Wanted {
		lines = append(lines, "+"+t)
	}
	for _, t := range c.Muted {
		lines = append(lines, "-"+t)
	}
	slices.Sort(lines)
	return strings.Join(slices.Compact(lines), "\n")
}

// ChoiceOf is the choice that has a Key, its topics in alphabetical order.
func ChoiceOf(key string) Choice {
	var c Choice
	for line := range strings.SplitSeq(key, "\n") {
		if topic, ok := strings.CutPrefix(line, "+"); ok {
			c.Wanted = append(c.Wanted, topic)
		} else if topic, ok := strings.CutPrefix(line, "-"); ok {
			c.Muted = append(c.Muted, topic)
		}
	}
	return c
}
