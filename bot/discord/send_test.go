package discord

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/strillone/strillone/bot/discord/discordtest"
	"github.com/strillone/strillone/digest"
	"github.com/strillone/strillone/digest/delivery"
)

// send sends a digest to the channel.
func (h *house) send(to digest.Destination, key string) (delivery.Receipt, *delivery.Failure) {
	h.Helper()
	receipt, err := h.adapter.Send(h.ctx, delivery.Message{To: to, Part: rendered(h.T, digestDoc(2))[0], Key: key})
	if err == nil {
		return receipt, nil
	}
	f, ok := errors.AsType[*delivery.Failure](err)
	if !ok {
		h.Fatalf("a failure of type %T: %v", err, err)
	}
	if strings.Contains(fmt.Sprintf("%v %+v %#v", f, f, f.Err), discordtest.Token) {
		h.Errorf("the token is in the failure: %+v", f)
	}
	return "", f
}

func TestSend(t *testing.T) {
	h := build(t, &stub{})
	receipt, f := h.send(placeOf(h.channel), "d1.0")
	if f != nil {
		t.Fatal(f)
	}
	m, ok := h.server.Message(string(receipt))
	if !ok || m.ChannelID != h.channel.ID || m.Nonce != "d1.0" || !m.V2() {
		t.Errorf("receipt %q is of %+v", receipt, m)
	}
	again, f := h.send(placeOf(h.channel), "d1.0")
	if f != nil || again != receipt || len(h.server.Messages()) != 1 {
		t.Errorf("sent again: %q, %v, %d messages", again, f, len(h.server.Messages()))
	}
}

func TestSendToThreadAndPerson(t *testing.T) {
	h := build(t, &stub{})
	thread := h.server.AddChannel(discordtest.Channel{GuildID: h.guild.ID, ParentID: h.channel.ID, Name: "filo", Type: discordtest.PublicThread})
	for want, to := range map[string]digest.Destination{
		thread.ID: {Platform: platform, Chat: h.channel.ID, Thread: thread.ID},
		h.dm.ID:   placeOf(h.dm),
	} {
		receipt, f := h.send(to, "k"+want[len(want)-5:])
		if f != nil {
			t.Fatal(f)
		}
		if m, _ := h.server.Message(string(receipt)); m.ChannelID != want {
			t.Errorf("%v went to %s", to, m.ChannelID)
		}
	}
}

// Every part of every kind of document is what Discord takes.
func TestSendEveryKind(t *testing.T) {
	h := build(t, &stub{})
	n := 0
	for _, parts := range [][]delivery.Part{rendered(t, digestDoc(30)), rendered(t, articleDoc()), rendered(t, longDoc(6))} {
		for _, part := range parts {
			n++
			if _, err := h.adapter.Send(h.ctx, delivery.Message{To: placeOf(h.channel), Part: part, Key: fmt.Sprint("k", n)}); err != nil {
				t.Error(err)
			}
		}
	}
}

