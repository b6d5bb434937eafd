// Texts: a message that is no command, with all the newsroom wants to know of it.

package telegram

import (
	"context"
	"encoding/json"
	"strconv"
	"strings"
	"time"

	"github.com/strillone/strillone/bot"
	"github.com/strillone/strillone/digest"
	"github.com/strillone/strillone/digest/markup"
)

// messageUnits is how many UTF-16 units a person's message holds: of longer texts
// the clients make several (core.telegram.org/bots/api, Message: text).
const messageUnits = 4096

// textOfMessage is a message for the handler.
func (s *session) textOfMessage(m *incoming, r bot.Request) bot.Text {
	text, entities := m.content()
	t := bot.Text{
		Request: r,
		Submission: digest.Submission{
			Text:   s.unaddressed(textOf(text, entities)),
			Author: string(Platform) + ":" + r.Actor.ID,
		},
		Message: strconv.FormatInt(m.ID, 10),
		Album:   m.Album,
		Written: time.Unix(m.Date, 0),
		Limit:   messageUnits,
		Files:   s.files(m),
	}
	if m.ForwardOrigin != nil {
		var o origin
		_ = json.Unmarshal(m.ForwardOrigin, &o) // what can't be read is of one unknown origin
		t.Origin, t.Written = o.String(), time.Unix(o.Date, 0)
	}
	return t
}

// unaddressed is a text without the bot's name before or behind it: in a group,
// that says whom it is for.
func (s *session) unaddressed(t markup.Text) markup.Text {
	name := "@" + s.me.Username
	words := t.String()
	if len(words) >= len(name) && strings.EqualFold(words[:len(name)], name) {
		t = t.Slice(len(name), len(words)).Trim()
	} else if at := len(words) - len(name); at > 0 && strings.EqualFold(words[at:], name) {
		t = t.Slice(0, at).Trim()
	}
	return t
}

// origin is a MessageOrigin.
type origin struct {
	Type    string `json:"type"`
	Date    int64  `json:"date"`
	User    user   `json:"sender_user"`
	Name    string `json:"sender_user_name"`
	Sender  chat   `json:"sender_chat"`
	Channel chat   `json:"chat"`
}

func (o origin) String() string {
	return o.Type + ":" + strconv.FormatInt(o.User.ID+o.Sender.ID+o.Channel.ID, 10) + o.Name
}

// edited has the handler know that a message says something else now. Commands
// aren't given anew by editing them.
func (s *session) edited(ctx context.Context, m *incoming) {
	text, _ := m.content()
	if !fromPerson(m) || m.Chat.Type != "private" || text == "" && m.Document == nil {
		return
	}
	if _, _, _, isCommand := parseCommand(text); isCommand && m.ForwardOrigin == nil {
		return
	}
	r := s.request(m, *m.From, false)
	t := s.textOfMessage(m, r)
	t.Edited = true
	s.reply(ctx, r, target{quote: m.ID}, noticeInDoc(s.handler.Text(ctx, t)))
}
