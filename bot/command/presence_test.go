package command

import (
	"context"
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/strillone/strillone/bot"
	"github.com/strillone/strillone/digest"
)

func (s *shelf) Leave(_ context.Context, from digest.Destination, reason string, _ time.Time) (int, error) {
	l, there := s.subscribed[from]
	if !there || s.broken != nil {
		return 0, s.broken
	}
	delete(s.subscribed, from)
	s.ended[from] = l
	s.reasons = append(s.reasons, reason)
	return 1, nil
}

func (s *shelf) Return(_ context.Context, to digest.Destination, _ time.Time) ([]digest.Subscription, error) {
	l, there := s.ended[to]
	if !there || len(s.reasons) == 0 || s.broken != nil {
		return nil, s.broken
	}
	delete(s.ended, to)
	s.subscribed[to] = l
	return []digest.Subscription{{Destination: to, Settings: digest.Settings{Language: l}, Active: true}}, nil
}

// TestComingBack: who blocked the bot and starts it again finds the settings
// there were, and so does who unsubscribed.
func TestComingBack(t *testing.T) {
	tab, s := table(t)
	here := ask("").Place
	say := func(line, language string) string {
		r := ask(line)
		r.Actor.Language = language
		return words(tab.Command(t.Context(), r).Doc)
	}
	say("start", "en")
	tab.Left(t.Context(), here, "blocked")
	if _, there := s.subscribed[here]; there || len(s.reasons) != 1 || s.reasons[0] != "blocked" {
		t.Fatalf("still subscribed, or without a reason: %v", s.reasons)
	}
	if got := say("start", "it"); !strings.Contains(got, "Bentornato!") || !strings.Contains(got, "ricevi qui il digest") || strings.Contains(got, "Ciao!") {
		t.Errorf("start: %s", got)
	}
	if s.subscribed[here] != digest.English {
		t.Errorf("the settings are %v", s.subscribed[here])
	}
	if got := say("start", "it"); strings.Contains(got, "Bentornato") || !strings.Contains(got, "già") {
		t.Errorf("start, again: %s", got)
	}
	say("disiscriviti", "it")
	if got := say("iscriviti", "en"); !strings.Contains(got, "Welcome back!") {
		t.Errorf("subscribe: %s", got)
	}
}

// TestBackInAGroup: a group is told only when there is something to go on with.
func TestBackInAGroup(t *testing.T) {
	tab, s := table(t)
	r := bot.Request{
		Actor: bot.Actor{Platform: "telegram", ID: "7", Language: "en"},
		Place: digest.Destination{Platform: "telegram", Chat: "-1"},
		Kind:  bot.Shared,
	}
	if reply := tab.Joined(t.Context(), r); !reply.Empty() {
		t.Errorf("a new group is told %s", words(reply.Doc))
	}
	s.subscribed[r.Place] = digest.Italian
	tab.Left(t.Context(), r.Place, "removed")
	if got := words(tab.Joined(t.Context(), r).Doc); !strings.Contains(got, "Di nuovo tra voi!") || !strings.Contains(got, "il digest arriva qui") {
		t.Errorf("back: %s", got)
	}
	if s.subscribed[r.Place] != digest.Italian {
		t.Errorf("the settings are %v", s.subscribed[r.Place])
	}
	if reply := tab.Joined(t.Context(), r); !reply.Empty() {
		t.Errorf("told twice: %s", words(reply.Doc))
	}
	s.broken = errors.New("the database is busy")
	tab.Left(t.Context(), r.Place, "removed")
	if reply := tab.Joined(t.Context(), r); !reply.Empty() {
		t.Errorf("a fault is told to a group: %s", words(reply.Doc))
	}
}