// The table, code by code.
func TestFailureTable(t *testing.T) {
	h := build(t, &stub{})
	tested := make(map[int]bool)
	for _, c := range []struct {
		status, code int
		want         delivery.Kind
	}{
		{404, 10003, delivery.Gone}, {404, 10004, delivery.Gone}, {404, 10013, delivery.Gone},
		{403, 50001, delivery.AccessLost}, {403, 50013, delivery.AccessLost}, {403, 50007, delivery.AccessLost}, {403, 50278, delivery.AccessLost},
		{400, 50083, delivery.AccessLost}, {400, 160005, delivery.AccessLost}, {403, 0, delivery.Transient}, {403, 99999, delivery.AccessLost},
		{400, 50035, delivery.Rejected}, {400, 50109, delivery.Rejected}, {400, 50006, delivery.Rejected}, {413, 40005, delivery.Rejected}, {400, 200000, delivery.Rejected},
		{503, 130000, delivery.Transient}, {429, 40003, delivery.RateLimited}, {400, 40003, delivery.Transient}, {403, 20016, delivery.Transient},
		{403, 20028, delivery.Transient}, {403, 20029, delivery.Transient}, {400, 0, delivery.Transient}, {404, 0, delivery.Transient},
		{500, 0, delivery.Transient}, {401, 0, delivery.Auth}, {401, 50014, delivery.Auth}, {418, 77777, delivery.Transient},
	} {
		remove := h.server.Intercept(func(discordtest.Call) *discordtest.Fault { return discordtest.Failing(c.status, c.code, "no") })
		_, err := h.adapter.Send(h.ctx, delivery.Message{To: placeOf(h.channel), Part: rendered(t, digestDoc(1))[0], Key: "k"})
		remove()
		if f := delivery.FailureOf(err); f.Kind != c.want || f.Doubt {
			t.Errorf("%d with code %d: %v, doubt %v; want %s", c.status, c.code, f, f.Doubt, c.want)
		}
		h.reopen()
		tested[c.code] = true
	}
	for code := range kinds {
		if !tested[code] {
			t.Errorf("code %d has no test", code)
		}
	}
}

// What Discord itself refuses shows that it is up; what a proxy says does not.
func TestAnswered(t *testing.T) {
	h := build(t, &stub{})
	for _, c := range []struct {
		fault    *discordtest.Fault
		kind     delivery.Kind
		answered bool
	}{
		{discordtest.Failing(400, 77777, "news"), delivery.Transient, true},
		{discordtest.Failing(403, 99999, "news"), delivery.AccessLost, true},
		{discordtest.Failing(404, 0, "404: Not Found"), delivery.Transient, true},
		{discordtest.Failing(503, 130000, "overloaded"), delivery.Transient, false},
		{discordtest.Raw(403, "text/html", "<h1>Forbidden</h1>"), delivery.Transient, false},
		{discordtest.Raw(403, "application/json", `{"message":"Forbidden"}`), delivery.Transient, false},
		{discordtest.BadGateway(), delivery.Transient, false},
		{discordtest.Reset(), delivery.Transient, false},
	} {
		remove := h.server.Intercept(func(discordtest.Call) *discordtest.Fault { return c.fault })
		_, f := h.send(placeOf(h.channel), "k")
		remove()
		if f == nil || f.Kind != c.kind || f.Answered != c.answered {
			t.Errorf("%d %s: %+v", c.fault.Status, c.fault.Body, f)
		}
		h.reopen()
	}
}

// reopen forgets what the limits said.
func (h *house) reopen() {
	p := h.adapter.client.pace
	p.mu.Lock()
	defer p.mu.Unlock()
	p.global = time.Time{}
	clear(p.routes)
}

func TestRefusedByTheWorld(t *testing.T) {
	h := build(t, &stub{})
	gone := h.server.AddChannel(discordtest.Channel{GuildID: h.guild.ID, Name: "via"})
	h.server.DeleteChannel(gone.ID)
	hidden := h.server.AddChannel(discordtest.Channel{GuildID: h.guild.ID, Name: "nascosto"})
	h.server.HideChannel(hidden.ID)
	h.server.CloseDMs(h.ada)
	for _, c := range []struct {
		to   discordtest.Channel
		want delivery.Kind
	}{{gone, delivery.Gone}, {hidden, delivery.AccessLost}, {h.dm, delivery.AccessLost}} {
		if _, f := h.send(placeOf(c.to), "k"); f == nil || f.Kind != c.want {
			t.Errorf("%s: %v, want %s", c.to.Name, f, c.want)
		}
	}
	before := len(h.server.Calls())
	if _, f := h.send(digest.Destination{Platform: platform, Chat: "../users/@me"}, "k"); f == nil || f.Kind != delivery.Rejected {
		t.Errorf("a channel that is none: %v", f)
	}
	if len(h.server.Calls()) != before {
		t.Error("a channel that is none was asked for")
	}
}

