// Tests of texts: what the newsroom is told of messages, files and edits.

package telegram

import (
	"context"
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/strillone/strillone/bot"
	"github.com/strillone/strillone/bot/telegram/telegramtest"
	"github.com/strillone/strillone/digest"
	"github.com/strillone/strillone/digest/markup"
)

// texts runs the adapter, has people act, and returns what came of it in order.
func texts(t *testing.T, n int, act func(*stage), look func(context.Context, bot.Text)) []bot.Text {
	t.Helper()
	came := make(chan struct{}, 100)
	h := &answers{}
	s := newStage(t, h)
	h.text = func(x bot.Text) bot.Reply {
		if look != nil {
			look(t.Context(), x)
		}
		came <- struct{}{}
		return bot.Reply{}
	}
	ctx, stop := context.WithCancel(t.Context())
	done := make(chan error, 1)
	go func() { done <- s.a.Run(ctx, h) }()
	act(s)
	for range n {
		select {
		case <-came:
		case <-time.After(patient):
			t.Error("a text is missing")
		}
	}
	stop()
	if err := <-done; err != nil {
		t.Error(err)
	}
	return h.texts
}

func TestTextsOfMessages(t *testing.T) {
	all := texts(t, 6, func(s *stage) {
		s.Paste(adaID, adaID, strings.Repeat("x", 4096)+"fine")
		s.Say(adaID, adaID, "inoltrato", telegramtest.Forward(bobID))
		s.Say(adaID, adaID, "didascalia", telegramtest.WithDocument("a.png", "image/png", 3), telegramtest.InAlbum("77"))
		m := s.Say(adaID, adaID, "sbagliato")
		s.EditSaid(m, "giusto")
		s.EditSaid(s.Say(adaID, adaID, "/aiuto"), "/stato") // no command twice
		s.EditSaid(s.Say(groupID, bobID, "ciao"), "ciao a tutti")
	}, nil)
	if len(all) != 6 {
		t.Fatalf("%d texts", len(all))
	}
	first, second, forwarded, album, before, after := all[0], all[1], all[2], all[3], all[4], all[5]
	if first.Limit != 4096 || len(first.Submission.Text.String()) != 4096 || second.Submission.Text.String() != "fine" || !(digest.Piece{Message: first.Message}.Message < second.Message) {
		t.Errorf("%+v", second)
	}
	if first.Origin != "" || forwarded.Origin != "user:43" || forwarded.Written.IsZero() || first.Written.IsZero() {
		t.Errorf("%q %v", forwarded.Origin, forwarded.Written)
	}
	if album.Album != "77" || len(album.Files) != 1 || album.Submission.Text.String() != "didascalia" {
		t.Errorf("%+v", album)
	}
	if before.Edited || !after.Edited || before.Message != after.Message || after.Submission.Text.String() != "giusto" || after.Kind != bot.Private {
		t.Errorf("%+v", after)
	}
}

func TestFilesAreFetchedWhenWanted(t *testing.T) {
	var got []string
	texts(t, 2, func(s *stage) {
		s.Say(adaID, adaID, "", telegramtest.WithFile("è vero.txt", "text/plain", []byte("Titolo\nTesto")))
		s.Say(adaID, adaID, "", telegramtest.WithDocument("grande.docx", "", 21<<20))
		if content, err := s.a.client.fetch(t.Context(), "unknown", 1); err == nil {
			t.Errorf("an unknown file is %q", content)
		}
	}, func(ctx context.Context, x bot.Text) {
		content, err := x.Files[0].Read(ctx, 20<<20)
		got = append(got, x.Files[0].Name+"="+string(content))
		if x.Files[0].Name == "grande.docx" && digest.CodeOf(err) != digest.FileTooLarge {
			t.Errorf("%v", err)
		}
	})
	if len(got) != 2 || got[0] != "è vero.txt=Titolo\nTesto" || got[1] != "grande.docx=" {
		t.Errorf("%q", got)
	}
}

func TestAFilesAddressIsNoErrorsMatter(t *testing.T) {
	c := newClient("1:"+canary, "http://127.0.0.1:1/api", newTransport(0), 0)
	address := c.fileAddress("documents/è #1?.txt")
	if s := address.String(); s != "http://127.0.0.1:1/api/file/bot1:"+canary+"/documents/%C3%A8%20%231%3F.txt" {
		t.Error(s)
	}
	trip := &trip{transport: c.transport}
	_, err := trip.get(t.Context(), address, 1)
	if err == nil || strings.Contains(c.failure("a file", err, trip).Error(), canary) {
		t.Error(err)
	}
	if errors.Is(err, errNoFile) {
		t.Error("nobody is there, and yet the file isn't handed out")
	}
}

// What people make bold, italic or a link in Telegram is so in the article.
func TestStylesOfAMessageReachTheArticle(t *testing.T) {
	all := texts(t, 1, func(s *stage) {
		s.Say(adaID, adaID, "Titolo\nSommario.\nUn testo forte, uno in corsivo e un link.",
			telegramtest.Styled("forte", "bold"), telegramtest.Styled("corsivo", "italic"), telegramtest.Linked("link", "https://e.it/a"))
	}, nil)
	c, _, err := digest.Parse(all[0].Submission)
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
	if s := strings.Join(got, ", "); s != "bold forte, italic corsivo, https://e.it/a link" {
		t.Error(s)
	}
}
