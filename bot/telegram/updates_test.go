// The poll: what is confirmed and when, what ends it and what doesn't.

package telegram

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/strillone/strillone/bot"
	"github.com/strillone/strillone/digest"
)

func from(chat int, text string) string {
	return written(fmt.Sprintf(`"chat":{"id":%d,"type":"private"},"from":{"id":%d},"date":1,"text":%q`, chat, chat, text))
}

func TestPollAsksForWhatItTakes(t *testing.T) {
	l := live(t, &answers{})
	c := l.await("getUpdates", 1)
	if c.Get("allowed_updates") != `["message","edited_message","callback_query","my_chat_member","inline_query"]` || c.Get("timeout") != "2" || c.Has("offset") {
		t.Errorf("%v", c)
	}
}

// Nothing is confirmed while anything of the batch is being handled.
func TestConfirmsAfterHandling(t *testing.T) {
	begun, release := make(chan struct{}), make(chan struct{})
	l := live(t, &answers{command: func(r bot.Request) bot.Reply {
		if r.Command == "lento" {
			close(begun)
			<-release
		}
		return say("x")
	}})
	l.push(from(1, "/lento"), from(2, "/veloce"))
	<-begun
	l.await("sendMessage", 1) // the other chat doesn't wait
	for _, c := range l.called("getUpdates") {
		if offset := c.Get("offset"); offset > "1001" {
			t.Errorf("confirmed: %v", c)
		}
	}
	close(release)
	l.settle()
}

func TestOrderWithinAChat(t *testing.T) {
	l := live(t, &answers{})
	var batch, want []string
	for i := range 30 {
		batch = append(batch, from(i%3+1, fmt.Sprintf("/x %d", i)))
	}
	l.push(batch...)
	l.settle()
	for chat := 1; chat <= 3; chat++ {
		var got []string
		want = nil
		for i := chat - 1; i < 30; i += 3 {
			want = append(want, fmt.Sprint(i))
		}
		for _, r := range l.h.commands {
			if r.Place.Chat == fmt.Sprint(chat) {
				got = append(got, r.Args)
			}
		}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Error(diff)
		}
	}
}

// An update that comes again has one effect.
func TestRedelivery(t *testing.T) {
	l := live(t, &answers{})
	again := `{"ok":true,"result":[{"update_id":77,"message":{"message_id":5,"text":"/x",` + private + `}}]}`
	var polls atomic.Int64
	l.on(func(c call) (int, string) {
		if c.Method == "getUpdates" && polls.Add(1) <= 3 {
			return 200, again
		}
		return 0, ""
	})
	l.push(from(1, "/y"))
	l.settle()
	n := 0
	for _, r := range l.h.commands {
		if r.Command == "x" {
			n++
		}
	}
	if n != 1 {
		t.Errorf("handled %d times", n)
	}
}

// Stopped while a batch is handled, Run ends what is begun, leaves the rest,
// and confirms accordingly.
func TestShutdownWithinABatch(t *testing.T) {
	begun, release := make(chan struct{}), make(chan struct{})
	l := prepare(t, &answers{command: func(bot.Request) bot.Reply {
		close(begun)
		<-release
		return say("x")
	}}).run()
	l.push(from(1, "/x"), from(1, "/y"))
	<-begun
	l.stop()
	close(release)
	if err := l.wait(); err != nil {
		t.Fatal(err)
	}
	if len(l.h.commands) != 1 || l.count("sendMessage") != 1 {
		t.Errorf("%v", l.h.commands)
	}
	polls := l.called("getUpdates")
	if last := polls[len(polls)-1]; last.Get("offset") != "1002" || last.Get("timeout") != "0" {
		t.Errorf("confirmed with %v", last)
	}
}

func TestShutdownWhilePolling(t *testing.T) {
	l := prepare(t, &answers{}, func(c *Config) { c.PollTimeout = 50 * time.Second }).run()
	l.await("getUpdates", 1)
	begin := time.Now()
	l.stop()
	if err := l.wait(); err != nil || time.Since(begin) > time.Second {
		t.Errorf("%v after %v", err, time.Since(begin))
	}
}

