package delivery

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"testing"
	"testing/synctest"
	"time"

	"github.com/strillone/strillone/digest"
)

// telegram is Telegram's pace.
func telegram(to digest.Destination) time.Duration {
	if to.Chat[0] == '-' {
		return 3 * time.Second
	}
	return time.Second
}

// mostInWindow is the greatest number of times in any half-open window.
func mostInWindow(times []time.Time, window time.Duration) int {
	most := 0
	for i, from := 0, 0; i < len(times); i++ {
		for times[i].Sub(times[from]) >= window {
			from++
		}
		most = max(most, i-from+1)
	}
	return most
}

func to(chat string) digest.Destination { return digest.Destination{Platform: platform, Chat: chat} }

// TestBudgetWindow takes slots with timers as late as a loaded machine's.
func TestBudgetWindow(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		b := NewBudget(Pace{PerSecond: 29.7}, nil)
		random := rand.New(rand.NewPCG(1, 2))
		var times []time.Time
		for i := 0; len(times) < 3000; i++ {
			bot, _ := b.take(to(fmt.Sprint(i)))
			if !bot.IsZero() {
				late := random.ExpFloat64() * float64(2*time.Millisecond)
				time.Sleep(time.Until(bot) + time.Duration(late))
				continue
			}
			times = append(times, time.Now())
		}
		if most := mostInWindow(times, time.Second); most > 30 {
			t.Errorf("%d in a second", most)
		}
		if rate := 2999 / times[2999].Sub(times[0]).Seconds(); rate < 29 {
			t.Errorf("only %.1f a second", rate)
		}
	})
}

func TestBudgetForgetsChats(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		b := NewBudget(Pace{PerChat: telegram}, nil)
		most := 0
		for i := range 100_000 {
			b.take(to(fmt.Sprint(i)))
			most = max(most, len(b.chats))
			time.Sleep(33 * time.Millisecond)
		}
		if most > leastSweep {
			t.Errorf("%d chats remembered", most)
		}
	})
}

func TestBudgetAnswersComeFirst(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		l, s := newLedger(), &chats{latency: 300 * time.Millisecond}
		l.queue(1, 1, names(3000)...)
		c := testConfig(l, s)
		c.Budget = NewBudget(Pace{PerSecond: 29.7, PerChat: telegram}, nil)
		_, stop := start(t, c)
		time.Sleep(5 * time.Second)
		for i := range 20 {
			asked := time.Now()
			if err := c.Budget.Wait(t.Context(), to(fmt.Sprintf("person%d", i))); err != nil {
				t.Error(err)
			}
			if waited := time.Since(asked); waited > 40*time.Millisecond {
				t.Errorf("an answer waited %s behind a broadcast", waited)
			}
		}
		must(t, stop())
	})
}

func TestBudgetWait(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		b := NewBudget(Pace{PerSecond: 10, PerChat: telegram}, nil)
		waits := func(chat string) time.Duration {
			asked := time.Now()
			must(t, b.Wait(t.Context(), to(chat)))
			return time.Since(asked).Round(100 * time.Millisecond)
		}
		if got := waits("a"); got != 0 {
			t.Errorf("first waited %s", got)
		}
		if got := waits("a"); got != time.Second {
			t.Errorf("second to the same chat waited %s", got)
		}
		b.Limited(to("a"), time.Minute, false)
		if got := waits("b"); got > 100*time.Millisecond {
			t.Errorf("another chat waited %s", got)
		}
		b.Limited(to("b"), 10*time.Second, true)
		if got := waits("c"); got != 10*time.Second {
			t.Errorf("waited %s in a pause", got)
		}
		// A pause that is called while one waits holds too.
		go func() {
			time.Sleep(500 * time.Millisecond)
			b.Limited(to("b"), 10*time.Second, true)
		}()
		if got := waits("c"); got != 10500*time.Millisecond {
			t.Errorf("waited %s in a pause called later", got)
		}
		slots := NewBudget(Pace{PerSecond: 1}, nil)
		must(t, slots.Wait(t.Context(), to("a")))
		go func() {
			time.Sleep(500 * time.Millisecond)
			slots.Limited(to("b"), 10*time.Second, true)
		}()
		asked := time.Now()
		must(t, slots.Wait(t.Context(), to("c")))
		if waited := time.Since(asked); waited != 10500*time.Millisecond {
			t.Errorf("waited %s for a slot in a pause called later", waited)
		}
		ctx, cancel := context.WithCancel(t.Context())
		time.AfterFunc(time.Second, cancel)
		b.Limited(to("b"), time.Hour, true)
		if err := b.Wait(ctx, to("d")); !errors.Is(err, context.Canceled) {
			t.Errorf("got %v although the context ended", err)
		}
	})
}

