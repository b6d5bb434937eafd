// Related: articles that share topics and rare words.

package sqlite

import (
	"cmp"
	"context"
	"maps"
	"math"
	"slices"
	"strconv"
	"strings"

	"github.com/strillone/strillone/digest"
	"github.com/strillone/strillone/digest/search"
)

// These bound what looking for related articles costs.
const (
	relatedStems = 16  // of its title and lead
	relatedHits  = 300 // of a stem: one with more is common, and tells little

	coincidence = 1.2 // what shared words weigh that mean nothing
)

// Related finds what is on the same subject; see storage.Store. What two share
// weighs the more the fewer have it; a shared topic weighs as much as a word.
func (s *Store) Related(ctx context.Context, number, limit int) ([]digest.Article, error) {
	a, err := s.Article(ctx, number)
	if err != nil {
		if digest.CodeOf(err) == digest.NotFound {
			return nil, nil
		}
		return nil, err
	}
	newest, err := s.Newest(ctx)
	if err != nil {
		return nil, err
	}
	scores := make(map[int]float64)
	onTopic := make(map[int]bool)
	find, err := s.read.PrepareContext(ctx, sharing)
	if err != nil {
		return nil, failure(ctx, "looking for related articles", err)
	}
	defer find.Close()
	for _, word := range telling(a) {
		have, err := scanList(find.QueryRowContext(ctx, word, relatedHits))
		if err != nil {
			return nil, failure(ctx, "looking for related articles", err)
		}
		isTopic := strings.Contains(word, everyWord)
		if len(have) == relatedHits && !isTopic {
			continue
		}
		weight := max(math.Log(float64(newest+1)/float64(len(have)+1)), 0.1)
		for _, n := range have {
			scores[n] += weight
			onTopic[n] = onTopic[n] || isTopic
		}
	}
	delete(scores, number)
	maps.DeleteFunc(scores, func(n int, score float64) bool { return !onTopic[n] && score < coincidence })
	best := slices.SortedFunc(maps.Keys(scores), func(a, b int) int {
		return cmp.Or(cmp.Compare(scores[b], scores[a]), b-a)
	})
	articles, err := s.numbered(ctx, page(best, search.Page{Size: limit}))
	return articles, failure(ctx, "reading related articles", err)
}

// sharing are the newest articles that a word is in. They come as one row: most
// words are common, and their lists are thrown away.
const sharing = `SELECT coalesce(group_concat(rowid), '') FROM
	(SELECT rowid FROM article_words WHERE article_words MATCH ? ORDER BY rowid DESC LIMIT ?)`

func scanList(r row) ([]int, error) {
	var list string
	if err := r.Scan(&list); err != nil || list == "" {
		return nil, err
	}
	var numbers []int
	for field := range strings.SplitSeq(list, ",") {
		n, err := strconv.Atoi(field)
		if err != nil {
			return nil, err
		}
		numbers = append(numbers, n)
	}
	return numbers, nil
}

// telling are the words, for FTS5, that tell what an article is about: its
// topics, and the stems of its title and lead.
func telling(a digest.Article) []string {
	var words []string
	for _, w := range wholeTopics(a.Topics) {
		words = append(words, inColumn("topics")+phrase(w))
	}
	stems := search.Stems(a.Title)
	stems = append(stems, search.Stems(a.Lead.String())...)
	for _, stem := range stems[:min(len(stems), relatedStems)] {
		if p := phrase(stem); !slices.Contains(words, p) {
			words = append(words, p)
		}
	}
	return words
}
