// Requests: what an update asks for.

package telegram

import (
	"context"
	"regexp"
	"slices"
	"strconv"
	"strings"

	tgbotapi "github.com/go-telegram-bot-api/telegram-bot-api/v5"

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

// linkable are the commands that a link may ask for, by their canonical names.
// Anybody can make a link, and whoever follows it sends what it says: so they
// only read.
var linkable = []string{"leggi", "abstract", "fonti", "consigli", "ultimi", "digest"}

// lineForm is a command line that survives the way through a link.
var lineForm = regexp.MustCompile(`^[a-z][a-z0-9_]*( [A-Za-z0-9_-]+)?$`)

const maxPayload = 64

// payloadOf is a command line as the payload of a link to the bot
// (https://core.telegram.org/bots/features#deep-linking: up to 64 of
// A-Z a-z 0-9 _ -): "leggi 12" is "leggi-12". Commands that aren't linkable
// have none.
func payloadOf(line string) (string, bool) {
	if name, _ := splitLine(line); len(line) > maxPayload || !lineForm.MatchString(line) || !slices.Contains(linkable, name) {
		return "", false
	}
	return strings.Replace(line, " ", "-", 1), true
}

var payloadForm = regexp.MustCompile(`^[A-Za-z][A-Za-z0-9_-]{0,63}$`)

// fromPayload is the linkable command a payload stands for. Payloads of other
// origin stand for none.
func fromPayload(payload string) (name, args string, ok bool) {
	if !payloadForm.MatchString(payload) {
		return "", "", false
	}
	name, args, _ = strings.Cut(payload, "-")
	name = strings.ToLower(name)
	if !slices.Contains(linkable, name) {
		return "", "", false
	}
	return name, args, true
}

// request is what all that comes of a message, or of a press on one, has in
// common. Anonymous says that from is an administrator whom Telegram doesn't
// name.
func (s *session) request(m *incoming, from user, anonymous bool) bot.Request {
	r := bot.Request{
		Actor: actorOf(from),
		Place: placeOf(m),
		Kind:  bot.Shared,
	}
	if m.Chat.Type == "private" {
		r.Kind = bot.Private
	}
	r.Administers = s.administers(m.Chat, from, anonymous || r.Kind == bot.Private)
	return r
}

func placeOf(m *incoming) digest.Destination {
	to := digest.Destination{Platform: Platform, Chat: strconv.FormatInt(m.Chat.ID, 10)}
	if m.InTopic && m.Thread != 0 {
		to.Thread = strconv.FormatInt(m.Thread, 10)
	}
	return to
}

// administers answers whether a person administers the chat, asking only when
// that isn't sure.
func (s *session) administers(where chat, from user, sure bool) func(context.Context) (bool, error) {
	if sure {
		return func(context.Context) (bool, error) { return true, nil }
	}
	params := tgbotapi.Params{
		"chat_id": strconv.FormatInt(where.ID, 10),
		"user_id": strconv.FormatInt(from.ID, 10),
	}
	return func(ctx context.Context) (bool, error) {
		var member struct {
			Status string `json:"status"`
		}
		err := s.client.call(ctx, "getChatMember", params, &member)
		return member.Status == "creator" || member.Status == "administrator", err
	}
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
func (s *session) quoted(m *incoming) []string {
	if m == nil || m.From == nil || m.From.ID != s.me.ID {
		return nil
	}
	if commands := m.ReplyMarkup.commands(); len(commands) > 0 {
		return commands
	}
	text, _ := m.content()
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

// commands are the command lines of a keyboard's buttons.
func (k *keyboard) commands() []string {
	if k == nil {
		return nil
	}
	var out []string
	for _, b := range slices.Concat(k.Rows...) {
		if b.CallbackData != "" {
			out = append(out, b.CallbackData)
		}
	}
	return out
}

// addressed says whether a group's message is meant for the bot: it mentions
// the bot or replies to it.
func (s *session) addressed(m *incoming) bool {
	if m.ReplyTo != nil && m.ReplyTo.From != nil && m.ReplyTo.From.ID == s.me.ID {
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
