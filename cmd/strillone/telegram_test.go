package main

import (
	"context"
	"fmt"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/strillone/strillone/bot/discord/discordtest"
	"github.com/strillone/strillone/bot/telegram/telegramtest"
)

const (
	editorID  = 1001
	readerID  = 1002
	strangeID = 1003
	groupID   = -2001
)

// newsstand is Telegram with an editor, a reader and a group whose administrator
// is the editor.
func newsstand(t *testing.T, options ...telegramtest.Option) *telegramtest.Server {
	t.Helper()
	srv := telegramtest.New(t, options...)
	t.Cleanup(srv.Close)
	srv.AddPrivate(editorID, "Redattrice", "it")
	srv.AddPrivate(readerID, "Lettore", "it")
	srv.AddPrivate(strangeID, "Stranger", "en")
	srv.AddGroup(groupID, "Amici delle notizie", editorID)
	return srv
}

func telegramConfig(t *testing.T, srv *telegramtest.Server, more string) string {
	t.Helper()
	return fmt.Sprintf(`
database: sqlite:%s
telegram: {token: %q, api_url: %q}
editors: {telegram: [%d]}
digest: {schedule: "@every 1s"}
log: {level: debug}
%s`, filepath.Join(t.TempDir(), "s.db"), telegramtest.Token, srv.URL(), editorID, more)
}

// The real article all the way on Telegram.
func TestTelegramAllTheWay(t *testing.T) {
	article, genuine := realArticle(t)
	srv := newsstand(t)
	p := start(t, telegramConfig(t, srv, ""))
	ctx, cancel := context.WithTimeout(t.Context(), patience)
	defer cancel()
	await := func(chat int64, text string) telegramtest.Message {
		t.Helper()
		m, err := srv.Await(ctx, telegramtest.In(chat, text))
		must(t, err)
		return m
	}

	srv.Say(readerID, readerID, "/start")
	contains(t, await(readerID, "Ciao!").Text, "ricevi qui il digest")
	srv.Say(groupID, editorID, "/iscriviti@"+telegramtest.Username)
	await(groupID, "il digest arriva qui")
	srv.Say(groupID, readerID, "/disiscriviti")
	await(groupID, "solo chi amministra")

	srv.Say(editorID, editorID, article)
	preview := await(editorID, "Ho capito così")
	contains(t, preview.Text, "Sommario ✅", "Abstract ✅", "Fonti 2", "Consigli 2")
	if _, err := press(ctx, srv, editorID, preview, "Pubblica"); err != nil {
		t.Fatal(err)
	}
	contains(t, await(editorID, "✅ Pubblicato: è il #1").Text, "Esce nel digest di")
	if m, there := srv.Message(editorID, preview.ID); there && strings.Contains(m.Text, "Ho capito") {
		t.Error("the preview still offers to publish")
	}

	srv.Say(readerID, readerID, "/stato")
	await(readerID, "solo la redazione")
	inPrivate := await(readerID, "1 articolo nuovo")
	inGroup := await(groupID, "1 articolo nuovo")
	srv.Say(readerID, readerID, "/abstract 1")
	abstract := await(readerID, "Abstract di #1")
	srv.Say(readerID, readerID, "/fonti", telegramtest.ReplyTo(inPrivate))
	sources := await(readerID, "Fonti di #1")
	if genuine {
		contains(t, inPrivate.Text, "#1 Meta avrebbe chiesto aiuto finanziario", "Secondo quanto riportato da The Information")
		contains(t, abstract.Text, "conflitti geopolitici digitali")
		contains(t, sources.Text,
			"1. Meta’s AI Strategy Faces a New Test as It Asks Tech Giants for Help — The Information, aprile 2025",
			"2. Competition and Cooperation in AI Development — OECD, 2024")
		lacks(t, sources.Text, "Â", "2025.")
	}
	// In private the digest becomes the article, and the digest again.
	if _, err := press(ctx, srv, readerID, inPrivate, "1"); err != nil {
		t.Error(err)
	}
	opened := await(readerID, "Pubblicato")
	if opened.ID != inPrivate.ID {
		t.Errorf("the article is message %d, the digest was %d", opened.ID, inPrivate.ID)
	}
	if _, err := press(ctx, srv, readerID, opened, "← Digest"); err != nil {
		t.Error(err)
	}
	await(readerID, "🗞 Strillone ·")
	there, err := press(ctx, srv, readerID, inGroup, "1")
	must(t, err)
	if want := "https://t.me/" + telegramtest.Username + "?start=a1"; there.URL != want {
		t.Errorf("a press in a group opens %q, want %q", there.URL, want)
	}
	srv.Say(strangeID, strangeID, "/start a1")
	card := await(strangeID, "Published")
	contains(t, card.Text, "#1 ")
	for _, said := range []string{"/stato", "/status"} {
		srv.Say(editorID, editorID, said)
		contains(t, await(editorID, "Stato delle consegne").Text, "🗞 Digest di", "100% · 2 di 2", "Arrivati: 2", "Telegram 2")
	}
	p.end(t)
	lacks(t, p.log.String(), telegramtest.Token)
	for chat, want := range map[int64]int{readerID: 1, groupID: 1, strangeID: 0} {
		got := 0
		for _, m := range srv.Messages() {
			if m.Chat == chat && strings.Contains(m.Text, "🗞 Strillone ·") {
				got++
			}
		}
		if got != want {
			t.Errorf("%d digests in chat %d, want %d", got, chat, want)
		}
	}
}

