// Register: the bot's commands in Telegram's own menu.

package telegram

import (
	"context"
	"encoding/json"
	"log/slog"
	"maps"
	"regexp"
	"slices"
	"strconv"
	"strings"

	tgbotapi "github.com/go-telegram-bot-api/telegram-bot-api/v5"

	"github.com/strillone/strillone/bot"
	"github.com/strillone/strillone/digest"
)

// The limits of setMyCommands: 100 commands, names of 1–32 characters,
// descriptions of 1–256.
const (
	maxCommands    = 100
	maxDescription = 256
)

var commandName = regexp.MustCompile(`^[a-z0-9_]{1,32}$`)

// botCommand is a BotCommand.
type botCommand struct {
	Command     string `json:"command"`
	Description string `json:"description"`
}

// scope is a BotCommandScope. Telegram shows a person the commands of the
// narrowest one that has any.
type scope struct {
	Type   string `json:"type"`
	ChatID int64  `json:"chat_id,omitempty"`
}

// languagesOf are those that the menu speaks, sorted.
func languagesOf(entries []bot.Entry) []digest.Language {
	all := make(map[digest.Language]bool)
	for _, e := range entries {
		for l := range e.Description {
			all[l] = true
		}
	}
	return slices.Sorted(maps.Keys(all))
}

// register registers the menu for everybody, call by call until each succeeds
// or ctx ends; then for each editor, as far as they ever wrote to the bot:
// before, their chat doesn't exist.
func (s *session) register(ctx context.Context) {
	menu := choose(s.handler.Menu(), func(e bot.Entry) bool { return e.Only == "" || e.Only == Platform })
	public := func(e bot.Entry) bool { return !e.Editors }
	member := func(e bot.Entry) bool { return !e.Editors && !e.Manage }
	everything := func(bot.Entry) bool { return true }
	for _, r := range []struct {
		scope string
		shows func(bot.Entry) bool
	}{
		{"default", public},
		{"all_private_chats", public},
		{"all_group_chats", member},
		{"all_chat_administrators", public},
	} {
		for _, call := range menuCalls(scope{Type: r.scope}, choose(menu, r.shows)) {
			if s.persist(ctx, func() error { return s.setMyCommands(ctx, call) }) != nil {
				return
			}
		}
	}
	for _, editor := range s.config.Editors {
		id, err := strconv.ParseInt(editor, 10, 64)
		if err != nil {
			s.config.Log.WarnContext(ctx, "an editor's id isn't a number", slog.String("id", editor))
			continue
		}
		for _, call := range menuCalls(scope{Type: "chat", ChatID: id}, choose(menu, everything)) {
			if err := s.insist(ctx, func() error { return s.setMyCommands(ctx, call) }); err != nil {
				s.config.Log.DebugContext(ctx, "an editor's commands weren't registered", slog.Any("error", err))
				break
			}
		}
	}
}

func (s *session) setMyCommands(ctx context.Context, params tgbotapi.Params) error {
	return s.client.call(ctx, "setMyCommands", params, nil)
}

// menuCalls are the calls that register entries in a scope: without a language,
// for everybody who uses Telegram in none of the others, and one a language.
func menuCalls(where scope, entries []bot.Entry) []tgbotapi.Params {
	var calls []tgbotapi.Params
	add := func(code string, l digest.Language) {
		commands := botCommands(entries, l)
		if len(commands) == 0 {
			return
		}
		params := tgbotapi.Params{"commands": inJSON(commands), "scope": inJSON(where)}
		params.AddNonEmpty("language_code", code)
		calls = append(calls, params)
	}
	add("", digest.Italian)
	for _, l := range languagesOf(entries) {
		add(string(l), l)
	}
	return calls
}

// botCommands are the entries in one language, those left out that Telegram
// would refuse together with all others.
func botCommands(entries []bot.Entry, language digest.Language) []botCommand {
	var out []botCommand
	for _, e := range entries {
		name, description := e.Names[language], e.Description[language]
		if name == "" {
			name = e.Name
		}
		if description == "" {
			description = e.Description[digest.Italian]
		}
		if commandName.MatchString(name) && strings.TrimSpace(description) != "" {
			out = append(out, botCommand{name, shorten(description, maxDescription)})
		}
	}
	return out[:min(len(out), maxCommands)]
}

func choose(menu []bot.Entry, shows func(bot.Entry) bool) []bot.Entry {
	var out []bot.Entry
	for _, e := range menu {
		if shows(e) {
			out = append(out, e)
		}
	}
	return out
}

// inJSON is v in JSON; v always can be.
func inJSON(v any) string {
	b, _ := json.Marshal(v)
	return string(b)
}
