// Questions on stage: a button that asks, and what counts as an answer.

package telegram

import (
	"strings"
	"testing"
	"time"

	"github.com/strillone/strillone/bot"
	"github.com/strillone/strillone/bot/telegram/telegramtest"
)

// opened is a panel in a chat, and the question that one of its buttons asked.
func opened(s *stage, chat, user int64) (panel, prompt telegramtest.Message) {
	s.t.Helper()
	s.Say(chat, user, "/impostazioni")
	panel = s.expect(telegramtest.In(chat, "⚙️"))
	s.press(user, panel, "Ora…")
	prompt = s.expect(func(m telegramtest.Message) bool { return m.Chat == chat && m.Asks })
	s.settle()
	return panel, prompt
}

func TestAskingInPrivate(t *testing.T) {
	for name, reply := range map[string]bool{"reply": true, "next text": false} {
		t.Run(name, func(t *testing.T) {
			s := play(t, panels())
			panel, prompt := opened(s, adaID, adaID)
			if prompt.Text != "A che ora?" || prompt.Placeholder != "7:30" {
				t.Errorf("asked %q, %q", prompt.Text, prompt.Placeholder)
			}
			var opts []telegramtest.SayOption
			if reply {
				opts = append(opts, telegramtest.ReplyTo(prompt))
			}
			s.Say(adaID, adaID, " 7:30\n", opts...)
			edited := s.expect(telegramtest.In(adaID, "ora 7:30"))
			if edited.ID != panel.ID {
				t.Errorf("answered with message %d, the panel was %d", edited.ID, panel.ID)
			}
			s.expect(telegramtest.In(adaID, "✅ Fatto"))
			asked := s.h.asked()
			if last := asked[len(asked)-1]; last.Command != "ora" || last.Args != "7:30" || !last.Pressed {
				t.Errorf("ran %+v", last)
			}
			s.h.text = func(bot.Text) bot.Reply { return say("un testo come altri") }
			s.Say(adaID, adaID, "8:30") // it was answered
			s.expect(telegramtest.In(adaID, "un testo come altri"))
		})
	}
}

// What is no answer: a text after ten minutes, after a restart, after a command,
// an article, a forwarded message.
func TestWhatIsNoAnswer(t *testing.T) {
	for name, test := range map[string]struct {
		meanwhile func(*stage)
		text      string
		opts      []telegramtest.SayOption
	}{
		"late":      {func(s *stage) { s.kept.later.Store(int64(answerWithin + time.Second)) }, "7:30", nil},
		"command":   {func(s *stage) { s.Say(adaID, adaID, "/abstract"); s.expect(telegramtest.In(adaID, "Abstract di")) }, "7:30", nil},
		"article":   {nil, "Titolo\nSommario\nTesto", nil},
		"long":      {nil, strings.Repeat("parola ", 100), nil},
		"forwarded": {nil, "7:30", []telegramtest.SayOption{telegramtest.Forward(0)}},
		"caption":   {nil, "7:30", []telegramtest.SayOption{telegramtest.WithDocument("a.txt", "text/plain", 3)}},
	} {
		t.Run(name, func(t *testing.T) {
			s := play(t, panels())
			s.h.text = func(bot.Text) bot.Reply { return say("un testo come altri") }
			opened(s, adaID, adaID)
			if test.meanwhile != nil {
				test.meanwhile(s)
			}
			s.Say(adaID, adaID, test.text, test.opts...)
			s.expect(telegramtest.In(adaID, "un testo come altri"))
		})
	}
	t.Run("restart", func(t *testing.T) {
		s := newStage(t, panels())
		s.h.text = func(bot.Text) bot.Reply { return say("un testo come altri") }
		stop := s.run()
		_, prompt := opened(s, adaID, adaID)
		stop()
		s.remake(HTML)
		s.run()
		s.Say(adaID, adaID, "7:30", telegramtest.ReplyTo(prompt))
		s.expect(telegramtest.In(adaID, "un testo come altri"))
	})
}

// In a group the question is one person's: by name, and answered by a reply of
// that person, or of an administrator who writes as the group.
func TestAskingInAGroup(t *testing.T) {
	for name, opts := range map[string][]telegramtest.SayOption{"by name": nil, "anonymous": {telegramtest.AsAnonymousAdmin()}} {
		t.Run(name, func(t *testing.T) {
			s := play(t, panels())
			panel, prompt := opened(s, groupID, adaID)
			if prompt.Text != "Ada: A che ora?" || prompt.ReplyTo != panel.ID || !strings.Contains(prompt.HTML, "tg://user?id=42") {
				t.Errorf("asked %q, answering %d", prompt.HTML, prompt.ReplyTo)
			}
			s.Say(groupID, bobID, "6:00", telegramtest.ReplyTo(prompt))
			s.Say(groupID, adaID, "ciao a tutti")
			s.Say(groupID, adaID, "7:30", append(opts, telegramtest.ReplyTo(prompt))...)
			if edited := s.expect(telegramtest.In(groupID, "ora 7:30")); edited.ID != panel.ID {
				t.Errorf("answered with message %d, the panel was %d", edited.ID, panel.ID)
			}
		})
	}
}

// Who may not run the command isn't asked.
func TestNobodyIsAskedWhoMayNot(t *testing.T) {
	s := play(t, panels())
	s.Say(groupID, adaID, "/impostazioni")
	m := s.expect(telegramtest.In(groupID, "⚙️"))
	if got := s.press(bobID, m, "Ora…"); !got.Alert || got.Text != "Qui decide solo chi amministra." {
		t.Errorf("answered %v", got)
	}
	if n := len(s.Messages()); n != 1 {
		t.Errorf("%d messages", n)
	}
}

func TestQuestionsAreBounded(t *testing.T) {
	var q questions
	now := time.Now()
	for i := range int64(maxQuestions + 10) {
		q.add(question{chat: i, asked: i, until: now.Add(time.Hour)})
	}
	if len(q.open) != maxQuestions {
		t.Errorf("%d questions", len(q.open))
	}
	if _, ok := q.take(now, func(x question) bool { return x.chat == 3 }); ok {
		t.Error("the oldest is there")
	}
	if _, ok := q.take(now.Add(2*time.Hour), func(question) bool { return true }); ok || len(q.open) != 0 {
		t.Errorf("late ones are there: %d", len(q.open))
	}
}
