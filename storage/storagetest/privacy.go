// Privacy: what is kept of a person can be read, and is forgotten.

package storagetest

import (
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/strillone/strillone/digest"
	"github.com/strillone/strillone/digest/delivery"
	"github.com/strillone/strillone/digest/markup"
)

func whatIsKeptOfAPerson(t *testing.T, b *bench) {
	me := digest.Person{Platform: "telegram", ID: "7"}
	home := chat("telegram", 7)
	if r, err := b.DataOf(b.ctx(), me, home); err != nil || !r.Empty() {
		t.Errorf("of a stranger: %+v, %v", r, err)
	}
	b.must(b.Forget(b.ctx(), me, home, dawn)) // a stranger
	mine := b.mine(me, home)
	r, err := b.DataOf(b.ctx(), me, home)
	b.must(err)
	if len(r.Subscriptions) != 1 || r.Subscriptions[0].Destination != home || r.Subscriptions[0].Schedule.Minute != 13 {
		t.Errorf("subscriptions %+v", r.Subscriptions)
	}
	want := []digest.Trace{{Digest: r.Deliveries[0].Digest, Slot: r.Deliveries[0].Slot, State: "sent", Messages: []string{"m1"}}}
	if diff := cmp.Diff(want, r.Deliveries[:1], cmp.Comparer(func(a, b []string) bool { return len(a) == len(b) })); diff != "" || len(r.Deliveries) != 2 {
		t.Errorf("%d deliveries: %s", len(r.Deliveries), diff)
	}
	if len(r.Saved) != 1 || r.Saved[0].Title != "Uno" || len(r.Drafts) != 1 || r.Drafts[0].Title != "Bozza" || !cmp.Equal(r.Authored, []int{mine.Number}) {
		t.Errorf("saved %+v, drafts %+v, published %v", r.Saved, r.Drafts, r.Authored)
	}
	if len(r.Sent) != 3 || r.Sent[0].Text.String() != "Bozza in due" || r.Sent[2].Chat.Chat != "-5" {
		t.Errorf("sent %+v", r.Sent)
	}
	if !cmp.Equal(r.Buttons, []string{"ora 9 in:7", "ora 9 in:7/3", "ora in:7\nA che ora?"}) {
		t.Errorf("buttons %q", r.Buttons)
	}
}

func aPersonIsForgotten(t *testing.T, b *bench) {
	me, other := digest.Person{Platform: "telegram", ID: "7"}, digest.Person{Platform: "telegram", ID: "70"}
	home, theirs := chat("telegram", 7), chat("telegram", 70)
	mine := b.mine(me, home)
	b.subscribe(70)
	b.must(second(b.SaveFor(b.ctx(), other, mine.Number, dawn)))
	before, err := b.DataOf(b.ctx(), other, theirs)
	b.must(err)
	for range 2 {
		b.must(b.Forget(b.ctx(), me, home, dawn))
		if r, err := b.DataOf(b.ctx(), me, home); err != nil || !r.Empty() {
			t.Errorf("still kept: %+v, %v", r, err)
		}
	}
	_, err = b.Subscription(b.ctx(), home)
	b.wantCode(err, digest.NotFound)
	after, err := b.DataOf(b.ctx(), other, theirs)
	b.must(err)
	if diff := cmp.Diff(before, after); diff != "" {
		t.Errorf("of somebody else: %s", diff)
	}
	if a, err := b.Article(b.ctx(), mine.Number); err != nil || a.Author != "" {
		t.Errorf("what was published: %+v, %v", a, err)
	}
	for id, kept := range map[string]bool{"mine": false, "topic": false, "asks": false, "longer": true, "plain": true} {
		if _, err := b.Button(b.ctx(), id); (err == nil) != kept {
			t.Errorf("button %s: %v", id, err)
		}
	}
	report, err := b.Report(b.ctx())
	b.must(err)
	for _, p := range report.Platforms {
		if p.Subscriptions != 1 || p.Queued < 0 || p.ToGo() != 0 {
			t.Errorf("the report says %+v", p)
		}
	}
	// A person who was forgotten is new.
	_, joining, err := b.Subscribe(b.ctx(), home, digest.English, dawn)
	b.must(err)
	if joining != digest.Fresh {
		t.Errorf("back: %v", joining)
	}
}

