// Rights: who administers a chat, and what the bot may not do there.

package telegram

import (
	"context"
	"errors"
	"strconv"
	"strings"

	tgbotapi "github.com/go-telegram-bot-api/telegram-bot-api/v5"

	"github.com/strillone/strillone/bot"
	"github.com/strillone/strillone/digest"
	"github.com/strillone/strillone/digest/delivery"
)

// administers answers whether a person administers the chat, asking only when
// that isn't sure. Nothing is remembered: rights end at once.
func (s *session) administers(chat int64, from user, sure bool) func(context.Context) (bool, error) {
	if sure {
		return func(context.Context) (bool, error) { return true, nil }
	}
	return func(ctx context.Context) (bool, error) {
		member, err := s.member(ctx, strconv.FormatInt(chat, 10), from.ID)
		return member.manages(), err
	}
}

// administersIn answers the same of any chat, where the person is known to
// administer here when sure. Nobody administers a chat that the bot isn't in.
func (s *session) administersIn(here int64, from user, sure bool) func(context.Context, digest.Destination) (bool, error) {
	return func(ctx context.Context, place digest.Destination) (bool, error) {
		id, err := strconv.ParseInt(place.Chat, 10, 64)
		switch {
		case err != nil || place.Platform != Platform:
			return false, nil
		case id == here:
			return s.administers(here, from, sure)(ctx)
		case id > 0: // somebody's private chat
			return id == from.ID, nil
		}
		member, err := s.member(ctx, place.Chat, from.ID)
		if f := delivery.FailureOf(err); err != nil && f.Answered && f.Kind != delivery.RateLimited && f.Kind != delivery.Auth {
			return false, nil
		}
		return member.manages(), err
	}
}

// member is what somebody is in a chat (getChatMember).
func (a *Adapter) member(ctx context.Context, chat string, person int64) (botMember, error) {
	var m botMember
	err := a.client.call(ctx, "getChatMember", tgbotapi.Params{"chat_id": chat, "user_id": strconv.FormatInt(person, 10)}, &m)
	return m, err
}

// manages says whether the member administers the chat.
func (m botMember) manages() bool { return m.Status == "creator" || m.Status == "administrator" }

// missing is what the bot may not do in a place, of what deliveries need.
func (s *session) missing(ctx context.Context, place digest.Destination) ([]bot.Permission, error) {
	if !strings.HasPrefix(place.Chat, "-") {
		return nil, nil
	}
	m, err := s.member(ctx, place.Chat, s.me.ID)
	if f := delivery.FailureOf(err); err != nil && (f.Kind == delivery.Gone || f.Kind == delivery.AccessLost) {
		return []bot.Permission{bot.SeeChannel}, nil
	}
	if err != nil {
		return nil, err
	}
	if m.gone() {
		return []bot.Permission{bot.SeeChannel}, nil
	}
	var in struct {
		chat
		Permissions struct {
			Send *bool `json:"can_send_messages"`
		} `json:"permissions"`
	}
	if err := s.client.call(ctx, "getChat", tgbotapi.Params{"chat_id": place.Chat}, &in); err != nil {
		return nil, err
	}
	everybody := in.Permissions.Send == nil || *in.Permissions.Send
	switch {
	case in.Type == "channel" && !m.writes(in.chat):
		return []bot.Permission{bot.PostInChannel}, nil
	case !m.writes(in.chat), m.Status == "member" && !everybody:
		return []bot.Permission{bot.WriteMessages}, nil
	}
	return s.missingInTopic(ctx, place, m)
}

// missingInTopic is missing for a topic. The Bot API doesn't say whether one is
// closed: that the bot is about to write there tells (sendChatAction).
func (s *session) missingInTopic(ctx context.Context, place digest.Destination, m botMember) ([]bot.Permission, error) {
	thread := threadOf(place)
	if thread == "" || m.manages() && m.Topics {
		return nil, nil
	}
	err := s.client.call(ctx, "sendChatAction", tgbotapi.Params{"chat_id": place.Chat, "message_thread_id": thread, "action": "typing"}, nil)
	if f := delivery.FailureOf(err); err != nil && (f.Kind == delivery.AccessLost || errors.Is(err, errNoTopic)) {
		return []bot.Permission{bot.WriteInTopic}, nil
	}
	return nil, err
}
