// Topics: from their section, and from hashtags anywhere.

package digest

import (
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/strillone/strillone/digest/markup"
)

// How many topics an article may have, and how long they may be, in characters.
const (
	MaxTopics      = 10
	MaxTopicLength = 40
)

// topic is a topic as found, and on which line.
type topic struct {
	name string
	line int
}

// topicList collects topics. Those of the section come first: an editor chose
// them.
type topicList struct{ section, tags []topic }

// chosen is the topics, in small letters, each once, in order.
func (t *topicList) chosen(f *findings) []string {
	var names, over []string
	seen := map[string]bool{}
	firstOver := 0
	for _, tp := range append(t.section, t.tags...) {
		name := strings.ToLower(collapse(tp.name))
		if name == "" || seen[name] {
			continue
		}
		seen[name] = true
		switch {
		case utf8.RuneCountInString(name) > MaxTopicLength:
			f.add(TopicTooLong, tp.line, name)
		case len(names) < MaxTopics:
			names = append(names, name)
		default:
			if over = append(over, name); firstOver == 0 {
				firstOver = tp.line
			}
		}
	}
	if len(over) > 0 {
		f.add(TooManyTopics, firstOver, strings.Join(over, ", "))
	}
	return names
}

// addHashtags adds the hashtags on a line.
func (t *topicList) addHashtags(l line) {
	for tag := range hashtagsIn(l.s) {
		t.tags = append(t.tags, topic{tag, l.n})
	}
}

// hashtagsIn yields the hashtags in s, without their #. What is in an address,
// follows a letter (C#) or is a number, hexadecimal ones too (#12, #FF0000), is
// none.
func hashtagsIn(s string) func(yield func(string) bool) {
	return func(yield func(string) bool) {
		for word := range strings.FieldsSeq(s) {
			if strings.Contains(word, "://") || strings.HasPrefix(word, "www.") {
				continue
			}
			prev := ' '
			for i, r := range word {
				if r == '#' && opensHashtag(prev) {
					if tag := hashtagAt(word[i+1:]); tag != "" && !yield(tag) {
						return
					}
				}
				prev = r
			}
		}
	}
}

// opensHashtag reports whether a hashtag may begin after r.
func opensHashtag(r rune) bool {
	return r == ' ' || isEmoji(r) || isVariation(r) || strings.ContainsRune("([{«“‘’\"',;:—–…!*_~", r)
}

// hashtagAt is the hashtag that s begins with, or "".
func hashtagAt(s string) string {
	end := strings.IndexFunc(s, func(r rune) bool {
		return !unicode.IsLetter(r) && !unicode.IsNumber(r) && !unicode.Is(unicode.Mn, r) && r != '_'
	})
	if end >= 0 {
		s = s[:end]
	}
	s = strings.TrimRight(s, "_")
	first, _ := utf8.DecodeRuneInString(s)
	if !unicode.IsLetter(first) && !unicode.IsNumber(first) ||
		!strings.ContainsFunc(s, unicode.IsLetter) || isHex(s) {
		return ""
	}
	return s
}

// isHex reports hexadecimal numbers as colours and commits have them: three
// digits or more with a decimal one among them, or one digit repeated.
func isHex(s string) bool {
	if len(s) < 3 || strings.Trim(s, "0123456789abcdefABCDEF") != "" {
		return false
	}
	return strings.ContainsAny(s, "0123456789") || strings.Count(s, s[:1]) == len(s)
}

// onlyHashtags reports a line of hashtags and nothing else but ornaments.
func onlyHashtags(s string) bool {
	found := false
	for word := range strings.FieldsSeq(s) {
		rest := strings.TrimRight(word[emojiLen(word):], ",;.")
		for rest != "" {
			tag := ""
			if rest[0] == '#' {
				tag = hashtagAt(rest[1:])
			}
			if tag == "" {
				return false
			}
			found = true
			rest = rest[1+len(tag):]
		}
	}
	return found
}

// topicLines adds the topics of their section, and returns lines that are prose.
func (p *parser) topicLines(s section) []markup.Text {
	var stray []markup.Text
	for _, l := range s.lines {
		names := topicNames(l.s)
		isSentence := l.n != s.title.n && markLen(l.s) == 0 && endsSentence(l.s) && len(strings.Fields(l.s)) > 8
		if isSentence || slices.ContainsFunc(names, isPhrase) {
			stray = append(stray, p.stray(l))
			continue
		}
		for _, name := range names {
			p.topics.section = append(p.topics.section, topic{name, l.n})
		}
	}
	return stray
}

// isPhrase reports what is longer than a topic may be, and of many words.
func isPhrase(s string) bool {
	return utf8.RuneCountInString(s) > MaxTopicLength && len(strings.Fields(s)) > 5
}

// topicNames parts a line of the topics' section at commas, semicolons,
// bullets, spaced dashes and the # of hashtags.
func topicNames(s string) []string {
	s = s[markLen(s):]
	var names []string
	var name strings.Builder
	flush := func() {
		if n := strings.Trim(name.String(), " \t\u00a0.\"“”«»*_`"); hasWord(n) {
			names = append(names, n)
		}
		name.Reset()
	}
	prev := ' '
	for _, r := range spacedDash.ReplaceAllString(s, ";") {
		switch {
		case strings.ContainsRune(",;•·|🔹", r),
			r == '#' && !unicode.IsLetter(prev) && !unicode.IsNumber(prev):
			flush()
		default:
			name.WriteRune(r)
		}
		prev = r
	}
	flush()
	return names
}
