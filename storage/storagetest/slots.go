// Editions: who gets what, once.

package storagetest

import (
	"slices"
	"sync"
	"time"

	"github.com/strillone/strillone/digest"
	"github.com/strillone/strillone/digest/delivery"
)

func groups(f *steps) {
	for _, to := range []digest.Destination{place("1"), place("2"), {Platform: discord, Chat: "1"}} {
		f.subscribe(to)
	}
	_, _, err := f.store.Subscribe(f.ctx, place("en"), digest.English, f.now)
	f.must(err)
	none, err := f.store.Groups(f.ctx)
	f.must(err)
	f.same(0, len(none))
	f.articles(1)
	f.same(4, f.publish())
	f.articles(2)
	f.subscribe(place("3"))
	_, err = f.store.Unsubscribe(f.ctx, place("2"), f.now)
	f.must(err)
	got, err := f.store.Groups(f.ctx)
	f.must(err)
	slices.SortFunc(got, func(a, b delivery.Group) int {
		return slices.Compare([]byte(string(a.Platform)+string(a.Language)), []byte(string(b.Platform)+string(b.Language)))
	})
	f.same([]delivery.Group{
		{Platform: discord, Language: digest.Italian, Mark: 1, Size: 1},
		{Platform: telegram, Language: digest.English, Mark: 1, Size: 1},
		{Platform: telegram, Language: digest.Italian, Mark: 1, Size: 2},
	}, got)
}

func published(f *steps) {
	f.articles(5)
	f.save(content("una bozza"))
	for _, test := range []struct {
		window digest.Window
		limit  int
		want   []int
		all    int
	}{
		{digest.Window{After: 0, Through: 5}, 10, []int{5, 4, 3, 2, 1}, 5},
		{digest.Window{After: 1, Through: 4}, 2, []int{4, 3}, 3},
		{digest.Window{After: 4, Through: 9}, 10, []int{5}, 1},
		{digest.Window{After: 5, Through: 5}, 10, nil, 0},
		{digest.Window{After: 0, Through: 5}, 0, nil, 5},
	} {
		list, all, err := f.store.Published(f.ctx, test.window, test.limit)
		f.must(err)
		f.same(test.want, numbersOf(list))
		f.same(test.all, all)
	}
}

// editionAll: platforms and languages each get their rendering.
func editionAll(f *steps) {
	last, err := f.store.LastSlot(f.ctx)
	f.must(err)
	f.same(true, last.IsZero())
	f.subscribe(place("it"))
	_, _, err = f.store.Subscribe(f.ctx, place("en"), digest.English, f.now)
	f.must(err)
	f.subscribe(digest.Destination{Platform: discord, Chat: "it", Thread: "9"})
	f.articles(2)
	f.same(3, f.publishParts(2))
	last, err = f.store.LastSlot(f.ctx)
	f.must(err)
	f.same(f.now, last)

	got := make(map[string]string)
	claimed := f.exchange(10)
	onDiscord, err := f.store.Exchange(f.ctx, discord, nil, f.now, 10)
	f.must(err)
	for _, d := range append(claimed, onDiscord...) {
		got[string(d.Destination.Platform)+" "+d.Destination.Chat+" "+d.Destination.Thread] = f.text(d)
	}
	f.same(map[string]string{
		"telegram it ": "telegram it 0-2 1/2",
		"telegram en ": "telegram en 0-2 1/2",
		"discord it 9": "discord it 0-2 1/2",
	}, got)
	parts, err := f.store.Parts(f.ctx, claimed[0].Rendering)
	f.must(err)
	f.same(2, len(parts))
	parts, err = f.store.Parts(f.ctx, 999)
	f.must(err)
	f.same(0, len(parts))
}

func editionOnce(f *steps) {
	f.subscribe(place("1"))
	f.articles(1)
	e, err := edition(f.ctx, f.store, f.now, 1)
	f.must(err)
	for _, slot := range []struct {
		at   time.Time
		want int
	}{{f.now, 1}, {f.now, 0}, {f.now.Add(-time.Hour), 0}} {
		e.Slot = slot.at
		n, err := f.store.Publish(f.ctx, e)
		f.must(err)
		f.same(slot.want, n)
	}
	f.articles(1)
	e, err = edition(f.ctx, f.store, f.now, 1) // news, for a slot that is taken
	f.must(err)
	n, err := f.store.Publish(f.ctx, e)
	f.must(err)
	f.same(0, n)
	f.same(1, f.mark(place("1")))
	last, err := f.store.LastSlot(f.ctx)
	f.must(err)
	f.same(f.now, last)
	f.one()
}

