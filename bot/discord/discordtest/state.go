// The world: users, guilds, members and channels, and adding to them.

package discordtest

import (
	"time"
)

// ChannelType is the type of a channel.
type ChannelType int

// The channel types the server plays.
const (
	GuildText          ChannelType = 0
	DirectMessage      ChannelType = 1
	GroupMessage       ChannelType = 3 // of people, without the bot
	GuildAnnouncement  ChannelType = 5
	AnnouncementThread ChannelType = 10
	PublicThread       ChannelType = 11
	PrivateThread      ChannelType = 12
)

// Permissions of members and of the bot.
const (
	PermissionAdministrator   int64 = 1 << 3
	PermissionManageGuild     int64 = 1 << 5
	PermissionViewChannel     int64 = 1 << 10
	PermissionSendMessages    int64 = 1 << 11
	PermissionManageMessages  int64 = 1 << 13
	PermissionEmbedLinks      int64 = 1 << 14
	PermissionReadHistory     int64 = 1 << 16
	PermissionMentionEveryone int64 = 1 << 17
	PermissionUseCommands     int64 = 1 << 31
	PermissionCreateThreads   int64 = 1 << 35
	PermissionSendInThreads   int64 = 1 << 38

	// PermissionsMember is what everyone has in a new guild.
	PermissionsMember = PermissionViewChannel | PermissionSendMessages | PermissionEmbedLinks | PermissionReadHistory |
		PermissionUseCommands | PermissionCreateThreads | PermissionSendInThreads
	// PermissionsBot is what the bot has in a new guild.
	PermissionsBot = PermissionsMember | PermissionManageMessages
)

// User is an account.
type User struct {
	ID         string // a new snowflake if empty
	Username   string
	GlobalName string
	Locale     string // of the client, "en-US" if empty
	Bot        bool
}

// Guild is a server on Discord.
type Guild struct {
	ID      string // a new snowflake if empty
	Name    string
	OwnerID string
	Locale  string // preferred locale, "en-US" if empty
	System  string // the channel of its system messages
	Foreign bool   // the bot is no member: it is there with people who installed it
}

// Channel is a guild channel, a thread or the direct messages with a user.
type Channel struct {
	ID        string // a new snowflake if empty
	GuildID   string // empty for direct messages
	ParentID  string // the channel of a thread
	Name      string
	Type      ChannelType
	Recipient string // the user of direct messages
	Position  int
}

type user struct {
	User
	installed bool // carries the app everywhere
	deleted   bool
	dmClosed  *failure // what messages to the user get
	dm        string   // the channel, once opened
}

type guild struct {
	Guild
	members     map[string]*member
	roles       []object
	gone        bool // the bot was removed
	unavailable bool
}

type member struct {
	permissions int64
	roles       []string
	joined      time.Time
}

type channel struct {
	Channel
	deleted bool
	hidden  bool     // 50001 for everything
	refusal *failure // what new messages get
	denied  int64    // what the bot may not do here
	last    string   // last message
	archive int      // auto_archive_duration of a thread
}

// AddUser makes an account.
func (s *Server) AddUser(u User) User {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.addUser(u)
}

func (s *Server) addUser(u User) User {
	if u.ID == "" {
		u.ID = s.newID()
	}
	if u.Username == "" {
		u.Username = "user" + u.ID
	}
	if u.Locale == "" {
		u.Locale = "en-US"
	}
	s.users[u.ID] = &user{User: u}
	return u
}

// Install has a user install the app for themselves: from then on its commands
// are where the user is.
func (s *Server) Install(u User) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.users[u.ID] == nil {
		s.addUser(u)
	}
	s.users[u.ID].installed = true
}

// AddGuild makes a guild of which the bot is a member, unless it is Foreign, with
// some channels, and tells the gateway (GUILD_CREATE).
func (s *Server) AddGuild(g Guild, channels ...Channel) Guild {
	s.mu.Lock()
	defer s.mu.Unlock()
	if g.ID == "" {
		g.ID = s.newID()
	}
	if g.Locale == "" {
		g.Locale = "en-US"
	}
	if g.OwnerID == "" {
		g.OwnerID = s.addUser(User{Username: "owner" + g.ID}).ID
	}
	in := &guild{Guild: g, members: map[string]*member{}, gone: g.Foreign}
	in.roles = []object{roleJSON(g.ID, "@everyone", PermissionsMember, 0)}
	in.roles[0]["mentionable"] = false
	s.guilds[g.ID] = in
	s.guildOrder = append(s.guildOrder, g.ID)
	s.addMember(in, s.bot.ID, PermissionsBot)
	s.addMember(in, g.OwnerID, PermissionsMember|PermissionAdministrator|PermissionManageGuild)
	for _, c := range channels {
		if c.ID == "" {
			c.ID = s.newID()
		}
		c.GuildID = g.ID
		s.channels[c.ID] = &channel{Channel: c, archive: 1440}
		s.channelOrder = append(s.channelOrder, c.ID)
	}
	if !g.Foreign {
		s.emit(g.ID, "GUILD_CREATE", s.guildEvent(in))
	}
	s.notify()
	return g
}

