// Delivered: documents that come by themselves, and those that groups get.

package composetest

import (
	"github.com/strillone/strillone/bot/compose"
	"github.com/strillone/strillone/bot/locale"
	"github.com/strillone/strillone/digest"
	"github.com/strillone/strillone/digest/markup"
)

// Delivered are a digest, the list of the latest articles, an article in a few
// lines, and the panels of settings that ask for something, by name.
func Delivered(l digest.Language) map[string]markup.Doc {
	var w compose.Writer
	p := locale.For(l)
	articles := []digest.Article{
		article(14, "Modelli di linguaggio <b>più</b> *piccoli*"),
		article(13, "Le batterie al sodio"),
		article(9, "AT&T, @everyone e le chiavi_di_accesso"),
	}
	articles[1].Abstract, articles[2].Sources = nil, nil
	panel := compose.Panel{Settings: digest.Settings{Language: l}, Times: digest.Schedule{Hour: 7, Minute: 30, Days: digest.EveryDay, Zone: "Europe/Rome"}, Next: day, Platform: "telegram"}
	elsewhere := panel
	elsewhere.Place, elsewhere.In = "#notizie", " in:-1001234567890/9"
	return map[string]markup.Doc{
		"digest":              w.Digest(digest.Digest{Title: "Strillone", BuiltAt: day, Articles: articles, More: 2}, l, digest.Short),
		"digest, full":        w.Digest(digest.Digest{Title: "Strillone", BuiltAt: day, Articles: articles, Next: day.AddDate(0, 0, 1)}, l, digest.Full),
		"latest":              w.Latest(articles, p),
		"brief":               w.Brief(articles[0], p),
		"settings":            w.Settings(panel, p),
		"settings, elsewhere": w.Settings(elsewhere, p),
		"settings, hour":      w.Hours(elsewhere, p),
	}
}
