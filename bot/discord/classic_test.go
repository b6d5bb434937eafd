// Messages as embeds, and Discords that take no others; files that go along.

package discord

import (
	"context"
	"encoding/json"
	"regexp"
	"strconv"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"github.com/strillone/strillone/bot"
	"github.com/strillone/strillone/bot/discord/discordtest"
	"github.com/strillone/strillone/digest"
	"github.com/strillone/strillone/digest/delivery"
)

var flags = regexp.MustCompile(`"flags":(\d+)`)

// old is a Discord that knows no components of the second kind.
func old(c discordtest.Call) *discordtest.Fault {
	m := flags.FindSubmatch(c.Body)
	if m == nil {
		return nil
	}
	if n, _ := strconv.Atoi(string(m[1])); n&flagComponents != 0 {
		return &discordtest.Fault{Status: 400, Header: map[string][]string{"Content-Type": {"application/json"}},
			Body: []byte(`{"code":50035,"message":"Invalid Form Body","errors":{"flags":{"_errors":[{"code":"MESSAGE_FLAGS_INVALID","message":"no"}]}}}`)}
	}
	return nil
}

func TestFallsBackToEmbeds(t *testing.T) {
	h := open(t, &stub{command: func(_ context.Context, r bot.Request) bot.Reply { return bot.Reply{Doc: articleDoc()} }})
	h.server.Intercept(old)
	m := h.deliver(h.channel, "k", digest.Manner{Silent: true})
	if m.V2() || !strings.Contains(m.Text, "3 articoli") && !strings.Contains(m.Text, "2 articoli") || m.Flags&flagSilent == 0 || m.Nonce != "k" {
		t.Errorf("%+v", m)
	}
	if b, ok := m.Button("Leggi #2"); !ok || b.CustomID != "leggi 2" || len(m.Selects) != 1 {
		t.Errorf("buttons %+v", m.Buttons)
	}
	answer := h.answer(h.server.Slash(h.ada, h.channel, "leggi"))
	if answer.V2() || !strings.Contains(answer.Text, "Batterie") {
		t.Errorf("%+v", answer)
	}
	h.server.Say(h.ada, h.dm, "/leggi")
	h.await(func(m discordtest.Message) bool { return m.ChannelID == h.dm.ID && !m.V2() })

	// Who wants components and nothing else gets a refusal.
	h.adapter.format = Components
	if _, f := h.send(placeOf(h.channel), "z"); f == nil || f.Kind != delivery.Rejected {
		t.Errorf("%v", f)
	}
}

// A refusal that is about something else is one.
func TestNoFallBack(t *testing.T) {
	h := build(t, &stub{})
	for name, fault := range map[string]*discordtest.Fault{
		"other field": {Status: 400, Body: []byte(`{"code":50035,"message":"no","errors":{"nonce":{}}}`)},
		"moderation":  discordtest.Failing(400, 200000, "no"),
		"gone":        discordtest.Failing(404, 10003, "no"),
		"broken":      discordtest.BadGateway(),
	} {
		remove := h.server.Intercept(func(discordtest.Call) *discordtest.Fault { return fault })
		before := len(h.server.Calls())
		if _, f := h.send(placeOf(h.channel), "k"); f == nil {
			t.Errorf("%s: sent", name)
		}
		if n := len(h.server.Calls()) - before; n != 1 {
			t.Errorf("%s: %d requests", name, n)
		}
		remove()
	}
}

