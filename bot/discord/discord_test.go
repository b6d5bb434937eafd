// The house of these tests: an adapter, a Discord in process and a handler that
// answers as it is told.

package discord

import (
	"bytes"
	"context"
	"encoding/json"
	"flag"
	"log/slog"
	"strings"
	"sync"
	"testing"
	"time"

	"go.uber.org/goleak"

	"github.com/strillone/strillone/bot"
	"github.com/strillone/strillone/bot/discord/discordtest"
	"github.com/strillone/strillone/digest"
	"github.com/strillone/strillone/digest/markup"
)

// The one goroutine that may be left is discordgo's, of a session that locks
// itself out: see errStuck.
// TestMain lets many tests run at once: each waits most of its time, for
// discordgo sleeps a second when it closes a session.
func TestMain(m *testing.M) {
	flag.Parse()
	if err := flag.Set("test.parallel", "16"); err != nil {
		panic(err)
	}
	goleak.VerifyTestMain(m, goleak.IgnoreAnyFunction("github.com/bwmarrin/discordgo.(*Session).Open"))
}

var quiet = slog.New(slog.DiscardHandler)

// stub answers with what its functions say, and keeps what it was asked.
type stub struct {
	command func(context.Context, bot.Request) bot.Reply
	text    func(context.Context, bot.Text) bot.Reply
	find    func(context.Context, bot.Query) bot.Found
	joined  func(context.Context, bot.Request) bot.Reply
	menu    []bot.Entry
	leaving chan string // told of every place that is left; nil: nobody is

	mu       sync.Mutex
	commands []bot.Request
	texts    []bot.Text
	joins    []digest.Destination
	lost     []string
}

func (s *stub) Command(ctx context.Context, r bot.Request) bot.Reply {
	s.mu.Lock()
	s.commands = append(s.commands, r)
	s.mu.Unlock()
	if s.command == nil {
		return say("/" + r.Command + " " + r.Args)
	}
	return s.command(ctx, r)
}

func (s *stub) Text(ctx context.Context, t bot.Text) bot.Reply {
	s.mu.Lock()
	s.texts = append(s.texts, t)
	s.mu.Unlock()
	if s.text == nil {
		return say("ho letto")
	}
	return s.text(ctx, t)
}

func (s *stub) Joined(ctx context.Context, r bot.Request) bot.Reply {
	s.mu.Lock()
	s.joins = append(s.joins, r.Place)
	s.mu.Unlock()
	if s.joined == nil {
		return bot.Reply{}
	}
	return s.joined(ctx, r)
}

func (s *stub) Left(_ context.Context, place digest.Destination, _ string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.lost = append(s.lost, place.Chat)
	if s.leaving != nil {
		s.leaving <- place.Chat
	}
}

func (s *stub) Find(ctx context.Context, q bot.Query) bot.Found {
	if s.find == nil {
		return bot.Found{}
	}
	return s.find(ctx, q)
}

func (s *stub) Menu() []bot.Entry { return s.menu }

func (s *stub) lastCommand() bot.Request {
	s.mu.Lock()
	defer s.mu.Unlock()
	if len(s.commands) == 0 {
		return bot.Request{}
	}
	return s.commands[len(s.commands)-1]
}

func (s *stub) lastText() bot.Text {
	s.mu.Lock()
	defer s.mu.Unlock()
	if len(s.texts) == 0 {
		return bot.Text{}
	}
	return s.texts[len(s.texts)-1]
}

func say(sentence string, rows ...[]markup.Action) bot.Reply {
	return bot.Reply{Doc: markup.Doc{Blocks: []markup.Block{markup.Paragraph{Text: markup.T(sentence)}}, Rows: rows}}
}

func personally(r bot.Reply) bot.Reply {
	r.Personal = true
	return r
}

// house is everything a test needs.
type house struct {
	*testing.T
	server  *discordtest.Server
	adapter *Adapter
	stub    *stub
	ctx     context.Context
	logs    *syncBuffer

	ada     discordtest.User
	guild   discordtest.Guild
	channel discordtest.Channel
	dm      discordtest.Channel

	stop context.CancelFunc
	done chan error
}

