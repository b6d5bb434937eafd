// Played: the methods that the server plays, and the plain ones.

package telegramtest

import "net/http"

// method is one that the server plays: its own checks, and what it does, under
// the lock.
type method struct {
	check  func(*Call, findings)
	handle func(*Server, *Call) (any, *failure)
}

// methods are those played; getUpdates, which waits, is handled on its own.
var methods = map[string]method{
	"getFile":                {nil, (*Server).getFile},
	"getMe":                  {nil, (*Server).getMe},
	"getUpdates":             {checkUpdates, nil},
	"getWebhookInfo":         {nil, (*Server).getWebhookInfo},
	"setWebhook":             {checkWebhook, (*Server).setWebhook},
	"deleteWebhook":          {nil, (*Server).deleteWebhook},
	"sendMessage":            {checkSend, (*Server).sendMessage},
	"sendRichMessage":        {checkSendRich, (*Server).sendMessage},
	"editMessageText":        {checkEdit, (*Server).editMessageText},
	"editMessageReplyMarkup": {checkEditing, (*Server).editMessageReplyMarkup},
	"deleteMessage":          {checkEditing, (*Server).deleteMessage},
	"answerCallbackQuery":    {checkAnswer, (*Server).answerCallbackQuery},
	"answerInlineQuery":      {checkOffers, (*Server).answerInlineQuery},
	"sendDocument":           {checkDocument, (*Server).sendDocument},
	"setMyCommands":          {checkCommands, (*Server).setMyCommands},
	"getMyCommands":          {checkScope, (*Server).getMyCommands},
	"deleteMyCommands":       {checkScope, (*Server).deleteMyCommands},
	"getChat":                {checkTarget, (*Server).getChat},
	"getChatMember":          {checkTarget, (*Server).getChatMember},
	"getChatAdministrators":  {checkTarget, (*Server).getChatAdministrators},
	"sendChatAction":         {checkAction, (*Server).sendChatAction},
	"leaveChat":              {checkTarget, (*Server).leaveChat},
}

func (s *Server) getMe(*Call) (any, *failure) {
	me := s.me()
	for _, key := range []string{"can_read_all_group_messages", "can_connect_to_business", "has_main_web_app"} {
		me[key] = false
	}
	me["can_join_groups"], me["supports_inline_queries"] = true, true
	return me, nil
}

// me is the bot's User.
func (s *Server) me() object {
	return object{"id": s.botID, "is_bot": true, "first_name": "Strillone", "username": s.settings.username}
}

func (s *Server) getChat(c *Call) (any, *failure) {
	in, f := s.present(c)
	if f != nil {
		return nil, f
	}
	o := s.chatJSON(in)
	if in.kind != private && in.kind != channel {
		o["permissions"] = object{"can_send_messages": !in.quiet}
	}
	o["accent_color_id"], o["max_reaction_count"] = 0, 11
	o["accepted_gift_types"] = object{"unlimited_gifts": true, "limited_gifts": true, "unique_gifts": true,
		"premium_subscription": true, "gifts_from_channels": true}
	return o, nil
}

func (s *Server) getChatMember(c *Call) (any, *failure) {
	in, f := s.present(c)
	if f != nil {
		return nil, f
	}
	id := c.integer("user_id")
	if s.people[id] == nil && id != s.botID {
		return nil, refuse(http.StatusBadRequest, "Bad Request: user not found")
	}
	return s.memberJSON(in, id, in.status(s, id)), nil
}

func (s *Server) getChatAdministrators(c *Call) (any, *failure) {
	in, f := s.present(c)
	if f != nil {
		return nil, f
	}
	if in.kind == private {
		return nil, refuse(http.StatusBadRequest, "Bad Request: there are no administrators in the private chat")
	}
	out := []any{}
	for _, id := range in.order {
		if status := in.members[id]; status == creator || status == administrator {
			out = append(out, s.memberJSON(in, id, status))
		}
	}
	return out, nil
}

func (s *Server) sendChatAction(c *Call) (any, *failure) {
	_, f := s.writable(c)
	return true, f
}

func (s *Server) leaveChat(c *Call) (any, *failure) {
	in, f := s.present(c)
	if f != nil {
		return nil, f
	}
	if in.kind == private {
		return nil, refuse(http.StatusBadRequest, "Bad Request: chat member status can't be changed in private chats")
	}
	s.changeBot(in, left, refuse(http.StatusForbidden, "Forbidden: bot is not a member of the "+in.kind.words()), s.botID)
	return true, nil
}
