package command

import (
	"slices"
	"testing"

	"github.com/strillone/strillone/bot"
)

// TestADigestAndItsArticlesTakeTurns: from the digest to a card, to its sources,
// saved on the way, and back to the digest, all in one message.
func TestADigestAndItsArticlesTakeTurns(t *testing.T) {
	tab, s := table(t)
	shown := tab.Command(t.Context(), ask("digest")).Doc.Commands()
	for _, line := range []string{"leggi 3", "fonti 3", "leggi 3", "salva 3", "utile 3 si", "abstract 3", "digest 1", "leggi 2", "digest 1"} {
		if !slices.Contains(shown, line) {
			t.Fatalf("%q isn't offered among %q", line, shown)
		}
		r := press(ask(""), line)
		r.Quoted = shown
		reply := tab.Command(t.Context(), r)
		shown = reply.Doc.Commands()
		if !reply.Replace || line != "digest 1" && !slices.Contains(shown, "digest 1") {
			t.Fatalf("%q: replaces %v, offers %q", line, reply.Replace, shown)
		}
	}
	// Other lists stay where they are, and so does everything of a group.
	r := press(ask(""), "leggi 3")
	r.Quoted = []string{"leggi 3", "leggi 1"}
	if reply := tab.Command(t.Context(), r); reply.Replace || slices.Contains(reply.Doc.Commands(), "digest 1") {
		t.Errorf("pressed in a list: %+v", reply)
	}
	r.Quoted, r.Kind = []string{"leggi 3", "leggi 2"}, bot.Shared
	if reply := tab.Command(t.Context(), r); reply.Replace {
		t.Errorf("pressed in a group: %+v", reply)
	}
	s.digest.ID = 2
	if got := text(tab.Command(t.Context(), ask("digest 1")).Doc); got == "" {
		t.Error("a digest that isn't there is answered with nothing")
	}
}
