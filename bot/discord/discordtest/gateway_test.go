// Tests of the gateway: raw frames first, then discordgo's whole life-cycle.

package discordtest

import (
	"encoding/json"
	"errors"
	"testing"
	"time"

	"github.com/bwmarrin/discordgo"
	"github.com/gorilla/websocket"
)

type frame struct {
	Op int             `json:"op"`
	S  int64           `json:"s"`
	T  string          `json:"t"`
	D  json.RawMessage `json:"d"`
}

// raw is a gateway client that hides nothing.
type raw struct {
	t  *testing.T
	ws *websocket.Conn
}

func (w *world) dial(query string) raw {
	w.t.Helper()
	ws, _, err := websocket.DefaultDialer.Dial(w.GatewayURL()+"/"+query, nil)
	if err != nil {
		w.t.Fatal(err)
	}
	w.t.Cleanup(func() { ws.Close() })
	_ = ws.SetReadDeadline(time.Now().Add(10 * time.Second))
	return raw{w.t, ws}
}

func (r raw) read() frame {
	r.t.Helper()
	var f frame
	if err := r.ws.ReadJSON(&f); err != nil {
		r.t.Fatalf("gateway: %v", err)
	}
	return f
}

func (r raw) write(v any) {
	r.t.Helper()
	if err := r.ws.WriteJSON(v); err != nil {
		r.t.Fatal(err)
	}
}

// until reads up to an event.
func (r raw) until(event string) frame {
	r.t.Helper()
	for {
		if f := r.read(); f.T == event {
			return f
		}
	}
}

func (r raw) closed(code int) {
	r.t.Helper()
	for {
		_, _, err := r.ws.ReadMessage()
		var ce *websocket.CloseError
		if errors.As(err, &ce) && ce.Code == code {
			return
		}
		if err != nil {
			r.t.Fatalf("want close code %d, got %v", code, err)
		}
	}
}

const json9 = "?v=9&encoding=json"

func identify(token string, intents int) o {
	return o{"op": 2, "d": o{"token": token, "intents": intents, "properties": o{"os": "linux"}}}
}

const testIntents = IntentGuilds | IntentGuildMessages | IntentDirectMessages

func TestGatewayHandshake(t *testing.T) {
	w := newWorld(t)
	g := w.dial(json9)
	if f := g.read(); f.Op != 10 || string(f.D) != `{"heartbeat_interval":41250}` {
		t.Errorf("%+v", f)
	}
	g.write(o{"op": 1, "d": nil})
	if f := g.read(); f.Op != 11 {
		t.Errorf("%+v", f)
	}
	g.write(identify(Token, testIntents))
	ready := g.read()
	var d struct {
		User   o      `json:"user"`
		Resume string `json:"resume_gateway_url"`
		ID     string `json:"session_id"`
		Guilds l      `json:"guilds"`
		App    o      `json:"application"`
	}
	if err := json.Unmarshal(ready.D, &d); err != nil || ready.T != "READY" || ready.S != 1 || d.User["id"] != ApplicationID ||
		d.Resume != w.GatewayURL() || len(d.Guilds) != 1 || d.App["id"] != ApplicationID {
		t.Errorf("%+v %s", ready, ready.D)
	}
	if f := g.read(); f.T != "GUILD_CREATE" || f.S != 2 {
		t.Errorf("%+v", f)
	}
	g.write(identify(Token, testIntents))
	g.closed(4005)
	if len(w.Violations()) != 1 {
		t.Errorf("%q", w.Violations())
	}
}

func TestGatewayCloseCodes(t *testing.T) {
	for _, tt := range []struct {
		name, query string
		send        any
		code        int
	}{
		{"wrong token", json9, identify("x", testIntents), 4004},
		{"privileged intents", json9, identify(Token, IntentMessageContent), 4014},
		{"unknown intents", json9, identify(Token, 1<<30), 4013},
		{"no intents", json9, o{"op": 2, "d": o{"token": Token, "properties": o{}}}, 4013},
		{"shard", json9, o{"op": 2, "d": o{"token": Token, "intents": 1, "shard": l{2, 2}, "properties": o{}}}, 4010},
		{"too early", json9, o{"op": 3, "d": o{}}, 4003},
		{"opcode", json9, o{"op": 77, "d": o{}}, 4001},
		{"no payload", json9, "x", 4002},
		{"version", "?v=3&encoding=json", nil, 4012},
		{"resume token", json9, o{"op": 6, "d": o{"token": "x", "session_id": "s", "seq": 1}}, 4004},
	} {
		t.Run(tt.name, func(t *testing.T) {
			w := newWorld(t)
			g := w.dial(tt.query)
			if tt.send != nil {
				g.write(tt.send)
			}
			g.closed(tt.code)
		})
	}
}

