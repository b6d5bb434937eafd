// Outbox: deliveries claimed, and what became of them.

package sqlite

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"time"

	"github.com/strillone/strillone/digest"
	"github.com/strillone/strillone/digest/delivery"
)

// states are delivery.State as the schema has them.
var states = map[delivery.State]int{delivery.Queued: 0, delivery.Sending: 1, delivery.Sent: 2, delivery.Failed: 3}

// Exchange records results and claims deliveries; see delivery.Outbox.
func (s *Store) Exchange(ctx context.Context, platform digest.Platform, results []delivery.Result, now time.Time, limit int) ([]delivery.Delivery, error) {
	var claimed []delivery.Delivery
	err := s.update(ctx, "exchanging results for deliveries", func(tx *sql.Tx) error {
		for _, r := range results {
			if err := record(ctx, tx, r, now); err != nil {
				return fmt.Errorf("delivery %d: %w", r.Delivery, err)
			}
		}
		var err error
		claimed, err = claim(ctx, tx, platform, now, limit)
		return err
	})
	if err != nil {
		return nil, err
	}
	return claimed, nil
}

func record(ctx context.Context, tx *sql.Tx, r delivery.Result, now time.Time) error {
	done, err := tx.ExecContext(ctx, `UPDATE delivery
		SET state = ?, part = ?, attempts = ?, doubts = ?, next_at = ?, kind = nullif(?, ''), reason = nullif(?, '')
		WHERE id = ? AND state = 1`,
		states[r.State], r.Part, r.Attempts, r.Doubts, millis(r.NextAttempt), r.Kind, r.Reason, r.Delivery)
	if err != nil {
		return err
	}
	if n, err := done.RowsAffected(); err != nil || n == 0 {
		return err // recorded before: the Exchange is a repetition
	}
	if r.Arrived != nil {
		if err := insertReceipt(ctx, tx, r.Delivery, *r.Arrived); err != nil {
			return err
		}
	}
	switch {
	case r.Deactivate:
		return end(ctx, tx, r.Subscription, r.Reason, now)
	case r.MovedTo != nil:
		return move(ctx, tx, r, now)
	case r.State == delivery.Queued:
		return dropIfEnded(ctx, tx, r)
	}
	return nil
}

func insertReceipt(ctx context.Context, tx *sql.Tx, id int64, a delivery.Arrival) error {
	_, err := tx.ExecContext(ctx, `INSERT INTO receipt (delivery, part, message) VALUES (?, ?, ?)
		ON CONFLICT (delivery, part) DO UPDATE SET message = excluded.message`, id, a.Part, a.Receipt)
	return err
}

// dropIfEnded gives up a delivery whose subscription ended while it was being
// sent.
func dropIfEnded(ctx context.Context, tx *sql.Tx, r delivery.Result) error {
	_, err := tx.ExecContext(ctx, `UPDATE delivery SET state = 3, kind = 'gone', reason = subscription.end_reason
		FROM subscription WHERE subscription.id = delivery.subscription AND subscription.active = 0 AND delivery.id = ?`, r.Delivery)
	return err
}

// move gives a subscription its destination's new name. Where that name has an
// active subscription of its own, the digest reaches the people there through
// it, and the old subscription ends with what is queued for it.
func move(ctx context.Context, tx *sql.Tx, r delivery.Result, now time.Time) error {
	there, err := subscriptionOf(ctx, tx, *r.MovedTo)
	switch {
	case digest.CodeOf(err) == digest.NotFound:
	case err != nil:
		return err
	case there.ID == r.Subscription:
		return nil
	case there.Active:
		return end(ctx, tx, r.Subscription, "moved to a destination that is subscribed", now)
	default:
		// The name belongs to a subscription that ended: it gives the name up,
		// and keeps its history under one nobody has.
		_, err := tx.ExecContext(ctx, `UPDATE subscription SET chat = chat || '#' || id WHERE id = ?`, there.ID)
		if err != nil {
			return err
		}
	}
	_, err = tx.ExecContext(ctx, `UPDATE subscription SET platform = ?, chat = ?, thread = ? WHERE id = ?`,
		r.MovedTo.Platform, r.MovedTo.Chat, r.MovedTo.Thread, r.Subscription)
	return err
}

// claim marks due deliveries as being sent. An Exchange that only records asks
// for none.
func claim(ctx context.Context, tx *sql.Tx, platform digest.Platform, now time.Time, limit int) ([]delivery.Delivery, error) {
	if limit <= 0 {
		return nil, nil
	}
	claimed, err := due(ctx, tx, platform, now, limit)
	if err != nil || len(claimed) == 0 {
		return nil, err
	}
	mark, err := tx.PrepareContext(ctx, `UPDATE delivery SET state = 1 WHERE id = ?`)
	if err != nil {
		return nil, err
	}
	defer mark.Close() //nolint:errcheck // the transaction ends it in any case
	for _, d := range claimed {
		if _, err := mark.ExecContext(ctx, d.ID); err != nil {
			return nil, err
		}
	}
	return claimed, nil
}

func due(ctx context.Context, tx *sql.Tx, platform digest.Platform, now time.Time, limit int) ([]delivery.Delivery, error) {
	rows, err := tx.QueryContext(ctx, `
		SELECT d.id, d.subscription, d.rendering, d.part, d.attempts, d.doubts, s.platform, s.chat, s.thread
		FROM delivery d JOIN subscription s ON s.id = d.subscription
		WHERE d.platform = ? AND d.state = 0 AND d.next_at <= ?
		ORDER BY d.next_at, d.id LIMIT ?`, platform, millis(now), limit)
	if err != nil {
		return nil, err
	}
	defer rows.Close() //nolint:errcheck // its error is that of rows.Err
	var claimed []delivery.Delivery
	for rows.Next() {
		var d delivery.Delivery
		to := &d.Destination
		if err := rows.Scan(&d.ID, &d.Subscription, &d.Rendering, &d.Part, &d.Attempts, &d.Doubts, &to.Platform, &to.Chat, &to.Thread); err != nil {
			return nil, err
		}
		claimed = append(claimed, d)
	}
	return claimed, rows.Err()
}

// Parts are a rendering's parts; see delivery.Outbox.
func (s *Store) Parts(ctx context.Context, rendering int64) ([]delivery.Part, error) {
	rows, err := s.read.QueryContext(ctx, `SELECT body FROM rendering_part WHERE rendering = ? ORDER BY part`, rendering)
	if err != nil {
		return nil, wrap("reading a rendering", err)
	}
	defer rows.Close() //nolint:errcheck // its error is that of rows.Err
	var parts []delivery.Part
	for rows.Next() {
		var body []byte
		if err := rows.Scan(&body); err != nil {
			return nil, wrap("reading a rendering", err)
		}
		parts = append(parts, body)
	}
	return parts, wrap("reading a rendering", rows.Err())
}

// NextAttempt is when the next delivery is due; see delivery.Outbox.
func (s *Store) NextAttempt(ctx context.Context, platform digest.Platform) (time.Time, error) {
	var next int64
	err := s.read.QueryRowContext(ctx, `SELECT next_at FROM delivery WHERE platform = ? AND state = 0 ORDER BY next_at LIMIT 1`, platform).Scan(&next)
	if errors.Is(err, sql.ErrNoRows) {
		return time.Time{}, nil
	}
	if err != nil {
		return time.Time{}, wrap("reading the next attempt", err)
	}
	return time.UnixMilli(next).UTC(), nil
}
