// REST: gateway addresses, users, direct messages, the application, guilds.

package discordtest

func (s *Server) getGateway(*Call) (int, any, *failure) {
	return 200, object{"url": s.GatewayURL()}, nil
}

func (s *Server) getGatewayBot(*Call) (int, any, *failure) {
	return 200, object{"url": s.GatewayURL(), "shards": s.settings.shards, "session_start_limit": object{
		"total": 1000, "remaining": 1000, "reset_after": 14400000, "max_concurrency": 1}}, nil
}

func (s *Server) getMe(*Call) (int, any, *failure) {
	o := userJSON(s.bot)
	o["verified"], o["mfa_enabled"], o["email"], o["flags"] = true, true, nil, 0
	return 200, o, nil
}

func (s *Server) getUser(c *Call) (int, any, *failure) {
	u := s.users[c.Params["user_id"]]
	if u == nil || u.deleted {
		return 0, nil, refuse(404, 10013, "Unknown User")
	}
	return 200, userJSON(u.User), nil
}

func (s *Server) getMyGuilds(*Call) (int, any, *failure) {
	out := []any{}
	for _, id := range s.guildOrder {
		if g := s.guilds[id]; !g.gone {
			out = append(out, object{"id": g.ID, "name": g.Name, "icon": nil, "owner": false,
				"permissions": decimal(g.members[s.bot.ID].permissions), "features": []any{}})
		}
	}
	return 200, out, nil
}

// createDM answers 50033 for an id that no account ever had, 10013 for a
// deleted one. Closed direct messages fail only when a message is sent.
func (s *Server) createDM(c *Call) (int, any, *failure) {
	id := str(c.object(), "recipient_id")
	u := s.users[id]
	switch {
	case id == "":
		return 0, nil, blame(400, 50033, "Invalid Recipient(s)")
	case u == nil || u.Bot:
		return 0, nil, refuse(400, 50033, "Invalid Recipient(s)")
	case u.deleted:
		return 0, nil, refuse(404, 10013, "Unknown User")
	}
	return 200, s.channelJSON(s.openDM(u)), nil
}

func (s *Server) getApplication(*Call) (int, any, *failure) {
	return 200, s.applicationJSON(), nil
}

// guild finds a guild the bot is in.
func (s *Server) guild(c *Call) (*guild, *failure) {
	g := s.guilds[c.Params["guild_id"]]
	switch {
	case g == nil || g.gone:
		return nil, unknownGuild()
	case g.unavailable:
		return nil, refuse(503, 0, "503: Service Unavailable")
	}
	return g, nil
}

func (s *Server) getGuild(c *Call) (int, any, *failure) {
	g, f := s.guild(c)
	if f != nil {
		return 0, nil, f
	}
	return 200, guildJSON(g), nil
}

func (s *Server) getGuildChannels(c *Call) (int, any, *failure) {
	g, f := s.guild(c)
	if f != nil {
		return 0, nil, f
	}
	return 200, s.guildEvent(g)["channels"], nil
}

func (s *Server) getGuildRoles(c *Call) (int, any, *failure) {
	g, f := s.guild(c)
	if f != nil {
		return 0, nil, f
	}
	return 200, guildJSON(g)["roles"], nil
}

func (s *Server) getMember(c *Call) (int, any, *failure) {
	g, f := s.guild(c)
	if f != nil {
		return 0, nil, f
	}
	id := c.Params["user_id"]
	m, u := g.members[id], s.users[id]
	if m == nil || u == nil {
		return 0, nil, refuse(404, 10007, "Unknown Member")
	}
	return 200, memberJSON(u.User, m), nil
}

func (s *Server) getChannel(c *Call) (int, any, *failure) {
	ch, f := s.access(c.Params["channel_id"])
	if f != nil {
		return 0, nil, f
	}
	return 200, s.channelJSON(ch), nil
}

func (s *Server) postTyping(c *Call) (int, any, *failure) {
	if _, f := s.writable(c.Params["channel_id"]); f != nil {
		return 0, nil, f
	}
	return 204, nil, nil
}
