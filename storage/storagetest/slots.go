// Editions: who gets what, once.

package storagetest

import (
	"time"

	"github.com/strillone/strillone/digest"
)

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
		list, all, err := f.store.Published(f.ctx, test.window, digest.Choice{}, test.limit)
		f.must(err)
		f.same(test.want, numbersOf(list))
		f.same(test.all, all)
	}
}

// editionAll: platforms and languages each get their rendering.
func editionAll(f *steps) {
	f.subscribe(place("it"))
	_, _, err := f.store.Subscribe(f.ctx, place("en"), digest.English, f.now)
	f.must(err)
	f.subscribe(digest.Destination{Platform: discord, Chat: "it", Thread: "9"})
	f.articles(2)
	f.same(3, f.publishParts(2))
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

// editionOnce: a slot is published once, and none before it afterwards.
func editionOnce(f *steps) {
	f.subscribe(place("1"))
	f.articles(1)
	for _, slot := range []struct {
		at   time.Time
		want int
	}{{f.now, 1}, {f.now, 0}, {f.now.Add(-time.Hour), 0}} {
		n, err := press{parts: 1}.at(f.ctx, f.store, slot.at)
		f.must(err)
		f.same(slot.want, n)
	}
	f.articles(1) // news, for a slot that is taken
	n, err := press{parts: 1}.at(f.ctx, f.store, f.now)
	f.must(err)
	f.same(0, n)
	f.same(1, f.mark(place("1")))
	f.one()
}

// editionRacing: of several Publishers those that come too late fail or find
// nothing to do, and nobody gets anything twice.
func editionRacing(f *steps) {
	for i := range 50 {
		f.subscribe(place(string(rune('A' + i))))
	}
	f.articles(1)
	f.race(func(int) error {
		_, _ = press{parts: 1}.at(f.ctx, f.store, f.now)
		return nil
	})
	_, err := press{parts: 1}.at(f.ctx, f.store, f.now)
	f.must(err)
	f.same(50, len(f.exchange(1000)))
}

// editionMarks: only those who get a delivery move on.
func editionMarks(f *steps) {
	english := place("en")
	f.subscribe(place("1"))
	_, _, err := f.store.Subscribe(f.ctx, english, digest.English, f.now)
	f.must(err)
	f.articles(1)
	n, err := press{parts: 1, only: digest.Italian}.at(f.ctx, f.store, f.now)
	f.must(err)
	f.same(1, n)
	f.same([]int{1, 0}, []int{f.mark(place("1")), f.mark(english)})
	f.same(1, f.publish())
	f.same(1, f.mark(english))
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
