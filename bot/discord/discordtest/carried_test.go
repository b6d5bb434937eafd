// Tests of what people, roles and servers bring: installs by users, mentions of
// roles, what the bot is denied.

package discordtest

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/bwmarrin/discordgo"
)

// A person brings the app where the bot isn't.
func TestCarriedApp(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	events := make(chan *discordgo.InteractionCreate, 10)
	d := w.connect(func(_ *discordgo.Session, e *discordgo.InteractionCreate) { events <- e })
	foreign := w.AddGuild(Guild{Name: "Abroad", Foreign: true})
	abroad := w.AddChannel(Channel{GuildID: foreign.ID, Name: "there"})
	group := w.AddChannel(Channel{Type: GroupMessage})

	w.Slash(w.user, abroad, "who") // nobody has installed it
	if got := w.rec.reported(); len(got) != 1 || !strings.Contains(got[0], "the app is not there") {
		t.Errorf("reported %q", got)
	}
	w.Install(w.user)
	for _, c := range []struct {
		in      Channel
		context int
		owners  string
	}{
		{abroad, 0, `{"1":"USER"}`}, {group, 2, `{"1":"USER"}`}, {w.channel, 0, `{"0":"GUILD","1":"USER"}`}, {w.DM(w.user), 1, `{"0":"0","1":"USER"}`},
	} {
		i := w.Slash(w.user, c.in, "who")
		e := <-events
		owners, err := json.Marshal(e.AuthorizingIntegrationOwners)
		want := strings.NewReplacer("USER", w.user.ID, "GUILD", w.guild.ID).Replace(c.owners)
		if err != nil || string(owners) != want || int(e.Context) != c.context {
			t.Errorf("%s: context %d, owners %s, want %s", c.in.Name, e.Context, owners, want)
		}
		if c.in.ID != group.ID {
			continue
		}
		data := &discordgo.InteractionResponseData{Content: "here", AllowedMentions: silent}
		if err := d.InteractionRespond(e.Interaction, &discordgo.InteractionResponse{Type: 4, Data: data}); err != nil {
			t.Fatal(err)
		}
		for n := range FollowUpLimit + 1 {
			_, err := d.FollowupMessageCreate(e.Interaction, true, &discordgo.WebhookParams{Content: "more", AllowedMentions: silent})
			if (err != nil) != (n == FollowUpLimit) {
				t.Errorf("follow-up %d: %v", n+1, err)
			}
		}
		if n := len(i.FollowUps()); n != FollowUpLimit {
			t.Errorf("%d follow-ups", n)
		}
	}
	if r := w.call("POST", w.messages(abroad), o{"content": "x", "allowed_mentions": quiet}); r.code() != 50001 {
		t.Errorf("the bot writes where it isn't: %s", r.raw)
	}
	if got := w.rec.reported(); len(got) != 2 || !strings.Contains(got[1], "40094") {
		t.Errorf("reported %q", got)
	}
}

func TestPings(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	free, closed := w.AddRole(w.guild.ID, "readers", 0), w.AddRole(w.guild.ID, "all", 0)
	w.Unmentionable(w.guild.ID, closed)
	post := func(body o) Message {
		t.Helper()
		r := w.call("POST", w.messages(w.channel), body)
		m, ok := w.Message(fmt.Sprint(r.body["id"]))
		if !ok {
			t.Fatalf("%d %s", r.status, r.raw)
		}
		return m
	}
	allow := func(roles ...any) o { return o{"parse": l{}, "roles": roles} }
	mention := func(id string) string { return "<@&" + id + ">" }
	for name, c := range map[string]struct {
		body o
		want []string
	}{
		"allowed":       {o{"content": mention(free), "allowed_mentions": allow(free)}, []string{free}},
		"in components": {o{"flags": v2, "components": l{display(mention(free))}, "allowed_mentions": allow(free)}, []string{free}},
		"not allowed":   {o{"content": mention(free), "allowed_mentions": quiet}, nil},
		"not named":     {o{"content": "x", "allowed_mentions": allow(free)}, nil},
		"another":       {o{"content": mention(free), "allowed_mentions": allow(closed)}, nil},
		"closed":        {o{"content": mention(closed), "allowed_mentions": allow(closed)}, nil},
	} {
		if m := post(c.body); !slices.Equal(m.Pinged, c.want) {
			t.Errorf("%s: pinged %v", name, m.Pinged)
		}
	}
	w.clean()
	w.AddMember(w.guild.ID, w.Bot(), PermissionsBot|PermissionMentionEveryone)
	if m := post(o{"content": mention(closed), "allowed_mentions": allow(closed)}); !slices.Equal(m.Pinged, []string{closed}) {
		t.Errorf("with Mention Everyone: pinged %v", m.Pinged)
	}
	for _, mentions := range []o{allow(free, closed), {"parse": l{}, "users": l{w.user.ID}}, {"parse": l{}, "replied_user": true}} {
		if r := w.call("POST", w.messages(w.channel), o{"content": "x", "allowed_mentions": mentions}); r.code() != 50035 {
			t.Errorf("%v was taken", mentions)
		}
	}
}

