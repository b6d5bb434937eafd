// loop: one run of a Dispatcher. A single goroutine owns all of its state.

package delivery

import (
	"context"
	"fmt"
	"log/slog"
	"runtime/debug"
	"sync"
	"time"
)

// patience is how long a claimed delivery waits in memory for its turn; it is
// queued again if that takes longer. It is over a group's interval.
const patience = 5 * time.Second

// loop decides, in one goroutine, what to send and when to talk to the outbox.
// Sends and exchanges run in goroutines of their own and report back by channel,
// so the pace never waits for the database. Those goroutines stay: a new one
// for each send would spend its time making its stack grow.
type loop struct {
	Config
	wake      <-chan struct{}
	exchanges exchanges
	verbose   bool // parts that were sent are logged

	base     context.Context // without cancellation
	work     context.Context // of sends and exchanges: ends when Grace has passed
	endWork  context.CancelFunc
	running  sync.WaitGroup
	items    chan *item // to workers
	attempts chan attempt
	requests chan request
	answers  chan answer

	held     held
	workers  int // goroutines that send
	inFlight int
	outage   outage
	refused  *Failure // of kind Auth: the end

	results   []Result  // to be recorded
	oldest    time.Time // when the first of results came
	recording int       // results of the exchange under way
	talking   bool      // an exchange is under way
	failures  int       // of exchanges, in a row: while there are any, nothing is sent
	retryAt   time.Time // when failures > 0
	due       time.Time // when to claim next; zero: not before the exchange under way has ended

	alarm time.Time // when the loop has to look again
	armed time.Time // when the timer fires
}

// attempt is a send that ended.
type attempt struct {
	*item
	receipt Receipt
	failure *Failure
	cut     bool // it ended because Grace had passed
}

func newLoop(ctx context.Context, d *Dispatcher) *loop {
	c := d.config
	l := &loop{
		Config:    c,
		wake:      d.wake,
		exchanges: exchanges{platform: c.Platform, outbox: c.Outbox},
		base:      context.WithoutCancel(ctx),
		items:     make(chan *item, c.Workers),
		attempts:  make(chan attempt, c.Workers),
		requests:  make(chan request, 1),
		answers:   make(chan answer, 1),
		due:       c.Now(),
	}
	l.work, l.endWork = context.WithCancel(l.base)
	l.verbose = c.Log.Enabled(ctx, slog.LevelDebug)
	return l
}

func (l *loop) run(ctx context.Context) error {
	defer l.running.Wait()
	defer l.endWork()
	defer close(l.items)
	defer close(l.requests)
	l.running.Go(l.serve)
	timer := time.NewTimer(pollAfter)
	defer timer.Stop()
	l.armed = l.Now().Add(pollAfter)
	for ctx.Err() == nil && l.refused == nil {
		now := l.Now()
		l.alarm = now.Add(pollAfter)
		l.start()
		l.talk()
		if l.alarm.Before(l.armed) {
			l.armed = l.alarm
			timer.Reset(l.alarm.Sub(now))
		}
		select {
		case <-ctx.Done():
		case <-timer.C:
			l.armed = l.Now().Add(pollAfter)
			timer.Reset(pollAfter)
		case <-l.wake:
			l.due = l.Now()
		case a := <-l.attempts:
			l.conclude(a)
		case a := <-l.answers:
			l.hear(a)
		}
	}
	return l.end()
}

// at has the loop look again at the given time.
func (l *loop) at(t time.Time) {
	if t.Before(l.alarm) {
		l.alarm = t
	}
}

// start sends whatever may be sent now.
func (l *loop) start() {
	for l.held.len() > 0 && l.mayStart() {
		first := l.held.first()
		if first.from.After(l.Now()) {
			l.at(first.from)
			return
		}
		slot, bot, only := l.Budget.take(first.Destination)
		switch {
		case !bot.IsZero():
			l.at(bot)
			return
		case only.IsZero():
			it := l.held.pop()
			it.slot = slot
			l.send(it)
		case only.Sub(l.Now()) > patience:
			r := untouched(l.held.pop().Delivery)
			r.NextAttempt = only
			l.record(r)
		default:
			l.held.postpone(only)
		}
	}
}

// mayStart says whether anything may be sent at all.
func (l *loop) mayStart() bool {
	if gate := l.gate(); gate.After(l.Now()) {
		l.at(gate)
		if gate.Sub(l.Now()) > patience {
			l.release()
		}
		return false
	}
	workers := l.Workers
	if l.outage.down() {
		workers = 1
	}
	inDoubt := l.inFlight + l.recording + len(l.results)
	return l.failures == 0 && l.inFlight < workers && inDoubt < l.Workers
}

// gate is until when the platform takes nothing from the bot.
func (l *loop) gate() time.Time { return later(l.Budget.Paused(), l.outage.until) }

// release queues again, untouched, all that is held.
func (l *loop) release() {
	for l.held.len() > 0 {
		l.record(untouched(l.held.pop().Delivery))
	}
}

