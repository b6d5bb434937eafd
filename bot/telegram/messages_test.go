// Round trips of messages.

package telegram

import (
	"context"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"github.com/strillone/strillone/bot"
	"github.com/strillone/strillone/digest"
	"github.com/strillone/strillone/digest/markup"
)

const (
	ada        = `"from":{"id":42,"first_name":"Ada","last_name":"Lovelace","language_code":"it"},"date":1`
	private    = `"chat":{"id":42,"type":"private"},` + ada
	group      = `"chat":{"id":-100,"type":"supergroup"},` + ada
	fromTheBot = `"from":{"id":7,"is_bot":true},"date":1,"chat":{"id":-100,"type":"supergroup"}`
)

// written is an update with a message of the given fields.
func written(fields ...string) string {
	return `{"message":{"message_id":5,` + strings.Join(fields, ",") + `}}`
}

var ignoreAdministers = cmpopts.IgnoreFields(bot.Request{}, "Administers", "AdministersIn", "Missing")

func TestCommands(t *testing.T) {
	actor := bot.Actor{Platform: Platform, ID: "42", Name: "Ada Lovelace", Language: "it"}
	here := digest.Destination{Platform: Platform, Chat: "42"}
	there := digest.Destination{Platform: Platform, Chat: "-100"}
	topic := digest.Destination{Platform: Platform, Chat: "-100", Thread: "9"}
	for _, test := range []struct {
		name   string
		update string
		want   bot.Request
	}{
		{"private", written(private, `"text":"/Fonti 12"`), bot.Request{Place: here, Command: "fonti", Args: "12"}},
		{"start", written(private, `"text":"/start"`), bot.Request{Place: here, Command: "start"}},
		{"link", written(private, `"text":"/start leggi-12"`), bot.Request{Place: here, Command: "leggi", Args: "12"}},
		{"link of other origin", written(private, `"text":"/start 12-leggi"`), bot.Request{Place: here, Command: "start"}},
		{"link of a campaign", written(private, `"text":"/start promo"`), bot.Request{Place: here, Command: "start"}},
		{"link that would publish", written(private, `"text":"/start pubblica-1"`), bot.Request{Place: here, Command: "start"}},
		{"to this bot", written(group, `"text":"/fonti@strillonebot 12"`), bot.Request{Place: there, Kind: bot.Shared, Command: "fonti", Args: "12"}},
		{"in a topic", written(group, `"text":"/ultimi","message_thread_id":9,"is_topic_message":true`), bot.Request{Place: topic, Kind: bot.Shared, Command: "ultimi"}},
		{"in a thread that is no topic", written(group, `"text":"/ultimi","message_thread_id":9`), bot.Request{Place: there, Kind: bot.Shared, Command: "ultimi"}},
		{"caption", written(private, `"caption":"/ultimi","photo":[]`), bot.Request{Place: here, Command: "ultimi"}},
		{"reply", written(group, `"text":"/fonti","reply_to_message":{"message_id":4,"text":"#14 #13",`+fromTheBot+`}`),
			bot.Request{Place: there, Kind: bot.Shared, Command: "fonti", Quoted: []string{"leggi 14", "leggi 13"}}},
	} {
		t.Run(test.name, func(t *testing.T) {
			l := live(t, &answers{})
			l.push(test.update)
			sent := l.await("sendMessage", 1)
			test.want.Actor = actor
			if diff := cmp.Diff([]bot.Request{test.want}, l.h.commands, ignoreAdministers); diff != "" {
				t.Error(diff)
			}
			thread := test.want.Place.Thread
			if sent.Get("chat_id") != test.want.Place.Chat || sent.Get("message_thread_id") != thread || sent.Get("text") != "risposta" {
				t.Errorf("sent %v", sent)
			}
			wantReply := ""
			if test.want.Kind == bot.Shared {
				wantReply = `{"message_id":5,"allow_sending_without_reply":true}`
			}
			if got := sent.Get("reply_parameters"); got != wantReply {
				t.Errorf("reply_parameters %q", got)
			}
		})
	}
}

func TestGeneralTopicIsTheChat(t *testing.T) {
	l := live(t, &answers{})
	l.push(written(group, `"text":"/ultimi","message_thread_id":1,"is_topic_message":true`))
	if sent := l.await("sendMessage", 1); sent.Has("message_thread_id") {
		t.Errorf("sent %v", sent)
	}
}

