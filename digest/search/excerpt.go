// Excerpt: the sentence that shows why an article was found.

package search

import (
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/strillone/strillone/digest"
	"github.com/strillone/strillone/digest/markup"
)

// Excerpt is the sentence of an article that has most of what was asked for, at
// most limit characters of it, with the words found in bold. It is empty where
// none of them stands outside the title.
func Excerpt(c digest.Content, q Query, limit int) markup.Text {
	terms := q.Terms()
	if len(terms) == 0 {
		return nil
	}
	var best passage
	all := texts(c)
	if find(c.Title, terms).found < len(terms) {
		all = append(all, works(c)...) // they would tell less than the title does
	}
	for _, text := range all {
		for _, sentence := range sentences(text) {
			if p := find(sentence, terms); p.found > best.found {
				best = p
			}
		}
		if best.found == len(terms) {
			break // what stands earlier says it better
		}
	}
	return best.shown(limit)
}

// texts are what an article says below its title, the most telling first.
func texts(c digest.Content) []string {
	all := []string{c.Lead.String()}
	for _, paragraphs := range [][]markup.Text{c.Body, c.Abstract} {
		for _, p := range paragraphs {
			all = append(all, p.String())
		}
	}
	return all
}

func works(c digest.Content) []string {
	var all []string
	for _, w := range slices.Concat(c.Sources, c.Readings) {
		all = append(all, strings.Trim(w.Title+" — "+w.Publisher, " —"))
	}
	return all
}

// sentences parts a text at line breaks and after what ends a sentence.
func sentences(text string) []string {
	var all []string
	from, ended := 0, false
	for i, r := range text {
		switch {
		case r == '\n', ended && unicode.IsSpace(r):
			all = append(all, text[from:i])
			from = i + utf8.RuneLen(r)
			ended = false
		case strings.ContainsRune(".!?…", r):
			ended = true
		case !strings.ContainsRune(`"”»’')]`, r):
			ended = false
		}
	}
	return append(all, text[from:])
}

// passage is a sentence and where it has what was asked for.
type passage struct {
	text  string
	spans []word // in order, none over another
	found int    // how many terms it has
}

// find looks for terms in a sentence.
func find(sentence string, terms []Term) passage {
	p := passage{text: sentence}
	shouted := inCapitals(sentence)
	var words []word
	var stems []string
	for w := range wordsOf(sentence) {
		if w.says(shouted) {
			words = append(words, w)
			stems = append(stems, stem(w.folded))
		}
	}
	for _, t := range terms {
		has := false
		for i := 0; i+len(t) <= len(stems); i++ {
			if slices.Equal(stems[i:i+len(t)], t) {
				has = true
				p.spans = append(p.spans, word{from: words[i].from, to: words[i+len(t)-1].to})
			}
		}
		if has {
			p.found++
		}
	}
	slices.SortFunc(p.spans, func(a, b word) int { return a.from - b.from })
	return p
}

// shown is the passage on one line, its beginning or, when that is too long,
// what stands about the first word found.
func (p passage) shown(limit int) markup.Text {
	if p.found == 0 {
		return nil
	}
	var parts []markup.Text
	at := 0
	for _, s := range p.spans {
		if s.to <= at {
			continue
		}
		parts = append(parts, markup.T(p.text[at:max(s.from, at)]), markup.B(p.text[max(s.from, at):s.to]))
		at = s.to
	}
	text := markup.Concat(append(parts, markup.T(p.text[at:]))...)
	from := p.window(limit)
	if from == 0 {
		return text.Trim().Excerpt(limit)
	}
	return markup.Concat(markup.T("…"), text.Slice(from, len(p.text)).Trim().Excerpt(limit-1))
}

// window is where to begin so that the first word found is shown, with some of
// what stands before it.
func (p passage) window(limit int) int {
	first := p.spans[0]
	if utf8.RuneCountInString(p.text) <= limit || utf8.RuneCountInString(p.text[:first.to]) <= limit/2 {
		return 0
	}
	from := first.from
	for left := limit / 3; left > 0 && from > 0; left-- {
		_, size := utf8.DecodeLastRuneInString(p.text[:from])
		from -= size
	}
	if space := strings.IndexFunc(p.text[from:first.from], unicode.IsSpace); space >= 0 {
		return from + space + 1
	}
	return first.from
}
