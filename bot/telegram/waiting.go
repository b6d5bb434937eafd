// Waiting: backoff, and the updates to remember.

package telegram

import (
	"context"
	"sync"
	"time"

	"github.com/strillone/strillone/digest/delivery"
)

const maxBackoff = time.Minute

// wait is how long to wait after a failed attempt, the first being 0: as told,
// or twice as long as the time before, between half and all of it by chance.
func (a *Adapter) wait(attempt int, err error) time.Duration {
	if f := delivery.FailureOf(err); f.RetryAfter > 0 {
		return f.RetryAfter
	}
	wait := min(a.config.Backoff<<min(attempt, 10), maxBackoff)
	return wait/2 + time.Duration(a.config.Rand()*float64(wait/2))
}

// pause waits, and says whether it did so to the end.
func pause(ctx context.Context, d time.Duration) bool {
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-timer.C:
		return true
	case <-ctx.Done():
		return false
	}
}

// until waits for done, at most so long and while ctx goes on, and says whether
// it was done.
func until(ctx context.Context, done <-chan struct{}, d time.Duration) bool {
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-done:
		return true
	case <-timer.C:
	case <-ctx.Done():
	}
	return false
}

// lingering is ctx, ending so much later.
func lingering(ctx context.Context, grace time.Duration) (context.Context, context.CancelFunc) {
	late, cancel := context.WithCancel(context.WithoutCancel(ctx))
	stop := context.AfterFunc(ctx, func() {
		pause(late, grace)
		cancel()
	})
	return late, func() { stop(); cancel() }
}

// remembered is how many handled updates are remembered: many batches, which
// are of 100 at most.
const remembered = 2000

// ring remembers the last updates that were handled. The zero ring is empty.
type ring struct {
	mu    sync.Mutex
	known map[int64]bool
	order []int64
	next  int
}

func (r *ring) has(id int64) bool {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.known[id]
}

func (r *ring) add(id int64) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.known == nil {
		r.known = make(map[int64]bool)
	}
	r.known[id] = true
	if len(r.order) < remembered {
		r.order = append(r.order, id)
		return
	}
	delete(r.known, r.order[r.next])
	r.order[r.next] = id
	r.next = (r.next + 1) % remembered
}