func editionRacing(f *steps) {
	for i := range 50 {
		f.subscribe(place(string(rune('A' + i))))
	}
	f.articles(1)
	e, err := edition(f.ctx, f.store, f.now, 1)
	f.must(err)
	var mu sync.Mutex
	total := 0
	f.race(func(int) error {
		n, err := f.store.Publish(f.ctx, e)
		mu.Lock()
		defer mu.Unlock()
		total += n
		return err
	})
	f.same([]int{50, 50}, []int{total, len(f.exchange(1000))})
}

// editionMarks: only those who get a delivery move on.
func editionMarks(f *steps) {
	f.subscribe(place("1"))
	f.subscribe(digest.Destination{Platform: discord, Chat: "1"})
	f.articles(1)
	e, err := edition(f.ctx, f.store, f.now, 1)
	f.must(err)
	e.Digests[0].Renderings = slices.DeleteFunc(e.Digests[0].Renderings, func(r delivery.Rendering) bool { return r.Platform == discord })
	// One who joins the group between its counting and the publication is in it.
	f.subscribe(place("2"))
	n, err := f.store.Publish(f.ctx, e)
	f.must(err)
	f.same(2, n)
	f.same([]int{1, 1, 0}, []int{f.mark(place("1")), f.mark(place("2")), f.mark(digest.Destination{Platform: discord, Chat: "1"})})
	f.same(1, f.publish())
	f.same(1, f.mark(digest.Destination{Platform: discord, Chat: "1"}))
}

// editionOfTwoWindows: one window's end is another's beginning, and nobody slips
// from the first into the second.
func editionOfTwoWindows(f *steps) {
	f.articles(2)
	f.subscribe(place("early"))
	e := delivery.Edition{Slot: f.now}
	for _, w := range []digest.Window{{After: 0, Through: 1}, {After: 1, Through: 2}} {
		list, _, err := f.store.Published(f.ctx, w, 10)
		f.must(err)
		d := digest.Digest{Window: w, Articles: list}
		e.Digests = append(e.Digests, delivery.RenderedDigest{Digest: d, Renderings: []delivery.Rendering{
			rendering(d, delivery.Group{Platform: telegram, Language: digest.Italian}, 1)}})
	}
	n, err := f.store.Publish(f.ctx, e)
	f.must(err)
	f.same([]int{1, 1}, []int{n, f.mark(place("early"))})
	f.same("telegram it 0-1 1/1", f.text(f.one()))
}

// editionRefused: an edition that can't be stored leaves nothing behind.
func editionRefused(f *steps) {
	f.subscribe(place("1"))
	f.articles(1)
	e, err := edition(f.ctx, f.store, f.now, 1)
	f.must(err)
	broken := e
	broken.Digests = append(slices.Clone(e.Digests), e.Digests[0]) // the same window twice
	if _, err := f.store.Publish(f.ctx, broken); err == nil {
		f.Fatal("stored")
	}
	last, err := f.store.LastSlot(f.ctx)
	f.must(err)
	f.same(true, last.IsZero())
	f.same(0, f.mark(place("1")))
	f.none()
	n, err := f.store.Publish(f.ctx, e)
	f.must(err)
	f.same(1, n)
}

func latestDigest(f *steps) {
	_, err := f.store.LatestDigest(f.ctx, place("1"))
	f.code(digest.NotFound, err)
	f.subscribe(place("1"))
	f.articles(12)
	f.publish()
	firstSlot := f.now
	d, err := f.store.LatestDigest(f.ctx, place("new"))
	f.must(err)
	f.same([]int{12, 11, 10, 9, 8, 7, 6, 5, 4, 3}, numbersOf(d.Articles))
	articles := d.Articles
	f.same(content("Numero 12"), articles[0].Content)
	d.Articles = nil
	f.same(digest.Digest{ID: d.ID, Title: "Strillone", BuiltAt: firstSlot, Window: digest.Window{After: 0, Through: 12}, More: 2}, d)
	f.exchange(0, arrived(f.one(), 1))

	f.articles(1)
	f.subscribe(place("2"))
	f.publish()
	for _, d := range f.exchange(10) {
		if d.Destination.Chat == "2" {
			f.exchange(0, arrived(d, 1))
		} // the other is on its way
	}
	for name, through := range map[string]int{"1": 12, "2": 13, "new": 13} {
		d, err := f.store.LatestDigest(f.ctx, place(name))
		f.must(err)
		f.same(through, d.Window.Through)
	}
	_, err = f.store.Unsubscribe(f.ctx, place("1"), f.now)
	f.must(err)
	d, err = f.store.LatestDigest(f.ctx, place("1"))
	f.must(err)
	f.same(12, d.Window.Through)
}
