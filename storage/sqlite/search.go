// Search: what a question finds.

package sqlite

import (
	"context"
	"database/sql"
	"encoding/json"
	"math"
	"slices"
	"strings"
	"time"

	"github.com/strillone/strillone/digest"
	"github.com/strillone/strillone/digest/search"
)

// Search finds articles; see storage.Store. bm25 walks the whole list of each
// word once, which is what a common word costs; it weighs only the newest hits.
func (s *Store) Search(ctx context.Context, q search.Query, p search.Page) (search.Hits, error) {
	found, err := s.search(ctx, q)
	var hits search.Hits
	if err == nil {
		hits.Total, hits.More = min(len(found), search.Counted), len(found) > search.Counted
		hits.Articles, err = s.numbered(ctx, page(found[:hits.Total], p))
	}
	return hits, failure(ctx, "searching", err)
}

// search are the numbers of what a question finds, in its order: one more than
// search.Counted where there are more.
func (s *Store) search(ctx context.Context, q search.Query) ([]int, error) {
	when, some, err := s.span(ctx, q.From, q.Until)
	if err != nil || !some {
		return nil, err
	}
	if q.Newest || len(q.Terms()) == 0 {
		return s.matching(ctx, matchOf(q, ""), when, newestFirst)
	}
	found, err := s.matching(ctx, matchOf(q, ""), when, bestFirst)
	if err != nil || len(found) <= search.Counted {
		return found, err
	}
	// Those with everything in their title, however old, come before all else.
	titled, err := s.matching(ctx, matchOf(q, "title"), when, bestFirst)
	if err != nil {
		return nil, err
	}
	return union(titled, found)[:len(found)], nil
}

// union is both lists, each number once.
func union(first, second []int) []int {
	seen := make(map[int]bool, len(first)+len(second))
	var both []int
	for _, n := range slices.Concat(first, second) {
		if !seen[n] {
			seen[n] = true
			both = append(both, n)
		}
	}
	return both
}

func page(numbers []int, p search.Page) []int {
	from := min(max(p.Skip, 0), len(numbers))
	return numbers[from:min(from+max(p.Size, 0), len(numbers))]
}

// Two orders of what matches. The newest are taken, and then ordered.
const (
	matches = ` FROM article_words WHERE article_words MATCH ?1 AND rowid BETWEEN ?2 AND ?3
		AND (?4 = 0 OR EXISTS (SELECT 1 FROM article WHERE number = article_words.rowid AND published_at >= ?5 AND published_at < ?6))
		ORDER BY rowid DESC LIMIT ?7`
	newestFirst = `SELECT rowid` + matches
	bestFirst   = `SELECT number FROM (SELECT rowid AS number, bm25(article_words, 10, 4, 1, 1, 4) AS score` + matches + `)
		ORDER BY score, number DESC`
)

func (s *Store) matching(ctx context.Context, match string, when span, query string) ([]int, error) {
	return scanNumbers(s.read.QueryContext(ctx, query, match, when.first, when.last,
		when.bounded, when.from, when.until, search.Counted+1))
}

func scanNumbers(rows *sql.Rows, err error) ([]int, error) {
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	var numbers []int
	for rows.Next() {
		var n int
		if err := rows.Scan(&n); err != nil {
			return nil, err
		}
		numbers = append(numbers, n)
	}
	return numbers, rows.Err()
}

// span is a time of publication, and the numbers that were given in it. Others
// of these numbers may have been given before or after it, when the clock was
// set back.
type span struct {
	bounded     bool
	from, until int64
	first, last int
}

// always is all of time.
var always = span{until: math.MaxInt64, first: 1, last: math.MaxInt}

func (s *Store) span(ctx context.Context, from, until time.Time) (span, bool, error) {
	when := always
	if from.IsZero() && until.IsZero() {
		return when, true, nil
	}
	when.bounded, when.from = true, from.UnixMilli()
	if !until.IsZero() {
		when.until = until.UnixMilli()
	}
	var first, last sql.NullInt64
	err := s.read.QueryRowContext(ctx, `SELECT min(number), max(number) FROM article
		WHERE state = 'published' AND published_at >= ? AND published_at < ?`, when.from, when.until).Scan(&first, &last)
	when.first, when.last = int(first.Int64), int(last.Int64)
	return when, first.Valid, err
}

// matchOf is a question in FTS5's words, about one column or all. Every string
// in it is of letters and digits, or everyWord with those.
func matchOf(q search.Query, column string) string {
	var all []string
	for _, t := range q.Terms() {
		all = append(all, inColumn(column)+phrase(t...))
	}
	for _, topic := range q.Topics {
		all = append(all, inColumn("topics")+phrase(everyWord+search.TopicKey(topic)))
	}
	if len(all) == 0 {
		all = append(all, inColumn("topics")+phrase(everyWord))
	}
	match := strings.Join(all, " AND ")
	var none []string
	if unwanted := q.Unwanted(); len(unwanted) > 0 {
		none = append(none, anyOf(unwanted))
	}
	for _, topic := range q.Without {
		none = append(none, inColumn("topics")+phrase(everyWord+search.TopicKey(topic)))
	}
	if len(none) > 0 {
		match = "(" + match + ") NOT (" + strings.Join(none, " OR ") + ")"
	}
	return match
}

func inColumn(name string) string {
	if name == "" {
		return ""
	}
	return name + " : "
}

// phrase is words that follow one another, between quotes, so that nothing in
// them is an operator.
func phrase(words ...string) string { return `"` + strings.Join(words, " ") + `"` }

func anyOf(terms []search.Term) string {
	var some []string
	for _, t := range terms {
		some = append(some, phrase(t...))
	}
	return "(" + strings.Join(some, " OR ") + ")"
}

// numbered are the published articles of these numbers, in this order.
func (s *Store) numbered(ctx context.Context, numbers []int) ([]digest.Article, error) {
	if len(numbers) == 0 {
		return nil, nil
	}
	list, err := json.Marshal(numbers)
	if err != nil {
		return nil, err
	}
	articles, err := scanArticles(s.read.QueryContext(ctx, `SELECT `+articleColumns+`
		WHERE a.number IN (SELECT value FROM json_each(?)) AND a.state = 'published'`, string(list)))
	slices.SortFunc(articles, func(a, b digest.Article) int {
		return slices.Index(numbers, a.Number) - slices.Index(numbers, b.Number)
	})
	return articles, err
}
