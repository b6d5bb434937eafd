// What is promised of subscriptions and editions.

package storagetest

import (
	"testing"

	"github.com/strillone/strillone/digest"
)

func aSubscriptionsLife(t *testing.T, b *bench) {
	to := digest.Destination{Platform: "telegram", Chat: "1", Thread: "7"}
	_, err := b.Subscription(b.ctx(), to)
	b.wantCode(err, digest.NotFound)
	if ended, err := b.Unsubscribe(b.ctx(), to, dawn); err != nil || ended {
		t.Errorf("ended what never began: %v %v", ended, err)
	}
	sub, joining, err := b.Subscribe(b.ctx(), to, digest.English, dawn)
	b.must(err)
	if joining != digest.Fresh || !sub.Active || sub.Destination != to || sub.Language != digest.English || !sub.CreatedAt.Equal(dawn) {
		t.Errorf("subscribed: %v %+v", joining, sub)
	}
	_, joining, err = b.Subscribe(b.ctx(), to, digest.Italian, dawn)
	b.must(err)
	if joining != digest.Already {
		t.Error("subscribed twice")
	}
	_, err = b.Subscription(b.ctx(), digest.Destination{Platform: "telegram", Chat: "1"})
	b.wantCode(err, digest.NotFound)
	if ended, err := b.Unsubscribe(b.ctx(), to, dawn); err != nil || !ended {
		t.Errorf("ended %v, %v", ended, err)
	}
	_, err = b.Subscription(b.ctx(), to)
	b.wantCode(err, digest.NotFound)
	back, joining, err := b.Subscribe(b.ctx(), to, digest.Italian, dawn)
	b.must(err)
	if joining != digest.Resumed || back.ID != sub.ID || back.Language != digest.English {
		t.Errorf("back, with its settings: %v %+v", joining, back)
	}
}

func marksMoveWithDeliveries(t *testing.T, b *bench) {
	b.publish("Uno")
	early := b.subscribe(1)
	_, _, err := b.Subscribe(b.ctx(), chat("discord", 2), digest.English, dawn)
	b.must(err)
	if n := b.edition(1); n != 2 {
		t.Fatalf("%d deliveries, want 2", n)
	}
	if n := b.edition(1); n != 0 {
		t.Errorf("an empty digest went to %d", n)
	}
	late := b.subscribe(3)
	if late.Mark != 1 {
		t.Errorf("a new subscription begins at %d, not where the last edition ended", late.Mark)
	}
	b.publish("Due")
	if n := b.edition(1); n != 3 {
		t.Errorf("%d deliveries, want 3", n)
	}
	sub, err := b.Subscription(b.ctx(), early.Destination)
	b.must(err)
	if sub.Mark != 2 {
		t.Errorf("mark %d after two articles", sub.Mark)
	}
}

func theLatestDigest(t *testing.T, b *bench) {
	here, elsewhere := chat("telegram", 1), chat("telegram", 2)
	_, err := b.LatestDigest(b.ctx(), here)
	b.wantCode(err, digest.NotFound)
	b.subscribe(1)
	b.publish("Uno")
	b.publish("Due")
	b.edition(1)
	first, err := b.LatestDigest(b.ctx(), elsewhere)
	b.must(err)
	if len(first.Articles) != 2 || first.Articles[0].Number != 2 || first.Title != "Strillone" {
		t.Errorf("the newest of all: %+v", first)
	}
	for _, d := range b.claim(10) {
		b.claim(0, sent(d))
	}
	b.publish("Tre")
	b.edition(1)
	delivered, err := b.LatestDigest(b.ctx(), here)
	b.must(err)
	if delivered.ID != first.ID {
		t.Errorf("here digest %d, though only %d was delivered", delivered.ID, first.ID)
	}
}
