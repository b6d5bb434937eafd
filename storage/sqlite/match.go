// Match: the articles that words describe best.

package sqlite

import (
	"context"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/strillone/strillone/digest"
)

// maxWords bounds what a query costs.
const maxWords = 12

// Match finds articles by their words; see storage.Store. Articles that have all
// the words come first; only where there are none do some of the words suffice.
func (s *Store) Match(ctx context.Context, text string, limit int) ([]digest.Article, error) {
	terms := terms(text)
	if len(terms) == 0 {
		return nil, nil
	}
	for _, join := range []string{" AND ", " OR "} {
		articles, err := scanArticles(s.read.QueryContext(ctx, `SELECT `+articleColumns+`
			JOIN article_words ON article_words.rowid = a.id
			WHERE article_words MATCH ? AND a.state = 'published'
			ORDER BY bm25(article_words, 10, 4, 4, 1), a.number DESC LIMIT ?`, strings.Join(terms, join), limit))
		if err != nil {
			return nil, wrap("looking for words", err)
		}
		if len(articles) > 0 {
			return articles, nil
		}
	}
	return nil, nil
}

// terms are the words of a text as FTS5 query terms: each between quotes, so
// that nothing in it is an operator, and as a prefix. Italian changes a word's
// last vowel, so a longer word is searched without it. Words of one or two
// letters say too little, unless there are no others.
func terms(text string) []string {
	words := strings.FieldsFunc(strings.ToLower(text), func(r rune) bool {
		return !unicode.IsLetter(r) && !unicode.IsNumber(r)
	})
	var long, short []string
	for _, w := range words {
		if utf8.RuneCountInString(w) > 2 {
			long = append(long, prefix(w))
		} else {
			short = append(short, prefix(w))
		}
	}
	if len(long) == 0 {
		long = short
	}
	return long[:min(len(long), maxWords)]
}

func prefix(word string) string {
	if utf8.RuneCountInString(word) >= 5 {
		last, size := utf8.DecodeLastRuneInString(word)
		if strings.ContainsRune("aeiouàèéìòù", last) {
			word = word[:len(word)-size]
		}
	}
	return `"` + word + `"*`
}
