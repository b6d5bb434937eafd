package telegram

import (
	"testing"

	"github.com/strillone/strillone/bot"
	"github.com/strillone/strillone/digest/delivery"
	"github.com/strillone/strillone/digest/markup"
)

func TestNoticeboard(t *testing.T) {
	s := newStage(t, newsroom())
	say := func(text string) markup.Doc {
		return markup.Doc{Blocks: []markup.Block{markup.Paragraph{Text: markup.T(text)}}}
	}
	n, err := s.a.Post(t.Context(), "42", say("▓░ 50%"))
	if err != nil {
		t.Fatal(err)
	}
	for _, text := range []string{"▓▓ 100%", "▓▓ 100%"} { // the second changes nothing
		if err := s.a.Edit(t.Context(), n, say(text)); err != nil {
			t.Fatal(err)
		}
	}
	if all := s.Messages(); len(all) != 1 || all[0].Chat != adaID || all[0].Text != "▓▓ 100%" || all[0].Edits != 1 {
		t.Errorf("%+v", all)
	}
	if _, err := s.a.Post(t.Context(), "4711", say("?")); delivery.FailureOf(err).Kind != delivery.Gone {
		t.Errorf("to a stranger: %v", err)
	}
	unknown := bot.Notice{Place: n.Place, Receipt: "999"}
	if err := s.a.Edit(t.Context(), unknown, say("?")); delivery.FailureOf(err).Kind != delivery.Rejected {
		t.Errorf("a message that isn't there: %v", err)
	}
	if _, err := s.a.Post(t.Context(), "42", markup.Doc{}); delivery.FailureOf(err).Kind != delivery.Rejected {
		t.Errorf("nothing: %v", err)
	}
}
