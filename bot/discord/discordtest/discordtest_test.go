// What the tests share: a recording Reporter, raw REST calls and a client.

package discordtest

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/bwmarrin/discordgo"
	"go.uber.org/goleak"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// recorder keeps what a server reports.
type recorder struct {
	mu     sync.Mutex
	errors []string
	logs   []string
}

func (r *recorder) Helper() {}
func (r *recorder) Errorf(format string, args ...any) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.errors = append(r.errors, fmt.Sprintf(format, args...))
}
func (r *recorder) Logf(format string, args ...any) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.logs = append(r.logs, fmt.Sprintf(format, args...))
}

func (r *recorder) reported() []string {
	r.mu.Lock()
	defer r.mu.Unlock()
	return slices.Clone(r.errors)
}

// world is a server with a guild, an announcement channel and a user.
type world struct {
	*Server
	t       *testing.T
	rec     *recorder
	user    User
	guild   Guild
	channel Channel
	news    Channel
}

func newWorld(t *testing.T, opts ...Option) *world {
	t.Helper()
	rec := &recorder{}
	s := New(rec, opts...)
	t.Cleanup(s.Close)
	w := &world{Server: s, t: t, rec: rec}
	w.user = s.AddUser(User{Username: "ada", Locale: "it"})
	w.guild = s.AddGuild(Guild{Name: "Newsroom", Locale: "it"})
	w.channel = s.AddChannel(Channel{GuildID: w.guild.ID, Name: "general"})
	w.news = s.AddChannel(Channel{GuildID: w.guild.ID, Name: "news", Type: GuildAnnouncement})
	return w
}

func (w *world) clean() {
	w.t.Helper()
	for _, e := range w.rec.reported() {
		w.t.Errorf("violation: %s", e)
	}
}

type reply struct {
	status int
	header http.Header
	raw    string
	body   map[string]any
}

func (r reply) code() int { n, _ := r.body["code"].(float64); return int(n) }

// call makes a raw REST request; body is a string of JSON or a value.
func (w *world) call(method, path string, body any) reply {
	w.t.Helper()
	r, err := w.try(method, path, body)
	if err != nil {
		w.t.Fatalf("%s %s: %v", method, path, err)
	}
	return r
}

func (w *world) try(method, path string, body any) (reply, error) {
	var in io.Reader
	switch b := body.(type) {
	case nil:
	case string:
		in = strings.NewReader(b)
	default:
		raw, err := json.Marshal(b)
		if err != nil {
			return reply{}, err
		}
		in = bytes.NewReader(raw)
	}
	req, err := http.NewRequest(method, "https://discord.com/api/v9"+path, in)
	if err != nil {
		return reply{}, err
	}
	req.Header.Set("Authorization", "Bot "+Token)
	if body != nil {
		req.Header.Set("Content-Type", "application/json")
	}
	res, err := w.Client().Do(req)
	if err != nil {
		return reply{}, err
	}
	defer res.Body.Close()
	raw, err := io.ReadAll(res.Body)
	if err != nil {
		return reply{}, err
	}
	out := reply{status: res.StatusCode, header: res.Header, raw: string(raw)}
	_ = json.Unmarshal(raw, &out.body) // lists and HTML stay raw
	return out, nil
}

type o = map[string]any
type l = []any

var quiet = o{"parse": l{}}

func (w *world) messages(c Channel) string { return "/channels/" + c.ID + "/messages" }

// post sends a message that has to work.
func (w *world) post(c Channel, body o) string {
	w.t.Helper()
	body["allowed_mentions"] = quiet
	r := w.call("POST", w.messages(c), body)
	if r.status != 200 {
		w.t.Fatalf("posting: %d %s", r.status, r.raw)
	}
	return r.body["id"].(string)
}

func timeout(t *testing.T) context.Context {
	ctx, cancel := context.WithTimeout(context.Background(), 10*time.Second)
	t.Cleanup(cancel)
	return ctx
}

// connect opens a discordgo session against the server and waits for its first
// heartbeat: a discordgo session that is closed before it leaves a goroutine
// behind that reconnects for ever.
func (w *world) connect(handlers ...any) *discordgo.Session {
	w.t.Helper()
	d, err := discordgo.New("Bot " + Token)
	if err != nil {
		w.t.Fatal(err)
	}
	d.Client = w.Client()
	d.LogLevel = -1
	for _, h := range handlers {
		d.AddHandler(h)
	}
	if err := d.Open(); err != nil {
		w.t.Fatal(err)
	}
	w.t.Cleanup(func() { _ = d.Close() })
	if err := w.AwaitHeartbeats(timeout(w.t), 1); err != nil {
		w.t.Fatal(err)
	}
	return d
}
