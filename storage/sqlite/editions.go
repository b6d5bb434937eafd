// Editions: what is published for one scheduled time, all of it at once.

package sqlite

import (
	"context"
	"database/sql"
	"errors"
	"time"

	"github.com/strillone/strillone/digest"
	"github.com/strillone/strillone/digest/delivery"
)

// LastSlot is the newest slot published; see delivery.Editions.
func (s *Store) LastSlot(ctx context.Context) (time.Time, error) {
	var slot int64
	err := s.read.QueryRowContext(ctx, `SELECT coalesce(max(slot), 0) FROM edition WHERE schedule = 1`).Scan(&slot)
	return moment(slot), failure(ctx, "reading the last slot", err)
}

// Groups are the subscriptions with news waiting; see delivery.Editions.
func (s *Store) Groups(ctx context.Context) ([]delivery.Group, error) {
	groups, err := scanGroups(s.read.QueryContext(ctx, `
		SELECT platform, language, mark, count(*) FROM subscription
		WHERE active = 1 AND mark < (SELECT max(number) FROM article WHERE state = 'published')
		GROUP BY platform, language, mark ORDER BY platform, language, mark`))
	return groups, failure(ctx, "counting subscriptions", err)
}

func scanGroups(rows *sql.Rows, err error) ([]delivery.Group, error) {
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	var groups []delivery.Group
	for rows.Next() {
		var g delivery.Group
		if err := rows.Scan(&g.Platform, &g.Language, &g.Mark, &g.Size); err != nil {
			return nil, err
		}
		groups = append(groups, g)
	}
	return groups, rows.Err()
}

// Published are the articles of a window; see delivery.Editions.
func (s *Store) Published(ctx context.Context, w digest.Window, limit int) ([]digest.Article, int, error) {
	const window = ` WHERE a.state = 'published' AND a.number > ? AND a.number <= ?`
	var total int
	err := s.read.QueryRowContext(ctx, `SELECT count(*) FROM article a`+window, w.After, w.Through).Scan(&total)
	if err != nil {
		return nil, 0, failure(ctx, "counting a window's articles", err)
	}
	articles, err := scanArticles(s.read.QueryContext(ctx, `SELECT `+articleColumns+window+`
		ORDER BY a.number DESC LIMIT ?`, w.After, w.Through, max(limit, 0)))
	if err != nil {
		return nil, 0, failure(ctx, "reading a window's articles", err)
	}
	return articles, total, nil
}

// Newest is the greatest number given; see delivery.Editions.
func (s *Store) Newest(ctx context.Context) (int, error) {
	var number int
	err := s.read.QueryRowContext(ctx, `SELECT coalesce(max(number), 0) FROM article`).Scan(&number)
	return number, failure(ctx, "reading the newest number", err)
}

// Publish stores an edition and queues its deliveries; see delivery.Editions.
func (s *Store) Publish(ctx context.Context, e delivery.Edition) (int, error) {
	var queued int64
	err := s.update(ctx, "publishing an edition", func(tx *sql.Tx) error {
		slot := millis(e.Slot)
		edition, err := insertEdition(ctx, tx, slot, millis(e.At))
		if err != nil || edition == 0 || len(e.Digests) == 0 {
			return err
		}
		for _, d := range e.Digests {
			if err := insertDigest(ctx, tx, edition, d); err != nil {
				return err
			}
		}
		var first int64
		if err := tx.QueryRowContext(ctx, `SELECT coalesce(max(id), 0) + 1 FROM delivery`).Scan(&first); err != nil {
			return err
		}
		if queued, err = enqueue(ctx, tx, edition, slot); err != nil || queued == 0 {
			return err
		}
		return count(ctx, tx, edition, first)
	})
	if err != nil {
		return 0, err
	}
	return int(queued), nil
}

// insertEdition makes one if its slot is newer than all before it; otherwise it
// returns 0.
func insertEdition(ctx context.Context, tx *sql.Tx, slot, at int64) (int64, error) {
	var id int64
	err := tx.QueryRowContext(ctx, `INSERT INTO edition (schedule, slot, at, through, complete)
		SELECT 1, ?1, ?2, (SELECT coalesce(max(number), 0) FROM article), 1
		WHERE NOT EXISTS (SELECT 1 FROM edition WHERE schedule = 1 AND slot >= ?1) RETURNING id`, slot, at).Scan(&id)
	if errors.Is(err, sql.ErrNoRows) {
		return 0, nil
	}
	return id, err
}

func insertDigest(ctx context.Context, tx *sql.Tx, edition int64, d delivery.RenderedDigest) error {
	w := d.Digest.Window
	id, err := inserted(tx.ExecContext(ctx, `INSERT INTO digest (edition, title, after, through, more) VALUES (?, ?, ?, ?, ?)`,
		edition, d.Digest.Title, w.After, w.Through, d.Digest.More))
	if err != nil {
		return err
	}
	for i, a := range d.Digest.Articles {
		if _, err := tx.ExecContext(ctx, `INSERT INTO digest_article (digest, position, article) VALUES (?, ?, ?)`, id, i, a.ID); err != nil {
			return err
		}
	}
	for _, r := range d.Renderings {
		if err := insertRendering(ctx, tx, id, r); err != nil {
			return err
		}
	}
	return nil
}

func insertRendering(ctx context.Context, tx *sql.Tx, digestID int64, r delivery.Rendering) error {
	id, err := inserted(tx.ExecContext(ctx, `INSERT INTO rendering (digest, platform, language) VALUES (?, ?, ?)`,
		digestID, r.Platform, r.Language))
	if err != nil {
		return err
	}
	for i, part := range r.Parts {
		if _, err := tx.ExecContext(ctx, `INSERT INTO rendering_part (rendering, part, body) VALUES (?, ?, ?)`, id, i, []byte(part)); err != nil {
			return err
		}
	}
	return nil
}

// enqueue queues the renderings of a slot for everyone they are for, and moves
// their marks: two passes over the subscriptions, each of which finds its
// digest by its mark, however many digests there are. Whoever finds none keeps
// the mark.
func enqueue(ctx context.Context, tx *sql.Tx, edition, slot int64) (int64, error) {
	const theirs = ` digest d CROSS JOIN rendering r
		WHERE s.active = 1 AND d.edition = ?1 AND d.after = s.mark
		AND r.digest = d.id AND r.platform = s.platform AND r.language = s.language`
	queued, err := affected(tx.ExecContext(ctx, `
		INSERT INTO delivery (rendering, subscription, platform, state, next_at)
		SELECT r.id, s.id, s.platform, 0, ?2 FROM subscription s CROSS JOIN`+theirs, edition, slot))
	if err != nil {
		return 0, err
	}
	_, err = tx.ExecContext(ctx, `UPDATE subscription AS s SET mark = d.through FROM`+theirs, edition)
	return queued, err
}
