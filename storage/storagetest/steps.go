// steps: a Store under test, and the steps that detailed tests are made of.

package storagetest

import (
	"context"
	"errors"
	"fmt"
	"strconv"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/strillone/strillone/digest"
	"github.com/strillone/strillone/digest/delivery"
	"github.com/strillone/strillone/storage"
)

const (
	telegram digest.Platform = "telegram"
	discord  digest.Platform = "discord"
)

// editor is who sends the articles.
const editor = "telegram:1"

// start is when every test begins.
var start = time.Date(2026, 3, 2, 6, 30, 0, 0, time.UTC)

type steps struct {
	*testing.T
	store storage.Store
	ctx   context.Context
	now   time.Time
}

func stepsOn(t *testing.T, s storage.Store) *steps {
	return &steps{T: t, store: s, ctx: t.Context(), now: start}
}

// must ends the test on an error.
func (f *steps) must(err error) {
	f.Helper()
	if err != nil {
		f.Fatal(err)
	}
}

// same ends the test when got isn't want.
func (f *steps) same(want, got any) {
	f.Helper()
	if diff := cmp.Diff(want, got); diff != "" {
		f.Fatalf("want -, got +:\n%s", diff)
	}
}

// code ends the test unless err is a coded one.
func (f *steps) code(want digest.Code, err error) {
	f.Helper()
	if !errors.Is(err, &digest.Error{Code: want}) && digest.CodeOf(err) != want {
		f.Fatalf("error %v, want %s", err, want)
	}
}

// place is a destination on Telegram.
func place(name string) digest.Destination { return digest.Destination{Platform: telegram, Chat: name} }

func (f *steps) save(c digest.Content) digest.Article {
	f.Helper()
	a, err := f.store.SaveDraft(f.ctx, c, editor, f.now)
	f.must(err)
	return a
}

// article publishes one.
func (f *steps) article(c digest.Content) digest.Article {
	f.Helper()
	a, fresh, err := f.store.PublishDraft(f.ctx, f.save(c).ID, f.now)
	f.must(err)
	f.same(true, fresh)
	return a
}

// articles publishes a number of them.
func (f *steps) articles(n int) {
	f.Helper()
	newest, err := f.store.Newest(f.ctx)
	f.must(err)
	for i := range n {
		f.article(content("Numero " + strconv.Itoa(newest+i+1)))
	}
}

func (f *steps) subscribe(to digest.Destination) digest.Subscription {
	f.Helper()
	sub, _, err := f.store.Subscribe(f.ctx, to, digest.Italian, f.now)
	f.must(err)
	return sub
}

func (f *steps) mark(to digest.Destination) int {
	f.Helper()
	sub, err := f.store.Subscription(f.ctx, to)
	f.must(err)
	return sub.Mark
}

// publish publishes the edition of now, a day after the last, and returns the
// number of deliveries.
func (f *steps) publish() int {
	f.Helper()
	return f.publishParts(1)
}

func (f *steps) publishParts(parts int) int {
	f.Helper()
	f.now = f.now.Add(24 * time.Hour)
	n, err := press{parts: parts}.at(f.ctx, f.store, f.now)
	f.must(err)
	return n
}

// exchange records results and claims for Telegram.
func (f *steps) exchange(limit int, results ...delivery.Result) []delivery.Delivery {
	f.Helper()
	claimed, err := f.store.Exchange(f.ctx, telegram, results, f.now, limit)
	f.must(err)
	return claimed
}

// one claims the only delivery that is due.
func (f *steps) one(results ...delivery.Result) delivery.Delivery {
	f.Helper()
	claimed := f.exchange(10, results...)
	if len(claimed) != 1 {
		f.Fatalf("claimed %v, want one", claimed)
	}
	return claimed[0]
}

// none makes sure that nothing is due.
func (f *steps) none(results ...delivery.Result) {
	f.Helper()
	f.same([]delivery.Delivery(nil), f.exchange(10, results...))
}

// text is the part that a delivery is to send.
func (f *steps) text(d delivery.Delivery) string {
	f.Helper()
	parts, err := f.store.Parts(f.ctx, d.Rendering)
	f.must(err)
	return string(parts[d.Part])
}

// back is a delivery put back as it was, to be tried again at a time.
func back(d delivery.Delivery, at time.Time) delivery.Result {
	return delivery.Result{
		Delivery: d.ID, Subscription: d.Subscription, State: delivery.Queued,
		Part: d.Part, Attempts: d.Attempts, Doubts: d.Doubts, NextAttempt: at,
	}
}

// arrived is a delivery of so many parts whose current one arrived.
func arrived(d delivery.Delivery, parts int) delivery.Result {
	r := back(d, time.Time{})
	r.Arrived = &delivery.Arrival{Part: d.Part, Receipt: delivery.Receipt(fmt.Sprintf("m%d.%d", d.ID, d.Part))}
	r.Part++
	r.Attempts, r.Doubts = 0, 0
	if r.Part == parts {
		r.State = delivery.Sent
	}
	return r
}

func refused(d delivery.Delivery, kind delivery.Kind) delivery.Result {
	r := back(d, time.Time{})
	r.State, r.Kind, r.Reason = delivery.Failed, kind, "the platform said so"
	r.Deactivate = kind == delivery.Gone
	return r
}

func movedTo(d delivery.Delivery, to digest.Destination) delivery.Result {
	r := back(d, time.Time{})
	r.Kind, r.MovedTo = delivery.Moved, &to
	return r
}

// racers is how many goroutines race.
const racers = 16

// race runs f in many goroutines at once and waits for them.
func (f *steps) race(run func(i int) error) {
	f.Helper()
	var all sync.WaitGroup
	for i := range racers {
		all.Go(func() {
			if err := run(i); err != nil {
				f.Errorf("racer %d: %v", i, err)
			}
		})
	}
	all.Wait()
	if f.Failed() {
		f.FailNow()
	}
}
