// Places on stage: who lets the bot in and is answered where, who administers
// what, what the bot lacks, topics of private chats, chats picked from a list.

package telegram

import (
	"context"
	"fmt"
	"strconv"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/strillone/strillone/bot"
	"github.com/strillone/strillone/bot/telegram/telegramtest"
	"github.com/strillone/strillone/digest"
	"github.com/strillone/strillone/digest/markup"
)

const (
	channelID = -1002222222222
	foreignID = -1003333333333 // a channel of others
)

// withChannels has a channel of Ada's and one that the bot isn't in.
func withChannels(s *stage) *stage {
	s.AddChannel(channelID, "Novità", adaID)
	s.AddChannel(foreignID, "Altrui", 77)
	s.Kick(foreignID)
	return s
}

func in(chat int64, thread string) digest.Destination {
	return digest.Destination{Platform: Platform, Chat: strconv.FormatInt(chat, 10), Thread: thread}
}

// Being let into a group is answered there, into a channel in the private chat of
// whoever did it; each once. A new right is no news.
func TestJoinedOnStage(t *testing.T) {
	h := &answers{welcome: func(r bot.Request) bot.Reply { return say(fmt.Sprintf("ciao %d %s", r.Kind, r.Place.Chat)) }}
	s := withChannels(newStage(t, h))
	s.run()
	s.settle()
	s.Invite(groupID, bobID)
	s.expect(telegramtest.In(groupID, "ciao 1 "+strconv.Itoa(groupID)))
	s.Promote(groupID, bobID)
	s.Invite(channelID, adaID)
	s.expect(telegramtest.In(adaID, "ciao 2 "+strconv.Itoa(channelID)))
	s.Invite(channelID, bobID) // who has no chat with the bot
	s.settle()
	if n := len(s.Messages()); n != 2 {
		t.Errorf("%d messages", n)
	}
	var kinds []bot.Kind
	for _, r := range h.joined {
		kinds = append(kinds, r.Kind)
	}
	if diff := cmp.Diff([]bot.Kind{bot.Shared, bot.Channel, bot.Channel}, kinds); diff != "" {
		t.Error(diff)
	}
	if s.Kick(channelID); true {
		s.settle()
	}
	if len(h.left) == 0 || !strings.HasPrefix(h.left[len(h.left)-1], strconv.Itoa(channelID)) {
		t.Errorf("left %v", h.left)
	}
}

// Who administers which place, asked from a private chat.
func TestAdministersInOnStage(t *testing.T) {
	h := &answers{command: func(r bot.Request) bot.Reply {
		var b strings.Builder
		for _, place := range []digest.Destination{
			in(groupID, ""), in(groupID, "9"), in(channelID, ""), in(foreignID, ""), in(-42, ""), in(adaID, ""), in(bobID, ""),
			{Platform: Platform, Chat: "x"}, {Platform: "discord", Chat: strconv.Itoa(groupID)},
		} {
			ok, err := r.AdministersIn(context.Background(), place)
			b.WriteString(map[bool]string{true: "sì ", false: "no "}[ok])
			if err != nil {
				b.WriteString("! ")
			}
		}
		return say(strings.TrimSpace(b.String()))
	}}
	s := withChannels(newStage(t, h))
	s.AddPrivate(bobID, "Bob", "en")
	s.SetMember(groupID, bobID, "member")
	s.run()
	for user, want := range map[int64]string{adaID: "sì sì sì no no sì no no no", bobID: "no no no no no no sì no no"} {
		s.Say(user, user, "/x")
		if got := s.expect(telegramtest.In(user, "n")); got.Text != want {
			t.Errorf("user %d: %s, want %s", user, got.Text, want)
		}
	}
	// An administrator who writes as the group administers that, and no other.
	asked := s.Say(groupID, adaID, "/x", telegramtest.AsAnonymousAdmin())
	got := s.expect(func(m telegramtest.Message) bool { return m.ReplyTo == asked.ID })
	if got.Text != "sì sì no no no no no no no" {
		t.Errorf("anonymous: %s", got.Text)
	}
	if requests := h.asked(); !requests[len(requests)-1].Actor.Anonymous {
		t.Error("not said to be anonymous")
	}
	// A right that ends, ends at once.
	s.SetMember(groupID, adaID, "member")
	asked = s.Say(adaID, adaID, "/x")
	got = s.expect(func(m telegramtest.Message) bool { return m.Chat == adaID && m.ID > asked.ID })
	if !strings.HasPrefix(got.Text, "no no sì") {
		t.Errorf("after the end: %s", got.Text)
	}
}