// Every message has an embed that says the same, within the limits.
func TestClassic(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		parts, err := (&Adapter{}).Render(genDoc(t))
		if err != nil {
			t.Fatal(err)
		}
		for _, part := range parts {
			m, err := messageOf(part)
			if err != nil {
				t.Fatal(err)
			}
			c := classic(m)
			if len(c.Embeds) != 1 || c.Flags&flagComponents != 0 || units(c.Embeds[0].Description) > 4096 || c.Embeds[0].Description == "" || len(c.Components) > maxRows {
				t.Fatalf("%+v", c)
			}
			if bareText(c.Embeds[0].Description) != bareText(textOfAll(m.Components)) {
				t.Fatalf("the text changed: %q", c.Embeds[0].Description)
			}
			for _, row := range c.Components {
				if len(row.Components) == 0 || len(row.Components) > maxRow {
					t.Fatalf("row of %d", len(row.Components))
				}
				for _, b := range row.Components {
					if b.Type == typeButton && (b.Label == "" || units(b.Label) > maxLabel) {
						t.Fatalf("button %+v", b)
					}
				}
			}
			checkIDs(t, c)
		}
	})
}

// Every kind of document is what Discord takes as an embed.
func TestSendEveryKindAsEmbed(t *testing.T) {
	h := build(t, &stub{})
	h.adapter.format = Embeds
	n := 0
	for _, doc := range []func() ([]delivery.Part, error){
		func() ([]delivery.Part, error) { return h.adapter.Render(digestDoc(30)) },
		func() ([]delivery.Part, error) { return h.adapter.Render(articleDoc()) },
		func() ([]delivery.Part, error) { return h.adapter.Render(longDoc(6)) },
	} {
		parts, err := doc()
		if err != nil {
			t.Fatal(err)
		}
		for _, part := range parts {
			n++
			m := delivery.Message{To: placeOf(h.channel), Part: part, Key: string(rune('a' + n)), First: true, Manner: digest.Manner{Mention: "123"}}
			if _, err := h.adapter.Send(h.ctx, m); err != nil {
				t.Error(err)
			}
		}
	}
}

// A file is the asker's alone.
func TestFile(t *testing.T) {
	h := open(t, &stub{command: func(context.Context, bot.Request) bot.Reply {
		reply := personally(say("ecco i tuoi dati"))
		reply.File = &bot.File{Name: "../i miei/dati \"1\".json", Content: []byte(`{"lettore":1}`)}
		return reply
	}})
	m := h.answer(h.server.Slash(h.ada, h.channel, "miei_dati"))
	if !m.Ephemeral || len(m.Attachments) != 1 || m.Attachments[0] != "dati__1_.json" || !m.V2() {
		t.Errorf("%+v", m)
	}
	var file struct {
		Components []struct {
			Type int `json:"type"`
			File struct {
				URL string `json:"url"`
			} `json:"file"`
		} `json:"components"`
	}
	if err := json.Unmarshal(m.Raw, &file); err != nil || len(file.Components) != 2 || file.Components[1].File.URL != "attachment://dati__1_.json" {
		t.Errorf("%+v, %v", file, err)
	}
	call, err := h.server.AwaitCall(h.ctx, func(c discordtest.Call) bool { return strings.HasSuffix(c.Route, "/callback") })
	if err != nil {
		t.Fatal(err)
	}
	if got := call.Files; len(got) != 1 || string(got[0].Data) != `{"lettore":1}` {
		t.Errorf("files %+v", got)
	}
	// By message, too; and in a server never where others read along.
	h.server.Say(h.ada, h.dm, "/miei_dati")
	h.server.Say(h.ada, h.channel, "<@"+discordtest.ApplicationID+"> /miei_dati")
	for range 2 {
		h.await(func(m discordtest.Message) bool {
			return m.ChannelID == h.dm.ID && len(m.Attachments) == 1 && m.ReplyTo == ""
		})
		h.await(func(m discordtest.Message) bool {
			return m.ChannelID == h.dm.ID && len(m.Attachments) == 1 && m.ReplyTo != ""
		})
	}
	for _, m := range h.server.Messages() {
		if m.ChannelID == h.channel.ID && !m.Ephemeral {
			t.Error("a person's data where everybody reads it")
		}
	}
}

func TestFileNames(t *testing.T) {
	for name, want := range map[string]string{"dati.json": "dati.json", "": "file", "..": "file", "è.csv": "_.csv", "a/b": "b"} {
		if got := fileName(name); got != want {
			t.Errorf("%q: %q", name, got)
		}
	}
}
