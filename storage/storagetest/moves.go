// Moves: destinations that get another name, which may be subscribed already.

package storagetest

import (
	"time"

	"github.com/strillone/strillone/digest"
	"github.com/strillone/strillone/digest/delivery"
)

func move(f *steps) {
	f.queue(1, 1)
	f.articles(1)
	f.publish()
	c := f.exchange(1)
	sub := f.subscribe(place("1"))
	r := movedTo(c[0], place("new"))
	r.Attempts = 3
	got := f.exchange(10, r)
	f.same([]string{"new", "new"}, chats(got)) // what else is queued goes there too
	f.same(3, got[0].Attempts)
	_, err := f.store.Subscription(f.ctx, place("1"))
	f.code(digest.NotFound, err)
	sub.Destination = place("new")
	now, err := f.store.Subscription(f.ctx, place("new"))
	f.must(err)
	f.same(sub, now)
	again := f.one(movedTo(got[0], place("new")), arrived(got[1], 1)) // to where it is
	f.same(got[0].ID, again.ID)
}

// moveToSubscribed: the one that is there takes over what it would miss.
func moveToSubscribed(f *steps) {
	f.queue(1, 1)
	f.subscribe(place("new")) // begins after that edition
	d := f.one()
	got := f.one(movedTo(d, place("new")))
	f.same([]any{"new", d.ID}, []any{got.Destination.Chat, got.ID})
	f.none(arrived(got, 1))
	_, err := f.store.Subscription(f.ctx, place("1"))
	f.code(digest.NotFound, err)
	f.articles(1)
	f.same(1, f.publish())
	f.same("telegram it 1-2 1/1", f.text(f.one()))
}

// moveToOneThatHadIt: what it got by itself isn't sent again.
func moveToOneThatHadIt(f *steps) {
	f.queue(2, 1)
	c := f.exchange(10)
	f.none(arrived(c[1], 1), movedTo(c[0], place("2")))
	_, err := f.store.Subscription(f.ctx, place("1"))
	f.code(digest.NotFound, err)
	f.articles(1)
	f.same(1, f.publish())
	f.same("2", f.one().Destination.Chat)
}

// moveToOneThatWillGetIt: it has a mark before the delivery's articles, so its
// own next digest has them.
func moveToOneThatWillGetIt(f *steps) {
	f.queue(1, 1)
	f.none(arrived(f.one(), 1))
	_, _, err := f.store.Subscribe(f.ctx, place("behind"), digest.English, f.now)
	f.must(err)
	f.articles(1)
	f.now = f.now.Add(24 * time.Hour)
	f.publishOnly(digest.Italian) // English can't be rendered: "behind" keeps its mark
	f.articles(1)
	f.now = f.now.Add(24 * time.Hour)
	f.publishOnly(digest.Italian) // 2-3, and "behind" is at 1
	c := f.exchange(10)
	f.same([]string{"1", "1"}, chats(c))
	f.same([]int{3, 1}, []int{f.mark(place("1")), f.mark(place("behind"))})
	f.none(arrived(c[0], 1), movedTo(c[1], place("behind"))) // 1-2 arrived before
	f.same(1, f.publish())
	f.same("telegram en 1-3 1/1", f.text(f.one()))
}

// publishOnly publishes to one language, as when no other can be rendered.
func (f *steps) publishOnly(l digest.Language) {
	f.Helper()
	_, err := press{parts: 1, only: l}.at(f.ctx, f.store, f.now)
	f.must(err)
}

// moveToUnsubscribed: the place was left before the others came to it; it goes on
// for them, in their language, and brings nothing it brought before.
func moveToUnsubscribed(f *steps) {
	f.queue(1, 1)
	_, _, err := f.store.Subscribe(f.ctx, place("2"), digest.English, f.now)
	f.must(err)
	_, err = f.store.Unsubscribe(f.ctx, place("2"), f.now)
	f.must(err)
	f.none(arrived(f.one(movedTo(f.one(), place("2"))), 1))
	sub, err := f.store.Subscription(f.ctx, place("2"))
	f.must(err)
	f.same([]any{digest.Italian, 1}, []any{sub.Language, sub.Mark})
	_, err = f.store.Subscription(f.ctx, place("1"))
	f.code(digest.NotFound, err)
}

// moveToGone: the place ended without anybody's will, and comes back.
func moveToGone(f *steps) {
	f.queue(2, 1)
	c := f.exchange(10)
	f.none(arrived(c[0], 1), refused(c[1], delivery.Gone))
	f.articles(1)
	f.same(1, f.publish())
	got := f.one(movedTo(f.one(), place("2")))
	f.same([]string{"2", "telegram it 1-2 1/1"}, []string{got.Destination.Chat, f.text(got)})
	f.none(arrived(got, 1))
	f.same(2, f.mark(place("2")))
	_, err := f.store.Subscription(f.ctx, place("1"))
	f.code(digest.NotFound, err)
}

// moveInFlight: two digests are on their way when the place moves; both say so,
// and both arrive, in order.
func moveInFlight(f *steps) {
	f.queue(1, 1)
	f.articles(1)
	f.publish()
	f.subscribe(place("new"))
	c := f.exchange(10)
	f.same([]string{"1", "1"}, chats(c))
	got := f.exchange(10, movedTo(c[0], place("new")), movedTo(c[1], place("new")))
	f.same([]string{"new", "new"}, chats(got))
	f.same([]string{"telegram it 0-1 1/1", "telegram it 1-2 1/1"}, []string{f.text(got[0]), f.text(got[1])})
	f.none(arrived(got[0], 1), arrived(got[1], 1))
}
