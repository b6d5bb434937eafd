package discord

import (
	"context"
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/gorilla/websocket"

	"github.com/strillone/strillone/bot"
	"github.com/strillone/strillone/bot/discord/discordtest"
)

func TestIntents(t *testing.T) {
	h := open(t, &stub{})
	s := h.server.Sessions()[0]
	if s.Intents != discordtest.IntentGuilds|discordtest.IntentGuildMessages|discordtest.IntentDirectMessages {
		t.Errorf("intents %b", s.Intents)
	}
}

func TestReconnects(t *testing.T) {
	for name, disturb := range map[string]func(*discordtest.Server){
		"dropped":     func(s *discordtest.Server) { s.DropGateway() },
		"closed 4000": func(s *discordtest.Server) { s.CloseGateway(4000) },
		"closed 1001": func(s *discordtest.Server) { s.CloseGateway(1001) },
		"op 7":        func(s *discordtest.Server) { s.Reconnect() },
		"op 9":        func(s *discordtest.Server) { s.InvalidateSessions() },
		"closed 4009": func(s *discordtest.Server) { s.CloseGateway(4009) },
	} {
		t.Run(name, func(t *testing.T) {
			h := open(t, &stub{})
			h.contains(h.answer(h.server.Slash(h.ada, h.dm, "prima")), "/prima")
			before := h.server.Sessions()[0]
			disturb(h.server)
			_, err := h.server.AwaitSession(h.ctx, func(s discordtest.Session) bool {
				return s.Connected && (s.ID != before.ID || s.Resumes > before.Resumes)
			})
			if err != nil {
				t.Fatal(err)
			}
			h.contains(h.answer(h.server.Slash(h.ada, h.dm, "dopo")), "/dopo")
		})
	}
}

// What happened while the connection was down is sent when the session resumes.
func TestResumeMissesNothing(t *testing.T) {
	h := open(t, &stub{})
	h.answer(h.server.Slash(h.ada, h.dm, "prima"))
	h.server.DropGateway()
	h.server.Say(h.ada, h.dm, "nel frattempo")
	h.await(discordtest.In(h.dm.ID, "ho letto"))
}

func TestFatalCloseEndsRun(t *testing.T) {
	h := build(t, &stub{}, discordtest.WithDisallowedIntents(discordtest.IntentGuildMessages))
	err := h.adapter.Run(h.ctx, h.stub)
	if err == nil || !strings.Contains(err.Error(), "4014") || !strings.Contains(err.Error(), "intents") {
		t.Errorf("Run: %v", err)
	}
}

func TestRefusedTokenEndsRun(t *testing.T) {
	h := build(t, &stub{})
	a := New(Config{Token: "MTA.wrong.token", APIURL: h.server.URL(), Log: h.adapter.log})
	err := a.Run(h.ctx, h.stub)
	if err == nil || !strings.Contains(err.Error(), "4004") || !strings.Contains(err.Error(), "token") || strings.Contains(err.Error(), "MTA.wrong.token") {
		t.Errorf("Run: %v", err)
	}
	if strings.Contains(h.logs.String(), "MTA.wrong.token") {
		t.Error("the token is in the log")
	}
}

// gateway is a server of nothing but a gateway that does as it is told.
func gateway(t *testing.T, talk func(*websocket.Conn)) string {
	t.Helper()
	var server *httptest.Server
	server = httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if strings.HasSuffix(r.URL.Path, "/gateway") {
			fmt.Fprintf(w, `{"url":"ws%s"}`, strings.TrimPrefix(server.URL, "http"))
			return
		}
		upgrader := websocket.Upgrader{}
		c, err := upgrader.Upgrade(w, r, nil)
		if err != nil {
			return
		}
		defer c.Close()
		talk(c)
	}))
	t.Cleanup(server.Close)
	return server.URL
}

func hello(c *websocket.Conn) {
	_ = c.WriteMessage(websocket.TextMessage, []byte(`{"op":10,"d":{"heartbeat_interval":45000}}`))
}

// linger reads until the other side goes.
func linger(c *websocket.Conn) {
	for {
		if _, _, err := c.ReadMessage(); err != nil {
			return
		}
	}
}

