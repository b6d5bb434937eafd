package discord

import (
	"encoding/json"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/strillone/strillone/bot"
	"github.com/strillone/strillone/bot/discord/discordtest"
	"github.com/strillone/strillone/digest"
)

func both(it, en string) map[digest.Language]string {
	return map[digest.Language]string{digest.Italian: it, digest.English: en}
}

func menu() []bot.Entry {
	return []bot.Entry{
		{Name: "iscriviti", Names: both("iscriviti", "subscribe"), Description: both("ricevi qui il digest", "get the digest here"), Manage: true},
		{Name: "digest", Names: both("digest", "digest"), Description: both("rivedi l’ultimo digest", "see the latest digest")},
		{Name: "fonti", Names: both("fonti", "sources"), Description: both("le fonti", "the sources"),
			Argument: &bot.Argument{Name: "articolo", Names: both("articolo", "article"), Description: both("quale", "which one")}},
		{Name: "bozze", Names: both("bozze", "drafts"), Description: both("le bozze", "drafts"), Editors: true},
	}
}

func (h *house) registered(n int) []command {
	h.Helper()
	if _, err := h.server.AwaitCall(h.ctx, func(c discordtest.Call) bool { return c.Method == "PUT" && c.Status == 200 }); err != nil {
		h.Fatal(err)
	}
	var all []command
	for _, c := range h.server.Commands() {
		var out command
		if err := json.Unmarshal(c.Raw, &out); err != nil {
			h.Fatal(err)
		}
		all = append(all, out)
	}
	if len(all) != n {
		h.Errorf("%d commands", len(all))
	}
	return all
}

func TestRegister(t *testing.T) {
	h := open(t, &stub{menu: menu()})
	want := []command{
		{Type: slashCommand, Name: "bozze", Names: map[string]string{"en-US": "drafts", "en-GB": "drafts"}, Description: "le bozze",
			Descriptions: map[string]string{"en-US": "drafts", "en-GB": "drafts"}, Contexts: []int{1}, Integrations: []int{0, 1}},
		{Type: slashCommand, Name: "digest", Description: "rivedi l’ultimo digest", Descriptions: map[string]string{"en-US": "see the latest digest", "en-GB": "see the latest digest"},
			Contexts: []int{0, 1, 2}, Integrations: []int{0, 1}},
		{Type: slashCommand, Name: "fonti", Names: map[string]string{"en-US": "sources", "en-GB": "sources"}, Description: "le fonti",
			Descriptions: map[string]string{"en-US": "the sources", "en-GB": "the sources"}, Contexts: []int{0, 1, 2}, Integrations: []int{0, 1},
			Options: []commandOption{{Type: 3, Name: "articolo", Names: map[string]string{"en-US": "article", "en-GB": "article"},
				Description: "quale", Descriptions: map[string]string{"en-US": "which one", "en-GB": "which one"}, Autocomplete: true}}},
		{Type: slashCommand, Name: "iscriviti", Names: map[string]string{"en-US": "subscribe", "en-GB": "subscribe"}, Description: "ricevi qui il digest",
			Descriptions: map[string]string{"en-US": "get the digest here", "en-GB": "get the digest here"}, Permissions: "32",
			Contexts: []int{0, 1, 2}, Integrations: []int{0, 1}},
	}
	if diff := cmp.Diff(want, h.registered(4)); diff != "" {
		t.Errorf("commands (-want +got):\n%s", diff)
	}
	h.contains(h.answer(h.server.Slash(h.ada, h.channel, "fonti", discordtest.Opt("articolo", "12"))), "/fonti 12")
}

func TestRegisterOnlyWhatChanged(t *testing.T) {
	h := open(t, &stub{menu: menu()})
	h.registered(4)
	changed, err := h.adapter.overwrite(h.ctx, discordtest.ApplicationID, commands(menu()))
	if changed || err != nil {
		t.Errorf("the same commands were registered again: %v, %v", changed, err)
	}
	fewer := commands(menu()[:2])
	if changed, err := h.adapter.overwrite(h.ctx, discordtest.ApplicationID, fewer); !changed || err != nil {
		t.Errorf("other commands were not registered: %v, %v", changed, err)
	}
	h.registered(2)
}

func TestRegisterOutlastsFaults(t *testing.T) {
	h := build(t, &stub{menu: menu()})
	for _, fault := range []*discordtest.Fault{discordtest.BadGateway(), discordtest.Limited(20*time.Millisecond, "user"), discordtest.Reset(), discordtest.Failing(403, 50001, "no")} {
		h.server.Intercept(discordtest.Times(1, func(c discordtest.Call) bool { return strings.HasSuffix(c.Route, "/commands") }, fault))
	}
	h.run()
	h.registered(4)
}
