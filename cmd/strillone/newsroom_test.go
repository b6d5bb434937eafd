package main

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"syscall"
	"testing"

	"github.com/strillone/strillone/bot/discord/discordtest"
	"github.com/strillone/strillone/bot/telegram/telegramtest"
	"github.com/strillone/strillone/storage"
)

// longArticle is an article of some 20,000 characters, in numbered sentences.
func longArticle() (text string, sentences int) {
	var b strings.Builder
	b.WriteString("Un articolo lungo come un capitolo\nIl sommario, in una frase sola.\n")
	for b.Len() < 20_000 {
		for range 5 {
			sentences++
			fmt.Fprintf(&b, "La frase numero %d dice qualcosa che bisogna leggere tutto e in ordine. ", sentences)
		}
		b.WriteString("\n")
	}
	b.WriteString("Fonti:\n– Una fonte – Editore, 2024\nTemi: ai\n")
	return b.String(), sentences
}

var sentence = regexp.MustCompile(`frase\s+numero\s+(\d+)\s+dice`)

// A paste of 20,000 characters comes as the client cuts it, is one article, and
// is read again whole and in order.
func TestALongArticleAllTheWay(t *testing.T) {
	article, sentences := longArticle()
	srv := newsstand(t)
	start(t, telegramConfig(t, srv, ""))
	ctx, cancel := context.WithTimeout(t.Context(), patience)
	defer cancel()
	if n := len(srv.Paste(editorID, editorID, article)); n < 5 {
		t.Fatalf("%d messages", n)
	}
	preview, err := srv.Await(ctx, telegramtest.In(editorID, "Ho capito così"))
	must(t, err)
	contains(t, preview.Text, "Un articolo lungo come un capitolo", fmt.Sprintf("Testo ✅ %d parole", 13*sentences), "Fonti 1")
	if _, err := press(ctx, srv, editorID, preview, "Pubblica"); err != nil {
		t.Fatal(err)
	}
	_, err = srv.Await(ctx, telegramtest.In(editorID, "è il #1"))
	must(t, err)
	srv.Say(readerID, readerID, "/leggi 1")
	_, err = srv.Await(ctx, telegramtest.In(readerID, fmt.Sprintf("numero %d dice", sentences)))
	must(t, err)
	next, parts := 1, 0
	for _, m := range srv.Messages() {
		if m.Chat != readerID {
			continue
		}
		parts++
		for _, found := range sentence.FindAllStringSubmatch(m.Text, -1) {
			if found[1] != fmt.Sprint(next) {
				t.Fatalf("sentence %s where %d should be", found[1], next)
			}
			next++
		}
		if last := m.Text[len(m.Text)-1]; last != '.' && !strings.HasSuffix(m.Text, "ai") {
			t.Errorf("a message ends inside a sentence: …%s", m.Text[max(0, len(m.Text)-60):])
		}
	}
	if next != sentences+1 {
		t.Errorf("%d sentences of %d are there", next-1, sentences)
	}
	t.Logf("%d characters came in, and are read in %d messages", len([]rune(article)), parts)
}

// The process is killed while a paste is being put together: its pieces were
// confirmed, and the next process goes on with them.
func TestKilledWhileAPasteArrives(t *testing.T) {
	article, sentences := longArticle()
	srv := newsstand(t)
	database := filepath.Join(t.TempDir(), "s.db")
	config := filepath.Join(t.TempDir(), "strillone.yaml")
	must(t, os.WriteFile(config, []byte(fmt.Sprintf("database: sqlite:%s\ntelegram: {token: %q, api_url: %q}\neditors: {telegram: [%d]}\n",
		database, telegramtest.Token, srv.URL(), editorID)), 0o600))
	ctx, cancel := context.WithTimeout(t.Context(), patience)
	defer cancel()
	pieces := strings.SplitAfter(article, "\n")
	var texts []string // pieces of many lines, none of which ends the paste but the last
	for piece := ""; len(pieces) > 0; {
		piece += pieces[0]
		if pieces = pieces[1:]; len(piece) > 3000 || len(pieces) == 0 {
			texts, piece = append(texts, piece), ""
		}
	}
	for i, text := range texts {
		p := startProcess(t, atPace, config)
		srv.Say(editorID, editorID, text)
		if i == len(texts)-1 {
			preview, err := srv.Await(ctx, telegramtest.In(editorID, "Ho capito così"))
			must(t, err)
			contains(t, preview.Text, fmt.Sprintf("Testo ✅ %d parole", 13*sentences), "Fonti 1")
			p.end(t, syscall.SIGTERM)
			break
		}
		must(t, srv.AwaitConfirmed(ctx))
		p.end(t, syscall.SIGKILL)
	}
	previews := 0
	for _, m := range srv.Messages() {
		if strings.Contains(m.Text, "Ho capito") {
			previews++
		}
	}
	store, err := storage.Open(t.Context(), "sqlite:"+database)
	must(t, err)
	defer store.Close()
	waiting, err := store.WaitingPieces(t.Context())
	must(t, err)
	if previews != 1 || len(waiting) != 0 {
		t.Errorf("%d previews, %d pieces still wait", previews, len(waiting))
	}
	t.Logf("%d pieces, the process killed after each but the last: one preview", len(texts))
}

