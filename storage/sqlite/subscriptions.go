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

// selectSubscriptions reads what scanSubscription takes.
const selectSubscriptions = `SELECT s.id, s.platform, s.chat, s.thread, s.active, s.mark, s.created_at,
		s.language, s.choice, s.form, s.paused_until, ` + mannerColumns + `, c.minute, c.days, c.zone
	FROM subscription s JOIN schedule c ON c.id = s.schedule `

// mannerColumns are what mannerOf scans into.
const mannerColumns = `s.silent, s.no_previews, s.mention, s.crosspost, s.discuss`

func mannerOf(m *digest.Manner) []any {
	return []any{&m.Silent, &m.NoPreviews, &m.Mention, &m.Crosspost, &m.Discuss}
}

func scanSubscription(r row) (digest.Subscription, error) {
	var sub digest.Subscription
	var created, paused int64
	var choice, zone string
	var minute int
	var days digest.Days
	to := &sub.Destination
	columns := []any{&sub.ID, &to.Platform, &to.Chat, &to.Thread, &sub.Active, &sub.Mark, &created, &sub.Language, &choice, &sub.Form, &paused}
	columns = append(columns, mannerOf(&sub.Manner)...)
	err := r.Scan(append(columns, &minute, &days, &zone)...)
	if errors.Is(err, sql.ErrNoRows) {
		return sub, notFound()
	}
	sub.CreatedAt, sub.PausedUntil = moment(created), moment(paused)
	sub.Choice = digest.ChoiceOf(choice)
	sub.Schedule = scheduleOf(minute, days, zone)
	return sub, err
}

func subscriptionOf(ctx context.Context, tx *sql.Tx, to digest.Destination) (digest.Subscription, error) {
	return scanSubscription(tx.QueryRowContext(ctx, selectSubscriptions+`
		WHERE s.platform = ? AND s.chat = ? AND s.thread = ?`, to.Platform, to.Chat, to.Thread))
}

// Subscribe begins a subscription; see storage.Store. One that had ended keeps
// its settings, its id and the day it began.
func (s *Store) Subscribe(ctx context.Context, to digest.Destination, language digest.Language, at time.Time) (digest.Subscription, digest.Joining, error) {
	var sub digest.Subscription
	joining := digest.Already
	err := s.update(ctx, "subscribing", func(tx *sql.Tx) (err error) {
		var ending digest.Ending
		sub, err = subscriptionOf(ctx, tx, to)
		switch {
		case err == nil && sub.Active:
			return nil
		case err == nil:
			joining = digest.Resumed
			if ending, err = endingOf(ctx, tx, sub.ID); err != nil {
				return err
			}
		case digest.CodeOf(err) == digest.NotFound:
			joining = digest.Fresh
		default:
			return err
		}
		sub, err = begin(ctx, tx, to, language, at)
		sub.Ending = ending
		return err
	})
	if err != nil {
		return digest.Subscription{}, digest.Already, err
	}
	return sub, joining, nil
}

// endingOf is why a subscription ended; what is no reader's business isn't told.
func endingOf(ctx context.Context, tx *sql.Tx, id int64) (digest.Ending, error) {
	var ending digest.Ending
	err := tx.QueryRowContext(ctx, `SELECT coalesce(end_kind, '') FROM subscription WHERE id = ?`, id).Scan(&ending)
	switch ending {
	case digest.Unsubscribed, digest.Gone, digest.AccessLost:
		return ending, err
	}
	return "", err
}

// unended is what an active subscription has in place of an end.
const unended = `refusals = 0, ended_at = NULL, end_kind = NULL, end_reason = NULL`

// reached is the newest article of the operator's last edition that had a digest.
const reached = `SELECT through FROM edition WHERE schedule = 1
	AND EXISTS (SELECT 1 FROM digest WHERE digest.edition = edition.id) ORDER BY slot DESC LIMIT 1`

