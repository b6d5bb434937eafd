package discord

import (
	"cmp"
	"slices"
	"testing"

	"github.com/strillone/strillone/bot"
	"github.com/strillone/strillone/bot/discord/discordtest"
	"github.com/strillone/strillone/digest"
)

// The order of Discord's own rules: everybody, roles, the member.
func TestPermissions(t *testing.T) {
	g := guild{ID: "1", Owner: "9", Roles: []role{
		{ID: "1", Permissions: viewChannel | sendMessages}, {ID: "2", Permissions: embedLinks}, {ID: "3", Permissions: administrator}, {ID: "4"},
	}}
	for name, c := range map[string]struct {
		who   string
		roles []string
		over  []overwrite
		want  permissions
	}{
		"everybody":           {"8", nil, nil, viewChannel | sendMessages},
		"a role":              {"8", []string{"2"}, nil, viewChannel | sendMessages | embedLinks},
		"administrator":       {"8", []string{"3"}, []overwrite{{ID: "1", Deny: viewChannel}}, everything},
		"owner":               {"9", nil, []overwrite{{ID: "1", Deny: viewChannel}}, everything},
		"denied everybody":    {"8", nil, []overwrite{{ID: "1", Deny: sendMessages}}, viewChannel},
		"a role gives back":   {"8", []string{"4"}, []overwrite{{ID: "1", Deny: sendMessages}, {ID: "4", Allow: sendMessages}}, viewChannel | sendMessages},
		"a role allows":       {"8", []string{"2", "4"}, []overwrite{{ID: "2", Deny: sendMessages}, {ID: "4", Allow: sendMessages}}, viewChannel | sendMessages | embedLinks},
		"another's role":      {"8", nil, []overwrite{{ID: "2", Deny: sendMessages}}, viewChannel | sendMessages},
		"the member":          {"8", []string{"4"}, []overwrite{{ID: "8", Type: 1, Deny: sendMessages}, {ID: "4", Allow: sendMessages}}, viewChannel},
		"unseen is untouched": {"8", []string{"2"}, []overwrite{{ID: "8", Type: 1, Deny: viewChannel}}, 0},
	} {
		if got := g.in(channel{Overwrites: c.over}, c.who, c.roles); got != c.want {
			t.Errorf("%s: %b, want %b", name, got, c.want)
		}
	}
}

func TestAdministersIn(t *testing.T) {
	h := open(t, &stub{})
	other := h.server.AddGuild(discordtest.Guild{Name: "Altro"})
	there := h.server.AddChannel(discordtest.Channel{GuildID: other.ID, Name: "là"})
	thread := h.server.AddChannel(discordtest.Channel{GuildID: h.guild.ID, ParentID: h.channel.ID, Type: discordtest.PublicThread})
	hidden := h.server.AddChannel(discordtest.Channel{GuildID: h.guild.ID})
	h.server.HideChannel(hidden.ID)
	bea := h.server.AddUser(discordtest.User{Username: "bea"})
	h.server.AddMember(h.guild.ID, bea, discordtest.PermissionsMember|discordtest.PermissionManageGuild)
	h.answer(h.server.Slash(bea, h.server.DM(bea), "impostazioni"))
	r := h.stub.lastCommand()
	for name, c := range map[string]struct {
		to   digest.Destination
		want bool
	}{
		"hers":             {placeOf(h.channel), true},
		"a thread there":   {placeOf(thread), true},
		"another server":   {placeOf(there), false},
		"her own messages": {placeOf(h.server.DM(bea)), true},
		"another's":        {placeOf(h.dm), false},
		"hidden":           {placeOf(hidden), false},
		"none":             {digest.Destination{Platform: platform, Chat: "99"}, false},
		"no id":            {digest.Destination{Platform: platform, Chat: "../users/@me"}, false},
		"elsewhere":        {digest.Destination{Platform: "telegram", Chat: h.channel.ID}, false},
	} {
		if got, err := r.AdministersIn(h.ctx, c.to); got != c.want || err != nil {
			t.Errorf("%s: %v, %v", name, got, err)
		}
	}
	h.server.Intercept(func(discordtest.Call) *discordtest.Fault { return discordtest.BadGateway() })
	if may, err := r.AdministersIn(h.ctx, placeOf(h.channel)); may || err == nil {
		t.Errorf("when Discord doesn't say: %v, %v", may, err)
	}
}

