package discord

import (
	"context"
	"strconv"
	"strings"
	"testing"

	"github.com/strillone/strillone/bot"
	"github.com/strillone/strillone/bot/discord/discordtest"
)

func TestSuggestions(t *testing.T) {
	s := &stub{menu: menu()}
	var asked bot.Query
	s.find = func(_ context.Context, q bot.Query) bot.Found {
		asked = q
		var found bot.Found
		for n := range q.Limit + 5 {
			found.Articles = append(found.Articles, bot.Hit{Number: 100 - n, Title: strings.Repeat("Un titolo lungo 🗞 ", n+1)})
		}
		return found
	}
	h := open(t, s)
	h.registered(4)
	all, err := h.server.Autocomplete(h.ada, h.channel, "fonti", "articolo", discordtest.Opt("articolo", "batt")).Choices(h.ctx)
	if err != nil {
		t.Fatal(err)
	}
	if len(all) != 25 || all[0].Name != "#100 Un titolo lungo 🗞 " || all[0].Value != "100" || units(all[24].Name) > 100 {
		t.Errorf("%d choices, the first %q", len(all), all[0].Name)
	}
	if asked.Words != "batt" || asked.Actor.ID != h.ada.ID || asked.Actor.Language != "it" || asked.Limit != 25 {
		t.Errorf("asked %+v", asked)
	}

	s.find = func(context.Context, bot.Query) bot.Found { return bot.Found{} }
	all, err = h.server.Autocomplete(h.ada, h.dm, "fonti", "articolo").Choices(h.ctx)
	if err != nil || len(all) != 0 {
		t.Errorf("%v, %v", all, err)
	}
}

// A search that takes too long is an empty answer, not none.
func TestSlowSuggestions(t *testing.T) {
	s := &stub{menu: menu()}
	s.find = func(ctx context.Context, _ bot.Query) bot.Found {
		<-ctx.Done()
		return bot.Found{}
	}
	h := open(t, s)
	h.registered(4)
	if all, err := h.server.Autocomplete(h.ada, h.channel, "fonti", "articolo").Choices(h.ctx); err != nil || len(all) != 0 {
		t.Errorf("%v, %v", all, err)
	}
}

func FuzzSuggestionNames(f *testing.F) {
	f.Add("Titolo", 1)
	f.Add(strings.Repeat("👩‍👩‍👧‍👦", 60), 123456789)
	f.Fuzz(func(t *testing.T, title string, number int) {
		name := shorten("#"+strconv.Itoa(number)+" "+strings.ToValidUTF8(title, "\uFFFD"), maxChoice)
		if units(name) > maxChoice || name == "" {
			t.Errorf("%q", name)
		}
	})
}
