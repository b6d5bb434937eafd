// Tests of what the REST API does: messages, nonces, threads, refusals,
// commands, rate limits.

package discordtest

import (
	"fmt"
	"strconv"
	"sync"
	"testing"
	"time"
)

// clock is a settable clock.
type clock struct {
	mu  sync.Mutex
	now time.Time
}

func newClock() *clock { return &clock{now: time.Date(2026, 3, 1, 7, 0, 0, 0, time.UTC)} }

func (c *clock) Now() time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.now
}

func (c *clock) advance(d time.Duration) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.now = c.now.Add(d)
}

func TestMessageLife(t *testing.T) {
	w := newWorld(t)
	id := w.post(w.channel, o{"flags": v2, "components": l{
		o{"type": 17, "components": l{display("Title"), section(button("more"), display("Lead"))}},
		row(o{"type": 2, "style": 5, "label": "Source", "url": "https://example.org"}, button("b")),
		row(menu(2)),
	}})
	m, ok := w.Message(id)
	if !ok || m.Text != "Title\nLead" || !m.V2() || len(m.Buttons) != 3 || len(m.Selects) != 1 || m.Selects[0].Options[1].Value != "1" {
		t.Errorf("%+v", m)
	}
	if b, ok := m.Button("Source"); !ok || b.URL != "https://example.org" {
		t.Errorf("%+v", b)
	}
	path := w.messages(w.channel) + "/" + id
	if r := w.call("GET", path, nil); r.status != 200 || r.body["id"] != id {
		t.Errorf("%d %s", r.status, r.raw)
	}
	second := w.post(w.channel, o{"embeds": l{o{"title": "T", "fields": l{o{"name": "N", "value": "V"}}}}, "message_reference": o{"message_id": id}})
	if m, _ := w.Message(second); m.Text != "T\nN\nV" || m.ReplyTo != id {
		t.Errorf("%+v", m)
	}
	if r := w.call("DELETE", path, nil); r.status != 204 {
		t.Errorf("%d", r.status)
	}
	if r := w.call("GET", path, nil); r.status != 404 || r.code() != 10008 {
		t.Errorf("%d %s", r.status, r.raw)
	}
	if got := w.Messages(); len(got) != 1 || got[0].ID != second {
		t.Errorf("%+v", got)
	}
	w.clean()
}

func TestAwaitEdit(t *testing.T) {
	w := newWorld(t)
	id := w.post(w.channel, o{"content": "old"})
	done := make(chan Message, 1)
	go func() {
		m, err := w.Await(timeout(t), In(w.channel.ID, "new"))
		if err != nil {
			t.Error(err)
		}
		done <- m
	}()
	w.call("PATCH", w.messages(w.channel)+"/"+id, o{"content": "new", "allowed_mentions": quiet})
	if m := <-done; m.ID != id || len(m.Edits) != 1 {
		t.Errorf("%+v", m)
	}
}

func TestNonce(t *testing.T) {
	c := newClock()
	w := newWorld(t, WithClock(c.Now))
	body := func() o { return o{"content": "x", "nonce": "delivery-1", "enforce_nonce": true} }
	first := w.post(w.channel, body())
	if again := w.post(w.channel, body()); again != first || len(w.Messages()) != 1 {
		t.Errorf("a repeated nonce made a second message")
	}
	w.clean()
	c.advance(4 * time.Minute)
	if again := w.post(w.channel, body()); again != first {
		t.Errorf("forgotten after four minutes")
	}
	c.advance(2 * time.Minute)
	if again := w.post(w.channel, body()); again == first {
		t.Errorf("remembered after six minutes")
	}
	unenforced := o{"content": "x", "nonce": "n"}
	if a, b := w.post(w.channel, unenforced), w.post(w.channel, unenforced); a == b {
		t.Errorf("a nonce that is not enforced de-duplicates")
	}
	w.clean()
	other := body()
	other["allowed_mentions"] = quiet
	if r := w.call("POST", w.messages(w.news), other); r.status != 400 || len(w.Violations()) != 1 {
		t.Errorf("a nonce shared between channels passes: %d %s", r.status, r.raw)
	}
}