func TestRateLimits(t *testing.T) {
	for name, c := range map[string]struct {
		fault      *discordtest.Fault
		after      time.Duration
		everywhere bool
	}{
		"user":       {discordtest.Limited(1500*time.Millisecond, "user"), 1500 * time.Millisecond, false},
		"shared":     {discordtest.Limited(time.Hour, "shared"), time.Hour, false},
		"global":     {discordtest.Limited(2*time.Second, "global"), 2 * time.Second, true},
		"cloudflare": {discordtest.LimitedAtEdge(90 * time.Second), 90 * time.Second, true},
	} {
		t.Run(name, func(t *testing.T) {
			h := build(t, &stub{})
			other := h.server.AddChannel(discordtest.Channel{GuildID: h.guild.ID, Name: "altro"})
			h.server.Intercept(discordtest.Times(1, discordtest.SendsMessage(h.channel.ID), c.fault))
			_, f := h.send(placeOf(h.channel), "a")
			if f == nil || f.Kind != delivery.RateLimited || f.RetryAfter != c.after || f.Everywhere != c.everywhere || f.Doubt {
				t.Fatalf("%+v", f)
			}
			// A second attempt that comes too early isn't even made.
			calls := len(h.server.Calls())
			_, f = h.send(placeOf(h.channel), "a")
			if f == nil || f.Kind != delivery.RateLimited || f.RetryAfter <= 0 || f.RetryAfter > c.after || f.Everywhere != c.everywhere {
				t.Errorf("too early: %+v", f)
			}
			_, f = h.send(placeOf(other), "b")
			if (f != nil) != c.everywhere {
				t.Errorf("another channel: %v", f)
			}
			if made := len(h.server.Calls()) - calls; made > 1 || c.everywhere && made > 0 {
				t.Errorf("%d requests made too early", made)
			}
		})
	}
}

// The last message that a bucket holds closes it, and no 429 is ever provoked.
func TestPaceByHeaders(t *testing.T) {
	h := build(t, &stub{}, discordtest.WithRateLimits(discordtest.RateLimits{Bucket: 2, Window: time.Second}))
	sent, waits := 0, 0
	for n := 0; sent < 5; n++ {
		_, f := h.send(placeOf(h.channel), fmt.Sprint("k", n))
		if f == nil {
			sent++
			continue
		}
		if f.Kind != delivery.RateLimited || f.RetryAfter <= 0 || waits > 10 {
			t.Fatal(f)
		}
		waits++
		pause(h.ctx, f.RetryAfter+10*time.Millisecond)
	}
	if n := h.server.InvalidRequests(); n != 0 || waits == 0 {
		t.Errorf("%d refused requests, %d waits", n, waits)
	}
}

func TestDoubt(t *testing.T) {
	for name, fault := range map[string]*discordtest.Fault{
		"502": discordtest.BadGateway(), "500": {Status: 500}, "garbage": discordtest.Garbage(), "truncated": discordtest.Truncated(),
		"reset": discordtest.Reset(), "reset after": discordtest.ResetAfter(), "empty": discordtest.Raw(200, "application/json", "{}"),
	} {
		t.Run(name, func(t *testing.T) {
			h := build(t, &stub{})
			now := atomic.Int64{}
			h.adapter.doubts.now = func() time.Time { return time.Unix(now.Load(), 0) }
			remove := h.server.Intercept(func(discordtest.Call) *discordtest.Fault { return fault })
			for _, c := range []struct {
				at   int64
				want bool
			}{{0, false}, {30, false}, {61, true}, {600, true}} {
				now.Store(c.at)
				if _, f := h.send(placeOf(h.channel), "k"); f == nil || f.Kind != delivery.Transient || f.Doubt != c.want {
					t.Errorf("at %d s: %+v", c.at, f)
				}
			}
			if _, f := h.send(placeOf(h.channel), ""); f == nil || !f.Doubt {
				t.Errorf("without a key: %+v", f)
			}
			remove()
			if _, f := h.send(placeOf(h.channel), "k"); f != nil {
				t.Error(f)
			}
		})
	}
}