// Whatever the server answers, updates are taken when it is well again.
func TestFaultsPass(t *testing.T) {
	faults := []struct {
		status int
		body   string
	}{
		{502, "<html>502 Bad Gateway</html>"},
		{200, "<html>welcome to our hotel</html>"},
		{200, `{"ok":true,"result":{}}`},
		{200, `{"ok":true,"result":["x"]}`},
		{200, `{"ok":true,"result":[{"message":{}}]}`},
		{500, `{"ok":false,"error_code":500,"description":"Internal Server Error"}`},
		{-1, ""},
		{429, `{"ok":false,"error_code":429,"description":"Too Many Requests: retry after 1","parameters":{"retry_after":1}}`},
	}
	for _, method := range []string{"getMe", "getWebhookInfo", "getUpdates", "setMyCommands"} {
		t.Run(method, func(t *testing.T) {
			l := prepare(t, &answers{menu: menu})
			var next atomic.Int64
			l.on(func(c call) (int, string) {
				if c.Method != method {
					return 0, ""
				}
				if i := int(next.Add(1)) - 1; i < len(faults) {
					return faults[i].status, faults[i].body
				}
				return 0, ""
			})
			l.run()
			l.push(from(1, "/x"))
			l.await("sendMessage", 1)
			l.await(method, 2)
			l.settle()
			l.stop()
			if err := l.wait(); err != nil {
				t.Error(err)
			}
		})
	}
}

func TestReplyFaults(t *testing.T) {
	for name, test := range map[string]struct {
		status   int
		body     string
		attempts int
	}{
		"short wait": {429, `{"ok":false,"error_code":429,"description":"Too Many Requests: retry after 1","parameters":{"retry_after":1}}`, 2},
		"long wait":  {429, `{"ok":false,"error_code":429,"description":"Too Many Requests: retry after 60","parameters":{"retry_after":60}}`, 1},
		"in doubt":   {502, "<html>", 1},
		"cut":        {-1, "", 1},
		"for now":    {400, `{"ok":false,"error_code":400,"description":"Bad Request: strange"}`, 2},
		"blocked":    {403, `{"ok":false,"error_code":403,"description":"Forbidden: bot was blocked by the user"}`, 1},
	} {
		t.Run(name, func(t *testing.T) {
			l := live(t, &answers{})
			var n atomic.Int64
			l.on(func(c call) (int, string) {
				if c.Method == "sendMessage" && n.Add(1) == 1 {
					return test.status, test.body
				}
				return 0, ""
			})
			l.push(from(1, "/x"))
			l.settle()
			if got := l.count("sendMessage"); got != test.attempts {
				t.Errorf("%d attempts, want %d", got, test.attempts)
			}
		})
	}
}

// Where only an operator can help, Run ends and says how.
func TestRunEnds(t *testing.T) {
	for _, test := range []struct {
		method, remedy string
		status         int
		description    string
	}{
		{"getMe", "@BotFather", 401, "Unauthorized"},
		{"getMe", "@BotFather", 404, "Not Found"},
		{"getUpdates", "@BotFather", 401, "Unauthorized"},
	} {
		l := prepare(t, &answers{})
		l.on(func(c call) (int, string) {
			if c.Method != test.method {
				return 0, ""
			}
			return test.status, fmt.Sprintf(`{"ok":false,"error_code":%d,"description":%q}`, test.status, test.description)
		})
		l.run()
		if err := l.wait(); err == nil || !strings.Contains(err.Error(), test.remedy) {
			t.Errorf("%d at %s: %v", test.status, test.method, err)
		}
		l.stop()
	}
}

