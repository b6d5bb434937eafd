// What is promised of the outbox.

package storagetest

import (
	"slices"
	"sync"
	"testing"
	"time"

	"github.com/strillone/strillone/digest"
	"github.com/strillone/strillone/digest/delivery"
)

// queued subscribes n chats and queues a digest of two parts for each.
func (b *bench) queued(n int) {
	b.Helper()
	for i := range n {
		b.subscribe(i + 1)
	}
	b.publish("Titolo")
	if got := b.edition(2); got != n {
		b.Fatalf("%d deliveries queued, want %d", got, n)
	}
}

func chats(ds []delivery.Delivery) []string {
	var all []string
	for _, d := range ds {
		all = append(all, d.Destination.Chat)
	}
	return all
}

func begunDeliveriesGoFirst(t *testing.T, b *bench) {
	b.queued(5)
	first := b.claim(2)
	if got := chats(first); !slices.Equal(got, []string{"1", "2"}) {
		t.Fatalf("claimed %v", got)
	}
	parts, err := b.Parts(b.ctx(), first[0].Rendering)
	b.must(err)
	if len(parts) != 2 || string(parts[1]) != "telegram it 0-1 2/2" {
		t.Errorf("parts %q", parts)
	}
	onwards := delivery.Result{
		Delivery: first[1].ID, Subscription: first[1].Subscription, State: delivery.Queued, Part: 1,
		Arrived: &delivery.Arrival{Part: 0, Receipt: "m1"},
	}
	waits := delivery.Result{
		Delivery: first[0].ID, Subscription: first[0].Subscription, State: delivery.Queued, Attempts: 1,
		NextAttempt: b.now().Add(time.Minute), Kind: delivery.Transient, Reason: "502",
	}
	next := b.claim(10, onwards, waits)
	if got := chats(next); !slices.Equal(got, []string{"2", "3", "4", "5"}) || next[0].Part != 1 {
		t.Errorf("claimed %v, the first at part %d", got, next[0].Part)
	}
	b.slots++ // an hour later
	last := b.claim(10)
	if len(last) != 1 || last[0].ID != first[0].ID || last[0].Attempts != 1 {
		t.Errorf("after its wait: %+v", last)
	}
	if other, err := b.Exchange(b.ctx(), "discord", nil, b.now(), 10); err != nil || len(other) != 0 {
		t.Errorf("discord got telegram's: %v %v", other, err)
	}
}

func anExchangeCanBeRepeated(t *testing.T, b *bench) {
	b.queued(2)
	claimed := b.claim(1)
	done := sent(claimed[0])
	b.claim(0, done, done)
	again := done
	again.State = delivery.Queued
	b.claim(0, again)
	if got := chats(b.claim(10)); !slices.Equal(got, []string{"2"}) {
		t.Errorf("claimed %v: what was sent came back", got)
	}
}

func goneEndsTheSubscription(t *testing.T, b *bench) {
	b.queued(1)
	b.publish("Due")
	b.edition(1)
	claimed := b.claim(1)
	gone := delivery.Result{
		Delivery: claimed[0].ID, Subscription: claimed[0].Subscription, State: delivery.Failed,
		Kind: delivery.Gone, Reason: "bot was blocked by the user", Deactivate: true,
	}
	if left := b.claim(10, gone); len(left) != 0 {
		t.Errorf("claimed for one who is gone: %v", left)
	}
	_, err := b.Subscription(b.ctx(), chat("telegram", 1))
	b.wantCode(err, digest.NotFound)
	b.publish("Tre")
	if n := b.edition(1); n != 0 {
		t.Errorf("%d deliveries queued for one who is gone", n)
	}
	sub := b.subscribe(1)
	if sub.Mark != 2 {
		t.Errorf("back with mark %d, want 2", sub.Mark)
	}
}

func unsubscribingWhileQueued(t *testing.T, b *bench) {
	b.queued(3)
	claimed := b.claim(1)
	for _, n := range []int{1, 2} {
		ended, err := b.Unsubscribe(b.ctx(), chat("telegram", n), dawn)
		b.must(err)
		if !ended {
			t.Errorf("chat %d was not subscribed", n)
		}
	}
	retry := delivery.Result{Delivery: claimed[0].ID, Subscription: claimed[0].Subscription, State: delivery.Queued}
	if got := chats(b.claim(10, retry)); !slices.Equal(got, []string{"3"}) {
		t.Errorf("claimed %v", got)
	}
}

