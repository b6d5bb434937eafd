package delivery

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"pgregory.net/rapid"
)

// crash ends a process as a power cut does: nothing it has not recorded by now
// ever will be. It returns when its goroutines have ended, which those of the
// test have to.
func (l *ledger) crash(stop func() error) {
	l.mu.Lock()
	l.epoch++
	l.mu.Unlock()
	_ = stop() // the results it couldn't record are what the test is about
}

// unrecorded are the keys of messages that arrived although the ledger doesn't
// know.
func (l *ledger) unrecorded(s *chats) []string {
	arrived := s.arrived()
	l.mu.Lock()
	defer l.mu.Unlock()
	var keys []string
	for _, r := range l.rows {
		if key := Key(r.ID, len(r.receipts)); r.state == Sending && arrived[key] > 0 {
			keys = append(keys, key)
		}
	}
	return keys
}

func TestCrashLosesNothing(t *testing.T) {
	paced, unpaced := Pace{PerSecond: 29.7, PerChat: telegram}, Pace{}
	for _, c := range []struct {
		after, slow, latency time.Duration
		pace                 Pace
	}{
		{100 * time.Millisecond, 15 * time.Millisecond, 250 * time.Millisecond, paced},
		{1234 * time.Millisecond, 15 * time.Millisecond, 250 * time.Millisecond, paced},
		{3 * time.Second, 0, 250 * time.Millisecond, paced},
		{7777 * time.Millisecond, 15 * time.Millisecond, 250 * time.Millisecond, paced},
		{8 * time.Second, 3 * time.Second, 250 * time.Millisecond, paced}, // a database in trouble
		{11 * time.Second, 3 * time.Second, 250 * time.Millisecond, paced},
		// As fast as it goes: the platform slower than the database, and faster.
		{123 * time.Millisecond, 2 * time.Millisecond, 20 * time.Millisecond, unpaced},
		{456 * time.Millisecond, 2 * time.Millisecond, 20 * time.Millisecond, unpaced},
		{123 * time.Millisecond, 15 * time.Millisecond, time.Millisecond, unpaced},
		{456 * time.Millisecond, 15 * time.Millisecond, time.Millisecond, unpaced},
	} {
		synctest.Test(t, func(t *testing.T) {
			l, s := newLedger(), &chats{latency: c.latency}
			l.slow = c.slow
			l.queue(1, 2, names(300)...)
			config := func() Config {
				config := testConfig(l, s)
				config.Workers = 8
				config.Budget = NewBudget(c.pace, nil)
				return config
			}
			_, stop := start(t, config())
			time.Sleep(c.after)
			l.crash(stop)
			doubtful := len(l.unrecorded(s))
			if doubtful > 8 {
				t.Errorf("%d arrived without a record, with 8 workers", doubtful)
			}
			if done := l.count(Sent); done == 300 || c.pace.PerSecond == 0 && len(s.arrived()) == 0 {
				t.Errorf("%d of 300 were sent when it crashed", done)
			}
			if _, err := l.connect().Recover(t.Context()); err != nil {
				t.Error(err)
			}
			_, stop = start(t, config())
			within(t, 10*time.Minute, "all sent", allSent(l))
			twice := 0
			for key, n := range s.arrived() {
				if n > 2 {
					t.Errorf("%s arrived %d times", key, n)
				}
				twice += n - 1
			}
			if twice != doubtful {
				t.Errorf("%d came twice, %d were in doubt", twice, doubtful)
			}
			if got := len(s.arrived()); got != 600 {
				t.Errorf("%d messages arrived", got)
			}
			must(t, stop())
		})
	}
}

// storm is a random course of events, drawn before time begins.
type storm struct {
	seed                   uint64
	deliveries, parts      int
	workers, batch, chats  int
	faults, broken, crash  float64 // how likely a send fails, an exchange fails, a stop is a crash
	stops                  []time.Duration
	perSecond              float64
	latency, slowExchanges time.Duration
	doubt                  DoubtPolicy
}

func drawStorm(t *rapid.T) storm {
	return storm{
		seed:       rapid.Uint64().Draw(t, "seed"),
		deliveries: rapid.IntRange(1, 60).Draw(t, "deliveries"),
		parts:      rapid.IntRange(1, 3).Draw(t, "parts"),
		workers:    rapid.IntRange(1, 6).Draw(t, "workers"),
		batch:      rapid.IntRange(1, 40).Draw(t, "batch"),
		chats:      rapid.IntRange(1, 60).Draw(t, "chats"),
		faults:     rapid.Float64Range(0, 0.7).Draw(t, "faults"),
		broken:     rapid.Float64Range(0, 0.5).Draw(t, "broken"),
		crash:      rapid.Float64Range(0, 1).Draw(t, "crash"),
		stops: rapid.SliceOfN(rapid.Custom(func(t *rapid.T) time.Duration {
			return time.Duration(rapid.Int64Range(0, int64(20*time.Second)).Draw(t, "stop"))
		}), 0, 4).Draw(t, "stops"),
		perSecond:     rapid.SampledFrom([]float64{0, 5, 29.7}).Draw(t, "perSecond"),
		latency:       time.Duration(rapid.Int64Range(0, int64(2*time.Second)).Draw(t, "latency")),
		slowExchanges: time.Duration(rapid.Int64Range(0, int64(time.Second)).Draw(t, "slowExchanges")),
		doubt:         rapid.SampledFrom([]DoubtPolicy{PreferDuplicate, PreferLoss}).Draw(t, "doubt"),
	}
}