func TestCheck(t *testing.T) {
	l := prepare(t, &answers{})
	if name, err := l.a.Check(t.Context()); name != "@StrilloneBot" || err != nil {
		t.Errorf("%q, %v", name, err)
	}
	l.on(func(call) (int, string) { return 401, `{"ok":false,"error_code":401,"description":"Unauthorized"}` })
	if _, err := l.a.Check(t.Context()); err == nil || strings.Contains(err.Error(), canary) {
		t.Error(err)
	}
}

func TestDeletesWebhook(t *testing.T) {
	l := prepare(t, &answers{})
	l.on(func(c call) (int, string) {
		if c.Method == "getWebhookInfo" {
			return 200, `{"ok":true,"result":{"url":"https://example.com/hook"}}`
		}
		return 0, ""
	})
	l.run()
	l.await("getUpdates", 1)
	l.stop()
	if err := l.wait(); err != nil || l.count("deleteWebhook") != 1 {
		t.Errorf("%v, deleted %d times", err, l.count("deleteWebhook"))
	}
}

var menu = []bot.Entry{
	{Name: "ultimi", Names: map[digest.Language]string{"en": "latest"}, Description: map[digest.Language]string{"it": "Gli ultimi articoli", "en": "The latest articles"}},
	{Name: "disiscrivi", Description: map[digest.Language]string{"it": "Basta"}, Manage: true},
	{Name: "bozze", Description: map[digest.Language]string{"it": "Le bozze"}, Editors: true},
	{Name: "Non valido", Description: map[digest.Language]string{"it": "x"}},
	{Name: "muto"},
	{Name: "annunci", Description: map[digest.Language]string{"it": "Altrove"}, Only: "discord"},
}

func TestRegisters(t *testing.T) {
	l := live(t, &answers{menu: menu}, func(c *Config) { c.Editors = []string{"42", "x", "43"} })
	l.on(func(c call) (int, string) {
		if c.Method == "setMyCommands" && strings.Contains(c.Get("scope"), `"chat_id":42`) {
			return 400, `{"ok":false,"error_code":400,"description":"Bad Request: chat not found"}`
		}
		return 0, ""
	})
	l.await("setMyCommands", 4*3+1+3)
	got := make(map[string]string)
	for _, c := range l.called("setMyCommands") {
		var commands []botCommand
		if err := json.Unmarshal([]byte(c.Get("commands")), &commands); err != nil {
			t.Fatal(err)
		}
		var names []string
		for _, x := range commands {
			names = append(names, x.Command)
		}
		got[c.Get("scope")+c.Get("language_code")] = strings.Join(names, " ")
	}
	want := make(map[string]string)
	for scope, rest := range map[string]string{
		`{"type":"default"}`:                 " disiscrivi",
		`{"type":"all_private_chats"}`:       " disiscrivi",
		`{"type":"all_group_chats"}`:         "",
		`{"type":"all_chat_administrators"}`: " disiscrivi",
		`{"type":"chat","chat_id":43}`:       " disiscrivi bozze",
	} {
		want[scope] = "ultimi" + rest
		want[scope+"it"] = "ultimi" + rest
		want[scope+"en"] = "latest" + rest
	}
	want[`{"type":"chat","chat_id":42}`] = "ultimi disiscrivi bozze"
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
}

func TestRing(t *testing.T) {
	var r ring
	for id := range int64(3 * remembered) {
		r.add(id)
	}
	if r.has(0) || !r.has(3*remembered-1) || !r.has(2*remembered) || len(r.known) != remembered {
		t.Error("the ring forgets the wrong ones")
	}
}

func TestWaitGrowsAndHasALimit(t *testing.T) {
	a := New(Config{Rand: func() float64 { return 1 }})
	var got []time.Duration
	for attempt := range 9 {
		got = append(got, a.wait(attempt, nil))
	}
	s := time.Second
	if want := []time.Duration{s, 2 * s, 4 * s, 8 * s, 16 * s, 32 * s, 60 * s, 60 * s, 60 * s}; !slices.Equal(got, want) {
		t.Errorf("%v", got)
	}
}
