// The city's publishing: schedules, choices and pauses, a process that dies in
// the middle, a clock that is set.

package storagetest

import (
	"errors"
	"fmt"
	"time"

	"pgregory.net/rapid"

	"github.com/strillone/strillone/digest"
	"github.com/strillone/strillone/digest/delivery"
)

// operators is the city's operator's schedule.
var operators = digest.Schedule{Hour: 7, Minute: 30, Days: digest.EveryDay, Zone: "Europe/Rome"}

// hours are the schedules that people choose from; the zero one is the operator's.
var hours = []digest.Schedule{
	{},
	{},
	{Hour: 9, Minute: 0, Days: digest.EveryDay, Zone: "Europe/Rome"},
	{Hour: 2, Minute: 30, Days: digest.DaysOf(time.Monday, time.Thursday, time.Sunday), Zone: "America/New_York"},
}

var choices = []digest.Choice{{}, {Wanted: []string{"ai"}}, {Muted: []string{"ai"}}, {Wanted: []string{"ai", "privacy"}}}

func clockOf(t *rapid.T, s digest.Schedule) digest.Clock {
	if !s.Own() {
		s = operators
	}
	c, err := s.Clock()
	must(t, err)
	return c
}

// lastSlot is the newest time of a schedule that has come.
func lastSlot(t *rapid.T, s digest.Schedule, now time.Time) (slot time.Time, date digest.Date) {
	c := clockOf(t, s)
	for next := c.Next(now.Add(-9 * 24 * time.Hour)); !next.After(now); next = c.Next(next) {
		slot = next
	}
	return slot, c.Date(slot)
}

// configure changes somebody's settings.
func (c *city) configure(t *rapid.T) {
	name, r := c.someone(t)
	if !r.active {
		t.Skip("not subscribed")
	}
	want := digest.Settings{
		Schedule: rapid.SampledFrom(hours).Draw(t, "schedule"),
		Language: r.Language,
		Choice:   rapid.SampledFrom(choices).Draw(t, "choice"),
		Form:     rapid.SampledFrom([]digest.Form{"", digest.Full}).Draw(t, "form"),
	}
	if rapid.IntRange(0, 3).Draw(t, "paused") == 0 {
		want.PausedUntil = c.now.Add(time.Duration(rapid.IntRange(1, 80).Draw(t, "hours")) * time.Hour)
	}
	_, err := c.store.Configure(c.outer.Context(), place(name), func(s *digest.Settings) error { *s = want; return nil }, c.now)
	must(t, err)
	r.Settings = want
}

// setClock sets the clock, back too.
func (c *city) setClock(t *rapid.T) {
	c.now = c.now.Add(rapid.SampledFrom([]time.Duration{-25 * time.Hour, -time.Hour, 30 * time.Minute, 3 * time.Hour, 25 * time.Hour}).Draw(t, "step"))
}

// serve has what is due published, after an hour or after a long time, by a
// process that may die at any of its transactions.
func (c *city) serve(t *rapid.T) {
	c.now = c.now.Add(rapid.SampledFrom([]time.Duration{time.Minute, time.Hour, time.Hour, 2 * time.Hour, 7 * time.Hour, 25 * time.Hour, 8 * 24 * time.Hour}).Draw(t, "downtime"))
	c.publish(t, &mortal{
		Editions: c.store,
		limit:    rapid.IntRange(1, 3).Draw(t, "limit"),
		left:     rapid.IntRange(-1, 5).Draw(t, "transactions"),
		after:    rapid.Bool().Draw(t, "after"),
	})
}

func (c *city) publish(t *rapid.T, m *mortal) {
	if c.now.After(c.latest) {
		c.latest = c.now
	}
	p := press{parts: c.parts, now: func() time.Time { return c.now }, clock: clockOf(t, operators)}.on(m)
	if _, err := p.ServeDue(c.outer.Context()); err != nil && !errors.Is(err, errDied) {
		t.Fatal(err)
	}
	c.observe(t)
}

// observe finds who was served by their marks, and makes sure that it was right:
// at a slot of theirs, not too late for it, not while paused, and once for a date.
func (c *city) observe(t *rapid.T) {
	for name, r := range c.readers {
		if !r.active {
			continue
		}
		sub, err := c.store.Subscription(c.outer.Context(), place(name))
		must(t, err)
		if sub.Mark == r.mark {
			continue
		}
		slot, date := lastSlot(t, r.Schedule, c.now)
		w := digest.Window{After: r.mark, Through: sub.Mark}
		if w.Through < w.After || w.Through > c.numbers || r.PausedUntil.After(slot) || date <= r.served || c.now.Sub(slot) > 6*time.Hour {
			t.Fatalf("%s had %+v at %v, for the slot of %v: %+v, served %d for %d", name, w, c.now, slot, r.Settings, r.served, date)
		}
		r.mark = w.Through
		numbers := c.taken(w, r.Choice)
		if len(numbers) == 0 {
			continue // no empty digest
		}
		r.served = date
		r.awaits = append(r.awaits, numbers...)
		s := &shipment{to: r, chat: name, window: w, articles: numbers, due: slot.UTC(), state: delivery.Queued}
		s.text = fmt.Sprintf("%s %d-%d", r.Language, w.After, w.Through)
		if len(numbers) != w.Through-w.After {
			s.text += fmt.Sprint(" of ", numbers[:min(10, len(numbers))])
		}
		if r.Form != "" {
			s.text += " " + string(r.Form)
		}
		c.shipments = append(c.shipments, s)
		if !r.Schedule.Own() {
			c.through = w.Through
		}
	}
}

// taken are a window's articles that a choice takes, newest first.
func (c *city) taken(w digest.Window, choice digest.Choice) []int {
	var numbers []int
	for n := w.Through; n > w.After; n-- {
		if choice.Takes(c.topics[n-1]) {
			numbers = append(numbers, n)
		}
	}
	return numbers
}

// compareNextDue: what people are told is in the future, after their pause, and
// for a date without a digest.
func (c *city) compareNextDue(t *rapid.T, name string, r *resident) {
	next, err := c.store.NextDue(c.outer.Context(), place(name), c.now)
	must(t, err)
	if date := clockOf(t, r.Schedule).Date(next); !next.After(c.now) || next.Before(r.PausedUntil) || date <= r.served {
		t.Fatalf("%s: due at %v, it is %v: %+v, served %d", name, next, c.now, r.Settings, r.served)
	}
}

// serveAll ends pauses, and serves until everybody has had a turn.
func (c *city) serveAll(t *rapid.T) {
	c.now = c.latest // no schedule is due before wherever the clock has been
	for _, r := range c.readers {
		if r.PausedUntil.After(c.now) {
			c.now = r.PausedUntil
		}
	}
	const step = 5 * time.Hour // within what may be caught up
	for end := c.now.Add(9 * 24 * time.Hour); c.now.Before(end); c.now = c.now.Add(step) {
		c.publish(t, &mortal{Editions: c.store, limit: 1, left: -1})
	}
	for name, r := range c.readers {
		if r.active && len(c.taken(digest.Window{After: r.mark, Through: c.numbers}, r.Choice)) > 0 {
			t.Fatalf("%s misses articles after %d up to %d: %+v", name, r.mark, c.numbers, r.Settings)
		}
	}
}
