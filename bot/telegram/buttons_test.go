// Buttons on stage: what they carry, what comes of pressing them, and who sees it.

package telegram

import (
	"context"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/strillone/strillone/bot"
	"github.com/strillone/strillone/bot/telegram/telegramtest"
	"github.com/strillone/strillone/digest/markup"
)

var opaqueID = regexp.MustCompile(`^[A-Za-z0-9_-]{16}$`)

// longLine is more than a button could carry.
var longLine = "temi " + strings.Repeat("intelligenza artificiale, ", 12) + "privacy in:-1001234567890/9"

// panels answers like a bot with a settings panel that only administrators may
// use, beside what newsroom has.
func panels() *answers {
	h := newsroom()
	read := h.command
	h.menu = append(slices.Clone(menu), bot.Entry{Name: "ora", Manage: true}, bot.Entry{Name: "impostazioni", Manage: true})
	h.command = func(r bot.Request) bot.Reply {
		switch r.Command {
		case bot.StaleCommand:
			return bot.Reply{Notice: "Questo pulsante non vale più."}
		case "impostazioni", "ora", "temi":
			if ok, err := r.Administers(context.Background()); !ok || err != nil {
				return bot.Reply{Doc: say("Qui decide solo chi amministra.").Doc, Personal: true}
			}
			return panelOf(r)
		case "personale":
			return bot.Reply{Doc: say(strings.Repeat("Solo per te. ", 40)).Doc, Personal: true}
		}
		return read(r)
	}
	return h
}

// panelOf is the panel that says what was last set.
func panelOf(r bot.Request) bot.Reply {
	reply := say("⚙️ Impostazioni: " + strings.TrimSpace(r.Command+" "+r.Args))
	reply.Doc.Rows = [][]markup.Action{{
		{Label: "Ora…", Command: "ora", Input: &markup.Input{Label: "A che ora?", Hint: "7:30"}},
		{Label: "Otto", Command: "ora 8:00"},
		{Label: "Temi", Command: longLine},
		{Label: "Altro", Command: "personale"},
	}}
	reply.Replace = r.Pressed
	if r.Pressed && r.Args != "" {
		reply.Notice = "✅ Fatto"
	}
	return reply
}

func TestButtonsSayNothing(t *testing.T) {
	s := play(t, panels())
	s.Say(adaID, adaID, "/impostazioni")
	m := s.expect(telegramtest.In(adaID, "⚙️"))
	for _, b := range slices.Concat(m.Buttons...) {
		if !opaqueID.MatchString(b.Data) {
			t.Errorf("%s carries %q", b.Text, b.Data)
		}
	}
	s.press(adaID, m, "Temi")
	s.expect(telegramtest.In(adaID, "privacy in:-1001234567890/9"))
	s.Say(adaID, adaID, "/abstract", telegramtest.ReplyTo(m))
	s.expect(telegramtest.In(adaID, "Abstract di #14"))
	asked := s.h.asked()
	if diff := cmp.Diff([]string{"ora", "ora 8:00", longLine, "personale"}, asked[len(asked)-1].Quoted); diff != "" {
		t.Error(diff)
	}
}

// A button works after a restart; one that nobody made runs nothing.
func TestButtonsThatNobodyMade(t *testing.T) {
	s := newStage(t, panels())
	stop := s.run()
	s.Say(adaID, adaID, "/impostazioni")
	m := s.expect(telegramtest.In(adaID, "⚙️"))
	stop()
	s.remake(HTML)
	s.run()
	if got := s.press(adaID, m, "Otto"); got.Text != "✅ Fatto" {
		t.Errorf("answered %v", got)
	}
	before := len(s.h.asked())
	for _, data := range []string{"ora 9:00", "pubblica 1", "AAAAAAAAAAAAAAAA", strings.Repeat("x", 64)} {
		ctx, cancel := context.WithTimeout(t.Context(), patient)
		answer, err := s.Press(adaID, m, data).Answer(ctx)
		cancel()
		if want := (telegramtest.Answer{Text: "Questo pulsante non vale più."}); err != nil || answer != want {
			t.Errorf("%q answered %v, %v", data, answer, err)
		}
	}
	for _, r := range s.h.asked()[before:] {
		if r.Command != bot.StaleCommand || r.Args != "" {
			t.Errorf("ran %s %s", r.Command, r.Args)
		}
	}
}

// In a group a panel is operated in place by those who may; the others are told
// so alone, and nothing is posted.
func TestPanelInAGroup(t *testing.T) {
	s := play(t, panels())
	s.Say(groupID, adaID, "/impostazioni", telegramtest.AsAnonymousAdmin(), telegramtest.InTopic(9))
	m := s.expect(telegramtest.In(groupID, "⚙️"))
	if got, want := s.press(bobID, m, "Otto"), (telegramtest.Answer{Text: "Qui decide solo chi amministra.", Alert: true}); got != want {
		t.Errorf("a member got %v", got)
	}
	if got := s.press(adaID, m, "Otto"); got.Text != "✅ Fatto" || got.Alert {
		t.Errorf("an administrator got %v", got)
	}
	edited := s.expect(telegramtest.In(groupID, "ora 8:00"))
	if edited.ID != m.ID || edited.Edits != 1 {
		t.Errorf("message %d with %d edits, the panel was %d", edited.ID, edited.Edits, m.ID)
	}
	if n := len(s.Messages()); n != 1 {
		t.Errorf("%d messages", n)
	}
}

// What is for one person and too long for an alert goes to their own chat; where
// there is none, an alert says the beginning.
func TestPersonalInAGroup(t *testing.T) {
	s := play(t, panels())
	s.Say(groupID, adaID, "/impostazioni")
	m := s.expect(telegramtest.In(groupID, "⚙️"))
	s.press(adaID, m, "Altro")
	s.expect(telegramtest.In(adaID, "Solo per te."))
	if got := s.press(bobID, m, "Altro"); !got.Alert || !strings.HasPrefix(got.Text, "Solo per te.") {
		t.Errorf("answered %v", got)
	}
	if n := len(s.Messages()); n != 2 {
		t.Errorf("%d messages", n)
	}
}

// A digest in a group stays what it is, whatever is pressed under it.
func TestDigestInAGroupStays(t *testing.T) {
	h := panels()
	h.command = func(r bot.Request) bot.Reply {
		if r.Command == "impostazioni" {
			return panelOf(r)
		}
		reply := bot.Reply{Doc: digestDoc(3)}
		reply.Doc.Rows = [][]markup.Action{{{Label: "⚙️", Command: "impostazioni"}, {Label: "🔎", Command: "cerca", Input: &markup.Input{Label: "Che cosa cerchi?"}}}}
		return reply
	}
	s := play(t, h)
	s.Say(groupID, adaID, "/digest")
	m := s.expect(telegramtest.In(groupID, "3 articoli nuovi"))
	s.press(adaID, m, "⚙️")
	panel := s.expect(telegramtest.In(groupID, "⚙️ Impostazioni"))
	if panel.ID == m.ID || panel.ReplyTo != m.ID {
		t.Errorf("the panel is %d, answering %d; the digest %d", panel.ID, panel.ReplyTo, m.ID)
	}
	if got := s.press(bobID, m, "🔎"); got.URL != "https://t.me/"+telegramtest.Username+"?start=cerca" {
		t.Errorf("answered %v", got)
	}
}
