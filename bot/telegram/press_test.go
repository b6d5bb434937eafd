// Round trips of pressed buttons.

package telegram

import (
	"context"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/strillone/strillone/bot"
	"github.com/strillone/strillone/digest"
)

// pressed is an update with a press of a button on a message in a chat.
func pressed(data, chat string) string {
	return `{"callback_query":{"id":"q1","from":{"id":42,"first_name":"Ada"},"data":"` + data + `","message":{"message_id":8,"date":1,` + chat +
		`,"reply_markup":{"inline_keyboard":[[{"text":"a","callback_data":"leggi 1"},{"text":"b","callback_data":"leggi 2"}]]}}}}`
}

const (
	privateChat = `"chat":{"id":42,"type":"private"}`
	groupChat   = `"chat":{"id":-100,"type":"supergroup"}`
)

func replacing(s string) *answers {
	return &answers{command: func(bot.Request) bot.Reply {
		r := say(s)
		r.Replace, r.Notice = true, "Fatto"
		return r
	}}
}

func TestPress(t *testing.T) {
	l := live(t, &answers{})
	l.push(pressed("leggi 12", privateChat))
	if c := l.await("answerCallbackQuery", 1); c.Get("callback_query_id") != "q1" || c.Has("text") {
		t.Errorf("answered %v", c)
	}
	if c := l.await("sendMessage", 1); c.Get("chat_id") != "42" || c.Has("reply_parameters") {
		t.Errorf("sent %v", c)
	}
	want := bot.Request{
		Actor: bot.Actor{Platform: Platform, ID: "42", Name: "Ada"}, Place: digest.Destination{Platform: Platform, Chat: "42"},
		Command: "leggi", Args: "12", Quoted: []string{"leggi 1", "leggi 2"}, Pressed: true,
	}
	if diff := cmp.Diff([]bot.Request{want}, l.h.commands, ignoreAdministers); diff != "" {
		t.Error(diff)
	}
}

func TestPressReplaces(t *testing.T) {
	l := live(t, replacing("nuovo"))
	l.push(pressed("pubblica 1", privateChat))
	c := l.await("editMessageText", 1)
	if c.Get("chat_id") != "42" || c.Get("message_id") != "8" || c.Get("text") != "nuovo" {
		t.Errorf("edited %v", c)
	}
	l.settle()
	if c := l.await("answerCallbackQuery", 1); c.Get("text") != "Fatto" {
		t.Errorf("answered %v", c)
	}
	if n := l.count("sendMessage"); n != 0 {
		t.Errorf("%d messages beside", n)
	}
}

// What can't be edited is said anew; what says so already is left.
func TestPressReplacesOrSends(t *testing.T) {
	for description, messages := range map[string]int{
		"Bad Request: message is not modified":   0,
		"Bad Request: message to edit not found": 1,
		"Bad Request: message can't be edited":   1,
	} {
		l := live(t, replacing("nuovo"))
		l.on(func(c call) (int, string) {
			if c.Method != "editMessageText" {
				return 0, ""
			}
			return 400, `{"ok":false,"error_code":400,"description":"` + description + `"}`
		})
		l.push(pressed("pubblica 1", privateChat))
		l.settle()
		if n := l.count("sendMessage"); n != messages {
			t.Errorf("%s: %d messages", description, n)
		}
	}
}

func TestPressSendsWhatIsTooLongToReplace(t *testing.T) {
	l := live(t, replacing(strings.Repeat("parola ", 1000)))
	l.push(pressed("leggi 1", privateChat))
	l.settle()
	if l.count("sendMessage") != 2 || l.count("editMessageText") != 0 {
		t.Error("not sent anew")
	}
}

func TestPressOnInaccessibleMessages(t *testing.T) {
	l := live(t, replacing("nuovo"))
	l.push(`{"callback_query":{"id":"q1","from":{"id":42},"data":"leggi 1","message":{"message_id":8,"date":0,`+privateChat+`}}}`,
		`{"callback_query":{"id":"q2","from":{"id":42},"data":"leggi 1","inline_message_id":"x"}}`,
		`{"callback_query":{"id":"q3","from":{"id":42},"game_short_name":"x","message":{"message_id":8,"date":1,`+privateChat+`}}}`)
	l.settle()
	if len(l.h.commands) != 1 || l.count("sendMessage") != 1 || l.count("editMessageText") != 0 || l.count("answerCallbackQuery") != 3 {
		t.Errorf("commands %v, calls %v", l.h.commands, l.calls)
	}
}

