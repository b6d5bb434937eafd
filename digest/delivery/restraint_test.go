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
	for i, want := range []float64{1.03, 1.06, 1.12, 1.24, 1.48, 1.96, 2, 2} {
		r.refused(now)
		if got := r.factor(now); !near(got, want) {
			t.Errorf("after %d refusals: %.3f, want %.2f", i+1, got, want)
		}
	}
	for i, want := range []float64{1.5, 1.25, 1.125, 1.0625} {
		now = now.Add(longestCalm)
		if got := r.factor(now); !near(got, want) {
			t.Errorf("after %d calms: %.3f, want %.2f", i+1, got, want)
		}
	}
	if got := r.factor(now.Add(time.Hour)); got != 1 {
		t.Errorf("in the end: %.3f", got)
	}
	r.refused(now)
	if got := r.factor(now); !near(got, 1.03) {
		t.Errorf("later: %.3f", got)
	}
}

func near(a, b float64) bool { return a-b < 1e-6 && b-a < 1e-6 }
