// Messages: a message is a command, a text for the bot, or none of its business.

package telegram

import (
	"context"
	"strings"

	"github.com/strillone/strillone/bot"
	"github.com/strillone/strillone/digest"
)

func (s *session) message(ctx context.Context, m *incoming) {
	if !fromPerson(m) {
		return
	}
	r := s.request(m, *m.From, anonymousAdministrator(m))
	r.Quoted = s.quoted(m.ReplyTo)
	text, entities := m.content()

	// What is forwarded is somebody's text, even if it begins with a slash.
	name, args, addressee, isCommand := parseCommand(text)
	if isCommand && m.ForwardOrigin == nil {
		if addressee != "" && !strings.EqualFold(addressee, s.me.Username) {
			return
		}
		r.Command, r.Args = name, args
		if name == "start" {
			r.Args = "" // of other origin: where the person comes from
			if name, args, ok := fromPayload(args); ok {
				r.Command, r.Args = name, args
			}
		}
		s.reply(ctx, r, target{message: m.ID}, noticeInDoc(s.handler.Command(ctx, r)))
		return
	}
	if r.Kind == bot.Shared && !s.addressed(m) {
		return
	}
	if text == "" && !m.loneFile() {
		return // somebody joined, a message was pinned
	}
	submission := digest.Submission{
		Text:   textOf(text, entities),
		Author: string(Platform) + ":" + r.Actor.ID,
	}
	reply := s.handler.Text(ctx, bot.Text{Request: r, Submission: submission})
	s.reply(ctx, r, target{message: m.ID}, noticeInDoc(reply))
}
