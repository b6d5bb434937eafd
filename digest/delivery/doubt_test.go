// What a crash leaves in doubt, under each policy.

package delivery

import (
	"context"
	"testing"
	"testing/synctest"
	"time"
)

// TestCrashUnderPreferLoss: nothing comes twice, and what is given up was
// claimed when the process died, no more than Config.Batch says.
func TestCrashUnderPreferLoss(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		l, s := newLedger(), &chats{latency: 250 * time.Millisecond}
		l.slow = 15 * time.Millisecond
		l.queue(1, 2, names(300)...)
		config := func() Config {
			c := testConfig(l, s)
			c.Workers, c.Doubt = 8, PreferLoss
			c.Budget = NewBudget(Pace{PerSecond: 29.7, PerChat: telegram}, nil)
			return c
		}
		const crashes = 4
		for range crashes {
			_, stop := start(t, config())
			time.Sleep(2345 * time.Millisecond)
			l.crash(stop)
			l.reconnect()
		}
		_, stop := start(t, config())
		within(t, 10*time.Minute, "all ended", func() bool { return l.count(Sent)+l.count(Failed) == 300 })
		for key, n := range s.arrived() {
			if n > 1 {
				t.Errorf("%s arrived %d times", key, n)
			}
		}
		if lost := l.count(Failed); lost == 0 || lost > crashes*2*8 {
			t.Errorf("%d were given up", lost)
		}
		for _, r := range l.rows {
			if r.state == Failed && (r.kind != Transient || r.reason == "") {
				t.Errorf("delivery %d failed as %q for %q", r.ID, r.kind, r.reason)
			}
		}
		must(t, stop())
	})
}

// TestCrashThenDoubt: a crash uses up no repetition, since what it interrupts
// may not have been sent at all.
func TestCrashThenDoubt(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		l, s := newLedger(), &chats{}
		s.answer = func(_ context.Context, n int, _ call) error {
			if n == 0 {
				return &Failure{Kind: Transient, Doubt: true, Err: errSend}
			}
			return nil
		}
		l.queue(1, 1, "a")
		for range 3 {
			_, err := l.connect().Exchange(t.Context(), platform, nil, time.Now(), 1)
			must(t, err)
			l.reconnect()
		}
		_, stop := start(t, testConfig(l, s))
		within(t, time.Minute, "sent", allSent(l))
		must(t, stop())
	})
}
