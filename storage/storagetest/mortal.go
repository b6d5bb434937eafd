// mortal: the end of a process between any two transactions of its Publisher.

package storagetest

import (
	"context"
	"errors"
	"time"

	"github.com/strillone/strillone/digest"
	"github.com/strillone/strillone/digest/delivery"
)

var errDied = errors.New("the process died")

// mortal are Editions in chunks of limit subscriptions, whose process dies at one
// of its transactions: before it, or after it and before anybody knew.
type mortal struct {
	delivery.Editions
	limit int
	left  int // transactions until it dies; negative: it doesn't
	after bool
}

// live lets a transaction through, or not.
func (m *mortal) live(transaction func() error) error {
	if m.left == 0 && !m.after {
		return errDied
	}
	if m.left == 0 {
		return errors.Join(transaction(), errDied)
	}
	m.left--
	return transaction()
}

func (m *mortal) Begin(ctx context.Context, schedule int64, slot time.Time, date digest.Date, at time.Time) (e delivery.Edition, open bool, err error) {
	err = m.live(func() (err error) {
		e, open, err = m.Editions.Begin(ctx, schedule, slot, date, at)
		return err
	})
	return e, open, err
}

func (m *mortal) Enqueue(ctx context.Context, c delivery.Chunk) (p delivery.Progress, err error) {
	c.Limit = m.limit
	err = m.live(func() (err error) {
		p, err = m.Editions.Enqueue(ctx, c)
		return err
	})
	return p, err
}

func (m *mortal) Pass(ctx context.Context, schedule int64, slot, next time.Time) error {
	return m.live(func() error { return m.Editions.Pass(ctx, schedule, slot, next) })
}
