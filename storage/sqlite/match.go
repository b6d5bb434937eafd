// Match: the articles that words describe best.

package sqlite

import (
	"context"
	"strings"
	"time"

	"github.com/strillone/strillone/digest"
	"github.com/strillone/strillone/digest/search"
)

// maxTitleWords is how many words of a title are looked for.
const maxTitleWords = 64

// Match finds articles by their words; see storage.Store. First comes an article
// with this very title, then those with all the words, then those with some of
// them; among equals the newest. A word in the title weighs most. Where there is
// nothing, the words may begin those of a title.
func (s *Store) Match(ctx context.Context, text string, limit int) ([]digest.Article, error) {
	numbers, err := s.match(ctx, text, limit)
	var articles []digest.Article
	if err == nil {
		articles, err = s.numbered(ctx, page(numbers, search.Page{Size: limit}))
	}
	return articles, failure(ctx, "looking for words", err)
}

func (s *Store) match(ctx context.Context, text string, limit int) ([]int, error) {
	words := search.Folded(text)
	if len(words) == 0 || limit <= 0 {
		return nil, nil
	}
	found, err := s.exactly(ctx, words)
	if err != nil {
		return nil, err
	}
	q := search.Query{Asked: search.Parse(strings.Join(words, " "), time.UTC).Asked}
	if terms := q.Terms(); len(terms) > 0 {
		for _, match := range []string{matchOf(q, ""), anyOf(terms)} {
			if len(found) >= limit {
				break
			}
			more, err := s.matching(ctx, match, always, bestFirst)
			if err != nil {
				return nil, err
			}
			found = union(found, more)
		}
	}
	if len(found) == 0 {
		return s.begins(ctx, words, limit)
	}
	return found, nil
}

// exactly are the articles whose title has these words and no others, the newest
// first.
func (s *Store) exactly(ctx context.Context, words []string) ([]int, error) {
	if len(words) > maxTitleWords {
		return nil, nil
	}
	candidates, err := scanNumbers(s.read.QueryContext(ctx, `SELECT title_words.rowid FROM title_words
		JOIN article a ON a.number = title_words.rowid JOIN revision r ON r.article = a.id AND r.revision = a.revision
		WHERE title_words MATCH ? ORDER BY length(r.content ->> '$.title'), title_words.rowid DESC LIMIT 10`, `^ `+phrase(words...)))
	if err != nil {
		return nil, err
	}
	articles, err := s.numbered(ctx, candidates)
	var exact []int
	for _, a := range articles {
		if len(search.Folded(a.Title)) == len(words) {
			exact = append(exact, a.Number)
		}
	}
	return exact, err
}
