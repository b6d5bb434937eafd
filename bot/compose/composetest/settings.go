// Settings: the documents of panels and greetings.

package composetest

import (
	"time"

	"github.com/strillone/strillone/bot"
	"github.com/strillone/strillone/bot/compose"
	"github.com/strillone/strillone/bot/locale"
	"github.com/strillone/strillone/digest"
	"github.com/strillone/strillone/digest/markup"
	"github.com/strillone/strillone/digest/search"
)

// Settings are the panels of a platform's settings and what is said in new
// places, by name, as they come to the place itself and to who manages another.
func Settings(platform digest.Platform, l digest.Language) map[string]markup.Doc {
	var w compose.Writer
	p := locale.For(l)
	here := compose.Panel{
		Settings: digest.Settings{Language: digest.Italian},
		Times:    digest.Schedule{Hour: 7, Minute: 30, Days: digest.EveryDay &^ digest.DaysOf(time.Saturday, time.Sunday), Zone: "Europe/Rome"},
		Next:     day.AddDate(0, 0, 1),
		Platform: platform,
	}
	there := here
	there.In, there.Place = " in:-1/4", "Notizie <b>&</b> @everyone"
	there.PausedUntil, there.Form = day.AddDate(0, 1, 0), digest.Full
	there.Choice = digest.Choice{Wanted: []string{"ai"}, Muted: []string{"privacy & <diritti>"}}
	all := topics()
	record := digest.Record{Subscriptions: make([]digest.Subscription, 1), Deliveries: make([]digest.Trace, 12), Drafts: make([]digest.Article, 1)}
	return map[string]markup.Doc{
		"settings":                w.Settings(here, p),
		"settings, elsewhere":     w.Settings(there, p),
		"settings, none":          w.NotSubscribed(here, p),
		"settings, changed":       w.Changed(compose.Hour, here, p),
		"settings, misunderstood": w.Misunderstood(compose.Zone, p.Say("error.fuso", locale.Args{"Words": "<i>Atlantide</i>"}), there, p),
		"hours":                   w.Hours(here, p),
		"hours, elsewhere":        w.Hours(there, p),
		"days":                    w.Weekdays(here, p),
		"zones":                   w.Zones(here, p),
		"zones, several":          w.WhichZone(p.Say("settings.zone_ambiguous", locale.Args{"Words": "usa"}), spots(), there, p),
		"topics":                  w.ChooseTopics(all, 0, here, p),
		"topics, elsewhere":       w.ChooseTopics(all, 41, there, p),
		"topics, none":            w.ChooseTopics([]search.TopicCount{}, 0, here, p),
		"languages":               w.Languages(here, p),
		"pauses":                  w.Pauses(here, p),
		"pauses, elsewhere":       w.Pauses(there, p),
		"roles":                   w.Roles(there, p),
		"greeting":                compose.Greet("Strillone", p),
		"greeting, channel":       compose.GreetChannel("Strillone", there.In, p),
		"missing":                 compose.Missing([]bot.Permission{bot.SeeChannel, bot.WriteMessages}, p),
		"privacy":                 w.Privacy(true, p),
		"privacy, forgetting":     w.Forget(record, p),
	}
}

func spots() []compose.Spot {
	return []compose.Spot{
		{Name: "USA (Chicago)", Zone: "America/Chicago"}, {Name: "USA (Denver)", Zone: "America/Denver"},
		{Name: "USA (Los Angeles)", Zone: "America/Los_Angeles"}, {Name: "USA (New York)", Zone: "America/New_York"},
	}
}
