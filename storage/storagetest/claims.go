// Outbox: claims, results, and what a crash leaves.

package storagetest

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"sync"
	"time"

	"github.com/strillone/strillone/digest"
	"github.com/strillone/strillone/digest/delivery"
)

// queue subscribes chats "1" to "n" and queues an edition for them.
func (f *steps) queue(n, parts int) {
	f.Helper()
	for i := range n {
		f.subscribe(place(strconv.Itoa(i + 1)))
	}
	f.articles(1)
	f.same(n, f.publishParts(parts))
}

func claims(f *steps) {
	f.queue(3, 1)
	sub, err := f.store.Subscription(f.ctx, place("1"))
	f.must(err)
	f.same(0, len(f.exchange(0)))
	f.same(0, len(f.exchange(-1)))
	first := f.exchange(2)
	f.same([]string{"1", "2"}, chats(first))
	f.same(delivery.Delivery{ID: first[0].ID, Subscription: sub.ID, Destination: place("1"), Rendering: first[0].Rendering}, first[0])
	f.same([]string{"3"}, chats(f.exchange(2)))
	f.none()
	onDiscord, err := f.store.Exchange(f.ctx, discord, nil, f.now, 10)
	f.must(err)
	f.same(0, len(onDiscord))
}

// claimOrder: what has begun comes first, then what is due longest; what is to
// be sent at once is due longest of all.
func claimOrder(f *steps) {
	f.queue(6, 3)
	c := f.exchange(10)
	begunAt := func(d delivery.Delivery, at time.Time) delivery.Result {
		r := arrived(d, 3)
		r.NextAttempt = at
		return r
	}
	f.exchange(0,
		back(c[0], f.now.Add(time.Minute)),
		back(c[1], time.Time{}),
		back(c[2], f.now.Add(time.Second)),
		begunAt(c[3], f.now.Add(2*time.Minute)),
		begunAt(c[4], time.Time{}),
		back(c[5], f.now.Add(time.Second)))
	f.now = f.now.Add(time.Hour)
	got := f.exchange(4)
	f.same([]string{"5", "4", "2", "3"}, chats(got))
	f.same([]int{1, 1, 0, 0}, []int{got[0].Part, got[1].Part, got[2].Part, got[3].Part})
	f.same([]string{"6", "1"}, chats(f.exchange(4)))
}

func results(f *steps) {
	f.queue(1, 2)
	d := f.one()
	r := back(d, f.now.Add(time.Minute))
	r.Attempts, r.Doubts, r.Kind, r.Reason = 2, 1, delivery.Transient, "time-out"
	f.none(r) // not due yet
	f.now = f.now.Add(time.Minute)
	d = f.one()
	f.same([]int{0, 2, 1}, []int{d.Part, d.Attempts, d.Doubts})
	d = f.one(arrived(d, 2)) // claimed as it is recorded
	f.same([]int{1, 0, 0}, []int{d.Part, d.Attempts, d.Doubts})
	f.same("telegram it 0-1 2/2", f.text(d))
	f.none(arrived(d, 2))
	f.now = f.now.Add(1000 * time.Hour)
	f.none()
}

// resultsRepeated: an Exchange whose outcome is unknown is repeated.
func resultsRepeated(f *steps) {
	f.queue(3, 2)
	c := f.exchange(10)
	list := []delivery.Result{arrived(c[0], 2), back(c[1], f.now.Add(time.Hour)), refused(c[2], delivery.Rejected)}
	first := f.exchange(10, list...)
	f.same([]string{"1"}, chats(first))
	second := f.exchange(10, list...) // as if the first had failed
	f.same(first, second)
	f.none(arrived(second[0], 2))
	f.none(list...)
	f.none(arrived(second[0], 2))
	f.now = f.now.Add(time.Hour)
	d := f.one(list...)
	f.same("2", d.Destination.Chat)

	ended, end := context.WithCancel(f.ctx)
	end()
	if _, err := f.store.Exchange(ended, telegram, []delivery.Result{arrived(d, 2)}, f.now, 10); !errors.Is(err, context.Canceled) {
		f.Fatal(err)
	}
	f.same(1, f.one(arrived(d, 2)).Part)
}

