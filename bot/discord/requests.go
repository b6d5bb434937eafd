// requests: interactions and messages as bot.Request and bot.Text.

package discord

import (
	"cmp"
	"context"
	"regexp"
	"strconv"
	"strings"

	"github.com/strillone/strillone/bot"
	"github.com/strillone/strillone/digest"
)

// requestOf is what an interaction asks; false for those that ask nothing this
// bot ever offered.
func requestOf(i interaction) (bot.Request, bool) {
	who, as := i.person()
	if who.ID == "" || i.Channel == "" {
		return bot.Request{}, false
	}
	r := bot.Request{
		Actor:       actor(who, as, i.Locale),
		Place:       place(i.Channel),
		Kind:        kind(i.Guild),
		Pressed:     i.pressed(),
		Administers: administers(i),
	}
	var line string
	switch {
	case i.Type == interactionCommand:
		line = i.Data.Name
		if len(i.Data.Options) > 0 {
			argument, _ := i.Data.Options[0].Value.(string)
			line += " " + argument
		}
	case i.pressed() && len(i.Data.Values) > 0:
		line = commandOf(i.Data.Values[0])
	case i.pressed():
		line = commandOf(i.Data.CustomID)
	}
	r.Command, r.Args = commandLine(line)
	if i.Message != nil {
		r.Quoted = commandsIn(i.Message.Components)
	}
	return r, r.Command != ""
}

// commandLine cuts a command from its arguments.
func commandLine(line string) (name, args string) {
	line = strings.TrimSpace(line)
	if i := strings.IndexFunc(line, isSpace); i >= 0 {
		line, args = line[:i], strings.TrimSpace(line[i:])
	}
	return strings.ToLower(line), args
}

func isSpace(r rune) bool { return strings.ContainsRune(" \t\r\n", r) }

func actor(u user, m member, locale string) bot.Actor {
	language, _, _ := strings.Cut(locale, "-")
	return bot.Actor{
		Platform: platform,
		ID:       u.ID,
		Name:     cmp.Or(m.Nick, u.GlobalName, u.Username),
		Language: language,
	}
}

// place is a channel, a thread or direct messages: all are channels by their id.
func place(channel string) digest.Destination {
	return digest.Destination{Platform: platform, Chat: channel}
}

func kind(guild string) bot.Kind {
	if guild == "" {
		return bot.Private
	}
	return bot.Shared
}

// Permissions that make an administrator (docs.discord.com, Permissions).
const (
	administrator = 1 << 3
	manageServer  = 1 << 5
)

func manages(permissions int64) bool { return permissions&(administrator|manageServer) != 0 }

// administers reads the permissions that come with an interaction.
func administers(i interaction) func(context.Context) (bool, error) {
	return func(context.Context) (bool, error) {
		if i.Guild == "" {
			return true, nil
		}
		_, m := i.person()
		permissions, err := strconv.ParseInt(m.Permissions, 10, 64)
		return err == nil && manages(permissions), nil
	}
}

// administersServer asks Discord: the permissions don't come with a message.
func (d *desk) administersServer(m textMessage) func(context.Context) (bool, error) {
	return func(ctx context.Context) (bool, error) {
		if m.Guild == "" {
			return true, nil
		}
		var server struct {
			Owner string `json:"owner_id"`
			Roles []struct {
				ID          string `json:"id"`
				Permissions int64  `json:"permissions,string"`
			} `json:"roles"`
		}
		if err := d.client.call(ctx, "GET", "/guilds/"+m.Guild, nil, &server); err != nil {
			return false, failureOf(err)
		}
		has := map[string]bool{m.Guild: true} // the role of everybody has the server's id
		if m.Member != nil {
			for _, role := range m.Member.Roles {
				has[role] = true
			}
		}
		for _, role := range server.Roles {
			if has[role.ID] && manages(role.Permissions) {
				return true, nil
			}
		}
		return server.Owner == m.Author.ID, nil
	}
}

// concerns says whether a message is meant for the bot: a person wrote it, in
// private or mentioning the bot.
func (d *desk) concerns(m textMessage) bool {
	if m.Author == nil || m.Author.Bot || m.Webhook != "" || m.Channel == "" {
		return false
	}
	if m.Type != messagePlain && m.Type != messageReply {
		return false
	}
	if m.Guild == "" {
		return true
	}
	for _, u := range m.Mentions {
		if u.ID == d.me() {
			return true
		}
	}
	return false
}

// typed is a command written as text.
var typed = regexp.MustCompile(`^/([\p{L}\p{N}_-]+)(?:\s|$)`)

// textOf is what a message asks, and whether it is a command.
func (d *desk) textOf(m textMessage, content string) (bot.Text, bool) {
	var as member
	if m.Member != nil {
		as = *m.Member
	}
	r := bot.Request{
		Actor:       actor(*m.Author, as, ""),
		Place:       place(m.Channel),
		Kind:        kind(m.Guild),
		Administers: d.administersServer(m),
	}
	if m.Answered != nil && m.Answered.Author != nil && m.Answered.Author.ID == d.me() {
		r.Quoted = commandsIn(m.Answered.Components)
	}
	if typed.MatchString(content) {
		r.Command, r.Args = commandLine(content[1:])
		return bot.Text{Request: r}, true
	}
	return bot.Text{Request: r, Submission: digest.Submission{
		Text:   markdown(content),
		Author: string(platform) + ":" + m.Author.ID,
	}}, false
}

// withoutMention is a message's content without the mentions of the bot.
func (d *desk) withoutMention(content string) string {
	me := d.me()
	if me == "" {
		return content
	}
	return strings.TrimSpace(strings.NewReplacer("<@"+me+">", "", "<@!"+me+">", "").Replace(content))
}
