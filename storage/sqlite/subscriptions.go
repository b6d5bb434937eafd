// Subscriptions: who gets the digest.

package sqlite

import (
	"context"
	"database/sql"
	"errors"
	"time"

	"github.com/strillone/strillone/digest"
	"github.com/strillone/strillone/digest/delivery"
)

const subscriptionColumns = `id, platform, chat, thread, language, active, mark, created_at`

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
		FROM subscription WHERE platform = ? AND chat = ? AND thread = ?`, to.Platform, to.Chat, to.Thread))
}

// Subscribe begins a subscription; see storage.Store. One that had ended keeps
// its settings, its id and the day it began.
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
		sub, err = begin(ctx, tx, to, language, at)
		return err
	})
	if err != nil {
		return digest.Subscription{}, false, err
	}
	return sub, fresh, nil
}

// begin makes a subscription, or takes an ended one up again, where the last
// edition ended.
func begin(ctx context.Context, tx *sql.Tx, to digest.Destination, language digest.Language, at time.Time) (digest.Subscription, error) {
	return scanSubscription(tx.QueryRowContext(ctx, `
		INSERT INTO subscription (platform, chat, thread, language, active, mark, created_at)
		VALUES (?, ?, ?, ?, 1, (SELECT coalesce(max(through), 0) FROM digest WHERE slot = (SELECT max(slot) FROM digest)), ?)
		ON CONFLICT (platform, chat, thread) DO UPDATE
		SET active = 1, mark = max(mark, excluded.mark), ended_at = NULL, end_reason = NULL
		RETURNING `+subscriptionColumns,
		to.Platform, to.Chat, to.Thread, language, millis(at)))
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
		return end(ctx, tx, sub.ID, delivery.Gone, "unsubscribed", at)
	})
	return ended && err == nil, err
}

// end deactivates a subscription and gives up what is queued for it: what is
// queued always has an active subscription.
func end(ctx context.Context, tx *sql.Tx, id int64, kind delivery.Kind, reason string, at time.Time) error {
	_, err := tx.ExecContext(ctx, `UPDATE subscription SET active = 0, ended_at = ?, end_reason = ? WHERE id = ? AND active = 1`,
		millis(at), reason, id)
	if err != nil {
		return err
	}
	_, err = tx.ExecContext(ctx, `UPDATE delivery SET state = 3, kind = ?, reason = ? WHERE subscription = ? AND state = 0`, kind, reason, id)
	return err
}

// Subscription is an active subscription; see storage.Store.
func (s *Store) Subscription(ctx context.Context, to digest.Destination) (digest.Subscription, error) {
	sub, err := scanSubscription(s.read.QueryRowContext(ctx, `SELECT `+subscriptionColumns+`
		FROM subscription WHERE platform = ? AND chat = ? AND thread = ? AND active = 1`, to.Platform, to.Chat, to.Thread))
	if err != nil {
		return digest.Subscription{}, failure(ctx, "reading a subscription", err)
	}
	return sub, nil
}
