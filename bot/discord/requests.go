// requests: interactions and messages as bot.Request and bot.Text.

package discord

import (
	"cmp"
	"context"
	"regexp"
	"strings"

	"github.com/strillone/strillone/bot"
	"github.com/strillone/strillone/digest"
)

// asked is what an interaction asks for: an answer to a request, or to a form
// that opens first.
type asked struct {
	request bot.Request
	also    []string // command lines that follow the request's
	form    *form
}

// asked reads an interaction; false for those that ask nothing this bot ever
// offered.
func (d *desk) asked(ctx context.Context, i interaction) (asked, bool) {
	who, as := i.person()
	if who.ID == "" || i.Channel == "" {
		return asked{}, false
	}
	lines, form := d.lines(ctx, i)
	if form != nil || len(lines) == 0 {
		return asked{form: form}, form != nil
	}
	r := bot.Request{
		Actor:         actor(who, as, i.Locale),
		Place:         place(i.Channel),
		Kind:          kind(i.Guild),
		Quoted:        d.quoted(ctx, i.Message),
		Pressed:       i.pressed(),
		Administers:   administers(i),
		AdministersIn: d.administersIn(who.ID),
		Missing:       d.missing(i, lines),
	}
	if i.elsewhere() {
		d.bringHome(ctx, &r, who)
	}
	r.Command, r.Args = commandLine(lines[0])
	return asked{request: r, also: lines[1:]}, r.Command != ""
}

// bringHome makes the person's direct messages the place of a request from a
// place that the bot isn't in. Where they can't be had, nobody manages anything.
func (d *desk) bringHome(ctx context.Context, r *bot.Request, who user) {
	r.Administers = func(context.Context) (bool, error) { return r.Kind == bot.Private, nil }
	direct, err := d.directWith(ctx, who.ID)
	if err != nil {
		d.log.Warn("a person's direct messages can't be opened", "error", err)
		r.Kind = bot.Shared
		return
	}
	r.Place, r.Kind = place(direct), bot.Private
}

// lines are the command lines an interaction stands for, or the form that is
// needed before.
func (d *desk) lines(ctx context.Context, i interaction) ([]string, *form) {
	if i.Type == interactionCommand {
		return linesIn(i.Data), nil
	}
	if !i.pressed() {
		return nil, nil
	}
	id := i.Data.CustomID
	if len(i.Data.Values) > 0 {
		id = i.Data.Values[0]
	}
	o, known := d.offered(ctx, id)
	switch {
	case !known:
		return []string{bot.StaleCommand}, nil
	case i.Type == interactionForm:
		return []string{o.line + " " + filledIn(i.Data.Components)}, nil
	case o.input != nil:
		return nil, formFor(id, o, i.Guild != "")
	}
	return []string{o.line}, nil
}

// linesIn are the lines of a slash command: itself with its argument, and the
// role that a subscription is to mention.
func linesIn(c choice) []string {
	lines := []string{c.Name}
	for _, o := range c.Options {
		value, _ := o.Value.(string)
		if c.Name == subscribeCommand && o.Name == mentionCommand {
			lines = append(lines, mentionCommand+" "+value)
		} else {
			lines[0] += " " + value
		}
	}
	return lines
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

func kind(guild string) bot.Kind {
	if guild == "" {
		return bot.Private
	}
	return bot.Shared
}

// administers reads the permissions that come with an interaction.
func administers(i interaction) func(context.Context) (bool, error) {
	return func(context.Context) (bool, error) {
		_, m := i.person()
		return i.Guild == "" || readPermissions(m.Permissions).manages(), nil
	}
}

// administersServer asks Discord: the permissions don't come with a message.
func (d *desk) administersServer(m textMessage) func(context.Context) (bool, error) {
	return func(ctx context.Context) (bool, error) {
		if m.Guild == "" {
			return true, nil
		}
		var server guild
		if err := d.client.call(ctx, "GET", "/guilds/"+m.Guild, nil, &server); err != nil {
			return false, failureOf(err)
		}
		var roles []string
		if m.Member != nil {
			roles = m.Member.Roles
		}
		return server.of(m.Author.ID, roles).manages(), nil
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

// roleMention is how a role is named in a message.
var roleMention = regexp.MustCompile(`<@&(\d+)>`)

// textOf is what a message asks, and whether it is a command.
func (d *desk) textOf(ctx context.Context, m textMessage, content string) (bot.Text, bool) {
	var as member
	if m.Member != nil {
		as = *m.Member
	}
	r := bot.Request{
		Actor:         actor(*m.Author, as, ""),
		Place:         place(m.Channel),
		Kind:          kind(m.Guild),
		Administers:   d.administersServer(m),
		AdministersIn: d.administersIn(m.Author.ID),
	}
	if m.Answered != nil && m.Answered.Author != nil && m.Answered.Author.ID == d.me() {
		r.Quoted = d.quoted(ctx, m.Answered)
	}
	if typed.MatchString(content) {
		line := roleMention.ReplaceAllString(content[1:], "$1")
		r.Command, r.Args = commandLine(line)
		r.Missing = d.missing(interaction{}, []string{line})
		return bot.Text{Request: r}, true
	}
	return textAs(r, m, content), false
}

// textAs is a message that is no command.
func textAs(r bot.Request, m textMessage, content string) bot.Text {
	r.Command, r.Args = "", ""
	return bot.Text{Request: r, Message: m.ID, Written: m.At, Submission: digest.Submission{
		Text:   markdown(content),
		Author: string(platform) + ":" + m.Author.ID,
	}}
}

// read is what a message says: its own words, those that it forwards, and its
// files.
func (d *desk) read(ctx context.Context, m textMessage) (bot.Text, bool) {
	content := d.withoutMention(m.Content)
	files, written := m.Attachments, m.At
	for _, f := range m.Forwarded {
		content += f.Message.Content
		files = append(files, f.Message.Attachments...)
		written = f.Message.At
	}
	content += d.pastes(ctx, files)
	text, isCommand := d.textOf(ctx, m, content)
	if len(m.Forwarded) > 0 {
		if isCommand { // it is somebody's text, even if it begins with a slash
			text, isCommand = textAs(text.Request, m, content), false
		}
		text.Origin, text.Written = "channel:"+m.Reference.Channel, written
	}
	text.Files = d.attached(files)
	return text, isCommand
}

// withoutMention is a message's content without the mentions of the bot.
func (d *desk) withoutMention(content string) string {
	me := d.me()
	if me == "" {
		return content
	}
	return strings.TrimSpace(strings.NewReplacer("<@"+me+">", "", "<@!"+me+">", "").Replace(content))
}
