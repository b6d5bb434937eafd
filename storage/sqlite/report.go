// Report: the last broadcast in figures, without reading its deliveries.

package sqlite

import (
	"context"
	"database/sql"
	"errors"
	"maps"
	"slices"
	"time"

	"github.com/strillone/strillone/digest"
	"github.com/strillone/strillone/digest/delivery"
)

// Report counts the last broadcast's deliveries; see delivery.Reporter.
func (s *Store) Report(ctx context.Context) (delivery.Report, error) {
	r, err := reportOf(ctx, s.read)
	return r, failure(ctx, "counting deliveries", err)
}

// The figures of a report. The ids of a broadcast's deliveries are the first and
// those after it.
const (
	lastBroadcast = `SELECT id, slot, at, first FROM edition WHERE first IS NOT NULL ORDER BY id DESC LIMIT 1`
	countActive   = `SELECT platform, active FROM audience WHERE active > 0`
	allDeliveries = `SELECT platform, deliveries FROM broadcast WHERE edition = ?`
	countSent     = `SELECT platform, sent FROM broadcast WHERE edition = ?`
	countSending  = `SELECT platform, count(*) FROM delivery WHERE state = 1 AND id >= ? GROUP BY platform`
	countDoubts   = `SELECT platform, count(*) FROM doubt CROSS JOIN delivery ON delivery.id = doubt.delivery WHERE doubt.delivery >= ? GROUP BY platform`
	countFailed   = `SELECT platform, coalesce(kind, ''), coalesce(reason, ''), count(*) AS n FROM delivery
		WHERE state = 3 AND id >= ? GROUP BY platform, kind, reason ORDER BY n DESC, reason`
)

// reportOf reads all of a report at one moment.
func reportOf(ctx context.Context, db *sql.DB) (delivery.Report, error) {
	tx, err := db.BeginTx(ctx, &sql.TxOptions{ReadOnly: true})
	if err != nil {
		return delivery.Report{}, err
	}
	defer func() { _ = tx.Rollback() }() // it only reads
	var edition, slot, at, first int64
	err = tx.QueryRowContext(ctx, lastBroadcast).Scan(&edition, &slot, &at, &first)
	if err != nil && !errors.Is(err, sql.ErrNoRows) {
		return delivery.Report{}, err
	}
	t := tally{tx: tx, platforms: make(map[digest.Platform]*delivery.PlatformReport)}
	t.add(ctx, countActive, func(p *delivery.PlatformReport) *int { return &p.Subscriptions })
	if err == nil {
		t.edition(ctx, edition, first)
	}
	if t.err != nil {
		return delivery.Report{}, t.err
	}
	r := delivery.Report{Slot: moment(slot), At: moment(at)}
	for _, name := range slices.Sorted(maps.Keys(t.platforms)) {
		r.Platforms = append(r.Platforms, *t.platforms[name])
	}
	return r, nil
}

// tally gathers counts by platform until one fails.
type tally struct {
	tx        *sql.Tx
	platforms map[digest.Platform]*delivery.PlatformReport
	err       error
}

func (t *tally) edition(ctx context.Context, edition, first int64) {
	t.add(ctx, allDeliveries, func(p *delivery.PlatformReport) *int { return &p.Queued }, edition)
	t.add(ctx, countSent, func(p *delivery.PlatformReport) *int { return &p.Sent }, edition)
	t.add(ctx, countSending, func(p *delivery.PlatformReport) *int { return &p.Sending }, first)
	t.add(ctx, countDoubts, func(p *delivery.PlatformReport) *int { return &p.Doubts }, first)
	t.failures(ctx, first)
	for _, p := range t.platforms {
		p.Queued -= p.Sent + p.Sending + p.Failed()
	}
}

func (t *tally) platform(name digest.Platform) *delivery.PlatformReport {
	p := t.platforms[name]
	if p == nil {
		p = &delivery.PlatformReport{Platform: name}
		t.platforms[name] = p
	}
	return p
}

// add adds a query's counts to a figure.
func (t *tally) add(ctx context.Context, query string, figure func(*delivery.PlatformReport) *int, args ...any) {
	t.each(ctx, query, args, func(rows *sql.Rows) error {
		var name digest.Platform
		var n int
		if err := rows.Scan(&name, &n); err != nil {
			return err
		}
		*figure(t.platform(name)) += n
		return nil
	})
}

