// Results: what became of claimed deliveries, written down.

package sqlite

import (
	"cmp"
	"context"
	"database/sql"
	"fmt"
	"time"

	"github.com/strillone/strillone/digest"
	"github.com/strillone/strillone/digest/delivery"
)

// states are delivery.State as the schema has them.
var states = map[delivery.State]int{delivery.Queued: 0, delivery.Sending: 1, delivery.Sent: 2, delivery.Failed: 3}

// record writes results down.
func (e exchange) record(platform digest.Platform, arrivals []arrivals, others []delivery.Result, now time.Time) error {
	var sent []int64
	for _, a := range arrivals {
		if err := e.advance(a); err != nil {
			return err
		}
		if a.state == delivery.Sent {
			sent = append(sent, a.ids...)
		}
	}
	for _, r := range others {
		fresh, err := e.settle(r, now)
		if err != nil {
			return fmt.Errorf("delivery %d: %w", r.Delivery, err)
		}
		if fresh && r.State == delivery.Sent {
			sent = append(sent, r.Delivery)
		}
	}
	return e.countSent(platform, sent)
}

// settle writes one result down, unless it was before: then the Exchange is a
// repetition.
func (e exchange) settle(r delivery.Result, now time.Time) (fresh bool, err error) {
	n, err := e.exec(settleOne, states[r.State], r.Part, r.Attempts, r.Doubts,
		millis(r.NextAttempt), string(r.Kind), r.Reason, r.Delivery)
	if err != nil || n == 0 {
		return false, err
	}
	if r.Doubts > 0 {
		if _, err := e.exec(doubtOne, r.Delivery); err != nil {
			return true, err
		}
	}
	if a := r.Arrived; a != nil {
		if _, err := e.exec(arriveOne, r.Delivery, a.Part, string(a.Receipt)); err != nil {
			return true, err
		}
	}
	if r.Deactivate {
		return true, end(e.ctx, e.tx, r.Subscription, cmp.Or(r.Kind, delivery.Gone), r.Reason, now)
	}
	if n := r.Refusals; n != nil {
		_, err := e.tx.ExecContext(e.ctx, `UPDATE subscription SET refusals = ? WHERE id = ? AND active = 1`, *n, r.Subscription)
		if err != nil {
			return true, err
		}
	}
	if neverArrived(r) {
		if err := giveBack(e.ctx, e.tx, r.Delivery); err != nil {
			return true, err
		}
	}
	if r.MovedTo != nil {
		if err := move(e.ctx, e.tx, r.Delivery, *r.MovedTo, now); err != nil {
			return true, err
		}
	}
	if r.State == delivery.Queued {
		_, err = e.exec(dropOne, r.Delivery)
	}
	return true, err
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
