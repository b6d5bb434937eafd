// Menu: the commands as platforms list them.

package command

import (
	"github.com/strillone/strillone/bot"
	"github.com/strillone/strillone/bot/locale"
	"github.com/strillone/strillone/digest"
)

// Menu lists the commands that platforms show in menus of their own.
func (t *Table) Menu() []bot.Entry {
	var menu []bot.Entry
	for _, row := range t.commands {
		if row.hidden {
			continue
		}
		e := bot.Entry{
			Name:        row.name,
			Names:       inEveryLanguage("command." + row.name + ".name"),
			Description: inEveryLanguage("command." + row.name + ".about"),
			Editors:     row.access == editors,
			Manage:      row.access == administrators && row.bare == nobody,
		}
		if row.argument != "" {
			e.Argument = &bot.Argument{
				Name:        row.argument,
				Names:       inEveryLanguage("argument." + row.argument + ".name"),
				Description: inEveryLanguage("argument." + row.argument + ".about"),
			}
		}
		menu = append(menu, e)
	}
	return append(menu, bot.Entry{
		Name:      "articolo",
		Names:     inEveryLanguage("command.articolo.name"),
		OfMessage: true,
		Only:      "discord", // the platform that has such menus
	})
}

func inEveryLanguage(id string) map[digest.Language]string {
	all := make(map[digest.Language]string)
	for _, l := range locale.Languages() {
		all[l] = locale.For(l).Say(id)
	}
	return all
}
