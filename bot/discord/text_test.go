package discord

import (
	"context"
	"encoding/json"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/strillone/strillone/bot"
	"github.com/strillone/strillone/bot/discord/discordtest"
	"github.com/strillone/strillone/digest"
	"github.com/strillone/strillone/digest/markup"
)

func TestDirectMessage(t *testing.T) {
	h := open(t, &stub{})
	said := h.server.Say(h.ada, h.dm, "**Titolo**\nTesto con [un collegamento](https://example.org).")
	m := h.await(discordtest.In(h.dm.ID, "ho letto"))
	if m.ReplyTo != said.ID {
		t.Errorf("a reply to %q, not to %q", m.ReplyTo, said.ID)
	}
	got := h.stub.lastText()
	got.Administers, got.AdministersIn, got.Missing = nil, nil, nil
	got.Written = time.Time{}
	want := bot.Text{
		Message: said.ID,
		Request: bot.Request{
			Actor: bot.Actor{Platform: "discord", ID: h.ada.ID, Name: "Ada"},
			Place: placeOf(h.dm),
			Kind:  bot.Private,
		},
		Submission: digest.Submission{
			Author: "discord:" + h.ada.ID,
			Text: markup.Text{
				{Text: "Titolo", Style: markup.Bold}, {Text: "\nTesto con "},
				{Text: "un collegamento", URL: "https://example.org"}, {Text: "."},
			},
		},
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("text (-want +got):\n%s", diff)
	}
}

func TestTypedCommand(t *testing.T) {
	h := open(t, &stub{})
	h.server.Say(h.ada, h.dm, "/Fonti 12")
	h.contains(h.await(discordtest.In(h.dm.ID, "/fonti")), "/fonti 12")
	h.server.Say(h.ada, h.dm, "/ non è un comando")
	h.await(discordtest.In(h.dm.ID, "ho letto"))
}

func TestReplyQuotes(t *testing.T) {
	doc := digestDoc(2)
	s := &stub{command: func(_ context.Context, r bot.Request) bot.Reply {
		if r.Command == "digest" {
			return bot.Reply{Doc: doc}
		}
		return say("a proposito")
	}}
	h := open(t, s)
	m := h.answer(h.server.Slash(h.ada, h.dm, "digest"))
	h.server.Say(h.ada, h.dm, "/fonti", discordtest.ReplyTo(m))
	h.await(discordtest.In(h.dm.ID, "a proposito"))
	if diff := cmp.Diff(doc.Commands(), h.stub.lastCommand().Quoted); diff != "" {
		t.Errorf("quoted (-want +got):\n%s", diff)
	}
}

func TestMention(t *testing.T) {
	h := open(t, &stub{})
	h.server.Say(h.ada, h.channel, "chiacchiere tra colleghi")
	h.server.Say(h.ada, h.channel, "<@"+h.server.Bot().ID+"> che cosa sai fare?")
	h.await(discordtest.In(h.channel.ID, "ho letto"))
	got := h.stub.lastText()
	if got.Submission.Text.String() != "che cosa sai fare?" || got.Kind != bot.Shared || got.Place != placeOf(h.channel) {
		t.Errorf("%+v", got)
	}
	if n := len(h.server.Messages()); n != 1 {
		t.Errorf("%d messages: what isn't for the bot was answered", n)
	}
	manages, err := got.Administers(h.ctx)
	if manages || err != nil {
		t.Errorf("a member administers: %v, %v", manages, err)
	}
}

func TestMentionByManager(t *testing.T) {
	h := open(t, &stub{})
	role := h.server.AddRole(h.guild.ID, "capi", discordtest.PermissionManageGuild)
	h.server.AddMember(h.guild.ID, h.ada, discordtest.PermissionsMember, role)
	h.server.Say(h.ada, h.channel, "<@"+h.server.Bot().ID+"> /iscriviti")
	h.await(discordtest.In(h.channel.ID, "/iscriviti"))
	r := h.stub.lastCommand()
	if manages, err := r.Administers(h.ctx); !manages || err != nil {
		t.Errorf("a manager doesn't administer: %v, %v", manages, err)
	}
}

