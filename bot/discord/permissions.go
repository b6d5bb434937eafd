// permissions: what a person or the bot may do in a place (docs.discord.com,
// Permissions).

package discord

import (
	"cmp"
	"context"
	"slices"
	"strconv"
	"strings"

	"github.com/strillone/strillone/bot"
	"github.com/strillone/strillone/digest"
)

// permissions are a sum of bits.
type permissions int64

const (
	administrator   permissions = 1 << 3
	manageServer    permissions = 1 << 5
	viewChannel     permissions = 1 << 10
	sendMessages    permissions = 1 << 11
	embedLinks      permissions = 1 << 14
	mentionEveryone permissions = 1 << 17
	createThreads   permissions = 1 << 35
	sendInThreads   permissions = 1 << 38
	everything      permissions = 1<<62 - 1
)

// manages says whether they make an administrator of a place.
func (p permissions) manages() bool { return p&(administrator|manageServer) != 0 }

// may says whether they hold all of what is needed.
func (p permissions) may(needed permissions) bool {
	return p&administrator != 0 || p&needed == needed
}

func readPermissions(s string) permissions {
	n, _ := strconv.ParseInt(s, 10, 64) // what can't be read allows nothing
	return permissions(n)
}

// Types of channels (docs.discord.com, Channel Types).
const (
	channelDirect    = 1
	announceThread   = 10
	publicThread     = 11
	privateThread    = 12
	overwriteForRole = 0
)

// channel is a channel or a thread.
type channel struct {
	ID         string      `json:"id"`
	Type       int         `json:"type"`
	Name       string      `json:"name"`
	Guild      string      `json:"guild_id"`
	Parent     string      `json:"parent_id"`
	Position   int         `json:"position"`
	Recipients []user      `json:"recipients"`
	Overwrites []overwrite `json:"permission_overwrites"`
}

func (c channel) thread() bool { return c.Type >= announceThread && c.Type <= privateThread }

// overwrite is what a channel changes for a role or a member.
type overwrite struct {
	ID    string      `json:"id"`
	Type  int         `json:"type"`
	Allow permissions `json:"allow,string"`
	Deny  permissions `json:"deny,string"`
}

type role struct {
	ID          string      `json:"id"`
	Permissions permissions `json:"permissions,string"`
	Mentionable bool        `json:"mentionable"`
}

type guild struct {
	ID       string    `json:"id"`
	Owner    string    `json:"owner_id"`
	Roles    []role    `json:"roles"`
	System   string    `json:"system_channel_id"`
	Channels []channel `json:"channels"` // over the gateway only
	Threads  []channel `json:"threads"`  // so these
	Members  []member  `json:"members"`  // and these: the bot is among them
	Locale   string    `json:"preferred_locale"`
	Joined   string    `json:"joined_at"`
	Outage   bool      `json:"unavailable"`
}

// of is what a member with these roles may do in the whole server.
func (g guild) of(who string, roles []string) permissions {
	if who == g.Owner {
		return everything
	}
	var sum permissions
	for _, r := range g.Roles {
		if r.ID == g.ID || slices.Contains(roles, r.ID) { // the role of everybody has the server's id
			sum |= r.Permissions
		}
	}
	return sum
}

// in is what the member may do in a channel of the server.
func (g guild) in(c channel, who string, roles []string) permissions {
	sum := g.of(who, roles)
	if sum&administrator != 0 {
		return everything
	}
	var allow, deny permissions
	for _, o := range c.Overwrites {
		switch {
		case o.ID == g.ID:
			sum = sum&^o.Deny | o.Allow
		case o.Type == overwriteForRole && slices.Contains(roles, o.ID):
			allow, deny = allow|o.Allow, deny|o.Deny
		}
	}
	sum = sum&^deny | allow
	for _, o := range c.Overwrites {
		if o.Type != overwriteForRole && o.ID == who {
			sum = sum&^o.Deny | o.Allow
		}
	}
	if sum&viewChannel == 0 {
		return 0
	}
	return sum
}

// standing is what somebody may do in a channel, and what the channel is.
type standing struct {
	channel channel // of a thread, its channel's overwrites
	guild   guild   // the zero guild in direct messages
	may     permissions
}

