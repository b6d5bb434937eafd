package discord

import (
	"testing"

	"github.com/strillone/strillone/bot/discord/discordtest"
	"github.com/strillone/strillone/digest/delivery"
)

func TestTell(t *testing.T) {
	h := build(t, &stub{})
	if err := h.adapter.Tell(h.ctx, h.ada.ID, say("una parola").Doc); err != nil {
		t.Fatal(err)
	}
	m, err := h.server.Await(h.ctx, discordtest.In(h.dm.ID, "una parola"))
	if err != nil || m.Author.ID != discordtest.ApplicationID {
		t.Errorf("%+v %v", m, err)
	}
	h.server.CloseDMs(h.ada)
	if err := h.adapter.Tell(h.ctx, h.ada.ID, say("un’altra").Doc); delivery.FailureOf(err).Kind != delivery.AccessLost {
		t.Errorf("closed: %v", err)
	}
	h.server.Intercept(func(discordtest.Call) *discordtest.Fault { return discordtest.Failing(404, 10013, "Unknown User") })
	if err := h.adapter.Tell(h.ctx, "1", say("nessuno").Doc); delivery.FailureOf(err).Kind != delivery.Gone {
		t.Errorf("nobody: %v", err)
	}
}

func TestNameOf(t *testing.T) {
	h := build(t, &stub{})
	hidden := h.server.AddChannel(discordtest.Channel{GuildID: h.guild.ID, Name: "nascosto"})
	h.server.HideChannel(hidden.ID)
	for _, c := range []struct {
		channel discordtest.Channel
		name    string
		shared  bool
	}{{h.channel, "#notizie", true}, {hidden, hidden.ID, true}, {h.dm, h.dm.ID, false}} {
		if name, shared := h.adapter.NameOf(h.ctx, placeOf(c.channel)); name != c.name || shared != c.shared {
			t.Errorf("%s is %s, shared %v", c.channel.Name, name, shared)
		}
	}
}
