// How a destination's manner shows in what is sent to it.

package discord

import (
	"bytes"
	"encoding/json"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/strillone/strillone/bot/discord/discordtest"
	"github.com/strillone/strillone/digest"
	"github.com/strillone/strillone/digest/delivery"
)

// deliver sends a digest in a manner and returns the message it became.
func (h *house) deliver(to discordtest.Channel, key string, manner digest.Manner) discordtest.Message {
	h.Helper()
	receipt, err := h.adapter.Send(h.ctx, delivery.Message{
		To: placeOf(to), Part: h.part(2), Key: key, Manner: manner, First: true, Last: true,
	})
	if err != nil {
		h.Fatal(err)
	}
	m, ok := h.server.Message(string(receipt))
	if !ok {
		h.Fatalf("no message %s", receipt)
	}
	return m
}

func (h *house) part(articles int) delivery.Part {
	h.Helper()
	parts, err := h.adapter.Render(digestDoc(articles))
	if err != nil {
		h.Fatal(err)
	}
	return parts[0]
}

func TestManner(t *testing.T) {
	for _, format := range []Format{Components, Embeds} {
		t.Run(string(format), func(t *testing.T) {
			h := build(t, &stub{})
			h.adapter.format = format
			role := h.server.AddRole(h.guild.ID, "lettori", 0)
			v2 := 0
			if format == Components {
				v2 = flagComponents
			}
			plain := h.deliver(h.channel, "a", digest.Manner{})
			if plain.Flags != v2 || len(plain.Pinged) > 0 || strings.Contains(string(plain.Body), "roles") {
				t.Errorf("flags %d, pinged %v", plain.Flags, plain.Pinged)
			}
			for key, c := range map[string]struct {
				manner digest.Manner
				flags  int
				pinged []string
			}{
				"s": {digest.Manner{Silent: true}, v2 | flagSilent, nil},
				"p": {digest.Manner{NoPreviews: true}, v2 | v2>>13&flagNoEmbeds, nil},
				"m": {digest.Manner{Mention: role}, v2, []string{role}},
				"b": {digest.Manner{Mention: `1"],"users":["2`}, v2, nil},
			} {
				m := h.deliver(h.channel, key, c.manner)
				if m.Flags != c.flags || !slices.Equal(m.Pinged, c.pinged) || m.Nonce != key {
					t.Errorf("%+v: flags %d, pinged %v, nonce %q", c.manner, m.Flags, m.Pinged, m.Nonce)
				}
				if got := strings.TrimPrefix(m.Text, mentionOf(role)+"\n"); got != plain.Text {
					t.Errorf("%+v: it says %q", c.manner, got)
				}
			}
			// Only a digest's first message mentions.
			_, err := h.adapter.Send(h.ctx, delivery.Message{To: placeOf(h.channel), Part: h.part(2), Key: "z", Manner: digest.Manner{Mention: role}, Last: true})
			if err != nil {
				t.Fatal(err)
			}
			if m := h.server.Messages()[5]; len(m.Pinged) > 0 || strings.Contains(m.Text, role) {
				t.Errorf("a second message mentions %v", m.Pinged)
			}
		})
	}
}

// A part goes out as it lies in memory, and is the same message as one that was
// taken apart and put together.
func TestBodies(t *testing.T) {
	for _, manner := range []digest.Manner{{}, {Silent: true, NoPreviews: true, Mention: "12345678901234567890"}} {
		sent := delivery.Message{Part: rendered(t, digestDoc(3))[0], Key: "d1.0", Manner: manner, First: true}
		if !bytes.HasPrefix(sent.Part, []byte(partHead)) {
			t.Fatalf("a part begins with %.90s", sent.Part)
		}
		body, err := bodyOf(sent)
		if err != nil {
			t.Fatal(err)
		}
		other, err := rewritten(sent, roleIn(sent))
		if err != nil {
			t.Fatal(err)
		}
		if got, want := sorted(t, body), sorted(t, other); got != want {
			t.Errorf("%+v:\n got %s\nwant %s", manner, got, want)
		}
	}
}

func sorted(t *testing.T, body []byte) string {
	t.Helper()
	var v any
	if err := json.Unmarshal(body, &v); err != nil {
		t.Fatal(err)
	}
	return string(raw(v))
}

