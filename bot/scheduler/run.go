// Run: one job, once for each due time.

package scheduler

import (
	"cmp"
	"context"
	"fmt"
	"log/slog"
	"runtime/debug"
	"time"
)

// Job is something to do at the times of a Schedule.
type Job struct {
	// Name is for the log.
	Name     string
	Schedule Schedule
	// Do does it for one slot, the scheduled instant. After an error or a panic
	// it is called again for the same slot, so it must recognise a slot that is
	// done already.
	Do func(ctx context.Context, slot time.Time) error
	// Last is the newest slot that is done; the zero time when none ever was.
	// nil: nothing is remembered, so nothing is ever missed.
	Last func(ctx context.Context) (time.Time, error)
	// CatchUp is how late a slot may be served; later, it is passed over and
	// logged. 6 hours when 0.
	CatchUp time.Duration
	// Now is the wall clock; time.Now when nil.
	Now func() time.Time
	Log *slog.Logger
}

const (
	// defaultCatchUp still finds the morning's digest worth reading at noon.
	defaultCatchUp = 6 * time.Hour
	// longestWait is how long Run ever trusts a timer: timers don't see the
	// wall clock being set, nor a machine that slept.
	longestWait = time.Minute
	// The waits after failures: doubled from the first up to the longest.
	firstRetry, longestRetry = 10 * time.Second, 10 * time.Minute
)

// Run does the job at each due time until ctx ends; then it returns nil, once
// the job is no longer running. Of several due times that were missed, or came
// while the job ran or failed, the newest alone is served, unless it is older
// than CatchUp. A job that fails is tried again with growing waits until it
// succeeds, the next slot takes its place, or it is too old.
func (j Job) Run(ctx context.Context) error {
	r := runner{Job: j}
	r.CatchUp = cmp.Or(j.CatchUp, defaultCatchUp)
	if r.Now == nil {
		r.Now = time.Now
	}
	if r.Log == nil {
		r.Log = slog.New(slog.DiscardHandler)
	}
	r.Log = r.Log.With(slog.String("job", j.Name))
	if !r.remember(ctx) {
		return nil
	}
	for r.wait(ctx, r.serve(ctx)) { // as long as ctx lasts
	}
	return nil
}

// runner is a Job being run.
type runner struct {
	Job
	// done is the newest slot that was served, or when the job was first looked
	// after, or before when slots are passed over.
	done     time.Time
	failures int
}

// remember finds where the job had got to. It is false when ctx ended first.
func (r *runner) remember(ctx context.Context) bool {
	for r.done = r.now(); r.Last != nil; {
		last, err := r.Last(ctx)
		if err == nil {
			if !last.IsZero() {
				r.done = last
			}
			break
		}
		if ctx.Err() != nil {
			return false
		}
		r.failures++
		r.Log.LogAttrs(ctx, slog.LevelError, "can't read which slot was served last, trying again", slog.Any("error", err))
		if !r.wait(ctx, r.backoff()) {
			return false
		}
	}
	r.failures = 0
	if next := r.Schedule.Next(r.now()); r.done.After(next) {
		r.Log.LogAttrs(ctx, slog.LevelWarn, "the last slot served lies in the future, was the clock wrong? nothing runs before it has passed",
			slog.Time("last", r.done))
	}
	return ctx.Err() == nil
}

// serve does the job if it is due and returns how long to wait before looking
// again.
func (r *runner) serve(ctx context.Context) time.Duration {
	now := r.now()
	r.passOver(ctx, now)
	slot, due := r.Schedule.latest(r.done, now)
	if due == 0 {
		return r.until(r.done)
	}
	if err := r.do(ctx, slot); err != nil {
		if ctx.Err() != nil {
			return 0 // the job was cut off: it did not fail, and there is no next time
		}
		r.failures++
		r.Log.LogAttrs(ctx, slog.LevelError, "scheduled job failed, trying again",
			slog.Time("slot", slot), slog.Int("failures", r.failures), slog.Any("error", err))
		// The next slot doesn't wait for the retry of this one.
		return min(r.backoff(), r.until(slot))
	}
	r.Log.LogAttrs(ctx, slog.LevelDebug, "scheduled job done",
		slog.Time("slot", slot), slog.Int("missed", due-1), slog.Duration("late", now.Sub(slot)))
	r.pass(slot)
	return 0
}

// passOver leaves out the slots that are too old to be served, without counting
// them one by one: a process that was down for long may have missed many.
func (r *runner) passOver(ctx context.Context, now time.Time) {
	oldest := now.Add(-r.CatchUp)
	first := r.Schedule.Next(r.done)
	if first.IsZero() || !first.Before(oldest) {
		return
	}
	passed := oldest.Add(-1)
	if r.Schedule.counted {
		passed, _ = r.Schedule.latest(r.done, passed)
	}
	r.Log.LogAttrs(ctx, slog.LevelWarn, "slots missed and passed over, too old",
		slog.Time("first", first), slog.Duration("late", now.Sub(first)))
	r.pass(passed)
}

// do runs the job and makes an error of a panic.
func (r *runner) do(ctx context.Context, slot time.Time) (err error) {
	defer func() {
		if p := recover(); p != nil {
			r.Log.LogAttrs(ctx, slog.LevelError, "scheduled job panicked. Report it with this stack",
				slog.Any("panic", p), slog.String("stack", string(debug.Stack())))
			err = fmt.Errorf("panic: %v", p)
		}
	}()
	return r.Do(ctx, slot)
}

func (r *runner) pass(slot time.Time) {
	r.done = slot
	r.failures = 0
}

// until is the wait for the slot that follows another, longestWait at most.
func (r *runner) until(slot time.Time) time.Duration {
	next := r.Schedule.Next(slot)
	if next.IsZero() {
		return longestWait
	}
	return min(next.Sub(r.now()), longestWait)
}

func (r *runner) backoff() time.Duration {
	return min(firstRetry<<min(r.failures-1, 16), longestRetry)
}

// now is the wall clock's reading alone: a monotonic one would hide that the
// clock was set.
func (r *runner) now() time.Time { return r.Now().Round(0) }

// wait waits for d; it is false when ctx ended.
func (r *runner) wait(ctx context.Context, d time.Duration) bool {
	timer := time.NewTimer(max(d, 0))
	defer timer.Stop()
	select {
	case <-ctx.Done():
		return false
	case <-timer.C:
		return ctx.Err() == nil
	}
}
