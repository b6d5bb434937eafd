// Refusals: changes of the world that make requests fail as documented.

package telegramtest

import "net/http"

// Block has a person block the bot: 403, and a my_chat_member update.
func (s *Server) Block(chat int64) {
	s.change(chat, func(c *chatState) {
		s.changeBot(c, kicked, refuse(http.StatusForbidden, "Forbidden: bot was blocked by the user"), chat)
	})
}

// Kick removes the bot from a group or channel: 403, and a my_chat_member
// update.
func (s *Server) Kick(chat int64) {
	s.change(chat, func(c *chatState) {
		s.changeBot(c, kicked, refuse(http.StatusForbidden, "Forbidden: bot was kicked from the "+c.kind.words()), c.boss())
	})
}

// Mute takes the bot's right to write away: 400, and a my_chat_member update.
func (s *Server) Mute(chat int64) {
	s.change(chat, func(c *chatState) {
		status, text := restricted, "Bad Request: not enough rights to send text messages to the chat"
		if c.kind == channel {
			status, text = member, "Bad Request: need administrator rights in the channel chat"
		}
		s.changeBot(c, status, refuse(http.StatusBadRequest, text), c.boss())
		c.mute = true
	})
}

// Quiet lets nobody but administrators write in a group. No update tells.
func (s *Server) Quiet(chat int64) { s.change(chat, func(c *chatState) { c.quiet = true }) }

// Refuse makes new messages in a chat fail with any code and description, such
// as Refuse(chat, 400, "Bad Request: CHAT_WRITE_FORBIDDEN"). No update tells.
func (s *Server) Refuse(chat int64, code int, description string) {
	s.change(chat, func(c *chatState) { c.refusal, c.mute = refuse(code, description), true })
}

// Invite has somebody let the bot into a group that it isn't in, or make it an
// administrator of a channel: a my_chat_member update.
func (s *Server) Invite(chat, by int64) {
	s.change(chat, func(c *chatState) {
		status := member
		if c.kind == channel {
			status = administrator
		}
		s.know(by)
		c.bot = left
		s.changeBot(c, status, nil, by)
	})
}

// Promote makes the bot an administrator of a group: a my_chat_member update.
func (s *Server) Promote(chat, by int64) {
	s.change(chat, func(c *chatState) { s.changeBot(c, administrator, nil, by) })
}

// Restore undoes Block, Kick, Mute and Refuse: the bot is what it was first.
func (s *Server) Restore(chat int64) {
	s.change(chat, func(c *chatState) {
		status, by := member, c.boss()
		switch c.kind {
		case channel:
			status = administrator
		case private:
			by = chat
		}
		if c.bot == status {
			c.refusal, c.mute = nil, false
			return
		}
		s.changeBot(c, status, nil, by)
	})
}

// Deactivate deletes a person's account: 403 for their private chat.
func (s *Server) Deactivate(user int64) {
	s.mu.Lock()
	defer s.mu.Unlock()
	p := s.know(user)
	p.deactivated, p.name = true, ""
}

// Migrate makes a group a supergroup with another id: 400 with
// migrate_to_chat_id for the old one, and the two service messages.
func (s *Server) Migrate(chat, newID int64) {
	s.change(chat, func(c *chatState) {
		moved := *c
		moved.id, moved.kind, moved.lastID = newID, supergroup, 0
		s.chats[newID] = &moved
		s.service(c, "migrate_to_chat_id", newID)
		c.movedTo = newID
		s.service(&moved, "migrate_from_chat_id", chat)
	})
}

// service sends a service message by whoever runs the chat.
func (s *Server) service(c *chat, key string, value int64) {
	r := s.newRecord(c, s.userJSON(c.boss()))
	r.data[key] = value
	s.push("message", clone(r.data))
}

// CloseTopic closes a topic: 400 TOPIC_CLOSED.
func (s *Server) CloseTopic(chat, thread int64) {
	s.change(chat, func(c *chatState) { c.topics[thread] = refuse(http.StatusBadRequest, "Bad Request: TOPIC_CLOSED") })
}

// DeleteTopic deletes a topic: 400 message thread not found.
func (s *Server) DeleteTopic(chat, thread int64) {
	s.change(chat, func(c *chatState) {
		c.topics[thread] = refuse(http.StatusBadRequest, "Bad Request: message thread not found")
	})
}

// boss is who does what somebody must have done: the first member, or the
// other side of a private chat.
func (c *chat) boss() int64 {
	switch {
	case c.kind == private:
		return c.id
	case len(c.order) > 0:
		return c.order[0]
	}
	return anonymousBot
}

// changeBot changes the bot's status and tells it; the lock is held.
func (s *Server) changeBot(c *chat, status string, refusal *failure, by int64) {
	before := c.bot
	c.bot, c.refusal, c.mute = status, refusal, false
	s.push("my_chat_member", object{
		"chat": s.chatJSON(c), "from": s.userJSON(by), "date": s.now().Unix(),
		"old_chat_member": s.memberJSON(c, s.botID, before),
		"new_chat_member": s.memberJSON(c, s.botID, status),
	})
}
