// The loop's side of the ledger: what is recorded and claimed, and when.

package delivery

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"time"
)

const (
	// flushAfter is how long a result waits for others to be recorded with. What
	// waits comes twice if the process is killed, so it is short: at a platform's
	// pace each result has a commit of its own, at full speed many share one.
	flushAfter = 5 * time.Millisecond
	// pollAfter is how often the outbox is asked when nothing is known to be
	// due, lest a Wake was missed or the clock was set.
	pollAfter = time.Minute
	// recheckAfter is the least time between two claims when the outbox names
	// a time that has passed and yet hands out nothing.
	recheckAfter = 100 * time.Millisecond
	// unreadableAfter is when a delivery is claimed again whose rendering
	// couldn't be read.
	unreadableAfter = time.Minute
	// The waits after an exchange that failed, doubled each time.
	firstExchangeWait, longestExchangeWait = time.Second, 30 * time.Second
)

// record has a result written with the next exchange.
func (l *loop) record(r Result) {
	now := l.Now()
	if len(l.results) == 0 {
		l.oldest = now
	}
	l.results = append(l.results, r)
	if r.State == Queued {
		// What is to be sent at once is claimed as its result is recorded.
		l.claimFrom(later(now.Add(flushAfter), r.NextAttempt))
	}
}

// claimFrom has deliveries claimed from the given time on, if not before.
func (l *loop) claimFrom(t time.Time) {
	if l.due.IsZero() || t.Before(l.due) {
		l.due = t
	}
}

// talk begins an exchange if there is reason to. Whatever the reason, it records
// all there is to record.
func (l *loop) talk() {
	if l.talking {
		return
	}
	now := l.Now()
	if l.failures > 0 && l.retryAt.After(now) {
		l.at(l.retryAt)
		return
	}
	r := request{now: now}
	if room := l.room(now); room > 0 && l.claim(now) {
		r.limit = room
		l.due = time.Time{}
	}
	if l.failures == 0 && r.limit == 0 && !l.flush(now) {
		return
	}
	r.results, l.results = l.results, nil
	l.recording = len(r.results)
	l.talking = true
	l.requests <- r
}

// room is how many deliveries can be claimed.
func (l *loop) room(now time.Time) int {
	busy := l.held.len() + l.inFlight
	if gate := l.gate(); gate.After(now) {
		l.at(gate)
		return 0
	}
	if l.outage.down() {
		return max(0, 1-busy) // a probe
	}
	return l.Batch - busy
}

// claim says whether it is time to claim: when something is due and what is
// claimed runs low.
func (l *loop) claim(now time.Time) bool {
	if l.due.IsZero() || l.held.len()+l.inFlight > l.Batch/2 {
		return false
	}
	if l.due.After(now) {
		l.at(l.due)
		return false
	}
	return true
}

// flush says whether the results are to be recorded though nothing is claimed:
// when they take the place of many sends, when one has waited long, and when
// nothing else is going on for them to wait for.
func (l *loop) flush(now time.Time) bool {
	if len(l.results) == 0 {
		return false
	}
	until := l.oldest.Add(flushAfter)
	if len(l.results) >= max(1, l.Workers/2) || !until.After(now) || l.inFlight+l.held.len() == 0 {
		return true
	}
	l.at(until)
	return false
}

// hear takes in the end of an exchange.
func (l *loop) hear(a answer) {
	l.talking, l.recording = false, 0
	now := l.Now()
	if a.err != nil {
		l.failed(a, now)
		return
	}
	if l.failures > 0 {
		l.Log.LogAttrs(l.base, slog.LevelInfo, "deliveries can be recorded again, sending goes on",
			slog.Int("failures", l.failures))
		l.failures = 0
	}
	for _, it := range a.claimed {
		if it.Doubts > 0 && l.Doubt == PreferLoss {
			// Under this policy only a crash leaves a delivery queued in doubt.
			l.abandon(it)
			continue
		}
		l.held.add(it)
	}
	if a.readErr != nil {
		l.Log.LogAttrs(l.base, slog.LevelError, "can't read all of the outbox; it is tried again in a minute",
			slog.Any("error", a.readErr), slog.Int("deliveries", len(a.unreadable)))
	}
	for _, d := range a.unreadable {
		r := untouched(d)
		r.NextAttempt = now.Add(unreadableAfter)
		l.record(r)
	}
	if a.limit > 0 {
		l.claimFrom(l.nextClaim(a, now))
	}
}

// abandon gives up a delivery that a crash left in doubt.
func (l *loop) abandon(it *item) {
	r := abandoned(it.Delivery)
	l.record(r)
	l.report(attempt{item: it, failure: &Failure{Kind: r.Kind, Doubt: true}}, r)
}

// nextClaim is when to claim again after an exchange that did.
func (l *loop) nextClaim(a answer, now time.Time) time.Time {
	if len(a.claimed)+len(a.unreadable) == a.limit {
		return now
	}
	next := now.Add(pollAfter)
	if !a.next.IsZero() && a.next.Before(next) {
		next = a.next
	}
	return later(next, now.Add(recheckAfter))
}

// failed keeps the results of an exchange that failed for the next.
func (l *loop) failed(a answer, now time.Time) {
	l.results = append(a.results, l.results...)
	l.claimFrom(now)
	l.retryAt = now.Add(min(firstExchangeWait<<min(l.failures, 16), longestExchangeWait))
	l.failures++
	l.Log.LogAttrs(l.base, slog.LevelError, "deliveries can't be recorded, sending has stopped until they can",
		slog.Any("error", a.err), slog.Int("failures", l.failures), slog.Int("results", len(l.results)),
		slog.Time("retry", l.retryAt))
}

// end brings everything to rest and has it recorded.
func (l *loop) end() error {
	l.release()
	defer time.AfterFunc(l.Grace, l.endWork).Stop()
	for l.inFlight > 0 || l.talking {
		select {
		case a := <-l.attempts:
			l.conclude(a)
		case a := <-l.answers:
			l.hear(a)
			l.release()
		}
	}
	if err := l.recordAll(); err != nil {
		return errors.Join(l.reason(), err)
	}
	return l.reason()
}

// reason is why the loop ended: nil for its context.
func (l *loop) reason() error {
	if l.refused == nil {
		return nil
	}
	return l.refused
}

// recordAll records the last results, trying for as long as Grace.
func (l *loop) recordAll() error {
	ctx, cancel := context.WithTimeout(l.base, l.Grace)
	defer cancel()
	timer := time.NewTimer(0)
	defer timer.Stop()
	for wait := firstExchangeWait; len(l.results) > 0; wait *= 2 {
		<-timer.C
		a := l.exchanges.do(ctx, request{results: l.results, now: l.Now()})
		if a.err == nil {
			return nil
		}
		if deadline, _ := ctx.Deadline(); time.Until(deadline) < wait {
			return fmt.Errorf("stop with %d results not recorded: %w", len(l.results), a.err)
		}
		timer.Reset(wait)
	}
	return nil
}
