package scheduler

import (
	"context"
	"errors"
	"slices"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"
)

// wall is the wall clock of a test, off by shift. In a bubble time begins at
// 2000-01-01T00:00:00Z.
type wall struct{ shift atomic.Int64 }

func (w *wall) now() time.Time { return time.Now().Add(time.Duration(w.shift.Load())) }

// edition is a job that publishes once for each slot, as Editions does.
type edition struct {
	wall      *wall
	mu        sync.Mutex
	zone      *time.Location // UTC when nil
	last      time.Time      // as stored
	published []string
	slots     []time.Time // the same
	ranAt     []time.Time
	fail      func(slot time.Time) error
}

func (e *edition) do(_ context.Context, slot time.Time) error {
	e.mu.Lock()
	defer e.mu.Unlock()
	e.ranAt = append(e.ranAt, e.wall.now())
	if e.fail != nil {
		if err := e.fail(slot); err != nil {
			return err
		}
	}
	if slot.After(e.last) {
		e.last = slot
		e.published = append(e.published, slot.UTC().Format("02 15:04"))
		e.slots = append(e.slots, slot)
	}
	return nil
}

// run runs the job for the time it takes to do steps.
func (e *edition) run(t *testing.T, spec string, steps func()) {
	t.Helper()
	ctx, cancel := context.WithCancel(t.Context())
	ended := make(chan error, 1)
	z := time.UTC
	if e.zone != nil {
		z = e.zone
	}
	go func() {
		ended <- Job{
			Name:     "digest",
			Schedule: parse(t, spec, z),
			Do:       e.do,
			Last:     func(context.Context) (time.Time, error) { return e.last, nil },
			Now:      e.wall.now,
		}.Run(ctx)
	}()
	steps()
	synctest.Wait()
	cancel()
	if err := <-ended; err != nil {
		t.Error(err)
	}
}

func (e *edition) want(t *testing.T, slots ...string) {
	t.Helper()
	if !slices.Equal(e.published, slots) {
		t.Errorf("published %v, want %v", e.published, slots)
	}
}

func pass(d time.Duration) func() { return func() { time.Sleep(d) } }

func TestRunOnTime(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		e := &edition{wall: &wall{}}
		e.run(t, "30 7 * * *", pass(48*time.Hour))
		e.want(t, "01 07:30", "02 07:30")
		if got := e.ranAt[0].Format("15:04:05.000"); got != "07:30:00.000" {
			t.Errorf("ran at %s", got)
		}
	})
}

func TestRunMakesUp(t *testing.T) {
	day := 24 * time.Hour
	for _, c := range []struct {
		name string
		last time.Duration // since the bubble's midnight; 0: the very first start
		at   time.Duration // of the start
		want []string
	}{
		{"first start, nothing missed", 0, 10 * time.Hour, []string{"02 07:30"}},
		{"nothing missed", 7*time.Hour + 30*time.Minute, 10 * time.Hour, []string{"02 07:30"}},
		{"missed by minutes", -16*time.Hour - 30*time.Minute, 8 * time.Hour, []string{"01 07:30", "02 07:30"}},
		{"missed by less than six hours", -16*time.Hour - 30*time.Minute, 13 * time.Hour, []string{"01 07:30", "02 07:30"}},
		{"too old", -16*time.Hour - 30*time.Minute, 14 * time.Hour, []string{"02 07:30"}},
		{"several missed, newest alone", -9*day - 16*time.Hour - 30*time.Minute, 8 * time.Hour, []string{"01 07:30", "02 07:30"}},
	} {
		t.Run(c.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				e := &edition{wall: &wall{}}
				if c.last != 0 {
					e.last = time.Now().Add(c.last)
				}
				time.Sleep(c.at)
				e.run(t, "30 7 * * *", pass(32*time.Hour-c.at))
				e.want(t, c.want...)
			})
		})
	}
}

