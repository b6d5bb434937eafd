// Tests of interactions with a real discordgo session as the bot.

package discordtest

import (
	"encoding/json"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/bwmarrin/discordgo"
)

var silent = &discordgo.MessageAllowedMentions{Parse: []discordgo.AllowedMentionType{}}

// bot answers interactions by what is asked.
func bot(t *testing.T, calls *atomic.Int64) func(*discordgo.Session, *discordgo.InteractionCreate) {
	return func(d *discordgo.Session, e *discordgo.InteractionCreate) {
		calls.Add(1)
		respond := func(kind discordgo.InteractionResponseType, data *discordgo.InteractionResponseData) {
			if err := d.InteractionRespond(e.Interaction, &discordgo.InteractionResponse{Type: kind, Data: data}); err != nil {
				t.Errorf("responding: %v", err)
			}
		}
		message := func(text string, flags discordgo.MessageFlags, c ...discordgo.MessageComponent) *discordgo.InteractionResponseData {
			return &discordgo.InteractionResponseData{Content: text, Flags: flags, AllowedMentions: silent, Components: c}
		}
		switch e.Type {
		case discordgo.InteractionApplicationCommand:
			data := e.ApplicationCommandData()
			switch data.Name {
			case "menu":
				respond(4, message("menu", discordgo.MessageFlagsEphemeral, discordgo.ActionsRow{Components: []discordgo.MessageComponent{
					discordgo.Button{Label: "Update", CustomID: "update"}, discordgo.Button{Label: "Later", CustomID: "later"},
					discordgo.Button{Label: "Form", CustomID: "form"}}},
					discordgo.ActionsRow{Components: []discordgo.MessageComponent{discordgo.SelectMenu{CustomID: "topic",
						Options: []discordgo.SelectMenuOption{{Label: "Go", Value: "go"}, {Label: "Rust", Value: "rust"}}}}}))
			case "slow":
				respond(5, &discordgo.InteractionResponseData{Flags: discordgo.MessageFlagsEphemeral})
				text := "done"
				if _, err := d.InteractionResponseEdit(e.Interaction, &discordgo.WebhookEdit{Content: &text, AllowedMentions: silent}); err != nil {
					t.Error(err)
				}
				if _, err := d.FollowupMessageCreate(e.Interaction, true, &discordgo.WebhookParams{Content: "more", AllowedMentions: silent}); err != nil {
					t.Error(err)
				}
			case "fill":
				respond(5, nil)
				if _, err := d.FollowupMessageCreate(e.Interaction, true, &discordgo.WebhookParams{Content: "filled", AllowedMentions: silent}); err != nil {
					t.Error(err)
				}
			case "Post this":
				respond(4, message(data.Resolved.Messages[data.TargetID].Content, 0))
			case "set":
				who := "user " + e.User.ID
				o := data.Options[0]
				respond(4, message(strings.Join([]string{who, o.Name, o.Options[0].StringValue()}, " "), 0))
			default:
				who := e.Member.User.Username
				if e.Member.Permissions&PermissionManageGuild != 0 {
					who += " manages"
				}
				respond(4, message(who+" "+string(e.Locale)+" "+string(*e.GuildLocale), 0))
			}
		case discordgo.InteractionMessageComponent:
			switch data := e.MessageComponentData(); data.CustomID {
			case "update":
				respond(7, message("updated from "+e.Message.Content, 0))
			case "later":
				respond(6, nil)
				text := "edited later"
				if _, err := d.InteractionResponseEdit(e.Interaction, &discordgo.WebhookEdit{Content: &text, AllowedMentions: silent}); err != nil {
					t.Error(err)
				}
			case "form":
				respond(9, &discordgo.InteractionResponseData{CustomID: "f", Title: "Form", Components: []discordgo.MessageComponent{
					discordgo.ActionsRow{Components: []discordgo.MessageComponent{discordgo.TextInput{CustomID: "zone", Label: "Zone", Style: 1, Required: true, MaxLength: 40}}}}})
			case "topic":
				respond(7, message("topic "+data.Values[0], 0))
			}
		case discordgo.InteractionApplicationCommandAutocomplete:
			o := e.ApplicationCommandData().Options[0]
			respond(8, &discordgo.InteractionResponseData{Choices: []*discordgo.ApplicationCommandOptionChoice{{Name: o.StringValue() + "!", Value: "v"}}})
		case discordgo.InteractionModalSubmit:
			in := e.ModalSubmitData().Components[0].(*discordgo.ActionsRow).Components[0].(*discordgo.TextInput)
			respond(4, message("zone "+in.Value, 0))
		}
	}
}

