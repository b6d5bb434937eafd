// Servers that let the bot in, and places that are left.

package discord

import (
	"context"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/strillone/strillone/bot"
	"github.com/strillone/strillone/bot/discord/discordtest"
	"github.com/strillone/strillone/digest/markup"
)

// welcoming answers a place that lets the bot in as the newsletter does: with a
// greeting, or, where something was subscribed, by going on with it.
func welcoming(subscribed ...string) *stub {
	return &stub{
		leaving: make(chan string, 100),
		joined: func(_ context.Context, r bot.Request) bot.Reply {
			if slices.Contains(subscribed, r.Place.Chat) {
				return say("bentornati")
			}
			if r.Actor.Language == "it" {
				return say("ciao", []markup.Action{{Label: "Iscriviti", Command: "iscriviti"}})
			}
			return say("hello")
		},
	}
}

func TestGreeting(t *testing.T) {
	for name, c := range map[string]struct {
		channels []discordtest.Channel
		system   string
		want     string
	}{
		"system channel": {[]discordtest.Channel{{ID: "801", Name: "regole"}, {ID: "802", Name: "benvenuti", Position: 1}}, "802", "802"},
		"first one":      {[]discordtest.Channel{{ID: "803", Position: 2}, {ID: "804", Position: 1}, {ID: "805", Type: discordtest.GuildAnnouncement}}, "", "804"},
	} {
		t.Run(name, func(t *testing.T) {
			h := open(t, welcoming())
			h.server.AddGuild(discordtest.Guild{Name: "Nuovo", Locale: "it", System: c.system}, c.channels...)
			m := h.await(discordtest.In(c.want, "ciao"))
			if _, ok := m.Button("Iscriviti"); !ok || m.Ephemeral {
				t.Errorf("%+v", m)
			}
			// Once: not at the next connection, nor after an outage.
			h.server.InvalidateSessions()
			_, err := h.server.AwaitSession(h.ctx, func(s discordtest.Session) bool { return s.Connected })
			if err != nil {
				t.Fatal(err)
			}
			h.server.GuildOutage(m.GuildID)
			h.server.RestoreGuild(m.GuildID)
			h.contains(h.answer(h.server.Slash(h.ada, h.dm, "poi")), "/poi")
			if n := len(h.server.Messages()); n != 2 {
				t.Errorf("%d messages", n)
			}
		})
	}
}

// In a server where it may write nowhere, the bot says nothing; what it was in
// when it started has been greeted before.
func TestNoGreeting(t *testing.T) {
	h := open(t, welcoming())
	h.server.AddGuild(discordtest.Guild{Name: "Muto"}, discordtest.Channel{ID: "806", Type: discordtest.GuildAnnouncement})
	await(t, h, func() bool { return strings.Contains(h.logs.String(), "write nowhere") })
	if n := len(h.server.Messages()); n != 0 {
		t.Errorf("%d messages", n)
	}
}

// await waits for something that the house's log tells of.
func await(t *testing.T, h *house, done func() bool) {
	t.Helper()
	for !done() {
		if !pause(h.ctx, 5*time.Millisecond) {
			t.Fatalf("it didn't happen; log:\n%s", h.logs)
		}
	}
}

// A server that comes back goes on with what it had, and is not greeted.
func TestRemovedAndBack(t *testing.T) {
	s := welcoming("812")
	h := open(t, s)
	g := h.server.AddGuild(discordtest.Guild{Name: "Nuovo", Locale: "it"},
		discordtest.Channel{ID: "811", Name: "generale"}, discordtest.Channel{ID: "812", Name: "notizie"})
	h.await(discordtest.In("812", "bentornati"))
	h.server.RemoveGuild(g.ID)
	left := []string{<-s.leaving, <-s.leaving}
	slices.Sort(left)
	if !slices.Equal(left, []string{"811", "812"}) {
		t.Errorf("left %v", left)
	}
	before := len(h.server.Messages())
	h.server.RestoreGuild(g.ID)
	await(t, h, func() bool { s.mu.Lock(); defer s.mu.Unlock(); return len(s.joins) == 6 })
	h.stop()
	if err := h.ended(); err != nil {
		t.Fatal(err)
	}
	for _, m := range h.server.Messages()[before:] {
		if m.ChannelID != "812" || m.Text != "bentornati" {
			t.Errorf("%s: %q", m.ChannelID, m.Text)
		}
	}
}

func TestOutageIsNoRemoval(t *testing.T) {
	s := welcoming()
	h := open(t, s)
	h.server.GuildOutage(h.guild.ID)
	thread := h.server.AddChannel(discordtest.Channel{GuildID: h.guild.ID, ParentID: h.channel.ID, Type: discordtest.PublicThread})
	h.server.DeleteChannel(thread.ID)
	if left := <-s.leaving; left != thread.ID {
		t.Errorf("left %s", left)
	}
	h.server.DeleteChannel(h.channel.ID)
	if left := <-s.leaving; left != h.channel.ID {
		t.Errorf("left %s", left)
	}
}

// What a server says of itself may be anything, but for nothing at all:
// discordgo panics on an empty GUILD_CREATE before it is seen here.
func TestOddGuilds(t *testing.T) {
	h := open(t, welcoming())
	for _, data := range []string{`{"id":"1"}`, `{"id":"2","joined_at":"x","channels":[{"id":"3","type":0}]}`, `{"id":"4","roles":[{"permissions":"x"}]}`,
		`{"id":"5","unavailable":true}`} {
		for _, event := range []string{"GUILD_CREATE", "GUILD_DELETE", "CHANNEL_CREATE", "CHANNEL_DELETE", "THREAD_CREATE"} {
			h.server.Dispatch(event, []byte(data))
		}
	}
	h.contains(h.answer(h.server.Slash(h.ada, h.dm, "poi")), "/poi")
}
