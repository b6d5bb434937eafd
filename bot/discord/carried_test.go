// Where the bot isn't, and a person brings the app.

package discord

import (
	"context"
	"strings"
	"testing"

	"github.com/strillone/strillone/bot"
	"github.com/strillone/strillone/bot/discord/discordtest"
)

func TestCarried(t *testing.T) {
	h := open(t, &stub{menu: menu()})
	h.registered(4)
	h.server.Install(h.ada)
	foreign := h.server.AddGuild(discordtest.Guild{Name: "Altrove", Foreign: true})
	there := h.server.AddChannel(discordtest.Channel{GuildID: foreign.ID, Name: "chiacchiere"})
	group := h.server.AddChannel(discordtest.Channel{Type: discordtest.GroupMessage})
	for name, channel := range map[string]discordtest.Channel{"server": there, "group": group} {
		t.Run(name, func(t *testing.T) {
			m := h.answer(h.server.Slash(h.ada, channel, "iscriviti"))
			h.contains(m, "/iscriviti")
			if !m.Ephemeral {
				t.Error("others read along")
			}
			r := h.stub.lastCommand()
			if r.Place != placeOf(h.dm) || r.Kind != bot.Private {
				t.Errorf("place %v, kind %v", r.Place, r.Kind)
			}
			if may, err := r.Administers(h.ctx); !may || err != nil {
				t.Errorf("administers: %v, %v", may, err)
			}
		})
	}
	// In a server that the bot is in, the place is the channel, even for those
	// who carry the app.
	h.answer(h.server.Slash(h.ada, h.channel, "digest"))
	if r := h.stub.lastCommand(); r.Place != placeOf(h.channel) || r.Kind != bot.Shared {
		t.Errorf("place %v, kind %v", r.Place, r.Kind)
	}
}

func TestCarriedWithoutDirectMessages(t *testing.T) {
	h := open(t, &stub{})
	h.server.Install(h.ada)
	group := h.server.AddChannel(discordtest.Channel{Type: discordtest.GroupMessage})
	h.server.Intercept(func(c discordtest.Call) *discordtest.Fault {
		if c.Route == "/users/@me/channels" {
			return discordtest.Failing(400, 50033, "Invalid Recipient(s)")
		}
		return nil
	})
	h.contains(h.answer(h.server.Slash(h.ada, group, "ultimi")), "/ultimi")
	if may, err := h.stub.lastCommand().Administers(h.ctx); may || err != nil {
		t.Errorf("administers: %v, %v", may, err)
	}
}

// A long answer keeps to the five messages that may follow.
func TestCarriedLongAnswer(t *testing.T) {
	h := open(t, &stub{command: func(context.Context, bot.Request) bot.Reply { return bot.Reply{Doc: longDoc(9)} }})
	h.server.Install(h.ada)
	group := h.server.AddChannel(discordtest.Channel{Type: discordtest.GroupMessage})
	i := h.server.Slash(h.ada, group, "leggi")
	h.contains(h.answer(i), "Capitolo 1")
	if _, err := i.AwaitFollowUps(h.ctx, discordtest.FollowUpLimit); err != nil {
		t.Fatal(err)
	}
	h.stop()
	if err := h.ended(); err != nil {
		t.Fatal(err)
	}
	for _, m := range h.server.Messages() {
		if !m.Ephemeral {
			t.Error("others read along")
		}
	}
}

// Where the application can't be installed by people, the commands are
// registered for servers.
func TestRegisterForServersOnly(t *testing.T) {
	h := build(t, &stub{menu: menu()})
	h.server.Intercept(func(c discordtest.Call) *discordtest.Fault {
		if c.Method == "PUT" && strings.Contains(string(c.Body), `"integration_types":[0,1]`) {
			return discordtest.Failing(400, 50035, "Invalid Form Body")
		}
		return nil
	})
	h.run()
	for _, c := range h.registered(4) {
		if len(c.Integrations) != 1 || len(c.Contexts) > 2 {
			t.Errorf("%+v", c)
		}
	}
	if changed, err := h.adapter.overwrite(h.ctx, discordtest.ApplicationID, commands(menu())); changed || err != nil {
		t.Errorf("registered again at every start: %v, %v", changed, err)
	}
}