func TestGatewayResume(t *testing.T) {
	w := newWorld(t)
	g := w.dial(json9)
	g.read()
	g.write(identify(Token, testIntents))
	g.until("GUILD_CREATE")
	s, err := w.AwaitSession(timeout(t), nil)
	if err != nil {
		t.Fatal(err)
	}
	w.CloseGateway(4000)
	g.closed(4000)
	w.post(w.channel, o{"content": "while away"})

	g = w.dial(json9)
	g.read()
	g.write(o{"op": 6, "d": o{"token": Token, "session_id": s.ID, "seq": 2}})
	missed := g.read()
	if missed.T != "MESSAGE_CREATE" || missed.S != 3 {
		t.Errorf("%+v", missed)
	}
	if f := g.read(); f.T != "RESUMED" {
		t.Errorf("%+v", f)
	}
	if s, err := w.AwaitSession(timeout(t), func(s Session) bool { return s.Resumes == 1 && s.Connected }); err != nil {
		t.Errorf("%+v %v", s, err)
	}
	w.Reconnect()
	if f := g.read(); f.Op != 7 {
		t.Errorf("%+v", f)
	}
	w.InvalidateSessions()
	if f := g.read(); f.Op != 9 || string(f.D) != "false" {
		t.Errorf("%+v", f)
	}
	g.write(identify(Token, testIntents))
	g.until("READY")
	w.CloseGateway(4009)
	g.closed(4009)
	g = w.dial(json9)
	g.read()
	g.write(o{"op": 6, "d": o{"token": Token, "session_id": s.ID, "seq": 2}})
	if f := g.read(); f.Op != 9 {
		t.Errorf("a session that timed out was resumed: %+v", f)
	}
	w.clean()
}

func TestMessageContentIntent(t *testing.T) {
	for _, granted := range []bool{false, true} {
		w := newWorld(t, WithDisallowedIntents(0))
		intents := testIntents
		if granted {
			intents |= IntentMessageContent
		}
		g := w.dial(json9)
		g.read()
		g.write(identify(Token, intents))
		g.until("GUILD_CREATE")
		content := func() string {
			t.Helper()
			var m discordgo.Message
			if err := json.Unmarshal(g.until("MESSAGE_CREATE").D, &m); err != nil {
				t.Fatal(err)
			}
			return m.Content
		}
		w.Say(w.user, w.channel, "secret")
		if got := content(); (got == "secret") != granted {
			t.Errorf("granted %v: %q", granted, got)
		}
		w.Say(w.user, w.channel, "hello <@"+ApplicationID+">")
		if got := content(); got == "" {
			t.Error("a message that mentions the bot has no content")
		}
		w.Say(w.user, w.DM(w.user), "private")
		if got := content(); got != "private" {
			t.Errorf("direct message: %q", got)
		}
		id := w.post(w.channel, o{"content": "own"})
		if got := content(); got != "own" {
			t.Errorf("own message: %q", got)
		}
		m, _ := w.Message(id)
		w.Say(w.user, w.channel, "answer", ReplyTo(m), WithFile("message.txt", "text/plain", []byte("body")))
		if got := content(); got != "answer" {
			t.Errorf("reply to the bot: %q", got)
		}
		w.clean()
	}
}

func TestShards(t *testing.T) {
	w := newWorld(t, WithShards(2))
	if r := w.call("GET", "/gateway/bot", nil); r.body["shards"] != 2.0 || r.body["url"] != w.GatewayURL() {
		t.Errorf("%s", r.raw)
	}
	even := w.AddGuild(Guild{ID: "8388608", Name: "even"}) // 2<<22
	odd := w.AddGuild(Guild{ID: "4194304", Name: "odd"})   // 1<<22
	for i, want := range []string{even.ID, odd.ID} {
		g := w.dial(json9)
		g.read()
		g.write(o{"op": 2, "d": o{"token": Token, "intents": 1, "shard": l{i, 2}, "properties": o{}}})
		var d struct{ Guilds []struct{ ID string } }
		if err := json.Unmarshal(g.until("READY").D, &d); err != nil {
			t.Fatal(err)
		}
		found := false
		for _, x := range d.Guilds {
			found = found || x.ID == want
		}
		if !found {
			t.Errorf("shard %d has %v, not %s", i, d.Guilds, want)
		}
	}
}

func TestDiscordgoLifeCycle(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	resumed, gone := make(chan bool, 8), make(chan *discordgo.GuildDelete, 8)
	d := w.connect(
		func(*discordgo.Session, *discordgo.Resumed) { resumed <- true },
		func(_ *discordgo.Session, e *discordgo.GuildDelete) { gone <- e },
	)
	ctx := timeout(t)
	w.GuildOutage(w.guild.ID)
	if e := <-gone; !e.Unavailable {
		t.Error("an outage looks like a removal")
	}
	w.RemoveGuild(w.guild.ID)
	if e := <-gone; e.Unavailable {
		t.Error("a removal looks like an outage")
	}
	w.DropGateway()
	select {
	case <-resumed:
	case <-ctx.Done():
		t.Fatal("not resumed")
	}
	if err := w.AwaitHeartbeats(ctx, 2); err != nil { // see connect
		t.Fatal(err)
	}
	if s := w.Sessions(); len(s) != 1 || s[0].Resumes != 1 {
		t.Errorf("%+v", s)
	}
	if err := d.Close(); err != nil {
		t.Error(err)
	}
	if err := w.AwaitDisconnect(ctx); err != nil {
		t.Error(err)
	}
	if s := w.Sessions(); len(s) != 0 {
		t.Errorf("a normal close keeps the session: %+v", s)
	}
	w.clean()
}
