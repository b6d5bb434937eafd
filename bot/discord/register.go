// register: the commands as Discord's own menu shows them.

package discord

import (
	"context"
	"maps"
	"reflect"
	"slices"
	"strings"
	"time"

	"github.com/strillone/strillone/bot"
	"github.com/strillone/strillone/digest"
)

// Where a command can be used, and by whom (docs.discord.com, Application
// Commands).
const (
	forServers     = 0    // installed in servers
	forUsers       = 1    // installed by a person, who carries it everywhere
	onlyManagers   = "32" // Manage Server, as a number of permission bits
	slashCommand   = 1
	messageCommand = 3
	optionString   = 3
	optionRole     = 8
)

// articleArgument is the argument that names an article, which is looked for
// while a person types.
const articleArgument = "articolo"

// locales are Discord's names for languages, where they aren't the language's own.
var locales = map[digest.Language][]string{
	digest.English: {"en-US", "en-GB"},
}

// command is a command as it is registered. Its canonical name is Italian, and
// comes with every interaction, whatever name Discord showed.
type command struct {
	Type         int               `json:"type"`
	Name         string            `json:"name"`
	Names        map[string]string `json:"name_localizations,omitempty"`
	Description  string            `json:"description"`
	Descriptions map[string]string `json:"description_localizations,omitempty"`
	Options      []commandOption   `json:"options,omitempty"`
	Permissions  string            `json:"default_member_permissions,omitempty"`
	Contexts     []int             `json:"contexts"`
	Integrations []int             `json:"integration_types"`
}

type commandOption struct {
	Type         int               `json:"type"`
	Name         string            `json:"name"`
	Names        map[string]string `json:"name_localizations,omitempty"`
	Description  string            `json:"description"`
	Descriptions map[string]string `json:"description_localizations,omitempty"`
	Autocomplete bool              `json:"autocomplete,omitempty"`
}

// register makes Discord's commands those of the menu, when they aren't, and
// tries until that is done or ctx ends: the bot answers meanwhile all the same.
func (a *Adapter) register(ctx context.Context, application string, menu []bot.Entry) {
	want := commands(menu)
	for wait := a.backoff; ; wait = min(2*wait, 10*time.Minute) {
		changed, err := a.overwrite(ctx, application, want)
		if err == nil {
			a.log.Info("commands are registered", "count", len(want), "changed", changed)
			return
		}
		if ctx.Err() != nil {
			return
		}
		f := failureOf(err)
		a.log.Warn("commands could not be registered, trying again", "error", f)
		if !pause(ctx, max(wait, f.RetryAfter)) {
			return
		}
	}
}

// overwrite replaces all commands, unless they are the same: Discord allows 200
// new ones a day.
func (a *Adapter) overwrite(ctx context.Context, application string, want []command) (changed bool, err error) {
	path := "/applications/" + application + "/commands"
	var have []command
	if err := a.client.call(ctx, "GET", path+"?with_localizations=true", nil, &have); err != nil {
		return false, err
	}
	slices.SortFunc(have, byName)
	if reflect.DeepEqual(have, want) || reflect.DeepEqual(have, serversOnly(want)) {
		return false, nil
	}
	err = a.client.call(ctx, "PUT", path, want, nil)
	if codeOf(err) == invalidForm {
		a.log.Warn("Discord refuses commands for people who install the app themselves: allow User Install (Developer Portal, Installation) to offer them", "error", err)
		err = a.client.call(ctx, "PUT", path, serversOnly(want), nil)
	}
	return true, err
}

// serversOnly are commands of an app that people can't install for themselves.
func serversOnly(all []command) []command {
	out := slices.Clone(all)
	for i := range out {
		out[i].Contexts = slices.DeleteFunc(slices.Clone(out[i].Contexts), func(c int) bool { return c == contextPrivate })
		out[i].Integrations = []int{forServers}
	}
	return out
}

func byName(a, b command) int { return strings.Compare(a.Name, b.Name) }

// commands are the entries of a menu, sorted by name.
func commands(menu []bot.Entry) []command {
	all := make([]command, 0, len(menu))
	var mention *bot.Argument
	for _, e := range menu {
		if e.Only != "" && e.Only != platform {
			continue
		}
		all = append(all, commandFor(e))
		if e.Name == mentionCommand {
			mention = e.Argument
		}
	}
	for i := range all {
		if all[i].Name == subscribeCommand && mention != nil {
			all[i].Options = append(all[i].Options, optionFor(mentionCommand, *mention, optionRole))
		}
	}
	slices.SortFunc(all, byName)
	return all
}

func commandFor(e bot.Entry) command {
	if e.OfMessage { // its name is what the menu says; it has no description
		name := original(e.Names)
		return command{
			Type:         messageCommand,
			Name:         name,
			Names:        localized(e.Names, name),
			Contexts:     []int{contextServer, contextBot, contextPrivate},
			Integrations: []int{forServers, forUsers},
		}
	}
	c := command{
		Type:         slashCommand,
		Name:         e.Name,
		Names:        localized(e.Names, e.Name),
		Description:  original(e.Description),
		Contexts:     []int{contextServer, contextBot, contextPrivate},
		Integrations: []int{forServers, forUsers},
	}
	c.Descriptions = localized(e.Description, c.Description)
	if e.Editors {
		c.Contexts = []int{contextBot}
	}
	if e.Manage {
		c.Permissions = onlyManagers
	}
	if e.Argument != nil {
		kind := optionString
		if e.Name == mentionCommand {
			kind = optionRole
		}
		c.Options = []commandOption{optionFor(e.Argument.Name, *e.Argument, kind)}
	}
	return c
}

func optionFor(name string, a bot.Argument, kind int) commandOption {
	o := commandOption{
		Type:         kind,
		Name:         name,
		Names:        localized(a.Names, name),
		Description:  original(a.Description),
		Autocomplete: name == articleArgument,
	}
	o.Descriptions = localized(a.Description, o.Description)
	return o
}

// original is the text that Discord shows to people of other languages: the
// Italian one, or whichever there is.
func original(texts map[digest.Language]string) string {
	if s, ok := texts[digest.Italian]; ok {
		return s
	}
	for _, l := range slices.Sorted(maps.Keys(texts)) {
		return texts[l]
	}
	return ""
}

// localized are the texts by Discord's locales, but for those that say what is
// said anyway.
func localized(texts map[digest.Language]string, original string) map[string]string {
	var all map[string]string
	for l, text := range texts {
		if text == original || text == "" {
			continue
		}
		names, ok := locales[l]
		if !ok {
			names = []string{string(l)}
		}
		for _, locale := range names {
			if all == nil {
				all = make(map[string]string)
			}
			all[locale] = text
		}
	}
	return all
}
