package discord

import (
	"context"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/strillone/strillone/bot"
	"github.com/strillone/strillone/bot/discord/discordtest"
	"github.com/strillone/strillone/digest/markup"
)

func TestSlash(t *testing.T) {
	h := open(t, &stub{})
	i := h.server.Slash(h.ada, h.channel, "fonti", discordtest.Opt("articolo", "  12 bis "))
	m := h.answer(i)
	h.contains(m, "/fonti 12 bis")
	if m.Ephemeral {
		t.Error("an answer for everybody is for one")
	}
	r := h.stub.lastCommand()
	manages, err := r.Administers(h.ctx)
	r.Administers, r.AdministersIn, r.Missing = nil, nil, nil
	want := bot.Request{
		Actor:   bot.Actor{Platform: "discord", ID: h.ada.ID, Name: "Ada", Language: "it"},
		Place:   placeOf(h.channel),
		Kind:    bot.Shared,
		Command: "fonti",
		Args:    "12 bis",
	}
	if diff := cmp.Diff(want, r); diff != "" {
		t.Errorf("request (-want +got):\n%s", diff)
	}
	if manages || err != nil {
		t.Errorf("a member administers: %v, %v", manages, err)
	}
}

func TestSlashInPrivate(t *testing.T) {
	h := open(t, &stub{command: func(_ context.Context, r bot.Request) bot.Reply { return personally(say("ecco")) }})
	m := h.answer(h.server.Slash(h.ada, h.dm, "ultimi"))
	h.contains(m, "ecco")
	r := h.stub.lastCommand()
	manages, err := r.Administers(h.ctx)
	if m.Ephemeral || r.Kind != bot.Private || r.Place != placeOf(h.dm) || !manages || err != nil {
		t.Errorf("ephemeral %v, kind %v, place %v, administers %v %v", m.Ephemeral, r.Kind, r.Place, manages, err)
	}
}

func TestWhoAdministers(t *testing.T) {
	h := open(t, &stub{})
	for name, permissions := range map[string]int64{"manager": discordtest.PermissionManageGuild, "chief": discordtest.PermissionAdministrator, "member": 0} {
		u := h.server.AddUser(discordtest.User{Username: name, Locale: "en-US"})
		h.server.AddMember(h.guild.ID, u, discordtest.PermissionsMember|permissions)
		h.answer(h.server.Slash(u, h.channel, "iscriviti"))
		r := h.stub.lastCommand()
		got, err := r.Administers(h.ctx)
		if got != (permissions != 0) || err != nil {
			t.Errorf("%s: %v, %v", name, got, err)
		}
		if r.Actor.Language != "en" {
			t.Errorf("language %q", r.Actor.Language)
		}
	}
}

func TestThread(t *testing.T) {
	h := open(t, &stub{})
	thread := h.server.AddChannel(discordtest.Channel{GuildID: h.guild.ID, ParentID: h.channel.ID, Name: "filo", Type: discordtest.PublicThread})
	h.answer(h.server.Slash(h.ada, thread, "digest"))
	if got := h.stub.lastCommand().Place; got != placeOf(thread) {
		t.Errorf("place %v", got)
	}
}

func TestPersonalIsEphemeral(t *testing.T) {
	h := open(t, &stub{command: func(context.Context, bot.Request) bot.Reply { return personally(say("per te")) }})
	if m := h.answer(h.server.Slash(h.ada, h.channel, "aiuto")); !m.Ephemeral {
		t.Error("an answer for one is for everybody")
	}
}

