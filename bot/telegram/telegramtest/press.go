// Presses: people pressing buttons, and how the bot answers them.

package telegramtest

import (
	"context"
	"fmt"
	"time"
)

// callback is a press that waits for its answer.
type callback struct {
	id       string
	pressed  time.Time
	answered bool
	expired  bool
	answer   Answer
}

// Press is a button being pressed. Its methods may be called at any time,
// repeatedly and concurrently.
type Press struct {
	server   *Server
	callback *callback // nil when it could not be pressed
}

// Answer is what the bot's answerCallbackQuery shows.
type Answer struct {
	Text  string // shown at the top of the chat, or in an alert
	Alert bool
	URL   string // opened by the client
}

// ID is the id of the callback query.
func (p *Press) ID() string {
	if p.callback == nil {
		return ""
	}
	return p.callback.id
}

// Answer waits until the bot has answered: until then a spinner turns.
func (p *Press) Answer(ctx context.Context) (Answer, error) {
	if p.callback == nil {
		return Answer{}, fmt.Errorf("telegramtest: there was no message to press a button of")
	}
	c, err := await(ctx, p.server, "an answer to a press", func() []callback { return []callback{*p.callback} },
		func(c callback) bool { return c.answered })
	return c.answer, err
}

// Expire makes the press too old to be answered, or to be delivered.
func (p *Press) Expire() {
	if p.callback == nil {
		return
	}
	p.server.mu.Lock()
	defer p.server.mu.Unlock()
	p.callback.expired = true
	p.server.notify()
}

// Press has a person press a button of a message. data is the button's
// callback_data; it need not be on the message any more, for people press what
// their client still shows. The update carries the message as it is now, or an
// inaccessible one when it is deleted or expired.
func (s *Server) Press(user int64, m Message, data string) *Press {
	s.reporter.Helper()
	p := &Press{server: s}
	s.alter(m, func(r *record) {
		s.know(user)
		c := &callback{id: s.nextSerial("48"), pressed: s.now()}
		s.callbacks[c.id] = c
		p.callback = c
		shown, _ := clone(r.data).(object)
		if r.deleted || r.expired {
			shown = object{"message_id": r.id(), "chat": s.chatJSON(r.chat), "date": 0}
		}
		u := s.push("callback_query", object{"id": c.id, "from": s.userJSON(user), "message": shown,
			"chat_instance": fmt.Sprint(r.chat.id*31 + 7), "data": data})
		u.callback = c
	})
	return p
}

// nextSerial makes an id that no other is like; the lock is held.
func (s *Server) nextSerial(prefix string) string {
	s.serial++
	return fmt.Sprintf("%s%08d", prefix, s.serial)
}

// late says whether a press is too old; the lock is held.
func (s *Server) late(c *callback) bool {
	return c.expired || s.now().Sub(c.pressed) >= s.settings.window
}

const tooOld = "query is too old and response timeout expired or query ID is invalid"

func (s *Server) answerCallbackQuery(c *Call) (any, *failure) {
	p := s.callbacks[c.Get("callback_query_id")]
	if p == nil || p.answered || s.late(p) {
		return nil, badRequest(tooOld)
	}
	p.answered = true
	p.answer = Answer{Text: c.Get("text"), Alert: c.truth("show_alert"), URL: c.Get("url")}
	return true, nil
}