func TestRunEveryGoesOnFromLastSlot(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		e := &edition{wall: &wall{}}
		time.Sleep(time.Hour)
		e.run(t, "@every 6h", pass(7*time.Hour))
		time.Sleep(90 * time.Minute)
		e.run(t, "@every 6h", pass(5*time.Hour))
		e.want(t, "01 07:00", "01 13:00")
	})
}

func TestRunRetries(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		e := &edition{wall: &wall{}}
		e.fail = func(time.Time) error {
			if len(e.ranAt) < 4 {
				return errors.New("database is down")
			}
			return nil
		}
		e.run(t, "30 7 * * *", pass(10*time.Hour))
		e.want(t, "01 07:30")
		var waits []time.Duration
		for i := 1; i < len(e.ranAt); i++ {
			waits = append(waits, e.ranAt[i].Sub(e.ranAt[i-1]))
		}
		if want := []time.Duration{10 * time.Second, 20 * time.Second, 40 * time.Second}; !slices.Equal(waits, want) {
			t.Errorf("waits %v, want %v", waits, want)
		}
	})
}

func TestRunGivesUpWhenTooOld(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		e := &edition{wall: &wall{}}
		e.fail = func(slot time.Time) error {
			if slot.Day() == 1 {
				return errors.New("never")
			}
			return nil
		}
		e.run(t, "30 7 * * *", pass(32*time.Hour))
		e.want(t, "02 07:30")
		for _, ran := range e.ranAt[:len(e.ranAt)-1] {
			if ran.After(time.Date(2000, 1, 1, 13, 30, 0, 0, time.UTC)) {
				t.Errorf("tried at %v", ran)
			}
		}
	})
}

func TestRunNextSlotTakesOver(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		e := &edition{wall: &wall{}}
		e.fail = func(slot time.Time) error {
			if slot.Hour() == 1 {
				return errors.New("never")
			}
			return nil
		}
		e.run(t, "@hourly", pass(2*time.Hour+30*time.Minute))
		e.want(t, "01 02:00")
		if got := e.ranAt[len(e.ranAt)-1].Format("15:04:05"); got != "02:00:00" {
			t.Errorf("ran at %s", got)
		}
	})
}

func TestRunSurvivesPanic(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		e := &edition{wall: &wall{}}
		e.fail = func(time.Time) error {
			if len(e.ranAt) == 1 {
				panic("a bug")
			}
			return nil
		}
		e.run(t, "30 7 * * *", pass(8*time.Hour))
		e.want(t, "01 07:30")
	})
}

func TestRunSlowJobNeverOverlaps(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		e := &edition{wall: &wall{}}
		e.fail = func(time.Time) error { time.Sleep(150 * time.Minute); return nil }
		e.run(t, "@hourly", pass(5*time.Hour))
		// While the slot of 01:00 was served, those of 02:00 and 03:00 came.
		e.want(t, "01 01:00", "01 03:00")
	})
}

func TestRunUnderClockSteps(t *testing.T) {
	hour := time.Hour
	for _, c := range []struct {
		name string
		step time.Duration
		at   time.Duration // of the step, since midnight
		want []string
	}{
		{"an hour back after the slot", -hour, 8 * hour, []string{"01 07:30", "02 07:30"}},
		{"a day back after the slot", -24 * hour, 8 * hour, []string{"01 07:30"}},
		{"an hour forth over the slot", hour, 7 * hour, []string{"01 07:30", "02 07:30"}},
		{"a day forth, newest alone", 24 * hour, 7*hour + 45*time.Minute, []string{"01 07:30", "02 07:30", "03 07:30"}},
		{"a day forth, too old", 30 * hour, 8 * hour, []string{"01 07:30", "03 07:30"}},
	} {
		t.Run(c.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				e := &edition{wall: &wall{}}
				e.run(t, "30 7 * * *", func() {
					time.Sleep(c.at)
					e.wall.shift.Store(int64(c.step))
					time.Sleep(2 * time.Minute)
					synctest.Wait()
					e.mu.Lock()
					if c.step == hour && len(e.published) != 1 {
						t.Error("a step forth was not noticed within two minutes")
					}
					e.mu.Unlock()
					time.Sleep(34*time.Hour - c.at)
				})
				e.want(t, c.want...)
			})
		})
	}
}