func TestRefusals(t *testing.T) {
	w := newWorld(t)
	dm := w.call("POST", "/users/@me/channels", o{"recipient_id": w.user.ID})
	if dm.status != 200 || dm.body["type"] != 1.0 {
		t.Fatalf("%d %s", dm.status, dm.raw)
	}
	direct := w.DM(w.user)
	if dm.body["id"] != direct.ID {
		t.Errorf("two channels for one user: %s and %s", dm.body["id"], direct.ID)
	}
	gone := w.AddUser(User{})
	w.DeleteUser(gone)
	message := o{"content": "x", "allowed_mentions": quiet}
	tests := []struct {
		name         string
		prepare      func()
		undo         func()
		channel      Channel
		status, code int
	}{
		{"deleted", func() { w.DeleteChannel(w.channel.ID) }, func() { w.RestoreChannel(w.channel.ID) }, w.channel, 404, 10003},
		{"hidden", func() { w.HideChannel(w.channel.ID) }, func() { w.RestoreChannel(w.channel.ID) }, w.channel, 403, 50001},
		{"revoked", func() { w.RevokeSend(w.channel.ID) }, func() { w.RestoreChannel(w.channel.ID) }, w.channel, 403, 50013},
		{"custom", func() { w.Refuse(w.channel.ID, 400, 200000, "blocked") }, func() { w.RestoreChannel(w.channel.ID) }, w.channel, 400, 200000},
		{"DMs closed", func() { w.CloseDMs(w.user) }, func() { w.OpenDMs(w.user) }, direct, 403, 50007},
		{"no mutual guilds", func() { w.LoseMutualGuilds(w.user) }, func() { w.OpenDMs(w.user) }, direct, 403, 50278},
		{"removed from guild", func() { w.RemoveGuild(w.guild.ID) }, func() { w.RestoreGuild(w.guild.ID) }, w.channel, 403, 50001},
		{"outage", func() { w.GuildOutage(w.guild.ID) }, func() { w.RestoreGuild(w.guild.ID) }, w.channel, 503, 0},
		{"unknown", func() {}, func() {}, Channel{ID: "42"}, 404, 10003},
	}
	for _, tt := range tests {
		tt.prepare()
		if r := w.call("POST", w.messages(tt.channel), message); r.status != tt.status || r.code() != tt.code {
			t.Errorf("%s: %d %s", tt.name, r.status, r.raw)
		}
		tt.undo()
		if tt.code != 10003 || tt.channel.ID != "42" {
			w.post(tt.channel, o{"content": "again"})
		}
	}
	w.RemoveGuild(w.guild.ID)
	if r := w.call("GET", "/guilds/"+w.guild.ID, nil); r.code() != 10004 {
		t.Errorf("guild: %s", r.raw)
	}
	if r := w.call("POST", "/users/@me/channels", o{"recipient_id": "42"}); r.code() != 50033 {
		t.Errorf("unknown recipient: %s", r.raw)
	}
	if r := w.call("POST", "/users/@me/channels", o{"recipient_id": gone.ID}); r.code() != 10013 {
		t.Errorf("deleted recipient: %s", r.raw)
	}
	w.clean() // the world's refusals are nobody's mistake
	if n := w.InvalidRequests(); n != 5 {
		t.Errorf("%d invalid requests, want 5", n)
	}
}

func TestCrosspostAndThread(t *testing.T) {
	w := newWorld(t)
	id := w.post(w.news, o{"content": "x"})
	path := w.messages(w.news) + "/" + id
	if r := w.call("POST", path+"/crosspost", nil); r.status != 200 {
		t.Errorf("%d %s", r.status, r.raw)
	}
	if r := w.call("POST", path+"/crosspost", nil); r.code() != 40033 {
		t.Errorf("%d %s", r.status, r.raw)
	}
	r := w.call("POST", path+"/threads", o{"name": "Discussion", "auto_archive_duration": 4320, "invitable": false})
	if r.status != 201 || r.body["id"] != id || r.body["type"] != 10.0 {
		t.Errorf("%d %s", r.status, r.raw)
	}
	if r := w.call("POST", path+"/threads", o{"name": "Again"}); r.code() != 160004 {
		t.Errorf("%d %s", r.status, r.raw)
	}
	thread, ok := w.Channel(id)
	if !ok || thread.ParentID != w.news.ID {
		t.Errorf("%+v", thread)
	}
	w.post(thread, o{"content": "in the thread"})
	w.RevokeSend(w.news.ID)
	if r := w.call("POST", w.messages(thread), o{"content": "x", "allowed_mentions": quiet}); r.code() != 50013 {
		t.Errorf("a thread does not follow its channel: %s", r.raw)
	}
	w.clean()
	for _, body := range []o{{"name": text(101)}, {"name": "x", "auto_archive_duration": 90}} {
		if r := w.call("POST", path+"/threads", body); r.code() != 50035 {
			t.Errorf("%v: %s", body, r.raw)
		}
	}
	plain := w.post(w.channel, o{"content": "x"})
	if r := w.call("POST", w.messages(w.channel)+"/"+plain+"/crosspost", nil); r.code() != 50024 {
		t.Errorf("%s", r.raw)
	}
}

func TestAuthorization(t *testing.T) {
	w := newWorld(t, WithToken("other"))
	if r := w.call("GET", "/users/@me", nil); r.status != 401 || r.body["message"] != "401: Unauthorized" {
		t.Errorf("%d %s", r.status, r.raw)
	}
	if r := w.call("GET", "/gateway", nil); r.status != 200 || r.body["url"] != w.GatewayURL() {
		t.Errorf("%d %s", r.status, r.raw)
	}
	for _, c := range w.Calls() {
		if c.Header.Get("Authorization") != "" {
			t.Error("the token is recorded")
		}
	}
}

