// Buttons that carry ids, and forms that ask for what a button needs.

package discord

import (
	"context"
	"crypto/sha256"
	"errors"
	"strings"
	"sync"
	"testing"

	"github.com/strillone/strillone/bot"
	"github.com/strillone/strillone/bot/discord/discordtest"
	"github.com/strillone/strillone/digest"
	"github.com/strillone/strillone/digest/markup"
)

// drawer keeps buttons in memory.
type drawer struct {
	mu     sync.Mutex
	lines  map[string]string
	broken bool
}

func (d *drawer) SaveButtons(_ context.Context, lines map[string]string) error {
	d.mu.Lock()
	defer d.mu.Unlock()
	if d.broken {
		return errors.New("no room")
	}
	for id, line := range lines {
		d.lines[id] = line
	}
	return nil
}

func (d *drawer) Button(_ context.Context, id string) (string, error) {
	d.mu.Lock()
	defer d.mu.Unlock()
	line, ok := d.lines[id]
	if !ok {
		return "", &digest.Error{Code: digest.NotFound}
	}
	return line, nil
}

func newButtons(d *drawer) *bot.Buttons {
	d.lines = make(map[string]string)
	key := sha256.Sum256([]byte("key"))
	return bot.NewButtons(d, key[:])
}

// panel answers /impostazioni with a panel, and every press with what it asked.
func panel(_ context.Context, r bot.Request) bot.Reply {
	if r.Command != "impostazioni" {
		reply := personally(say("/" + r.Command + " " + r.Args))
		reply.Replace = true
		return reply
	}
	reply := personally(say("pannello",
		[]markup.Action{
			{Label: "Ora", Command: "ora in:1/2", Input: &markup.Input{Label: "A che ora?", Hint: "7:30"}},
			{Label: "Ruolo", Command: "menzione", Input: &markup.Input{Label: "Quale ruolo?"}},
			{Label: "Breve", Command: "forma breve " + strings.Repeat("x", 200)},
		}))
	reply.Doc.Menu = &markup.Menu{Label: "Lingua", Items: []markup.Action{
		{Label: "italiano", Command: "lingua it"}, {Label: "altra", Command: "lingua", Input: &markup.Input{Label: "Quale?"}},
	}}
	return reply
}

// withPanel is a house whose buttons are kept.
func withPanel(t *testing.T) (*house, *drawer) {
	t.Helper()
	kept := &drawer{}
	h := build(t, &stub{command: panel})
	h.adapter.buttons = newButtons(kept)
	h.run()
	if _, err := h.server.AwaitSession(h.ctx, nil); err != nil {
		t.Fatal(err)
	}
	return h, kept
}

func (h *house) button(m discordtest.Message, label string) string {
	h.Helper()
	b, ok := m.Button(label)
	if !ok {
		h.Fatalf("no button %q in %+v", label, m.Buttons)
	}
	return b.CustomID
}

func TestOpaque(t *testing.T) {
	h, kept := withPanel(t)
	m := h.answer(h.server.Slash(h.ada, h.channel, "impostazioni"))
	for _, word := range []string{"ora ", "menzione", "lingua it", "breve x"} {
		if strings.Contains(string(m.Body), word) {
			t.Errorf("Discord is told the line %q: %s", word, m.Body)
		}
	}
	// Edited in place, for it is the person's own; what the line says is longer
	// than any custom_id.
	after := h.answer(h.server.Press(h.ada, m, h.button(m, "Breve")))
	if after.ID != m.ID || !strings.HasPrefix(after.Text, "/forma breve xxx") {
		t.Errorf("%v %q", after.ID == m.ID, after.Text)
	}
	r := h.stub.lastCommand()
	if len(r.Quoted) != 5 || r.Quoted[0] != "ora in:1/2" || !r.Pressed {
		t.Errorf("quoted %q, pressed %v", r.Quoted, r.Pressed)
	}

	m = h.answer(h.server.Slash(h.ada, h.channel, "impostazioni"))
	menu := m.Selects[0]
	h.contains(h.answer(h.server.Select(h.ada, m, menu.CustomID, menu.Options[0].Value)), "/lingua it")

	// A button that is known no more.
	m = h.answer(h.server.Slash(h.ada, h.channel, "impostazioni"))
	id := h.button(m, "Breve")
	h.adapter.buttons = newButtons(kept)
	h.contains(h.answer(h.server.Press(h.ada, m, id)), "/"+bot.StaleCommand)
}

