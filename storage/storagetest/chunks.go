// Chunks, choices, pauses and hours, each in a course of its own.

package storagetest

import (
	"errors"
	"fmt"
	"strconv"
	"time"

	"github.com/strillone/strillone/digest"
	"github.com/strillone/strillone/digest/delivery"
)

// serveDue has what is due at f.now published.
func (f *steps) serveDue(m *mortal) {
	f.Helper()
	p := press{parts: 1, now: func() time.Time { return f.now }, clock: f.clock(operators)}.on(m)
	if _, err := p.ServeDue(f.ctx); err != nil && !errors.Is(err, errDied) {
		f.Fatal(err)
	}
}

// editionDies: wherever the process dies, all get the same digest once, of the
// articles there were when it was begun.
func editionDies(f *steps) {
	f.must(f.store.Adopt(f.ctx, f.clock(operators), f.now.Add(-time.Hour))) // it is half past seven in Rome
	for i := range 7 {
		f.subscribe(place(strconv.Itoa(i)))
	}
	f.subscribe(digest.Destination{Platform: discord, Chat: "1"})
	for at := range 9 {
		for _, after := range []bool{false, true} {
			f.articles(1)
			begun := at > 0 || after
			newest, err := f.store.Newest(f.ctx)
			f.must(err)
			f.serveDue(&mortal{Editions: f.store, limit: 2, left: at, after: after})
			f.articles(1) // too late for this edition, if it was begun
			f.serveDue(&mortal{Editions: f.store, limit: 2, left: -1})
			got := f.exchange(100)
			through := newest
			if !begun {
				through++
			}
			f.same(7, len(got))
			seen := make(map[string]bool)
			for _, d := range got {
				seen[d.Destination.Chat] = true
				f.same(through, f.mark(d.Destination))
				f.exchange(0, arrived(d, 1))
			}
			f.same(7, len(seen))
			f.none()
			f.now = f.now.Add(24 * time.Hour)
		}
	}
}

// editionTooLate: who wasn't reached in time gets the articles with the next.
func editionTooLate(f *steps) {
	f.must(f.store.Adopt(f.ctx, f.clock(operators), f.now.Add(-time.Hour)))
	for i := range 5 {
		f.subscribe(place(strconv.Itoa(i)))
	}
	f.articles(1)
	f.serveDue(&mortal{Editions: f.store, limit: 2, left: 3}) // begun, rendered, the first two
	f.same(2, len(f.exchange(100)))
	f.now = f.now.Add(7 * time.Hour)
	f.serveDue(&mortal{Editions: f.store, limit: 2, left: -1})
	f.none()
	f.articles(1)
	f.now = f.now.Add(17 * time.Hour)
	f.serveDue(&mortal{Editions: f.store, limit: 2, left: -1})
	texts := make(map[string]int)
	for _, d := range f.exchange(100) {
		texts[f.text(d)]++
	}
	f.same(map[string]int{"telegram it 1-2 1/1": 2, "telegram it 0-2 1/1": 3}, texts)
}

// choicesAndForms: everyone's digest holds what they chose, in their form.
func choicesAndForms(f *steps) {
	f.must(f.store.Adopt(f.ctx, f.clock(operators), f.now.Add(-time.Hour)))
	f.subscribe(place("all"))
	for name, c := range map[string]digest.Settings{
		"ai":    {Language: digest.Italian, Choice: digest.Choice{Wanted: []string{"ai"}}},
		"no ai": {Language: digest.Italian, Choice: digest.Choice{Muted: []string{"ai"}}, Form: digest.Full},
		"chess": {Language: digest.Italian, Choice: digest.Choice{Wanted: []string{"chess"}}},
		"full":  {Language: digest.Italian, Form: digest.Full},
	} {
		f.subscribe(place(name))
		f.configure(place(name), c)
	}
	for n, topics := range [][]string{{"ai"}, {"ai", "big tech"}, nil} {
		c := content(fmt.Sprint("Numero ", n))
		c.Topics = topics
		f.article(c)
	}
	f.serveDue(&mortal{Editions: f.store, limit: 2, left: -1})
	got := make(map[string]string)
	for _, d := range f.exchange(100) {
		got[d.Destination.Chat] = f.text(d)
	}
	f.same(map[string]string{
		"all":   "telegram it 0-3 1/1",
		"full":  "telegram it 0-3 full 1/1",
		"ai":    "telegram it 0-3 of [2 1] 1/1",
		"no ai": "telegram it 0-3 of [3] full 1/1",
	}, got)
	f.same(3, f.mark(place("chess"))) // looked at, and nothing in it
	articles, all, err := f.store.Published(f.ctx, digest.Window{Through: 3}, digest.Choice{Wanted: []string{"ai"}}, 1)
	f.must(err)
	f.same([]any{2, 2}, []any{articles[0].Number, all})
	articles, all, err = f.store.Published(f.ctx, digest.Window{Through: 3}, digest.Choice{Wanted: []string{"bigtech"}}, 1)
	f.must(err)
	f.same([]any{2, 1}, []any{articles[0].Number, all}) // however it is spelled
}

// pausesAndHours: a pause is passed over, and no date has two digests.
func pausesAndHours(f *steps) {
	f.must(f.store.Adopt(f.ctx, f.clock(operators), f.now.Add(-time.Hour)))
	f.subscribe(place("pauses"))
	f.subscribe(place("moves"))
	f.configure(place("pauses"), digest.Settings{Language: digest.Italian, PausedUntil: f.now.Add(24 * time.Hour)})
	m := func() *mortal { return &mortal{Editions: f.store, limit: 2, left: -1} }
	f.articles(1)
	f.serveDue(m())
	f.none(arrived(f.one(), 1))
	f.same(0, f.mark(place("pauses")))

	nine := digest.Schedule{Hour: 9, Days: digest.EveryDay, Zone: "Europe/Rome"}
	f.configure(place("moves"), digest.Settings{Language: digest.Italian, Schedule: nine})
	f.articles(1)
	f.now = f.now.Add(90 * time.Minute)
	due, err := f.store.Due(f.ctx, f.now)
	f.must(err)
	f.same([]delivery.Due{{Schedule: due[0].Schedule, Own: nine, At: f.now}}, due)
	f.serveDue(m())
	f.none() // it had one today
	f.same(f.now.Add(24*time.Hour), f.nextDue(place("moves")).UTC())

	f.now = f.now.Add(24 * time.Hour)
	f.serveDue(m()) // half past seven's is late and within the limit
	texts := make(map[string]string)
	for _, d := range f.exchange(100) {
		texts[d.Destination.Chat] = f.text(d)
	}
	f.same(map[string]string{"moves": "telegram it 1-2 1/1", "pauses": "telegram it 0-2 1/1"}, texts)

	// Nobody is left who follows it: it is passed over.
	_, err = f.store.Unsubscribe(f.ctx, place("moves"), f.now)
	f.must(err)
	f.now = f.now.Add(24 * time.Hour)
	due, err = f.store.Due(f.ctx, f.now)
	f.must(err)
	f.same([]bool{false, true}, []bool{due[0].Idle, due[1].Idle})
	f.serveDue(m())
	next, err := f.store.NextSlot(f.ctx, f.now)
	f.must(err)
	f.same(f.now.Add(22*time.Hour+30*time.Minute), next)
}
