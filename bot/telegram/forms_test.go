// Rich messages: how they look (golden files), that both forms say the same, and
// what happens where the server takes only one of them.

package telegram

import (
	"bytes"
	"encoding/json"
	"fmt"
	"log/slog"
	"strconv"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"github.com/strillone/strillone/bot"
	"github.com/strillone/strillone/bot/telegram/telegramtest"
	"github.com/strillone/strillone/digest"
	"github.com/strillone/strillone/digest/delivery"
	"github.com/strillone/strillone/digest/markup"
)

func TestRichGolden(t *testing.T) {
	a := New(Config{Format: Auto})
	for name, doc := range documents {
		t.Run(name, func(t *testing.T) {
			parts, err := a.Render(doc)
			if err != nil {
				t.Fatal(err)
			}
			isGolden(t, name+".rich", []byte(goldenRich(t, parts)))
		})
	}
}

// richOf is the HTML of a part's rich form, if it has one.
func richOf(t fataler, part delivery.Part) (string, bool) {
	full, _ := formsOf(part)
	if full == nil {
		return "", false
	}
	return between(t, full), true
}

// between is the html of a rich message's body.
func between(t fataler, full delivery.Part) string {
	var b struct {
		Message richMessage `json:"rich_message"`
	}
	if err := json.Unmarshal(full, &b); err != nil {
		t.Fatalf("%s: %v", full, err)
	}
	return b.Message.HTML
}

// Whatever a document says: its rich form is valid, and beside it stands the HTML
// that Render makes where nothing may be rich, in as many parts.
func TestFormsProperties(t *testing.T) {
	a := New(Config{Format: Auto})
	rapid.Check(t, func(t *rapid.T) {
		doc := markup.Doc{
			Blocks: rapid.SliceOfN(anyBlock(2), 0, 8).Draw(t, "blocks"),
			Rows:   [][]markup.Action{{{Label: "x", Command: "ultimi"}}},
		}
		doc.Blocks = append(doc.Blocks, markup.Heading{Level: 2, Text: markup.T("fine")})
		simple, err := new(Adapter).Render(doc)
		if err != nil {
			t.Fatal(err)
		}
		both, err := a.Render(doc)
		if err != nil || len(both) != len(simple) {
			t.Fatalf("%d parts, %d without rich messages, %v", len(both), len(simple), err)
		}
		all, text := true, ""
		for i, part := range both {
			full, html := formsOf(part)
			if !bytes.Equal(html, simple[i]) {
				t.Fatalf("part %d is %s, want %s", i, html, simple[i])
			}
			if full == nil {
				all = false
				continue
			}
			rich := between(t, full)
			shown, _, err := telegramtest.ParseRichHTML(rich)
			if err != nil || units(rich) > 32_768 || ink(shown) == "" {
				t.Fatalf("%v in %s", err, rich)
			}
			text += shown
			if bytes.Contains(full, []byte("reply_markup")) != (i == len(both)-1) {
				t.Fatalf("buttons under part %d", i)
			}
		}
		if want := saidWith(doc.Blocks, false); all && ink(text) != want {
			t.Fatalf("got %q, want %q", ink(text), want)
		}
	})
}

// arrive sends a digest to Ada and returns what arrived.
func arrive(s *stage, m delivery.Message) []telegramtest.Message {
	s.t.Helper()
	parts, err := s.a.Render(digestDoc(3))
	if err != nil {
		s.t.Fatal(err)
	}
	m.To = digest.Destination{Platform: Platform, Chat: strconv.Itoa(adaID)}
	for i, part := range parts {
		m.Part, m.First, m.Last = part, i == 0, i == len(parts)-1
		if _, err := s.a.Send(s.t.Context(), m); err != nil {
			s.t.Fatal(err)
		}
	}
	return s.Messages()
}

// calls counts the calls of a method.
func (s *stage) calls(method string) (n int) {
	for _, c := range s.Calls() {
		if c.Method == method {
			n++
		}
	}
	return n
}

