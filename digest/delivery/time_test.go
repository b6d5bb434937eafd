// Tests of when a Publisher publishes: on time, late, never twice for a date, by
// the operator's schedule and by the readers' own.

package delivery

import (
	"context"
	"errors"
	"math/rand/v2"
	"slices"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"
	_ "time/tzdata"

	"github.com/strillone/strillone/digest"
)

// wall is the wall clock of a test, off by shift. In a bubble time begins at
// 2000-01-01T00:00:00Z.
type wall struct{ shift atomic.Int64 }

func (w *wall) now() time.Time { return time.Now().Add(time.Duration(w.shift.Load())) }

// every is a clock of regular intervals from where it is asked.
type every time.Duration

func (e every) Next(t time.Time) time.Time { return t.Add(time.Duration(e)) }

func (every) Date(time.Time) digest.Date { return 0 }

// daily is every day at a time.
func daily(hour, minute int, zone string) digest.Schedule {
	return digest.Schedule{Hour: hour, Minute: minute, Days: digest.EveryDay, Zone: zone}
}

// town is a desk whose one reader follows the operator's clock, or has a schedule
// of the same times; with every edition comes an article.
type town struct {
	*desk
	wall     wall
	operator digest.Clock
}

func townOf(t *testing.T, operator digest.Clock) *town {
	t.Helper()
	d := onDesk(&reader{Group: Group{Platform: "telegram", Language: "it"}})
	d.fresh = true
	return &town{desk: d, operator: operator}
}

// townWith has its reader follow an own schedule, or the operator by the same.
func townWith(t *testing.T, s digest.Schedule, own bool) *town {
	t.Helper()
	c, err := s.Clock()
	must(t, err)
	if !own {
		return townOf(t, c)
	}
	// The operator's is far away, and nobody's.
	d := townOf(t, every(1000*time.Hour))
	d.rows = append(d.rows, &calendar{id: 2, own: s})
	d.readers[0].schedule = 2
	return d
}

// beginFrom has the reader's schedule begin, or go on, after a time.
func (d *town) beginFrom(t *testing.T, last time.Time) {
	t.Helper()
	r := d.row(d.readers[0].schedule)
	r.last = last
	if r.own.Own() {
		next, err := r.own.Next(last)
		must(t, err)
		r.due = next
	}
}

// run runs a Publisher for the time it takes to do steps.
func (d *town) run(t *testing.T, steps func()) {
	t.Helper()
	p := NewPublisher(PublisherConfig{
		Editions: d, Composer: plain{}, Renderers: map[digest.Platform]Renderer{"telegram": plain{}},
		Operator: d.operator, Now: d.wall.now,
	})
	ctx, cancel := context.WithCancel(t.Context())
	ended := make(chan struct{})
	go func() {
		defer close(ended)
		p.Run(ctx)
	}()
	steps()
	synctest.Wait()
	cancel()
	<-ended
}

// published are the slots whose digest the reader got.
func (d *town) published() []time.Time {
	d.mu.Lock()
	defer d.mu.Unlock()
	var list []time.Time
	for _, o := range d.editions {
		if len(o.rendered) > 0 {
			list = append(list, o.Slot)
		}
	}
	return list
}

func (d *town) want(t *testing.T, slots ...string) {
	t.Helper()
	var got []string
	for _, s := range d.published() {
		got = append(got, s.UTC().Format("02 15:04"))
	}
	d.mu.Lock()
	defer d.mu.Unlock()
	if !slices.Equal(got, slots) || len(d.readers[0].got) != len(slots) {
		t.Errorf("published %v, want %v; the reader got %q", got, slots, d.readers[0].got)
	}
}

func pass(d time.Duration) func() { return func() { time.Sleep(d) } }

// both runs a test in a bubble of its own by the operator's schedule and by a
// reader's, of half past seven every day.
func both(t *testing.T, name string, test func(t *testing.T, d *town)) {
	t.Helper()
	for who, own := range map[string]bool{"operator": false, "reader": true} {
		t.Run(name+"/"+who, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				d := townWith(t, daily(7, 30, "UTC"), own)
				d.beginFrom(t, time.Now())
				test(t, d)
			})
		})
	}
}

