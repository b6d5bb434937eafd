package main

import (
	"context"
	"fmt"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/strillone/strillone/bot/discord/discordtest"
)

// The real article all the way on Discord: sent by an editor, previewed,
// published, delivered, and asked about.
func TestDiscordAllTheWay(t *testing.T) {
	article, genuine := realArticle(t)
	ctx, cancel := context.WithTimeout(t.Context(), patience)
	defer cancel()
	srv := discordtest.New(t)
	defer srv.Close()
	editor := srv.AddUser(discordtest.User{Username: "redattrice", Locale: "it"})
	reader := srv.AddUser(discordtest.User{Username: "lettore", Locale: "it"})
	guild := srv.AddGuild(discordtest.Guild{Name: "Redazione"})
	channel := srv.AddChannel(discordtest.Channel{GuildID: guild.ID, Name: "notizie"})
	srv.AddMember(guild.ID, editor, discordtest.PermissionsMember|discordtest.PermissionManageGuild)
	srv.AddMember(guild.ID, reader, discordtest.PermissionsMember)

	p := start(t, fmt.Sprintf(`
database: sqlite:%s
discord: {token: %q, api_url: %q}
editors: {discord: [%q]}
digest: {schedule: "@every 1s"}
log: {level: debug}
`, filepath.Join(t.TempDir(), "s.db"), discordtest.Token, srv.URL(), editor.ID))
	must(t, srv.AwaitHeartbeats(ctx, 1))
	if _, err := srv.AwaitCall(ctx, func(c discordtest.Call) bool { return c.Method == "PUT" && strings.HasSuffix(c.Path, "/commands") }); err != nil {
		t.Fatal(err)
	}

	// A member who doesn't manage the server can't subscribe its channel.
	refused := answer(t, ctx, srv.Slash(reader, channel, "fonti"))
	contains(t, refused.Text, "Non c’è ancora nessun articolo")
	subscribed := answer(t, ctx, srv.Slash(editor, channel, "iscriviti"))
	contains(t, subscribed.Text, "✅ Fatto", "il digest arriva qui")

	// The client turns a text over 2,000 characters into a file.
	srv.Say(editor, srv.DM(editor), "", discordtest.WithFile("message.txt", "text/plain; charset=utf-8", []byte(article)))
	preview, err := srv.Await(ctx, discordtest.In(srv.DM(editor).ID, "Ho capito così"))
	must(t, err)
	contains(t, preview.Text, "Sommario ✅", "Abstract ✅", "Fonti 2", "Consigli 2")
	publish, ok := preview.Button("Pubblica")
	if !ok {
		t.Fatalf("no button Pubblica under\n%s", preview.Text)
	}
	published := answer(t, ctx, srv.Press(editor, preview, publish.CustomID))
	contains(t, published.Text, "✅ Pubblicato: è il #1")

	delivered, err := srv.Await(ctx, discordtest.In(channel.ID, "1 articolo nuovo"))
	must(t, err)
	abstract := answer(t, ctx, srv.Slash(reader, channel, "abstract", discordtest.Opt("articolo", "1")))
	sources := answer(t, ctx, srv.Slash(reader, channel, "fonti", discordtest.Opt("articolo", "1")))
	if genuine {
		contains(t, delivered.Text, "#1 Meta avrebbe chiesto aiuto finanziario", "Secondo quanto riportato da The Information")
		contains(t, abstract.Text, "Abstract di #1", "conflitti geopolitici digitali")
		contains(t, sources.Text, "Fonti di #1", "Meta’s AI Strategy Faces a New Test as It Asks Tech Giants for Help", "The Information, aprile 2025", "OECD, 2024")
		lacks(t, sources.Text, "Â", "2025.")
	}
	if !abstract.Ephemeral || !sources.Ephemeral {
		t.Error("answers to one person are shown to the whole channel")
	}
	read, ok := delivered.Button("Leggi")
	if !ok {
		t.Fatal("no button Leggi in the digest")
	}
	contains(t, answer(t, ctx, srv.Press(reader, delivered, read.CustomID)).Text, "Pubblicato")
	if len(delivered.Selects) != 1 {
		t.Fatalf("%d menus in the digest", len(delivered.Selects))
	}
	chosen := answer(t, ctx, srv.Select(reader, delivered, delivered.Selects[0].CustomID, delivered.Selects[0].Options[0].Value))
	contains(t, chosen.Text, "Abstract di #1")

	// In a direct message a person subscribes, too.
	dm := srv.DM(reader)
	contains(t, answer(t, ctx, srv.Slash(reader, dm, "iscriviti")).Text, "ricevi qui il digest")
	contains(t, answer(t, ctx, srv.Slash(reader, dm, "disiscriviti")).Text, "non arriva più")

	// Nothing comes twice, and no empty digest.
	time.AfterFunc(2500*time.Millisecond, cancel)
	if again, err := srv.Await(ctx, func(m discordtest.Message) bool {
		return m.ChannelID == channel.ID && m.ID != delivered.ID && strings.Contains(m.Text, "🗞")
	}); err == nil {
		t.Errorf("a second digest:\n%s", again.Text)
	}
	p.end(t)
	lacks(t, p.log.String(), discordtest.Token)
}

