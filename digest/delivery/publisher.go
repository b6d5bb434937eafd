// Publisher: serves what is due, and sleeps until the next is.

package delivery

import (
	"cmp"
	"context"
	"fmt"
	"log/slog"
	"runtime/debug"
	"time"

	"github.com/strillone/strillone/digest"
)

// PublisherConfig is what a Publisher needs. Editions and Composer must be set,
// and Operator for Run.
type PublisherConfig struct {
	Editions Editions
	Composer Composer
	// Operator is when those are due who have no schedule of their own.
	Operator digest.Clock
	// CatchUp is how late a slot may be served; 6 hours when 0. Later, its
	// articles come with the next digest.
	CatchUp time.Duration
	// Renderers are those of the platforms that are switched on. Subscriptions
	// of others are left alone and catch up once theirs is.
	Renderers map[digest.Platform]Renderer
	// Title is every digest's.
	Title string
	// MaxArticles is how many articles a digest shows; 10 when 0.
	MaxArticles int
	// Enqueued, if set, is called whenever deliveries were queued: it wakes the
	// dispatchers. It must not block.
	Enqueued func()
	// Now is the wall clock; time.Now when nil.
	Now func() time.Time
	// Log; nothing is logged when nil.
	Log *slog.Logger
}

// Publisher publishes editions. One at a time may run on a database.
type Publisher struct {
	config PublisherConfig
	wake   chan struct{}
}

const (
	// defaultCatchUp still finds the morning's digest worth reading at noon.
	defaultCatchUp = 6 * time.Hour
	// longestSleep is how long Run ever trusts a timer: timers don't see the
	// wall clock being set, nor a machine that slept.
	longestSleep = time.Minute
	// The waits after failures: doubled from the first up to the longest.
	firstRetry, longestRetry = 10 * time.Second, 10 * time.Minute
	// unreckonable is when a schedule is looked at again whose times can't be
	// told, as when its zone isn't known any more.
	unreckonable = 24 * time.Hour
)

// NewPublisher makes a Publisher.
func NewPublisher(c PublisherConfig) *Publisher {
	c.MaxArticles = cmp.Or(c.MaxArticles, 10)
	c.CatchUp = cmp.Or(c.CatchUp, defaultCatchUp)
	if c.Now == nil {
		c.Now = time.Now
	}
	if c.Log == nil {
		c.Log = slog.New(slog.DiscardHandler)
	}
	return &Publisher{config: c, wake: make(chan struct{}, 1)}
}

// Wake says that schedules have changed. It never blocks.
func (p *Publisher) Wake() {
	select {
	case p.wake <- struct{}{}:
	default:
	}
}

// Run serves what is due until ctx ends, and then returns once nothing is under
// way. Of several times of a schedule that were missed the newest alone is
// served, unless it is older than CatchUp. What fails is tried again with
// growing waits, and holds up no other schedule.
func (p *Publisher) Run(ctx context.Context) {
	failures := 0
	adopted := false
	for ctx.Err() == nil {
		wait := longestSleep
		var err error
		if !adopted {
			err = p.config.Editions.Adopt(ctx, p.config.Operator, p.now())
			adopted = err == nil
		}
		if adopted {
			wait, err = p.ServeDue(ctx)
		}
		switch {
		case err == nil:
			failures = 0
		case ctx.Err() != nil:
			return // it was cut off, and did not fail
		default:
			// What is due next doesn't wait for the retry.
			wait = min(wait, firstRetry<<min(failures, 16), longestRetry)
			failures++
			p.config.Log.LogAttrs(ctx, slog.LevelError, "digests not published, trying again",
				slog.Any("error", err), slog.Int("failures", failures), slog.Duration("wait", wait))
		}
		p.wait(ctx, wait)
	}
}

func (p *Publisher) wait(ctx context.Context, d time.Duration) {
	timer := time.NewTimer(max(d, 0))
	defer timer.Stop()
	select {
	case <-ctx.Done():
	case <-timer.C:
	case <-p.wake:
	}
}

// now is the wall clock's reading alone: a monotonic one would hide that the
// clock was set.
func (p *Publisher) now() time.Time { return p.config.Now().Round(0) }