// resultsOfOthers: a result for what isn't being sent changes nothing.
func resultsOfOthers(f *steps) {
	f.queue(1, 1)
	f.exchange(0, delivery.Result{Delivery: 999, Subscription: 999, State: delivery.Queued, Deactivate: true})
	f.exchange(0, delivery.Result{Delivery: 999, State: delivery.Queued, MovedTo: &digest.Destination{Platform: telegram, Chat: "2"}}, delivery.Result{})
	d := f.one()
	f.none(arrived(d, 1))
	f.none(back(d, time.Time{}))
	f.none(refused(d, delivery.Gone))
	f.mark(place("1")) // still active
}

func nextAttempts(f *steps) {
	next := func() time.Time {
		f.Helper()
		at, err := f.store.NextAttempt(f.ctx, telegram)
		f.must(err)
		return at
	}
	f.same(true, next().IsZero())
	f.queue(2, 2)
	f.same(f.now, next())
	c := f.exchange(10)
	f.same(true, next().IsZero())
	begun := arrived(c[1], 2)
	begun.NextAttempt = f.now.Add(time.Minute)
	f.exchange(0, back(c[0], f.now.Add(time.Hour)), begun)
	f.same(f.now.Add(time.Minute), next())
	at, err := f.store.NextAttempt(f.ctx, discord)
	f.must(err)
	f.same(true, at.IsZero())
	f.now = f.now.Add(time.Minute)
	f.exchange(0, back(f.one(), time.Time{}))
	if at := next(); at.IsZero() || at.After(f.now) {
		f.Fatalf("what is to be sent at once is due at %v", at)
	}
}

func unsubscribeQueued(f *steps) {
	f.queue(2, 1)
	_, err := f.store.Unsubscribe(f.ctx, place("1"), f.now)
	f.must(err)
	f.same("2", f.one().Destination.Chat)
	f.subscribe(place("1")) // what was given up stays so
	f.none()
}

func unsubscribeSending(f *steps) {
	f.queue(3, 2)
	c := f.exchange(10)
	for _, name := range []string{"1", "2", "3"} {
		_, err := f.store.Unsubscribe(f.ctx, place(name), f.now)
		f.must(err)
	}
	f.none(arrived(c[0], 2), back(c[1], f.now)) // both go no further
	at, err := f.store.NextAttempt(f.ctx, telegram)
	f.must(err)
	f.same(true, at.IsZero())
	f.subscribe(place("3")) // came back before the answer: it goes on
	f.same("3", f.one(arrived(c[2], 2)).Destination.Chat)
}

func deactivate(f *steps) {
	f.queue(2, 1)
	f.articles(1)
	f.same(2, f.publish())
	c := f.exchange(1)
	f.same([]string{"1"}, chats(c))
	f.same([]string{"2", "2"}, chats(f.exchange(10, refused(c[0], delivery.Gone))))
	_, err := f.store.Subscription(f.ctx, place("1"))
	f.code(digest.NotFound, err)
	f.articles(1)
	f.same(1, f.publish())
	sub, joining, err := f.store.Subscribe(f.ctx, place("1"), digest.Italian, f.now)
	f.must(err)
	f.same(digest.Resumed, joining)
	f.same(3, sub.Mark)
}

// recovery: what was being sent when the process died is sent again, before what
// hasn't begun.
func recovery(f *steps) {
	f.queue(4, 2)
	c := f.exchange(3) // 4 stays queued
	f.same([]string{"1"}, chats(f.exchange(1, arrived(c[0], 2), back(c[2], f.now.Add(time.Hour)))))
	n, err := f.store.Recover(f.ctx) // 1, at its second part, and 2
	f.must(err)
	f.same(2, n)
	again := f.exchange(10)
	f.same([]string{"1", "2", "4"}, chats(again))
	f.same([]int{1, 0, 0}, []int{again[0].Part, again[1].Part, again[2].Part})
	f.same([]int{1, 1, 0}, []int{again[0].Doubts, again[1].Doubts, again[2].Doubts})
	f.none(arrived(again[0], 2), arrived(again[1], 1), arrived(again[2], 1))
	n, err = f.store.Recover(f.ctx)
	f.must(err)
	f.same(0, n)
}

func recoverEnded(f *steps) {
	f.queue(2, 1)
	f.exchange(10)
	_, err := f.store.Unsubscribe(f.ctx, place("1"), f.now)
	f.must(err)
	n, err := f.store.Recover(f.ctx)
	f.must(err)
	f.same(1, n)
	f.same("2", f.one().Destination.Chat)
	f.subscribe(place("1"))
	f.none()
}

