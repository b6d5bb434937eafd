// Tests of what the newsroom is told of messages: edits, forwards, files.

package discord

import (
	"context"
	"fmt"
	"strings"
	"testing"

	"github.com/strillone/strillone/bot"
	"github.com/strillone/strillone/bot/discord/discordtest"
	"github.com/strillone/strillone/digest"
	"github.com/strillone/strillone/digest/markup"
)

func TestAnEditedMessageIsTold(t *testing.T) {
	h := open(t, &stub{text: func(_ context.Context, x bot.Text) bot.Reply {
		return say(fmt.Sprint(x.Submission.Text, " edited: ", x.Edited))
	}})
	m := h.server.Say(h.ada, h.dm, "sbagliato")
	h.await(discordtest.In(h.dm.ID, "sbagliato edited: false"))
	h.server.EditSaid(m, "giusto")
	h.await(discordtest.In(h.dm.ID, "giusto edited: true"))
	command := h.server.Say(h.ada, h.dm, "/aiuto")
	h.server.EditSaid(command, "/stato") // no command twice
	h.server.EditSaid(m, "ancora")
	h.await(discordtest.In(h.dm.ID, "ancora edited: true"))
	if len(h.stub.texts) != 3 || h.stub.texts[0].Message != h.stub.texts[2].Message || h.stub.texts[0].Message != m.ID {
		t.Errorf("%+v", h.stub.texts)
	}
}

func TestAForwardedMessageIsRead(t *testing.T) {
	h := open(t, &stub{})
	h.server.Dispatch("MESSAGE_CREATE", raw(map[string]any{
		"id": "77", "channel_id": h.dm.ID, "content": "", "author": map[string]any{"id": h.ada.ID, "username": "ada"},
		"message_reference": map[string]any{"type": 1, "channel_id": "5", "message_id": "6"},
		"message_snapshots": []any{map[string]any{"message": map[string]any{
			"content": "/comandi come **testo**", "timestamp": "2026-03-02T08:00:00Z",
		}}},
	}))
	h.await(discordtest.In(h.dm.ID, "ho letto"))
	x := h.stub.lastText()
	if x.Submission.Text.String() != "/comandi come testo" || x.Origin != "channel:5" || x.Written.Year() != 2026 || x.Command != "" || x.Message != "77" {
		t.Errorf("%+v", x)
	}
}

func TestAFileIsFetchedWhenWanted(t *testing.T) {
	var got string
	h := open(t, &stub{text: func(ctx context.Context, x bot.Text) bot.Reply {
		for _, f := range x.Files {
			content, err := f.Read(ctx, 20)
			got += fmt.Sprintln(f.Name, f.Media, string(content), digest.CodeOf(err))
		}
		return say("ho letto")
	}})
	h.server.Say(h.ada, h.dm, "ecco", discordtest.WithFile("pezzo.docx", "application/zip", []byte("PK")),
		discordtest.WithFile("lungo.md", "text/markdown", []byte(strings.Repeat("x", 21))))
	h.await(discordtest.In(h.dm.ID, "ho letto"))
	if want := "pezzo.docx application/zip PK \nlungo.md text/markdown  file_too_large\n"; got != want {
		t.Errorf("%q, want %q", got, want)
	}
}

// What people make bold, italic or a link in Discord is so in the article.
func TestStylesOfAMessageReachTheArticle(t *testing.T) {
	h := open(t, &stub{})
	h.server.Say(h.ada, h.dm, "Titolo\nSommario.\nUn testo **forte**, uno in *corsivo* e [un link](https://e.it/a).")
	h.await(discordtest.In(h.dm.ID, "ho letto"))
	c, _, err := digest.Parse(h.stub.lastText().Submission)
	if err != nil {
		t.Fatal(err)
	}
	var got []string
	for _, span := range c.Body[0] {
		switch {
		case span.Style == markup.Bold:
			got = append(got, "bold "+span.Text)
		case span.Style == markup.Italic:
			got = append(got, "italic "+span.Text)
		case span.URL != "":
			got = append(got, span.URL+" "+span.Text)
		}
	}
	if s := strings.Join(got, ", "); s != "bold forte, italic corsivo, https://e.it/a un link" {
		t.Error(s)
	}
}

// A message is turned into an article from its own menu, whoever wrote it and
// wherever it stands; only who chose it sees the answer.
func TestAMessageIsTurnedIntoAnArticle(t *testing.T) {
	names := map[digest.Language]string{digest.Italian: "Trasforma in articolo", digest.English: "Turn into an article"}
	h := open(t, &stub{menu: []bot.Entry{{Name: "articolo", Names: names, OfMessage: true, Only: "discord"}}})
	h.registered(1)
	bob := h.server.AddUser(discordtest.User{Username: "bob"})
	said := h.server.Say(bob, h.channel, "/titolo\nTesto **forte**.")
	m := h.answer(h.server.MessageCommand(h.ada, said, "Trasforma in articolo"))
	if !m.Ephemeral || m.Text != "ho letto" {
		t.Errorf("%+v", m)
	}
	x := h.stub.lastText()
	if x.Actor.ID != h.ada.ID || x.Submission.Author != "discord:"+h.ada.ID || x.Kind != bot.Shared || !x.Pressed || x.Command != "" ||
		x.Message != said.ID || x.Submission.Text.String() != "/titolo\nTesto forte." {
		t.Errorf("%+v", x)
	}
}
