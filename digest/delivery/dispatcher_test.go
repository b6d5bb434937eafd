package delivery

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/strillone/strillone/digest"
)

var errSend = errors.New("refused")

func TestPartsGoInOrder(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		l, s := newLedger(), &chats{latency: 50 * time.Millisecond}
		id := l.queue(1, 4, "a")
		_, stop := start(t, testConfig(l, s))
		within(t, 2*time.Second, "sent", allSent(l))
		for i, c := range s.seen() {
			if want := fmt.Sprintf("1/%d", i); c.part != want || c.key != Key(id, i) {
				t.Errorf("call %d: part %s, key %s", i, c.part, c.key)
			}
		}
		if r := l.row(id); len(r.receipts) != 4 || r.Part != 4 {
			t.Errorf("%+v", r)
		}
		must(t, stop())
	})
}

func TestReceiptIsRecordedAtOnceWhenIdle(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		l, s := newLedger(), &chats{latency: 50 * time.Millisecond}
		d, stop := start(t, testConfig(l, s))
		time.Sleep(30 * time.Second)
		l.queue(1, 1, "a")
		d.Wake()
		if took := within(t, time.Second, "sent", allSent(l)); took > 60*time.Millisecond {
			t.Errorf("took %s", took)
		}
		must(t, stop())
	})
}

func TestQueuedWithoutWakeIsFound(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		l, s := newLedger(), &chats{}
		_, stop := start(t, testConfig(l, s))
		time.Sleep(time.Second)
		l.queue(1, 1, "a")
		within(t, pollAfter+time.Second, "sent", allSent(l))
		if n := l.asked(); n > 5 {
			t.Errorf("%d exchanges", n)
		}
		must(t, stop())
	})
}

func TestChatLimitHoldsUpThatChatOnly(t *testing.T) {
	for _, wait := range []time.Duration{2 * time.Second, time.Hour} {
		synctest.Test(t, func(t *testing.T) {
			l := newLedger()
			s := &chats{latency: 100 * time.Millisecond}
			s.answer = func(_ context.Context, _ int, c call) error {
				if c.chat == "chat3" && time.Since(bubble) < wait {
					return &Failure{Kind: RateLimited, RetryAfter: wait, Err: errSend}
				}
				return nil
			}
			l.queue(1, 1, names(500)...)
			again := l.queue(2, 1, "chat3") // the same chat has another one
			c := testConfig(l, s)
			c.Workers = 2
			c.Budget = NewBudget(Pace{PerSecond: 30, PerChat: telegram}, nil)
			_, stop := start(t, c)
			within(t, 30*time.Second, "all but the limited chat's", func() bool { return l.count(Sent) >= len(l.rows)-2 })
			time.Sleep(time.Second)
			if n := l.count(Sending); wait > patience && n > 0 {
				t.Errorf("%d stay claimed in a long wait", n)
			}
			within(t, wait+5*time.Second, "the limited chat's too", allSent(l))
			var limited []call
			for _, c := range s.seen() {
				if c.chat == "chat3" {
					limited = append(limited, c)
				}
			}
			if len(limited) != 3 {
				t.Fatalf("%d calls to the limited chat", len(limited))
			}
			if gap := limited[1].at.Sub(limited[0].at); gap < wait {
				t.Errorf("called again after %s, told to wait %s", gap, wait)
			}
			if r := l.row(4); r.Attempts != 0 {
				t.Errorf("%d attempts counted", r.Attempts)
			}
			if r := l.row(again); r.Attempts != 0 {
				t.Errorf("%d attempts counted", r.Attempts)
			}
			must(t, stop())
		})
	}
}

// bubble is when time begins in a bubble.
var bubble = time.Date(2000, 1, 1, 0, 0, 0, 0, time.UTC)

func TestEverywhereLimitHoldsUpEverything(t *testing.T) {
	for _, wait := range []time.Duration{2 * time.Second, time.Hour} {
		synctest.Test(t, func(t *testing.T) {
			l, s := newLedger(), &chats{latency: 20 * time.Millisecond}
			var told time.Time
			s.answer = func(_ context.Context, n int, _ call) error {
				if n == 100 {
					told = time.Now()
					return &Failure{Kind: RateLimited, RetryAfter: wait, Everywhere: true, Err: errSend}
				}
				return nil
			}
			l.queue(1, 1, names(300)...)
			c := testConfig(l, s)
			c.Budget = NewBudget(Pace{PerSecond: 30}, nil)
			_, stop := start(t, c)
			if wait > patience {
				within(t, time.Minute, "the limit", func() bool { return len(s.seen()) > 100 })
				time.Sleep(time.Minute)
				if n := l.count(Sending); n > 0 {
					t.Errorf("%d stay claimed in a long wait", n)
				}
			}
			within(t, wait+time.Minute, "all sent", allSent(l))
			for _, c := range s.seen() {
				if c.at.After(told) && c.at.Before(told.Add(wait)) {
					t.Fatalf("called %s into the wait of %s", c.at.Sub(told), wait)
				}
			}
			if calls := s.seen(); !calls[101].at.Equal(told.Add(wait)) {
				t.Errorf("went on %s after the wait", calls[101].at.Sub(told.Add(wait)))
			}
			if n := l.asked(); n > 330 { // one for each, and no asking in the wait
				t.Errorf("%d exchanges", n)
			}
			must(t, stop())
		})
	}
}