// What the bot is denied stands in the channel, as Discord writes it, and in what
// comes with an interaction.
func TestDenied(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	events := make(chan *discordgo.InteractionCreate, 10)
	w.connect(func(_ *discordgo.Session, e *discordgo.InteractionCreate) { events <- e })
	w.Deny(w.channel.ID, PermissionEmbedLinks)
	r := w.call("GET", "/channels/"+w.channel.ID, nil)
	var c struct {
		Overwrites []struct {
			ID   string `json:"id"`
			Type int    `json:"type"`
			Deny string `json:"deny"`
		} `json:"permission_overwrites"`
	}
	if err := json.Unmarshal([]byte(r.raw), &c); err != nil {
		t.Fatal(err)
	}
	if len(c.Overwrites) != 1 || c.Overwrites[0].ID != w.Bot().ID || c.Overwrites[0].Type != 1 || c.Overwrites[0].Deny != decimal(PermissionEmbedLinks) {
		t.Errorf("overwrites %+v", c.Overwrites)
	}
	w.Slash(w.user, w.channel, "who")
	if e := <-events; e.AppPermissions&PermissionEmbedLinks != 0 {
		t.Errorf("app permissions %b", e.AppPermissions)
	}
	w.RestoreChannel(w.channel.ID)
	w.Slash(w.user, w.channel, "who")
	if e := <-events; e.AppPermissions&PermissionEmbedLinks == 0 {
		t.Errorf("app permissions %b", e.AppPermissions)
	}
	w.clean()
}

// A server comes with its channels, and a role that is chosen with all there is
// of it.
func TestServersAndRoles(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	guilds := make(chan *discordgo.GuildCreate, 10)
	events := make(chan *discordgo.InteractionCreate, 10)
	w.connect(
		func(_ *discordgo.Session, e *discordgo.InteractionCreate) { events <- e },
		func(_ *discordgo.Session, e *discordgo.GuildCreate) {
			if e.Name == "New" {
				guilds <- e
			}
		})
	g := w.AddGuild(Guild{Name: "New", System: "902"}, Channel{ID: "901", Name: "rules", Position: 1}, Channel{ID: "902", Name: "hello"})
	e := <-guilds
	if e.ID != g.ID || e.SystemChannelID != "902" || len(e.Channels) != 2 || e.Channels[0].Position != 1 {
		t.Errorf("%+v", e.Guild)
	}
	role := w.AddRole(w.guild.ID, "readers", 0)
	w.call("PUT", "/applications/"+ApplicationID+"/commands", l{o{"name": "tell", "description": "x",
		"options": l{o{"type": 8, "name": "role", "description": "x"}}}})
	w.Slash(w.user, w.channel, "tell", Opt("role", role))
	data := (<-events).ApplicationCommandData()
	if r := data.Resolved.Roles[role]; r == nil || r.Name != "readers" || !r.Mentionable {
		t.Errorf("resolved %+v", data.Resolved)
	}
	w.clean()
}
