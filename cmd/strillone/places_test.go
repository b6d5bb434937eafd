// The places of Discord, from the greeting to the digest.

package main

import (
	"context"
	"fmt"
	"path/filepath"
	"strings"
	"testing"

	"github.com/strillone/strillone/bot/discord/discordtest"
)

func TestDiscordPlaces(t *testing.T) {
	ctx, cancel := context.WithTimeout(t.Context(), patience)
	defer cancel()
	srv := discordtest.New(t)
	defer srv.Close()
	editor := srv.AddUser(discordtest.User{Username: "redattrice", Locale: "it"})
	reader := srv.AddUser(discordtest.User{Username: "lettore", Locale: "it"})
	p := start(t, fmt.Sprintf(`
database: sqlite:%s
discord: {token: %q, api_url: %q}
editors: {discord: [%q]}
digest: {schedule: "@every 1s"}
`, filepath.Join(t.TempDir(), "s.db"), discordtest.Token, srv.URL(), editor.ID))
	must(t, srv.AwaitHeartbeats(ctx, 1))
	if _, err := srv.AwaitCall(ctx, func(c discordtest.Call) bool { return c.Method == "PUT" && strings.HasSuffix(c.Path, "/commands") }); err != nil {
		t.Fatal(err)
	}

	// A server lets the bot in: it says, once and in one channel, how to begin.
	guild := srv.AddGuild(discordtest.Guild{Name: "Lettori", System: "5002"},
		discordtest.Channel{ID: "5001", Name: "annunci", Type: discordtest.GuildAnnouncement}, discordtest.Channel{ID: "5002", Name: "benvenuti"})
	news, _ := srv.Channel("5001")
	hall, _ := srv.Channel("5002")
	srv.AddMember(guild.ID, editor, discordtest.PermissionsMember|discordtest.PermissionManageGuild)
	greeting, err := srv.Await(ctx, discordtest.In(hall.ID, "scriva /iscriviti"))
	must(t, err)

	// Its button is for those who manage the server; the others hear so alone.
	refused := answer(t, ctx, srv.Press(reader, greeting, pressable(t, greeting, "Iscriviti")))
	contains(t, refused.Text, "solo chi amministra")
	if !refused.Ephemeral {
		t.Error("a refusal that everybody reads")
	}

	// What the bot may not do is named, and nothing is subscribed.
	srv.RevokeSend(news.ID)
	lacking := answer(t, ctx, srv.Slash(editor, news, "iscriviti"))
	contains(t, lacking.Text, "Mi manca il permesso", "Invia messaggi")
	srv.RestoreChannel(news.ID)

	// The announcement channel subscribes with a role to mention, and turns on in
	// its panel what else it wants.
	role := srv.AddRole(guild.ID, "lettori", 0)
	subscribed := answer(t, ctx, srv.Slash(editor, news, "iscriviti", discordtest.Opt("menzione", role)))
	contains(t, subscribed.Text, "✅ Fatto", "Menzione")
	panel := answer(t, ctx, srv.Slash(editor, news, "impostazioni"))
	for _, label := range []string{"Con annunci", "Con discussione", "Senza suono"} {
		now := answer(t, ctx, srv.Press(editor, panel, pressable(t, panel, label)))
		if now.ID != panel.ID || !now.Ephemeral {
			t.Errorf("%s: the panel wasn't edited in place", label)
		}
		panel = now
	}

	// A person carries the app to a server that the bot isn't in.
	srv.Install(reader)
	foreign := srv.AddGuild(discordtest.Guild{Name: "Altrove", Foreign: true})
	abroad := srv.AddChannel(discordtest.Channel{GuildID: foreign.ID, Name: "chiacchiere"})
	carried := answer(t, ctx, srv.Slash(reader, abroad, "iscriviti"))
	contains(t, carried.Text, "✅ Fatto")
	if !carried.Ephemeral {
		t.Error("others read along")
	}

	// The digest: to the channel with all of it, to the person by direct message.
	srv.Say(editor, srv.DM(editor), "Titolo\nSommario.\nTesto.\n\nTemi: ai")
	preview, err := srv.Await(ctx, discordtest.In(srv.DM(editor).ID, "Ho capito così"))
	must(t, err)
	answer(t, ctx, srv.Press(editor, preview, pressable(t, preview, "Pubblica")))
	direct, err := srv.Await(ctx, discordtest.In(srv.DM(reader).ID, "1 articolo nuovo"))
	must(t, err)
	if len(direct.Pinged) > 0 || direct.Thread != "" || direct.Flags&discordtest.FlagSuppressNotifications != 0 {
		t.Errorf("a person's digest in a channel's manner: %+v", direct)
	}
	public, err := srv.Await(ctx, func(m discordtest.Message) bool {
		return m.ChannelID == news.ID && m.Crossposted && m.Thread != "" && strings.Contains(m.Text, "1 articolo nuovo")
	})
	must(t, err)
	if len(public.Pinged) != 1 || public.Pinged[0] != role || public.Flags&discordtest.FlagSuppressNotifications == 0 {
		t.Errorf("pinged %v, flags %b", public.Pinged, public.Flags)
	}
	thread, _ := srv.Channel(public.Thread)
	contains(t, thread.Name, "Strillone")

	// Whoever types finds the article, and its button opens it, for that person.
	choices, err := srv.Autocomplete(reader, abroad, "leggi", "articolo", discordtest.Opt("articolo", "tit")).Choices(ctx)
	must(t, err)
	if len(choices) != 1 || choices[0].Name != "#1 Titolo" || choices[0].Value != "1" {
		t.Errorf("choices %+v", choices)
	}
	if strings.Contains(string(public.Raw), "leggi 1") {
		t.Error("a button tells Discord what it does")
	}
	card := answer(t, ctx, srv.Press(reader, direct, pressable(t, direct, "Leggi")))
	contains(t, card.Text, "Titolo")

	// An hour is asked for in a form.
	hour := answer(t, ctx, srv.Press(editor, panel, pressable(t, panel, "Ora")))
	form := srv.Press(editor, hour, pressable(t, hour, "Altra ora…"))
	modal, err := form.Modal(ctx)
	must(t, err)
	after := answer(t, ctx, srv.SubmitModal(editor, form, map[string]string{modal.Inputs[0].CustomID: "alle 6 e mezza"}))
	contains(t, after.Text, "6:30", "Prossimo digest")

	// What the bot is thrown out of is left.
	srv.RemoveGuild(guild.ID)
	for !strings.Contains(p.log.String(), "a place is lost") {
		select {
		case <-p.log.next():
		case <-ctx.Done():
			t.Fatal("nobody took note of the removal")
		}
	}
}

// pressable is the id of the button of that label.
func pressable(t *testing.T, m discordtest.Message, label string) string {
	t.Helper()
	b, ok := m.Button(label)
	if !ok {
		t.Fatalf("no button %q in %+v under\n%s", label, m.Buttons, m.Text)
	}
	return b.CustomID
}
