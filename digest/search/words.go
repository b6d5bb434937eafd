// Words: a text's words, folded, and where they stand.

package search

import (
	"iter"
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"
)

// maxWord is how many characters of a word count.
const maxWord = 40

// word is a word as it is compared: in small letters, without accents.
type word struct {
	folded   string
	from, to int // byte offsets of the word as written
	capitals bool
}

// wordsOf yields a text's words: runs of letters and digits with the marks on
// them. An apostrophe and a hyphen end a word.
func wordsOf(text string) iter.Seq[word] {
	return func(yield func(word) bool) {
		from := -1
		for i, r := range text {
			if inWord(r) || from >= 0 && unicode.IsMark(r) {
				if from < 0 {
					from = i
				}
				continue
			}
			if from >= 0 && !yield(wordAt(text, from, i)) {
				return
			}
			from = -1
		}
		if from >= 0 {
			yield(wordAt(text, from, len(text)))
		}
	}
}

func inWord(r rune) bool { return unicode.IsLetter(r) || unicode.IsNumber(r) }

func wordAt(text string, from, to int) word {
	written := text[from:to]
	capitals := inCapitals(written) || written == "Ai" && goesOn(text[:from])
	return word{folded: fold(written), from: from, to: to, capitals: capitals}
}

// goesOn reports a text after which no sentence begins: many write the Ai there
// that others write AI.
func goesOn(before string) bool {
	last, _ := utf8.DecodeLastRuneInString(strings.TrimRight(before, " \u00a0"))
	return inWord(last) || strings.ContainsRune(",'’(–", last)
}

// inCapitals reports what is written like an acronym.
func inCapitals(s string) bool {
	return utf8.RuneCountInString(s) > 1 && !strings.ContainsFunc(s, unicode.IsLower) && strings.ContainsFunc(s, unicode.IsUpper)
}

// fold is a word in small letters and without accents, cut to maxWord.
func fold(s string) string {
	ascii := true
	for i := range len(s) {
		ascii = ascii && s[i] < utf8.RuneSelf
	}
	if ascii {
		return strings.ToLower(s[:min(len(s), maxWord)])
	}
	var b strings.Builder
	n := 0
	for _, r := range norm.NFKD.String(strings.ToLower(s)) {
		if !inWord(r) {
			continue // a mark, and what a compatible form is made of
		}
		if n++; n > maxWord {
			break
		}
		b.WriteRune(unicode.ToLower(r))
	}
	return b.String()
}

// Folded is a text's words, all of them, as they are compared where word forms
// do matter: at the beginning of a title, while somebody types.
func Folded(text string) []string {
	var words []string
	for w := range wordsOf(text) {
		if w.folded != "" {
			words = append(words, w.folded)
		}
	}
	return words
}
