// Editions: what is published for a slot of a schedule, chunk by chunk.

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
	"github.com/strillone/strillone/digest/delivery"
)

// Begin opens an edition; see delivery.Editions.
func (s *Store) Begin(ctx context.Context, schedule int64, slot time.Time, date digest.Date, at time.Time) (delivery.Edition, bool, error) {
	e := delivery.Edition{Schedule: schedule, Slot: slot, Date: date}
	open := false
	err := s.update(ctx, "beginning an edition", func(tx *sql.Tx) error {
		if err := tx.QueryRowContext(ctx, `SELECT coalesce(last, 0) < ? FROM schedule WHERE id = ?`, millis(slot), schedule).Scan(&open); err != nil || !open {
			return err
		}
		if err := endEditions(ctx, tx, schedule, `slot < ?`, millis(slot)); err != nil {
			return err
		}
		_, err := tx.ExecContext(ctx, `INSERT INTO edition (schedule, slot, at, date, through)
			VALUES (?, ?, ?, ?, (SELECT coalesce(max(number), 0) FROM article)) ON CONFLICT DO NOTHING`,
			schedule, millis(slot), millis(at), date)
		if err != nil {
			return err
		}
		return tx.QueryRowContext(ctx, `SELECT id, date, through, reached, complete = 0 FROM edition WHERE schedule = ? AND slot = ?`,
			schedule, millis(slot)).Scan(&e.ID, &e.Date, &e.Through, &e.Reached, &open)
	})
	if err != nil || !open {
		return delivery.Edition{}, false, err
	}
	return e, true, nil
}

// endEditions ends those of a schedule that are open and meet the condition. One
// that brought nobody anything leaves no trace.
func endEditions(ctx context.Context, tx *sql.Tx, schedule int64, condition string, args ...any) error {
	open := ` WHERE complete = 0 AND schedule = ? AND ` + condition
	args = append([]any{schedule}, args...)
	_, err := tx.ExecContext(ctx, `DELETE FROM edition`+open+` AND NOT EXISTS (SELECT 1 FROM digest WHERE digest.edition = edition.id)`, args...)
	if err != nil {
		return err
	}
	_, err = tx.ExecContext(ctx, `UPDATE edition SET complete = 1`+open, args...)
	return err
}

// Enqueue goes on with an edition; see delivery.Editions.
func (s *Store) Enqueue(ctx context.Context, c delivery.Chunk) (delivery.Progress, error) {
	var p delivery.Progress
	err := s.update(ctx, "queueing deliveries", func(tx *sql.Tx) (err error) {
		p, err = enqueue(ctx, tx, c)
		return err
	})
	if err != nil {
		return delivery.Progress{}, err
	}
	return p, nil
}

func enqueue(ctx context.Context, tx *sql.Tx, c delivery.Chunk) (delivery.Progress, error) {
	e := c.Edition
	p := delivery.Progress{Reached: e.Reached}
	k, err := chunkAfter(ctx, tx, e, c.Limit)
	if err != nil {
		return p, err
	}
	for _, d := range c.Digests {
		if err := insertDigest(ctx, tx, e.ID, d); err != nil {
			return p, err
		}
	}
	if p.Queued, err = k.serve(); err != nil {
		return p, err
	}
	if err := k.passOver(c.Nothing); err != nil {
		return p, err
	}
	if p.Unknown, err = k.unknown(c.Known); err != nil || len(p.Unknown) > 0 {
		return p, err
	}
	p.Reached, p.Ended = k.last, k.end
	if _, err := tx.ExecContext(ctx, `UPDATE edition SET reached = ? WHERE id = ?`, p.Reached, e.ID); err != nil || !p.Ended {
		return p, err
	}
	return p, pass(ctx, tx, e.Schedule, e.Slot, c.Next)
}

// chunk are subscriptions of an edition.
type chunk struct {
	ctx       context.Context
	tx        *sql.Tx
	edition   delivery.Edition
	broadcast int64 // that its deliveries belong to
	last      int64 // the last one's id
	end       bool  // there are no more
}

// chunkAfter are the next subscriptions of an edition, which has to be open and
// where it is thought to be.
func chunkAfter(ctx context.Context, tx *sql.Tx, e delivery.Edition, limit int) (chunk, error) {
	k := chunk{ctx: ctx, tx: tx, edition: e}
	var there bool
	err := tx.QueryRowContext(ctx, `SELECT count(*) FROM edition WHERE id = ? AND reached = ? AND complete = 0`, e.ID, e.Reached).Scan(&there)
	if err != nil {
		return k, err
	}
	if !there {
		return k, fmt.Errorf("the edition of %s isn't at subscription %d any more", e.Slot.Format(time.RFC3339), e.Reached)
	}
	if k.broadcast, err = broadcastOf(ctx, tx, e); err != nil {
		return k, err
	}
	err = tx.QueryRowContext(ctx, `SELECT id FROM subscription INDEXED BY subscription_schedule
		WHERE schedule = ? AND active = 1 AND id > ? ORDER BY id LIMIT 1 OFFSET ?`, e.Schedule, e.Reached, limit-1).Scan(&k.last)
	if errors.Is(err, sql.ErrNoRows) {
		k.last, k.end = math.MaxInt64, true
		return k, nil
	}
	return k, err
}