func TestAutoIsRichWhereItCan(t *testing.T) {
	s := newStage(t, nil)
	s.remake(Auto)
	got := arrive(s, delivery.Message{Manner: digest.Manner{NoPreviews: true, Silent: true}})
	if len(got) != 1 || !got[0].Rich || !got[0].Silent || !strings.Contains(got[0].Text, "Il testo dell'abstract.") {
		t.Errorf("%+v", got)
	}
}

// A server that knows no rich messages is asked once, and nothing is lost or
// comes twice: neither for that, nor where the answer to the HTML is lost.
func TestAutoFallsBack(t *testing.T) {
	s := newStage(t, nil, telegramtest.WithoutRichMessages())
	s.remake(Auto)
	arrive(s, delivery.Message{})
	got := arrive(s, delivery.Message{})
	if len(got) != 2 || got[0].Rich || got[1].Rich || s.calls("sendRichMessage") != 1 || s.calls("sendMessage") != 2 {
		t.Errorf("%d messages of %d rich and %d plain calls", len(got), s.calls("sendRichMessage"), s.calls("sendMessage"))
	}
	s.remake(Auto) // after a restart it is asked again
	arrive(s, delivery.Message{})
	if s.calls("sendRichMessage") != 2 {
		t.Errorf("asked %d times", s.calls("sendRichMessage"))
	}
}

// What is in doubt, or about the place or the pace, is no reason to send another
// form.
func TestAutoFallsBackForTheFormAlone(t *testing.T) {
	for name, test := range map[string]struct {
		fault *telegramtest.Fault
		again int // messages sent as HTML
		kind  delivery.Kind
	}{
		"refused content": {telegramtest.Failing(400, "Bad Request: can't parse rich message: RICH_VALIDATE_CTOR_NOT_ALLOWED"), 1, ""},
		"not found":       {telegramtest.Failing(404, "Not Found"), 1, ""},
		"too many":        {telegramtest.Limited(3), 0, delivery.RateLimited},
		"blocked":         {telegramtest.Failing(403, "Forbidden: bot was blocked by the user"), 0, delivery.Gone},
		"lost answer":     {telegramtest.ResetAfter(), 0, delivery.Transient},
		"bad gateway":     {telegramtest.BadGateway(), 0, delivery.Transient},
		"down":            {telegramtest.Failing(500, "Internal Server Error"), 0, delivery.Transient},
	} {
		t.Run(name, func(t *testing.T) {
			s := newStage(t, nil)
			s.remake(Auto)
			s.Intercept(telegramtest.Times(1, telegramtest.Method("sendRichMessage"), test.fault))
			parts, err := s.a.Render(digestDoc(3))
			if err != nil {
				t.Fatal(err)
			}
			_, err = s.a.Send(t.Context(), delivery.Message{To: somewhere, Part: parts[0], First: true})
			if s.calls("sendMessage") != test.again || test.kind == "" && err != nil || test.kind != "" && delivery.FailureOf(err).Kind != test.kind {
				t.Errorf("%d plain calls, %v", s.calls("sendMessage"), err)
			}
		})
	}
}

// A form that was refused is not offered to each of those it is for.
func TestRefusedFormIsRemembered(t *testing.T) {
	s := newStage(t, nil)
	s.remake(Auto)
	s.Intercept(func(c telegramtest.Call) *telegramtest.Fault {
		if c.Method == "sendRichMessage" && strings.Contains(c.Get("rich_message"), "3 articoli") {
			return telegramtest.Failing(400, "Bad Request: can't parse rich message")
		}
		return nil
	})
	for range 3 {
		arrive(s, delivery.Message{})
	}
	parts, err := s.a.Render(digestDoc(2))
	if err != nil {
		t.Fatal(err)
	}
	if _, err := s.a.Send(t.Context(), delivery.Message{To: somewhere, Part: parts[0], First: true}); err != nil {
		t.Fatal(err)
	}
	if rich, simple := s.calls("sendRichMessage"), s.calls("sendMessage"); rich != 2 || simple != 3 {
		t.Errorf("%d rich and %d plain calls", rich, simple)
	}
}

