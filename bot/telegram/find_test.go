// Inline mode on stage.

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
	"github.com/strillone/strillone/digest/markup"
)

// archive finds so many articles, whatever is asked.
func archive(articles int) *answers {
	return &answers{find: func(q bot.Query) bot.Found {
		found := bot.Found{More: q.Skip+q.Limit < articles}
		for n := q.Skip + 1; n <= min(articles, q.Skip+q.Limit); n++ {
			found.Articles = append(found.Articles, bot.Hit{
				Number: n, Title: "Titolo di <b>" + strconv.Itoa(n), Lead: "Il sommario di " + q.Words,
				Doc: markup.Doc{
					Blocks: article(n).Blocks,
					Rows: [][]markup.Action{{
						{Label: "📄 Articolo", Command: "leggi " + strconv.Itoa(n)},
						{Label: "🧭 Abstract", Command: "abstract " + strconv.Itoa(n)},
						{Label: "🔎", Command: "cerca", Input: &markup.Input{Label: "Che cosa?"}},
						{Label: "Salva", Command: "salva " + strconv.Itoa(n)},
					}},
				},
			})
		}
		if articles == 0 {
			found.Nothing = "Niente di simile: vedi gli ultimi articoli"
		}
		return found
	}}
}

// look types words after the bot's name and waits for what it offers.
func (s *stage) look(words, offset string) telegramtest.Offers {
	s.t.Helper()
	ctx, cancel := context.WithTimeout(s.t.Context(), patient)
	defer cancel()
	found, err := s.Type(bobID, words, offset).Answer(ctx)
	if err != nil {
		s.t.Fatal(err)
	}
	return found
}

func TestFind(t *testing.T) {
	s := play(t, archive(45))
	var numbers []string
	offset := ""
	for pages := 0; pages == 0 || offset != ""; pages++ {
		found := s.look("modelli", offset)
		if !found.Personal || found.Button != "" || pages > 3 {
			t.Fatalf("page %d: %+v", pages, found)
		}
		for _, o := range found.Articles {
			numbers = append(numbers, strings.TrimPrefix(o.ID, "a"))
		}
		offset = found.Next
	}
	if len(numbers) != 45 || numbers[0] != "1" || numbers[44] != "45" {
		t.Errorf("found %v", numbers)
	}
	link := func(payload string) string { return "https://t.me/" + telegramtest.Username + "?start=" + payload }
	want := telegramtest.Offer{
		ID: "a1", Title: "Titolo di <b>1", Description: "Il sommario di modelli",
		HTML: "<b>#1 Il titolo dell'articolo 1</b>\nIl sommario, tagliato alla fine di una frase. E una seconda frase.\n<i>ai · big tech</i>",
		Text: "#1 Il titolo dell'articolo 1\nIl sommario, tagliato alla fine di una frase. E una seconda frase.\nai · big tech",
		Buttons: [][]telegramtest.Button{{
			{Text: "📄 Articolo", URL: link("a1")}, {Text: "🧭 Abstract", URL: link("abstract-1")}, {Text: "🔎", URL: link("cerca")},
		}},
	}
	if diff := cmp.Diff(want, s.look("modelli", "").Articles[0]); diff != "" {
		t.Error(diff)
	}
}

func TestFindNothing(t *testing.T) {
	s := play(t, archive(0))
	found := s.look("xyzzy", "")
	if want := (telegramtest.Offers{Personal: true, Button: "Niente di simile: vedi gli ultimi articoli", Start: "ultimi"}); !cmp.Equal(found, want) {
		t.Errorf("offered %+v", found)
	}
}

// Offsets that the bot never gave, and queries too old to answer, do no harm.
func TestFindNonsense(t *testing.T) {
	s := play(t, archive(3))
	for _, offset := range []string{"-1", "x", "99999999999999999999", "501", "1 OR 1=1"} {
		if found := s.look("", offset); len(found.Articles) != 3 {
			t.Errorf("%q: %+v", offset, found)
		}
	}
	s.h.find = nil
	s.Type(bobID, "tardi", "").Expire()
	s.settle()
	if found := s.look("", ""); len(found.Articles) != 0 {
		t.Errorf("%+v", found)
	}
}

// What is posted is one message, however long the article.
func TestFindLong(t *testing.T) {
	s := play(t, &answers{find: func(bot.Query) bot.Found {
		doc := say(strings.Repeat("Una frase come tante. ", 1000)).Doc
		return bot.Found{Articles: []bot.Hit{
			{Number: 1, Title: strings.Repeat("lungo ", 100), Lead: strings.Repeat("lungo ", 100), Doc: doc},
			{Number: 2, Title: "\u200b", Doc: doc},
			{Number: 3, Title: "vuoto"},
		}}
	}})
	found := s.look("", "")
	if len(found.Articles) != 1 || len(found.Articles[0].Text) < 2000 {
		t.Errorf("%+v", found)
	}
	if n := len(fmt.Sprint(found.Articles[0].Title)); n > maxOfferTitle+len("…") {
		t.Errorf("a title of %d", n)
	}
}