// What is being sent when its reader is forgotten isn't recorded, and its id
// meets no other delivery.
func forgettingWhileSending(t *testing.T, b *bench) {
	b.subscribe(1)
	b.publish("Uno")
	b.edition(2)
	claimed := b.claim(10)
	if len(claimed) != 1 {
		t.Fatalf("%d claimed", len(claimed))
	}
	b.must(b.Forget(b.ctx(), digest.Person{Platform: "telegram", ID: "1"}, chat("telegram", 1), dawn))
	b.subscribe(2)
	b.publish("Due")
	b.edition(1)
	more := b.claim(10, sent(claimed[0]))
	if len(more) != 1 || more[0].ID == claimed[0].ID {
		t.Fatalf("claimed %+v after %+v", more, claimed)
	}
	b.claim(10, sent(claimed[0]), sent(more[0])) // a repetition
	r, err := b.DataOf(b.ctx(), digest.Person{Platform: "telegram", ID: "2"}, chat("telegram", 2))
	b.must(err)
	if len(r.Deliveries) != 1 || r.Deliveries[0].State != "sent" {
		t.Errorf("%+v", r.Deliveries)
	}
	report, err := b.Report(b.ctx())
	b.must(err)
	if len(report.Platforms) != 1 || report.Platforms[0].ToGo() != 0 || report.Platforms[0].Sent != 1 {
		t.Errorf("%+v", report.Platforms)
	}
}

// mine leaves all traces that a person can leave, and returns what they
// published.
func (b *bench) mine(me digest.Person, home digest.Destination) digest.Article {
	b.Helper()
	author := string(me.Platform) + ":" + me.ID
	_, _, err := b.Subscribe(b.ctx(), home, digest.Italian, dawn)
	b.must(err)
	draft, err := b.SaveDraft(b.ctx(), content("Uno"), author, dawn)
	b.must(err)
	a, _, err := b.PublishDraft(b.ctx(), draft.ID, dawn)
	b.must(err)
	b.edition(1)
	for _, d := range b.claim(10) {
		b.claim(0, sent(d))
	}
	b.publish("Due")
	b.edition(1)
	for _, d := range b.claim(10) {
		b.claim(0, delivery.Result{
			Delivery: d.ID, Subscription: d.Subscription, State: delivery.Failed,
			Kind: delivery.Rejected, Reason: "chat " + me.ID + " says no", Attempts: 1,
		})
	}
	b.must(second(b.SaveFor(b.ctx(), me, a.Number, dawn)))
	_, err = b.SaveDraft(b.ctx(), content("Bozza"), author, dawn)
	b.must(err)
	text := digest.Piece{Chat: home, Message: "9", Answer: home, Author: author, Text: markup.T("Bozza in due")}
	rest := text
	rest.Message = "10"
	_, err = b.SaveManuscript(b.ctx(), []digest.Piece{text, rest}, []digest.Content{content("Uno")}, dawn)
	b.must(err)
	group := text // one that waits, from a group's newsroom
	group.Chat, group.Message = chat("telegram", -5), "11"
	b.must(second(b.HoldPiece(b.ctx(), group)))
	b.must(b.SaveButtons(b.ctx(), map[string]string{
		"mine": "ora 9 in:" + home.Chat, "topic": "ora 9 in:" + home.Chat + "/3", "longer": "ora 9 in:" + home.Chat + "0", "plain": "fonti " + home.Chat,
		"asks": "ora in:" + home.Chat + "\nA che ora?",
	}))
	_, err = b.Configure(b.ctx(), home, func(s *digest.Settings) error {
		s.Schedule = digest.Schedule{Hour: 7, Minute: 13, Days: digest.EveryDay, Zone: "Europe/Rome"}
		s.PausedUntil = dawn.Add(time.Hour)
		return nil
	}, dawn)
	b.must(err)
	return a
}

func second(_ bool, err error) error { return err }