// With the format rich a server that can't is the operator's to mend: deliveries
// stop, and nothing is given up.
func TestRichInsists(t *testing.T) {
	s := newStage(t, nil, telegramtest.WithoutRichMessages())
	s.remake(Rich)
	parts, err := s.a.Render(digestDoc(3))
	if err != nil {
		t.Fatal(err)
	}
	_, err = s.a.Send(t.Context(), delivery.Message{To: somewhere, Part: parts[0], First: true})
	if f := delivery.FailureOf(err); f.Kind != delivery.Auth || f.Doubt || !strings.Contains(err.Error(), "telegram.format") || s.calls("sendMessage") != 0 {
		t.Errorf("%v", err)
	}
}

// A part that was stored when messages were rich goes out where they are no more,
// and the other way round.
func TestStoredForms(t *testing.T) {
	s := newStage(t, nil)
	for _, stored := range []Format{HTML, Auto, Rich} {
		for _, now := range []Format{HTML, Auto, Rich} {
			s.remake(stored)
			parts, err := s.a.Render(digestDoc(3))
			if err != nil {
				t.Fatal(err)
			}
			s.remake(now)
			if _, err := s.a.Send(t.Context(), delivery.Message{To: somewhere, Part: parts[0], First: true}); err != nil {
				t.Fatal(err)
			}
			all := s.Messages()
			if got, want := all[len(all)-1].Rich, stored != HTML && now != HTML; got != want {
				t.Errorf("stored as %s, sent by %s: rich %v", stored, now, got)
			}
		}
	}
}

// A rich message is edited into another, and back into HTML; on a server that
// can't, in HTML alone.
func TestRichEdits(t *testing.T) {
	for name, opts := range map[string][]telegramtest.Option{"rich": nil, "plain": {telegramtest.WithoutRichMessages()}} {
		t.Run(name, func(t *testing.T) {
			h := newsroom()
			h.command = func(r bot.Request) bot.Reply {
				n, _ := strconv.Atoi(r.Args)
				reply := bot.Reply{Doc: digestDoc(max(n, 1)), Replace: true}
				if r.Command == "abstract" {
					reply.Doc = documents["abstract"]
				}
				reply.Doc.Menu = nil
				reply.Doc.Rows = [][]markup.Action{{{Label: "Due", Command: "digest 2"}, {Label: "🧭 Abstract", Command: "abstract"}}}
				return reply
			}
			s := newStage(t, h, opts...)
			s.remake(Auto)
			s.run()
			s.Say(adaID, adaID, "/digest 3")
			m := s.expect(telegramtest.In(adaID, "3 articoli nuovi"))
			for i, step := range []struct{ button, text string }{{"Due", "2 articoli nuovi"}, {"🧭 Abstract", "Abstract di #14"}, {"Due", "2 articoli nuovi"}} {
				s.press(adaID, m, step.button)
				m = s.expect(func(m telegramtest.Message) bool { return m.Edits == i+1 && strings.Contains(m.Text, step.text) })
				if want := name == "rich" && step.button == "Due"; m.Rich != want {
					t.Errorf("step %d: rich %v", i, m.Rich)
				}
			}
			s.press(adaID, m, "Due") // it says so already
			s.settle()
			if n := len(s.Messages()); n != 1 {
				t.Errorf("%d messages", n)
			}
		})
	}
}