// Every interaction and every message comes three times, shuffled, and has one
// effect.
func TestDiscordEventsDeliveredThreeTimes(t *testing.T) {
	const readers = 20
	ctx, cancel := context.WithTimeout(t.Context(), patience)
	defer cancel()
	srv := discordtest.New(t, discordtest.Redeliver(3))
	defer srv.Close()
	editor := srv.AddUser(discordtest.User{Username: "redattrice", Locale: "it"})
	desk := srv.DM(editor)
	p := start(t, fmt.Sprintf(`
database: sqlite:%s
discord: {token: %q, api_url: %q}
editors: {discord: [%q]}
digest: {schedule: "0 0 29 2 *"}
`, filepath.Join(t.TempDir(), "s.db"), discordtest.Token, srv.URL(), editor.ID))
	must(t, srv.AwaitHeartbeats(ctx, 1))
	if _, err := srv.AwaitCall(ctx, func(c discordtest.Call) bool { return c.Method == "PUT" && strings.HasSuffix(c.Path, "/commands") }); err != nil {
		t.Fatal(err)
	}

	var asked []*discordtest.Interaction
	for i := range readers {
		u := srv.AddUser(discordtest.User{Username: fmt.Sprint("lettore", i), Locale: "it"})
		asked = append(asked, srv.Slash(u, srv.DM(u), "iscriviti"))
	}
	srv.Say(editor, desk, "Titolo\nSommario.\nTesto.")
	preview, err := srv.Await(ctx, discordtest.In(desk.ID, "Ho capito così"))
	must(t, err)
	publish, ok := preview.Button("Pubblica")
	if !ok {
		t.Fatalf("no button Pubblica under\n%s", preview.Text)
	}
	asked = append(asked, srv.Press(editor, preview, publish.CustomID))
	for _, i := range asked {
		answer(t, ctx, i)
	}
	srv.RedeliverRest()
	// Events are taken in one after another: this one, after all the others.
	last := srv.Slash(editor, desk, "ultimi")
	list := answer(t, ctx, last)
	contains(t, list.Text, "#1")
	lacks(t, list.Text, "#2")
	p.end(t) // all that was begun has ended

	answers := make(map[string]int)
	for _, c := range srv.Calls() {
		if strings.HasSuffix(c.Path, "/callback") {
			answers[strings.Split(c.Path, "/")[2]]++
		}
	}
	for _, i := range append(asked, last) {
		if n := answers[i.ID()]; n != 1 {
			t.Errorf("interaction %s was answered %d times", i.ID(), n)
		}
	}
	previews := 0
	for _, m := range srv.Messages() {
		if m.ChannelID == desk.ID && strings.Contains(m.Text, "Ho capito così") {
			previews++
		}
	}
	if previews > 1 {
		t.Errorf("%d previews of one text", previews)
	}
	t.Logf("%d interactions and a message, three times each and shuffled: each answered once, one article", len(asked)+1)
}

func answer(t *testing.T, ctx context.Context, i *discordtest.Interaction) discordtest.Message { //nolint:revive // t first, as in tests
	t.Helper()
	m, err := i.Answer(ctx)
	must(t, err)
	return m
}

func must(t testing.TB, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}