// ServeDue serves all that is due, and says how long to wait before something
// else is, a minute at the most. The error is the first of those that schedules
// met with; what met one is due still.
func (p *Publisher) ServeDue(ctx context.Context) (time.Duration, error) {
	asked := p.now()
	due, err := p.config.Editions.Due(ctx, asked)
	if err != nil {
		return longestSleep, fmt.Errorf("find what is due: %w", err)
	}
	var failed error
	wait := longestSleep
	for _, d := range due {
		next, err := p.serve(ctx, d)
		if ctx.Err() != nil {
			return 0, err
		}
		if err == nil {
			continue
		}
		if failed == nil {
			failed = fmt.Errorf("schedule %d, due at %s: %w", d.Schedule, d.At.Format(time.RFC3339), err)
		}
		if !next.IsZero() {
			wait = min(wait, next.Sub(p.now()))
		}
	}
	// What has become due since, while others were served, is next.
	next, err := p.config.Editions.NextSlot(ctx, asked)
	if err != nil && failed == nil {
		failed = fmt.Errorf("find what is due next: %w", err)
	}
	if err == nil && !next.IsZero() {
		wait = min(wait, next.Sub(p.now()))
	}
	return wait, failed
}

// serve serves the newest slot of a schedule that is due, or passes over it, and
// returns the time of the one after it. A panic becomes an error.
func (p *Publisher) serve(ctx context.Context, d Due) (next time.Time, err error) {
	defer func() {
		if r := recover(); r != nil {
			p.config.Log.LogAttrs(ctx, slog.LevelError, "publishing panicked. Report it with this stack",
				slog.Any("panic", r), slog.String("stack", string(debug.Stack())))
			err = fmt.Errorf("panic: %v", r)
		}
	}()
	clock := p.config.Operator
	if d.Own.Own() {
		if clock, err = d.Own.Clock(); err != nil {
			p.config.Log.LogAttrs(ctx, slog.LevelError, "a schedule can't be reckoned with; it is looked at again in a day",
				slog.Any("schedule", d.Own), slog.Any("error", err))
			return next, p.config.Editions.Pass(ctx, d.Schedule, d.At, p.now().Add(unreckonable))
		}
	}
	now := p.now()
	slot, next := newest(clock, d.At, now.Add(-p.config.CatchUp), now)
	late := now.Sub(slot)
	if d.Idle {
		return next, p.config.Editions.Pass(ctx, d.Schedule, slot, next)
	}
	if late > p.config.CatchUp {
		p.config.Log.LogAttrs(ctx, slog.LevelWarn, "missed and passed over, too old; its articles come with the next digest",
			slog.Time("slot", slot), slog.Int64("schedule", d.Schedule), slog.Duration("late", late))
		return next, p.config.Editions.Pass(ctx, d.Schedule, slot, next)
	}
	summary, err := p.publish(ctx, occasion{schedule: d.Schedule, slot: slot, date: clock.Date(slot), next: next, zone: d.Own.Zone})
	if err == nil && summary.Deliveries > 0 {
		p.config.Log.LogAttrs(ctx, slog.LevelInfo, "digest published", slog.Time("slot", slot), slog.Int64("schedule", d.Schedule),
			slog.Int("digests", summary.Digests), slog.Int("deliveries", summary.Deliveries))
	}
	return next, err
}

// newest is the newest time of a clock that has come, from the one at which it
// was due, and the one after it. What lies before the oldest that may be served
// is not gone through time by time, as long as the clock's times don't hang on
// each other: a process that was down for long may have missed many.
func newest(c digest.Clock, due, oldest, now time.Time) (slot, next time.Time) {
	const before = -time.Millisecond
	slot = due
	if due.Before(oldest) && c.Next(due.Add(before)).Equal(due) {
		slot = oldest.Add(before)
	}
	for next = c.Next(slot); !next.IsZero() && !next.After(now); next = c.Next(slot) {
		slot = next
	}
	return slot, next
}

// Publish publishes an edition to all who follow the operator's schedule, out of
// turn: the slot is none of the schedule's, and no date is taken up by it. After
// an error some of it may have been; published again, the same slot goes on. One
// that isn't after the last changes nothing, and its Summary is zero.
func (p *Publisher) Publish(ctx context.Context, slot time.Time) (Summary, error) {
	t := occasion{schedule: Operators, slot: slot}
	if p.config.Operator != nil {
		t.next = p.config.Operator.Next(slot)
	}
	return p.publish(ctx, t)
}