// A long article is one rich message, and takes the digest's place; on a server
// that knows none it comes in pieces.
func TestLongArticles(t *testing.T) {
	for name, opts := range map[string][]telegramtest.Option{"rich": nil, "plain": {telegramtest.WithoutRichMessages()}} {
		t.Run(name, func(t *testing.T) {
			h := newsroom()
			h.command = func(r bot.Request) bot.Reply {
				if r.Command == "digest" {
					return bot.Reply{Doc: digestDoc(1), Replace: r.Pressed}
				}
				reply := say(strings.Repeat("Una frase come tante. ", 600))
				reply.Doc.Rows = [][]markup.Action{{{Label: "← Digest", Command: "digest 7"}}}
				reply.Replace = true
				return reply
			}
			s := newStage(t, h, opts...)
			s.remake(Auto)
			s.run()
			s.Say(adaID, adaID, "/digest")
			m := s.expect(telegramtest.In(adaID, "1 articoli nuovi"))
			s.press(adaID, m, "11")
			article := s.expect(func(m telegramtest.Message) bool {
				_, back := m.Button("← Digest")
				return back && strings.Contains(m.Text, "Una frase")
			})
			s.settle()
			all := s.Messages()
			if name == "rich" && (len(all) != 1 || article.ID != m.ID || !article.Rich) || name == "plain" && len(all) != 5 {
				t.Errorf("%d messages; the article is %d, rich %v", len(all), article.ID, article.Rich)
			}
			s.press(adaID, article, "← Digest")
			s.expect(func(m telegramtest.Message) bool {
				return m.ID == article.ID && strings.Contains(m.Text, "1 articoli nuovi")
			})
		})
	}
}

// A reply to a rich message without buttons knows what it is about.
func TestQuotedRich(t *testing.T) {
	h := newsroom()
	h.command = func(r bot.Request) bot.Reply {
		if r.Command == "digest" {
			doc := digestDoc(2)
			doc.Menu = nil
			for i, b := range doc.Blocks {
				if s, ok := b.(markup.Section); ok {
					s.Action = markup.Action{}
					doc.Blocks[i] = s
				}
			}
			return bot.Reply{Doc: doc}
		}
		return say(fmt.Sprint(r.Quoted))
	}
	s := newStage(t, h)
	s.remake(Auto)
	s.run()
	s.Say(adaID, adaID, "/digest")
	m := s.expect(telegramtest.In(adaID, "2 articoli nuovi"))
	s.Say(adaID, adaID, "/fonti", telegramtest.ReplyTo(m))
	s.expect(telegramtest.In(adaID, "[leggi 12 leggi 11]"))
}

func TestManner(t *testing.T) {
	for _, test := range []struct {
		manner            digest.Manner
		first             bool
		silent, previewed bool
	}{
		{digest.Manner{}, true, false, true},
		{digest.Manner{Silent: true}, true, true, true},
		{digest.Manner{NoPreviews: true}, true, false, false},
		{digest.Manner{}, false, true, true}, // one sound a digest
	} {
		s := newStage(t, nil)
		if _, err := s.a.Send(t.Context(), delivery.Message{To: somewhere, Part: somePart, Manner: test.manner, First: test.first}); err != nil {
			t.Fatal(err)
		}
		m := s.Messages()[0]
		if m.Silent != test.silent || m.Previews != test.previewed {
			t.Errorf("%+v, first %v: silent %v, previewed %v", test.manner, test.first, m.Silent, m.Previews)
		}
	}
	s := play(t, newsroom())
	s.Say(adaID, adaID, "/abstract")
	if m := s.expect(telegramtest.In(adaID, "Abstract")); m.Previews || m.Silent {
		t.Errorf("an answer is previewed %v, silent %v", m.Previews, m.Silent)
	}
}

// The log says once that a server is too old.
func TestAutoTellsOnce(t *testing.T) {
	var log bytes.Buffer
	s := newStage(t, nil, telegramtest.WithoutRichMessages())
	s.remake(Auto)
	s.a.config.Log = slog.New(slog.NewTextHandler(&log, nil))
	arrive(s, delivery.Message{})
	arrive(s, delivery.Message{})
	if n := strings.Count(log.String(), "knows no rich messages"); n != 1 {
		t.Errorf("told %d times:\n%s", n, &log)
	}
}
