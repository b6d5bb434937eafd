// Access: places that refuse, are left, and are returned to.

package storagetest

import (
	"github.com/strillone/strillone/digest"
	"github.com/strillone/strillone/digest/delivery"
)

// refusedTimes is a delivery refused, with its subscription's count from now on.
func refusedTimes(d delivery.Delivery, times int) delivery.Result {
	r := refused(d, delivery.AccessLost)
	r.Refusals = &times
	return r
}

// next publishes an article to everyone.
func (f *steps) next() {
	f.Helper()
	f.articles(1)
	f.publish()
}

// refusals: the count is the subscription's, comes with its deliveries, and
// stays until it is set anew, by an ending too.
func refusals(f *steps) {
	f.queue(2, 1)
	c := f.exchange(10)
	f.same([]int{0, 0}, []int{c[0].Refusals, c[1].Refusals})
	f.none(refusedTimes(c[0], 1), arrived(c[1], 1))
	f.next()
	c = f.exchange(10)
	f.same([]int{1, 0}, []int{c[0].Refusals, c[1].Refusals})
	f.none(refusedTimes(c[0], 2), arrived(c[1], 1), refusedTimes(c[0], 7)) // the last is a repetition
	f.next()
	c = f.exchange(10)
	f.same([]int{2, 0}, []int{c[0].Refusals, c[1].Refusals})
	done, none := arrived(c[0], 1), 0
	done.Refusals = &none
	f.none(done, arrived(c[1], 1))
	f.next()
	c = f.exchange(10)
	f.same([]int{0, 0}, []int{c[0].Refusals, c[1].Refusals})
}

// givenUp: it ends with its count, and begins again without.
func givenUp(f *steps) {
	f.queue(1, 1)
	f.none(refusedTimes(f.one(), 4))
	f.next()
	r := refusedTimes(f.one(), 5)
	r.Deactivate = true
	f.none(r)
	_, err := f.store.Subscription(f.ctx, place("1"))
	f.code(digest.NotFound, err)
	_, joining, err := f.store.Subscribe(f.ctx, place("1"), digest.English, f.now)
	f.must(err)
	f.same(digest.Resumed, joining)
	f.next()
	d := f.one()
	f.same([]any{0, "telegram it 2-3 1/1"}, []any{d.Refusals, f.text(d)})
}

// leave: a chat is left with all its threads, and nothing queued goes out.
func leave(f *steps) {
	thread := digest.Destination{Platform: telegram, Chat: "1", Thread: "7"}
	f.queue(2, 1)
	f.subscribe(thread)
	f.subscribe(digest.Destination{Platform: discord, Chat: "1"})
	sending := f.exchange(1)
	n, err := f.store.Leave(f.ctx, place("1"), "blocked", f.now)
	f.must(err)
	f.same(2, n)
	f.same([]string{"2"}, chats(f.exchange(10, back(sending[0], f.now))))
	for _, to := range []digest.Destination{place("1"), thread} {
		_, err = f.store.Subscription(f.ctx, to)
		f.code(digest.NotFound, err)
	}
	f.mark(place("2"))
	f.mark(digest.Destination{Platform: discord, Chat: "1"})
	n, err = f.store.Leave(f.ctx, place("1"), "kicked", f.now)
	f.must(err)
	f.same(0, n)
}

// comeBack: what ended without a reader's will goes on as it was, and brings
// nothing that went out meanwhile.
func comeBack(f *steps) {
	thread := digest.Destination{Platform: telegram, Chat: "1", Thread: "7"}
	unwanted := digest.Destination{Platform: telegram, Chat: "1", Thread: "8"}
	first := f.subscribe(place("1"))
	f.subscribe(thread)
	f.subscribe(unwanted)
	_, err := f.store.Unsubscribe(f.ctx, unwanted, f.now)
	f.must(err)
	f.articles(1)
	f.same(2, f.publish())
	r := refusedTimes(f.exchange(1)[0], 5) // of one of the two
	r.Deactivate = true
	f.exchange(0, r)
	_, err = f.store.Leave(f.ctx, place("1"), "kicked", f.now)
	f.must(err)
	f.subscribe(place("2"))
	f.next()

	subs, err := f.store.Return(f.ctx, place("1"), f.now)
	f.must(err)
	first.Mark, first.Ending = 2, digest.AccessLost
	f.same(2, len(subs))
	f.same([]any{first, thread, 2}, []any{subs[0], subs[1].Destination, subs[1].Mark})
	_, err = f.store.Subscription(f.ctx, unwanted)
	f.code(digest.NotFound, err)
	subs, err = f.store.Return(f.ctx, place("1"), f.now)
	f.must(err)
	f.same(0, len(subs))
}

// comeBackAfterMoving: who moved is elsewhere.
func comeBackAfterMoving(f *steps) {
	f.queue(2, 1)
	c := f.exchange(10)
	f.none(movedTo(c[0], place("2")), arrived(c[1], 1))
	subs, err := f.store.Return(f.ctx, place("1"), f.now)
	f.must(err)
	f.same(0, len(subs))
}
