// What is promised of articles.

package storagetest

import (
	"errors"
	"fmt"
	"sync"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/strillone/strillone/digest"
	"github.com/strillone/strillone/digest/markup"
)

func numbersNeverChange(t *testing.T, b *bench) {
	drafts := make([]digest.Article, 16)
	for i := range drafts {
		var err error
		drafts[i], err = b.SaveDraft(b.ctx(), content(fmt.Sprint("Titolo ", i)), "test", dawn)
		b.must(err)
	}
	b.must(b.DiscardDraft(b.ctx(), drafts[3].ID))
	numbers := make(map[int]int64)
	var guard sync.Mutex
	var all sync.WaitGroup
	for i, d := range drafts {
		for range 2 { // a button pressed twice
			all.Go(func() {
				a, _, err := b.PublishDraft(b.ctx(), d.ID, dawn)
				if i == 3 {
					b.wantCode(err, digest.NotFound)
					return
				}
				if err != nil {
					t.Error(err)
					return
				}
				guard.Lock()
				defer guard.Unlock()
				if other, taken := numbers[a.Number]; taken && other != a.ID {
					t.Errorf("#%d was given to %d and to %d", a.Number, other, a.ID)
				}
				numbers[a.Number] = a.ID
			})
		}
	}
	all.Wait()
	for n := 1; n <= 15; n++ {
		a, err := b.Article(b.ctx(), n)
		b.must(err)
		if a.ID != numbers[n] || a.Number != n {
			t.Errorf("#%d is article %d, was %d", n, a.ID, numbers[n])
		}
	}
	if newest, err := b.Newest(b.ctx()); err != nil || newest != 15 {
		t.Errorf("newest %d, %v", newest, err)
	}
	_, err := b.Article(b.ctx(), 16)
	b.wantCode(err, digest.NotFound)
}

func draftsAreRevised(t *testing.T, b *bench) {
	first, err := b.SaveDraft(b.ctx(), content("Titolo"), "a", dawn)
	b.must(err)
	again, err := b.SaveDraft(b.ctx(), content("Titolo"), "a", dawn)
	b.must(err)
	if again.ID != first.ID || again.Revision != 1 {
		t.Errorf("the same text again: draft %d revision %d", again.ID, again.Revision)
	}
	changed := content("Titolo")
	changed.Topics = []string{"ai"}
	second, err := b.SaveDraft(b.ctx(), changed, "b", dawn)
	b.must(err)
	if second.ID != first.ID || second.Revision != 2 || len(second.Topics) != 1 {
		t.Errorf("with a topic: %+v", second)
	}
	published, _, err := b.PublishDraft(b.ctx(), first.ID, dawn)
	b.must(err)
	if diff := cmp.Diff(changed, published.Content); diff != "" {
		t.Error(diff)
	}
	b.wantCode(b.DiscardDraft(b.ctx(), first.ID), digest.AlreadyThere)
	b.wantCode(b.DiscardDraft(b.ctx(), 999), digest.NotFound)

	discarded, err := b.SaveDraft(b.ctx(), content("Altro"), "a", dawn)
	b.must(err)
	b.must(b.DiscardDraft(b.ctx(), discarded.ID))
	later, err := b.SaveDraft(b.ctx(), content("Altro ancora"), "a", dawn)
	b.must(err)
	if later.ID == discarded.ID {
		t.Error("a discarded draft's id was given again: its buttons would act on another draft")
	}
}

func noArticleTwice(t *testing.T, b *bench) {
	a := b.publish("Titolo")
	_, err := b.SaveDraft(b.ctx(), content("  TITOLO! "), "test", dawn)
	if digest.CodeOf(err) == "" {
		// the body differs with the title, so this one is another article
		b.must(err)
	}
	_, err = b.SaveDraft(b.ctx(), content("Titolo"), "test", dawn)
	b.wantCode(err, digest.AlreadyThere)
	if coded, ok := errors.AsType[*digest.Error](err); ok && coded.Data["Number"] != a.Number {
		t.Errorf("known as %v, want %d", coded.Data["Number"], a.Number)
	}
	again, fresh, err := b.PublishDraft(b.ctx(), a.ID, dawn.AddDate(0, 0, 1))
	b.must(err)
	if fresh || again.Number != a.Number || !again.PublishedAt.Equal(a.PublishedAt) {
		t.Errorf("published again: %+v", again)
	}
}

func contentSurvives(t *testing.T, b *bench) {
	c := digest.Content{
		Title:    "L’«intelligenza» 🗞 <b>\u00a0e \\ ' \" ; DROP",
		Lead:     markup.Text{{Text: "grassetto", Style: markup.Bold}, {Text: " e "}, {Text: "qui", URL: "https://example.org/?a=1&b=2"}},
		Body:     []markup.Text{markup.T("uno\ndue"), markup.T("tre")},
		Abstract: []markup.Text{markup.T("sintesi")},
		Sources:  []digest.Source{{Title: "F", Publisher: "P", Date: "2025", URL: "https://example.org"}},
		Readings: []digest.Source{{Title: "L"}},
		Topics:   []string{"ai", "big tech"},
	}
	draft, err := b.SaveDraft(b.ctx(), c, "telegram:7", dawn)
	b.must(err)
	_, _, err = b.PublishDraft(b.ctx(), draft.ID, dawn)
	b.must(err)
	a, err := b.Article(b.ctx(), 1)
	b.must(err)
	want := digest.Article{ID: draft.ID, Number: 1, Revision: 1, State: digest.Published, Content: c, Author: "telegram:7", CreatedAt: dawn, PublishedAt: dawn}
	if diff := cmp.Diff(want, a); diff != "" {
		t.Error(diff)
	}
}

func matching(t *testing.T, b *bench) {
	b.publish("Le batterie al sodio nei condomini")
	b.publish("Modelli di linguaggio più piccoli")
	b.publish("Un modello per la città")
	_, err := b.SaveDraft(b.ctx(), content("Modelli segreti"), "test", dawn)
	b.must(err)
	for words, want := range map[string]int{
		"batterie":            1,
		"BATTERIA":            1,
		"sodio condomini":     1,
		"linguaggio":          2,
		"citta":               3,
		"modello citta":       3,
		"piu piccolo":         2,
		"condominio zanzibar": 1,
		"segreti":             0,
		"zanzibar":            0,
		"":                    0,
		`"`:                   0,
		`" OR title:* NEAR(`:  0,
		"🗞":                   0,
		"AND":                 0,
	} {
		found, err := b.Match(b.ctx(), words, 1)
		b.must(err)
		got := 0
		if len(found) > 0 {
			got = found[0].Number
		}
		if got != want {
			t.Errorf("%q finds #%d, want #%d", words, got, want)
		}
	}
	latest, err := b.Latest(b.ctx(), 0, 2)
	b.must(err)
	if len(latest) != 2 || latest[0].Number != 3 || latest[1].Number != 2 {
		t.Errorf("latest: %+v", latest)
	}
	older, err := b.Latest(b.ctx(), 2, 5)
	b.must(err)
	if len(older) != 2 || older[0].Number != 2 || older[1].Number != 1 {
		t.Errorf("up to #2: %+v", older)
	}
}