// failures counts by kind; the rows come by frequency, so that the first words
// of a kind are its most frequent.
func (t *tally) failures(ctx context.Context, first int64) {
	t.each(ctx, countFailed, []any{first}, func(rows *sql.Rows) error {
		var name digest.Platform
		var f delivery.Reason
		if err := rows.Scan(&name, &f.Kind, &f.Words, &f.Count); err != nil {
			return err
		}
		p := t.platform(name)
		i := slices.IndexFunc(p.Failures, func(r delivery.Reason) bool { return r.Kind == f.Kind })
		if i < 0 {
			p.Failures = append(p.Failures, f)
			return nil
		}
		p.Failures[i].Count += f.Count
		return nil
	})
	for _, p := range t.platforms {
		slices.SortStableFunc(p.Failures, func(a, b delivery.Reason) int { return b.Count - a.Count })
	}
}

func (t *tally) each(ctx context.Context, query string, args []any, scan func(*sql.Rows) error) {
	if t.err != nil {
		return
	}
	rows, err := t.tx.QueryContext(ctx, query, args...)
	if err != nil {
		t.err = err
		return
	}
	defer rows.Close()
	for rows.Next() {
		if t.err = scan(rows); t.err != nil {
			return
		}
	}
	t.err = rows.Err()
}

// day is how long a broadcast lasts at the most.
const day = 24 * time.Hour

// broadcastOf is the broadcast that an edition's next deliveries belong to; 0 if
// they begin one. They belong to the last one if its earlier ones do, or if
// that has deliveries to go and is not over a day old.
func broadcastOf(ctx context.Context, tx *sql.Tx, e delivery.Edition) (int64, error) {
	var last, slot, at, first int64
	err := tx.QueryRowContext(ctx, lastBroadcast).Scan(&last, &slot, &at, &first)
	if errors.Is(err, sql.ErrNoRows) {
		return 0, nil
	}
	if err != nil {
		return 0, err
	}
	var joins bool
	err = tx.QueryRowContext(ctx, `SELECT EXISTS (SELECT 1 FROM digest WHERE edition = ?) OR ? < ? AND (
			EXISTS (SELECT 1 FROM delivery INDEXED BY delivery_due WHERE state = 0 AND part = 0) OR
			EXISTS (SELECT 1 FROM delivery INDEXED BY delivery_begun WHERE state = 0 AND part > 0) OR
			EXISTS (SELECT 1 FROM delivery INDEXED BY delivery_sending WHERE state = 1))`,
		e.ID, millis(e.Slot), slot+day.Milliseconds()).Scan(&joins)
	if err != nil || !joins {
		return 0, err
	}
	return last, nil
}

// count notes how many deliveries a broadcast has, by platform: those from the
// first on have just been queued. Without a broadcast, their edition begins one.
func count(ctx context.Context, tx *sql.Tx, broadcast int64, e delivery.Edition, first int64) error {
	if broadcast == 0 {
		broadcast = e.ID
		if _, err := tx.ExecContext(ctx, `UPDATE edition SET first = ? WHERE id = ?`, first, e.ID); err != nil {
			return err
		}
	}
	_, err := tx.ExecContext(ctx, `INSERT INTO broadcast (edition, platform, deliveries)
		SELECT ?, platform, count(*) FROM delivery WHERE id >= ? GROUP BY platform
		ON CONFLICT DO UPDATE SET deliveries = deliveries + excluded.deliveries`, broadcast, first)
	return err
}

// countSent notes how many of the last edition's deliveries were sent.
func (e exchange) countSent(platform digest.Platform, sent []int64) error {
	if len(sent) == 0 {
		return nil
	}
	var edition, slot, at, first int64
	err := e.use(theLastBroadcast).QueryRowContext(e.ctx).Scan(&edition, &slot, &at, &first) //nolint:sqlclosecheck // the transaction's end does
	if errors.Is(err, sql.ErrNoRows) {
		return nil // they are from before editions were counted
	}
	if err != nil {
		return err
	}
	n := 0
	for _, id := range sent {
		if id >= first {
			n++
		}
	}
	_, err = e.exec(addSent, n, edition, platform)
	return err
}