func TestSlowDestinationHoldsUpNobody(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		l, s := newLedger(), &chats{}
		s.answer = func(ctx context.Context, _ int, c call) error {
			if c.chat == "chat0" {
				<-ctx.Done() // until the last resort's time-out
				return &Failure{Kind: Transient, Doubt: true, Err: ctx.Err()}
			}
			return nil
		}
		l.queue(1, 1, names(100)...)
		_, stop := start(t, testConfig(l, s))
		within(t, time.Second, "all others sent", func() bool { return l.count(Sent) == 99 })
		within(t, 3*time.Minute, "the slow one given up", func() bool { return l.count(Failed) == 1 })
		if r := l.row(1); r.Doubts != 2 {
			t.Errorf("%d doubts", r.Doubts)
		}
		must(t, stop())
	})
}

// Chats that are refused for a reason nobody knows hold up nobody else.
func TestUnknownRefusalsHoldUpNobody(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		const refused, n = 20, 200
		bad := make(map[string]bool)
		for _, name := range names(refused) {
			bad[name] = true
		}
		l, s := newLedger(), &chats{latency: 50 * time.Millisecond}
		s.answer = func(_ context.Context, _ int, c call) error {
			if bad[c.chat] {
				return &Failure{Kind: Transient, Answered: true, Err: errSend}
			}
			return nil
		}
		l.queue(1, 1, names(n)...)
		_, stop := start(t, testConfig(l, s))
		within(t, 3*time.Second, "all others sent", func() bool { return l.count(Sent) == n-refused })
		must(t, stop())
	})
}

func TestFailuresOfEachKind(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		l, s := newLedger(), &chats{}
		moved := to("-100chat4")
		s.answer = func(_ context.Context, n int, c call) error {
			switch c.chat {
			case "chat0":
				return &Failure{Kind: Gone, Err: errSend}
			case "chat1":
				return &Failure{Kind: AccessLost, Err: errSend}
			case "chat2":
				return &Failure{Kind: Rejected, Err: errSend}
			case "chat3":
				return errSend // transient, for ever
			case "chat4":
				return &Failure{Kind: Moved, MovedTo: &moved, Err: errSend}
			case "chat5":
				return &Failure{Kind: Moved, MovedTo: &digest.Destination{Platform: platform, Chat: "chat5"}, Err: errSend}
			}
			return nil
		}
		l.queue(1, 1, names(7)...)
		l.queue(99, 0, "empty")
		_, stop := start(t, testConfig(l, s))
		within(t, 2*time.Hour, "all settled", func() bool { return l.count(Sent)+l.count(Failed) == len(l.rows) })
		for id, want := range []struct {
			state State
			kind  Kind
			ended bool
		}{
			{Failed, Gone, true},
			{Failed, AccessLost, false},
			{Failed, Rejected, false},
			{Failed, Transient, false},
			{Sent, "", false},
			{Failed, Moved, false},
			{Sent, "", false},
			{Failed, Rejected, false}, // a rendering of no parts
		} {
			r := l.row(int64(id + 1))
			if r.state != want.state || r.kind != want.kind || l.ended[r.ID] != want.ended {
				t.Errorf("%s: %s, %s %q, ended %v", r.Destination.Chat, r.state, r.kind, r.reason, l.ended[r.ID])
			}
		}
		if got := l.row(5).Destination; got != moved {
			t.Errorf("moved to %v", got)
		}
		calls := make(map[string]int)
		for _, c := range s.seen() {
			calls[c.chat]++
		}
		if calls["chat3"] != maxAttempts || calls["chat5"] != 4 || calls["chat0"] != 1 {
			t.Errorf("calls: %v", calls)
		}
		must(t, stop())
	})
}