// due are the subscriptions of a chunk that may have a digest; dueArgs are its
// parameters 1 to 6.
const due = ` s.schedule = ?1 AND s.active = 1 AND s.id > ?2 AND s.id <= ?3
	AND s.mark < ?4 AND s.paused_until <= ?5 AND (?6 = 0 OR s.served < ?6) `

func (k chunk) dueArgs(more ...any) []any {
	e := k.edition
	return append([]any{e.Schedule, e.Reached, k.last, e.Through, millis(e.Slot), e.Date}, more...)
}

// serve queues the renderings there are for those they are for, and moves their
// marks and dates. It returns how many there were.
func (k chunk) serve() (int, error) {
	var first int64
	if err := k.tx.QueryRowContext(k.ctx, `SELECT coalesce(max(id), 0) + 1 FROM delivery`).Scan(&first); err != nil {
		return 0, err
	}
	n, err := affected(k.tx.ExecContext(k.ctx, `
		INSERT INTO delivery (rendering, subscription, platform, state, next_at)
		SELECT r.id, s.id, s.platform, 0, ?5 FROM subscription s INDEXED BY subscription_schedule
		CROSS JOIN digest d ON d.edition = ?7 AND d.after = s.mark AND d.choice = s.choice
		CROSS JOIN rendering r ON r.digest = d.id AND r.platform = s.platform AND r.language = s.language AND r.form = s.form
		WHERE`+due, k.dueArgs(k.edition.ID)...))
	if err != nil || n == 0 {
		return 0, err
	}
	_, err = k.tx.ExecContext(k.ctx, `UPDATE subscription SET mark = ?, served = max(served, ?)
		WHERE id IN (SELECT subscription FROM delivery WHERE id >= ?)`, k.edition.Through, k.edition.Date, first)
	if err != nil {
		return 0, err
	}
	return int(n), count(k.ctx, k.tx, k.broadcast, k.edition, first)
}

// passOver moves the marks of those for whom there is nothing.
func (k chunk) passOver(nothing []delivery.Group) error {
	if len(nothing) == 0 {
		return nil
	}
	windows := make([][2]any, len(nothing))
	for i, g := range nothing {
		windows[i] = [2]any{g.Mark, g.Choice}
	}
	list, err := json.Marshal(windows)
	if err != nil {
		return err
	}
	_, err = k.tx.ExecContext(k.ctx, `UPDATE subscription AS s SET mark = ?4
		WHERE`+due+`AND (s.mark, s.choice) IN (SELECT value ->> 0, value ->> 1 FROM json_each(?7))`, k.dueArgs(string(list))...)
	return err
}

// unknownAtOnce is how many unknown groups are told of: the renderings of all of
// them are in memory at once, and every reader may have chosen otherwise.
const unknownAtOnce = 256

// unknown are groups of those who are due still that aren't known, as many as are
// told of at once.
func (k chunk) unknown(known func(delivery.Group) bool) ([]delivery.Group, error) {
	rows, err := k.tx.QueryContext(k.ctx, `SELECT DISTINCT s.mark, s.choice, s.platform, s.language, s.form
		FROM subscription s INDEXED BY subscription_schedule WHERE`+due, k.dueArgs()...)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	var groups []delivery.Group
	for len(groups) < unknownAtOnce && rows.Next() {
		var g delivery.Group
		if err := rows.Scan(&g.Mark, &g.Choice, &g.Platform, &g.Language, &g.Form); err != nil {
			return nil, err
		}
		if !known(g) {
			groups = append(groups, g)
		}
	}
	return groups, rows.Err()
}

// insertDigest stores a digest, unless its edition has it, and renderings of it.
func insertDigest(ctx context.Context, tx *sql.Tx, edition int64, d delivery.RenderedDigest) error {
	w := d.Digest.Window
	n, err := affected(tx.ExecContext(ctx, `INSERT INTO digest (edition, title, after, choice, through, more) VALUES (?, ?, ?, ?, ?, ?)
		ON CONFLICT DO NOTHING`, edition, d.Digest.Title, w.After, d.Choice, w.Through, d.Digest.More))
	if err != nil {
		return err
	}
	var id int64
	err = tx.QueryRowContext(ctx, `SELECT id FROM digest WHERE edition = ? AND after = ? AND choice = ?`, edition, w.After, d.Choice).Scan(&id)
	if err != nil {
		return err
	}
	for i := 0; n > 0 && i < len(d.Digest.Articles); i++ {
		if _, err := tx.ExecContext(ctx, `INSERT INTO digest_article (digest, position, article) VALUES (?, ?, ?)`, id, i, d.Digest.Articles[i].ID); err != nil {
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
	id, err := inserted(tx.ExecContext(ctx, `INSERT INTO rendering (digest, platform, language, form) VALUES (?, ?, ?, ?)`,
		digestID, r.Platform, r.Language, r.Form))
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