type syncBuffer struct {
	mu sync.Mutex
	b  bytes.Buffer
}

func (s *syncBuffer) Write(p []byte) (int, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.b.Write(p)
}

func (s *syncBuffer) String() string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.b.String()
}

// build makes a house in which nothing runs yet.
func build(t *testing.T, s *stub, options ...discordtest.Option) *house {
	t.Helper()
	t.Parallel()
	ctx, cancel := context.WithTimeout(context.Background(), 30*time.Second)
	t.Cleanup(cancel)
	h := &house{T: t, stub: s, ctx: ctx, logs: &syncBuffer{}, server: discordtest.New(t, options...)}
	t.Cleanup(h.server.Close)
	h.ada = h.server.AddUser(discordtest.User{Username: "ada", GlobalName: "Ada", Locale: "it"})
	h.guild = h.server.AddGuild(discordtest.Guild{Name: "Redazione"})
	h.channel = h.server.AddChannel(discordtest.Channel{GuildID: h.guild.ID, Name: "notizie"})
	h.dm = h.server.DM(h.ada)
	h.adapter = New(Config{
		Token:  discordtest.Token,
		APIURL: h.server.URL(),
		Accent: 0x2b6cb0,
		Log:    slog.New(slog.NewTextHandler(h.logs, &slog.HandlerOptions{Level: slog.LevelDebug})),
	})
	h.adapter.backoff = 10 * time.Millisecond
	t.Cleanup(func() { h.adapter.client.close(); h.adapter.deliveries.close(); h.adapter.files.CloseIdleConnections() })
	return h
}

// open is build and Run.
func open(t *testing.T, s *stub, options ...discordtest.Option) *house {
	t.Helper()
	h := build(t, s, options...)
	h.run()
	if _, err := h.server.AwaitSession(h.ctx, nil); err != nil {
		t.Fatal(err)
	}
	return h
}

func (h *house) run() {
	ctx, stop := context.WithCancel(context.Background())
	h.stop, h.done = stop, make(chan error, 1)
	go func() { h.done <- h.adapter.Run(ctx, h.stub) }()
	h.Cleanup(func() {
		stop()
		if err := h.ended(); err != nil {
			h.Errorf("Run: %v", err)
		}
		if strings.Contains(h.logs.String(), discordtest.Token) {
			h.Errorf("the token is in the log:\n%s", h.logs)
		}
		if h.Failed() {
			h.Logf("log:\n%s", h.logs)
		}
	})
}

// ended waits for Run, once or again.
func (h *house) ended() error {
	select {
	case err := <-h.done:
		h.done <- nil
		return err
	case <-time.After(10 * time.Second):
		h.Error("Run doesn't end")
		return nil
	}
}

func (h *house) answer(i *discordtest.Interaction) discordtest.Message {
	h.Helper()
	m, err := i.Answer(h.ctx)
	if err != nil {
		h.Fatal(err)
	}
	return m
}

func (h *house) response(i *discordtest.Interaction) discordtest.Response {
	h.Helper()
	r, err := i.Response(h.ctx)
	if err != nil {
		h.Fatal(err)
	}
	return r
}

func (h *house) await(what func(discordtest.Message) bool) discordtest.Message {
	h.Helper()
	m, err := h.server.Await(h.ctx, what)
	if err != nil {
		h.Fatal(err)
	}
	return m
}

func (h *house) contains(m discordtest.Message, text string) {
	h.Helper()
	if !strings.Contains(m.Text, text) {
		h.Errorf("the message says %q, not %q", m.Text, text)
	}
}

func placeOf(c discordtest.Channel) digest.Destination {
	return digest.Destination{Platform: "discord", Chat: c.ID}
}

func raw(v any) json.RawMessage {
	b, err := json.Marshal(v)
	if err != nil {
		panic(err)
	}
	return b
}