func roleJSON(id, name string, permissions int64, position int) object {
	return object{"id": id, "name": name, "permissions": decimal(permissions),
		"position": position, "color": 0, "hoist": false, "managed": false, "mentionable": true, "flags": 0}
}

// AddMember makes a user a member of a guild, or changes what the member may
// and which roles it has. Permissions are the sum in every channel.
func (s *Server) AddMember(guildID string, u User, permissions int64, roles ...string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if g := s.guilds[guildID]; g != nil {
		s.addMember(g, u.ID, permissions, roles...)
	}
}

// addMember gives a member who may more than everybody a role that says so.
func (s *Server) addMember(g *guild, id string, permissions int64, roles ...string) {
	if permissions&^PermissionsMember != 0 {
		role := s.newID()
		g.roles = append(g.roles, roleJSON(role, "of "+id, permissions, len(g.roles)))
		roles = append(roles, role)
	}
	g.members[id] = &member{permissions: permissions, roles: roles, joined: s.now()}
}

// Unmentionable makes a role one that only those with Mention Everyone may
// mention, as new roles are on Discord.
func (s *Server) Unmentionable(guildID, roleID string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if g := s.guilds[guildID]; g != nil {
		for _, role := range g.roles {
			if str(role, "id") == roleID {
				role["mentionable"] = false
			}
		}
	}
}

// AddRole makes a role in a guild, one that anybody may mention, and returns
// its id.
func (s *Server) AddRole(guildID, name string, permissions int64) string {
	s.mu.Lock()
	defer s.mu.Unlock()
	id := s.newID()
	if g := s.guilds[guildID]; g != nil {
		g.roles = append(g.roles, roleJSON(id, name, permissions, len(g.roles)))
	}
	return id
}

// AddChannel makes a channel or thread in a guild, and tells the gateway.
func (s *Server) AddChannel(c Channel) Channel {
	s.mu.Lock()
	defer s.mu.Unlock()
	if c.ID == "" {
		c.ID = s.newID()
	}
	s.addChannel(&channel{Channel: c, archive: 1440})
	s.notify()
	return c
}

func (s *Server) addChannel(c *channel) {
	s.channels[c.ID] = c
	s.channelOrder = append(s.channelOrder, c.ID)
	switch {
	case c.GuildID == "": // Discord tells bots of no new direct messages
	case c.thread():
		s.emit(c.GuildID, "THREAD_CREATE", s.channelJSON(c))
	default:
		s.emit(c.GuildID, "CHANNEL_CREATE", s.channelJSON(c))
	}
}

// DM is the channel of direct messages between the bot and a user.
func (s *Server) DM(u User) Channel {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.users[u.ID] == nil {
		s.addUser(u)
	}
	return s.openDM(s.users[u.ID]).Channel
}

func (s *Server) openDM(u *user) *channel {
	if u.dm == "" {
		u.dm = s.newID()
		s.addChannel(&channel{Channel: Channel{ID: u.dm, Type: DirectMessage, Recipient: u.ID}})
	}
	return s.channels[u.dm]
}

// Channel looks a channel up, one that the bot made included.
func (s *Server) Channel(id string) (Channel, bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	c := s.channels[id]
	if c == nil || c.deleted {
		return Channel{}, false
	}
	return c.Channel, true
}

// Channels lists guild channels, threads and direct messages in order of
// creation.
func (s *Server) Channels() []Channel {
	s.mu.Lock()
	defer s.mu.Unlock()
	var out []Channel
	for _, id := range s.channelOrder {
		if c := s.channels[id]; !c.deleted {
			out = append(out, c.Channel)
		}
	}
	return out
}

func (c *channel) thread() bool {
	return c.Type == AnnouncementThread || c.Type == PublicThread || c.Type == PrivateThread
}
