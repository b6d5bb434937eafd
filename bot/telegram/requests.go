// Requests: what an update asks for.

package telegram

import (
	"context"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"github.com/strillone/strillone/bot"
	"github.com/strillone/strillone/digest"
)

// commandForm is a command as people type it. In groups it may name the bot it
// is for.
var commandForm = regexp.MustCompile(`^/([\p{L}\p{N}_]+)(?:@(\w+))?(?:\s+([\s\S]*))?$`)

// parseCommand takes a typed command apart. For says which bot it is for, empty
// when it doesn't say.
func parseCommand(s string) (name, args, bot string, ok bool) {
	m := commandForm.FindStringSubmatch(s)
	if m == nil {
		return "", "", "", false
	}
	return strings.ToLower(m[1]), strings.TrimSpace(m[3]), m[2], true
}

// splitLine takes a command line without slash apart.
func splitLine(line string) (name, args string) {
	name, args, _ = strings.Cut(line, " ")
	return strings.ToLower(name), strings.TrimSpace(args)
}

// request is what all that comes of a message, or of a press on one, has in
// common. Anonymous says that from is an administrator whom Telegram doesn't
// name.
func (s *session) request(m *incoming, from user, anonymous bool) bot.Request {
	r := bot.Request{Actor: actorOf(from), Place: placeOf(m), Kind: kindOf(m.Chat)}
	r.Actor.Anonymous = anonymous
	sure := anonymous || r.Kind == bot.Private
	r.Administers = s.administers(m.Chat.ID, from, sure)
	r.AdministersIn = s.administersIn(m.Chat.ID, from, sure)
	r.Missing = s.missing
	return r
}

func kindOf(c chat) bot.Kind {
	switch c.Type {
	case "private":
		return bot.Private
	case "channel":
		return bot.Channel
	}
	return bot.Shared
}

// placeOf is the place of a message: the chat, or a topic of it. A forum's
// General topic is the chat itself.
func placeOf(m *incoming) digest.Destination {
	to := digest.Destination{Platform: Platform, Chat: strconv.FormatInt(m.Chat.ID, 10)}
	general := m.Thread == 1 && m.Chat.Type != "private"
	if m.InTopic && m.Thread != 0 && !general {
		to.Thread = strconv.FormatInt(m.Thread, 10)
	}
	return to
}

// placeOfPerson is a person's private chat with the bot, which has their id.
func placeOfPerson(p bot.Actor) digest.Destination {
	return digest.Destination{Platform: Platform, Chat: p.ID}
}

// anonymousAdministrator says whether the message is signed by the group
// itself, which only its administrators can do. It says nothing of those who
// press the message's buttons.
func anonymousAdministrator(m *incoming) bool {
	return m.SenderChat != nil && m.SenderChat.ID == m.Chat.ID
}

// fromPerson says whether a person wrote the message: no bot, and no channel
// whose posts are copied to a group.
func fromPerson(m *incoming) bool {
	if m.From == nil || m.Chat.Type == "channel" {
		return false
	}
	return anonymousAdministrator(m) || m.SenderChat == nil && !m.From.IsBot
}

// quoted are the commands that a message being replied to is about.
func (s *session) quoted(ctx context.Context, m *incoming) []string {
	if m == nil || m.From == nil || m.From.ID != s.me.ID {
		return nil
	}
	if commands := s.commands(ctx, m.ReplyMarkup); len(commands) > 0 {
		return commands
	}
	text, _ := m.content()
	text += string(m.Rich)
	var commands []string
	for _, match := range articleNumber.FindAllStringSubmatch(text, -1) {
		if c := "leggi " + match[1]; !slices.Contains(commands, c) {
			commands = append(commands, c)
		}
	}
	return commands
}

// articleNumber is the name of an article in a text.
var articleNumber = regexp.MustCompile(`#(\d{1,9})\b`)

// addressed says whether a group's message is meant for the bot: it mentions
// the bot or replies to it.
func (s *session) addressed(m *incoming) bool {
	if to := m.repliedTo(); to != nil && to.From != nil && to.From.ID == s.me.ID {
		return true
	}
	text, entities := m.content()
	for _, e := range entities {
		switch e.Type {
		case "mention":
			if strings.EqualFold(e.of(text), "@"+s.me.Username) {
				return true
			}
		case "text_mention":
			if e.User != nil && e.User.ID == s.me.ID {
				return true
			}
		}
	}
	return false
}