func TestDoubtPolicies(t *testing.T) {
	for _, c := range []struct {
		policy   DoubtPolicy
		doubts   int // sends that arrive without an answer
		arrivals int
		state    State
	}{
		{PreferDuplicate, 1, 2, Sent},
		{PreferDuplicate, 2, 2, Failed},
		{PreferLoss, 1, 1, Failed},
	} {
		synctest.Test(t, func(t *testing.T) {
			l, s := newLedger(), &chats{}
			s.answer = func(_ context.Context, n int, _ call) error {
				if n < c.doubts {
					return &Failure{Kind: Transient, Doubt: true, Err: errArrived}
				}
				return nil
			}
			id := l.queue(1, 1, "a")
			config := testConfig(l, s)
			config.Doubt = c.policy
			_, stop := start(t, config)
			time.Sleep(time.Hour)
			if r := l.row(id); r.state != c.state || s.arrived()[Key(id, 0)] != c.arrivals {
				t.Errorf("%s, %d doubts: %s, arrived %d times", c.policy, c.doubts, r.state, s.arrived()[Key(id, 0)])
			} else if r.state == Failed && !strings.HasPrefix(r.reason, "may have arrived") {
				t.Errorf("reason %q", r.reason)
			}
			must(t, stop())
		})
	}
}

func TestSenderPanics(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		l, s := newLedger(), &chats{}
		s.answer = func(_ context.Context, n int, c call) error {
			if c.chat == "chat1" {
				panic("a bug")
			}
			return nil
		}
		l.queue(1, 1, names(3)...)
		_, stop := start(t, testConfig(l, s))
		time.Sleep(time.Minute)
		if l.count(Sent) != 2 || l.row(2).state != Failed || l.row(2).Doubts != 2 {
			t.Errorf("%d sent, %+v", l.count(Sent), l.row(2))
		}
		must(t, stop())
	})
}

// TestDatabaseDown has exchanges fail in the middle of a broadcast.
func TestDatabaseDown(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		l, s := newLedger(), &chats{latency: 200 * time.Millisecond}
		l.queue(1, 2, names(200)...)
		c := testConfig(l, s)
		c.Budget = NewBudget(Pace{PerSecond: 29.7, PerChat: telegram}, nil)
		_, stop := start(t, c)
		time.Sleep(3 * time.Second)
		l.fail(10)
		time.Sleep(time.Minute)
		l.mu.Lock()
		first, last := l.failed[0], l.failed[len(l.failed)-1]
		l.mu.Unlock()
		if last.Sub(first) < 30*time.Second {
			t.Errorf("gave up or retried too soon: failures from %s to %s", first, last)
		}
		for _, c := range s.seen() {
			if c.at.After(first) && c.at.Before(last) {
				t.Fatalf("sent at %s although nothing can be recorded since %s", c.at, first)
			}
		}
		within(t, 5*time.Minute, "all sent", allSent(l))
		for key, n := range s.arrived() {
			if n != 1 {
				t.Errorf("%s arrived %d times", key, n)
			}
		}
		must(t, stop())
	})
}

func TestUnreadableRenderingHoldsUpItsOwnOnly(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		l, s := newLedger(), &chats{}
		broken := l.queue(1, 1, "a")
		l.queue(2, 1, names(50)...)
		l.unread[1] = true
		_, stop := start(t, testConfig(l, s))
		within(t, time.Second, "the others sent", func() bool { return l.count(Sent) == 50 })
		time.Sleep(10 * time.Minute)
		if n := l.asked(); n > 40 {
			t.Errorf("%d exchanges", n)
		}
		l.mu.Lock()
		l.unread[1] = false
		l.mu.Unlock()
		within(t, 2*time.Minute, "all sent", allSent(l))
		if r := l.row(broken); r.Attempts != 0 {
			t.Errorf("%d attempts", r.Attempts)
		}
		must(t, stop())
	})
}

func TestPlatformDown(t *testing.T) {
	for _, c := range []struct {
		pace  float64
		begin time.Duration
		doubt bool
	}{
		{29.7, 10 * time.Second, false},
		{29.7, 10 * time.Second, true},
		{0, 0, false},
		{0, 0, true},
	} {
		synctest.Test(t, func(t *testing.T) {
			const n, outage = 3000, time.Hour
			l, s := newLedger(), &chats{latency: 100 * time.Millisecond}
			s.answer = func(context.Context, int, call) error {
				if since := time.Since(bubble); since >= c.begin && since < c.begin+outage {
					return &Failure{Kind: Transient, Doubt: c.doubt, Err: errSend}
				}
				return nil
			}
			l.queue(1, 1, names(n)...)
			config := testConfig(l, s)
			config.Budget = NewBudget(Pace{PerSecond: c.pace}, nil)
			_, stop := start(t, config)
			within(t, outage+10*time.Minute, "all settled", func() bool { return l.count(Sent)+l.count(Failed) == n })
			failed, calls := l.count(Failed), len(s.seen())
			t.Logf("%+v: %d calls, %d failed", c, calls, failed)
			// What was under way as it began, one probe a minute, and a few
			// before they are that far apart.
			if failed > 0 || calls > n+16+60+12 {
				t.Errorf("%d failed, %d calls", failed, calls)
			}
			must(t, stop())
		})
	}
}
