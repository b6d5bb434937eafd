package delivery

import (
	"testing"
	"testing/synctest"
	"time"
)

// TestRestraint has the platform take less than the pace for a minute: the bot
// is soon slow enough, and back at full speed a while after.
func TestRestraint(t *testing.T) {
	const takes = 20 * time.Second / 400 // one each 50 ms
	synctest.Test(t, func(t *testing.T) {
		b := NewBudget(Pace{PerSecond: 29.7}, nil)
		begin := time.Now()
		var last time.Time
		refused, again, sent := 0, 0, 0
		for time.Since(begin) < 5*time.Minute {
			must(t, tell(t.Context(), b, "a"))
			narrow := time.Since(begin) < time.Minute
			if narrow && time.Since(last) < takes-10*time.Millisecond {
				refused++
				if time.Since(begin) > 30*time.Second {
					again++
				}
				b.Limited(to("a"), time.Second, true)
				b.Limited(to("b"), time.Second, true) // was on its way already
			}
			last = time.Now()
			if time.Since(begin) > 4*time.Minute {
				sent++
			}
		}
		if refused < 4 || refused > 10 || again > 2 {
			t.Errorf("refused %d times, %d of them late", refused, again)
		}
		if sent < 1780 {
			t.Errorf("only %d sent in the last minute", sent)
		}
	})
}

func TestRestraintSteps(t *testing.T) {
	var r restraint
	now := time.Now()
	refuse := func(after time.Duration, want float64) {
		t.Helper()
		now = now.Add(after)
		r.refused(now, now.Add(time.Second))
		now = now.Add(time.Second)
		if got := r.factor(now); !near(got, want) {
			t.Errorf("refused after %s: %.3f, want %.2f", after, got, want)
		}
	}
	wait := func(d time.Duration, want float64) {
		t.Helper()
		now = now.Add(d)
		if got := r.factor(now); !near(got, want) {
			t.Errorf("%s later: %.4f, want %.4f", d, got, want)
		}
	}
	refuse(time.Hour, 1.03)
	refuse(2*time.Second, 1.03) // for another reason than the pace
	for _, want := range []float64{1.06, 1.12, 1.24, 1.48, 1.96, 2, 2} {
		refuse(time.Second, want)
	}
	wait(firstCalm, 1.5)
	refuse(time.Second, 2) // too soon
	wait(firstCalm, 2)
	wait(firstCalm, 1.5)
	wait(2*firstCalm, 1.25)
	wait(2*firstCalm, 1.125)
	wait(time.Hour, 1)
	refuse(0, 1.03)
	wait(firstCalm, 1.015)
}

func near(a, b float64) bool { return a-b < 1e-6 && b-a < 1e-6 }