// begin makes a subscription, or takes an ended one up again, where the
// operator's last edition ended.
func begin(ctx context.Context, tx *sql.Tx, to digest.Destination, language digest.Language, at time.Time) (digest.Subscription, error) {
	_, err := tx.ExecContext(ctx, `
		INSERT INTO subscription (platform, chat, thread, language, active, mark, created_at)
		VALUES (?, ?, ?, ?, 1, coalesce((`+reached+`), 0), ?)
		ON CONFLICT (platform, chat, thread) DO UPDATE SET active = 1, mark = max(mark, excluded.mark), `+unended,
		to.Platform, to.Chat, to.Thread, language, millis(at))
	if err != nil {
		return digest.Subscription{}, err
	}
	return subscriptionOf(ctx, tx, to)
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
		return end(ctx, tx, sub.ID, delivery.Unsubscribed, "unsubscribed", at)
	})
	return ended && err == nil, err
}

// Leave ends a chat's subscriptions; see storage.Store.
func (s *Store) Leave(ctx context.Context, from digest.Destination, reason string, at time.Time) (int, error) {
	var subs []digest.Subscription
	err := s.update(ctx, "leaving a chat", func(tx *sql.Tx) (err error) {
		subs, err = subscriptionsIn(ctx, tx, from, `s.active = 1`)
		for _, sub := range subs {
			err = errors.Join(err, end(ctx, tx, sub.ID, delivery.Gone, reason, at))
		}
		return err
	})
	if err != nil {
		return 0, err
	}
	return len(subs), nil
}

// Return takes up a chat's subscriptions again; see storage.Store.
func (s *Store) Return(ctx context.Context, to digest.Destination, at time.Time) ([]digest.Subscription, error) {
	var subs []digest.Subscription
	err := s.update(ctx, "returning to a chat", func(tx *sql.Tx) (err error) {
		subs, err = subscriptionsIn(ctx, tx, to, `s.active = 0 AND s.end_kind IN ('gone', 'access_lost')`)
		if err != nil {
			return err
		}
		for i, sub := range subs {
			ending, err := endingOf(ctx, tx, sub.ID)
			if err != nil {
				return err
			}
			if subs[i], err = begin(ctx, tx, sub.Destination, sub.Language, at); err != nil {
				return err
			}
			subs[i].Ending = ending
		}
		return nil
	})
	if err != nil {
		return nil, err
	}
	return subs, nil
}

// subscriptionsIn are the subscriptions of a chat and its threads, of those that
// meet the condition.
func subscriptionsIn(ctx context.Context, tx *sql.Tx, in digest.Destination, condition string) ([]digest.Subscription, error) {
	rows, err := tx.QueryContext(ctx, selectSubscriptions+`
		WHERE s.platform = ? AND s.chat = ? AND `+condition+` ORDER BY s.thread`, in.Platform, in.Chat)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	var subs []digest.Subscription
	for rows.Next() {
		sub, err := scanSubscription(rows)
		if err != nil {
			return nil, err
		}
		subs = append(subs, sub)
	}
	return subs, rows.Err()
}

// end deactivates a subscription and gives up what is queued for it: what is
// queued always has an active subscription.
func end(ctx context.Context, tx *sql.Tx, id int64, kind delivery.Kind, reason string, at time.Time) error {
	_, err := tx.ExecContext(ctx, `UPDATE subscription SET active = 0, ended_at = ?, end_kind = ?, end_reason = ?
		WHERE id = ? AND active = 1`, millis(at), kind, reason, id)
	if err != nil {
		return err
	}
	_, err = tx.ExecContext(ctx, `UPDATE delivery SET state = 3, kind = ?, reason = ? WHERE subscription = ? AND state = 0`, kind, reason, id)
	return err
}

// Subscription is an active subscription; see storage.Store.
func (s *Store) Subscription(ctx context.Context, to digest.Destination) (digest.Subscription, error) {
	sub, err := scanSubscription(s.read.QueryRowContext(ctx, selectSubscriptions+`
		WHERE s.platform = ? AND s.chat = ? AND s.thread = ? AND s.active = 1`, to.Platform, to.Chat, to.Thread))
	if err != nil {
		return digest.Subscription{}, failure(ctx, "reading a subscription", err)
	}
	return sub, nil
}