// exchangeRacing: every delivery is claimed once, whoever asks.
func exchangeRacing(f *steps) {
	const n = 400
	for i := range n {
		f.subscribe(place(strconv.Itoa(i)))
	}
	f.articles(1)
	f.same(n, f.publish())
	var mu sync.Mutex
	times := make(map[int64]int)
	f.race(func(int) error {
		var results []delivery.Result
		for {
			claimed, err := f.store.Exchange(f.ctx, telegram, results, f.now, 7)
			if err != nil || len(claimed) == 0 {
				return err
			}
			results = nil
			mu.Lock()
			for _, d := range claimed {
				times[d.ID]++
				results = append(results, arrived(d, 1))
			}
			mu.Unlock()
		}
	})
	f.same(n, len(times))
	for id, n := range times {
		if n != 1 {
			f.Errorf("delivery %d was claimed %d times", id, n)
		}
	}
	n2, err := f.store.Recover(f.ctx)
	f.must(err)
	f.same(0, n2)
}

// everythingRacing: all that goes on in a busy bot at once; nobody gets an
// article twice, and who stays to the end gets them all.
func everythingRacing(f *steps) {
	var mu sync.Mutex
	got := make(map[string][]string)
	slots := make(chan time.Time, racers)
	for i := range racers {
		slots <- f.now.Add(time.Duration(i+1) * time.Hour)
	}
	late := f.now.Add(100 * time.Hour)
	var one sync.Mutex // there is one Publisher
	publish := func() error {
		one.Lock()
		defer one.Unlock()
		_, err := press{parts: 1}.at(f.ctx, f.store, <-slots)
		return err
	}
	send := func() (int, error) {
		claimed, err := f.store.Exchange(f.ctx, telegram, nil, late, 20)
		if err != nil {
			return 0, err
		}
		results := make([]delivery.Result, 0, len(claimed))
		for _, d := range claimed {
			parts, err := f.store.Parts(f.ctx, d.Rendering)
			if err != nil {
				return 0, err
			}
			mu.Lock()
			got[d.Destination.Chat] = append(got[d.Destination.Chat], string(parts[0]))
			mu.Unlock()
			results = append(results, arrived(d, 1))
		}
		_, err = f.store.Exchange(f.ctx, telegram, results, late, 0)
		return len(claimed), err
	}
	for i := range racers {
		f.subscribe(place("stays " + strconv.Itoa(i)))
	}
	f.race(func(i int) error {
		goes := place("goes " + strconv.Itoa(i))
		for step := range 4 {
			a, err := f.store.SaveDraft(f.ctx, content(fmt.Sprintf("di %d, %d", i, step)), editor, f.now)
			if err != nil {
				return err
			}
			if _, _, err := f.store.PublishDraft(f.ctx, a.ID, f.now); err != nil {
				return err
			}
			if _, _, err := f.store.Subscribe(f.ctx, goes, digest.Italian, f.now); err != nil {
				return err
			}
			if step == i%4 {
				if err := publish(); err != nil {
					return err
				}
			}
			if _, err := send(); err != nil {
				return err
			}
			if _, err := f.store.Unsubscribe(f.ctx, goes, f.now); err != nil {
				return err
			}
		}
		return nil
	})
	f.now = late
	f.publish()
	late = f.now
	for n := 1; n > 0; {
		var err error
		n, err = send()
		f.must(err)
	}
	for name, texts := range got {
		f.windows(name, texts)
	}
	for i := range racers {
		f.same(racers*4, f.mark(place("stays "+strconv.Itoa(i))))
	}
}

// windows makes sure that what a chat got doesn't overlap, and has no gap for
// those who stayed.
func (f *steps) windows(name string, texts []string) {
	f.Helper()
	type window struct{ after, through int }
	var list []window
	for _, text := range texts {
		var platform, language string
		var w window
		if _, err := fmt.Sscanf(text, "%s %s %d-%d", &platform, &language, &w.after, &w.through); err != nil {
			f.Fatalf("%q: %v", text, err)
		}
		list = append(list, w)
	}
	slices.SortFunc(list, func(a, b window) int { return a.after - b.after })
	for i, w := range list {
		if w.after >= w.through || i > 0 && w.after < list[i-1].through {
			f.Errorf("%s got %v", name, list)
		}
		if stays := name[0] == 's'; stays && (i == 0 && w.after != 0 || i > 0 && w.after != list[i-1].through) {
			f.Errorf("%s got %v, and missed something", name, list)
		}
	}
}