func TestCommandsChangeOnlyWhatChanged(t *testing.T) {
	w := newWorld(t)
	path := "/applications/" + ApplicationID + "/commands"
	put := func(commands ...any) {
		t.Helper()
		if r := w.call("PUT", path, commands); r.status != 200 {
			t.Fatalf("%d %s", r.status, r.raw)
		}
	}
	digest := o{"name": "digest", "description": "d", "description_localizations": o{"it": "e"}}
	put(digest, o{"name": "help", "description": "h"})
	before := w.Commands()
	put(digest, o{"name": "help", "description": "changed"})
	after := w.Commands()
	if w.CommandCreates() != 2 || string(before[0].Raw) != string(after[0].Raw) || before[1].ID != after[1].ID || string(before[1].Raw) == string(after[1].Raw) {
		t.Errorf("before %s %s\nafter %s %s", before[0].Raw, before[1].Raw, after[0].Raw, after[1].Raw)
	}
	if r := w.call("GET", path, nil); r.status != 200 || len(r.raw) == 0 || r.raw == "[]" {
		t.Errorf("%d %s", r.status, r.raw)
	}
	if r := w.call("PATCH", path+"/"+after[0].ID, o{"description": "new"}); r.status != 200 || r.body["description"] != "new" {
		t.Errorf("%d %s", r.status, r.raw)
	}
	if r := w.call("DELETE", path+"/"+after[1].ID, nil); r.status != 204 || len(w.Commands()) != 1 {
		t.Errorf("%d %s", r.status, r.raw)
	}
	guild := "/applications/" + ApplicationID + "/guilds/" + w.guild.ID + "/commands"
	if r := w.call("POST", guild, o{"name": "local", "description": "d"}); r.status != 201 || len(w.GuildCommands(w.guild.ID)) != 1 {
		t.Errorf("%d %s", r.status, r.raw)
	}
	w.clean()
	if r := w.call("PUT", "/applications/7/commands", l{}); r.status != 403 {
		t.Errorf("%d %s", r.status, r.raw)
	}
}

func TestCommandCreatesADay(t *testing.T) {
	w := newWorld(t, Tolerate(30034))
	path := "/applications/" + ApplicationID + "/commands"
	for i := range 3 {
		r := w.call("PUT", path, many(100, func(j int) any { return o{"name": fmt.Sprint("c", i, "-", j), "description": "d"} }))
		if want := map[bool]int{true: 200, false: 429}[i < 2]; r.status != want {
			t.Fatalf("put %d: %d %.200s", i, r.status, r.raw)
		}
	}
	w.clean()
}

func TestChannelRateLimit(t *testing.T) {
	c := newClock()
	w := newWorld(t, WithClock(c.Now), WithRateLimits(DefaultRateLimits))
	message := o{"content": "x", "allowed_mentions": quiet}
	for i := range 5 {
		r := w.call("POST", w.messages(w.channel), message)
		if r.status != 200 || r.header.Get("X-RateLimit-Remaining") != strconv.Itoa(4-i) || r.header.Get("X-RateLimit-Limit") != "5" ||
			r.header.Get("X-RateLimit-Reset-After") != "5.000" || r.header.Get("X-RateLimit-Bucket") == "" {
			t.Errorf("%d: %d %v", i, r.status, r.header)
		}
	}
	c.advance(1500 * time.Millisecond)
	r := w.call("POST", w.messages(w.channel), message)
	if r.status != 429 || r.body["retry_after"] != 3.5 || r.body["global"] != false || r.header.Get("Retry-After") != "4" ||
		r.header.Get("X-RateLimit-Scope") != "user" || r.header.Get("X-RateLimit-Global") != "" {
		t.Errorf("%d %s %v", r.status, r.raw, r.header)
	}
	if r := w.call("POST", w.messages(w.news), message); r.status != 200 {
		t.Errorf("another channel is limited too: %d", r.status)
	}
	c.advance(3500 * time.Millisecond)
	if r := w.call("POST", w.messages(w.channel), message); r.status != 200 {
		t.Errorf("still limited: %d %s", r.status, r.raw)
	}
	w.clean()
}

func TestGlobalRateLimit(t *testing.T) {
	c := newClock()
	w := newWorld(t, WithClock(c.Now), WithRateLimits(RateLimits{Global: 50}))
	for i := range 50 {
		if r := w.call("GET", "/users/@me", nil); r.status != 200 {
			t.Fatalf("%d: %d", i, r.status)
		}
	}
	r := w.call("GET", "/channels/"+w.channel.ID, nil)
	if r.status != 429 || r.body["global"] != true || r.header.Get("X-RateLimit-Global") != "true" || r.header.Get("X-RateLimit-Scope") != "global" {
		t.Errorf("%d %s %v", r.status, r.raw, r.header)
	}
	// Interaction replies are outside the global limit.
	if r := w.call("POST", "/interactions/1/x/callback", o{"type": 4, "data": o{"content": "x", "allowed_mentions": quiet}}); r.status != 404 {
		t.Errorf("%d %s", r.status, r.raw)
	}
	c.advance(time.Second)
	if r := w.call("GET", "/users/@me", nil); r.status != 200 {
		t.Errorf("%d", r.status)
	}
}