// Every way in on Telegram but the plain text.
func TestWaysIntoTheNewsroom(t *testing.T) {
	srv := newsstand(t)
	start(t, telegramConfig(t, srv, ""))
	ctx, cancel := context.WithTimeout(t.Context(), patience)
	defer cancel()
	await := func(text string) telegramtest.Message {
		t.Helper()
		m, err := srv.Await(ctx, telegramtest.In(editorID, text))
		must(t, err)
		return m
	}
	srv.Say(editorID, editorID, "", telegramtest.WithFile("pezzo.md", "text/markdown", []byte("# Dal file\n\nSommario.\n\nTesto **forte** e [un link](https://e.it).\n")))
	contains(t, await("Dal file").Text, "Ho capito così")
	srv.Say(editorID, editorID, "", telegramtest.WithFile("foto.pdf", "application/pdf", []byte("%PDF")))
	await("Non so leggere foto.pdf")
	srv.Say(editorID, editorID, "Dall’album\nSommario.", telegramtest.WithDocument("a.png", "image/png", 9), telegramtest.InAlbum("1"))
	srv.Say(editorID, editorID, "Inoltrato da altri\nSommario.\nTesto.", telegramtest.Forward(readerID))
	await("Inoltrato da altri")
	m := srv.Say(editorID, editorID, "Da correggere\nSommario.\nUn tessto.")
	await("Da correggere")
	srv.EditSaid(m, "Da correggere\nSommario.\nUn testo.")
	preview := await("Ho aggiornato la bozza")
	if _, err := press(ctx, srv, editorID, preview, "Pubblica"); err != nil {
		t.Fatal(err)
	}
	await("✅ Pubblicato: è il #1")
	srv.EditSaid(m, "Da correggere\nSommario.\nUn testo cambiato.")
	await("per ora un articolo pubblicato non si può correggere")
	srv.Say(editorID, editorID, "", telegramtest.WithFile("due.txt", "text/plain", []byte("# Uno\nSommario.\nTesto.\n\n---\n\n# Due\nSommario.\nTesto.\n")))
	contains(t, await("Ho trovato 2 articoli in due.txt").Text, "Uno (riga 1)", "Due (riga 7)")
	await("Due\nSommario")
	srv.Say(editorID, editorID, "Da correggere\nSommario.\nUn testo.")
	contains(t, await("Questo articolo c’è già: è il #1").Text, "pubblicato")
	srv.Say(groupID, editorID, "@"+telegramtest.Username+" Dal gruppo\nSommario.\nTesto.")
	lacks(t, await("Dal gruppo").Text, telegramtest.Username)
}

// The ways in on Discord: a file, an edited message, a message in a channel that
// mentions the bot, and one that is chosen from its own menu.
func TestWaysIntoTheNewsroomOnDiscord(t *testing.T) {
	ctx, cancel := context.WithTimeout(t.Context(), patience)
	defer cancel()
	srv := discordtest.New(t)
	defer srv.Close()
	editor := srv.AddUser(discordtest.User{Username: "redattrice", Locale: "it"})
	reader := srv.AddUser(discordtest.User{Username: "lettore", Locale: "it"})
	guild := srv.AddGuild(discordtest.Guild{Name: "Redazione"})
	channel := srv.AddChannel(discordtest.Channel{GuildID: guild.ID, Name: "notizie"})
	for _, u := range []discordtest.User{editor, reader} {
		srv.AddMember(guild.ID, u, discordtest.PermissionsMember)
	}
	start(t, fmt.Sprintf("database: sqlite:%s\ndiscord: {token: %q, api_url: %q}\neditors: {discord: [%q]}\n",
		filepath.Join(t.TempDir(), "s.db"), discordtest.Token, srv.URL(), editor.ID))
	must(t, srv.AwaitHeartbeats(ctx, 1))
	if _, err := srv.AwaitCall(ctx, func(c discordtest.Call) bool { return c.Method == "PUT" && strings.HasSuffix(c.Path, "/commands") }); err != nil {
		t.Fatal(err)
	}
	dm := srv.DM(editor)
	await := func(in discordtest.Channel, text string) discordtest.Message {
		t.Helper()
		m, err := srv.Await(ctx, discordtest.In(in.ID, text))
		must(t, err)
		return m
	}
	srv.Say(editor, dm, "", discordtest.WithFile("pezzo.md", "text/markdown", []byte("# Dal file\n\nSommario.\n\nTesto **forte**.\n")))
	contains(t, await(dm, "Dal file").Text, "Ho capito così")
	srv.Say(editor, dm, "", discordtest.WithFile("due.txt", "text/plain", []byte("# Uno di due\nSommario.\nTesto.\n# Due di due\nSommario.\nTesto.\n")))
	contains(t, await(dm, "Ho trovato 2 articoli in due.txt").Text, "Uno di due (riga 1)", "Due di due (riga 4)")
	await(dm, "Le anteprime sono qui sotto")
	m := srv.Say(editor, dm, "Da correggere\nSommario.\nUn tessto.")
	await(dm, "Da correggere")
	srv.EditSaid(m, "Da correggere\nSommario.\nUn testo **migliore** di prima.")
	contains(t, await(dm, "Ho aggiornato la bozza").Text, "Testo ✅ 5 parole")

	srv.Say(editor, channel, "<@"+srv.Bot().ID+"> Dal canale\nSommario.\nTesto.")
	await(channel, "l’anteprima è nella nostra chat privata")
	await(dm, "Dal canale")
	said := srv.Say(reader, channel, "Scritto da altri\nSommario.\nTesto.")
	if done := answer(t, ctx, srv.MessageCommand(editor, said, "Trasforma in articolo")); !done.Ephemeral {
		t.Error("the answer is shown to the whole channel")
	}
	await(dm, "Scritto da altri")
	contains(t, answer(t, ctx, srv.MessageCommand(reader, said, "Trasforma in articolo")).Text, "solo la redazione")
}
