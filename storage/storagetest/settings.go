// Settings: what people choose is kept, and says when their digest is due.

package storagetest

import (
	"errors"
	"time"

	"github.com/strillone/strillone/digest"
)

// chosen are settings with nothing as it begins.
func chosen() digest.Settings {
	return digest.Settings{
		Schedule:    digest.Schedule{Hour: 18, Minute: 5, Days: digest.DaysOf(time.Monday, time.Friday), Zone: "Europe/Rome"},
		Language:    digest.English,
		Choice:      digest.Choice{Wanted: []string{"ai", "big tech"}, Muted: []string{"crypto"}},
		Form:        digest.Full,
		Manner:      digest.Manner{Silent: true, NoPreviews: true, Mention: "42", Crosspost: true, Discuss: true},
		PausedUntil: start.Add(48 * time.Hour),
	}
}

// configure sets a destination's settings.
func (f *steps) configure(to digest.Destination, want digest.Settings) digest.Subscription {
	f.Helper()
	sub, err := f.store.Configure(f.ctx, to, func(c *digest.Settings) error { *c = want; return nil }, f.now)
	f.must(err)
	return sub
}

func (f *steps) nextDue(to digest.Destination) time.Time {
	f.Helper()
	next, err := f.store.NextDue(f.ctx, to, f.now)
	f.must(err)
	return next
}

func (f *steps) clock(s digest.Schedule) digest.Clock {
	f.Helper()
	c, err := s.Clock()
	f.must(err)
	return c
}

// configure: settings are kept, one by one and all at once, through an end too.
func configure(f *steps) {
	to := place("1")
	_, err := f.store.Configure(f.ctx, to, func(*digest.Settings) error { return nil }, f.now)
	f.code(digest.NotFound, err)
	first := f.subscribe(to)
	f.subscribe(place("2"))
	sub := f.configure(to, chosen())
	first.Settings = chosen()
	f.same(first, sub)
	read, err := f.store.Subscription(f.ctx, to)
	f.must(err)
	f.same(sub, read)
	other, err := f.store.Subscription(f.ctx, place("2"))
	f.must(err)
	f.same(digest.Settings{Language: digest.Italian}, other.Settings)

	refusal := errors.New("no")
	for _, change := range []func(*digest.Settings) error{
		func(c *digest.Settings) error { c.Form = digest.Short; return refusal },
		func(c *digest.Settings) error { c.Schedule.Zone = "Europe/Atlantis"; return nil },
		func(c *digest.Settings) error { c.Schedule.Hour = 24; return nil },
		func(c *digest.Settings) error { c.Schedule.Days = 0; return nil },
	} {
		if _, err := f.store.Configure(f.ctx, to, change, f.now); err == nil {
			f.Error("accepted")
		} else if got, readErr := f.store.Subscription(f.ctx, to); readErr != nil || got.Form != digest.Full || got.Schedule != sub.Schedule {
			f.Errorf("after %v: %+v, %v", err, got, readErr)
		}
	}
	_, err = f.store.Configure(f.ctx, to, func(*digest.Settings) error { return refusal }, f.now)
	f.same(true, errors.Is(err, refusal))

	// What is kept is what they mean.
	same := chosen()
	same.Choice = digest.Choice{Wanted: []string{"big tech", "ai", "ai"}, Muted: []string{"crypto"}}
	f.same(sub, f.configure(to, same))
	f.same(digest.Settings{Language: digest.Italian}, f.configure(to, digest.Settings{Language: digest.Italian, Form: digest.Short}).Settings)

	f.configure(to, chosen())
	_, err = f.store.Unsubscribe(f.ctx, to, f.now)
	f.must(err)
	_, err = f.store.Configure(f.ctx, to, func(*digest.Settings) error { return nil }, f.now)
	f.code(digest.NotFound, err)
	back, _, err := f.store.Subscribe(f.ctx, to, digest.Italian, f.now)
	f.must(err)
	sub.Ending = digest.Unsubscribed
	f.same(sub, back)
	_, err = f.store.Leave(f.ctx, to, "kicked", f.now)
	f.must(err)
	returned, err := f.store.Return(f.ctx, to, f.now)
	f.must(err)
	sub.Ending = digest.Gone
	f.same([]digest.Subscription{sub}, returned)
}

// mannerOfClaims: a delivery is sent in its place's manner.
func mannerOfClaims(f *steps) {
	f.queue(2, 1)
	c := chosen()
	f.configure(place("2"), digest.Settings{Language: digest.Italian, Manner: c.Manner})
	got := f.exchange(10)
	f.same([]digest.Manner{{}, c.Manner}, []digest.Manner{got[0].Manner, got[1].Manner})
}

// movedSettings: one that had ended goes on as the one that moved to its place.
func movedSettings(f *steps) {
	f.queue(1, 1)
	f.configure(place("1"), chosen())
	f.subscribe(place("new"))
	_, err := f.store.Unsubscribe(f.ctx, place("new"), f.now)
	f.must(err)
	f.one(movedTo(f.one(), place("new")))
	sub, err := f.store.Subscription(f.ctx, place("new"))
	f.must(err)
	f.same(chosen(), sub.Settings)
}

// nextDue: by the schedule, the days and the pause.
func nextDue(f *steps) {
	to := place("1")
	_, err := f.store.NextDue(f.ctx, to, f.now)
	f.code(digest.NotFound, err)
	f.subscribe(to)
	f.same(true, f.nextDue(to).IsZero()) // nobody said when the operator's is
	rome, err := time.LoadLocation("Europe/Rome")
	f.must(err)
	on := func(day, hour, minute int) time.Time { return time.Date(2026, 3, day, hour, minute, 0, 0, rome).UTC() }
	daily := digest.Schedule{Hour: 7, Minute: 30, Days: digest.EveryDay, Zone: "Europe/Rome"}
	f.must(f.store.Adopt(f.ctx, f.clock(daily), f.now)) // it is 7:30 on Monday 2 March
	f.same(on(3, 7, 30), f.nextDue(to).UTC())
	f.configure(to, digest.Settings{PausedUntil: on(5, 7, 30)})
	f.same(on(5, 7, 30), f.nextDue(to).UTC())
	f.configure(to, digest.Settings{PausedUntil: on(5, 7, 31)})
	f.same(on(6, 7, 30), f.nextDue(to).UTC())
	own := digest.Schedule{Hour: 18, Minute: 5, Days: digest.DaysOf(time.Monday, time.Friday), Zone: "Europe/Rome"}
	f.configure(to, digest.Settings{Schedule: own})
	f.same(on(2, 18, 5), f.nextDue(to).UTC())
	f.configure(to, digest.Settings{Schedule: own, PausedUntil: on(6, 18, 6)})
	f.same(on(9, 18, 5), f.nextDue(to).UTC())
	_, err = f.store.Unsubscribe(f.ctx, to, f.now)
	f.must(err)
	_, err = f.store.NextDue(f.ctx, to, f.now)
	f.code(digest.NotFound, err)
}

func digestByID(f *steps) {
	f.queue(1, 1)
	latest, err := f.store.LatestDigest(f.ctx, place("1"))
	f.must(err)
	d, err := f.store.DigestByID(f.ctx, latest.ID)
	f.must(err)
	f.same(latest, d)
	f.same([]int{1}, numbersOf(d.Articles))
	_, err = f.store.DigestByID(f.ctx, latest.ID+1)
	f.code(digest.NotFound, err)
}