// quiet is a wait that the platform asked for.
type quiet struct{ since, until time.Time }

// weather is a storm as it goes on, with what the platform remembers of it.
type weather struct {
	storm
	ledger  *ledger
	chats   *chats
	dice    sync.Mutex
	random  *rand.Rand
	told    map[string][]Failure // by key, what it was answered
	quiet   map[string]quiet     // the chats, and "" for all, that must not be called
	allowed map[string]int       // by key, how often it may have come beyond once
	faults  []error              // what is wrong
}

func (w *weather) wrong(format string, args ...any) {
	w.faults = append(w.faults, fmt.Errorf(format, args...))
}

// answer is the platform's. It is called with no lock, from many goroutines, so
// it takes the Sender's.
func (w *weather) answer(_ context.Context, _ int, c call) error {
	w.chats.mu.Lock()
	defer w.chats.mu.Unlock()
	for _, who := range []string{"", c.chat} {
		if q := w.quiet[who]; c.at.After(q.since) && c.at.Before(q.until) {
			w.wrong("%s called %s before its wait was over", c.chat, q.until.Sub(c.at))
		}
	}
	if w.roll() >= w.storm.faults {
		return nil
	}
	f := w.draw(c)
	if f.Kind == Transient && f.RetryAfter == -1 {
		w.tell(c, Failure{Kind: Transient, Doubt: true})
		panic("a bug")
	}
	w.tell(c, *f)
	return f
}

func (w *weather) tell(c call, f Failure) {
	w.told[c.key] = append(w.told[c.key], f)
	if f.Doubt && errors.Is(f.Err, errArrived) {
		w.allowed[c.key]++
	}
	if f.Kind == RateLimited {
		who := c.chat
		if f.Everywhere {
			who = ""
		}
		now := time.Now()
		w.quiet[who] = quiet{now, later(w.quiet[who].until, now.Add(f.RetryAfter))}
	}
}

func (w *weather) draw(c call) *Failure {
	wait := time.Duration(1+20*w.roll()) * time.Second
	switch n := int(40 * w.roll()); {
	case n < 10:
		return &Failure{Kind: Transient, Err: errSend}
	case n < 14:
		return &Failure{Kind: Transient, Doubt: true, Err: errArrived}
	case n < 18:
		return &Failure{Kind: Transient, Doubt: true, Err: errSend}
	case n < 19:
		return &Failure{Kind: Transient, RetryAfter: -1} // panic
	case n < 28:
		return &Failure{Kind: RateLimited, RetryAfter: wait, Err: errSend}
	case n < 31:
		return &Failure{Kind: RateLimited, RetryAfter: wait, Everywhere: true, Err: errSend}
	case n < 33:
		return &Failure{Kind: Gone, Err: errSend}
	case n < 35:
		return &Failure{Kind: AccessLost, Err: errSend}
	case n < 37:
		return &Failure{Kind: Rejected, Err: errSend}
	default:
		moved := to(c.chat + "'")
		return &Failure{Kind: Moved, MovedTo: &moved, Err: errSend}
	}
}

// TestStorm: whatever happens, every delivery ends Sent or Failed, for a reason
// that was given; every part of a Sent one arrived; and nothing came twice but
// what was in doubt.
func TestStorm(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		w := &weather{storm: drawStorm(rt), told: make(map[string][]Failure), quiet: make(map[string]quiet), allowed: make(map[string]int)}
		synctest.Test(t, func(t *testing.T) { w.run(t) })
		if err := errors.Join(w.faults...); err != nil {
			rt.Fatalf("%v", err)
		}
	})
}

func (w *weather) run(t *testing.T) {
	w.random = rand.New(rand.NewPCG(w.seed, 1))
	w.chats = &chats{latency: w.latency, answer: w.answer}
	w.ledger = newLedger()
	w.ledger.slow = w.slowExchanges
	w.ledger.broken = func() bool { return w.roll() < w.storm.broken }
	var list []string
	for i := range w.deliveries {
		list = append(list, fmt.Sprintf("chat%d", i%w.storm.chats))
	}
	w.ledger.queue(1, w.parts, list...)

	for _, until := range w.stops {
		stop := w.start(t)
		time.Sleep(until)
		if w.roll() < w.crash {
			w.crashed(stop)
		} else if err := stop(); err != nil {
			// The database was down to the end; that comes to the same.
			w.crashed(func() error { return nil })
		}
		w.ledger.reconnect()
		w.forget()
	}
	w.settleDown()
	stop := w.start(t)
	settled := func() bool { return w.ledger.count(Sent)+w.ledger.count(Failed) == w.deliveries }
	for begin := time.Now(); !settled() && time.Since(begin) < 24*time.Hour; {
		time.Sleep(5 * time.Second)
	}
	if !settled() {
		w.wrong("after a day %d are queued, %d sending", w.ledger.count(Queued), w.ledger.count(Sending))
	}
	if err := stop(); err != nil {
		w.wrong("stop: %w", err)
	}
	w.check()
}