func movedDestinations(t *testing.T, b *bench) {
	b.queued(2)
	b.subscribe(9)
	_, err := b.Unsubscribe(b.ctx(), chat("telegram", 9), dawn)
	b.must(err)
	claimed := b.claim(2)
	moved := func(d delivery.Delivery, to int) delivery.Result {
		there := chat("telegram", to)
		return delivery.Result{Delivery: d.ID, Subscription: d.Subscription, State: delivery.Queued, MovedTo: &there}
	}
	// 1 moves to 9, whose subscription had ended; then 2 moves there as well.
	got := b.claim(10, moved(claimed[0], 9))
	if !slices.Equal(chats(got), []string{"9"}) {
		t.Fatalf("claimed %v", chats(got))
	}
	if got := b.claim(10, moved(claimed[1], 9)); len(got) != 0 {
		t.Errorf("the same people get it twice: %v", chats(got))
	}
	_, err = b.Subscription(b.ctx(), chat("telegram", 9))
	b.must(err)
	for _, n := range []int{1, 2} {
		_, err = b.Subscription(b.ctx(), chat("telegram", n))
		b.wantCode(err, digest.NotFound)
	}
}

func recoveringAfterACrash(t *testing.T, b *bench) {
	b.queued(4)
	claimed := b.claim(2)
	b.claim(0, sent(claimed[0]))
	b.must(b.Close())
	b.Store = b.database.Open(t)
	n, err := b.Recover(b.ctx())
	b.must(err)
	if n != 1 {
		t.Errorf("%d recovered, want 1", n)
	}
	if got := chats(b.claim(10)); !slices.Equal(got, []string{"2", "3", "4"}) {
		t.Errorf("claimed %v", got)
	}
}

func oneOwner(t *testing.T, b *bench) {
	_, err := b.Recover(b.ctx())
	b.must(err)
	other := b.database.Open(t)
	if _, err := other.Recover(b.ctx()); err == nil {
		t.Error("two own one outbox")
	}
	if _, err := other.Latest(b.ctx(), 0, 1); err != nil {
		t.Errorf("reading beside the owner: %v", err)
	}
	b.must(b.Close())
	if _, err := other.Recover(b.ctx()); err != nil {
		t.Errorf("after the owner ended: %v", err)
	}
}

func nextAttempt(t *testing.T, b *bench) {
	if at, err := b.NextAttempt(b.ctx(), "telegram"); err != nil || !at.IsZero() {
		t.Errorf("with nothing queued: %v %v", at, err)
	}
	b.queued(1)
	claimed := b.claim(1)
	want := b.now().Add(90 * time.Second)
	b.claim(0, delivery.Result{Delivery: claimed[0].ID, Subscription: claimed[0].Subscription, State: delivery.Queued, NextAttempt: want})
	if at, err := b.NextAttempt(b.ctx(), "telegram"); err != nil || !at.Equal(want) {
		t.Errorf("next %v, %v, want %v", at, err, want)
	}
}

// manyAtOnce: sixteen of each kind of writer and reader, nobody locked out.
func manyAtOnce(t *testing.T, b *bench) {
	b.queued(64)
	var guard sync.Mutex
	seen := make(map[int64]int)
	var all sync.WaitGroup
	for i := range 16 {
		all.Go(func() {
			var results []delivery.Result
			for {
				claimed, err := b.Exchange(b.ctx(), "telegram", results, b.now(), 3)
				if err != nil {
					t.Error(err)
					return
				}
				if len(claimed) == 0 {
					return
				}
				results = nil
				guard.Lock()
				for _, d := range claimed {
					seen[d.ID]++
					results = append(results, sent(d))
				}
				guard.Unlock()
			}
		})
		all.Go(func() {
			if _, _, err := b.Subscribe(b.ctx(), chat("discord", i), digest.Italian, dawn); err != nil {
				t.Error(err)
			}
		})
		all.Go(func() {
			if _, err := b.Latest(b.ctx(), 0, 5); err != nil {
				t.Error(err)
			}
		})
	}
	all.Wait()
	if len(seen) != 64 {
		t.Errorf("%d of 64 claimed", len(seen))
	}
	for id, n := range seen {
		if n != 1 {
			t.Errorf("delivery %d claimed %d times", id, n)
		}
	}
}

// whatNeverArrivedComesWithTheNext: a digest that was given up is not lost, and
// one that may have arrived is not sent again.
func whatNeverArrivedComesWithTheNext(t *testing.T, b *bench) {
	b.queued(4)
	fail := func(d delivery.Delivery, kind delivery.Kind, doubts int) delivery.Result {
		return delivery.Result{Delivery: d.ID, Subscription: d.Subscription, State: delivery.Failed, Kind: kind, Doubts: doubts, Reason: "a test"}
	}
	c := b.claim(4)
	b.claim(0, fail(c[0], delivery.AccessLost, 0), fail(c[1], delivery.Transient, 1), fail(c[2], delivery.Rejected, 0), sent(c[3]))
	b.publish("Due")
	b.edition(1)
	for i, d := range b.claim(10) {
		parts, err := b.Parts(b.ctx(), d.Rendering)
		b.must(err)
		want := "telegram it 1-2 1/1"
		if d.Destination.Chat == "1" {
			want = "telegram it 0-2 1/1"
		}
		if got := string(parts[0]); got != want {
			t.Errorf("%d: chat %s gets %q, want %q", i, d.Destination.Chat, got, want)
		}
	}
}