func TestButtonsThatCantBeKept(t *testing.T) {
	kept := &drawer{}
	a := New(Config{Buttons: newButtons(kept), Log: quiet})
	kept.broken = true
	if _, err := a.Render(digestDoc(1)); err == nil {
		t.Error("buttons that mean nothing went out")
	}
}

func TestForms(t *testing.T) {
	h, _ := withPanel(t)
	role := h.server.AddRole(h.guild.ID, "lettori", 0)
	for _, c := range []struct{ label, title, typed, want string }{
		{"Ora", "A che ora?", " 7:30\u202e ", "/ora in:1/2 7:30"},
		{"Ruolo", "Quale ruolo?", role, "/menzione " + role},
		{"altra", "Quale?", "en", "/lingua en"},
	} {
		m := h.answer(h.server.Slash(h.ada, h.channel, "impostazioni"))
		var i *discordtest.Interaction
		if c.label == "altra" {
			i = h.server.Select(h.ada, m, m.Selects[0].CustomID, m.Selects[0].Options[1].Value)
		} else {
			i = h.server.Press(h.ada, m, h.button(m, c.label))
		}
		form, err := i.Modal(h.ctx)
		if err != nil {
			t.Fatal(err)
		}
		if form.Title != c.title || len(form.Inputs) != 1 || !form.Inputs[0].Required || form.Inputs[0].Label != c.title {
			t.Errorf("form %+v", form)
		}
		after := h.answer(h.server.SubmitModal(h.ada, i, map[string]string{form.Inputs[0].CustomID: c.typed}))
		if after.ID != m.ID || strings.TrimSpace(after.Text) != c.want {
			t.Errorf("%v %q, want %q", after.ID == m.ID, after.Text, c.want)
		}
		if r := h.stub.lastCommand(); !r.Pressed || r.Place != placeOf(h.channel) {
			t.Errorf("%+v", r)
		}
	}
}

// A press on what is everybody's, by somebody who may not, is answered to that
// person alone.
func TestPressByAnother(t *testing.T) {
	h, _ := withPanel(t)
	h.stub.command = func(_ context.Context, r bot.Request) bot.Reply {
		if r.Pressed {
			return bot.Reply{Notice: "non puoi", Personal: true}
		}
		return say("per tutti", []markup.Action{{Label: "Cambia", Command: "forma breve"}})
	}
	m := h.answer(h.server.Slash(h.ada, h.channel, "impostazioni"))
	bea := h.server.AddUser(discordtest.User{Username: "bea"})
	word := h.answer(h.server.Press(bea, m, h.button(m, "Cambia")))
	if !word.Ephemeral || word.Text != "non puoi" || word.ID == m.ID {
		t.Errorf("ephemeral %v: %q", word.Ephemeral, word.Text)
	}
	if now, _ := h.server.Message(m.ID); len(now.Edits) > 0 {
		t.Error("what everybody sees was changed")
	}
}

// In private there are no roles to choose among: the id is typed.
func TestRoleInPrivate(t *testing.T) {
	h, _ := withPanel(t)
	m := h.answer(h.server.Slash(h.ada, h.dm, "impostazioni"))
	i := h.server.Press(h.ada, m, h.button(m, "Ruolo"))
	form, err := i.Modal(h.ctx)
	if err != nil {
		t.Fatal(err)
	}
	if form.Inputs[0].Type != discordtest.TypeTextInput {
		t.Errorf("an input of type %d", form.Inputs[0].Type)
	}
	h.contains(h.answer(h.server.SubmitModal(h.ada, i, map[string]string{fieldID: "123"})), "/menzione 123")
}