func press(ctx context.Context, srv *telegramtest.Server, user int64, m telegramtest.Message, label string) (telegramtest.Answer, error) {
	b, ok := m.Button(label)
	if !ok {
		return telegramtest.Answer{}, fmt.Errorf("no button %q under:\n%s", label, m.Text)
	}
	return srv.Press(user, m, b.Data).Answer(ctx)
}

// Texts that aren't articles get a clear answer, and nothing is stored.
func TestTelegramNonsense(t *testing.T) {
	srv := newsstand(t)
	start(t, telegramConfig(t, srv, ""))
	ctx, cancel := context.WithTimeout(t.Context(), patience)
	defer cancel()
	for _, c := range []struct {
		user       int64
		said, want string
	}{
		{readerID, "Titolo\nTesto di un lettore", "/aiuto"},
		{strangeID, "hello", "/help"},
		{editorID, "/pubblicaa", "Non conosco il comando /pubblicaa"},
		{editorID, "Solo un titolo", "non il testo"},
		{editorID, "Fonti:\n- Una", "Riga 1: manca il titolo"},
		{editorID, "/pubblica 99", "Questa bozza non c’è più"},
		{editorID, "/pubblica", "Quale bozza?"},
		{readerID, "/pubblica 1", "solo la redazione"},
		{readerID, "/leggi 99", "L’articolo #99 non c’è"},
		{readerID, "/fonti <b>@everyone</b>", "<b>@\u2060everyone</b>"}, // no mention any more
		{readerID, "/ultimi", "Non c’è ancora nessun articolo"},
		{readerID, "/digest", "Non è ancora uscito nessun digest"},
	} {
		srv.Say(c.user, c.user, c.said)
		if _, err := srv.Await(ctx, telegramtest.In(c.user, c.want)); err != nil {
			t.Fatalf("%q: no answer with %q: %v", c.said, c.want, err)
		}
	}
	for _, m := range srv.Messages() {
		if strings.Contains(m.Text, "Ho capito") {
			t.Errorf("taken for an article:\n%s", m.Text)
		}
	}
}

// One platform that refuses its token, or is down, doesn't stop the other.
func TestOnePlatformInTroubleLeavesTheOtherAlone(t *testing.T) {
	discordDown := discordtest.New(t)
	defer discordDown.Close()
	for name, discord := range map[string]string{
		"refused": fmt.Sprintf("discord: {token: %q, api_url: %q}", "bm90.dGhl.dG9rZW4", discordDown.URL()),
		"down":    fmt.Sprintf("discord: {token: %q, api_url: %q}", discordtest.Token, "http://127.0.0.1:1"),
	} {
		t.Run(name, func(t *testing.T) {
			srv := newsstand(t)
			p := start(t, telegramConfig(t, srv, discord))
			ctx, cancel := context.WithTimeout(t.Context(), patience)
			defer cancel()
			srv.Say(readerID, readerID, "/aiuto")
			if _, err := srv.Await(ctx, telegramtest.In(readerID, "Che cosa posso fare per te")); err != nil {
				t.Fatal(err)
			}
			p.end(t)
			lacks(t, p.log.String(), "bm90.dGhl.dG9rZW4", discordtest.Token)
		})
	}
}

// Every update comes three times, shuffled, and has one effect.
func TestUpdatesDeliveredThreeTimes(t *testing.T) {
	srv := newsstand(t, telegramtest.Redeliver(3), telegramtest.Shuffled())
	const readers = 20
	for i := range int64(readers) {
		srv.AddPrivate(5000+i, "Lettore", "it")
		srv.Say(5000+i, 5000+i, "/start")
	}
	start(t, telegramConfig(t, srv, ""))
	ctx, cancel := context.WithTimeout(t.Context(), patience)
	defer cancel()
	srv.Say(editorID, editorID, "Titolo\nSommario.\nTesto.")
	preview, err := srv.Await(ctx, telegramtest.In(editorID, "Ho capito così"))
	must(t, err)
	if _, err := press(ctx, srv, editorID, preview, "Pubblica"); err != nil {
		t.Fatal(err)
	}
	if _, err := srv.Await(ctx, telegramtest.In(editorID, "è il #1")); err != nil {
		t.Fatal(err)
	}
	must(t, srv.AwaitConfirmed(ctx))
	srv.Say(readerID, readerID, "/ultimi")
	list, err := srv.Await(ctx, telegramtest.In(readerID, "Gli ultimi articoli"))
	must(t, err)
	lacks(t, list.Text, "#2")
	must(t, srv.AwaitConfirmed(ctx))
	answers := make(map[int64]int)
	for _, m := range srv.Messages() {
		if !strings.Contains(m.Text, "🗞") {
			answers[m.Chat]++
		}
	}
	for i := range int64(readers) {
		if answers[5000+i] != 1 {
			t.Errorf("%d answers to one /start", answers[5000+i])
		}
	}
	t.Logf("%d updates, three times each and shuffled: %d readers answered once, one article", readers+3, readers)
}

// A second process on the same database refuses to start, and names the first.
func TestASecondProcessRefuses(t *testing.T) {
	srv := newsstand(t)
	config := telegramConfig(t, srv, "")
	first := start(t, config)
	ctx, cancel := context.WithTimeout(t.Context(), patience)
	defer cancel()
	if _, err := srv.AwaitCall(ctx, telegramtest.Method("setMyCommands")); err != nil {
		t.Fatal(err)
	}
	second := begin(t, config)
	select {
	case <-second.done:
	case <-time.After(patience):
		t.Fatal("the second process went on")
	}
	if second.code != exitFault {
		t.Errorf("exit code %d", second.code)
	}
	contains(t, second.log.String(), "already serving", ".lock")
	first.end(t)
}