func TestOnTime(t *testing.T) {
	both(t, "", func(t *testing.T, d *town) {
		d.run(t, func() {
			time.Sleep(7*time.Hour + 30*time.Minute)
			synctest.Wait()
			d.want(t, "01 07:30")
			time.Sleep(40 * time.Hour)
		})
		d.want(t, "01 07:30", "02 07:30")
	})
}

// TestDowntime: one digest at the most for all that was missed, within the limit.
func TestDowntime(t *testing.T) {
	day := 24 * time.Hour
	for _, c := range []struct {
		name string
		last time.Duration // since the bubble's midnight; 0: it begins now
		at   time.Duration // of the start
		want []string
	}{
		{"first start, nothing missed", 0, 10 * time.Hour, []string{"02 07:30"}},
		{"nothing missed", 7*time.Hour + 30*time.Minute, 10 * time.Hour, []string{"02 07:30"}},
		{"minutes", -16*time.Hour - 30*time.Minute, 8 * time.Hour, []string{"01 07:30", "02 07:30"}},
		{"an hour", -16*time.Hour - 30*time.Minute, 8*time.Hour + 30*time.Minute, []string{"01 07:30", "02 07:30"}},
		{"less than six hours", -16*time.Hour - 30*time.Minute, 13 * time.Hour, []string{"01 07:30", "02 07:30"}},
		{"too old", -16*time.Hour - 30*time.Minute, 14 * time.Hour, []string{"02 07:30"}},
		{"25 hours", -day - 16*time.Hour - 30*time.Minute, 8*time.Hour + 30*time.Minute, []string{"01 07:30", "02 07:30"}},
		{"eight days", -9*day - 16*time.Hour - 30*time.Minute, 8 * time.Hour, []string{"01 07:30", "02 07:30"}},
	} {
		both(t, c.name, func(t *testing.T, d *town) {
			begins := time.Now()
			time.Sleep(c.at)
			if c.last != 0 {
				d.beginFrom(t, begins.Add(c.last))
			} else {
				d.beginFrom(t, time.Now())
			}
			d.run(t, pass(32*time.Hour-c.at))
			d.want(t, c.want...)
		})
	}
}

func TestClockSteps(t *testing.T) {
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
		both(t, c.name, func(t *testing.T, d *town) {
			d.run(t, func() {
				time.Sleep(c.at)
				d.wall.shift.Store(int64(c.step))
				time.Sleep(2 * time.Minute)
				synctest.Wait()
				if c.step == hour && len(d.published()) != 1 {
					t.Error("a step forth was not noticed within two minutes")
				}
				time.Sleep(34*time.Hour - c.at)
			})
			d.want(t, c.want...)
		})
	}
	both(t, "there and back", func(t *testing.T, d *town) {
		d.run(t, func() {
			time.Sleep(8 * time.Hour)
			d.wall.shift.Store(int64(24 * time.Hour)) // publishes the 2nd's
			time.Sleep(5 * time.Minute)
			d.wall.shift.Store(0)
			time.Sleep(48 * time.Hour)
		})
		d.want(t, "01 07:30", "02 07:30", "03 07:30")
	})
}

