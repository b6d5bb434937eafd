// Greeting: the first word in a place, and what the bot isn't allowed there yet.

package compose

import (
	"github.com/strillone/strillone/bot"
	"github.com/strillone/strillone/bot/locale"
	"github.com/strillone/strillone/digest/markup"
)

// Greet says to the people of a shared place how to begin.
func Greet(title string, p *locale.Printer) markup.Doc {
	doc := Say(p.Say("greeting.shared", locale.Args{"Title": title}))
	doc.Rows = [][]markup.Action{{{Label: p.Say("settings.subscribe"), Command: "iscriviti", Tone: markup.Primary}}}
	return doc
}

// GreetChannel says to the person who let the bot into a channel how to begin. In
// ends the lines of the buttons.
func GreetChannel(title, in string, p *locale.Printer) markup.Doc {
	doc := Say(p.Say("greeting.channel", locale.Args{"Title": title}))
	doc.Rows = [][]markup.Action{{
		{Label: p.Say("settings.subscribe"), Command: "iscriviti" + in, Tone: markup.Primary},
		{Label: p.Say("greeting.manage"), Command: "impostazioni" + in},
	}}
	return doc
}

// Missing says what the bot must be allowed before a digest can arrive, and how
// to go on.
func Missing(permissions []bot.Permission, p *locale.Printer) markup.Doc {
	return markup.Doc{Blocks: []markup.Block{
		markup.Paragraph{Text: markup.T(p.Say("missing.needed"))},
		markup.List{Items: named(permissions, p)},
		markup.Paragraph{Text: markup.T(p.Say("missing.mend"))},
	}}
}

// Wanted says what the bot isn't allowed, of what digests can do without.
func Wanted(permissions []bot.Permission, p *locale.Printer) []markup.Block {
	return []markup.Block{
		markup.Paragraph{Text: markup.T(p.Say("missing.wanted"))},
		markup.List{Items: named(permissions, p)},
	}
}

func named(permissions []bot.Permission, p *locale.Printer) []markup.Text {
	items := make([]markup.Text, len(permissions))
	for i, permission := range permissions {
		items[i] = markup.T(p.Say("permission." + string(permission)))
	}
	return items
}
