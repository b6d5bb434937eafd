// Articles: drafts, numbers, and publication.

package storagetest

import (
	"errors"
	"sync"
	"time"

	"github.com/strillone/strillone/digest"
	"github.com/strillone/strillone/digest/markup"
)

func drafts(f *steps) {
	c := content("Primo")
	a := f.save(c)
	f.same(digest.Article{ID: a.ID, Revision: 1, State: digest.Draft, Content: c, Author: editor, CreatedAt: start}, a)
	if a.ID == 0 {
		f.Fatal("a draft has no id")
	}
	_, err := f.store.Article(f.ctx, 0)
	f.code(digest.NotFound, err)
	latest, err := f.store.Latest(f.ctx, 0, 10)
	f.must(err)
	f.same(0, len(latest))

	f.must(f.store.DiscardDraft(f.ctx, a.ID))
	f.code(digest.NotFound, f.store.DiscardDraft(f.ctx, a.ID))
	_, _, err = f.store.PublishDraft(f.ctx, a.ID, f.now)
	f.code(digest.NotFound, err)
	f.code(digest.NotFound, f.store.DiscardDraft(f.ctx, 999))
	if again := f.save(c); again.ID == a.ID {
		f.Fatal("the id of a discarded draft was given again")
	}
}

func draftsReplaced(f *steps) {
	c := content("Primo")
	a := f.save(c)
	again, err := f.store.SaveDraft(f.ctx, c, "telegram:2", f.now.Add(time.Hour))
	f.must(err)
	f.same(a, again)

	c.Topics = []string{"ai"} // not part of the fingerprint
	again = f.save(c)
	f.same([]int64{a.ID, 2}, []int64{again.ID, int64(again.Revision)})
	f.same(c, again.Content)

	published, fresh, err := f.store.PublishDraft(f.ctx, a.ID, f.now)
	f.must(err)
	f.same(true, fresh)
	f.same(c, published.Content)
	_, err = f.store.SaveDraft(f.ctx, content("PRIMO!"), editor, f.now)
	f.code(digest.AlreadyThere, err)
	coded, _ := errors.AsType[*digest.Error](err)
	f.same(map[string]any{"Number": 1}, coded.Data)
}

func numbers(f *steps) {
	newest, err := f.store.Newest(f.ctx)
	f.must(err)
	f.same(0, newest)
	first, second, third := f.save(content("a")), f.save(content("b")), f.save(content("c"))
	for want, a := range []digest.Article{third, first} {
		got, _, err := f.store.PublishDraft(f.ctx, a.ID, f.now)
		f.must(err)
		f.same(want+1, got.Number)
	}
	f.must(f.store.DiscardDraft(f.ctx, second.ID))
	f.same(3, f.article(content("d")).Number)
	f.code(digest.AlreadyThere, f.store.DiscardDraft(f.ctx, first.ID)) // no draft any more
	a, err := f.store.Article(f.ctx, 2)
	f.must(err)
	f.same(first.ID, a.ID)
	newest, err = f.store.Newest(f.ctx)
	f.must(err)
	f.same(3, newest)
}

func publishTwice(f *steps) {
	a := f.article(content("Primo"))
	f.same(digest.Article{ID: a.ID, Number: 1, Revision: 1, State: digest.Published, Content: content("Primo"),
		Author: editor, CreatedAt: start, PublishedAt: start}, a)
	again, fresh, err := f.store.PublishDraft(f.ctx, a.ID, f.now.Add(time.Hour))
	f.must(err)
	f.same(false, fresh)
	f.same(a, again)
	_, _, err = f.store.PublishDraft(f.ctx, a.ID+1, f.now)
	f.code(digest.NotFound, err)
}

func publishRacing(f *steps) {
	same := f.save(content("di tutti"))
	var mu sync.Mutex
	firsts, seen := 0, make(map[int]bool)
	f.race(func(i int) error {
		own, err := f.store.SaveDraft(f.ctx, content("di "+string(rune('a'+i))), editor, f.now)
		if err != nil {
			return err
		}
		mine, _, err := f.store.PublishDraft(f.ctx, own.ID, f.now)
		if err != nil {
			return err
		}
		_, fresh, err := f.store.PublishDraft(f.ctx, same.ID, f.now)
		mu.Lock()
		defer mu.Unlock()
		seen[mine.Number] = true
		if fresh {
			firsts++
		}
		return err
	})
	f.same([]int{1, racers}, []int{firsts, len(seen)})
	newest, err := f.store.Newest(f.ctx)
	f.must(err)
	f.same(racers+1, newest)
}

// saveRacing: a paste that arrives many times at once is one draft.
func saveRacing(f *steps) {
	var mu sync.Mutex
	ids := make(map[int64]bool)
	f.race(func(int) error {
		a, err := f.store.SaveDraft(f.ctx, content("Primo"), editor, f.now)
		mu.Lock()
		defer mu.Unlock()
		ids[a.ID] = true
		return err
	})
	f.same(1, len(ids))
}

func articles(f *steps) {
	f.articles(3)
	f.save(content("una bozza"))
	a, err := f.store.Article(f.ctx, 2)
	f.must(err)
	f.same("Numero 2", a.Title)
	for _, number := range []int{-1, 0, 4} {
		_, err = f.store.Article(f.ctx, number)
		f.code(digest.NotFound, err)
	}
	for limit, want := range map[int][]int{0: nil, 2: {3, 2}, 9: {3, 2, 1}, -1: nil} {
		latest, err := f.store.Latest(f.ctx, 0, limit)
		f.must(err)
		f.same(want, numbersOf(latest))
	}
}

// contents: what is read is what was written, to the last attribute.
func contents(f *steps) {
	c := digest.Content{
		Title: "Perché 'no'? \"Sì\" -- 100% <b>🗞️</b>",
		Lead:  markup.Concat(markup.T("Un "), markup.B("grande"), markup.A(" link", "https://e.it/a?b=c&d#e")),
		Body: []markup.Text{
			{{Text: "riga\nriga\ttab \u00a0\u2028", Style: markup.Italic | markup.Code}},
			markup.T("漢字 עברית \u0301"),
		},
		Abstract: []markup.Text{markup.T("In breve.")},
		Sources:  []digest.Source{{Title: "Fonte", Publisher: "Editore", Date: "aprile 2025", URL: "https://e.it"}, {Title: "Altra"}},
		Readings: []digest.Source{{Title: "Libro"}},
		Topics:   []string{"ai", "big tech"},
	}
	f.same(c, f.save(c).Content)
	written := f.article(c)
	read, err := f.store.Article(f.ctx, written.Number)
	f.must(err)
	f.same(written, read)
	f.same(c, read.Content)
}

func numbersOf(list []digest.Article) []int {
	var numbers []int
	for _, a := range list {
		numbers = append(numbers, a.Number)
	}
	return numbers
}