// standingIn asks Discord.
func (a *Adapter) standingIn(ctx context.Context, id, who string) (standing, error) {
	var s standing
	if err := a.client.call(ctx, "GET", "/channels/"+id, nil, &s.channel); err != nil {
		return s, err
	}
	if s.channel.Guild == "" {
		s.may = everything
		return s, nil
	}
	if s.channel.thread() {
		var parent channel
		if err := a.client.call(ctx, "GET", "/channels/"+s.channel.Parent, nil, &parent); err != nil {
			return s, err
		}
		s.channel.Overwrites = parent.Overwrites
	}
	path := "/guilds/" + s.channel.Guild
	if err := a.client.call(ctx, "GET", path, nil, &s.guild); err != nil {
		return s, err
	}
	var m member
	if err := a.client.call(ctx, "GET", path+"/members/"+who, nil, &m); err != nil {
		return s, err
	}
	s.may = s.guild.in(s.channel, who, m.Roles)
	return s, nil
}

// Codes of places that one has no part in.
const (
	unknownChannel = 10003
	unknownServer  = 10004
	unknownMember  = 10007
	missingAccess  = 50001
)

func noPart(err error) bool {
	switch codeOf(err) {
	case unknownChannel, unknownServer, unknownMember, missingAccess:
		return true
	}
	return false
}

// administersIn says whether a person administers a place, that it was asked in
// or any other.
func (a *Adapter) administersIn(who string) func(context.Context, digest.Destination) (bool, error) {
	return func(ctx context.Context, to digest.Destination) (bool, error) {
		id := cmp.Or(to.Thread, to.Chat)
		if to.Platform != platform || !snowflake(id) {
			return false, nil
		}
		s, err := a.standingIn(ctx, id, who)
		switch {
		case noPart(err):
			return false, nil
		case err != nil:
			return false, failureOf(err)
		case s.channel.Guild == "":
			return slices.ContainsFunc(s.channel.Recipients, func(u user) bool { return u.ID == who }), nil
		}
		return s.may.manages(), nil
	}
}

// The commands, by their canonical names, that change what deliveries need.
const (
	subscribeCommand  = "iscriviti"
	mentionCommand    = "menzione"
	discussionCommand = "discussione"
)

// missing says what the bot may not do in a place: of what every delivery needs,
// and of what the settings need that the lines are about. What comes with the
// interaction is used, where it is about the place.
func (d *desk) missing(i interaction, lines []string) func(context.Context, digest.Destination) ([]bot.Permission, error) {
	return func(ctx context.Context, to digest.Destination) ([]bot.Permission, error) {
		id := cmp.Or(to.Thread, to.Chat)
		if to.Platform != platform || !snowflake(id) {
			return nil, nil
		}
		s := standing{channel: i.Where, may: readPermissions(i.Permissions)}
		if id != i.Channel || i.elsewhere() || i.Permissions == "" {
			var err error
			if s, err = d.standingIn(ctx, id, d.me()); noPart(err) {
				return []bot.Permission{bot.SeeChannel}, nil
			} else if err != nil {
				return nil, failureOf(err)
			}
		}
		if s.channel.Type == channelDirect {
			return nil, nil
		}
		return lacking(s, lines, i.Data.Resolved.Roles), nil
	}
}

// lacking are the permissions that are needed and not there.
func lacking(s standing, lines []string, known map[string]role) []bot.Permission {
	var out []bot.Permission
	need := func(p permissions, name bot.Permission) {
		if !s.may.may(p) {
			out = append(out, name)
		}
	}
	need(viewChannel, bot.SeeChannel)
	if s.channel.thread() {
		need(sendInThreads, bot.WriteInThreads)
	} else {
		need(sendMessages, bot.WriteMessages)
	}
	need(embedLinks, bot.ShowLinks)
	for _, line := range lines {
		switch name, args := commandLine(line); {
		case name == discussionCommand:
			need(createThreads, bot.OpenThreads)
		case name == mentionCommand && !mentionable(s, args, known):
			need(mentionEveryone, bot.MentionRoles)
		}
	}
	return out
}

// mentionable says whether the role that a line names lets itself be mentioned;
// a line that names none asks for nothing.
func mentionable(s standing, args string, known map[string]role) bool {
	id, _, _ := strings.Cut(args, " ")
	if !snowflake(id) {
		return true
	}
	if r, ok := known[id]; ok {
		return r.Mentionable
	}
	return slices.ContainsFunc(s.guild.Roles, func(r role) bool { return r.ID == id && r.Mentionable })
}
