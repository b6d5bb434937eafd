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
	if err := s.read.QueryRowContext(ctx, `SELECT coalesce(max(slot), 0) FROM edition`).Scan(&slot); err != nil {
		return time.Time{}, wrap("reading the last slot", err)
	}
	return moment(slot), nil
}

// Groups are the subscriptions with news waiting; see delivery.Editions.
func (s *Store) Groups(ctx context.Context) ([]delivery.Group, error) {
	rows, err := s.read.QueryContext(ctx, `
		SELECT platform, language, mark, count(*) FROM subscription
		WHERE active = 1 AND EXISTS (SELECT 1 FROM article WHERE number > mark AND state = 'published')
		GROUP BY platform, language, mark ORDER BY platform, language, mark`)
	if err != nil {
		return nil, wrap("counting subscriptions", err)
	}
	defer rows.Close() //nolint:errcheck // its error is that of rows.Err
	var groups []delivery.Group
	for rows.Next() {
		var g delivery.Group
		if err := rows.Scan(&g.Platform, &g.Language, &g.Mark, &g.Size); err != nil {
			return nil, wrap("counting subscriptions", err)
		}
		groups = append(groups, g)
	}
	return groups, wrap("counting subscriptions", rows.Err())
}

// Published are the articles of a window; see delivery.Editions.
func (s *Store) Published(ctx context.Context, w digest.Window, limit int) ([]digest.Article, int, error) {
	const window = ` WHERE a.state = 'published' AND a.number > ? AND a.number <= ?`
	var total int
	err := s.read.QueryRowContext(ctx, `SELECT count(*) FROM article a`+window, w.After, w.Through).Scan(&total)
	if err != nil {
		return nil, 0, wrap("counting a window's articles", err)
	}
	articles, err := scanArticles(s.read.QueryContext(ctx, `SELECT `+articleColumns+window+`
		ORDER BY a.number DESC LIMIT ?`, w.After, w.Through, limit))
	return articles, total, wrap("reading a window's articles", err)
}

// Newest is the greatest number given; see delivery.Editions.
func (s *Store) Newest(ctx context.Context) (int, error) {
	var number int
	err := s.read.QueryRowContext(ctx, `SELECT coalesce(max(number), 0) FROM article`).Scan(&number)
	return number, wrap("reading the newest number", err)
}

// Publish stores an edition and queues its deliveries; see delivery.Editions.
func (s *Store) Publish(ctx context.Context, e delivery.Edition) (int, error) {
	queued := 0
	err := s.update(ctx, "publishing an edition", func(tx *sql.Tx) error {
		fresh, err := insertSlot(ctx, tx, millis(e.Slot))
		if err != nil || !fresh {
			return err
		}
		for _, d := range e.Digests {
			n, err := publishDigest(ctx, tx, millis(e.Slot), d)
			if err != nil {
				return err
			}
			queued += n
		}
		return nil
	})
	if err != nil {
		return 0, err
	}
	return queued, nil
}

// insertSlot says whether the slot is newer than all before it.
func insertSlot(ctx context.Context, tx *sql.Tx, slot int64) (bool, error) {
	done, err := tx.ExecContext(ctx, `INSERT INTO edition (slot)
		SELECT ? WHERE ? > (SELECT coalesce(max(slot), 0) FROM edition)`, slot, slot)
	if err != nil {
		return false, err
	}
	n, err := done.RowsAffected()
	return n == 1, err
}

func publishDigest(ctx context.Context, tx *sql.Tx, slot int64, d delivery.RenderedDigest) (int, error) {
	w := d.Digest.Window
	done, err := tx.ExecContext(ctx, `INSERT INTO digest (slot, title, after, through, more) VALUES (?, ?, ?, ?, ?)`,
		slot, d.Digest.Title, w.After, w.Through, d.Digest.More)
	if err != nil {
		return 0, err
	}
	id, err := done.LastInsertId()
	if err != nil {
		return 0, err
	}
	for i, a := range d.Digest.Articles {
		if _, err := tx.ExecContext(ctx, `INSERT INTO digest_article (digest, position, article) VALUES (?, ?, ?)`, id, i, a.ID); err != nil {
			return 0, err
		}
	}
	queued := 0
	for _, r := range d.Renderings {
		n, err := enqueue(ctx, tx, slot, id, w, r)
		if err != nil {
			return 0, err
		}
		queued += n
	}
	return queued, nil
}