func TestRunThereAndBack(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		e := &edition{wall: &wall{}}
		e.run(t, "30 7 * * *", func() {
			time.Sleep(8 * time.Hour)
			e.wall.shift.Store(int64(24 * time.Hour)) // publishes the 2nd's
			time.Sleep(5 * time.Minute)
			e.wall.shift.Store(0)
			time.Sleep(48 * time.Hour)
		})
		e.want(t, "01 07:30", "02 07:30", "03 07:30")
	})
}

func TestRunWithoutLast(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		ctx, cancel := context.WithTimeout(t.Context(), 150*time.Minute)
		defer cancel()
		runs := 0
		err := Job{
			Schedule: parse(t, "@hourly", time.UTC),
			Do:       func(context.Context, time.Time) error { runs++; return nil },
		}.Run(ctx)
		if err != nil || runs != 2 {
			t.Errorf("%d runs, error %v", runs, err)
		}
	})
}

func TestRunWaitsForTheStore(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		ctx, cancel := context.WithTimeout(t.Context(), 3*time.Hour)
		defer cancel()
		asked := 0
		var slots []time.Time
		err := Job{
			Schedule: parse(t, "@hourly", time.UTC),
			Do:       func(_ context.Context, slot time.Time) error { slots = append(slots, slot); return nil },
			Last: func(context.Context) (time.Time, error) {
				if asked++; asked < 10 {
					return time.Time{}, errors.New("database is down")
				}
				return time.Date(1999, 12, 31, 23, 0, 0, 0, time.UTC), nil
			},
		}.Run(ctx)
		if err != nil || len(slots) == 0 {
			t.Errorf("slots %v, error %v", slots, err)
		}
	})
}

// A job that is cut off by the end has not failed, and Run ends as always.
func TestCutOffByTheEnd(t *testing.T) {
	schedule, err := Parse("@every 1s", time.UTC)
	if err != nil {
		t.Fatal(err)
	}
	synctest.Test(t, func(t *testing.T) {
		ctx, cancel := context.WithCancel(t.Context())
		defer cancel()
		job := Job{Name: "cut", Schedule: schedule, Do: func(ctx context.Context, _ time.Time) error {
			cancel()
			return ctx.Err()
		}}
		if err := job.Run(ctx); err != nil {
			t.Error(err)
		}
	})
}

// After a long time down, what lies further back than CatchUp is not looked at
// slot by slot, except where each is counted from the one before.
func TestRunLooksNoFurtherBackThanCatchUp(t *testing.T) {
	for _, c := range []struct {
		spec string
		most int // instants computed until the newest missed one is served
		want string
	}{
		{"* 8-20 * * *", 400, "31 12:00"},
		{"*/5 * * * *", 100, "31 12:00"},
		{"30 7 * * *", 10, "31 07:30"},
		{"@every 7h", 120, "31 08:00"}, // 104 of 7 h
	} {
		t.Run(c.spec, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				last := time.Now()
				time.Sleep(30*24*time.Hour + 12*time.Hour)
				ctx, cancel := context.WithCancel(t.Context())
				s := parse(t, c.spec, time.UTC)
				computed := 0
				next := s.next
				s.next = func(t time.Time) time.Time { computed++; return next(t) }
				var got []string
				err := Job{
					Schedule: s,
					Last:     func(context.Context) (time.Time, error) { return last, nil },
					Do: func(_ context.Context, slot time.Time) error {
						got = append(got, slot.UTC().Format("02 15:04"))
						cancel()
						return nil
					},
				}.Run(ctx)
				if err != nil || !slices.Equal(got, []string{c.want}) {
					t.Errorf("served %v, error %v", got, err)
				}
				if computed > c.most {
					t.Errorf("%d instants were computed", computed)
				}
			})
		})
	}
}