func TestPressAndSelect(t *testing.T) {
	doc := digestDoc(2)
	s := &stub{}
	s.command = func(_ context.Context, r bot.Request) bot.Reply {
		if r.Command == "digest" {
			return bot.Reply{Doc: doc}
		}
		return personally(say("premuto " + r.Command + " " + r.Args))
	}
	h := open(t, s)
	m := h.answer(h.server.Slash(h.ada, h.channel, "digest"))

	pressed := h.answer(h.server.Press(h.ada, m, "leggi 2"))
	h.contains(pressed, "premuto leggi 2")
	if !pressed.Ephemeral || pressed.ID == m.ID {
		t.Error("the answer to a press should be a message for the asker alone")
	}
	r := h.stub.lastCommand()
	if diff := cmp.Diff(doc.Commands(), r.Quoted); diff != "" || !r.Pressed {
		t.Errorf("pressed %v, quoted (-want +got):\n%s", r.Pressed, diff)
	}

	h.contains(h.answer(h.server.Select(h.ada, m, "menu", "fonti 1")), "premuto fonti 1")
	if r := h.stub.lastCommand(); !r.Pressed || r.Command != "fonti" || r.Args != "1" {
		t.Errorf("selected %+v", r)
	}
}

func TestRepeatedButton(t *testing.T) {
	s := &stub{}
	h := open(t, s)
	s.command = func(context.Context, bot.Request) bot.Reply {
		return say("due volte", []markup.Action{{Label: "A", Command: "leggi 1"}, {Label: "B", Command: "leggi 1"}})
	}
	m := h.answer(h.server.Slash(h.ada, h.dm, "ultimi"))
	b, _ := m.Button("B")
	h.answer(h.server.Press(h.ada, m, b.CustomID))
	if r := h.stub.lastCommand(); r.Command != "leggi" || r.Args != "1" {
		t.Errorf("%q %q", r.Command, r.Args)
	}
}

func TestReplace(t *testing.T) {
	s := &stub{}
	s.command = func(_ context.Context, r bot.Request) bot.Reply {
		if r.Pressed {
			reply := say("pubblicato")
			reply.Replace, reply.Notice = true, "fatto"
			return reply
		}
		return personally(say("bozza", []markup.Action{{Label: "Pubblica", Command: "pubblica 3"}}))
	}
	h := open(t, s)
	for name, channel := range map[string]discordtest.Channel{"private": h.dm, "ephemeral": h.channel} {
		m := h.answer(h.server.Slash(h.ada, channel, "bozza"))
		after := h.answer(h.server.Press(h.ada, m, "pubblica 3"))
		if after.ID != m.ID || after.Text != "pubblicato" {
			t.Errorf("%s: %s says %q", name, after.ID, after.Text)
		}
	}
}

// What is everybody's isn't replaced: the answer is a new message.
func TestReplaceOfSharedMessage(t *testing.T) {
	s := &stub{}
	s.command = func(_ context.Context, r bot.Request) bot.Reply {
		if r.Pressed {
			return bot.Reply{Doc: say("nuovo").Doc, Replace: true}
		}
		return say("per tutti", []markup.Action{{Label: "X", Command: "x"}})
	}
	h := open(t, s)
	m := h.answer(h.server.Slash(h.ada, h.channel, "digest"))
	after := h.answer(h.server.Press(h.ada, m, "x"))
	if after.ID == m.ID || !after.Ephemeral {
		t.Errorf("replaced %v, ephemeral %v", after.ID == m.ID, after.Ephemeral)
	}
}

func TestNotice(t *testing.T) {
	s := &stub{}
	s.command = func(_ context.Context, r bot.Request) bot.Reply {
		if r.Pressed {
			return bot.Reply{Notice: "già fatto"}
		}
		return say("x", []markup.Action{{Label: "X", Command: "x"}})
	}
	h := open(t, s)
	m := h.answer(h.server.Slash(h.ada, h.channel, "digest"))
	if got := h.answer(h.server.Press(h.ada, m, "x")); !got.Ephemeral || got.Text != "già fatto" {
		t.Errorf("%v %q", got.Ephemeral, got.Text)
	}
}

