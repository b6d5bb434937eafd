// Subscriptions: who gets the digest.

package sqlite

import (
	"context"
	"database/sql"
	"errors"
	"time"

	"github.com/strillone/strillone/digest"
)

const subscriptionColumns = `id, platform, chat, thread, language, active, mark, created_at FROM subscription`

func scanSubscription(r row) (digest.Subscription, error) {
	var sub digest.Subscription
	var created int64
	to := &sub.Destination
	err := r.Scan(&sub.ID, &to.Platform, &to.Chat, &to.Thread, &sub.Language, &sub.Active, &sub.Mark, &created)
	if errors.Is(err, sql.ErrNoRows) {
		return sub, notFound()
	}
	sub.CreatedAt = moment(created)
	return sub, err
}

func subscriptionOf(ctx context.Context, tx *sql.Tx, to digest.Destination) (digest.Subscription, error) {
	return scanSubscription(tx.QueryRowContext(ctx, `SELECT `+subscriptionColumns+`
		WHERE platform = ? AND chat = ? AND thread = ?`, to.Platform, to.Chat, to.Thread))
}

// Subscribe begins a subscription; see storage.Store.
func (s *Store) Subscribe(ctx context.Context, to digest.Destination, language digest.Language, at time.Time) (digest.Subscription, bool, error) {
	var sub digest.Subscription
	fresh := false
	err := s.update(ctx, "subscribing", func(tx *sql.Tx) (err error) {
		sub, err = subscriptionOf(ctx, tx, to)
		if err == nil && sub.Active {
			return nil
		}
		if err != nil && digest.CodeOf(err) != digest.NotFound {
			return err
		}
		fresh = true
		sub, err = scanSubscription(tx.QueryRowContext(ctx, `
			INSERT INTO subscription (platform, chat, thread, language, active, mark, created_at)
			VALUES (?, ?, ?, ?, 1, coalesce((SELECT max(through) FROM digest), 0), ?)
			ON CONFLICT (platform, chat, thread) DO UPDATE
			SET active = 1, mark = max(mark, excluded.mark), ended_at = NULL, end_reason = NULL
			RETURNING id, platform, chat, thread, language, active, mark, created_at`,
			to.Platform, to.Chat, to.Thread, language, millis(at)))
		return err
	})
	return sub, fresh && err == nil, err
}

// Unsubscribe ends a subscription; see storage.Store.
func (s *Store) Unsubscribe(ctx context.Context, to digest.Destination, at time.Time) (bool, error) {
	ended := false
	err := s.update(ctx, "unsubscribing", func(tx *sql.Tx) error {
		sub, err := subscriptionOf(ctx, tx, to)
		if digest.CodeOf(err) == digest.NotFound || err == nil && !sub.Active {
			return nil
		}
		if err != nil {
			return err
		}
		ended = true
		return end(ctx, tx, sub.ID, "unsubscribed", at)
	})
	return ended && err == nil, err
}

// end deactivates a subscription and gives up what is queued for it.
func end(ctx context.Context, tx *sql.Tx, id int64, reason string, at time.Time) error {
	_, err := tx.ExecContext(ctx, `UPDATE subscription SET active = 0, ended_at = ?, end_reason = ? WHERE id = ? AND active = 1`,
		millis(at), reason, id)
	if err != nil {
		return err
	}
	_, err = tx.ExecContext(ctx, `UPDATE delivery SET state = 3, kind = 'gone', reason = ? WHERE subscription = ? AND state = 0`, reason, id)
	return err
}

// Subscription is an active subscription; see storage.Store.
func (s *Store) Subscription(ctx context.Context, to digest.Destination) (digest.Subscription, error) {
	sub, err := scanSubscription(s.read.QueryRowContext(ctx, `SELECT `+subscriptionColumns+`
		WHERE platform = ? AND chat = ? AND thread = ? AND active = 1`, to.Platform, to.Chat, to.Thread))
	if err != nil {
		return sub, wrap("reading a subscription", err)
	}
	return sub, nil
}
