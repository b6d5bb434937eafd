// Press: a button was pressed.

package telegram

import (
	"context"
	"errors"
	"log/slog"
	"time"

	tgbotapi "github.com/go-telegram-bot-api/telegram-bot-api/v5"

	"github.com/strillone/strillone/bot"
	"github.com/strillone/strillone/digest/markup"
)

const maxNotice = 200 // answerCallbackQuery: text, 0–200 characters

// press answers a press. In a group what a button shows would be shown to all,
// time and again; so a press that reads leads to the private chat with the bot.
// Others, which a link may not carry, are answered where they are.
func (s *session) press(ctx context.Context, q *callbackQuery) {
	toast := s.await(ctx, q.ID)
	defer toast.end()
	m := q.Message
	if m == nil || q.Data == "" || q.From.IsBot {
		return
	}
	r := s.request(m, q.From, false)
	r.Pressed = true
	r.Quoted = m.ReplyMarkup.commands()
	r.Command, r.Args = splitLine(q.Data)
	if payload, ok := payloadOf(q.Data); ok && r.Kind == bot.Shared {
		toast.say(tgbotapi.Params{"url": "https://t.me/" + s.me.Username + "?start=" + payload})
		return
	}
	reply := s.handler.Command(ctx, r)
	params := tgbotapi.Params{}
	params.AddNonEmpty("text", shorten(reply.Notice, maxNotice))
	if !toast.say(params) {
		reply = noticeInDoc(reply)
	}
	s.reply(ctx, r, target{m.ID, m.accessible()}, reply)
}

// noticeInDoc is the reply where no toast can show its notice any more: rather
// than nothing it says that.
func noticeInDoc(reply bot.Reply) bot.Reply {
	if len(reply.Doc.Blocks) == 0 && reply.Notice != "" {
		reply.Doc.Blocks = []markup.Block{markup.Paragraph{Text: markup.T(reply.Notice)}}
	}
	return reply
}

// toast is the answer that a press must get, once: what is said, or after the
// adapter's patience nothing, so that the spinner stops.
type toast struct {
	words  chan tgbotapi.Params
	closed chan struct{} // nothing more can be said
	done   chan struct{} // the answer was given
}

// await answers the press in the background. Its end must be called.
func (s *session) await(ctx context.Context, id string) *toast {
	t := &toast{make(chan tgbotapi.Params), make(chan struct{}), make(chan struct{})}
	go func() {
		defer close(t.done)
		timer := time.NewTimer(s.patience)
		defer timer.Stop()
		var params tgbotapi.Params
		select {
		case params = <-t.words:
		case <-timer.C:
			params = tgbotapi.Params{}
		}
		close(t.closed)
		s.answer(ctx, id, params)
	}()
	return t
}

// say answers the press, and says whether it was still to be answered.
func (t *toast) say(params tgbotapi.Params) bool {
	select {
	case t.words <- params:
		return true
	case <-t.closed:
		return false
	}
}

// end answers with nothing if nothing was said, and waits for the answer.
func (t *toast) end() {
	t.say(tgbotapi.Params{})
	<-t.done
}

// answer calls answerCallbackQuery.
func (s *session) answer(ctx context.Context, id string, params tgbotapi.Params) {
	params["callback_query_id"] = id
	err := s.insist(ctx, func() error { return s.client.call(ctx, "answerCallbackQuery", params, nil) })
	switch {
	case err == nil:
	case errors.Is(err, errTooLate):
		s.config.Log.DebugContext(ctx, "a press was too old to answer")
	default:
		s.config.Log.WarnContext(ctx, "a press wasn't answered", slog.Any("error", err))
	}
}
