// Settings: what people choose for a subscription, and when its digest is due.

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

// Configure changes a subscription's settings; see storage.Store.
func (s *Store) Configure(ctx context.Context, to digest.Destination, change func(*digest.Settings) error, at time.Time) (digest.Subscription, error) {
	var sub digest.Subscription
	err := s.update(ctx, "changing settings", func(tx *sql.Tx) (err error) {
		if sub, err = subscriptionOf(ctx, tx, to); err != nil {
			return err
		}
		if !sub.Active {
			return notFound()
		}
		if err := change(&sub.Settings); err != nil {
			return err
		}
		if err := configure(ctx, tx, sub.ID, sub.Settings, at); err != nil {
			return err
		}
		sub, err = subscriptionOf(ctx, tx, to)
		return err
	})
	if err != nil {
		return digest.Subscription{}, err
	}
	return sub, nil
}

func configure(ctx context.Context, tx *sql.Tx, id int64, c digest.Settings, at time.Time) error {
	schedule, err := scheduleFor(ctx, tx, c.Schedule, at)
	if err != nil {
		return err
	}
	if c.Form == digest.Short {
		c.Form = ""
	}
	_, err = tx.ExecContext(ctx, `UPDATE subscription SET schedule = ?, language = ?, choice = ?, form = ?, paused_until = ?,
		silent = ?, no_previews = ?, mention = ?, crosspost = ?, discuss = ? WHERE id = ?`,
		schedule, c.Language, c.Choice.Key(), c.Form, millis(c.PausedUntil),
		c.Manner.Silent, c.Manner.NoPreviews, c.Manner.Mention, c.Manner.Crosspost, c.Manner.Discuss, id)
	return err
}

// scheduleFor is the row of a schedule, which is made if nobody had it before.
func scheduleFor(ctx context.Context, tx *sql.Tx, c digest.Schedule, at time.Time) (int64, error) {
	if !c.Own() {
		return delivery.Operators, nil
	}
	next, err := c.Next(at)
	if err != nil {
		return 0, err
	}
	minute := c.Hour*60 + c.Minute
	_, err = tx.ExecContext(ctx, `INSERT INTO schedule (minute, days, zone, next_due_at) VALUES (?, ?, ?, ?) ON CONFLICT DO NOTHING`,
		minute, c.Days, c.Zone, millis(next))
	if err != nil {
		return 0, err
	}
	var id int64
	err = tx.QueryRowContext(ctx, `SELECT id FROM schedule WHERE minute = ? AND days = ? AND zone = ?`, minute, c.Days, c.Zone).Scan(&id)
	return id, err
}

// scheduleOf is the schedule that a row has.
func scheduleOf(minute int, days digest.Days, zone string) digest.Schedule {
	return digest.Schedule{Hour: minute / 60, Minute: minute % 60, Days: days, Zone: zone}
}

// NextDue is when a destination's next digest is due; see storage.Store.
func (s *Store) NextDue(ctx context.Context, to digest.Destination, now time.Time) (time.Time, error) {
	var minute int
	var days digest.Days
	var zone string
	var due, paused sql.NullInt64
	var served digest.Date
	err := s.read.QueryRowContext(ctx, `SELECT c.minute, c.days, c.zone, c.next_due_at, s.paused_until, s.served
		FROM subscription s JOIN schedule c ON c.id = s.schedule
		WHERE s.platform = ? AND s.chat = ? AND s.thread = ? AND s.active = 1`, to.Platform, to.Chat, to.Thread).
		Scan(&minute, &days, &zone, &due, &paused, &served)
	if errors.Is(err, sql.ErrNoRows) {
		return time.Time{}, notFound()
	}
	if err != nil {
		return time.Time{}, failure(ctx, "reading when a digest is due", err)
	}
	after := now
	if begins := moment(paused.Int64); begins.After(now) {
		after = begins.Add(-1) // the very moment it begins again may be one
	}
	clock := s.operatorsClock()
	if own := scheduleOf(minute, days, zone); own.Own() {
		if clock, err = own.Clock(); err != nil {
			return time.Time{}, fmt.Errorf("reckoning when a digest is due: %w", err)
		}
	}
	at := moment(due.Int64)
	switch {
	case at.After(after) && clock == nil:
		return at, nil
	case clock == nil:
		return time.Time{}, nil
	case !at.After(after):
		at = clock.Next(after)
	}
	return unserved(clock, at, served), nil
}

// unserved is the first time from the given one on that is for a date without a
// digest.
func unserved(c digest.Clock, at time.Time, served digest.Date) time.Time {
	for date := c.Date(at); !at.IsZero() && date != 0 && date <= served; date = c.Date(at) {
		at = c.Next(at)
	}
	return at
}