// enqueue stores a rendering, queues it for everyone it is for, and moves their
// marks.
func enqueue(ctx context.Context, tx *sql.Tx, slot, digestID int64, w digest.Window, r delivery.Rendering) (int, error) {
	id, err := insertRendering(ctx, tx, digestID, r)
	if err != nil {
		return 0, err
	}
	const group = ` WHERE active = 1 AND platform = ? AND language = ? AND mark = ?`
	done, err := tx.ExecContext(ctx, `INSERT INTO delivery (rendering, subscription, platform, state, next_at)
		SELECT ?, id, platform, 0, ? FROM subscription`+group, id, slot, r.Platform, r.Language, w.After)
	if err != nil {
		return 0, err
	}
	queued, err := done.RowsAffected()
	if err != nil {
		return 0, err
	}
	_, err = tx.ExecContext(ctx, `UPDATE subscription SET mark = ?`+group, w.Through, r.Platform, r.Language, w.After)
	return int(queued), err
}

func insertRendering(ctx context.Context, tx *sql.Tx, digestID int64, r delivery.Rendering) (int64, error) {
	done, err := tx.ExecContext(ctx, `INSERT INTO rendering (digest, platform, language) VALUES (?, ?, ?)`,
		digestID, r.Platform, r.Language)
	if err != nil {
		return 0, err
	}
	id, err := done.LastInsertId()
	if err != nil {
		return 0, err
	}
	for i, part := range r.Parts {
		if _, err := tx.ExecContext(ctx, `INSERT INTO rendering_part (rendering, part, body) VALUES (?, ?, ?)`, id, i, []byte(part)); err != nil {
			return 0, err
		}
	}
	return id, nil
}

// LatestDigest is the newest digest of a destination; see storage.Store.
func (s *Store) LatestDigest(ctx context.Context, to digest.Destination) (digest.Digest, error) {
	d, err := scanDigest(s.read.QueryRowContext(ctx, `SELECT `+digestColumns+`
		JOIN rendering ON rendering.digest = digest.id
		JOIN delivery ON delivery.rendering = rendering.id
		JOIN subscription ON subscription.id = delivery.subscription
		WHERE subscription.platform = ? AND subscription.chat = ? AND subscription.thread = ? AND delivery.state = 2
		ORDER BY delivery.id DESC LIMIT 1`, to.Platform, to.Chat, to.Thread))
	if digest.CodeOf(err) == digest.NotFound {
		d, err = scanDigest(s.read.QueryRowContext(ctx, `SELECT `+digestColumns+` ORDER BY digest.slot DESC, digest.after DESC LIMIT 1`))
	}
	if err != nil {
		return d, wrap("reading the latest digest", err)
	}
	d.Articles, err = scanArticles(s.read.QueryContext(ctx, `SELECT `+articleColumns+`
		JOIN digest_article ON digest_article.article = a.id
		WHERE digest_article.digest = ? AND a.state = 'published' ORDER BY digest_article.position`, d.ID))
	return d, wrap("reading the latest digest", err)
}

const digestColumns = `digest.id, digest.title, digest.slot, digest.after, digest.through, digest.more FROM digest`

func scanDigest(r row) (digest.Digest, error) {
	var d digest.Digest
	var slot int64
	err := r.Scan(&d.ID, &d.Title, &slot, &d.Window.After, &d.Window.Through, &d.More)
	if errors.Is(err, sql.ErrNoRows) {
		return d, notFound()
	}
	d.BuiltAt = moment(slot)
	return d, err
}
