// Tests that what discordgo itself writes passes the checks, and that a lost
// answer is made good by the nonce.

package discordtest

import (
	"context"
	"sync"
	"testing"
	"time"

	"github.com/bwmarrin/discordgo"
)

func TestDiscordgoBodies(t *testing.T) {
	w := newWorld(t)
	d, err := discordgo.New("Bot " + Token)
	if err != nil {
		t.Fatal(err)
	}
	d.Client = w.Client()
	must := func(what string, err error) {
		t.Helper()
		if err != nil {
			t.Fatalf("%s: %v", what, err)
		}
	}
	color, spacing, perms := 0xff0000, discordgo.SeparatorSpacingSizeLarge, PermissionManageGuild
	alt := "a picture"
	m, err := d.ChannelMessageSendComplex(w.news.ID, &discordgo.MessageSend{
		Flags: discordgo.MessageFlagsIsComponentsV2 | discordgo.MessageFlagsSuppressNotifications, AllowedMentions: silent,
		Components: []discordgo.MessageComponent{
			discordgo.Container{AccentColor: &color, Components: []discordgo.MessageComponent{
				discordgo.TextDisplay{Content: "# Digest"},
				discordgo.Separator{Spacing: &spacing},
				discordgo.Section{Components: []discordgo.MessageComponent{discordgo.TextDisplay{Content: "Lead"}},
					Accessory: discordgo.Button{Label: "More", CustomID: "more", Style: discordgo.SecondaryButton}},
				discordgo.Section{Components: []discordgo.MessageComponent{discordgo.TextDisplay{Content: "Lead 2"}},
					Accessory: discordgo.Thumbnail{Media: discordgo.UnfurledMediaItem{URL: "https://example.org/a.png"}, Description: &alt}},
				discordgo.MediaGallery{Items: []discordgo.MediaGalleryItem{{Media: discordgo.UnfurledMediaItem{URL: "https://example.org/a.png"}}}},
				discordgo.ActionsRow{Components: []discordgo.MessageComponent{discordgo.Button{Label: "Source", Style: discordgo.LinkButton, URL: "https://example.org"},
					discordgo.Button{Label: "x", CustomID: "e", Emoji: &discordgo.ComponentEmoji{Name: "📰"}}}},
				discordgo.ActionsRow{Components: []discordgo.MessageComponent{discordgo.SelectMenu{CustomID: "s", MaxValues: 1, Options: []discordgo.SelectMenuOption{{Label: "a", Value: "a"}}}}},
			}}}})
	must("v2", err)
	if len(m.Components) != 1 || m.Flags&discordgo.MessageFlagsIsComponentsV2 == 0 {
		t.Errorf("%+v", m)
	}
	edit := discordgo.NewMessageEdit(w.news.ID, m.ID)
	edit.AllowedMentions = silent
	edit.Components = &[]discordgo.MessageComponent{discordgo.TextDisplay{Content: "corrected"}}
	edit.Flags = discordgo.MessageFlagsIsComponentsV2
	_, err = d.ChannelMessageEditComplex(edit)
	must("edit", err)
	_, err = d.ChannelMessageCrosspost(w.news.ID, m.ID)
	must("crosspost", err)
	_, err = d.MessageThreadStart(w.news.ID, m.ID, "Discussion", 1440)
	must("thread", err)
	_, err = d.ChannelMessageSendComplex(w.channel.ID, &discordgo.MessageSend{AllowedMentions: silent, Embeds: []*discordgo.MessageEmbed{{
		Title: "t", URL: "https://example.org", Timestamp: time.Now().Format(time.RFC3339), Color: 255, Author: &discordgo.MessageEmbedAuthor{Name: "a"},
		Footer: &discordgo.MessageEmbedFooter{Text: "f"}, Fields: []*discordgo.MessageEmbedField{{Name: "n", Value: "v"}}}}})
	must("embed", err)

	zero := 1.0
	commands := []*discordgo.ApplicationCommand{
		{Name: "digest", Description: "d", NameLocalizations: &map[discordgo.Locale]string{discordgo.Italian: "edizione"},
			DefaultMemberPermissions: &perms, Contexts: &[]discordgo.InteractionContextType{0, 1},
			IntegrationTypes: &[]discordgo.ApplicationIntegrationType{0}, Options: []*discordgo.ApplicationCommandOption{
				{Type: 1, Name: "set", Description: "d", Options: []*discordgo.ApplicationCommandOption{
					{Type: 3, Name: "zone", Description: "d", Required: true, Autocomplete: true},
					{Type: 4, Name: "hour", Description: "d", MinValue: &zero, MaxValue: 23},
					{Type: 5, Name: "silent", Description: "d"},
					{Type: 7, Name: "where", Description: "d", ChannelTypes: []discordgo.ChannelType{0, 5}}}}}},
		{Type: discordgo.MessageApplicationCommand, Name: "Post this"},
	}
	made, err := d.ApplicationCommandBulkOverwrite(ApplicationID, "", commands)
	must("commands", err)
	again, err := d.ApplicationCommands(ApplicationID, "")
	must("list", err)
	if len(made) != 2 || len(again) != 2 || again[0].ID != made[0].ID || *again[0].DefaultMemberPermissions != perms {
		t.Errorf("%+v", again)
	}
	_, err = d.ApplicationCommandBulkOverwrite(ApplicationID, "", again) // fetched and sent back whole
	must("overwrite with what was fetched", err)
	if w.CommandCreates() != 2 {
		t.Errorf("%d creates", w.CommandCreates())
	}
	bot, err := d.GatewayBot()
	must("gateway", err)
	if bot.Shards != 1 || bot.SessionStartLimit.MaxConcurrency != 1 {
		t.Errorf("%+v", bot)
	}
	dm, err := d.UserChannelCreate(w.user.ID)
	must("dm", err)
	if dm.ID != w.DM(w.user).ID {
		t.Errorf("%+v", dm)
	}
	w.clean()
}

func TestNonceMakesGoodALostAnswer(t *testing.T) {
	w := newWorld(t)
	w.Intercept(Times(1, SendsMessage(""), ResetAfter()))
	body := o{"content": "x", "nonce": "d-1", "enforce_nonce": true, "allowed_mentions": quiet}
	if _, err := w.try("POST", w.messages(w.channel), body); err == nil {
		t.Fatal("answered")
	}
	r := w.call("POST", w.messages(w.channel), body)
	if got := w.Messages(); len(got) != 1 || r.body["id"] != got[0].ID || got[0].Nonce != "d-1" {
		t.Errorf("%s %+v", r.raw, got)
	}
	w.clean()
}

func TestConcurrentUse(t *testing.T) {
	w := newWorld(t)
	ctx, cancel := context.WithTimeout(t.Context(), 20*time.Second)
	defer cancel()
	var wg sync.WaitGroup
	for i := range 8 {
		wg.Go(func() {
			name := string(rune('a' + i))
			if _, err := w.try("POST", w.messages(w.channel), o{"content": name, "allowed_mentions": quiet}); err != nil {
				t.Error(err)
			}
			w.Say(w.user, w.channel, name)
			w.AddChannel(Channel{GuildID: w.guild.ID})
			w.Calls()
		})
		wg.Go(func() {
			if _, err := w.Await(ctx, In(w.channel.ID, string(rune('a'+i)))); err != nil {
				t.Error(err)
			}
		})
	}
	wg.Wait()
	w.clean()
}
