// JSON of users, members, guilds and channels as Discord writes them.

package discordtest

import (
	"strconv"
	"time"
)

func stamp(t time.Time) string { return t.UTC().Format("2006-01-02T15:04:05.000000-07:00") }

func userJSON(u User) object {
	o := object{"id": u.ID, "username": u.Username, "discriminator": "0", "global_name": nil, "avatar": nil, "public_flags": 0}
	if u.GlobalName != "" {
		o["global_name"] = u.GlobalName
	}
	if u.Bot {
		o["bot"] = true
	}
	return o
}

// memberJSON is a member with its user; permissions are of interactions only.
func memberJSON(u User, m *member) object {
	roles := []any{}
	for _, r := range m.roles {
		roles = append(roles, r)
	}
	return object{"user": userJSON(u), "nick": nil, "avatar": nil, "roles": roles, "joined_at": stamp(m.joined),
		"deaf": false, "mute": false, "flags": 0, "pending": false}
}

func (s *Server) channelJSON(c *channel) object {
	o := object{"id": c.ID, "type": int(c.Type), "last_message_id": nil, "flags": 0}
	if c.last != "" {
		o["last_message_id"] = c.last
	}
	if c.Type == DirectMessage || c.Type == GroupMessage {
		recipients := []any{}
		if u := s.users[c.Recipient]; u != nil {
			recipients = append(recipients, userJSON(u.User))
		}
		o["recipients"] = recipients
		return o
	}
	o["guild_id"], o["name"], o["parent_id"] = c.GuildID, c.Name, nil
	if c.ParentID != "" {
		o["parent_id"] = c.ParentID
	}
	if c.thread() {
		o["owner_id"], o["message_count"], o["member_count"], o["rate_limit_per_user"] = s.bot.ID, 0, 1, 0
		o["thread_metadata"] = object{"archived": false, "locked": false, "auto_archive_duration": c.archive,
			"archive_timestamp": stamp(s.now()), "create_timestamp": stamp(s.now())}
		return o
	}
	o["position"], o["nsfw"], o["topic"], o["permission_overwrites"] = c.Position, false, nil, []any{}
	if denied := c.deniedAll(); denied != 0 {
		o["permission_overwrites"] = []any{object{"id": s.bot.ID, "type": 1, "allow": "0", "deny": decimal(denied)}}
	}
	return o
}

func guildJSON(g *guild) object {
	roles := []any{}
	for _, r := range g.roles {
		roles = append(roles, clone(r))
	}
	return object{"id": g.ID, "name": g.Name, "owner_id": g.OwnerID, "preferred_locale": g.Locale, "icon": nil,
		"roles": roles, "emojis": []any{}, "stickers": []any{}, "features": []any{}, "verification_level": 0,
		"mfa_level": 0, "default_message_notifications": 0, "explicit_content_filter": 0, "afk_timeout": 300,
		"system_channel_id": orNull(g.System), "system_channel_flags": 0, "premium_tier": 0, "nsfw_level": 0}
}

func orNull(s string) any {
	if s == "" {
		return nil
	}
	return s
}

// guildEvent is the fuller guild of GUILD_CREATE.
func (s *Server) guildEvent(g *guild) object {
	o := guildJSON(g)
	channels, threads := []any{}, []any{}
	for _, id := range s.channelOrder {
		switch c := s.channels[id]; {
		case c.GuildID != g.ID || c.deleted || c.hidden:
		case c.thread():
			threads = append(threads, s.channelJSON(c))
		default:
			channels = append(channels, s.channelJSON(c))
		}
	}
	self := memberJSON(s.bot, g.members[s.bot.ID])
	o["channels"], o["threads"], o["members"] = channels, threads, []any{self}
	o["joined_at"], o["large"], o["member_count"], o["unavailable"] = self["joined_at"], false, len(g.members), false
	o["presences"], o["voice_states"], o["stage_instances"], o["guild_scheduled_events"] = []any{}, []any{}, []any{}, []any{}
	return o
}

func (s *Server) applicationJSON() object {
	return object{"id": s.settings.appID, "name": s.bot.GlobalName, "icon": nil, "description": "", "bot_public": true,
		"bot_require_code_grant": false, "verify_key": "00", "flags": 0, "bot": userJSON(s.bot),
		"integration_types_config": object{"0": object{}, "1": object{}}, "approximate_guild_count": len(s.guilds)}
}

// permissions is the sum a user has in a guild channel; in a thread, as in its
// channel.
func (s *Server) permissions(c *channel, userID string) int64 {
	g := s.guilds[c.GuildID]
	if g == nil {
		return PermissionsBot
	}
	m := g.members[userID]
	if m == nil {
		return PermissionsMember
	}
	p := m.permissions
	if userID == s.bot.ID {
		p &^= c.deniedAll()
		if parent := s.channels[c.ParentID]; c.thread() && parent != nil {
			p &^= parent.deniedAll()
		}
	}
	return p
}

// deniedAll is all that the bot may not do in a channel.
func (c *channel) deniedAll() int64 {
	p := c.denied
	if c.hidden {
		p |= PermissionViewChannel
	}
	if c.refusal != nil {
		p |= PermissionSendMessages | PermissionSendInThreads
	}
	return p
}

func decimal(n int64) string { return strconv.FormatInt(n, 10) }
