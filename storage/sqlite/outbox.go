// Outbox: deliveries claimed, and the renderings that are sent.

package sqlite

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"time"

	"github.com/strillone/strillone/digest"
	"github.com/strillone/strillone/digest/delivery"
)

// exchange is Exchange where there is space.
func (s *Store) exchange(ctx context.Context, platform digest.Platform, results []delivery.Result, now time.Time, limit int) ([]delivery.Delivery, error) {
	arrivals, others := sorted(results)
	claimed, err := s.exchangeIn(ctx, platform, arrivals, others, now, limit)
	if errors.Is(err, errRepetition) {
		return s.exchangeIn(ctx, platform, nil, results, now, limit)
	}
	return claimed, err
}

func (s *Store) exchangeIn(ctx context.Context, platform digest.Platform, arrivals []arrivals, others []delivery.Result, now time.Time, limit int) ([]delivery.Delivery, error) {
	var claimed []delivery.Delivery
	err := s.update(ctx, "exchanging results for deliveries", func(tx *sql.Tx) (err error) {
		// The driver watches the context of each statement in a goroutine. These
		// are short; that all of it has been given up is seen between them.
		e := exchange{ctx: context.WithoutCancel(ctx), tx: tx, prepared: &s.outbox}
		if err := e.record(platform, arrivals, others, now); err != nil {
			return err
		}
		if err := ctx.Err(); err != nil {
			return err
		}
		claimed, err = e.claim(platform, now, limit)
		return err
	})
	if err != nil {
		return nil, err
	}
	return claimed, nil
}

// The two queues of a platform, each with an index of its own, in the order they
// are served.
const (
	begun = `d.part > 0`
	fresh = `d.part = 0`
)

// claim marks due deliveries as being sent.
func (e exchange) claim(platform digest.Platform, now time.Time, limit int) ([]delivery.Delivery, error) {
	var claimed []delivery.Delivery
	for _, queue := range []statement{claimBegun, claimFresh} {
		if len(claimed) >= limit {
			break
		}
		rows, err := e.query(queue, platform, millis(now), limit-len(claimed))
		due, err := scanDeliveries(platform, rows, err)
		if err != nil {
			return nil, err
		}
		claimed = append(claimed, due...)
	}
	if len(claimed) == 0 {
		return nil, nil
	}
	ids := make([]int64, len(claimed))
	for i, d := range claimed {
		ids[i] = d.ID
	}
	list, err := json.Marshal(ids)
	if err != nil {
		return nil, err
	}
	_, err = e.exec(claimAll, string(list))
	return claimed, err
}

// dueIn is the query for a queue's due deliveries. The join is in this order
// whatever the planner thinks: the index has the deliveries in theirs.
func dueIn(queue string) string {
	return `SELECT d.id, d.subscription, d.rendering, d.part, d.attempts, d.doubts, s.refusals, s.chat, s.thread,
		s.silent + 2 * s.no_previews + 4 * s.crosspost + 8 * s.discuss, s.mention
		FROM delivery d CROSS JOIN subscription s ON s.id = d.subscription AND s.active = 1
		WHERE d.platform = ? AND d.state = 0 AND ` + queue + ` AND d.next_at <= ?
		ORDER BY d.next_at, d.id LIMIT ?`
}

func scanDeliveries(platform digest.Platform, rows *sql.Rows, err error) ([]delivery.Delivery, error) {
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	var list []delivery.Delivery
	// What database/sql has to convert, it converts by way of text.
	var part, attempts, doubts, refusals, manner int64
	d := delivery.Delivery{Destination: digest.Destination{Platform: platform}}
	columns := []any{
		&d.ID, &d.Subscription, &d.Rendering, &part, &attempts, &doubts, &refusals,
		&d.Destination.Chat, &d.Destination.Thread, &manner, &d.Manner.Mention,
	}
	for rows.Next() {
		if err := rows.Scan(columns...); err != nil {
			return nil, err
		}
		d.Part, d.Attempts, d.Doubts, d.Refusals = int(part), int(attempts), int(doubts), int(refusals)
		d.Manner.Silent, d.Manner.NoPreviews = manner&1 != 0, manner&2 != 0
		d.Manner.Crosspost, d.Manner.Discuss = manner&4 != 0, manner&8 != 0
		list = append(list, d)
	}
	return list, rows.Err()
}

// Parts are a rendering's parts; see delivery.Outbox.
func (s *Store) Parts(ctx context.Context, rendering int64) ([]delivery.Part, error) {
	parts, err := scanParts(s.read.QueryContext(ctx, `SELECT body FROM rendering_part WHERE rendering = ? ORDER BY part`, rendering))
	return parts, failure(ctx, "reading a rendering", err)
}

func scanParts(rows *sql.Rows, err error) ([]delivery.Part, error) {
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	var parts []delivery.Part
	for rows.Next() {
		var body []byte
		if err := rows.Scan(&body); err != nil {
			return nil, err
		}
		parts = append(parts, body)
	}
	return parts, rows.Err()
}

// NextAttempt is when the next delivery is due; see delivery.Outbox. What is to
// be sent at once has been due since 1970.
func (s *Store) NextAttempt(ctx context.Context, platform digest.Platform) (time.Time, error) {
	var next sql.NullInt64
	err := s.read.QueryRowContext(ctx, `SELECT min(next_at) FROM (
		SELECT min(d.next_at) AS next_at FROM delivery d WHERE d.platform = ?1 AND d.state = 0 AND `+begun+`
		UNION ALL
		SELECT min(d.next_at) FROM delivery d WHERE d.platform = ?1 AND d.state = 0 AND `+fresh+`)`, platform).Scan(&next)
	if err != nil || !next.Valid {
		return time.Time{}, failure(ctx, "reading the next attempt", err)
	}
	return time.UnixMilli(next.Int64).UTC(), nil
}
