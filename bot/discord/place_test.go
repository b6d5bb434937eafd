package discord

import (
	"testing"

	"github.com/strillone/strillone/bot/discord/discordtest"
)

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
