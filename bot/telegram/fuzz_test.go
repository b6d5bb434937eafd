// Updates of any kind that Telegram could send, and nonsense: none makes a handler
// panic, and none runs a command that nobody gave.

package telegram

import (
	"context"
	"encoding/json"
	"io"
	"log/slog"
	"net/http"
	"strings"
	"testing"

	"github.com/strillone/strillone/bot"
	"github.com/strillone/strillone/digest/markup"
)

// yes answers every call well.
type yes struct{}

func (yes) RoundTrip(r *http.Request) (*http.Response, error) {
	_, err := io.Copy(io.Discard, r.Body)
	return &http.Response{
		StatusCode: http.StatusOK, ContentLength: -1, Header: http.Header{}, Request: r,
		Body: io.NopCloser(strings.NewReader(`{"ok":true,"result":{"message_id":1,"status":"administrator"}}`)),
	}, err
}

func FuzzUpdates(f *testing.F) {
	for _, seed := range []string{
		`{"inline_query":{"id":"1","from":{"id":42},"query":"modelli","offset":"20"}}`,
		`{"inline_query":{"id":"","from":{},"query":"\u0000","offset":"-9223372036854775808"}}`,
		`{"inline_query":{}}`,
		`{"message":{"message_id":5,"chat":{"id":42,"type":"private"},"from":{"id":42},"chat_shared":{"request_id":1,"chat_id":-100}}}`,
		`{"message":{"message_id":5,"chat":{"id":-1,"type":"group"},"from":{"id":42},"chat_shared":{"chat_id":0}}}`,
		`{"message":{"chat_shared":{}}}`,
		`{"my_chat_member":{"chat":{"id":-1,"type":"channel"},"from":{"id":42},"old_chat_member":{"status":"left"},"new_chat_member":{"status":"administrator","can_post_messages":true}}}`,
		`{"my_chat_member":{"chat":{"type":"x"},"new_chat_member":{"status":"restricted","is_member":true,"can_send_messages":true}}}`,
		`{"my_chat_member":{}}`,
		`{"callback_query":{"id":"q","from":{"id":42},"data":"ora\nA che ora?\n7:30","message":{"message_id":8,"date":1,"chat":{"id":42,"type":"private"}}}}`,
		`{"callback_query":{"id":"q","from":{"id":42},"data":"\n\n\n","message":{"message_id":8,"date":1,"chat":{"id":-1,"type":"channel"},"reply_markup":{"inline_keyboard":[null,[{}]]}}}}`,
		`{"message":{"message_id":6,"chat":{"id":42,"type":"private"},"from":{"id":42},"text":"7:30","reply_to_message":{"message_id":1,"from":{"id":7}}}}`,
		`{"message":{"chat":{"id":42,"type":"private"},"from":{"id":42},"text":"/start a12","message_thread_id":-1,"is_topic_message":true,"rich_message":[]}}`,
		`{"message":{"chat":{"id":42,"type":"private"},"from":{"id":42},"text":"/start a99999999999999999999"}}`,
	} {
		f.Add([]byte(seed))
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		var u update
		if json.Unmarshal(data, &u) != nil {
			return
		}
		var log strings.Builder
		h := &answers{
			command: func(r bot.Request) bot.Reply {
				if strings.ContainsAny(r.Command, " \n") || r.Command != strings.ToLower(r.Command) {
					t.Errorf("ran %q", r.Command)
				}
				reply := say("x " + r.Args)
				reply.Replace, reply.Notice = r.Pressed, "fatto"
				reply.Doc.Rows = [][]markup.Action{{{Label: "Ora", Command: "ora", Input: &markup.Input{Label: "A che ora?"}}}}
				return reply
			},
			find: func(q bot.Query) bot.Found {
				if q.Skip < 0 || q.Skip > offeredAtMost || q.Limit != offeredAtOnce {
					t.Errorf("looked for %+v", q)
				}
				return bot.Found{Articles: []bot.Hit{{Number: 1, Title: q.Words, Doc: say("x").Doc}}}
			},
			text: func(x bot.Text) bot.Reply { return say("y") },
		}
		s := &session{
			Adapter: New(Config{Token: "7:secret", Transport: yes{}, Format: Auto, Log: slog.New(slog.NewTextHandler(&log, nil))}),
			me:      user{ID: 7, Username: "StrilloneBot"}, handler: h,
		}
		for range 2 { // the second finds what the first left behind
			s.handle(context.Background(), u)
		}
		if strings.Contains(log.String(), "panic") {
			t.Error(log.String())
		}
	})
}
