// Rows: the commands, one a row, and who may use them.

package command

import (
	"context"
	"slices"

	"github.com/strillone/strillone/bot"
	"github.com/strillone/strillone/bot/compose"
	"github.com/strillone/strillone/bot/locale"
	"github.com/strillone/strillone/digest"
)

// access says who may use a command; the zero value lets nobody.
type access uint8

const (
	nobody access = iota
	anyone
	administrators // of the place
	editors
)

// The platforms that some commands are of use on alone.
const (
	telegram digest.Platform = "telegram"
	discord  digest.Platform = "discord"
)

// command is one row of the table.
type command struct {
	name     string // Italian; other names are in bot/locale
	also     []string
	access   access
	bare     access // who may use it without words; nobody: whoever may use it with some
	argument string // locale id under "argument"; "" for none
	hidden   bool   // in no list: it is pressed, or a habit of the platform
	quiet    bool   // in the platform's list, and not in the help
	private  bool   // answered in private places only
	only     digest.Platform
	handle   func(context.Context, request) (bot.Reply, error)
}

// rows are all commands.
func (t *Table) rows() []command {
	rows := []command{
		{name: "start", access: administrators, hidden: true, handle: t.start},
		{name: "iscriviti", access: administrators, handle: t.subscribe},
		{name: "disiscriviti", also: []string{"stop"}, access: administrators, handle: t.unsubscribe},
		{name: "digest", access: anyone, handle: t.digest},
		{name: "ultimi", access: anyone, handle: t.latest},
		{name: "cerca", access: anyone, argument: "parole", handle: t.search},
		{name: "archivio", access: anyone, argument: "quando", handle: t.archive},
		{name: "leggi", also: []string{"apri"}, access: anyone, argument: "articolo", handle: t.aboutFor(t.card)},
		{name: "abstract", access: anyone, argument: "articolo", handle: t.about(t.Writer.Abstract)},
		{name: "fonti", access: anyone, argument: "articolo", handle: t.about(t.Writer.Sources)},
		{name: "consigli", access: anyone, argument: "articolo", handle: t.aboutFor(t.readings)},
		{name: "salva", access: anyone, argument: "articolo", handle: t.save},
		{name: "salvati", access: anyone, handle: t.saved},
		{name: "togli", access: anyone, argument: "articolo", hidden: true, handle: t.unsave},
		{name: "utile", access: anyone, argument: "articolo", hidden: true, handle: t.rate},
	}
	rows = append(rows, t.settingRows()...)
	return append(
		rows,
		command{name: "privacy", access: anyone, handle: t.privacy},
		command{name: "miei_dati", access: anyone, private: true, quiet: true, handle: t.myData},
		command{name: "dimenticami", access: anyone, private: true, quiet: true, handle: t.forgetMe},
		command{name: "aiuto", access: anyone, handle: t.help},
		command{name: "stato", access: editors, handle: t.status},
		command{name: "pubblica", access: editors, argument: "bozza", hidden: true, handle: t.draft(t.Newsroom.Publish)},
		command{name: "scarta", access: editors, argument: "bozza", hidden: true, handle: t.draft(t.Newsroom.Discard)},
	)
}

// settingRows are the commands on a place's settings.
func (t *Table) settingRows() []command {
	set := func(name, argument string, understand understanding) command {
		return command{name: name, access: administrators, argument: argument, quiet: true, handle: t.adjust(name, understand)}
	}
	onDiscord := func(c command) command {
		c.only = discord
		return c
	}
	topics := set(compose.Topics, "temi", t.whichTopics)
	topics.bare, topics.quiet, topics.handle = anyone, false, t.topicsOrList(topics.handle)
	return []command{
		{name: "impostazioni", access: administrators, handle: t.settings},
		set(compose.Hour, "ora", t.hour),
		set(compose.Weekdays, "giorni", t.weekdays),
		set(compose.Zone, "fuso", t.city),
		topics,
		set(compose.Tongue, "lingua", t.tongue),
		set(compose.Form, "forma", t.form),
		set(compose.Silence, "si_no", t.yesNo(compose.Silence, func(s *digest.Settings, yes bool) { s.Manner.Silent = yes })),
		set(compose.Previews, "si_no", t.yesNo(compose.Previews, func(s *digest.Settings, yes bool) { s.Manner.NoPreviews = !yes })),
		set(compose.Pause, "durata", t.pause),
		{name: "riprendi", access: administrators, quiet: true, handle: t.resume},
		onDiscord(set(compose.Mention, "ruolo", t.mention)),
		onDiscord(set(compose.Crosspost, "si_no", t.yesNo(compose.Crosspost, func(s *digest.Settings, yes bool) { s.Manner.Crosspost = yes }))),
		onDiscord(set(compose.Discussion, "si_no", t.yesNo(compose.Discussion, func(s *digest.Settings, yes bool) { s.Manner.Discuss = yes }))),
		{name: "canale", access: anyone, private: true, quiet: true, only: telegram, handle: t.choosePlace},
	}
}

// names are a command's names in every language, its own first.
func names(name string) []string {
	all := []string{name}
	for _, l := range locale.Languages() {
		if p := locale.For(l); p.Has("command." + name + ".name") {
			all = append(all, p.Say("command."+name+".name"))
		}
	}
	slices.Sort(all[1:])
	return slices.Compact(all)
}
