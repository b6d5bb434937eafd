package delivery

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"slices"
	"sync"
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

// tell sends an answer that always arrives.
func tell(ctx context.Context, b *Budget, chat string) error {
	return b.Answer(ctx, to(chat), func() error { return nil })
}

// TestBudgetWindow takes slots with timers as late as a loaded machine's, and
// later, and messages that are held up on their way: what counts is when they
// arrive.
func TestBudgetWindow(t *testing.T) {
	for _, c := range []struct {
		timers, network time.Duration
		least           float64 // a second
	}{
		{0, 0, 29.69},
		{2 * time.Millisecond, 0, 29.69},
		{8 * time.Millisecond, 0, 29.4},
		{0, 3 * time.Millisecond, 29.69},
		{0, 6 * time.Millisecond, 29.4},
		{2 * time.Millisecond, 6 * time.Millisecond, 29.3},
	} {
		t.Run(fmt.Sprintf("timers=%s,network=%s", c.timers, c.network), func(t *testing.T) {
			rate, most := budgetWindow(t, c.timers, c.network)
			if rate < c.least {
				t.Errorf("only %.2f a second", rate)
			}
			if most > 30 {
				t.Errorf("%d in a second", most)
			}
		})
	}
	// Where answers take their time, the pace doesn't go on heeding it.
	if rate, _ := budgetWindow(t, 0, 50*time.Millisecond); rate < 28.5 {
		t.Errorf("only %.2f a second where answers are slow", rate)
	}
}

// budgetWindow takes 3,000 slots. The means are of how late a timer is, and of
// how much longer than 25 ms a way takes; one way in a hundred takes ten times
// as much more. The results are how many were sent in a second, in the mean, and
// how many arrived in one, at most.
func budgetWindow(t *testing.T, timers, network time.Duration) (rate float64, most int) {
	synctest.Test(t, func(t *testing.T) {
		b := NewBudget(Pace{PerSecond: 29.7}, nil)
		random := rand.New(rand.NewPCG(1, 2))
		late := func(mean time.Duration) time.Duration { return time.Duration(random.ExpFloat64() * float64(mean)) }
		way := func() time.Duration {
			if random.IntN(100) == 0 {
				return 25*time.Millisecond + 10*late(network)
			}
			return 25*time.Millisecond + late(network)
		}
		var arrivals []time.Time
		var sending sync.WaitGroup
		begin := time.Now()
		for i := 0; len(arrivals) < 3000; i++ {
			s, bot, _ := b.take(to(fmt.Sprint(i)))
			if !bot.IsZero() {
				time.Sleep(time.Until(bot) + late(timers))
				continue
			}
			there, back := way(), way()
			arrivals = append(arrivals, time.Now().Add(there))
			sending.Go(func() {
				time.Sleep(there + back)
				b.answered(s, time.Now(), nil)
			})
		}
		rate = 2999 / time.Since(begin).Seconds()
		sending.Wait()
		slices.SortFunc(arrivals, time.Time.Compare)
		most = mostInWindow(arrivals, time.Second)
	})
	return rate, most
}

// TestBudgetStall has the machine do nothing for a while in the middle of a
// broadcast: that is made up for, and no answer waits in a gap of its.
func TestBudgetStall(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		b := NewBudget(Pace{PerSecond: 29.7}, nil)
		begin := time.Now()
		sent, asked := 0, 0
		longest := time.Duration(0)
		for time.Since(begin) < 2*time.Minute {
			if sent == 100 {
				time.Sleep(200 * time.Millisecond)
			}
			s, bot, _ := b.take(to("a"))
			if sent > 100 && sent%47 == 0 {
				s = b.reserveSlot(to("b"))
				asked++
				longest = max(longest, time.Until(s.sent))
				time.Sleep(time.Until(s.sent))
				bot = time.Time{}
			}
			if !bot.IsZero() {
				time.Sleep(time.Until(bot))
				continue
			}
			sent++
			b.answered(s, time.Now(), nil)
		}
		if longest > 70*time.Millisecond {
			t.Errorf("one of %d answers waited %s", asked, longest)
		}
		if want := int(2 * 60 * 29.7); sent < want {
			t.Errorf("%d sent, the pace is %d", sent, want)
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
			if err := tell(t.Context(), c.Budget, fmt.Sprintf("person%d", i)); err != nil {
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
			must(t, tell(t.Context(), b, chat))
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
		must(t, tell(t.Context(), slots, "a"))
		go func() {
			time.Sleep(500 * time.Millisecond)
			slots.Limited(to("b"), 10*time.Second, true)
		}()
		asked := time.Now()
		must(t, tell(t.Context(), slots, "c"))
		if waited := time.Since(asked); waited != 10500*time.Millisecond {
			t.Errorf("waited %s for a slot in a pause called later", waited)
		}
		ctx, cancel := context.WithCancel(t.Context())
		time.AfterFunc(time.Second, cancel)
		b.Limited(to("b"), time.Hour, true)
		if err := tell(ctx, b, "d"); !errors.Is(err, context.Canceled) {
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
		must(t, tell(t.Context(), b, "a"))
		time.AfterFunc(500*time.Millisecond, func() { b.Limited(to("a"), 10*time.Second, false) })
		must(t, tell(t.Context(), b, "a"))
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
			if err := tell(ctx, b, "a"); !errors.Is(err, context.DeadlineExceeded) {
				t.Errorf("got %v", err)
			}
			cancel()
		}
		must(t, tell(t.Context(), b, "b"))
		if got := time.Since(begin); got != 0 {
			t.Errorf("it took %s", got)
		}
		must(t, tell(t.Context(), b, "a"))
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
