// Changes of the world that make requests fail with a documented code.

package discordtest

// DeleteChannel deletes a channel: 10003 from now on, CHANNEL_DELETE or
// THREAD_DELETE over the gateway.
func (s *Server) DeleteChannel(id string) {
	s.changeChannel(id, func(c *channel) {
		c.deleted = true
		if c.GuildID == "" {
			return
		}
		event := "CHANNEL_DELETE"
		if c.thread() {
			event = "THREAD_DELETE"
		}
		s.emit(c.GuildID, event, s.channelJSON(c))
	})
}

// HideChannel takes the bot's View Channel away: 50001 for every request.
func (s *Server) HideChannel(id string) { s.changeChannel(id, func(c *channel) { c.hidden = true }) }

// RevokeSend takes the bot's Send Messages away: 50013 for new messages,
// threads and crossposts.
func (s *Server) RevokeSend(id string) {
	s.changeChannel(id, func(c *channel) { c.refusal = missingPermissions() })
}

// Deny takes permissions of the bot's away in a channel. What it does without
// them there fails only as far as other methods say; interactions and the
// channel itself tell of it.
func (s *Server) Deny(id string, permissions int64) {
	s.changeChannel(id, func(c *channel) { c.denied |= permissions })
}

// Refuse makes new messages in a channel fail with any status and code.
func (s *Server) Refuse(id string, status, code int, message string) {
	s.changeChannel(id, func(c *channel) { c.refusal = refuse(status, code, message) })
}

// RestoreChannel undoes DeleteChannel, HideChannel, RevokeSend, Deny and Refuse.
func (s *Server) RestoreChannel(id string) {
	s.changeChannel(id, func(c *channel) { c.deleted, c.hidden, c.refusal, c.denied = false, false, nil, 0 })
}

func (s *Server) changeChannel(id string, change func(*channel)) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if c := s.channels[id]; c != nil {
		change(c)
		s.notify()
	}
}

// CloseDMs makes a user refuse direct messages from the bot: 50007.
func (s *Server) CloseDMs(u User) {
	s.changeDMs(u, refuse(403, 50007, "Cannot send messages to this user"))
}

// LoseMutualGuilds leaves the bot without a guild in common with a user: 50278.
func (s *Server) LoseMutualGuilds(u User) {
	s.changeDMs(u, refuse(403, 50278, "Cannot send messages to this user due to having no mutual guilds"))
}

// OpenDMs undoes CloseDMs and LoseMutualGuilds.
func (s *Server) OpenDMs(u User) { s.changeDMs(u, nil) }

func (s *Server) changeDMs(u User, f *failure) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if in := s.users[u.ID]; in != nil {
		in.dmClosed = f
	}
}

// DeleteUser deletes an account: 10013 when it is looked up or written to.
func (s *Server) DeleteUser(u User) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if in := s.users[u.ID]; in != nil {
		in.deleted = true
	}
}

// RemoveGuild removes the bot from a guild: GUILD_DELETE without unavailable;
// 10004 for the guild, 50001 for its channels.
func (s *Server) RemoveGuild(id string) {
	s.changeGuild(id, func(g *guild) {
		g.gone = true
		s.emit(id, "GUILD_DELETE", object{"id": id})
	})
}

// GuildOutage makes a guild unavailable: GUILD_DELETE with unavailable set,
// 503 for its channels. It is no removal.
func (s *Server) GuildOutage(id string) {
	s.changeGuild(id, func(g *guild) {
		g.unavailable = true
		s.emit(id, "GUILD_DELETE", object{"id": id, "unavailable": true})
	})
}

// RestoreGuild ends an outage or a removal: GUILD_CREATE.
func (s *Server) RestoreGuild(id string) {
	s.changeGuild(id, func(g *guild) {
		g.gone, g.unavailable = false, false
		s.emit(id, "GUILD_CREATE", s.guildEvent(g))
	})
}

func (s *Server) changeGuild(id string, change func(*guild)) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if g := s.guilds[id]; g != nil {
		change(g)
		s.notify()
	}
}

// access finds a channel the bot may see.
func (s *Server) access(id string) (*channel, *failure) {
	c := s.channels[id]
	if c == nil || c.deleted {
		return nil, unknownChannel()
	}
	if g := s.guilds[c.GuildID]; g != nil {
		if g.gone {
			return nil, missingAccess()
		}
		if g.unavailable {
			return nil, refuse(503, 0, "503: Service Unavailable")
		}
	}
	if c.hidden {
		return nil, missingAccess()
	}
	if parent := s.channels[c.ParentID]; c.thread() && parent != nil {
		if _, f := s.access(parent.ID); f != nil {
			return nil, f
		}
	}
	return c, nil
}

// writable finds a channel the bot may post in.
func (s *Server) writable(id string) (*channel, *failure) {
	c, f := s.access(id)
	if f != nil {
		return nil, f
	}
	if c.refusal != nil {
		return nil, c.refusal
	}
	if parent := s.channels[c.ParentID]; c.thread() && parent != nil && parent.refusal != nil {
		return nil, parent.refusal
	}
	if u := s.users[c.Recipient]; c.Type == DirectMessage && u != nil {
		if u.deleted {
			return nil, refuse(404, 10013, "Unknown User")
		}
		if u.dmClosed != nil {
			return nil, u.dmClosed
		}
	}
	return c, nil
}
