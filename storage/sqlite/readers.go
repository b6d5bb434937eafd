// Readers: what they save, and what they think of an article.

package sqlite

import (
	"context"
	"database/sql"
	"errors"
	"time"

	"github.com/strillone/strillone/digest"
	"github.com/strillone/strillone/digest/search"
)

// published is the id of a published article.
func published(ctx context.Context, tx *sql.Tx, number int) (int64, error) {
	var id int64
	err := tx.QueryRowContext(ctx, `SELECT id FROM article WHERE number = ? AND state = 'published'`, number).Scan(&id)
	if errors.Is(err, sql.ErrNoRows) {
		return 0, notFound()
	}
	return id, err
}

// SaveFor saves an article for a person; see storage.Store.
func (s *Store) SaveFor(ctx context.Context, who digest.Person, number int, at time.Time) (bool, error) {
	fresh := false
	err := s.update(ctx, "saving an article", func(tx *sql.Tx) error {
		id, err := published(ctx, tx, number)
		if err != nil {
			return err
		}
		n, err := affected(tx.ExecContext(ctx, `INSERT INTO saved (platform, person, article, at) VALUES (?, ?, ?, ?) ON CONFLICT DO NOTHING`,
			who.Platform, who.ID, id, millis(at)))
		if err != nil || n == 0 {
			return err
		}
		fresh = true
		var all int
		if err := tx.QueryRowContext(ctx, `SELECT count(*) FROM saved WHERE platform = ? AND person = ?`, who.Platform, who.ID).Scan(&all); err != nil {
			return err
		}
		if all > digest.MaxSaved {
			return &digest.Error{Code: digest.TooManySaved, Data: map[string]any{"Limit": digest.MaxSaved}}
		}
		return nil
	})
	return fresh && err == nil, err
}

// UnsaveFor takes a saved article away; see storage.Store. One that was withdrawn
// can be taken away too.
func (s *Store) UnsaveFor(ctx context.Context, who digest.Person, number int) (bool, error) {
	var n int64
	err := s.update(ctx, "taking away a saved article", func(tx *sql.Tx) (err error) {
		n, err = affected(tx.ExecContext(ctx, `DELETE FROM saved WHERE platform = ? AND person = ?
			AND article = (SELECT id FROM article WHERE number = ?)`, who.Platform, who.ID, number))
		return err
	})
	return n > 0 && err == nil, err
}

// SavedBy are a person's articles; see storage.Store.
func (s *Store) SavedBy(ctx context.Context, who digest.Person, p search.Page) ([]digest.Article, int, error) {
	numbers, err := scanNumbers(s.read.QueryContext(ctx, `SELECT article.number FROM saved JOIN article ON article.id = saved.article
		WHERE saved.platform = ? AND saved.person = ? AND article.state = 'published'
		ORDER BY saved.at DESC, article.number DESC`, who.Platform, who.ID))
	if err != nil {
		return nil, 0, failure(ctx, "reading saved articles", err)
	}
	articles, err := s.numbered(ctx, page(numbers, p))
	return articles, len(numbers), failure(ctx, "reading saved articles", err)
}

// HasSaved says whether a person saved an article; see storage.Store.
func (s *Store) HasSaved(ctx context.Context, who digest.Person, number int) (bool, error) {
	var has bool
	err := s.read.QueryRowContext(ctx, `SELECT EXISTS (SELECT 1 FROM saved WHERE platform = ? AND person = ?
		AND article = (SELECT id FROM article WHERE number = ?))`, who.Platform, who.ID, number).Scan(&has)
	return has, failure(ctx, "looking for a saved article", err)
}

// Rate adds to an article's sums; see storage.Store.
func (s *Store) Rate(ctx context.Context, number int, change digest.Usefulness) (digest.Usefulness, error) {
	var sums digest.Usefulness
	err := s.update(ctx, "rating an article", func(tx *sql.Tx) error {
		id, err := published(ctx, tx, number)
		if err != nil {
			return err
		}
		return tx.QueryRowContext(ctx, `INSERT INTO usefulness (article, useful, other) VALUES (?1, max(?2, 0), max(?3, 0))
			ON CONFLICT DO UPDATE SET useful = max(useful + ?2, 0), other = max(other + ?3, 0)
			RETURNING useful, other`, id, change.Useful, change.Not).Scan(&sums.Useful, &sums.Not)
	})
	return sums, err
}

// Usefulness is an article's sums; see storage.Store.
func (s *Store) Usefulness(ctx context.Context, number int) (digest.Usefulness, error) {
	var sums digest.Usefulness
	err := s.read.QueryRowContext(ctx, `SELECT useful, other FROM usefulness JOIN article ON article.id = usefulness.article
		WHERE article.number = ?`, number).Scan(&sums.Useful, &sums.Not)
	if errors.Is(err, sql.ErrNoRows) {
		return digest.Usefulness{}, nil
	}
	return sums, failure(ctx, "reading an article's sums", err)
}
