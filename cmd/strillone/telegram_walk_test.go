package main

import (
	"context"
	"strings"
	"testing"

	"github.com/strillone/strillone/bot/telegram/telegramtest"
)

// The channel that the editor runs.
const newsID = -1004444444444

// A reader's and an administrator's walk through what Telegram has for settings,
// places, inline mode and rich messages, in the running program.
func TestTelegramWalk(t *testing.T) {
	srv := newsstand(t)
	srv.AddChannel(newsID, "Notizie", editorID)
	p := start(t, telegramConfig(t, srv, ""))
	ctx, cancel := context.WithTimeout(t.Context(), 2*patience)
	defer cancel()
	await := func(what func(telegramtest.Message) bool) telegramtest.Message {
		t.Helper()
		m, err := srv.Await(ctx, what)
		must(t, err)
		return m
	}
	tap := func(user int64, m telegramtest.Message, label string) telegramtest.Answer {
		t.Helper()
		answer, err := press(ctx, srv, user, m, label)
		must(t, err)
		return answer
	}
	publish := func() {
		t.Helper()
		srv.Say(editorID, editorID, "Batterie al sodio\nIl sommario.\nIl testo di un articolo.\n\nApprofondimento:\nUna fonte — Editore, 2025\n\nAbstract:\nIl testo dell’abstract.")
		tap(editorID, await(telegramtest.In(editorID, "Ho capito così")), "Pubblica")
		await(telegramtest.In(editorID, "è il #1"))
	}

	// Settings in private: one message, operated in place; an hour is asked for.
	srv.Say(readerID, readerID, "/start")
	await(telegramtest.In(readerID, "Ciao!"))
	srv.Say(readerID, readerID, "/impostazioni")
	panel := await(telegramtest.In(readerID, "Prossimo digest"))
	tap(readerID, panel, "Ora")
	hours := await(telegramtest.In(readerID, "A che ora?"))
	if hours.ID != panel.ID {
		t.Errorf("the hours are message %d, the panel was %d", hours.ID, panel.ID)
	}
	tap(readerID, hours, "Altra ora…")
	await(func(m telegramtest.Message) bool { return m.Chat == readerID && m.Asks })
	srv.Say(readerID, readerID, "9:30")
	await(func(m telegramtest.Message) bool { return m.ID == panel.ID && strings.Contains(m.Text, "9:30") })

	// In a group: who may not is told alone, and sees no panel.
	srv.Say(groupID, editorID, "/iscriviti", telegramtest.AsAnonymousAdmin())
	await(telegramtest.In(groupID, "il digest arriva qui"))
	srv.Say(groupID, editorID, "/impostazioni")
	shared := await(telegramtest.In(groupID, "Impostazioni"))
	if answer := tap(strangeID, shared, "Ora"); !answer.Alert || answer.Text == "" {
		t.Errorf("a stranger got %+v", answer)
	}
	tap(editorID, shared, "Ora")
	if m := await(telegramtest.In(groupID, "A che ora?")); m.ID != shared.ID {
		t.Errorf("the hours are message %d, the panel was %d", m.ID, shared.ID)
	}

	// A channel: its administrator is greeted in private, and begins there.
	srv.Invite(newsID, editorID)
	greeting := await(func(m telegramtest.Message) bool { return m.Chat == editorID && strings.Contains(m.Text, "canale") })
	if len(greeting.Buttons) == 0 {
		t.Fatalf("no button under %q", greeting.Text)
	}
	tap(editorID, greeting, greeting.Buttons[0][0].Text)
	await(func(m telegramtest.Message) bool { return m.ID == greeting.ID && m.Chat == editorID && m.Edits > 0 })
	publish()
	rich := await(func(m telegramtest.Message) bool { return m.Chat == newsID && m.Rich })
	contains(t, rich.Text, "#1 Batterie al sodio", "🧭 Abstract", "Il testo dell’abstract.", "Una fonte")

	// Inline mode, and the link behind what it posts.
	found, err := srv.Type(strangeID, "batteria", "").Answer(ctx)
	must(t, err)
	if len(found.Articles) != 1 || found.Articles[0].ID != "a1" {
		t.Fatalf("found %+v", found)
	}
	srv.Say(strangeID, strangeID, "/start a1")
	await(telegramtest.In(strangeID, "Batterie al sodio"))

	// One's own data come as a file.
	srv.Say(readerID, readerID, "/miei_dati")
	data := await(func(m telegramtest.Message) bool { return m.Chat == readerID && m.File != nil })
	contains(t, string(data.File.Data), "9")
	p.end(t)
}
