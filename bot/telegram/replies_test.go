// Replies on stage: files, and what groups get.

package telegram

import (
	"strings"
	"testing"

	"github.com/strillone/strillone/bot"
	"github.com/strillone/strillone/bot/telegram/telegramtest"
	"github.com/strillone/strillone/digest/delivery"
	"github.com/strillone/strillone/digest/markup"
)

func messageTo(chat int64, part delivery.Part) delivery.Message {
	return delivery.Message{To: in(chat, ""), Part: part, First: true, Last: true}
}

// A file goes to the private chat, and to its topic; never to a group.
func TestFiles(t *testing.T) {
	h := &answers{command: func(bot.Request) bot.Reply {
		reply := say("Ecco i tuoi dati.")
		reply.File = &bot.File{Name: "dati è.json", Content: []byte(`{"id":42}`)}
		return reply
	}}
	s := newStage(t, h)
	s.AddTopic(adaID, 5)
	s.run()
	s.Say(adaID, adaID, "/miei_dati", telegramtest.InTopic(5))
	s.expect(telegramtest.In(adaID, "Ecco i tuoi dati."))
	m := s.expect(func(m telegramtest.Message) bool { return m.File != nil })
	if m.File.Name != "dati è.json" || string(m.File.Data) != `{"id":42}` || m.Thread != 5 || m.Chat != adaID {
		t.Errorf("%+v", m)
	}
	s.Say(groupID, adaID, "/miei_dati")
	s.expect(telegramtest.In(groupID, "Ecco i tuoi dati."))
	s.settle()
	if n := s.calls("sendDocument"); n != 1 {
		t.Errorf("%d files", n)
	}
}

// A group gets one message a command, and of an article the beginning with a way
// to the rest.
func TestOneMessageInAGroup(t *testing.T) {
	long := markup.Doc{
		Blocks: []markup.Block{
			markup.Heading{Level: 1, Text: markup.T("#14 Un titolo")},
			markup.Paragraph{Text: markup.T("Il sommario.")},
			markup.Paragraph{Text: markup.T(strings.Repeat("Una frase come tante. ", 600))},
			markup.Paragraph{Text: markup.T("La fine.")},
		},
		Rows: [][]markup.Action{{{Label: "🧭 Abstract", Command: "abstract 14"}}},
	}
	s := play(t, &answers{command: func(r bot.Request) bot.Reply {
		if r.Command == "digest" {
			return bot.Reply{Doc: digestDoc(60)}
		}
		return bot.Reply{Doc: long, Personal: true}
	}})
	s.Say(groupID, bobID, "/leggi 14")
	m := s.expect(telegramtest.In(groupID, "#14 Un titolo"))
	if n := units(m.Text); n > inGroups || n < inGroups/2 || strings.Contains(m.Text, "La fine.") || !strings.Contains(m.Text, "Il sommario.") {
		t.Errorf("%d units: %s", n, m.Text)
	}
	b, _ := m.Button("#14 →")
	if b.URL != "https://t.me/"+telegramtest.Username+"?start=a14" {
		t.Errorf("buttons %v", m.Buttons)
	}
	if _, ok := m.Button("🧭 Abstract"); !ok {
		t.Errorf("buttons %v", m.Buttons)
	}
	s.Say(groupID, bobID, "/digest")
	s.expect(telegramtest.In(groupID, "60 articoli nuovi"))
	s.settle()
	if n := len(s.Messages()); n != 2 {
		t.Errorf("%d messages for two commands", n)
	}
	s.Say(adaID, adaID, "/leggi 14")
	s.expect(telegramtest.In(adaID, "La fine."))
}
