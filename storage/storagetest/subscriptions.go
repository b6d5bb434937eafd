// Subscriptions: beginning, ending, and beginning again.

package storagetest

import (
	"strconv"
	"sync"
	"time"

	"github.com/strillone/strillone/digest"
)

func subscribe(f *steps) {
	to := place("1")
	_, err := f.store.Subscription(f.ctx, to)
	f.code(digest.NotFound, err)

	sub, joining, err := f.store.Subscribe(f.ctx, to, digest.English, f.now)
	f.must(err)
	f.same(digest.Fresh, joining)
	f.same(digest.Subscription{ID: sub.ID, Destination: to, Settings: digest.Settings{Language: digest.English}, Active: true, CreatedAt: start}, sub)
	read, err := f.store.Subscription(f.ctx, to)
	f.must(err)
	f.same(sub, read)

	again, joining, err := f.store.Subscribe(f.ctx, to, digest.Italian, f.now.Add(time.Hour))
	f.must(err)
	f.same(digest.Already, joining)
	f.same(sub, again)

	was, err := f.store.Unsubscribe(f.ctx, to, f.now)
	f.must(err)
	f.same(true, was)
	was, err = f.store.Unsubscribe(f.ctx, to, f.now)
	f.must(err)
	f.same(false, was)
	_, err = f.store.Subscription(f.ctx, to)
	f.code(digest.NotFound, err)
	was, err = f.store.Unsubscribe(f.ctx, place("2"), f.now)
	f.must(err)
	f.same(false, was)
}

// subscribeWhere: a destination is its platform, chat and thread together.
func subscribeWhere(f *steps) {
	ids := make(map[int64]bool)
	places := []digest.Destination{
		{Platform: telegram, Chat: "1"}, {Platform: discord, Chat: "1"},
		{Platform: telegram, Chat: "1", Thread: "7"}, {Platform: telegram, Chat: "17"}, {Platform: telegram, Chat: "1", Thread: ""},
	}
	for _, p := range places {
		ids[f.subscribe(p).ID] = true
	}
	f.same(4, len(ids))
	was, err := f.store.Unsubscribe(f.ctx, places[2], f.now)
	f.must(err)
	f.same(true, was)
	f.mark(places[0])
	f.mark(places[1])
}

// subscribeAgain: who comes back keeps the settings and misses what went out
// meanwhile; who is new begins where the last edition ended.
func subscribeAgain(f *steps) {
	f.articles(2)
	first := f.subscribe(place("1")) // before the first edition there is no mark
	f.same(0, first.Mark)
	f.same(1, f.publish())
	f.articles(1)
	f.same(2, f.subscribe(place("2")).Mark)
	_, err := f.store.Unsubscribe(f.ctx, place("1"), f.now)
	f.must(err)
	f.same(1, f.publish())
	f.articles(1)

	sub, joining, err := f.store.Subscribe(f.ctx, place("1"), digest.English, f.now)
	f.must(err)
	f.same(digest.Resumed, joining)
	f.same(digest.Subscription{ID: first.ID, Destination: place("1"), Settings: digest.Settings{Language: digest.Italian}, Active: true, Mark: 3, CreatedAt: start, Ending: digest.Unsubscribed}, sub)
	f.same(3, f.subscribe(place("3")).Mark)
	f.same(3, f.publish())
	f.same(0, f.publish()) // an edition without news moves nothing
	f.same(4, f.subscribe(place("4")).Mark)
}

func subscribeRacing(f *steps) {
	var mu sync.Mutex
	firsts, ids := 0, make(map[int64]bool)
	f.race(func(i int) error {
		sub, joining, err := f.store.Subscribe(f.ctx, place("di tutti"), digest.Italian, f.now)
		if err != nil {
			return err
		}
		own := place("di " + strconv.Itoa(i))
		if _, _, err := f.store.Subscribe(f.ctx, own, digest.Italian, f.now); err != nil {
			return err
		}
		if _, err := f.store.Unsubscribe(f.ctx, own, f.now); err != nil {
			return err
		}
		mu.Lock()
		defer mu.Unlock()
		ids[sub.ID] = true
		if joining == digest.Fresh {
			firsts++
		}
		return nil
	})
	f.same([]int{1, 1}, []int{firsts, len(ids)})
}
