// Match: the articles that words describe best.

package sqlite

import (
	"context"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/strillone/strillone/digest"
)

// These bound what a query costs: how many words are looked for, and how many a
// title may have.
const (
	maxWords      = 12
	maxTitleWords = 64
)

// Match finds articles by their words; see storage.Store. First comes an article
// with this very title, then those with all the words, then those with some of
// them; among equals the newest. A word in the title weighs most.
func (s *Store) Match(ctx context.Context, text string, limit int) ([]digest.Article, error) {
	words := wordsOf(text)
	if len(words) == 0 || limit <= 0 {
		return nil, nil
	}
	titled, err := s.titled(ctx, words, limit)
	if err != nil {
		return nil, failure(ctx, "looking for a title", err)
	}
	q := queryFor(words)
	found, err := scanArticles(s.read.QueryContext(ctx, `SELECT `+articleColumns+`
		JOIN article_words ON article_words.rowid = a.id
		WHERE article_words MATCH ? AND a.state = 'published'
		ORDER BY a.id IN (SELECT rowid FROM article_words WHERE article_words MATCH ?) DESC,
			bm25(article_words, 10, 4, 4, 1), a.number DESC LIMIT ?`, q.any, q.all, limit))
	if err != nil {
		return nil, failure(ctx, "looking for words", err)
	}
	return merge(titled, found, limit), nil
}

// titled are the articles whose title has these words and no others: of those
// that begin with them, the shortest.
func (s *Store) titled(ctx context.Context, words []string, limit int) ([]digest.Article, error) {
	if len(words) > maxTitleWords {
		return nil, nil
	}
	begins, err := scanArticles(s.read.QueryContext(ctx, `SELECT `+articleColumns+`
		JOIN article_words ON article_words.rowid = a.id
		WHERE article_words MATCH ? AND a.state = 'published'
		ORDER BY length(r.content ->> '$.title'), a.number DESC LIMIT ?`, `title : ^ "`+strings.Join(words, " ")+`"`, limit))
	var exact []digest.Article
	for _, a := range begins {
		if len(wordsOf(a.Title)) == len(words) {
			exact = append(exact, a)
		}
	}
	return exact, err
}

// merge is at most limit articles of both, each once.
func merge(first, second []digest.Article, limit int) []digest.Article {
	seen := make(map[int64]bool)
	var both []digest.Article
	for _, a := range append(first, second...) {
		if !seen[a.ID] && len(both) < limit {
			seen[a.ID] = true
			both = append(both, a)
		}
	}
	return both
}

// wordsOf are a text's words: runs of letters, digits and the marks on them,
// which is what the index has as words.
func wordsOf(text string) []string {
	var words []string
	for _, w := range strings.FieldsFunc(text, func(r rune) bool { return !inWord(r) && !unicode.IsMark(r) }) {
		if strings.ContainsFunc(w, inWord) {
			words = append(words, w)
		}
	}
	return words
}

func inWord(r rune) bool { return unicode.IsLetter(r) || unicode.IsNumber(r) }

// query is an FTS5 query in two degrees of strictness.
type query struct{ any, all string }

// queryFor looks for words that say something. Those that say little, the
// articles and prepositions, find nothing by themselves: they only lift what has
// them too. Where there are no others, they are what is looked for.
func queryFor(words []string) query {
	var strong, weak []string
	for _, w := range words[:min(len(words), maxWords)] {
		if says(w) {
			strong = append(strong, prefix(w))
		} else {
			weak = append(weak, phrase(w))
		}
	}
	if len(strong) == 0 {
		strong, weak = weak, nil
	}
	q := query{any: either(strong), all: strings.Join(strong, " AND ")}
	if len(weak) > 0 {
		q.any += " OR (" + either(strong) + " AND " + either(weak) + ")"
	}
	return q
}

func either(terms []string) string { return "(" + strings.Join(terms, " OR ") + ")" }

// functionWords are the commonest Italian and English words of three letters and
// more that are in every text.
var functionWords = wordSet(`
	alla allo alle agli anche che chi come con cui dai dal dalla dalle degli dei del dell della delle dello
	gli loro nei nel nella nelle non per più quale quella quello questa questo sono sul sulla tra una uno
	about and are but for from has how its not that the this was what which who why with you your`)

func wordSet(list string) map[string]bool {
	set := make(map[string]bool)
	for _, w := range strings.Fields(list) {
		set[w] = true
	}
	return set
}

// says reports whether a word says something. Of two letters it doesn't, of two
// characters with a digit (5G) it does.
func says(word string) bool {
	if utf8.RuneCountInString(word) <= 2 {
		return strings.ContainsFunc(word, unicode.IsNumber) || strings.ContainsFunc(word, ideograph)
	}
	return !functionWords[strings.ToLower(word)]
}

// ideograph reports scripts in which a character or two is a word.
func ideograph(r rune) bool {
	return unicode.In(r, unicode.Han, unicode.Hiragana, unicode.Katakana, unicode.Hangul)
}

// phrase is a word between quotes, so that nothing in it is an operator.
func phrase(word string) string { return `"` + word + `"` }

// prefix is a word and whatever goes on from it. Italian changes a word's last
// vowel, so a longer word is looked for without it.
func prefix(word string) string {
	if utf8.RuneCountInString(word) >= 5 {
		last, size := utf8.DecodeLastRuneInString(word)
		if strings.ContainsRune("aeiouàèéìòù", unicode.ToLower(last)) {
			word = word[:len(word)-size]
		}
	}
	return phrase(word) + `*`
}
