// Results: what became of claimed deliveries, written down.

package sqlite

import (
	"cmp"
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

// recorder writes results within one transaction, with statements that are
// prepared once for all of them.
type recorder struct {
	tx                          *sql.Tx
	settle, arrive, drop, doubt *sql.Stmt
	sent                        []int64 // deliveries
}

// record writes results down.
func record(ctx context.Context, tx *sql.Tx, platform digest.Platform, results []delivery.Result, now time.Time) (err error) {
	if len(results) == 0 {
		return nil
	}
	r := recorder{tx: tx}
	defer func() { err = errors.Join(err, r.close()) }()
	if err := r.prepare(ctx); err != nil {
		return err
	}
	for _, result := range results {
		if err := r.record(ctx, result, now); err != nil {
			return fmt.Errorf("delivery %d: %w", result.Delivery, err)
		}
	}
	return countSentOf(ctx, tx, platform, r.sent)
}

func (r *recorder) prepare(ctx context.Context) (err error) {
	r.settle, err = r.tx.PrepareContext(ctx, `UPDATE delivery
		SET state = ?, part = ?, attempts = ?, doubts = ?, next_at = ?, kind = nullif(?, ''), reason = nullif(?, '')
		WHERE id = ? AND state = 1`)
	if err != nil {
		return err
	}
	r.arrive, err = r.tx.PrepareContext(ctx, `INSERT INTO receipt (delivery, part, message) VALUES (?, ?, ?)
		ON CONFLICT (delivery, part) DO UPDATE SET message = excluded.message`)
	if err != nil {
		return err
	}
	// What was being sent when its subscription ended goes no further.
	r.drop, err = r.tx.PrepareContext(ctx, `UPDATE delivery SET state = 3, kind = subscription.end_kind, reason = subscription.end_reason
		FROM subscription WHERE subscription.id = delivery.subscription AND subscription.active = 0
		AND delivery.id = ? AND delivery.state = 0`)
	if err != nil {
		return err
	}
	r.doubt, err = r.tx.PrepareContext(ctx, `INSERT INTO doubt (delivery) VALUES (?) ON CONFLICT DO NOTHING`)
	return err
}

func (r *recorder) close() error {
	var errs []error
	for _, s := range []*sql.Stmt{r.settle, r.arrive, r.drop, r.doubt} {
		if s != nil {
			errs = append(errs, s.Close())
		}
	}
	return errors.Join(errs...)
}

// record writes one result down, unless it was before: then the Exchange is a
// repetition.
func (r *recorder) record(ctx context.Context, result delivery.Result, now time.Time) error {
	n, err := affected(r.settle.ExecContext(ctx, states[result.State], result.Part, result.Attempts, result.Doubts,
		millis(result.NextAttempt), string(result.Kind), result.Reason, result.Delivery))
	if err != nil || n == 0 {
		return err
	}
	if result.State == delivery.Sent {
		r.sent = append(r.sent, result.Delivery)
	}
	if result.Doubts > 0 {
		if _, err := r.doubt.ExecContext(ctx, result.Delivery); err != nil {
			return err
		}
	}
	if a := result.Arrived; a != nil {
		if _, err := r.arrive.ExecContext(ctx, result.Delivery, a.Part, string(a.Receipt)); err != nil {
			return err
		}
	}
	if result.Deactivate {
		return end(ctx, r.tx, result.Subscription, cmp.Or(result.Kind, delivery.Gone), result.Reason, now)
	}
	if n := result.Refusals; n != nil {
		_, err := r.tx.ExecContext(ctx, `UPDATE subscription SET refusals = ? WHERE id = ? AND active = 1`, *n, result.Subscription)
		if err != nil {
			return err
		}
	}
	if neverArrived(result) {
		if err := giveBack(ctx, r.tx, result.Delivery); err != nil {
			return err
		}
	}
	if result.MovedTo != nil {
		if err := move(ctx, r.tx, result.Delivery, *result.MovedTo, now); err != nil {
			return err
		}
	}
	if result.State == delivery.Queued {
		_, err = r.drop.ExecContext(ctx, result.Delivery)
	}
	return err
}

// neverArrived says whether a delivery was given up with certainty that nothing
// of it arrived, at a place that goes on getting digests. What the platform
// rejects for its content would be rejected again.
func neverArrived(r delivery.Result) bool {
	return r.State == delivery.Failed && !r.Deactivate && r.Part == 0 && r.Doubts == 0 && r.Arrived == nil &&
		(r.Kind == delivery.AccessLost || r.Kind == delivery.Transient)
}

// giveBack has the articles of a delivery that failed come with the next digest,
// unless a later one is on its way already: nobody gets an article twice.
func giveBack(ctx context.Context, tx *sql.Tx, id int64) error {
	_, err := tx.ExecContext(ctx, `UPDATE subscription SET mark = digest.after
		FROM delivery JOIN rendering ON rendering.id = delivery.rendering JOIN digest ON digest.id = rendering.digest
		WHERE delivery.id = ? AND subscription.id = delivery.subscription AND subscription.mark = digest.through`, id)
	return err
}