// TestOncePerLocalDate has the clock set by minutes, hours and days, and the
// process started again, at random; the zones' clocks change meanwhile.
func TestOncePerLocalDate(t *testing.T) {
	steps := []time.Duration{time.Minute, 59 * time.Minute, time.Hour, 2 * time.Hour, 23 * time.Hour, 24 * time.Hour, 49 * time.Hour}
	for _, name := range []string{"UTC", "Europe/Rome", "America/New_York", "Africa/Cairo", "Pacific/Apia"} {
		for _, s := range []digest.Schedule{daily(2, 30, name), daily(0, 0, name)} {
			for _, own := range []bool{false, true} {
				synctest.Test(t, func(t *testing.T) {
					random := rand.New(rand.NewPCG(1, uint64(len(name)*100+s.Hour)))
					faults := rand.New(rand.NewPCG(2, 1))
					d := townWith(t, s, own)
					d.err = func() error {
						if faults.IntN(4) == 0 {
							return errors.New("database is down")
						}
						return nil
					}
					// From March 2000 on, when the clocks change soon.
					d.wall.shift.Store(int64(80 * 24 * time.Hour))
					d.beginFrom(t, d.wall.now())
					for range 4 {
						d.run(t, func() {
							for range 4 {
								time.Sleep(time.Duration(random.Int64N(int64(30 * time.Hour))))
								step := steps[random.IntN(len(steps))]
								if random.IntN(2) == 0 {
									step = -step
								}
								d.wall.shift.Add(int64(step))
							}
						})
					}
					zone, err := time.LoadLocation(name)
					must(t, err)
					seen := make(map[digest.Date]bool)
					for _, slot := range d.published() {
						date := digest.DateOf(slot.In(zone))
						if seen[date] {
							t.Errorf("%s: %v has two digests: %v", name, slot, d.published())
						}
						seen[date] = true
					}
					if len(seen) < 4 {
						t.Errorf("only %d were published", len(seen))
					}
				})
			}
		}
	}
}

// TestAnotherHour: who moves the hour gets no second digest on the same date.
func TestAnotherHour(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		d := townWith(t, daily(7, 30, "Europe/Rome"), true)
		d.beginFrom(t, time.Now())
		later := daily(9, 0, "Europe/Rome")
		next, err := later.Next(time.Now())
		must(t, err)
		d.rows = append(d.rows, &calendar{id: 3, own: later, due: next})
		d.run(t, func() {
			time.Sleep(7 * time.Hour)
			d.mu.Lock()
			d.readers[0].schedule = 3
			d.mu.Unlock()
			time.Sleep(30 * time.Hour)
		})
		d.want(t, "01 06:30", "02 08:00")
	})
}

func TestEveryGoesOnFromTheLastSlot(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		d := townOf(t, every(6*time.Hour))
		time.Sleep(time.Hour)
		d.run(t, pass(7*time.Hour))
		time.Sleep(90 * time.Minute)
		d.run(t, pass(5*time.Hour))
		d.want(t, "01 07:00", "01 13:00")
	})
}

func TestRetries(t *testing.T) {
	both(t, "", func(t *testing.T, d *town) {
		var tried []time.Time
		d.err = func() error {
			if tried = append(tried, time.Now()); len(tried) < 4 {
				return errors.New("database is down")
			}
			return nil
		}
		d.run(t, pass(10*time.Hour))
		d.want(t, "01 07:30")
		var waits []time.Duration
		for i := range 3 {
			waits = append(waits, tried[i+1].Sub(tried[i]))
		}
		if want := []time.Duration{10 * time.Second, 20 * time.Second, 40 * time.Second}; !slices.Equal(waits, want) {
			t.Errorf("waits %v, want %v", waits, want)
		}
	})
}

func TestGivesUpWhenTooOld(t *testing.T) {
	both(t, "", func(t *testing.T, d *town) {
		var last time.Time
		d.err = func() error {
			if time.Now().Day() == 1 {
				last = time.Now()
				return errors.New("never")
			}
			return nil
		}
		d.run(t, pass(32*time.Hour))
		d.want(t, "02 07:30")
		if last.After(time.Date(2000, 1, 1, 13, 30, 0, 0, time.UTC)) {
			t.Errorf("tried at %v", last)
		}
	})
}

// TestTheNextSlotTakesOver: what is due next waits for no retry, of its own
// schedule or of another.
func TestTheNextSlotTakesOver(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		d := townOf(t, every(time.Hour))
		d.err = func() error {
			if d.begun[len(d.begun)-1].Hour() == 1 {
				return errors.New("never")
			}
			return nil
		}
		var at string
		d.run(t, func() {
			time.Sleep(2 * time.Hour)
			synctest.Wait()
			if len(d.published()) == 1 {
				at = time.Now().Format("15:04:05")
			}
			time.Sleep(30 * time.Minute)
		})
		d.want(t, "01 02:00")
		if at != "02:00:00" {
			t.Errorf("published at %q", at)
		}
	})
}

