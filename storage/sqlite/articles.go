// Articles: drafts, publication, and finding them again.

package sqlite

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"
	"math"
	"time"

	"github.com/strillone/strillone/digest"
	"github.com/strillone/strillone/digest/search"
)

// articleColumns are what scanArticle reads, of article a and its revision r.
const articleColumns = `a.id, coalesce(a.number, 0), a.state, a.revision, a.author, a.created_at, coalesce(a.published_at, 0), r.content
	FROM article a JOIN revision r ON r.article = a.id AND r.revision = a.revision`

type row interface{ Scan(...any) error }

func scanArticle(r row) (digest.Article, error) {
	var a digest.Article
	var created, published int64
	var content string
	err := r.Scan(&a.ID, &a.Number, &a.State, &a.Revision, &a.Author, &created, &published, &content)
	if errors.Is(err, sql.ErrNoRows) {
		return a, notFound()
	}
	if err != nil {
		return a, err
	}
	a.CreatedAt, a.PublishedAt = moment(created), moment(published)
	if err := json.Unmarshal([]byte(content), &a.Content); err != nil {
		return a, fmt.Errorf("the content of article %d: %w", a.ID, err)
	}
	return a, nil
}

func scanArticles(rows *sql.Rows, err error) ([]digest.Article, error) {
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	var articles []digest.Article
	for rows.Next() {
		a, err := scanArticle(rows)
		if err != nil {
			return nil, err
		}
		articles = append(articles, a)
	}
	return articles, rows.Err()
}

// SaveDraft stores a draft; see storage.Store.
func (s *Store) SaveDraft(ctx context.Context, c digest.Content, author string, at time.Time) (digest.Article, error) {
	var a digest.Article
	err := s.update(ctx, "saving a draft", func(tx *sql.Tx) (err error) {
		a, err = scanArticle(tx.QueryRowContext(ctx, `SELECT `+articleColumns+`
			WHERE a.fingerprint = ? AND a.state <> 'withdrawn'`, c.Fingerprint()))
		switch {
		case digest.CodeOf(err) == digest.NotFound:
			a, err = insertDraft(ctx, tx, c, author, at)
			return err
		case err != nil:
			return err
		case a.Number != 0:
			return &digest.Error{Code: digest.AlreadyThere, Data: map[string]any{"Number": a.Number}}
		}
		return reviseDraft(ctx, tx, &a, c, author, at)
	})
	if err != nil {
		return digest.Article{}, err
	}
	return a, nil
}

func insertDraft(ctx context.Context, tx *sql.Tx, c digest.Content, author string, at time.Time) (digest.Article, error) {
	a := digest.Article{Revision: 1, State: digest.Draft, Content: c, Author: author, CreatedAt: moment(millis(at))}
	var err error
	a.ID, err = inserted(tx.ExecContext(ctx, `INSERT INTO article (state, revision, fingerprint, author, created_at) VALUES ('draft', 1, ?, ?, ?)`,
		c.Fingerprint(), author, millis(at)))
	if err != nil {
		return a, err
	}
	return a, insertRevision(ctx, tx, a, author, at)
}

// reviseDraft makes c the draft's next revision, unless it says the same.
func reviseDraft(ctx context.Context, tx *sql.Tx, a *digest.Article, c digest.Content, author string, at time.Time) error {
	before, err := json.Marshal(a.Content)
	if err != nil {
		return err
	}
	after, err := json.Marshal(c)
	if err != nil {
		return err
	}
	if string(before) == string(after) {
		return nil
	}
	a.Revision++
	a.Content = c
	if _, err := tx.ExecContext(ctx, `UPDATE article SET revision = ? WHERE id = ?`, a.Revision, a.ID); err != nil {
		return err
	}
	return insertRevision(ctx, tx, *a, author, at)
}

func insertRevision(ctx context.Context, tx *sql.Tx, a digest.Article, author string, at time.Time) error {
	content, err := json.Marshal(a.Content)
	if err != nil {
		return err
	}
	_, err = tx.ExecContext(ctx, `INSERT INTO revision (article, revision, content, author, at) VALUES (?, ?, ?, ?, ?)`,
		a.ID, a.Revision, string(content), author, millis(at))
	return err
}