// roll is a random number in [0, 1).
func (w *weather) roll() float64 {
	w.dice.Lock()
	defer w.dice.Unlock()
	return w.random.Float64()
}

// settleDown lets the database be up for good, so that the end is reached.
func (w *weather) settleDown() {
	w.ledger.mu.Lock()
	defer w.ledger.mu.Unlock()
	w.ledger.broken = nil
}

func (w *weather) start(t *testing.T) func() error {
	c := testConfig(w.ledger, w.chats)
	c.Workers, c.Batch, c.Doubt = w.workers, w.batch, w.doubt
	c.Budget = NewBudget(Pace{PerSecond: w.perSecond, PerChat: telegram}, nil)
	_, stop := start(t, c)
	return stop
}

// crashed ends the process hard and notes what may come twice for it: what
// arrived and isn't recorded.
func (w *weather) crashed(stop func() error) {
	w.ledger.crash(stop)
	doubtful := w.ledger.unrecorded(w.chats)
	w.chats.mu.Lock()
	defer w.chats.mu.Unlock()
	if len(doubtful) > w.workers+len(w.allowed) {
		w.wrong("%d arrived without a record, with %d workers", len(doubtful), w.workers)
	}
	for _, key := range doubtful {
		w.allowed[key]++
	}
}

// forget drops the waits that the platform asked for, as a new process does.
func (w *weather) forget() {
	w.chats.mu.Lock()
	defer w.chats.mu.Unlock()
	clear(w.quiet)
}

func (w *weather) check() {
	if w.ledger.most > w.batch {
		w.wrong("%d claimed at once, %d allowed", w.ledger.most, w.batch)
	}
	if w.chats.most > w.workers {
		w.wrong("%d sends at once, %d allowed", w.chats.most, w.workers)
	}
	arrived := w.chats.arrived()
	for key, n := range arrived {
		if n > 1+w.allowed[key] {
			w.wrong("%s arrived %d times, %d allowed", key, n, 1+w.allowed[key])
		}
		if n > 1 && w.doubt == PreferLoss {
			w.wrong("%s arrived %d times, though losing is preferred", key, n)
		}
	}
	for _, r := range w.ledger.rows {
		switch r.state {
		case Failed:
			w.checkFailed(r)
		case Sent:
			for part := range w.parts {
				if arrived[Key(r.ID, part)] == 0 {
					w.wrong("delivery %d is sent, part %d never arrived", r.ID, part)
				}
			}
			if len(r.receipts) != w.parts {
				w.wrong("delivery %d has %d receipts", r.ID, len(r.receipts))
			}
		}
	}
}

// checkFailed holds a failed delivery against what the platform said of it.
func (w *weather) checkFailed(r *row) {
	told := w.told[Key(r.ID, r.Part)]
	var attempts, doubts, moves int
	last := Kind("")
	for _, f := range told {
		switch last = f.Kind; {
		case f.Kind == Moved:
			moves++
		case f.Doubt:
			doubts++
			attempts++
		case f.Kind == Transient:
			attempts++
		}
	}
	switch {
	case r.crashes > 0 && w.doubt == PreferLoss && r.reason == abandoned(Delivery{}).Reason:
	case r.kind != last:
		w.wrong("delivery %d failed as %s, the last answer was %s", r.ID, r.kind, last)
	case r.kind == Moved && attempts+moves*moveAttempts < maxAttempts:
		w.wrong("delivery %d failed after %d moves, %d attempts", r.ID, moves, attempts)
	case r.kind == Transient && doubts == 0 && attempts+moves*moveAttempts < maxAttempts:
		w.wrong("delivery %d failed after %d attempts: %s", r.ID, attempts, r.reason)
	case r.kind == Transient && doubts == 1 && r.crashes == 0 && w.doubt == PreferDuplicate && attempts+moves*moveAttempts < maxAttempts:
		w.wrong("delivery %d failed after one doubt: %s", r.ID, r.reason)
	case r.kind == Gone && !w.ledger.ended[r.Subscription]:
		w.wrong("delivery %d is gone and its subscription goes on", r.ID)
	}
	for part := range r.Part {
		if len(r.receipts) <= part {
			w.wrong("delivery %d failed at part %d with %d receipts", r.ID, r.Part, len(r.receipts))
		}
	}
}