func TestSurvivesAPanic(t *testing.T) {
	both(t, "", func(t *testing.T, d *town) {
		panicked := false
		d.err = func() error {
			if !panicked {
				panicked = true
				panic("a bug")
			}
			return nil
		}
		d.run(t, pass(8*time.Hour))
		d.want(t, "01 07:30")
	})
}

// TestWoken: a schedule that is made is served on time.
func TestWoken(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		d := townOf(t, every(1000*time.Hour))
		p := NewPublisher(PublisherConfig{
			Editions: d, Composer: plain{}, Renderers: map[digest.Platform]Renderer{"telegram": plain{}}, Operator: d.operator,
		})
		ctx, cancel := context.WithCancel(t.Context())
		defer cancel()
		go p.Run(ctx)
		time.Sleep(10 * time.Second)
		d.mu.Lock()
		d.rows = append(d.rows, &calendar{id: 2, own: daily(0, 0, "UTC"), due: time.Now().Add(5 * time.Second)})
		d.readers[0].schedule = 2
		d.mu.Unlock()
		p.Wake()
		time.Sleep(5 * time.Second)
		synctest.Wait()
		if len(d.published()) != 1 {
			t.Error("not served")
		}
		cancel()
		synctest.Wait()
	})
}

// TestAZoneThatIsNoMore: its readers' schedule is looked at again, and the others
// are served.
func TestAZoneThatIsNoMore(t *testing.T) {
	both(t, "", func(t *testing.T, d *town) {
		d.rows = append(d.rows, &calendar{id: 9, own: daily(7, 30, "Europe/Atlantis"), due: time.Now().Add(time.Hour)})
		d.readers = append(d.readers, &reader{Group: Group{Platform: "telegram", Language: "it"}, schedule: 9})
		d.run(t, pass(8*time.Hour))
		d.want(t, "01 07:30")
		if got := d.row(9).due; got.Before(time.Now().Add(12 * time.Hour)) {
			t.Errorf("due at %v", got)
		}
	})
}

// counting counts how often a clock is asked.
type counting struct {
	digest.Clock
	asked *int
}

func (c counting) Next(t time.Time) time.Time {
	*c.asked++
	return c.Clock.Next(t)
}

// TestLongDowntime: what may not be served any more is not gone through time by
// time, except where each hangs on the one before.
func TestLongDowntime(t *testing.T) {
	morning, err := daily(7, 30, "UTC").Clock()
	must(t, err)
	now := time.Date(2026, 3, 31, 12, 0, 0, 0, time.UTC)
	for _, c := range []struct {
		clock      digest.Clock
		due        time.Time
		most       int
		slot, next string
	}{
		{morning, now.AddDate(-5, 0, 0).Add(-4*time.Hour - 30*time.Minute), 4, "31 07:30", "01 07:30"},
		{every(7 * time.Hour), now.Add(-4 - 7*100*time.Hour), 200, "31 11:59", "31 18:59"},
	} {
		asked := 0
		slot, next := newest(counting{c.clock, &asked}, c.due, now.Add(-6*time.Hour), now)
		if got := slot.Format("02 15:04"); got != c.slot || next.Format("02 15:04") != c.next || asked > c.most {
			t.Errorf("%s, next %v, asked %d times; want %s", got, next, asked, c.slot)
		}
	}
}

// TestWhatBecomesDueMeanwhileIsNext: to serve one time may take until the next has
// come, which must not wait for the Publisher's longest sleep then.
func TestWhatBecomesDueMeanwhileIsNext(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		d := townOf(t, every(time.Second))
		d.beginFrom(t, time.Now())
		d.fresh = true
		d.err = func() error {
			time.Sleep(700 * time.Millisecond)
			return nil
		}
		d.run(t, pass(30*time.Second))
		if n := len(d.published()); n < 5 {
			t.Errorf("%d digests in half a minute", n)
		}
	})
}