func TestSilence(t *testing.T) {
	s := &stub{}
	s.command = func(_ context.Context, r bot.Request) bot.Reply {
		if r.Command == "digest" {
			return say("x", []markup.Action{{Label: "X", Command: "x"}})
		}
		return bot.Reply{}
	}
	h := open(t, s)
	m := h.answer(h.server.Slash(h.ada, h.channel, "digest"))
	if r := h.response(h.server.Press(h.ada, m, "x")); r.Type != discordtest.ResponseDeferredUpdate {
		t.Errorf("a press that says nothing is answered with %d", r.Type)
	}
	if m, err := h.server.Slash(h.ada, h.channel, "altro").Answer(h.ctx); err == nil {
		t.Errorf("a command that says nothing shows %q", m.Text)
	}
}

// slow is a stub that answers when it is let go.
func slow(reply func(bot.Request) bot.Reply) (*stub, chan struct{}) {
	gate := make(chan struct{})
	return &stub{command: func(ctx context.Context, r bot.Request) bot.Reply {
		if r.Command == "subito" {
			return say("x", []markup.Action{{Label: "X", Command: "x"}})
		}
		select {
		case <-gate:
		case <-ctx.Done():
		}
		return reply(r)
	}}, gate
}

func TestDefer(t *testing.T) {
	s, gate := slow(func(r bot.Request) bot.Reply { return bot.Reply{Doc: longDoc(3)} })
	h := build(t, s)
	h.adapter.patience = 20 * time.Millisecond
	h.run()
	if _, err := h.server.AwaitSession(h.ctx, nil); err != nil {
		t.Fatal(err)
	}
	i := h.server.Slash(h.ada, h.channel, "digest")
	if r := h.response(i); r.Type != discordtest.ResponseDeferred {
		t.Fatalf("response %d", r.Type)
	}
	close(gate)
	m := h.answer(i)
	h.contains(m, "Capitolo 1")
	follow, err := i.AwaitFollowUps(h.ctx, 2)
	if err != nil {
		t.Fatal(err)
	}
	if !m.Ephemeral || !follow[0].Ephemeral || !strings.Contains(follow[1].Text, "Capitolo 3") {
		t.Errorf("ephemeral %v %v, last %.40q", m.Ephemeral, follow[0].Ephemeral, follow[1].Text)
	}

	m = h.answer(h.server.Slash(h.ada, h.dm, "digest"))
	if m.Ephemeral {
		t.Error("ephemeral in private")
	}
}

func TestDeferredPress(t *testing.T) {
	for _, replace := range []bool{true, false} {
		t.Run(strconv.FormatBool(replace), func(t *testing.T) {
			s, gate := slow(func(bot.Request) bot.Reply { return bot.Reply{Doc: say("tardi").Doc, Replace: replace} })
			h := build(t, s)
			h.adapter.patience = 20 * time.Millisecond
			h.run()
			if _, err := h.server.AwaitSession(h.ctx, nil); err != nil {
				t.Fatal(err)
			}
			m := h.answer(h.server.Slash(h.ada, h.dm, "subito"))
			i := h.server.Press(h.ada, m, "x")
			if r := h.response(i); r.Type != discordtest.ResponseDeferredUpdate {
				t.Fatalf("response %d", r.Type)
			}
			close(gate)
			got := h.await(discordtest.In(h.dm.ID, "tardi"))
			if (got.ID == m.ID) != replace {
				t.Errorf("replace %v: message %s was pressed, %s says it", replace, m.ID, got.ID)
			}
		})
	}
}

func longDoc(chapters int) markup.Doc {
	var doc markup.Doc
	for n := range chapters {
		doc.Blocks = append(doc.Blocks,
			markup.Heading{Level: 1, Text: markup.T("Capitolo " + strconv.Itoa(n+1))},
			markup.Paragraph{Text: markup.T(strings.Repeat("Una frase come tante altre. ", 130))})
	}
	doc.Rows = [][]markup.Action{{{Label: "Fine", Command: "fine"}}}
	return doc
}

