// Index: what makes published articles findable.

package sqlite

import (
	"context"
	"database/sql"
	"strings"

	"github.com/strillone/strillone/digest"
	"github.com/strillone/strillone/digest/markup"
	"github.com/strillone/strillone/digest/search"
)

// index makes a published article findable as it is now.
func index(ctx context.Context, tx *sql.Tx, a digest.Article) error {
	if err := unindex(ctx, tx, a.Number); err != nil {
		return err
	}
	if err := indexTopics(ctx, tx, a); err != nil {
		return err
	}
	for _, step := range []struct {
		query string
		args  []any
	}{
		{`INSERT INTO article_words (rowid, title, lead, body, more, topics) VALUES (?, ?, ?, ?, ?, ?)`, []any{
			a.Number, stemmed(a.Title), stemmed(a.Lead.String()), stemmed(paragraphs(a.Body)),
			stemmed(paragraphs(a.Abstract), works(a.Sources), works(a.Readings)),
			strings.Join(topicWords(a.Topics), " "),
		}},
		{`INSERT INTO title_words (rowid, title) VALUES (?, ?)`, []any{a.Number, strings.Join(search.Folded(a.Title), " ")}},
		{`INSERT INTO indexed (number, revision, version, title_key) VALUES (?, ?, ?, ?)`, []any{
			a.Number, a.Revision, search.Version, search.TitleKey(a.Title),
		}},
	} {
		if _, err := tx.ExecContext(ctx, step.query, step.args...); err != nil {
			return err
		}
	}
	return nil
}

func unindex(ctx context.Context, tx *sql.Tx, number int) error {
	for _, query := range []string{
		`DELETE FROM indexed WHERE number = ?`,
		`DELETE FROM article_words WHERE rowid = ?`,
		`DELETE FROM title_words WHERE rowid = ?`,
		`DELETE FROM article_topic WHERE topic IN (SELECT id FROM topic) AND number = ?`,
	} {
		if _, err := tx.ExecContext(ctx, query, number); err != nil {
			return err
		}
	}
	return nil
}

func indexTopics(ctx context.Context, tx *sql.Tx, a digest.Article) error {
	for _, name := range a.Topics {
		key := search.TopicKey(name)
		if key == "" {
			continue
		}
		var id int64
		err := tx.QueryRowContext(ctx, `INSERT INTO topic (key, name) VALUES (?, ?)
			ON CONFLICT (key) DO UPDATE SET name = excluded.name RETURNING id`, key, name).Scan(&id)
		if err != nil {
			return err
		}
		if _, err := tx.ExecContext(ctx, `INSERT INTO article_topic (topic, number) VALUES (?, ?) ON CONFLICT DO NOTHING`, id, a.Number); err != nil {
			return err
		}
	}
	return nil
}

// everyWord is in the topics of every article: a question that says only what
// isn't wanted, or when, has something to look for.
const everyWord = "#"

// topicWords are the words that topics are found by: everyWord, each topic as a
// whole, and the stems of its words, as in a question.
func topicWords(topics []string) []string {
	words := append([]string{everyWord}, wholeTopics(topics)...)
	for _, term := range (search.Query{Asked: topics}).Terms() {
		words = append(words, term...)
	}
	return words
}

func wholeTopics(topics []string) []string {
	var words []string
	for _, name := range topics {
		if key := search.TopicKey(name); key != "" {
			words = append(words, everyWord+key)
		}
	}
	return words
}

// stemmed is the stems of texts, as the index wants them.
func stemmed(texts ...string) string {
	var stems []string
	for _, t := range texts {
		stems = append(stems, search.Stems(t)...)
	}
	return strings.Join(stems, " ")
}

func paragraphs(texts []markup.Text) string { return markup.Join(texts, "\n").String() }

func works(sources []digest.Source) string {
	var b strings.Builder
	for _, s := range sources {
		b.WriteString(s.Title + "\n" + s.Publisher + "\n")
	}
	return b.String()
}

// stale are published articles that the index has otherwise than they are.
const stale = `FROM article a LEFT JOIN indexed i ON i.number = a.number
	WHERE a.state = 'published' AND (i.number IS NULL OR i.revision <> a.revision OR i.version <> ?)`

// isStale says whether there is something to index. A process that revises an
// article indexes it at once, so counting is enough.
func (s *Store) isStale(ctx context.Context) (bool, error) {
	var found bool
	err := s.read.QueryRowContext(ctx, `SELECT (SELECT count(*) FROM article WHERE state = 'published') <>
		(SELECT count(*) FROM indexed WHERE version = ?)`, search.Version).Scan(&found)
	return found, err
}

// reindexedAtOnce is how many articles are indexed in a transaction.
const reindexedAtOnce = 500

// reindex indexes what an older program left otherwise. Interrupted, it goes on
// where it was.
func (s *Store) reindex(ctx context.Context) error {
	for {
		indexed := 0
		err := s.update(ctx, "indexing", func(tx *sql.Tx) error {
			articles, err := scanArticles(tx.QueryContext(ctx, `SELECT `+articleColumns+`
				WHERE a.number IN (SELECT a.number `+stale+` LIMIT ?)`, search.Version, reindexedAtOnce))
			for _, a := range articles {
				if err := index(ctx, tx, a); err != nil {
					return err
				}
			}
			indexed = len(articles)
			return err
		})
		if err != nil || indexed < reindexedAtOnce {
			return err
		}
	}
}