func TestInteractions(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	var calls atomic.Int64
	w.connect(bot(t, &calls))
	ctx := timeout(t)
	answer := func(i *Interaction) Message {
		t.Helper()
		m, err := i.Answer(ctx)
		if err != nil {
			t.Fatal(err)
		}
		return m
	}

	if m := answer(w.Slash(w.user, w.channel, "who")); m.Text != "ada it it" || m.Ephemeral || m.InteractionID == "" {
		t.Errorf("%+v", m)
	}
	w.AddMember(w.guild.ID, w.user, PermissionsMember|PermissionManageGuild)
	if m := answer(w.Slash(w.user, w.channel, "who")); m.Text != "ada manages it it" {
		t.Errorf("%+v", m)
	}
	if m := answer(w.Slash(w.user, w.DM(w.user), "set zone", Opt("name", "Europe/Rome"))); m.Text != "user "+w.user.ID+" zone Europe/Rome" || m.GuildID != "" {
		t.Errorf("%+v", m)
	}

	slow := w.Slash(w.user, w.channel, "slow")
	if m := answer(slow); m.Text != "done" || !m.Ephemeral || m.Loading {
		t.Errorf("%+v", m)
	}
	if f, err := slow.AwaitFollowUps(ctx, 1); err != nil || f[0].Text != "more" || f[0].Ephemeral {
		t.Errorf("%+v %v", f, err)
	}
	fill := w.Slash(w.user, w.channel, "fill")
	if m := answer(fill); m.Text != "filled" || len(fill.FollowUps()) != 0 {
		t.Errorf("the first follow-up does not fill the deferred reply: %+v", m)
	}

	menu := answer(w.Slash(w.user, w.channel, "menu"))
	if m := answer(w.Press(w.user, menu, "update")); m.ID != menu.ID || m.Text != "updated from menu" || !m.Ephemeral {
		t.Errorf("%+v", m)
	}
	menu = answer(w.Slash(w.user, w.channel, "menu"))
	if m := answer(w.Press(w.user, menu, "later")); m.ID != menu.ID || m.Text != "edited later" {
		t.Errorf("%+v", m)
	}
	if m := answer(w.Select(w.user, menu, "topic", "rust")); m.Text != "topic rust" {
		t.Errorf("%+v", m)
	}
	menu = answer(w.Slash(w.user, w.channel, "menu"))
	form := w.Press(w.user, menu, "form")
	modal, err := form.Modal(ctx)
	if err != nil || modal.Title != "Form" || len(modal.Inputs) != 1 || modal.Inputs[0].Max != 40 || !modal.Inputs[0].Required {
		t.Errorf("%+v %v", modal, err)
	}
	if m := answer(w.SubmitModal(w.user, form, map[string]string{"zone": "Europe/Rome"})); m.Text != "zone Europe/Rome" {
		t.Errorf("%+v", m)
	}
	if c, err := w.Autocomplete(w.user, w.channel, "zone", "name", Opt("name", "Eur")).Choices(ctx); err != nil || len(c) != 1 || c[0].Name != "Eur!" {
		t.Errorf("%+v %v", c, err)
	}
	said := w.Say(w.user, w.channel, "an article")
	if m := answer(w.MessageCommand(w.user, said, "Post this")); m.Text != "an article" {
		t.Errorf("%+v", m)
	}
	w.clean()

	other := w.AddUser(User{Username: "eve"})
	for name, act := range map[string]func() *Interaction{
		"button not there":        func() *Interaction { return w.Press(w.user, menu, "nothing") },
		"someone else's message":  func() *Interaction { return w.Press(other, menu, "update") },
		"select without a value":  func() *Interaction { return w.Select(w.user, menu, "topic") },
		"option not there":        func() *Interaction { return w.Select(w.user, menu, "topic", "perl") },
		"button as a select":      func() *Interaction { return w.Select(w.user, menu, "update", "x") },
		"modal without its field": func() *Interaction { return w.SubmitModal(w.user, form, map[string]string{"other": "x"}) },
		"modal left empty":        func() *Interaction { return w.SubmitModal(w.user, form, nil) },
	} {
		before := len(w.Violations())
		i := act()
		if _, err := i.Answer(ctx); err == nil || len(w.Violations()) != before+1 {
			t.Errorf("%s: %v", name, err)
		}
	}
	// An unknown component type makes discordgo lose the event, not the server.
	w.Dispatch("MESSAGE_CREATE", json.RawMessage(`{"id":"1","channel_id":"2","components":[{"type":99}]}`))
}

