// REST: messages of a channel, crossposts and threads.

package discordtest

import "strconv"

func emptyMessage() *failure { return blame(400, 50006, "Cannot send an empty message") }

func (s *Server) createMessage(c *Call) (int, any, *failure) {
	body := c.object()
	if hollow(body, len(c.Files)) {
		return 0, nil, emptyMessage()
	}
	ch, f := s.writable(c.Params["channel_id"])
	if f != nil {
		return 0, nil, f
	}
	if earlier := s.recall(body); earlier != nil {
		// Discord answers with the earlier message, wherever it was sent: a
		// nonce reused for another channel loses a message without a sign.
		if str(earlier.data, "channel_id") != ch.ID {
			return 0, nil, blame(400, 50035, "discordtest: nonce "+nonceKey(body)+" was used in channel "+
				str(earlier.data, "channel_id")+"; Discord would have returned that message and lost this one")
		}
		return 200, earlier.data, nil
	}
	r := s.compose(ch, s.bot, body, c.Files)
	r.body = c.Body
	if f := s.reference(r, body); f != nil {
		return 0, nil, f
	}
	s.store(r)
	s.remember(body, r)
	return 200, r.data, nil
}

// reference makes the message a reply.
func (s *Server) reference(r *record, body object) *failure {
	ref := sub(body, "message_reference")
	if ref == nil {
		return nil
	}
	to := s.messages[str(ref, "message_id")]
	if to == nil || to.deleted {
		if fail, set := ref["fail_if_not_exists"].(bool); set && !fail {
			return nil
		}
		return invalidForm([]issue{{path: []string{"message_reference"}, code: "MESSAGE_REFERENCE_UNKNOWN_MESSAGE", text: "Unknown message"}})
	}
	r.data["type"], r.data["message_reference"] = 19, clone(ref)
	r.data["referenced_message"] = clone(to.data)
	return nil
}

// visible finds a message a channel route can reach: no ephemeral ones.
func (s *Server) visible(c *Call) (*channel, *record, *failure) {
	ch, f := s.access(c.Params["channel_id"])
	if f != nil {
		return nil, nil, f
	}
	r := s.messages[c.Params["message_id"]]
	if r == nil || r.deleted || r.ephemeral || str(r.data, "channel_id") != ch.ID {
		return nil, nil, unknownMessage()
	}
	return ch, r, nil
}

func (s *Server) getMessage(c *Call) (int, any, *failure) {
	_, r, f := s.visible(c)
	if f != nil {
		return 0, nil, f
	}
	return 200, r.data, nil
}

// listMessages plays limit and before, newest first.
func (s *Server) listMessages(c *Call) (int, any, *failure) {
	ch, f := s.access(c.Params["channel_id"])
	if f != nil {
		return 0, nil, f
	}
	limit := 50
	if n, err := strconv.Atoi(c.Query.Get("limit")); err == nil {
		limit = n
	}
	before, out := c.Query.Get("before"), []any{}
	for i := len(s.messageOrder) - 1; i >= 0 && len(out) < limit; i-- {
		r := s.messageOrder[i]
		if r.deleted || r.ephemeral || str(r.data, "channel_id") != ch.ID || before != "" && !older(r.id(), before) {
			continue
		}
		out = append(out, r.data)
	}
	return 200, out, nil
}

func older(a, b string) bool { return len(a) < len(b) || len(a) == len(b) && a < b }

func (s *Server) editMessage(c *Call) (int, any, *failure) {
	_, r, f := s.visible(c)
	if f != nil {
		return 0, nil, f
	}
	if r.author.ID != s.bot.ID {
		return 0, nil, blame(403, 50005, "Cannot edit a message authored by another user")
	}
	if f := s.emptied(r, c); f != nil {
		return 0, nil, f
	}
	s.change(r, c, c.object())
	return 200, r.data, nil
}

// emptied refuses an edit that would leave nothing in a message.
func (s *Server) emptied(r *record, c *Call) *failure {
	after := object{}
	for _, key := range []string{"content", "embeds", "components", "attachments"} {
		after[key] = r.data[key]
		if v, ok := c.object()[key]; ok {
			after[key] = v
		}
	}
	if hollow(after, len(c.Files)) {
		return emptyMessage()
	}
	return nil
}

func (s *Server) deleteMessage(c *Call) (int, any, *failure) {
	ch, r, f := s.visible(c)
	if f != nil {
		return 0, nil, f
	}
	if r.author.ID != s.bot.ID {
		if ch.Type == DirectMessage {
			return 0, nil, blame(403, 50003, "Cannot execute action on a DM channel")
		}
		if s.permissions(ch, s.bot.ID)&(PermissionManageMessages|PermissionAdministrator) == 0 {
			return 0, nil, missingPermissions()
		}
	}
	s.remove(r)
	return 204, nil, nil
}

func (s *Server) crosspost(c *Call) (int, any, *failure) {
	ch, r, f := s.visible(c)
	if f == nil {
		_, f = s.writable(ch.ID)
	}
	switch {
	case f != nil:
		return 0, nil, f
	case ch.Type != GuildAnnouncement:
		return 0, nil, blame(400, 50024, "Cannot execute action on this channel type")
	case integer(r.data, "flags")&FlagCrossposted != 0:
		return 0, nil, refuse(400, 40033, "This message has already been crossposted")
	}
	r.data["flags"] = integer(r.data, "flags") | FlagCrossposted
	s.emitMessage("MESSAGE_UPDATE", r)
	return 200, r.data, nil
}

func (s *Server) startThread(c *Call) (int, any, *failure) {
	ch, r, f := s.visible(c)
	if f == nil {
		_, f = s.writable(ch.ID)
	}
	switch {
	case f != nil:
		return 0, nil, f
	case ch.Type != GuildText && ch.Type != GuildAnnouncement:
		return 0, nil, blame(400, 50024, "Cannot execute action on this channel type")
	case r.thread != "":
		return 0, nil, refuse(400, 160004, "A thread has already been created for this message")
	}
	kind := PublicThread
	if ch.Type == GuildAnnouncement {
		kind = AnnouncementThread
	}
	// A thread started from a message has the message's id.
	t := &channel{archive: 1440, Channel: Channel{
		ID: r.id(), GuildID: ch.GuildID, ParentID: ch.ID, Name: str(c.object(), "name"), Type: kind}}
	if n := integer(c.object(), "auto_archive_duration"); n != 0 {
		t.archive = n
	}
	r.thread = t.ID
	r.data["flags"] = integer(r.data, "flags") | FlagHasThread
	s.addChannel(t)
	s.emitMessage("MESSAGE_UPDATE", r)
	return 201, s.channelJSON(t), nil
}