func TestLongReply(t *testing.T) {
	h := open(t, &stub{command: func(context.Context, bot.Request) bot.Reply { return bot.Reply{Doc: longDoc(8)} }})
	i := h.server.Slash(h.ada, h.channel, "leggi")
	h.contains(h.answer(i), "Capitolo 1")
	follow, err := i.AwaitFollowUps(h.ctx, 7)
	if err != nil {
		t.Fatal(err)
	}
	for n, m := range follow {
		h.contains(m, "Capitolo "+strconv.Itoa(n+2))
		if _, ok := m.Button("Fine"); ok != (n == 6) || m.Ephemeral {
			t.Errorf("message %d: button %v, ephemeral %v", n, ok, m.Ephemeral)
		}
	}
}

func TestPanicAnswersNothing(t *testing.T) {
	s := &stub{command: func(_ context.Context, r bot.Request) bot.Reply {
		if r.Command == "rompi" {
			panic("rotto")
		}
		return say("sano")
	}}
	h := open(t, s)
	if _, err := h.server.Slash(h.ada, h.channel, "rompi").Answer(h.ctx); err == nil {
		t.Error("a panic answered")
	}
	h.contains(h.answer(h.server.Slash(h.ada, h.channel, "altro")), "sano")
	if !strings.Contains(h.logs.String(), "rotto") {
		t.Error("the panic isn't in the log")
	}
}

// The first answer is given again when its fate is unknown, and once only is it
// seen.
func TestFirstAnswerSurvivesFaults(t *testing.T) {
	for name, fault := range map[string]*discordtest.Fault{
		"reset before": discordtest.Reset(), "reset after": discordtest.ResetAfter(), "502": discordtest.BadGateway(),
		"429": discordtest.Limited(50*time.Millisecond, "user"), "truncated": discordtest.Truncated(),
	} {
		t.Run(name, func(t *testing.T) {
			h := open(t, &stub{}, discordtest.Tolerate(alreadyAcknowledged))
			h.server.Intercept(discordtest.Times(1, func(c discordtest.Call) bool { return strings.HasPrefix(c.Route, "/interactions/") }, fault))
			h.contains(h.answer(h.server.Slash(h.ada, h.channel, "fonti")), "/fonti")
			if n := len(h.server.Messages()); n != 1 {
				t.Errorf("%d messages", n)
			}
		})
	}
}

// The token of an interaction lets anybody answer it: it is a secret too.
func TestInteractionTokenIsNotLogged(t *testing.T) {
	for name, fault := range map[string]*discordtest.Fault{"refused": discordtest.Failing(400, 50035, "Invalid Form Body"), "reset": discordtest.Reset()} {
		t.Run(name, func(t *testing.T) {
			h := open(t, &stub{})
			h.server.Intercept(func(discordtest.Call) *discordtest.Fault { return fault })
			i := h.server.Slash(h.ada, h.channel, "fonti")
			if _, err := h.server.AwaitCall(h.ctx, func(c discordtest.Call) bool { return strings.HasPrefix(c.Route, "/interactions/") }); err != nil {
				t.Fatal(err)
			}
			h.stop()
			if err := h.ended(); err != nil {
				t.Fatal(err)
			}
			if log := h.logs.String(); strings.Contains(log, i.Token()) || !strings.Contains(log, "not delivered") {
				t.Errorf("log:\n%s", log)
			}
		})
	}
}

func TestTooLateIsNoError(t *testing.T) {
	h := open(t, &stub{})
	h.server.Intercept(func(c discordtest.Call) *discordtest.Fault {
		if strings.HasPrefix(c.Route, "/interactions/") {
			return discordtest.Failing(404, unknownInteraction, "Unknown interaction")
		}
		return nil
	})
	h.server.Slash(h.ada, h.channel, "fonti")
	if _, err := h.server.AwaitCall(h.ctx, func(c discordtest.Call) bool { return c.Code == unknownInteraction }); err != nil {
		t.Fatal(err)
	}
	h.stop()
	if err := h.ended(); err != nil {
		t.Fatal(err)
	}
	if log := h.logs.String(); !strings.Contains(log, "level=DEBUG msg=\"an answer came too late\"") || strings.Contains(log, "level=ERROR") || strings.Contains(log, "level=WARN") {
		t.Errorf("log:\n%s", log)
	}
}