func TestRegisteredCommands(t *testing.T) {
	w := newWorld(t)
	if r := w.call("PUT", "/applications/"+ApplicationID+"/commands", l{
		o{"name": "digest", "description": "d", "contexts": l{0}, "options": l{
			o{"type": 1, "name": "set", "description": "d", "options": l{
				o{"type": 4, "name": "hour", "description": "d", "required": true, "min_value": 0, "max_value": 23},
				o{"type": 3, "name": "form", "description": "d", "choices": l{o{"name": "Brief", "value": "brief"}}},
				o{"type": 6, "name": "who", "description": "d"}}}}},
	}); r.status != 200 {
		t.Fatalf("%s", r.raw)
	}
	g := w.dial(json9)
	g.read()
	g.write(identify(Token, testIntents))
	g.until("GUILD_CREATE")
	w.Slash(w.user, w.channel, "digest set", Opt("hour", 7), Opt("form", "brief"), Opt("who", w.user))
	var e discordgo.InteractionCreate
	if err := json.Unmarshal(g.until("INTERACTION_CREATE").D, &e); err != nil {
		t.Fatal(err)
	}
	data := e.ApplicationCommandData()
	if set := data.Options[0]; set.Name != "set" || set.Options[0].IntValue() != 7 || data.Resolved.Users[w.user.ID] == nil || data.ID != w.Commands()[0].ID {
		t.Errorf("%+v", data)
	}
	w.clean()
	for name, act := range map[string]func(){
		"unknown":        func() { w.Slash(w.user, w.channel, "nothing") },
		"no subcommand":  func() { w.Slash(w.user, w.channel, "digest") },
		"required":       func() { w.Slash(w.user, w.channel, "digest set") },
		"unknown option": func() { w.Slash(w.user, w.channel, "digest set", Opt("hour", 7), Opt("x", 1)) },
		"range":          func() { w.Slash(w.user, w.channel, "digest set", Opt("hour", 24)) },
		"choice":         func() { w.Slash(w.user, w.channel, "digest set", Opt("hour", 7), Opt("form", "long")) },
		"type":           func() { w.Slash(w.user, w.channel, "digest set", Opt("hour", "seven")) },
		"context":        func() { w.Slash(w.user, w.DM(w.user), "digest set", Opt("hour", 7)) },
		"autocomplete":   func() { w.Autocomplete(w.user, w.channel, "digest set", "form", Opt("form", "b")) },
	} {
		before := len(w.Violations())
		act()
		if len(w.Violations()) != before+1 {
			t.Errorf("%s is let through", name)
		}
	}
}

