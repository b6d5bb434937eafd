package telegram

import (
	"fmt"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/strillone/strillone/bot"
	"github.com/strillone/strillone/digest"
)

// changed is a my_chat_member update of a chat of that type.
func changed(kind, before, after string) string {
	id := -100
	if kind == "private" {
		id = 42
	}
	return fmt.Sprintf(`{"my_chat_member":{"chat":{"id":%d,"type":%q},"from":{"id":42,"first_name":"Ada","language_code":"it"},
		"old_chat_member":%s,"new_chat_member":%s}}`, id, kind, before, after)
}

func TestMembership(t *testing.T) {
	const (
		left     = `{"status":"left"}`
		kicked   = `{"status":"kicked","until_date":0}`
		member   = `{"status":"member"}`
		manager  = `{"status":"administrator"}`
		poster   = `{"status":"administrator","can_post_messages":true}`
		muted    = `{"status":"restricted","is_member":true,"can_send_messages":false}`
		limited  = `{"status":"restricted","is_member":true,"can_send_messages":true}`
		mutedOut = `{"status":"restricted","is_member":false,"can_send_messages":false}`
	)
	const blocked, removed = "42: telegram: the bot was blocked by the user", "-100: telegram: the bot was removed from the "
	for _, test := range []struct {
		name                string
		kind, before, after string
		left                string
		joined              bool
	}{
		{"blocked", "private", member, kicked, blocked, false},
		{"unblocked, which /start tells", "private", kicked, member, "", false},
		{"kicked from a group", "group", member, kicked, removed + "group: kicked", false},
		{"left a supergroup", "supergroup", manager, left, removed + "supergroup: left", false},
		{"left while muted", "supergroup", muted, mutedOut, removed + "supergroup: restricted", false},
		{"removed from a channel", "channel", poster, kicked, removed + "channel: kicked", false},
		{"added", "group", left, member, "", true},
		{"added as administrator", "supergroup", kicked, manager, "", true},
		{"added muted", "supergroup", left, muted, "", false},
		{"muted", "supergroup", member, muted, "", false},
		{"unmuted", "supergroup", muted, member, "", true},
		{"unmuted a little", "supergroup", muted, limited, "", true},
		{"promoted", "supergroup", member, manager, "", false},
		{"added to a channel, to read", "channel", left, member, "", false},
		{"let write in a channel", "channel", member, poster, "", true},
		{"not let write in a channel", "channel", member, manager, "", false},
	} {
		t.Run(test.name, func(t *testing.T) {
			l := live(t, &answers{})
			l.push(changed(test.kind, test.before, test.after))
			l.settle()
			var want []string
			if test.left != "" {
				want = []string{test.left}
			}
			if !slices.Equal(l.h.left, want) {
				t.Errorf("left %q, want %q", l.h.left, want)
			}
			var requests []bot.Request
			sent := 0
			if test.joined {
				requests, sent = []bot.Request{{
					Actor: bot.Actor{Platform: Platform, ID: "42", Name: "Ada", Language: "it"},
					Place: digest.Destination{Platform: Platform, Chat: "-100"}, Kind: kindOf(chat{Type: test.kind}),
				}}, 1
			}
			answered := "-100"
			if test.kind == "channel" { // the one who let the bot in
				answered = "42"
			}
			if diff := cmp.Diff(requests, l.h.joined, ignoreAdministers); diff != "" {
				t.Errorf("joined: %s", diff)
			}
			calls := l.called("sendMessage")
			if len(calls) != sent {
				t.Fatalf("%d messages, want %d", len(calls), sent)
			}
			if sent == 1 && (calls[0].Get("chat_id") != answered || calls[0].Has("reply_parameters")) {
				t.Errorf("%v", calls[0])
			}
		})
	}
}

func TestNameOf(t *testing.T) {
	place := func(chat string) digest.Destination { return digest.Destination{Platform: Platform, Chat: chat} }
	titled := failing(t, 200, `{"ok":true,"result":{"id":-100,"type":"supergroup","title":"Il bar"}}`)
	mute := failing(t, 403, `{"ok":false,"error_code":403,"description":"Forbidden: bot was kicked from the supergroup chat"}`)
	for _, test := range []struct {
		a      *Adapter
		chat   string
		name   string
		shared bool
	}{
		{titled, "-100", "Il bar", true},
		{mute, "-100", "-100", true},
		{titled, "42", "42", false},
	} {
		if name, shared := test.a.NameOf(t.Context(), place(test.chat)); name != test.name || shared != test.shared {
			t.Errorf("%s is %s, shared %v", test.chat, name, shared)
		}
	}
}