func TestTexts(t *testing.T) {
	bold := `"text":"👍 Titolo","entities":[{"type":"bold","offset":3,"length":6}]`
	want := markup.Text{{Text: "👍 "}, {Text: "Titolo", Style: markup.Bold}}
	for _, test := range []struct {
		name   string
		update string
		want   markup.Text
	}{
		{"private", written(private, bold), want},
		{"caption", written(private, `"photo":[{}],"caption":"x","caption_entities":[]`), markup.T("x")},
		{"forwarded command", written(private, `"text":"/usr","forward_origin":{"type":"hidden_user"}`), markup.T("/usr")},
		{"file", written(private, `"document":{"file_id":"1"}`), nil},
		{"mention", written(group, `"text":"@strilloneBOT ciao","entities":[{"type":"mention","offset":0,"length":13}]`), markup.T("ciao")},
		{"mention without a name", written(group, `"text":"ciao","entities":[{"type":"text_mention","offset":0,"length":4,"user":{"id":7}}]`), markup.T("ciao")},
		{"reply to the bot", written(group, `"text":"ciao","reply_to_message":{"message_id":4,`+fromTheBot+`}`), markup.T("ciao")},
	} {
		t.Run(test.name, func(t *testing.T) {
			l := live(t, &answers{})
			l.push(test.update)
			l.settle()
			if len(l.h.texts) != 1 {
				t.Fatalf("%d texts", len(l.h.texts))
			}
			if diff := cmp.Diff(digest.Submission{Text: test.want, Author: "telegram:42"}, l.h.texts[0].Submission); diff != "" {
				t.Error(diff)
			}
			if n := l.count("sendMessage"); n != 0 {
				t.Errorf("an empty reply sent %d messages", n)
			}
		})
	}
}

func TestNoneOfItsBusiness(t *testing.T) {
	l := live(t, &answers{})
	l.push(
		written(group, `"text":"ciao a tutti"`),
		written(group, `"text":"@altro ciao","entities":[{"type":"mention","offset":0,"length":6}]`),
		written(group, `"text":"/fonti@AltroBot 12"`),
		written(group, `"text":"ciao","reply_to_message":{"message_id":4,"from":{"id":8},"chat":{"id":-100}}`),
		written(group, `"new_chat_members":[]`),
		written(private, `"pinned_message":{}`),
		written(private, `"photo":[{}],"media_group_id":"1"`),
		written(`"chat":{"id":-100,"type":"supergroup"},"from":{"id":9,"is_bot":true}`, `"text":"/fonti"`),
		written(`"chat":{"id":-100,"type":"supergroup"},"sender_chat":{"id":-5,"type":"channel"},"from":{"id":777000}`, `"text":"/fonti"`),
		written(`"chat":{"id":-100,"type":"supergroup"}`, `"text":"/fonti"`),
		written(`"chat":{"id":-100,"type":"channel"},"from":{"id":42}`, `"text":"/fonti"`),
		changed("private", `{"status":"kicked"}`, `{"status":"member"}`),
		`{"something_new":{}}`,
		`{"message":"what is this"}`,
	)
	l.settle()
	if len(l.h.commands)+len(l.h.texts)+len(l.h.left)+len(l.h.joined) != 0 {
		t.Errorf("commands %v, texts %v, left %v, joined %v", l.h.commands, l.h.texts, l.h.left, l.h.joined)
	}
}

func TestAdministers(t *testing.T) {
	anonymous := `"chat":{"id":-100,"type":"supergroup"},"sender_chat":{"id":-100,"type":"supergroup"},"from":{"id":1087968824,"is_bot":true}`
	for _, test := range []struct {
		name   string
		update string
		member string
		want   bool
		fails  bool
	}{
		{"private", written(private, `"text":"/x"`), "", true, false},
		{"creator", written(group, `"text":"/x"`), "creator", true, false},
		{"administrator", written(group, `"text":"/x"`), "administrator", true, false},
		{"member", written(group, `"text":"/x"`), "member", false, false},
		{"anonymous", written(anonymous, `"text":"/x"`), "", true, false},
		{"unknown", written(group, `"text":"/x"`), "?", false, true},
	} {
		t.Run(test.name, func(t *testing.T) {
			var got bool
			var err error
			l := prepare(t, &answers{command: func(r bot.Request) bot.Reply {
				got, err = r.Administers(context.Background())
				return bot.Reply{}
			}})
			l.on(func(c call) (int, string) {
				switch {
				case c.Method != "getChatMember":
					return 0, ""
				case test.member == "?":
					return 400, `{"ok":false,"error_code":400,"description":"Bad Request: user not found"}`
				case c.Get("chat_id") != "-100" || c.Get("user_id") != "42":
					t.Errorf("asked for %v", c)
				}
				return 200, `{"ok":true,"result":{"status":"` + test.member + `"}}`
			})
			l.run()
			l.push(test.update)
			l.settle()
			l.stop()
			if err := l.wait(); err != nil {
				t.Fatal(err)
			}
			if got != test.want || (err != nil) != test.fails {
				t.Errorf("got %v, %v", got, err)
			}
		})
	}
}

// A long article goes out in order, buttons under its end.
func TestLongReply(t *testing.T) {
	reply := say(strings.Repeat("Una frase come tante. ", 600))
	reply.Doc.Rows = [][]markup.Action{{{Label: "Fonti", Command: "fonti 1"}}}
	l := live(t, &answers{command: func(bot.Request) bot.Reply { return reply }})
	l.push(written(private, `"text":"/leggi 1"`))
	l.settle()
	sent := l.called("sendMessage")
	if len(sent) != 4 {
		t.Fatalf("%d messages", len(sent))
	}
	for i, c := range sent {
		valid(t, c.Get("text"))
		if c.Has("reply_parameters") || c.Has("reply_markup") != (i == len(sent)-1) {
			t.Errorf("part %d: %v", i, c)
		}
	}
}
