// The Store as a whole: its health, and contexts that end.

package storagetest

import (
	"context"
	"errors"
	"time"

	"github.com/strillone/strillone/digest"
	"github.com/strillone/strillone/digest/delivery"
	"github.com/strillone/strillone/digest/search"
)

func check(f *steps) {
	f.must(f.store.Check(f.ctx))
	f.queue(2, 1)
	f.must(f.store.Check(f.ctx))
	f.same(2, len(f.exchange(10)))
	f.must(f.store.Close())
	if err := f.store.Check(f.ctx); err == nil {
		f.Fatal("a closed database passes")
	}
}

func contextEnded(f *steps) {
	f.queue(1, 1)
	ctx, end := context.WithCancel(f.ctx)
	end()
	s := f.store
	for name, call := range map[string]func() error{
		"SaveDraft":    func() error { _, err := s.SaveDraft(ctx, content("x"), editor, f.now); return err },
		"PublishDraft": func() error { _, _, err := s.PublishDraft(ctx, 1, f.now); return err },
		"DiscardDraft": func() error { return s.DiscardDraft(ctx, 1) },
		"Article":      func() error { _, err := s.Article(ctx, 1); return err },
		"Latest":       func() error { _, err := s.Latest(ctx, 0, 1); return err },
		"Match":        func() error { _, err := s.Match(ctx, "x", 1); return err },
		"Search":       func() error { _, err := s.Search(ctx, search.Query{}, search.Page{Size: 1}); return err },
		"Near":         func() error { _, err := s.Near(ctx, search.Parse("numero", time.UTC), 1); return err },
		"Begins":       func() error { _, err := s.Begins(ctx, "x", search.Page{Size: 1}); return err },
		"Titled":       func() error { _, err := s.Titled(ctx, "x"); return err },
		"Related":      func() error { _, err := s.Related(ctx, 1, 1); return err },
		"Topics":       func() error { _, err := s.Topics(ctx); return err },
		"Months":       func() error { _, err := s.Months(ctx, time.UTC); return err },
		"SaveFor":      func() error { _, err := s.SaveFor(ctx, digest.Person{}, 1, f.now); return err },
		"UnsaveFor":    func() error { _, err := s.UnsaveFor(ctx, digest.Person{}, 1); return err },
		"SavedBy":      func() error { _, _, err := s.SavedBy(ctx, digest.Person{}, search.Page{Size: 1}); return err },
		"HasSaved":     func() error { _, err := s.HasSaved(ctx, digest.Person{}, 1); return err },
		"Rate":         func() error { _, err := s.Rate(ctx, 1, digest.Usefulness{Useful: 1}); return err },
		"Usefulness":   func() error { _, err := s.Usefulness(ctx, 1); return err },
		"LatestDigest": func() error { _, err := s.LatestDigest(ctx, place("1")); return err },
		"Subscribe":    func() error { _, _, err := s.Subscribe(ctx, place("2"), digest.Italian, f.now); return err },
		"Unsubscribe":  func() error { _, err := s.Unsubscribe(ctx, place("1"), f.now); return err },
		"Configure": func() error {
			_, err := s.Configure(ctx, place("1"), func(*digest.Settings) error { return nil }, f.now)
			return err
		},
		"NextDue":      func() error { _, err := s.NextDue(ctx, place("1"), f.now); return err },
		"DigestByID":   func() error { _, err := s.DigestByID(ctx, 1); return err },
		"Leave":        func() error { _, err := s.Leave(ctx, place("1"), "x", f.now); return err },
		"Return":       func() error { _, err := s.Return(ctx, place("1"), f.now); return err },
		"Subscription": func() error { _, err := s.Subscription(ctx, place("1")); return err },
		"Adopt":        func() error { return s.Adopt(ctx, f.clock(digest.Schedule{Days: 1, Zone: "UTC"}), f.now) },
		"Due":          func() error { _, err := s.Due(ctx, f.now); return err },
		"NextSlot":     func() error { _, err := s.NextSlot(ctx, f.now); return err },
		"Begin":        func() error { _, _, err := s.Begin(ctx, delivery.Operators, f.now, 0, f.now); return err },
		"Enqueue":      func() error { _, err := s.Enqueue(ctx, delivery.Chunk{Limit: 1}); return err },
		"Pass":         func() error { return s.Pass(ctx, delivery.Operators, f.now, f.now) },
		"Published": func() error {
			_, _, err := s.Published(ctx, digest.Window{Through: 1}, digest.Choice{}, 1)
			return err
		},
		"Newest":      func() error { _, err := s.Newest(ctx); return err },
		"Exchange":    func() error { _, err := s.Exchange(ctx, telegram, nil, f.now, 1); return err },
		"Parts":       func() error { _, err := s.Parts(ctx, 1); return err },
		"NextAttempt": func() error { _, err := s.NextAttempt(ctx, telegram); return err },
		"Check":       func() error { return s.Check(ctx) },
	} {
		if err := call(); !errors.Is(err, context.Canceled) {
			f.Errorf("%s: %v", name, err)
		}
	}
	f.one() // and nothing changed
}