func TestCallbackRules(t *testing.T) {
	c := newClock()
	w := newWorld(t, WithClock(c.Now))
	message := o{"type": 4, "data": o{"content": "x", "allowed_mentions": quiet}}
	path := func(i *Interaction) string { return "/interactions/" + i.ID() + "/" + i.Token() + "/callback" }
	hook := func(i *Interaction) string { return "/webhooks/" + ApplicationID + "/" + i.Token() }
	follow := o{"content": "x", "allowed_mentions": quiet}
	slash := func() *Interaction { return w.Slash(w.user, w.channel, "x") }
	seen := 0
	check := func(what string, r reply, status, code int, violation bool) {
		t.Helper()
		v := w.Violations()
		if r.status != status || r.code() != code || (len(v) > seen) != violation {
			t.Errorf("%s: %d %s, violations %q", what, r.status, r.raw, v[seen:])
		}
		seen = len(v)
	}
	i := slash()
	check("follow-up before the answer", w.call("POST", hook(i), follow), 404, 10015, true)
	c.advance(2900 * time.Millisecond)
	check("in time", w.call("POST", path(i)+"?with_response=true", message), 200, 0, false)
	check("twice", w.call("POST", path(i), message), 400, 40060, true)
	c.advance(14 * time.Minute)
	check("follow-up", w.call("POST", hook(i)+"?wait=true", follow), 200, 0, false)
	check("get original", w.call("GET", hook(i)+"/messages/@original", nil), 200, 0, false)
	check("edit original", w.call("PATCH", hook(i)+"/messages/@original", follow), 200, 0, false)
	check("edit without mentions", w.call("PATCH", hook(i)+"/messages/@original", o{"content": "y"}), 400, 50035, true)
	check("follow-up without mentions", w.call("POST", hook(i), o{"content": "y"}), 400, 50035, true)
	check("delete original", w.call("DELETE", hook(i)+"/messages/@original", nil), 204, 0, false)
	check("get deleted", w.call("GET", hook(i)+"/messages/@original", nil), 404, 10008, false)
	c.advance(2 * time.Minute)
	check("token over", w.call("POST", hook(i), follow), 401, 50027, true)
	i = slash()
	c.advance(3100 * time.Millisecond)
	check("late", w.call("POST", path(i), message), 404, 10062, true)
	check("unknown", w.call("POST", "/interactions/1/x/callback", message), 404, 10062, true)

	for _, tt := range []struct {
		name string
		body o
		code int
	}{
		{"deferred with content", o{"type": 5, "data": o{"content": "x"}}, 50035},
		{"deferred with flags", o{"type": 5, "data": o{"flags": 64 | v2}}, 50035},
		{"no mentions", o{"type": 4, "data": o{"content": "x"}}, 50035},
		{"empty", o{"type": 4, "data": o{"content": "", "allowed_mentions": quiet}}, 50006},
		{"update of a command", o{"type": 7, "data": o{"content": "x", "allowed_mentions": quiet}}, 50035},
		{"choices to a command", o{"type": 8, "data": o{"choices": l{}}}, 50035},
		{"modal title", o{"type": 9, "data": o{"custom_id": "m", "title": text(46), "components": l{row(o{"type": 4, "custom_id": "a", "label": "a", "style": 1})}}}, 50035},
		{"modal empty", o{"type": 9, "data": o{"custom_id": "m", "title": "t", "components": l{}}}, 50035},
		{"modal label", o{"type": 9, "data": o{"custom_id": "m", "title": "t", "components": l{row(o{"type": 4, "custom_id": "a", "label": text(46), "style": 1})}}}, 50035},
		{"modal input", o{"type": 9, "data": o{"custom_id": "m", "title": "t", "components": l{row(o{"type": 4, "custom_id": "a", "label": "a", "style": 2, "max_length": 4001})}}}, 50035},
		{"modal button", o{"type": 9, "data": o{"custom_id": "m", "title": "t", "components": l{row(button("a"))}}}, 50035},
	} {
		check(tt.name, w.call("POST", path(slash()), tt.body), 400, tt.code, true)
	}
	check("modal", w.call("POST", path(slash()), o{"type": 9, "data": o{"custom_id": "m", "title": text(45), "components": l{
		o{"type": 18, "label": "Zone", "component": o{"type": 4, "custom_id": "a", "style": 1}}}}}), 204, 0, false)
	check("deferred", w.call("POST", path(slash()), o{"type": 5, "data": o{"flags": 64}}), 204, 0, false)

	auto := func() string { return path(w.Autocomplete(w.user, w.channel, "x", "y")) }
	choices := func(n int) o {
		return o{"type": 8, "data": o{"choices": many(n, func(int) any { return o{"name": "a", "value": "b"} })}}
	}
	check("25 choices", w.call("POST", auto(), choices(25)), 204, 0, false)
	check("26 choices", w.call("POST", auto(), choices(26)), 400, 50035, true)
	check("a message to autocomplete", w.call("POST", auto(), message), 400, 50035, true)
}

func TestTolerated(t *testing.T) {
	w := newWorld(t, Tolerate(10062))
	if r := w.call("POST", "/interactions/1/x/callback", o{"type": 5}); r.code() != 10062 {
		t.Errorf("%s", r.raw)
	}
	w.clean()
}
