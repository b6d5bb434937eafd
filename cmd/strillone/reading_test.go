// Searching, saving and leafing through, all the way.

package main

import (
	"strings"
	"testing"

	"github.com/strillone/strillone/bot/telegram/telegramtest"
)

// A reader finds an article by another form of its words, with a slip too, opens
// it, saves it, finds it among the saved, and takes it away.
func TestReading(t *testing.T) {
	s := onTheStreet(t, "", nil)
	s.publish()
	s.publish()
	shows := func(text string) func(telegramtest.Message) bool {
		return func(m telegramtest.Message) bool { return m.Chat == readerID && strings.Contains(m.Text, text) }
	}
	say := func(line, answer string) telegramtest.Message {
		t.Helper()
		s.Say(readerID, readerID, line)
		m, err := s.Await(s.ctx, shows(answer))
		if err != nil {
			t.Fatalf("%s: no %q: %v", line, answer, err)
		}
		return m
	}
	push := func(m telegramtest.Message, label string) {
		t.Helper()
		if _, err := press(s.ctx, s.Server, readerID, m, label); err != nil {
			t.Fatalf("%q: %v", label, err)
		}
	}
	found := say("/cerca titoli", "🔎 titoli")
	contains(t, found.Text, "2 articoli", "#2 Titolo 2", "prima i più pertinenti")
	push(found, "Più recenti")
	s.await(readerID, "prima i più recenti")
	say("/cerca titlo", "Forse cercavi")

	card := say("/leggi 1", "Pubblicato ")
	push(card, "Salva")
	push(card, "Utile")
	list := say("/salvati", "I tuoi articoli salvati")
	contains(t, list.Text, "#1 Titolo 1")
	push(list, "✕ 1")
	s.await(readerID, "Non hai ancora salvato")

	contains(t, say("/archivio", "Archivio · ").Text, "2 articoli")
	say("/temi", "Nessun articolo ha ancora un tema")
	s.Say(editorID, editorID, "/leggi 1")
	s.await(editorID, "Utile per 1, non utile per 0.")
}
