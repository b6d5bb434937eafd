// Moves: a destination that has another name now, and what happens when that
// name is subscribed too.

package sqlite

import (
	"context"
	"database/sql"
	"time"

	"github.com/strillone/strillone/digest"
	"github.com/strillone/strillone/digest/delivery"
)

// moved is why a subscription ended that another one took over.
const moved = "moved to a destination with a subscription of its own"

// move gives the delivery's subscription the destination's new name. Where that
// name has a subscription already, there is one too many for the same people:
// the one that is there goes on for both. It takes over what is still to be
// sent, save what it got or will get by itself, and the one that moved ends.
//
// A delivery whose subscription has ended moves nothing.
func move(ctx context.Context, tx *sql.Tx, deliveryID int64, to digest.Destination, now time.Time) error {
	from, err := scanSubscription(tx.QueryRowContext(ctx, selectSubscriptions+`
		WHERE s.id = (SELECT subscription FROM delivery WHERE id = ?)`, deliveryID))
	if err != nil || !from.Active {
		return err
	}
	there, err := subscriptionOf(ctx, tx, to)
	switch {
	case digest.CodeOf(err) == digest.NotFound:
		_, err = tx.ExecContext(ctx, `UPDATE subscription SET platform = ?, chat = ?, thread = ? WHERE id = ?`,
			to.Platform, to.Chat, to.Thread, from.ID)
		return err
	case err != nil || there.ID == from.ID:
		return err
	}
	if err := takeOver(ctx, tx, from, there); err != nil {
		return err
	}
	return end(ctx, tx, from.ID, delivery.Moved, moved, now)
}

// takeOver lets the subscription go on for the one that moved to its place. One
// that had ended begins again as that one, with its settings and where it stood.
func takeOver(ctx context.Context, tx *sql.Tx, from, there digest.Subscription) error {
	_, err := tx.ExecContext(ctx, `UPDATE subscription AS s
		SET active = 1, mark = max(s.mark, f.mark), served = max(s.served, f.served), `+unended+`,
			schedule = f.schedule, language = f.language, choice = f.choice, form = f.form, paused_until = f.paused_until,
			silent = f.silent, no_previews = f.no_previews, mention = f.mention, crosspost = f.crosspost, discuss = f.discuss
		FROM subscription f WHERE f.id = ? AND s.id = ? AND s.active = 0`, from.ID, there.ID)
	if err != nil {
		return err
	}
	unsent, err := unsentOf(ctx, tx, from)
	if err != nil {
		return err
	}
	for _, u := range unsent {
		if err := adopt(ctx, tx, u, from.ID, there.ID); err != nil {
			return err
		}
	}
	return nil
}

// unsent is a delivery that isn't settled, with its digest's window.
type unsent struct {
	delivery, digest int64
	window           digest.Window
}

// unsentOf are a subscription's, oldest first.
func unsentOf(ctx context.Context, tx *sql.Tx, sub digest.Subscription) ([]unsent, error) {
	rows, err := tx.QueryContext(ctx, `
		SELECT delivery.id, digest.id, digest.after, digest.through FROM delivery
		JOIN rendering ON rendering.id = delivery.rendering JOIN digest ON digest.id = rendering.digest
		WHERE delivery.subscription = ? AND delivery.state IN (0, 1) ORDER BY delivery.id`, sub.ID)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	var list []unsent
	for rows.Next() {
		var u unsent
		if err := rows.Scan(&u.delivery, &u.digest, &u.window.After, &u.window.Through); err != nil {
			return nil, err
		}
		list = append(list, u)
	}
	return list, rows.Err()
}

// adopt gives the delivery to the subscription, whose mark then covers it, and
// whose date is then served. It doesn't if the subscription had one of the
// articles, or if the window leaves a gap after its mark or was chosen from as it
// wouldn't have: then its own next digest has them all. What isn't adopted ends
// with the subscription it belongs to.
func adopt(ctx context.Context, tx *sql.Tx, u unsent, from, sub int64) error {
	n, err := affected(tx.ExecContext(ctx, `UPDATE delivery SET subscription = ?1 WHERE id = ?2
		AND EXISTS (SELECT 1 FROM subscription s JOIN subscription f ON f.id = ?5
			WHERE s.id = ?1 AND s.mark >= ?3 AND (s.mark >= ?6 OR s.choice = f.choice))
		AND NOT EXISTS (
			SELECT 1 FROM delivery d JOIN rendering r ON r.id = d.rendering
			JOIN digest_article theirs ON theirs.digest = r.digest
			JOIN digest_article ours ON ours.article = theirs.article AND ours.digest = ?4
			WHERE d.subscription = ?1)`, sub, u.delivery, u.window.After, u.digest, from, u.window.Through))
	if err != nil || n == 0 {
		return err
	}
	_, err = tx.ExecContext(ctx, `UPDATE subscription
		SET mark = max(mark, ?1), served = max(served, (SELECT served FROM subscription WHERE id = ?2)) WHERE id = ?3`,
		u.window.Through, from, sub)
	return err
}
