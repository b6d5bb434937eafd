// Messages: a message is a command, a text for the bot, or none of its business.

package telegram

import (
	"context"
	"strings"

	"github.com/strillone/strillone/bot"
)

func (s *session) message(ctx context.Context, m *incoming) {
	if !fromPerson(m) {
		return
	}
	r := s.request(m, *m.From, anonymousAdministrator(m))
	r.Quoted = s.quoted(ctx, m.repliedTo())
	text, _ := m.content()
	if m.ChatShared != nil && r.Kind == bot.Private {
		s.chosen(ctx, r, m)
		return
	}

	// What is forwarded is somebody's text, even if it begins with a slash.
	name, args, addressee, isCommand := parseCommand(text)
	if isCommand && m.ForwardOrigin == nil {
		if addressee != "" && !strings.EqualFold(addressee, s.me.Username) {
			return
		}
		s.questions.drop(m.Chat.ID, r.Place.Thread, m.From.ID) // the person went on to something else
		r.Command, r.Args = name, args
		if name == "start" {
			r.Args = "" // of other origin: where the person comes from
			if name, args, ok := fromPayload(args); ok {
				r.Command, r.Args = name, args
			}
		}
		s.reply(ctx, r, target{quote: m.ID}, noticeInDoc(s.handler.Command(ctx, r)))
		return
	}
	if strings.TrimSpace(m.Text) != "" { // no caption of a file
		if q, ok := s.answered(m, m.Text); ok {
			s.complete(ctx, r, m, q, m.Text)
			return
		}
	}
	if r.Kind == bot.Shared && !s.addressed(m) {
		return
	}
	if text == "" && !m.loneFile() && m.Document == nil {
		return // somebody joined, a message was pinned
	}
	reply := s.handler.Text(ctx, s.textOfMessage(m, r))
	s.reply(ctx, r, target{quote: m.ID}, noticeInDoc(reply))
}