// In a group a press that reads leads to the private chat; a link that does more
// would do it for whoever gets hold of it.
func TestPressInAGroup(t *testing.T) {
	l := live(t, &answers{menu: []bot.Entry{
		{Name: "disiscrivi", Names: map[digest.Language]string{digest.English: "unsubscribe"}, Manage: true},
	}})
	l.push(pressed("leggi 12", groupChat))
	if c := l.await("answerCallbackQuery", 1); c.Get("url") != "https://t.me/StrilloneBot?start=a12" {
		t.Errorf("answered %v", c)
	}
	l.push(pressed("disiscrivi", groupChat), pressed("unsubscribe", groupChat), pressed("pubblica 1", groupChat))
	l.settle()
	if len(l.h.commands) != 3 || l.count("answerCallbackQuery") != 4 {
		t.Errorf("commands %v", l.h.commands)
	}
	for _, c := range l.called("sendMessage") {
		if c.Get("reply_parameters") != `{"message_id":8,"allow_sending_without_reply":true}` {
			t.Errorf("sent %v", c)
		}
	}
}

// Who presses a button under an anonymous administrator's message, or under the
// group's own, is asked for like everybody else.
func TestPressIsNeverAnonymous(t *testing.T) {
	administers := make(chan bool, 1)
	l := live(t, &answers{command: func(r bot.Request) bot.Reply {
		ok, err := r.Administers(context.Background())
		administers <- ok || err != nil
		return bot.Reply{}
	}})
	l.push(pressed("disiscriviti", groupChat+`,"sender_chat":{"id":-100,"type":"supergroup"}`))
	if c := l.await("getChatMember", 1); c.Get("user_id") != "42" || c.Get("chat_id") != "-100" {
		t.Errorf("asked for %v", c)
	}
	if <-administers {
		t.Error("a member passes for an administrator")
	}
	l.settle()
}

// A slow handler leaves the spinner no longer than the adapter's patience, the
// press is answered once, and its notice isn't lost.
func TestPressAnsweredInTime(t *testing.T) {
	answered := make(chan struct{})
	l := prepare(t, &answers{command: func(bot.Request) bot.Reply {
		<-answered
		return bot.Reply{Notice: "Fatto"}
	}})
	l.a.patience = time.Millisecond
	l.run()
	l.push(pressed("leggi 12", privateChat))
	if c := l.await("answerCallbackQuery", 1); c.Has("text") {
		t.Errorf("answered %v", c)
	}
	close(answered)
	if c := l.await("sendMessage", 1); c.Get("text") != "Fatto" {
		t.Errorf("sent %v", c)
	}
	l.settle()
	l.stop()
	if err := l.wait(); err != nil {
		t.Error(err)
	}
	if n := l.count("answerCallbackQuery"); n != 1 {
		t.Errorf("answered %d times", n)
	}
}

func TestLongNotice(t *testing.T) {
	l := live(t, &answers{command: func(bot.Request) bot.Reply { return bot.Reply{Notice: strings.Repeat("è", 500)} }})
	l.push(pressed("leggi 12", privateChat))
	if c := l.await("answerCallbackQuery", 1); len([]rune(c.Get("text"))) != maxNotice {
		t.Errorf("answered %v", c)
	}
}

// A panic costs its own update only, and even that press is answered.
func TestPanic(t *testing.T) {
	l := live(t, &answers{command: func(r bot.Request) bot.Reply {
		if r.Command == "panico" {
			panic("oh no")
		}
		return say("bene")
	}})
	l.push(pressed("panico", privateChat), written(private, `"text":"/x"`))
	l.await("sendMessage", 1)
	l.settle()
	if n := l.count("answerCallbackQuery"); n != 1 {
		t.Errorf("answered %d times", n)
	}
}

// The answer to a press is tried again when it surely didn't arrive.
func TestAnswerRetried(t *testing.T) {
	l := live(t, &answers{command: func(bot.Request) bot.Reply { return bot.Reply{Notice: "x"} }})
	l.on(func(c call) (int, string) {
		if c.Method == "answerCallbackQuery" && l.count("answerCallbackQuery") == 1 {
			return 429, `{"ok":false,"error_code":429,"description":"Too Many Requests: retry after 1","parameters":{"retry_after":1}}`
		}
		return 0, ""
	})
	l.push(pressed("leggi 12", privateChat))
	l.settle()
	if n := l.count("answerCallbackQuery"); n != 2 {
		t.Errorf("answered %d times", n)
	}
}
