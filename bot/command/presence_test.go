package command

import (
	"errors"
	"strings"
	"testing"

	"github.com/strillone/strillone/bot"
	"github.com/strillone/strillone/digest"
)

// TestComingBack: who blocked the bot and starts it again finds the settings
// there were, and so does who unsubscribed.
func TestComingBack(t *testing.T) {
	tab, s := table(t)
	here := ask("").Place
	say := func(line, language string) string {
		r := ask(line)
		r.Actor.Language = language
		return text(tab.Command(t.Context(), r).Doc)
	}
	say("start", "en")
	tab.Left(t.Context(), here, "blocked")
	if _, there := s.subscribed[here]; there || len(s.reasons) != 1 || s.reasons[0] != "blocked" {
		t.Fatalf("still subscribed, or without a reason: %v", s.reasons)
	}
	if got := say("start", "it"); !strings.Contains(got, "Welcome back!") || !strings.Contains(got, "I couldn’t write to you any more") || !strings.Contains(got, "you get the digest here") || strings.Contains(got, "Hi!") {
		t.Errorf("start: %s", got)
	}
	if s.subscribed[here].Language != digest.English {
		t.Errorf("the settings are %v", s.subscribed[here])
	}
	if got := say("start", "it"); strings.Contains(got, "Welcome back") || !strings.Contains(got, "already") {
		t.Errorf("start, again: %s", got)
	}
	say("disiscriviti", "it")
	if got := say("iscriviti", "en"); !strings.Contains(got, "Welcome back!") {
		t.Errorf("subscribe: %s", got)
	}
}

// TestBackInAGroup: a group is told how to begin, or that digests go on; once.
func TestBackInAGroup(t *testing.T) {
	tab, s := table(t)
	r := bot.Request{
		Actor: bot.Actor{Platform: "telegram", ID: "7", Language: "en"},
		Place: digest.Destination{Platform: "telegram", Chat: "-1"},
		Kind:  bot.Shared,
	}
	if reply := tab.Joined(t.Context(), r); !strings.Contains(text(reply.Doc), "/iscriviti") || reply.Personal {
		t.Errorf("a new group is told %s", text(reply.Doc))
	}
	s.subscribed[r.Place] = digest.Settings{Language: digest.Italian}
	tab.Left(t.Context(), r.Place, "removed")
	if got := text(tab.Joined(t.Context(), r).Doc); !strings.Contains(got, "Di nuovo tra voi!") || !strings.Contains(got, "non ero più qui") || !strings.Contains(got, "il digest arriva qui") {
		t.Errorf("back: %s", got)
	}
	if s.subscribed[r.Place].Language != digest.Italian {
		t.Errorf("the settings are %v", s.subscribed[r.Place])
	}
	if reply := tab.Joined(t.Context(), r); !reply.Empty() {
		t.Errorf("told twice: %s", text(reply.Doc))
	}
	s.broken = errors.New("the database is busy")
	tab.Left(t.Context(), r.Place, "removed")
	if reply := tab.Joined(t.Context(), r); !reply.Empty() {
		t.Errorf("a fault is told to a group: %s", text(reply.Doc))
	}
}