func TestMissingOnStage(t *testing.T) {
	for name, test := range map[string]struct {
		change func(*stage)
		place  digest.Destination
		want   string
	}{
		"group":             {nil, in(groupID, ""), "[]"},
		"topic":             {nil, in(groupID, "9"), "[]"},
		"private":           {nil, in(adaID, ""), "[]"},
		"channel":           {nil, in(channelID, ""), "[]"},
		"muted":             {func(s *stage) { s.Mute(groupID) }, in(groupID, ""), "[write_messages]"},
		"nobody may write":  {func(s *stage) { s.Quiet(groupID) }, in(groupID, ""), "[write_messages]"},
		"but it may":        {func(s *stage) { s.Promote(groupID, adaID); s.Quiet(groupID) }, in(groupID, ""), "[]"},
		"kicked":            {func(s *stage) { s.Kick(groupID) }, in(groupID, ""), "[see_channel]"},
		"closed topic":      {func(s *stage) { s.CloseTopic(groupID, 9) }, in(groupID, "9"), "[write_in_topic]"},
		"deleted topic":     {func(s *stage) { s.DeleteTopic(groupID, 9) }, in(groupID, "9"), "[write_in_topic]"},
		"General":           {func(s *stage) { s.CloseTopic(groupID, 9) }, in(groupID, "1"), "[]"},
		"channel to read":   {func(s *stage) { s.Mute(channelID) }, in(channelID, ""), "[post_in_channel]"},
		"channel of others": {nil, in(foreignID, ""), "[see_channel]"},
	} {
		t.Run(name, func(t *testing.T) {
			h := &answers{command: func(r bot.Request) bot.Reply {
				missing, err := r.Missing(context.Background(), test.place)
				if err != nil {
					return say(err.Error())
				}
				return say(fmt.Sprint("manca ", missing))
			}}
			s := withChannels(newStage(t, h))
			if test.change != nil {
				test.change(s)
			}
			s.run()
			s.Say(adaID, adaID, "/x")
			if got := s.expect(telegramtest.In(adaID, "")); got.Text != "manca "+test.want {
				t.Errorf("%s, want %s", got.Text, test.want)
			}
		})
	}
}

// A private chat may have topics, each a place of its own.
func TestTopicsOfAPrivateChat(t *testing.T) {
	s := newStage(t, panels())
	s.AddTopic(adaID, 5)
	s.run()
	s.Say(adaID, adaID, "/impostazioni", telegramtest.InTopic(5))
	m := s.expect(telegramtest.In(adaID, "⚙️"))
	if m.Thread != 5 || s.h.asked()[0].Place != in(adaID, "5") {
		t.Errorf("in thread %d, asked in %v", m.Thread, s.h.asked()[0].Place)
	}
	s.press(adaID, m, "Otto")
	if m := s.expect(telegramtest.In(adaID, "ora 8:00")); m.Edits != 1 {
		t.Errorf("%+v", m)
	}
	s.press(adaID, m, "Ora…")
	prompt := s.expect(func(m telegramtest.Message) bool { return m.Asks })
	if prompt.Thread != 5 {
		t.Errorf("asked in thread %d", prompt.Thread)
	}
	s.settle()
	s.Say(adaID, adaID, "9:15", telegramtest.InTopic(5))
	s.expect(telegramtest.In(adaID, "ora 9:15"))
}