func TestEveryFatalCode(t *testing.T) {
	for code := range fatal {
		url := gateway(t, func(c *websocket.Conn) {
			hello(c)
			_, _, _ = c.ReadMessage()
			_ = c.WriteMessage(websocket.CloseMessage, websocket.FormatCloseMessage(code, ""))
		})
		a := New(Config{Token: discordtest.Token, APIURL: url, Log: quiet})
		ctx, cancel := context.WithTimeout(t.Context(), 10*time.Second)
		if err := a.Run(ctx, &stub{}); err == nil || !strings.Contains(err.Error(), fmt.Sprint(code)) {
			t.Errorf("%d: %v", code, err)
		}
		cancel()
	}
}

// A gateway that can't be reached, or says nothing, is tried again until Run
// must end, and then Run ends at once.
func TestUnreachableGateway(t *testing.T) {
	closed := httptest.NewServer(http.NotFoundHandler())
	closed.Close()
	broken := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(http.StatusBadGateway) }))
	t.Cleanup(broken.Close)
	for name, url := range map[string]string{
		"closed": closed.URL,
		"broken": broken.URL,
		"mute":   gateway(t, linger),
		"half":   gateway(t, func(c *websocket.Conn) { hello(c); linger(c) }),
	} {
		t.Run(name, func(t *testing.T) {
			a := New(Config{Token: discordtest.Token, APIURL: url, Log: quiet})
			a.backoff = time.Millisecond
			ctx, cancel := context.WithTimeout(t.Context(), 200*time.Millisecond)
			defer cancel()
			if err := a.Run(ctx, &stub{}); err != nil {
				t.Error(err)
			}
			if ctx.Err() == nil {
				t.Error("Run ended by itself")
			}
		})
	}
}

// discordgo locks itself out when it is asked to reconnect before READY; the
// session is left behind, its goroutine with it, and a new one is opened.
func TestStuckSession(t *testing.T) {
	stuck := make(chan struct{}, 1)
	stuck <- struct{}{}
	ready := make(chan struct{}, 1)
	url := gateway(t, func(c *websocket.Conn) {
		hello(c)
		_, _, _ = c.ReadMessage()
		select {
		case <-stuck:
			_ = c.WriteMessage(websocket.TextMessage, []byte(`{"op":7,"d":null}`))
		default:
			_ = c.WriteMessage(websocket.TextMessage, []byte(`{"op":0,"s":1,"t":"READY","d":{"session_id":"x","user":{"id":"1"},"application":{"id":"1"},"guilds":[]}}`))
			select {
			case ready <- struct{}{}:
			default:
			}
		}
		linger(c)
	})
	a := New(Config{Token: discordtest.Token, APIURL: url, Log: quiet})
	a.backoff, a.opening = time.Millisecond, 100*time.Millisecond
	ctx, cancel := context.WithTimeout(t.Context(), 20*time.Second)
	defer cancel()
	done := make(chan error, 1)
	go func() { done <- a.Run(ctx, &stub{}) }()
	select {
	case <-ready:
	case <-ctx.Done():
		t.Error("no new session was opened")
	}
	cancel()
	if err := <-done; err != nil {
		t.Error(err)
	}
}

// Run waits for the answer under way, but not for ever.
func TestShutdown(t *testing.T) {
	for name, takes := range map[string]time.Duration{"short": 300 * time.Millisecond, "endless": time.Hour} {
		t.Run(name, func(t *testing.T) {
			begun := make(chan struct{})
			s := &stub{command: func(ctx context.Context, _ bot.Request) bot.Reply {
				close(begun)
				pause(ctx, takes)
				return say("ho finito")
			}}
			h := build(t, s)
			h.adapter.grace = 700 * time.Millisecond
			h.run()
			if _, err := h.server.AwaitSession(h.ctx, nil); err != nil {
				t.Fatal(err)
			}
			h.server.Slash(h.ada, h.dm, "lento")
			<-begun
			at := time.Now()
			h.stop()
			if err := h.ended(); err != nil {
				t.Fatal(err)
			}
			if d := time.Since(at); d > 5*time.Second {
				t.Errorf("Run ended after %v", d)
			}
			if answered := len(h.server.Messages()) == 1; answered != (takes < time.Second) {
				t.Errorf("answered: %v", answered)
			}
		})
	}
}
