// Benchmarks of the archive, at a hundred thousand articles:
//
//	go test ./storage/sqlite -run '^$' -bench Archive -benchtime 500x
//
// Making them takes a few minutes.

package sqlite

import (
	"database/sql"
	"encoding/json"
	"fmt"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/strillone/strillone/digest"
	"github.com/strillone/strillone/digest/search"
)

// library is a database of articles, and what is in them.
type library struct {
	*Store
	*prose
	subjects [][]int
	titles   []string
	text     int // bytes
}

// publishMany publishes articles without going through a draft each: half an
// hour apart, all indexed.
func publishMany(b *testing.B, articles int) *library {
	b.Helper()
	l := &library{Store: openAt(b, filepath.Join(b.TempDir(), "s.db")), prose: newProse(7)}
	for done := 0; done < articles; {
		err := l.update(b.Context(), "publishing many", func(tx *sql.Tx) error {
			for range 1000 {
				done++
				if err := l.publish(b, tx, done); err != nil {
					return err
				}
			}
			return nil
		})
		if err != nil {
			b.Fatal(err)
		}
	}
	return l
}

func (l *library) publish(b *testing.B, tx *sql.Tx, number int) error {
	c, subject, bytes := l.article()
	l.subjects, l.titles, l.text = append(l.subjects, subject), append(l.titles, c.Title), l.text+bytes
	content, err := json.Marshal(c)
	if err != nil {
		return err
	}
	at := millis(monday.Add(time.Duration(number) * time.Hour / 2))
	if _, err := tx.ExecContext(b.Context(), `INSERT INTO article (id, number, state, revision, fingerprint, author, created_at, published_at)
		VALUES (?1, ?1, 'published', 1, ?2, 'import', ?3, ?3)`, number, fmt.Sprint(number), at); err != nil {
		return err
	}
	if _, err := tx.ExecContext(b.Context(), `INSERT INTO revision VALUES (?, 1, ?, 'import', ?)`, number, string(content), at); err != nil {
		return err
	}
	return index(b.Context(), tx, digest.Article{ID: int64(number), Number: number, Revision: 1, Content: c})
}

// question is words as people ask: half of the questions are about an article
// that there is, the others of words that have nothing to do with each other. A
// word is rare, or common, or neither.
func (l *library) question() string {
	var words []string
	subject := l.subjects[l.IntN(len(l.subjects))]
	for range 1 + l.IntN(3) {
		switch l.IntN(6) {
		case 0:
			words = append(words, l.word(l.IntN(20))) // among the twenty commonest
		case 1:
			words = append(words, l.word(200+l.IntN(2000)))
		case 2:
			words = append(words, l.word(5000+l.IntN(40_000)))
		default:
			words = append(words, l.word(subject[l.IntN(len(subject))]))
		}
	}
	switch l.IntN(12) {
	case 0:
		words = append(words, "-"+l.word(l.IntN(500)))
	case 1:
		words = append(words, "tema:"+l.lemmas[l.IntN(40)])
	case 2:
		words = append(words, "da:2027-01 a:2028-06")
	case 3:
		title := strings.Fields(l.titles[l.IntN(len(l.titles))])
		words = []string{`"` + strings.Join(title[:3], " ") + `"`}
	}
	return strings.Join(words, " ")
}

// timed runs f again and again and reports how long it took at best, at the
// middle and at worst.
func timed(b *testing.B, f func()) {
	b.Helper()
	var took []time.Duration
	for b.Loop() {
		start := time.Now()
		f()
		took = append(took, time.Since(start))
	}
	slices.Sort(took)
	for name, share := range map[string]float64{"p50-ms": 0.5, "p99-ms": 0.99} {
		b.ReportMetric(float64(took[int(share*float64(len(took)-1))].Microseconds())/1000, name)
	}
	b.ReportMetric(0, "ns/op")
}

func BenchmarkArchive(b *testing.B) {
	articles := 100_000
	if testing.Short() {
		articles = 10_000
	}
	start := time.Now()
	l := publishMany(b, articles)
	b.Logf("%d articles in %v", articles, time.Since(start).Round(time.Second))
	must := func(err error) {
		if err != nil {
			b.Fatal(err)
		}
	}
	b.Run("size", func(b *testing.B) {
		var index int
		must(l.read.QueryRowContext(b.Context(), `SELECT sum(pgsize) FROM dbstat WHERE name GLOB 'article_words*' OR name GLOB 'title_words*'
			OR name IN ('indexed', 'indexed_title', 'topic', 'article_topic', 'article_published')
			OR name GLOB 'sqlite_autoindex_topic*'`).Scan(&index))
		for b.Loop() { // there is nothing to time
		}
		b.ReportMetric(float64(index)/float64(l.text), "index/text")
		b.ReportMetric(float64(l.text)/float64(articles), "text-B/article")
		b.ReportMetric(0, "ns/op")
	})
	// The same questions in either order.
	var questions []search.Query
	for range 500 {
		questions = append(questions, search.Parse(l.question(), time.UTC))
	}
	for order, newest := range map[string]bool{"newest first": true, "best first": false} {
		b.Run(order, func(b *testing.B) {
			i, hits := 0, 0
			timed(b, func() {
				q := questions[i%len(questions)]
				q.Newest = newest
				found, err := l.Search(b.Context(), q, search.Page{Size: 5})
				must(err)
				hits += found.Total
				i++
			})
			b.ReportMetric(float64(hits)/float64(i), "hits/question")
		})
	}
	common := search.Parse(l.word(0)+" "+l.word(1)+" "+l.word(2), time.UTC)
	b.Run("three of the commonest words, best first", func(b *testing.B) {
		timed(b, func() {
			hits, err := l.Search(b.Context(), common, search.Page{Size: 5})
			must(err)
			if hits.Total == 0 {
				b.Fatal("they are in no article")
			}
		})
	})
	b.Run("words of a command", func(b *testing.B) {
		timed(b, func() {
			_, err := l.Match(b.Context(), l.question(), 10)
			must(err)
		})
	})
	b.Run("while typing", func(b *testing.B) {
		timed(b, func() {
			title := l.titles[l.IntN(len(l.titles))]
			_, err := l.Begins(b.Context(), title[:1+l.IntN(12)], search.Page{Size: 25})
			must(err)
		})
	})
	b.Run("near titles", func(b *testing.B) {
		timed(b, func() {
			word := l.word(l.IntN(20_000))
			_, err := l.Near(b.Context(), search.Parse(word[:2]+word[3:]+" x", time.UTC), 5)
			must(err)
		})
	})
	b.Run("a reading's title", func(b *testing.B) {
		timed(b, func() {
			title := l.titles[l.IntN(len(l.titles))]
			if l.IntN(2) == 0 {
				title = l.about(l.subjects[0], 8)
			}
			_, err := l.Titled(b.Context(), title)
			if digest.CodeOf(err) != digest.NotFound {
				must(err)
			}
		})
	})
	b.Run("related", func(b *testing.B) {
		timed(b, func() {
			_, err := l.Related(b.Context(), 1+l.IntN(articles), 3)
			must(err)
		})
	})
	b.Run("opening the file", func(b *testing.B) {
		timed(b, func() {
			s, err := Open(b.Context(), l.path)
			must(err)
			must(s.Close())
		})
	})
	b.Run("topics", func(b *testing.B) {
		timed(b, func() {
			_, err := l.Topics(b.Context())
			must(err)
		})
	})
	b.Run("months", func(b *testing.B) {
		timed(b, func() {
			_, err := l.Months(b.Context(), time.UTC)
			must(err)
		})
	})
}