func TestMissing(t *testing.T) {
	h := open(t, &stub{})
	news := h.server.AddChannel(discordtest.Channel{GuildID: h.guild.ID, Name: "annunci", Type: discordtest.GuildAnnouncement})
	thread := h.server.AddChannel(discordtest.Channel{GuildID: h.guild.ID, ParentID: h.channel.ID, Type: discordtest.PublicThread})
	free := h.server.AddRole(h.guild.ID, "lettori", 0)
	closed := h.server.AddRole(h.guild.ID, "tutti", 0)
	h.server.Unmentionable(h.guild.ID, closed)
	for name, c := range map[string]struct {
		in     discordtest.Channel
		line   string
		denied int64
		want   []bot.Permission
	}{
		"nothing":         {h.channel, "iscriviti", 0, nil},
		"in private":      {h.dm, "iscriviti", 0, nil},
		"writing":         {h.channel, "iscriviti", discordtest.PermissionSendMessages, []bot.Permission{bot.WriteMessages}},
		"links":           {news, "iscriviti", discordtest.PermissionEmbedLinks, []bot.Permission{bot.ShowLinks}},
		"in a thread":     {thread, "iscriviti", discordtest.PermissionSendInThreads | discordtest.PermissionSendMessages, []bot.Permission{bot.WriteInThreads}},
		"seeing":          {h.channel, "iscriviti", discordtest.PermissionViewChannel, []bot.Permission{bot.SeeChannel}},
		"threads, unused": {h.channel, "iscriviti", discordtest.PermissionCreateThreads, nil},
		"threads":         {h.channel, "discussione si", discordtest.PermissionCreateThreads, []bot.Permission{bot.OpenThreads}},
		"a free role":     {h.channel, "menzione " + free, 0, nil},
		"a closed role":   {h.channel, "menzione " + closed, 0, []bot.Permission{bot.MentionRoles}},
		"no role":         {h.channel, "menzione no", 0, nil},
	} {
		t.Run(name, func(t *testing.T) {
			denied := cmp.Or(c.in.ParentID, c.in.ID) // a thread has none of its own
			h.server.Deny(denied, c.denied)
			defer h.server.RestoreChannel(denied)
			here, err := h.adapter.standingIn(h.ctx, c.in.ID, discordtest.ApplicationID)
			if err != nil {
				t.Fatal(err)
			}
			if got := lacking(here, []string{c.line}, nil); c.in.GuildID != "" && c.denied != discordtest.PermissionViewChannel && !slices.Equal(got, c.want) {
				t.Errorf("asked of Discord: %v, want %v", got, c.want)
			}
			i := h.server.Slash(h.ada, c.in, "iscriviti")
			h.answer(i)
			got, err := h.stub.lastCommand().Missing(h.ctx, placeOf(c.in))
			want := slices.DeleteFunc(slices.Clone(c.want), func(p bot.Permission) bool { return p == bot.OpenThreads || p == bot.MentionRoles })
			if !slices.Equal(got, want) || err != nil {
				t.Errorf("told with the command: %v, %v; want %v", got, err, want)
			}
		})
	}
	// Of another place, Discord is asked.
	h.server.HideChannel(h.channel.ID)
	h.answer(h.server.Slash(h.ada, h.dm, "impostazioni"))
	r := h.stub.lastCommand()
	if got, err := r.Missing(h.ctx, placeOf(h.channel)); !slices.Equal(got, []bot.Permission{bot.SeeChannel}) || err != nil {
		t.Errorf("hidden: %v, %v", got, err)
	}
	if got, err := r.Missing(h.ctx, placeOf(news)); len(got) > 0 || err != nil {
		t.Errorf("another: %v, %v", got, err)
	}
}

// A role is chosen when a place subscribes, and is known by what came with it.
func TestSubscribeWithRole(t *testing.T) {
	withRoles := append(menu(), bot.Entry{Name: "menzione", Names: both("menzione", "mention"), Description: both("il ruolo da avvisare", "the role to tell"),
		Manage: true, Only: platform, Argument: &bot.Argument{Name: "ruolo", Names: both("ruolo", "role"), Description: both("quale", "which one")}})
	withRoles = append(withRoles, bot.Entry{Name: "canale", Description: both("un canale", "a channel"), Only: "telegram"})
	h := open(t, &stub{menu: withRoles})
	for _, c := range h.registered(5) {
		if want := map[string]int{"iscriviti": 8, "menzione": 8, "fonti": 3}[c.Name]; want != 0 && (len(c.Options) != 1 || c.Options[0].Type != want) {
			t.Errorf("/%s has the options %+v", c.Name, c.Options)
		}
	}
	closed := h.server.AddRole(h.guild.ID, "tutti", 0)
	h.server.Unmentionable(h.guild.ID, closed)
	m := h.answer(h.server.Slash(h.ada, h.channel, "iscriviti", discordtest.Opt("menzione", closed)))
	h.contains(m, "/iscriviti")
	h.contains(m, "/menzione "+closed)
	if got, err := h.stub.lastCommand().Missing(h.ctx, placeOf(h.channel)); !slices.Equal(got, []bot.Permission{bot.MentionRoles}) || err != nil {
		t.Errorf("missing %v, %v", got, err)
	}
	h.contains(h.answer(h.server.Slash(h.ada, h.channel, "menzione", discordtest.Opt("ruolo", closed))), "/menzione "+closed)
	// Typed, where the bot is mentioned.
	h.server.Say(h.ada, h.channel, "<@"+discordtest.ApplicationID+"> /menzione <@&"+closed+">")
	h.await(func(m discordtest.Message) bool { return m.ReplyTo != "" && m.Text == "/menzione "+closed })
}
