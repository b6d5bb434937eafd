// Report: what people are told of an edition.

package storagetest

import (
	"strconv"
	"time"

	"github.com/strillone/strillone/digest"
	"github.com/strillone/strillone/digest/delivery"
)

func (f *steps) report() delivery.Report {
	f.Helper()
	r, err := f.store.Report(f.ctx)
	f.must(err)
	return r
}

func reportOfNothing(f *steps) {
	f.same(delivery.Report{}, f.report())
	f.subscribe(place("1"))
	f.same(delivery.Report{Platforms: []delivery.PlatformReport{{Platform: telegram, Subscriptions: 1}}}, f.report())
	f.now = f.now.Add(time.Hour)
	f.publish() // no news: no deliveries
	f.same(true, f.report().Slot.IsZero())
}

// report: a delivery in every state, on two platforms.
func report(f *steps) {
	f.subscribe(digest.Destination{Platform: discord, Chat: "1"})
	for i := range 8 {
		f.subscribe(place(strconv.Itoa(i + 1)))
	}
	f.articles(1)
	f.same(9, f.publishParts(2))
	c := f.exchange(6) // 7 and 8 stay queued
	sentFirst := arrived(c[0], 2)
	again := f.exchange(1, sentFirst, // its second part
		refused(c[1], delivery.Gone), refused(c[2], delivery.Rejected), refused(c[3], delivery.Rejected))
	last := refused(c[4], delivery.Rejected)
	last.Reason = "other words"
	f.exchange(0, arrived(again[0], 2), last)
	want := delivery.Report{Slot: f.now, At: f.now, Platforms: []delivery.PlatformReport{
		{Platform: discord, Subscriptions: 1, Queued: 1},
		{
			Platform: telegram, Subscriptions: 7, Queued: 2, Sending: 1, Sent: 1,
			Failures: []delivery.Reason{
				{Kind: delivery.Rejected, Count: 3, Words: "the platform said so"},
				{Kind: delivery.Gone, Count: 1, Words: "the platform said so"},
			},
		},
	}}
	f.same(want, f.report())

	// What has begun and waits is queued.
	f.exchange(0, arrived(c[5], 2))
	r := f.report().Platforms[1]
	f.same([]int{3, 0, 1, 4, 8}, []int{r.Queued, r.Sending, r.Sent, r.Failed(), r.Deliveries()})

	// Who leaves gives up what is queued.
	_, err := f.store.Unsubscribe(f.ctx, place("8"), f.now)
	f.must(err)
	r = f.report().Platforms[1]
	f.same([]int{6, 2, 5}, []int{r.Subscriptions, r.Queued, r.Failed()})
}

// reportOfDoubts: a doubt is counted once for a delivery, and stays counted.
func reportOfDoubts(f *steps) {
	f.queue(3, 2)
	c := f.exchange(3)
	doubted := back(c[0], f.now)
	doubted.Attempts, doubted.Doubts = 1, 1
	given := refused(c[1], delivery.Transient)
	given.Doubts = 2
	again := f.exchange(1, doubted, given, back(c[2], f.now.Add(time.Hour)))
	f.same(2, f.report().Platforms[0].Doubts)
	limited := back(again[0], f.now) // says nothing new
	again = f.exchange(1, limited)
	f.none(arrived(f.one(arrived(again[0], 2)), 2))
	r := f.report().Platforms[0]
	f.same([]int{2, 1, 1}, []int{r.Doubts, r.Sent, r.Queued})
}

// reportOfTheLast: an edition's report is of that one alone, and one without
// news leaves the last to be seen.
func reportOfTheLast(f *steps) {
	f.queue(2, 1)
	c := f.exchange(2)
	doubted := refused(c[0], delivery.Rejected)
	doubted.Doubts = 1
	f.exchange(0, doubted, arrived(c[1], 1))
	f.articles(1)
	f.same(2, f.publish())
	slot := f.now
	want := delivery.Report{Slot: slot, At: slot, Platforms: []delivery.PlatformReport{
		{Platform: telegram, Subscriptions: 2, Queued: 2},
	}}
	f.same(want, f.report())
	f.same(0, f.publish())
	f.same(want, f.report())
}

// reportOfABroadcast: editions that follow one another while there are deliveries
// to go are reported together, a day at the most.
func reportOfABroadcast(f *steps) {
	f.queue(2, 1)
	first := f.now
	f.articles(1)
	n, err := press{parts: 1}.at(f.ctx, f.store, f.now.Add(time.Hour))
	f.must(err)
	f.same(2, n)
	f.same(delivery.Report{Slot: first, At: first, Platforms: []delivery.PlatformReport{
		{Platform: telegram, Subscriptions: 2, Queued: 4},
	}}, f.report())
	f.articles(1)
	f.same(2, f.publish()) // a day later
	f.same(delivery.Report{Slot: f.now, At: f.now, Platforms: []delivery.PlatformReport{
		{Platform: telegram, Subscriptions: 2, Queued: 2},
	}}, f.report())
}