// The General topic is the chat itself: one place, whatever Telegram calls it.
func TestGeneralIsOnePlace(t *testing.T) {
	for thread, want := range map[int64]string{1: "", 9: "9"} {
		m := &incoming{Chat: chat{ID: groupID, Type: "supergroup"}, Thread: thread, InTopic: true}
		if got := placeOf(m).Thread; got != want {
			t.Errorf("thread %d is %q", thread, got)
		}
	}
}

// A channel is picked from Telegram's list, which lets the bot in.
func TestChooseOnStage(t *testing.T) {
	h := &answers{
		command: func(r bot.Request) bot.Reply {
			if r.Command == "impostazioni" {
				return say("pannello " + r.Args)
			}
			reply := say("Che cosa vuoi gestire?")
			reply.Choose = &bot.Choose{Channel: "📣 Un canale", Group: "👥 Un gruppo"}
			reply.Doc.Rows = [][]markup.Action{{{Label: "x", Command: "x"}}}
			return reply
		},
		welcome: func(r bot.Request) bot.Reply { return bot.Reply{} },
	}
	s := withChannels(newStage(t, h))
	s.run()
	s.Say(adaID, adaID, "/canale")
	m := s.expect(telegramtest.In(adaID, "Che cosa vuoi gestire?"))
	want := []telegramtest.List{{Text: "📣 Un canale", Request: 1, Channels: true, Lets: true}, {Text: "👥 Un gruppo", Request: 2}}
	if diff := cmp.Diff(want, m.Lists); diff != "" || len(m.Buttons) != 0 {
		t.Errorf("%s, buttons %v", diff, m.Buttons)
	}
	s.Pick(adaID, m.Lists[0], foreignID)
	s.expect(telegramtest.In(adaID, "pannello in:"+strconv.Itoa(foreignID)))
	s.Say(groupID, adaID, "/canale")
	if m := s.expect(telegramtest.In(groupID, "Che cosa")); len(m.Lists) != 0 {
		t.Errorf("a group got lists: %v", m.Lists)
	}
}

// Presses in a channel: reading opens the private chat, the rest is never posted.
func TestPressInAChannel(t *testing.T) {
	h := panels()
	s := withChannels(newStage(t, h))
	s.AddPrivate(bobID, "Bob", "en")
	doc := digestDoc(2)
	doc.Rows = [][]markup.Action{{{Label: "⚙️", Command: "impostazioni"}, {Label: "Salva", Command: "salva 1"}}}
	h.command = func(r bot.Request) bot.Reply {
		if r.Command == "salva" {
			return bot.Reply{Notice: "Salvato"}
		}
		return panels().command(r)
	}
	parts, err := s.a.Render(doc)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := s.a.Send(t.Context(), messageTo(channelID, parts[0])); err != nil {
		t.Fatal(err)
	}
	s.run()
	m := s.expect(telegramtest.In(channelID, "2 articoli nuovi"))
	if got := s.press(bobID, m, "12"); got.URL != "https://t.me/"+telegramtest.Username+"?start=a12" {
		t.Errorf("answered %v", got)
	}
	if got := s.press(bobID, m, "⚙️"); !got.Alert || got.Text != "Qui decide solo chi amministra." {
		t.Errorf("answered %v", got)
	}
	s.press(adaID, m, "⚙️")
	s.expect(telegramtest.In(adaID, "⚙️ Impostazioni"))
	if got := s.press(bobID, m, "Salva"); got.Text != "Salvato" {
		t.Errorf("answered %v", got)
	}
	s.settle()
	for _, m := range s.Messages() {
		if m.Chat == channelID && m.ID != 1 {
			t.Errorf("posted %q", m.Text)
		}
	}
}