func TestBotsAreIgnored(t *testing.T) {
	h := open(t, &stub{})
	other := h.server.AddUser(discordtest.User{Username: "robot", Bot: true})
	h.server.Say(other, h.dm, "ciao, collega")
	h.server.Dispatch("MESSAGE_CREATE", raw(map[string]any{"id": "5", "channel_id": h.dm.ID, "content": "gancio", "webhook_id": "9", "author": map[string]any{"id": "9", "username": "w"}}))
	h.server.Dispatch("MESSAGE_CREATE", raw(map[string]any{"id": "6", "channel_id": h.dm.ID, "content": "di nessuno"}))
	h.server.Dispatch("MESSAGE_CREATE", raw(map[string]any{"id": "7", "channel_id": h.dm.ID, "type": 6, "content": "fissato", "author": map[string]any{"id": h.ada.ID}}))
	h.server.Say(h.ada, h.dm, "eccomi")
	h.await(discordtest.In(h.dm.ID, "ho letto"))
	if n := len(h.stub.texts); n != 1 {
		t.Errorf("%d texts", n)
	}
}

// A paste over 2,000 characters arrives as a file.
func TestAttachedText(t *testing.T) {
	h := open(t, &stub{})
	article := strings.Repeat("Una riga dell'articolo.\n", 300)
	h.server.Say(h.ada, h.dm, "", discordtest.WithFile("message.txt", "text/plain; charset=utf-8", []byte("\uFEFF"+article)),
		discordtest.WithFile("foto.png", "image/png", []byte{1, 2, 3}))
	h.await(discordtest.In(h.dm.ID, "ho letto"))
	if got := h.stub.lastText().Submission.Text.String(); strings.TrimSpace(got) != strings.TrimSpace(article) {
		t.Errorf("the file became %d bytes, %.60q", len(got), got)
	}
}

func TestLongTextReply(t *testing.T) {
	h := open(t, &stub{text: func(context.Context, bot.Text) bot.Reply { return bot.Reply{Doc: longDoc(3)} }})
	said := h.server.Say(h.ada, h.dm, "un articolo")
	last := h.await(discordtest.In(h.dm.ID, "Capitolo 3"))
	if _, ok := last.Button("Fine"); !ok || last.ReplyTo != "" {
		t.Errorf("the last message: button %v, replies to %q", ok, last.ReplyTo)
	}
	if first := h.await(discordtest.In(h.dm.ID, "Capitolo 1")); first.ReplyTo != said.ID {
		t.Errorf("the first replies to %q", first.ReplyTo)
	}
}

func TestTextReplySurvivesFaults(t *testing.T) {
	for name, fault := range map[string]*discordtest.Fault{
		"reset after": discordtest.ResetAfter(), "502": discordtest.BadGateway(), "garbage": discordtest.Garbage(),
	} {
		t.Run(name, func(t *testing.T) {
			h := open(t, &stub{})
			h.server.Intercept(discordtest.Times(1, discordtest.SendsMessage(h.dm.ID), fault))
			h.server.Say(h.ada, h.dm, "un articolo")
			if _, err := h.server.AwaitCall(h.ctx, func(c discordtest.Call) bool { return discordtest.SendsMessage("")(c) && c.Status == 200 && c.Seq > 1 }); err != nil {
				t.Fatal(err)
			}
			h.stop()
			if err := h.ended(); err != nil {
				t.Fatal(err)
			}
			if n := len(h.server.Messages()); n != 1 {
				t.Errorf("%d messages", n)
			}
		})
	}
}