// One attempt is one request, whatever comes of it.
func TestOneAttemptIsOneRequest(t *testing.T) {
	h := build(t, &stub{})
	for _, fault := range []*discordtest.Fault{discordtest.BadGateway(), discordtest.Limited(10*time.Millisecond, "user"), discordtest.Reset(), {Status: 500}} {
		before := len(h.server.Calls())
		remove := h.server.Intercept(func(discordtest.Call) *discordtest.Fault { return fault })
		h.send(placeOf(h.channel), "k")
		remove()
		if n := len(h.server.Calls()) - before; n != 1 {
			t.Errorf("%d requests for one attempt", n)
		}
		h.reopen()
	}
}

func TestSendHonoursContext(t *testing.T) {
	h := build(t, &stub{})
	h.server.Intercept(func(discordtest.Call) *discordtest.Fault { return discordtest.Hang() })
	ctx, cancel := context.WithTimeout(h.ctx, 50*time.Millisecond)
	defer cancel()
	began := time.Now()
	_, err := h.adapter.Send(ctx, delivery.Message{To: placeOf(h.channel), Part: rendered(t, digestDoc(1))[0], Key: "k"})
	if !errors.Is(err, context.DeadlineExceeded) || time.Since(began) > 5*time.Second {
		t.Errorf("%v after %v", err, time.Since(began))
	}
	if f := delivery.FailureOf(err); f.Kind != delivery.Transient {
		t.Errorf("%+v", f)
	}
}

func TestUnreachableLeavesNoDoubt(t *testing.T) {
	closed := httptest.NewServer(http.NotFoundHandler())
	closed.Close()
	for _, address := range []string{closed.URL, "dove?", "http://"} {
		a := New(Config{Token: discordtest.Token, APIURL: address})
		_, err := a.Send(t.Context(), delivery.Message{To: digest.Destination{Chat: "1"}, Part: rendered(t, digestDoc(1))[0]})
		if f := delivery.FailureOf(err); f.Kind != delivery.Transient || f.Doubt {
			t.Errorf("%s: %+v", address, f)
		}
	}
}

func TestBadPartsAndKeys(t *testing.T) {
	a := New(Config{Token: discordtest.Token})
	for _, c := range []struct {
		part delivery.Part
		key  string
	}{{delivery.Part("no"), "k"}, {rendered(t, digestDoc(1))[0], strings.Repeat("k", 26)}} {
		_, err := a.Send(t.Context(), delivery.Message{To: digest.Destination{Chat: "1"}, Part: c.part, Key: c.key})
		if f := delivery.FailureOf(err); f.Kind != delivery.Rejected {
			t.Errorf("%+v", f)
		}
	}
}

func TestCheck(t *testing.T) {
	h := build(t, &stub{})
	if name, err := h.adapter.Check(h.ctx); name != "strillone" || err != nil {
		t.Errorf("%q, %v", name, err)
	}
	wrong := New(Config{Token: "MTA.wrong.token", APIURL: h.server.URL()})
	defer wrong.client.close()
	_, err := wrong.Check(h.ctx)
	if f := delivery.FailureOf(err); f.Kind != delivery.Auth || strings.Contains(fmt.Sprintf("%+v", err), "MTA.wrong.token") {
		t.Errorf("%+v", err)
	}
}

// What a part says is what is posted, but for the nonce.
func TestPartIsTheBody(t *testing.T) {
	h := build(t, &stub{})
	part := rendered(t, articleDoc())[0]
	if _, err := h.adapter.Send(h.ctx, delivery.Message{To: placeOf(h.channel), Part: part, Key: "k"}); err != nil {
		t.Fatal(err)
	}
	var want, got map[string]any
	calls := h.server.Calls()
	if json.Unmarshal(part, &want) != nil || json.Unmarshal(calls[len(calls)-1].Body, &got) != nil {
		t.Fatal("no JSON")
	}
	want["nonce"], want["enforce_nonce"] = "k", true
	if fmt.Sprint(want) != fmt.Sprint(got) {
		t.Errorf("posted %v\nof %v", got, want)
	}
}
