package command

import (
	"context"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/strillone/strillone/bot"
	"github.com/strillone/strillone/digest"
	"github.com/strillone/strillone/digest/markup"
)

// TestWhoFloodsWaits: one word, then silence until the rest is over, and nobody
// else is slowed.
func TestWhoFloodsWaits(t *testing.T) {
	tab, _ := table(t)
	now := day
	tab.flood = newFlood(asking, func() time.Time { return now })
	say := func(r bot.Request) string {
		reply := tab.Command(t.Context(), r)
		return text(reply.Doc) + reply.Notice
	}
	for range asking.burst {
		if got := say(ask("aiuto")); !strings.Contains(got, "Che cosa posso fare") {
			t.Fatalf("within the burst: %s", got)
		}
	}
	if got := say(ask("aiuto")); !strings.HasPrefix(got, "Piano: rispondo di nuovo fra 10 secondi.") {
		t.Fatalf("beyond it: %s", got)
	}
	for range 5 {
		now = now.Add(time.Second)
		if reply := tab.Command(t.Context(), press(ask(""), "aiuto")); !reply.Empty() {
			t.Fatalf("told again: %+v", reply)
		}
		if reply := tab.Text(t.Context(), bot.Text{Request: ask("")}); !reply.Empty() {
			t.Fatalf("texts, too: %+v", reply)
		}
	}
	other := ask("aiuto")
	other.Actor.ID = "2"
	if got := say(other); !strings.Contains(got, "Che cosa posso fare") {
		t.Errorf("somebody else: %s", got)
	}
	now = now.Add(5 * time.Second)
	if got := say(ask("aiuto")); !strings.Contains(got, "Che cosa posso fare") {
		t.Errorf("after the rest: %s", got)
	}
}

func TestAFloodOfPressesGetsANotice(t *testing.T) {
	tab, _ := table(t)
	r := press(ask(""), "aiuto")
	r.Kind = bot.Shared
	for range asking.burst {
		tab.Command(t.Context(), r)
	}
	reply := tab.Command(t.Context(), r)
	if !reply.Personal || len(reply.Doc.Blocks) > 0 || !strings.HasPrefix(reply.Notice, "Piano") {
		t.Errorf("%+v", reply)
	}
}

// Administrators whom the platform doesn't name have one id, in all their groups.
func TestAnonymousAdministratorsAreToldApart(t *testing.T) {
	tab, _ := table(t)
	r := ask("aiuto")
	r.Kind, r.Actor.Anonymous, r.Place.Chat = bot.Shared, true, "-1"
	for range asking.burst + 1 {
		tab.Command(t.Context(), r)
	}
	r.Place.Chat = "-2"
	if reply := tab.Command(t.Context(), r); reply.Empty() {
		t.Error("another group's administrator is slowed")
	}
}

func TestWhoFloodsFindsNothing(t *testing.T) {
	tab, _ := table(t)
	now := day
	tab.finding = newFlood(looking, func() time.Time { return now })
	q := bot.Query{Actor: ask("").Actor, Limit: 5}
	for range looking.burst {
		if found := tab.Find(t.Context(), q); len(found.Articles) != 3 {
			t.Fatalf("%d found", len(found.Articles))
		}
	}
	if found := tab.Find(t.Context(), q); len(found.Articles) != 0 {
		t.Error("beyond the burst, too")
	}
	now = now.Add(looking.rest)
	if found := tab.Find(t.Context(), q); len(found.Articles) != 3 {
		t.Error("nothing after the rest")
	}
}

func TestEditorsAreTrusted(t *testing.T) {
	tab, s := table(t)
	r := ask("")
	r.Actor.ID = "7"
	for range 2 * asking.burst {
		tab.Text(t.Context(), bot.Text{Request: r, Submission: digest.Submission{Text: markup.T("Titolo")}})
	}
	if len(s.submitted) != 2*asking.burst {
		t.Errorf("%d texts taken", len(s.submitted))
	}
}

// Of however many people, no more are known at once; who is flooding is not
// forgotten for others who come once.
func TestTheFloodIsBounded(t *testing.T) {
	f := newFlood(asking, func() time.Time { return day })
	loud := asker{platform: "telegram", id: "loud"}
	for i := range 3 * seenAtOnce {
		f.wait(asker{platform: "telegram", id: fmt.Sprint(i)})
		if i%100 == 0 {
			f.wait(loud)
		}
		if n := len(f.young) + len(f.older); n > seenAtOnce {
			t.Fatalf("%d are known", n)
		}
	}
	if wait, tell := f.wait(loud); wait == 0 || tell {
		t.Errorf("who floods waits %v, and is told %v", wait, tell)
	}
}

// Many at once: for the race detector.
func TestEverybodyAtOnce(t *testing.T) {
	tab, _ := table(t)
	done := make(chan struct{})
	for i := range 8 {
		go func() {
			defer func() { done <- struct{}{} }()
			for range 50 {
				r := ask("aiuto")
				r.Actor.ID = fmt.Sprint(i % 3)
				tab.Command(context.Background(), r)
			}
		}()
	}
	for range 8 {
		<-done
	}
}
