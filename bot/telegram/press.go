// Press: a button was pressed.

package telegram

import (
	"context"
	"errors"
	"log/slog"
	"slices"

	tgbotapi "github.com/go-telegram-bot-api/telegram-bot-api/v5"

	"github.com/strillone/strillone/bot"
	"github.com/strillone/strillone/digest/markup"
)

// press answers a press. Where others read along, a press that reads leads to
// the private chat with the bot, for what it shows would be shown to all, time
// and again. What a link may not carry is answered where it is; what concerns
// the person alone, for that person alone.
//
// Who presses is always a person, by name: Telegram signs an administrator's
// messages with the group's name, but not the presses (CallbackQuery, from).
func (s *session) press(ctx context.Context, q *callbackQuery) {
	toast := s.await(ctx, q.ID)
	defer toast.end()
	m := q.Message
	if m == nil || q.Data == "" || q.From.IsBot {
		return
	}
	line, ask, known, err := s.reveal(ctx, q.Data)
	if err != nil {
		s.config.Log.WarnContext(ctx, "what a button stands for can't be looked up", slog.Any("error", err))
		return
	}
	r := s.request(m, q.From, false)
	r.Pressed = true
	if !known {
		r.Command = bot.StaleCommand
		toast.say(notice(s.handler.Command(ctx, r).Notice))
		return
	}
	r.Quoted = s.commands(ctx, m.ReplyMarkup)
	r.Command, r.Args = splitLine(line)
	if payload, ok := payloadOf(line); ok && r.Kind != bot.Private {
		toast.say(tgbotapi.Params{"url": s.link(payload)})
		return
	}
	if ask != nil && s.mayBeAsked(ctx, r) {
		toast.say(tgbotapi.Params{})
		s.ask(ctx, r, m, line, *ask)
		return
	}
	s.answerPress(ctx, r, m, toast, s.handler.Command(ctx, r))
}

// answerPress carries out the Reply to a press. Where many read along, a panel is
// edited, and the page of a list that answered somebody (no digest does) makes
// room for the next; nothing else is.
func (s *session) answerPress(ctx context.Context, r bot.Request, m *incoming, toast *toast, reply bot.Reply) {
	to := target{quote: m.ID}
	reads := slices.Contains(linkable, r.Command)
	if m.accessible() && (r.Kind == bot.Private || panel(r.Quoted) || reads && m.repliedTo() != nil) {
		to.edit = m.ID
	}
	aside := r.Kind == bot.Channel ||
		r.Kind == bot.Shared && reply.Personal && (!reply.Replace || reads && to.edit == 0)
	switch {
	case !aside:
		if !toast.say(notice(reply.Notice)) {
			reply = noticeInDoc(reply)
		}
		s.reply(ctx, r, to, reply)
	case !brief(reply.Doc) || !toast.say(alert(reply)):
		// The person's own chat, where there is one.
		r.Place, r.Kind = placeOfPerson(r.Actor), bot.Private
		if s.send(ctx, r, target{}, noticeInDoc(reply)) != nil {
			toast.say(alert(reply))
		}
	}
}

// panel says whether a message by its buttons is one that is operated in place,
// where many read along: none of them opens anything that is to be read.
func panel(commands []string) bool {
	return !slices.ContainsFunc(commands, func(line string) bool {
		_, reads := payloadOf(line)
		return reads
	})
}

const maxNotice = 200 // answerCallbackQuery: text, 0–200 characters

// notice is the answer to a press that says something in passing.
func notice(words string) tgbotapi.Params {
	params := tgbotapi.Params{}
	params.AddNonEmpty("text", shorten(words, maxNotice))
	return params
}

// alert is the answer to a press that shows one person what is for that person
// alone, until it is closed.
func alert(reply bot.Reply) tgbotapi.Params {
	words := reply.Notice
	if words == "" {
		words = wordsOf(reply.Doc)
	}
	params := notice(words)
	if words != "" {
		params["show_alert"] = "true"
	}
	return params
}

// brief says whether an alert can show the document whole.
func brief(doc markup.Doc) bool {
	return len(doc.Rows) == 0 && doc.Menu == nil && units(wordsOf(doc)) <= maxNotice
}

// wordsOf is a document without its looks.
func wordsOf(doc markup.Doc) string {
	var all flow
	for _, e := range entries(doc.Blocks) {
		all = all.then(1, open, e.flow)
	}
	return all.trim().String()
}

// noticeInDoc is the reply where no toast can show its notice any more: rather
// than nothing it says that.
func noticeInDoc(reply bot.Reply) bot.Reply {
	if len(reply.Doc.Blocks) == 0 && reply.Notice != "" {
		reply.Doc.Blocks = []markup.Block{markup.Paragraph{Text: markup.T(reply.Notice)}}
	}
	return reply
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