// TestBudgetWaitIsForbiddenMeanwhile has the platform close a chat while an
// answer to it waits for its turn.
func TestBudgetWaitIsForbiddenMeanwhile(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		b := NewBudget(Pace{PerSecond: 10, PerChat: telegram}, nil)
		begin := time.Now()
		must(t, b.Wait(t.Context(), to("a")))
		time.AfterFunc(500*time.Millisecond, func() { b.Limited(to("a"), 10*time.Second, false) })
		must(t, b.Wait(t.Context(), to("a")))
		if got := time.Since(begin); got < 10500*time.Millisecond {
			t.Errorf("sent after %s, inside the wait", got)
		}
	})
}

// TestBudgetWaitInVain: who can't have a turn in time learns it at once, and
// takes none from others.
func TestBudgetWaitInVain(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		b := NewBudget(Pace{PerSecond: 10, PerChat: telegram}, nil)
		b.Limited(to("a"), time.Hour, false)
		begin := time.Now()
		for range 100 {
			ctx, cancel := context.WithTimeout(t.Context(), 5*time.Second)
			if err := b.Wait(ctx, to("a")); !errors.Is(err, context.DeadlineExceeded) {
				t.Errorf("got %v", err)
			}
			cancel()
		}
		must(t, b.Wait(t.Context(), to("b")))
		if got := time.Since(begin); got != 0 {
			t.Errorf("it took %s", got)
		}
		must(t, b.Wait(t.Context(), to("a")))
		if got := time.Since(begin); got != time.Hour {
			t.Errorf("the chat's turn came after %s", got)
		}
	})
}

// paced is how long n slots take.
func paced(n int) time.Duration { return time.Duration(float64(n) / 29.7 * float64(time.Second)) }

func TestThroughputIsThePace(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		const n = 1500
		l, s := newLedger(), &chats{latency: 400 * time.Millisecond}
		l.slow = 30 * time.Millisecond
		l.queue(1, 1, names(n)...)
		c := testConfig(l, s)
		c.Budget = NewBudget(Pace{PerSecond: 29.7, PerChat: telegram}, nil)
		_, stop := start(t, c)
		within(t, 2*time.Minute, "all sent", allSent(l))
		calls := s.seen()
		took := calls[n-1].at.Sub(calls[0].at)
		if want := paced(n - 1); (took - want).Abs() > 50*time.Millisecond {
			t.Errorf("took %s, want %s", took, want)
		}
		var times []time.Time
		for _, c := range calls {
			times = append(times, c.at)
		}
		if most := mostInWindow(times, time.Second); most > 30 {
			t.Errorf("%d in a second", most)
		}
		if asked := l.asked(); asked > n+n/10 { // at this pace each result has a commit of its own
			t.Errorf("%d exchanges for %d deliveries", asked, n)
		}
		if l.partReads != 1 {
			t.Errorf("the rendering was read %d times", l.partReads)
		}
		must(t, stop())
	})
}

// TestLongDeliveriesKeepThePace sends digests of three parts to people and
// groups: each chat's parts are spaced, and the others fill the time.
func TestLongDeliveriesKeepThePace(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		const people, groups, parts = 300, 60, 3
		l, s := newLedger(), &chats{latency: 100 * time.Millisecond}
		l.slow = 10 * time.Millisecond
		l.queue(1, parts, names(people)...)
		for i := range groups {
			l.queue(1, parts, fmt.Sprintf("-%d", i))
		}
		c := testConfig(l, s)
		c.Budget = NewBudget(Pace{PerSecond: 29.7, PerChat: telegram}, nil)
		_, stop := start(t, c)
		took := within(t, 2*time.Minute, "all sent", allSent(l))
		if want := paced((people + groups) * parts); took > want+9*time.Second {
			t.Errorf("took %s, the pace allows %s", took, want)
		}
		last := make(map[string]call)
		for _, c := range s.seen() {
			before, again := last[c.chat]
			if again && c.at.Sub(before.at) < telegram(to(c.chat)) {
				t.Errorf("%s: %s after %s", c.chat, c.at, before.at)
			}
			if again && c.part <= before.part {
				t.Errorf("%s: part %s after %s", c.chat, c.part, before.part)
			}
			last[c.chat] = c
		}
		must(t, stop())
	})
}