// An event with a component that nobody knows yet is read like any other.
func TestUnknownComponent(t *testing.T) {
	h := open(t, &stub{})
	h.server.Dispatch("MESSAGE_CREATE", raw(map[string]any{
		"id": "77", "channel_id": h.dm.ID, "type": 19, "content": "/fonti", "author": map[string]any{"id": h.ada.ID, "username": "ada"},
		"referenced_message": map[string]any{"id": "5", "author": map[string]any{"id": h.server.Bot().ID, "bot": true}, "components": []any{
			map[string]any{"type": 99, "content": map[string]any{"x": 1}, "components": []any{map[string]any{"type": 2, "custom_id": "leggi 7"}}},
		}},
	}))
	h.await(discordtest.In(h.dm.ID, "/fonti"))
	if diff := cmp.Diff([]string{"leggi 7"}, h.stub.lastCommand().Quoted); diff != "" {
		t.Errorf("quoted (-want +got):\n%s", diff)
	}
}

func TestOddEvents(t *testing.T) {
	h := open(t, &stub{})
	for _, data := range []string{`{}`, `null`, `[]`, `"x"`, `{"id":"1","type":2}`, `{"id":"2","type":3,"data":{"component_type":99}}`,
		`{"id":"3","type":5,"channel_id":"1","user":{"id":"1"},"data":{"custom_id":"m","components":[{"type":18}]}}`, `{"id":"4","type":4,"channel_id":"1","user":{"id":"1"},"data":{}}`,
		`{"id":"5","type":3,"channel_id":"1","member":{},"data":{"values":[]}}`, `{"id":{},"author":7}`} {
		h.server.Dispatch("INTERACTION_CREATE", []byte(data))
		h.server.Dispatch("MESSAGE_CREATE", []byte(data))
	}
	h.server.Say(h.ada, h.dm, "e dopo?")
	h.await(discordtest.In(h.dm.ID, "ho letto"))
}

func TestRepeatedEvent(t *testing.T) {
	h := open(t, &stub{})
	event := raw(map[string]any{"id": "78", "channel_id": h.dm.ID, "content": "una volta", "author": map[string]any{"id": h.ada.ID, "username": "ada"}})
	h.server.Dispatch("MESSAGE_CREATE", event)
	h.server.Dispatch("MESSAGE_CREATE", event)
	h.server.Say(h.ada, h.dm, "/poi")
	h.await(discordtest.In(h.dm.ID, "/poi"))
	h.stop()
	if err := h.ended(); err != nil {
		t.Fatal(err)
	}
	if n := len(h.stub.texts); n != 1 {
		t.Errorf("%d texts", n)
	}
}

// Whatever an interaction holds, it is read without a panic, and what it asks is
// one line.
func FuzzInteraction(f *testing.F) {
	f.Add([]byte(`{"id":"1","token":"t","type":2,"channel_id":"2","user":{"id":"3"},"data":{"name":"iscriviti","options":[{"name":"menzione","value":"4"}]}}`))
	f.Add([]byte(`{"id":"1","token":"t","type":5,"channel_id":"2","guild_id":"9","member":{"user":{"id":"3"},"permissions":"x"},"data":{"custom_id":"ora\u001fa\u001fb~2","components":[{"component":{"custom_id":"text","value":" 7\n30 "}}]}}`))
	f.Add([]byte(`{"type":3,"channel_id":"2","user":{"id":"3"},"data":{"custom_id":"x","values":["fonti 1"]},"message":{"components":[{"type":17,"components":[{"type":2,"custom_id":"a"}]}]}}`))
	d := &desk{Adapter: New(Config{Token: "A", Log: quiet})}
	f.Fuzz(func(t *testing.T, data []byte) {
		var i interaction
		if json.Unmarshal(data, &i) != nil {
			return
		}
		i.Owners = owners{} // nobody is looked up
		what, ok := d.asked(t.Context(), i)
		if !ok || what.form != nil {
			return
		}
		if what.request.Command == "" || strings.ContainsAny(what.request.Command, " \n") {
			t.Errorf("command %q", what.request.Command)
		}
	})
}
