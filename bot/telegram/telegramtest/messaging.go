// Messaging: the methods that send, edit and delete messages.

package telegramtest

import (
	"html"
	"net/http"
	"slices"
)

func badRequest(description string) *failure {
	return refuse(http.StatusBadRequest, "Bad Request: "+description)
}

// sendMessage plays sendMessage and sendRichMessage.
func (s *Server) sendMessage(c *Call) (any, *failure) {
	in, f := s.writable(c)
	if f != nil {
		return nil, f
	}
	to, f := s.repliedTo(in, c)
	if f != nil {
		return nil, f
	}
	r := s.newRecord(in, s.me())
	if in.kind == channel {
		delete(r.data, "from")
		r.data["sender_chat"] = s.chatJSON(in)
	}
	r.mine, r.silent = true, c.truth("disable_notification")
	r.put(c.integer("message_thread_id"), to)
	r.write(c)
	return clone(r.data), nil
}

// repliedTo finds the message that a call replies to.
func (s *Server) repliedTo(in *chat, c *Call) (*record, *failure) {
	reply := c.object("reply_parameters")
	if reply == nil {
		return nil, nil
	}
	to := s.record(in, integer(reply, "message_id"))
	if to == nil && !truth(reply, "allow_sending_without_reply") {
		return nil, badRequest("message to be replied not found")
	}
	return to, nil
}

// write gives the message a call's text, keyboard and preview.
func (r *record) write(c *Call) {
	r.fill(*c.content)
	r.rich = c.carries("rich_message")
	if r.html = source(c); !isHTML(c) {
		r.html = html.EscapeString(r.html)
	}
	if r.rich { // as blocks that nobody here reads
		delete(r.data, "text")
		delete(r.data, "entities")
		r.data["rich_message"] = object{"blocks": []any{object{"type": "paragraph", "text": c.content.text}}}
	} else {
		delete(r.data, "rich_message")
	}
	delete(r.data, "link_preview_options")
	if o := c.object("link_preview_options"); o != nil {
		r.data["link_preview_options"] = o
	}
	r.markup(c.object("reply_markup"))
}

// editable finds the message that a call edits.
func (s *Server) editable(c *Call) (*record, *failure) {
	in, f := s.writable(c)
	if f != nil {
		return nil, f
	}
	r := s.record(in, c.integer("message_id"))
	switch {
	case r == nil:
		return nil, badRequest("message to edit not found")
	case !r.mine || r.expired:
		return nil, badRequest("message can't be edited")
	}
	return r, nil
}

const notModified = "message is not modified: specified new message content and reply markup are exactly the same as a current content and reply markup of the message"

func (s *Server) editMessageText(c *Call) (any, *failure) {
	if s.settings.plain && c.carries("rich_message") { // it knows text alone
		return nil, badRequest("message text is empty")
	}
	return s.edit(c, func(r *record) { r.write(c) })
}

func (s *Server) editMessageReplyMarkup(c *Call) (any, *failure) {
	return s.edit(c, func(r *record) { r.markup(c.object("reply_markup")) })
}

func (s *Server) edit(c *Call, change func(*record)) (any, *failure) {
	r, f := s.editable(c)
	if f != nil {
		return nil, f
	}
	before := r.appearance()
	if change(r); r.appearance() == before {
		return nil, badRequest(notModified)
	}
	r.edits++
	r.shown = nil
	r.data["edit_date"] = s.now().Unix()
	return clone(r.data), nil
}

func (s *Server) deleteMessage(c *Call) (any, *failure) {
	in, f := s.present(c)
	if f != nil {
		return nil, f
	}
	r := s.record(in, c.integer("message_id"))
	switch {
	case r == nil:
		return nil, badRequest("message to delete not found")
	case r.expired, !r.mine && in.bot != administrator && in.kind != private:
		return nil, badRequest("message can't be deleted")
	}
	r.deleted, r.shown = true, nil
	return true, nil
}

// DeleteMessage deletes any message as an administrator would: the bot's
// edits of it find nothing, presses on it carry an inaccessible message.
func (s *Server) DeleteMessage(m Message) {
	s.alter(m, func(r *record) { r.deleted = true })
}

// ExpireMessage makes a message too old for bots: it can be neither edited nor
// deleted, and presses on it carry an inaccessible message, of date 0.
func (s *Server) ExpireMessage(m Message) {
	s.alter(m, func(r *record) { r.expired = true })
}

func (s *Server) alter(m Message, f func(*record)) {
	s.reporter.Helper()
	s.mu.Lock()
	i := slices.IndexFunc(s.records, func(r *record) bool { return r.chat.id == m.Chat && r.id() == m.ID })
	if i >= 0 {
		f(s.records[i])
		s.records[i].shown = nil
		s.notify()
	}
	s.mu.Unlock()
	if i < 0 {
		s.violate("the test names a message %d of chat %d that doesn't exist", m.ID, m.Chat)
	}
}