// send has a worker make one attempt.
func (l *loop) send(it *item) {
	if it.Part >= len(it.parts) {
		l.settle(attempt{item: it, failure: &Failure{
			Kind: Rejected,
			Err:  fmt.Errorf("rendering %d has no part %d", it.Rendering, it.Part),
		}})
		return
	}
	l.inFlight++
	if l.inFlight > l.workers {
		l.workers++
		l.running.Go(l.labour)
	}
	l.items <- it
}

// labour makes attempts, one after the other, until the loop ends.
func (l *loop) labour() {
	limit := limit{work: l.work}
	for it := range l.items {
		a := attempt{item: it}
		a.receipt, a.failure = l.try(limit.begin(), it)
		limit.end()
		l.Budget.answered(it.slot, l.Now(), a.failure)
		a.cut = l.work.Err() != nil
		l.attempts <- a
	}
}

// serve talks to the outbox until the loop ends.
func (l *loop) serve() {
	for r := range l.requests {
		l.answers <- l.exchanges.do(l.work, r)
	}
}

// try is Sender.Send with its errors, and a panic, made Failures.
func (l *loop) try(ctx context.Context, it *item) (receipt Receipt, failure *Failure) {
	defer func() {
		if p := recover(); p != nil {
			l.Log.LogAttrs(ctx, slog.LevelError, "sender panicked; the message counts as in doubt. Report it with this stack",
				slog.Int64("delivery", it.ID), slog.Any("panic", p), slog.String("stack", string(debug.Stack())))
			failure = &Failure{Kind: Transient, Doubt: true, Err: fmt.Errorf("panic: %v", p)}
		}
	}()
	receipt, err := l.Sender.Send(ctx, Message{
		To:     it.Destination,
		Part:   it.parts[it.Part],
		Key:    Key(it.ID, it.Part),
		Manner: it.Manner,
		First:  it.Part == 0,
		Last:   it.Part == len(it.parts)-1,
	})
	if err != nil {
		return "", FailureOf(err)
	}
	return receipt, nil
}

// conclude takes in the end of an attempt.
func (l *loop) conclude(a attempt) {
	l.inFlight--
	if a.cut && a.failure != nil && transient(a.failure) && !a.failure.Doubt {
		// It ended because the process does, and did not arrive.
		l.record(untouched(a.Delivery))
		return
	}
	l.outage.observe(a.Delivery, a.failure, l.Now())
	l.settle(a)
}

// settle decides what becomes of a delivery and passes on what it means for
// others.
func (l *loop) settle(a attempt) {
	now := l.Now()
	r := settle(a.Delivery, outcome{
		receipt:      a.receipt,
		failure:      a.failure,
		parts:        len(a.parts),
		platformDown: l.outage.down(),
	}, l.Doubt, l.GiveUpAfter, now, l.Random())
	l.record(r)
	if f := a.failure; f != nil {
		switch f.Kind {
		case RateLimited:
			l.Budget.Limited(a.Destination, r.NextAttempt.Sub(now), f.Everywhere)
		case Auth:
			l.refused = f
		}
	}
	l.tellOfLoss(a, r)
	l.report(a, r)
}

// tellOfLoss tells of a destination that is lost, but not of each attempt at it.
func (l *loop) tellOfLoss(a attempt, r Result) {
	if l.Lost == nil || r.Kind != AccessLost || r.Refusals == nil || *r.Refusals > 1 && !r.Deactivate {
		return
	}
	l.Lost(Loss{
		Subscription: r.Subscription,
		Destination:  a.Destination,
		Refusals:     *r.Refusals,
		GivenUp:      r.Deactivate,
	})
}

// report logs what an operator may want to know of.
func (l *loop) report(a attempt, r Result) {
	if a.failure == nil && !l.verbose {
		return
	}
	attrs := []slog.Attr{
		slog.Int64("delivery", r.Delivery), slog.Int("part", a.Part),
		slog.String("chat", a.Destination.Chat), slog.String("thread", a.Destination.Thread),
	}
	if a.failure == nil {
		l.Log.LogAttrs(l.base, slog.LevelDebug, "part sent", append(attrs, slog.String("receipt", string(a.receipt)))...)
		return
	}
	attrs = append(attrs,
		slog.String("kind", string(r.Kind)), slog.String("state", string(r.State)),
		slog.Int("attempts", r.Attempts), slog.Int("doubts", r.Doubts), slog.Time("next", r.NextAttempt),
		slog.Bool("everywhere", a.failure.Everywhere), slog.String("error", r.Reason))
	l.Log.LogAttrs(l.base, severity(r), "part not sent", attrs...)
}

// severity is how much a failure's result concerns an operator.
func severity(r Result) slog.Level {
	switch {
	case r.Kind == Rejected, r.Kind == Auth:
		return slog.LevelError
	case r.Kind == RateLimited, r.Kind == AccessLost, r.State == Failed && !r.Deactivate:
		return slog.LevelWarn
	case r.Kind == Moved, r.State == Failed:
		return slog.LevelInfo
	}
	return slog.LevelDebug
}