// PublishDraft publishes a draft; see storage.Store.
func (s *Store) PublishDraft(ctx context.Context, id int64, at time.Time) (digest.Article, bool, error) {
	var a digest.Article
	fresh := false
	err := s.update(ctx, "publishing a draft", func(tx *sql.Tx) (err error) {
		if a, err = scanArticle(tx.QueryRowContext(ctx, `SELECT `+articleColumns+` WHERE a.id = ?`, id)); err != nil || a.Number != 0 {
			return err
		}
		fresh = true
		a.State, a.PublishedAt = digest.Published, moment(millis(at))
		err = tx.QueryRowContext(ctx, `UPDATE article
			SET state = 'published', published_at = ?, number = (SELECT coalesce(max(number), 0) + 1 FROM article)
			WHERE id = ? RETURNING number`, millis(at), id).Scan(&a.Number)
		if err != nil {
			return err
		}
		return index(ctx, tx, a)
	})
	if err != nil {
		return digest.Article{}, false, err
	}
	return a, fresh, nil
}

// DiscardDraft forgets a draft; see storage.Store.
func (s *Store) DiscardDraft(ctx context.Context, id int64) error {
	return s.update(ctx, "discarding a draft", func(tx *sql.Tx) error {
		a, err := scanArticle(tx.QueryRowContext(ctx, `SELECT `+articleColumns+` WHERE a.id = ?`, id))
		if err != nil {
			return err
		}
		if a.Number != 0 {
			return &digest.Error{Code: digest.AlreadyThere, Data: map[string]any{"Number": a.Number}}
		}
		_, err = tx.ExecContext(ctx, `DELETE FROM article WHERE id = ? AND state = 'draft'`, id)
		return err
	})
}

// Article is a published article; see storage.Store.
func (s *Store) Article(ctx context.Context, number int) (digest.Article, error) {
	a, err := scanArticle(s.read.QueryRowContext(ctx, `SELECT `+articleColumns+`
		WHERE a.number = ? AND a.state = 'published'`, number))
	if err != nil {
		return digest.Article{}, failure(ctx, "reading an article", err)
	}
	return a, nil
}

// Latest are the newest articles; see storage.Store.
func (s *Store) Latest(ctx context.Context, through, limit int) ([]digest.Article, error) {
	if through == 0 {
		through = math.MaxInt
	}
	articles, err := scanArticles(s.read.QueryContext(ctx, `SELECT `+articleColumns+`
		WHERE a.state = 'published' AND a.number <= ? ORDER BY a.number DESC LIMIT ?`, through, max(limit, 0)))
	return articles, failure(ctx, "reading the latest articles", err)
}

// Published are the articles of a window; see delivery.Editions.
func (s *Store) Published(ctx context.Context, w digest.Window, c digest.Choice, limit int) ([]digest.Article, int, error) {
	numbers, err := scanTaken(c)(s.read.QueryContext(ctx, `SELECT a.number, r.content ->> '$.topics'
		FROM article a JOIN revision r ON r.article = a.id AND r.revision = a.revision
		WHERE a.state = 'published' AND a.number > ? AND a.number <= ? ORDER BY a.number DESC`, w.After, w.Through))
	if err != nil {
		return nil, 0, failure(ctx, "reading a window's topics", err)
	}
	list, err := json.Marshal(numbers[:min(max(limit, 0), len(numbers))])
	if err != nil {
		return nil, 0, err
	}
	articles, err := scanArticles(s.read.QueryContext(ctx, `SELECT `+articleColumns+`
		WHERE a.number IN (SELECT value FROM json_each(?)) ORDER BY a.number DESC`, string(list)))
	if err != nil {
		return nil, 0, failure(ctx, "reading a window's articles", err)
	}
	return articles, len(numbers), nil
}

// scanTaken scans the numbers of the articles whose topics a choice takes,
// however they are spelled: what is chosen is a topic of the list, where "big
// tech" and "bigtech" are one.
func scanTaken(c digest.Choice) func(*sql.Rows, error) ([]int, error) {
	c = digest.Choice{Wanted: topicKeys(c.Wanted), Muted: topicKeys(c.Muted)}
	return func(rows *sql.Rows, err error) ([]int, error) {
		if err != nil {
			return nil, err
		}
		defer rows.Close()
		numbers := []int{}
		for rows.Next() {
			var number int
			var list sql.NullString
			if err := rows.Scan(&number, &list); err != nil {
				return nil, err
			}
			var topics []string
			if list.Valid {
				if err := json.Unmarshal([]byte(list.String), &topics); err != nil {
					return nil, err
				}
			}
			if c.Takes(topicKeys(topics)) {
				numbers = append(numbers, number)
			}
		}
		return numbers, rows.Err()
	}
}

func topicKeys(topics []string) []string {
	keys := make([]string, len(topics))
	for i, topic := range topics {
		keys[i] = search.TopicKey(topic)
	}
	return keys
}

// Newest is the greatest number given; see storage.Store.
func (s *Store) Newest(ctx context.Context) (int, error) {
	var number int
	err := s.read.QueryRowContext(ctx, `SELECT coalesce(max(number), 0) FROM article`).Scan(&number)
	return number, failure(ctx, "reading the newest number", err)
}