func TestCrosspost(t *testing.T) {
	h := build(t, &stub{}, discordtest.Tolerate(50024))
	news := h.server.AddChannel(discordtest.Channel{GuildID: h.guild.ID, Name: "annunci", Type: discordtest.GuildAnnouncement})
	manner := digest.Manner{Crosspost: true}
	m := h.deliver(news, "a", manner)
	if m, _ = h.server.Message(m.ID); !m.Crossposted {
		t.Error("it was not crossposted")
	}
	// Once more, as after a crash: the first message comes back, and it is no
	// failure that it has been crossposted.
	if again := h.deliver(news, "a", manner); again.ID != m.ID {
		t.Error("sent twice")
	}
	// In a channel of another kind there is nothing to be crossposted.
	if m := h.deliver(h.channel, "b", manner); m.Crossposted {
		t.Error("crossposted from a channel that nobody can follow")
	}
}

// A limit on crossposts, an hour long, delays nothing else: not the deliveries
// to the same channel, and the crosspost is done when it is over.
func TestCrosspostLimit(t *testing.T) {
	h := budgeted(t)
	news := h.server.AddChannel(discordtest.Channel{GuildID: h.guild.ID, Name: "annunci", Type: discordtest.GuildAnnouncement})
	crossposts := func(c discordtest.Call) bool { return strings.HasSuffix(c.Route, "/crosspost") }
	defer h.server.Intercept(discordtest.Times(1, crossposts, discordtest.Limited(time.Hour, "shared")))()
	began := time.Now()
	m := h.deliver(news, "a", digest.Manner{Crosspost: true})
	if err := deliver(h.ctx, h.adapter, placeOf(news)); err != nil {
		t.Fatal(err)
	}
	if other := h.deliver(news, "b", digest.Manner{Crosspost: true}); other.Crossposted {
		t.Error("a crosspost was made in spite of the limit")
	}
	if took := time.Since(began); took > 10*time.Second {
		t.Errorf("deliveries took %s", took)
	}
	made := 0
	for _, c := range h.server.Calls() {
		if crossposts(c) {
			made++
		}
	}
	if made != 1 {
		t.Errorf("%d requests in spite of the limit", made)
	}
	// An hour passes.
	h.reopen()
	h.adapter.errands.hasten()
	h.await(func(after discordtest.Message) bool { return after.ID == m.ID && after.Crossposted })
}

// hasten makes all that waits due.
func (q *errands) hasten() {
	q.mu.Lock()
	for i := range q.all {
		q.all[i].due = time.Time{}
	}
	q.mu.Unlock()
	select {
	case q.fresh <- struct{}{}:
	default:
	}
}

func TestDiscussion(t *testing.T) {
	h := build(t, &stub{})
	news := h.server.AddChannel(discordtest.Channel{GuildID: h.guild.ID, Name: "annunci", Type: discordtest.GuildAnnouncement})
	manner := digest.Manner{Discuss: true}
	for key, channel := range map[string]discordtest.Channel{"a": h.channel, "b": news} {
		m := h.deliver(channel, key, manner)
		if m, _ = h.server.Message(m.ID); m.Thread == "" {
			t.Fatalf("no thread in %s", channel.Name)
		}
		if thread, _ := h.server.Channel(m.Thread); thread.Name != "🗞 Strillone · martedì 24 novembre" {
			t.Errorf("the thread is called %q", thread.Name)
		}
		h.deliver(channel, key, manner) // 160004
	}
	for _, code := range []int{160004, 160005, 160006, 160007, 50013} {
		remove := h.server.Intercept(func(c discordtest.Call) *discordtest.Fault {
			if strings.HasSuffix(c.Route, "/threads") {
				return discordtest.Failing(400, code, "no")
			}
			return nil
		})
		h.deliver(h.channel, "k"+string(rune('a'+code%26)), manner)
		remove()
		if _, next := h.adapter.errands.take(time.Time{}); !next.IsZero() {
			t.Errorf("code %d is tried again", code)
		}
		if warned := strings.Contains(h.logs.String(), "level=WARN"); warned != (code == 50013) {
			t.Errorf("code %d: warned %v", code, warned)
		}
	}
}

func TestTitles(t *testing.T) {
	for part, want := range map[string]string{
		`{"components":[{"components":[{"type":10,"content":"## **#14** \\<@1>\n-# due"}]}]}`: "#14 <@1>",
		`{"embeds":[{"description":"Uno *due*"}]}`:                                            "Uno due",
		`{"components":[{"type":1}]}`:                                                         "",
		`no`:                                                                                  "",
		`{"components":[{"type":10,"content":"` + strings.Repeat("x", 120) + `"}]}`: strings.Repeat("x", 99) + "…",
	} {
		if got := titleOf(delivery.Part(part)); got != want {
			t.Errorf("%s: %q", part, got)
		}
	}
}
