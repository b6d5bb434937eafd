// Titles: found while they are typed, by a title that is the same, and by one
// that is like what was typed.

package sqlite

import (
	"context"
	"slices"
	"strings"

	"github.com/strillone/strillone/digest"
	"github.com/strillone/strillone/digest/search"
)

// Begins finds articles by what is typed of a title; see storage.Store.
func (s *Store) Begins(ctx context.Context, text string, p search.Page) ([]digest.Article, error) {
	var numbers []int
	var err error
	limit := max(p.Skip, 0) + max(p.Size, 0)
	if words := search.Folded(text); len(words) > 0 {
		numbers, err = s.begins(ctx, words, limit)
	} else {
		numbers, err = scanNumbers(s.read.QueryContext(ctx, `SELECT number FROM article WHERE state = 'published' ORDER BY number DESC LIMIT ?`, limit))
	}
	var articles []digest.Article
	if err == nil {
		articles, err = s.numbered(ctx, page(numbers, p))
	}
	return articles, failure(ctx, "looking for a title", err)
}

// begins are the articles whose title begins with the words, the last of them
// unfinished, and then those with all of them in any order.
func (s *Store) begins(ctx context.Context, words []string, limit int) ([]int, error) {
	words = words[:min(len(words), maxTitleWords)]
	var all []string
	for _, w := range words {
		all = append(all, phrase(w))
	}
	var found []int
	for _, match := range []string{`^ ` + phrase(words...) + ` *`, strings.Join(all, " AND ") + ` *`} {
		more, err := scanNumbers(s.read.QueryContext(ctx, `SELECT rowid FROM title_words WHERE title_words MATCH ? ORDER BY rowid DESC LIMIT ?`, match, limit))
		if err != nil {
			return nil, err
		}
		if found = union(found, more); len(found) >= limit {
			return found[:limit], nil
		}
	}
	return found, nil
}

// Titled is the article with a title; see storage.Store. One without the
// subtitle, or with a word more or less, has it too.
func (s *Store) Titled(ctx context.Context, title string) (digest.Article, error) {
	a, err := s.titled(ctx, title)
	return a, failure(ctx, "looking for a title", err)
}

func (s *Store) titled(ctx context.Context, title string) (digest.Article, error) {
	for _, t := range []string{title, search.MainTitle(title)} {
		key := search.TitleKey(t)
		if key == 0 {
			continue
		}
		same, err := scanNumbers(s.read.QueryContext(ctx, `SELECT number FROM indexed WHERE title_key = ? ORDER BY number DESC LIMIT 5`, key))
		if err != nil {
			return digest.Article{}, err
		}
		if a, err := s.firstTitled(ctx, same, t); err != nil || a.Number != 0 {
			return a, err
		}
	}
	stems := search.Stems(title)
	if len(stems) < 4 || len(stems) > maxTitleWords {
		return digest.Article{}, notFound()
	}
	// Nearly the same: all of its words but one are there, or one more.
	near, err := scanNumbers(s.read.QueryContext(ctx, `SELECT rowid FROM article_words WHERE article_words MATCH ? ORDER BY rowid DESC LIMIT 20`,
		"title : ("+allButOne(stems)+")"))
	if err != nil {
		return digest.Article{}, err
	}
	if a, err := s.firstTitled(ctx, near, title); err != nil || a.Number != 0 {
		return a, err
	}
	return digest.Article{}, notFound()
}

// allButOne matches what has all the stems, whichever one is left out.
func allButOne(stems []string) string {
	var some []string
	for i := range stems {
		var rest []string
		for _, s := range slices.Delete(slices.Clone(stems), i, i+1) {
			rest = append(rest, phrase(s))
		}
		some = append(some, "("+strings.Join(rest, " AND ")+")")
	}
	return strings.Join(some, " OR ")
}

// firstTitled is the first of the articles with this title, or none.
func (s *Store) firstTitled(ctx context.Context, numbers []int, title string) (digest.Article, error) {
	articles, err := s.numbered(ctx, numbers)
	for _, a := range articles {
		if search.SameTitle(a.Title, title) {
			return a, err
		}
	}
	return digest.Article{}, err
}

// maxAlike is how many words like one that was typed are looked for.
const maxAlike = 8

// Near finds titles like what was asked for; see storage.Store.
func (s *Store) Near(ctx context.Context, q search.Query, limit int) ([]digest.Article, error) {
	numbers, err := s.near(ctx, q)
	var articles []digest.Article
	if err == nil {
		articles, err = s.numbered(ctx, page(numbers, search.Page{Size: limit}))
	}
	return articles, failure(ctx, "looking for near titles", err)
}

func (s *Store) near(ctx context.Context, q search.Query) ([]int, error) {
	var some []string
	for _, asked := range q.Asked {
		for _, word := range search.Folded(asked) {
			stems := search.Stems(word)
			if len(stems) == 0 {
				continue
			}
			alike, err := s.alike(ctx, word)
			if err != nil {
				return nil, err
			}
			for _, stem := range append(alike, stems...) {
				if p := phrase(stem); !slices.Contains(some, p) {
					some = append(some, p)
				}
			}
		}
	}
	if len(some) == 0 {
		return nil, nil
	}
	return s.matching(ctx, "title : ("+strings.Join(some, " OR ")+")", always, bestFirst)
}

// alike are the stems of the words of titles that a word may be meant for: those
// with the fewest slips, of them the commonest. A slip in the first letter is
// looked for only where there is no other.
func (s *Store) alike(ctx context.Context, word string) ([]string, error) {
	typos := search.Typos(word)
	if typos == 0 {
		return nil, nil
	}
	first := []rune(word)[0]
	for _, among := range [][2]string{{string(first), string(first + 1)}, {"", "\U0010ffff"}} {
		found, err := s.slips(ctx, word, typos, among[0], among[1])
		if err != nil || len(found) > 0 {
			return found, err
		}
	}
	return nil, nil
}

// slips looks among the words of titles between two.
func (s *Store) slips(ctx context.Context, word string, typos int, from, until string) ([]string, error) {
	rows, err := s.read.QueryContext(ctx, `SELECT term, doc FROM title_vocabulary WHERE term >= ? AND term < ?`, from, until)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	type candidate struct {
		word          string
		slips, titles int
	}
	var all []candidate
	for rows.Next() {
		var c candidate
		if err := rows.Scan(&c.word, &c.titles); err != nil {
			return nil, err
		}
		if c.slips = search.Slips(c.word, word, typos); c.slips <= typos {
			all = append(all, c)
		}
	}
	slices.SortFunc(all, func(a, b candidate) int {
		if a.slips != b.slips {
			return a.slips - b.slips
		}
		return b.titles - a.titles
	})
	var stems []string
	for _, c := range all[:min(len(all), maxAlike)] {
		stems = append(stems, search.Stems(c.word)...)
	}
	return stems, rows.Err()
}
