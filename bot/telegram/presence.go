// Presence: the bot is blocked, removed, let in again (my_chat_member).

package telegram

import (
	"context"
	"log/slog"
	"strconv"
	"strings"

	tgbotapi "github.com/go-telegram-bot-api/telegram-bot-api/v5"

	"github.com/strillone/strillone/bot"
	"github.com/strillone/strillone/digest"
)

// membership passes on that the bot lost a chat, or may write to one that it
// couldn't before. People who unblock the bot send /start, which is answered.
func (s *session) membership(ctx context.Context, m *memberUpdated) {
	place := digest.Destination{Platform: Platform, Chat: strconv.FormatInt(m.Chat.ID, 10)}
	s.config.Log.InfoContext(ctx, "the bot's membership changed",
		slog.String("chat", place.Chat), slog.String("from", m.Old.Status), slog.String("to", m.New.Status))
	switch {
	case m.New.gone() && m.Chat.Type == "private":
		s.handler.Left(ctx, place, "telegram: the bot was blocked by the user")
	case m.New.gone():
		s.handler.Left(ctx, place, "telegram: the bot was removed from the "+m.Chat.Type+": "+m.New.Status)
	case m.Chat.Type != "private" && m.New.writes(m.Chat) && !m.Old.writes(m.Chat):
		s.joined(ctx, m)
	}
}

// joined passes on that the bot may write to a group or channel. In a channel
// all readers would be told what is for those who run it: the answer goes to the
// one who let the bot in, if that person has a chat with it.
func (s *session) joined(ctx context.Context, m *memberUpdated) {
	r := s.request(&incoming{Chat: m.Chat}, m.From, false)
	reply := s.handler.Joined(ctx, r)
	if r.Kind == bot.Channel {
		if m.From.IsBot {
			return
		}
		r.Place, r.Kind = placeOfPerson(r.Actor), bot.Private
	}
	s.reply(ctx, r, target{}, noticeInDoc(reply))
}

// gone says that the bot isn't in the chat.
func (m botMember) gone() bool {
	return m.Status == "left" || m.Status == "kicked" || m.Status == "restricted" && !m.IsMember
}

// writes says that the bot may write in the chat, which isn't a private one.
func (m botMember) writes(in chat) bool {
	switch m.Status {
	case "administrator":
		return in.Type != "channel" || m.MayPost
	case "member":
		return in.Type != "channel"
	case "restricted":
		return m.IsMember && m.MaySend
	}
	return false
}

// NameOf is what people call a place, and whether it is one of many people. A
// place that doesn't say its name is called by its id.
func (a *Adapter) NameOf(ctx context.Context, place digest.Destination) (name string, shared bool) {
	if !strings.HasPrefix(place.Chat, "-") {
		return place.Chat, false
	}
	var c chat
	err := a.client.call(ctx, "getChat", tgbotapi.Params{"chat_id": place.Chat}, &c)
	if err != nil || c.Title == "" {
		return place.Chat, true
	}
	return c.Title, true
}

func actorOf(u user) bot.Actor {
	return bot.Actor{
		Platform: Platform,
		ID:       strconv.FormatInt(u.ID, 10),
		Name:     strings.TrimSpace(u.FirstName + " " + u.LastName),
		Language: u.Language,
	}
}
