// Schedules: which are due, and how they move on.

package sqlite

import (
	"context"
	"database/sql"
	"time"

	"github.com/strillone/strillone/digest"
	"github.com/strillone/strillone/digest/delivery"
)

// Adopt makes a clock the operator's; see delivery.Editions.
func (s *Store) Adopt(ctx context.Context, c digest.Clock, now time.Time) error {
	err := s.update(ctx, "storing when the operator's digest is due", func(tx *sql.Tx) error {
		var last sql.NullInt64
		if err := tx.QueryRowContext(ctx, `SELECT last FROM schedule WHERE id = ?`, delivery.Operators).Scan(&last); err != nil {
			return err
		}
		from := now
		if last.Valid {
			from = moment(last.Int64)
		}
		_, err := tx.ExecContext(ctx, `UPDATE schedule SET next_due_at = nullif(?, 0) WHERE id = ?`, millis(c.Next(from)), delivery.Operators)
		return err
	})
	if err == nil {
		s.mu.Lock()
		defer s.mu.Unlock()
		s.operator = c
	}
	return err
}

func (s *Store) operatorsClock() digest.Clock {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.operator
}

// whatIsDue finds schedules by the index on their next time.
const whatIsDue = `SELECT id, minute, days, zone, next_due_at, NOT EXISTS (
		SELECT 1 FROM subscription INDEXED BY subscription_schedule WHERE subscription.schedule = schedule.id AND active = 1)
	FROM schedule WHERE next_due_at <= ? ORDER BY next_due_at, id`

// Due are the schedules that are due; see delivery.Editions.
func (s *Store) Due(ctx context.Context, now time.Time) ([]delivery.Due, error) {
	list, err := scanDue(s.read.QueryContext(ctx, whatIsDue, millis(now)))
	return list, failure(ctx, "reading what is due", err)
}

func scanDue(rows *sql.Rows, err error) ([]delivery.Due, error) {
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	var list []delivery.Due
	for rows.Next() {
		var d delivery.Due
		var minute int
		var days digest.Days
		var zone string
		var at int64
		if err := rows.Scan(&d.Schedule, &minute, &days, &zone, &at, &d.Idle); err != nil {
			return nil, err
		}
		d.Own, d.At = scheduleOf(minute, days, zone), moment(at)
		list = append(list, d)
	}
	return list, rows.Err()
}

// NextSlot is when a schedule is due next; see delivery.Editions.
func (s *Store) NextSlot(ctx context.Context, now time.Time) (time.Time, error) {
	var next sql.NullInt64
	err := s.read.QueryRowContext(ctx, `SELECT min(next_due_at) FROM schedule WHERE next_due_at > ?`, millis(now)).Scan(&next)
	return moment(next.Int64), failure(ctx, "reading what is due next", err)
}

// LastSlot is the operator's last; see storage.Store.
func (s *Store) LastSlot(ctx context.Context) (time.Time, error) {
	var last sql.NullInt64
	err := s.read.QueryRowContext(ctx, `SELECT last FROM schedule WHERE id = ?`, delivery.Operators).Scan(&last)
	return moment(last.Int64), failure(ctx, "reading the last slot", err)
}

// Pass ends what is open of a schedule up to a slot; see delivery.Editions.
func (s *Store) Pass(ctx context.Context, schedule int64, slot, next time.Time) error {
	return s.update(ctx, "passing over a slot", func(tx *sql.Tx) error { return pass(ctx, tx, schedule, slot, next) })
}

func pass(ctx context.Context, tx *sql.Tx, schedule int64, slot, next time.Time) error {
	if err := endEditions(ctx, tx, schedule, `slot <= ?`, millis(slot)); err != nil {
		return err
	}
	_, err := tx.ExecContext(ctx, `UPDATE schedule SET last = max(coalesce(last, 0), ?), next_due_at = nullif(?, 0) WHERE id = ?`,
		millis(slot), millis(next), schedule)
	return err
}
