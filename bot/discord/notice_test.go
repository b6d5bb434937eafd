package discord

import (
	"strings"
	"testing"

	"github.com/strillone/strillone/bot"
	"github.com/strillone/strillone/digest/delivery"
	"github.com/strillone/strillone/digest/markup"
)

func TestNoticeboard(t *testing.T) {
	h := build(t, &stub{})
	say := func(text string) markup.Doc {
		return markup.Doc{Blocks: []markup.Block{markup.Paragraph{Text: markup.T(text)}}}
	}
	n, err := h.adapter.Post(h.ctx, h.ada.ID, say("▓░ 50%"))
	if err != nil {
		t.Fatal(err)
	}
	for _, text := range []string{"▓▓ 100%", "▓▓ 100%"} {
		if err := h.adapter.Edit(h.ctx, n, say(text)); err != nil {
			t.Fatal(err)
		}
	}
	all := h.server.Messages()
	if len(all) != 1 || all[0].ChannelID != h.dm.ID || !strings.Contains(all[0].Text, "▓▓ 100%") || !all[0].V2() {
		t.Errorf("%+v", all)
	}
	if _, err := h.adapter.Post(h.ctx, "42", say("?")); err == nil {
		t.Error("a stranger was written to")
	}
	unknown := bot.Notice{Place: n.Place, Receipt: n.Receipt + "1"}
	if err := h.adapter.Edit(h.ctx, unknown, say("?")); err == nil {
		t.Error("a message that isn't there was edited")
	}
	h.server.CloseDMs(h.ada)
	if _, err := h.adapter.Post(h.ctx, h.ada.ID, say("?")); delivery.FailureOf(err).Kind != delivery.AccessLost {
		t.Errorf("direct messages closed: %v", err)
	}
}
