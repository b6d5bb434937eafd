package compose_test

import (
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/strillone/strillone/bot"
	"github.com/strillone/strillone/bot/compose"
	"github.com/strillone/strillone/bot/locale"
	"github.com/strillone/strillone/bot/terminal"
	"github.com/strillone/strillone/digest"
	"github.com/strillone/strillone/digest/markup"
	"github.com/strillone/strillone/digest/search"
)

// The panels of the settings, and what is said in a new place, as they look in a
// terminal.
func TestSettingsAndGreetings(t *testing.T) {
	zone, err := time.LoadLocation("Europe/Rome")
	if err != nil {
		t.Fatal(err)
	}
	w := compose.Writer{Zone: zone}
	usual := compose.Panel{
		Settings: digest.Settings{Language: digest.Italian},
		Times:    digest.Schedule{Hour: 7, Minute: 30, Days: digest.EveryDay &^ digest.DaysOf(time.Saturday, time.Sunday), Zone: "Europe/Rome"},
		Next:     slot.Add(23*time.Hour + 30*time.Minute),
		Platform: "telegram",
	}
	own := usual
	own.Settings = digest.Settings{
		Language: digest.English, Form: digest.Full,
		Choice:      digest.Choice{Wanted: []string{"ai", "privacy"}, Muted: []string{"crypto"}},
		Manner:      digest.Manner{Silent: true, NoPreviews: true, Mention: "123456789012345678", Crosspost: true},
		PausedUntil: time.Date(2027, 1, 6, 0, 0, 0, 0, zone),
	}
	own.Times.Days = digest.DaysOf(time.Monday, time.Wednesday, time.Thursday, time.Friday, time.Sunday)
	own.Platform, own.In, own.Place = "discord", " in:42", "#notizie"
	own.Next = time.Date(2027, 1, 6, 7, 30, 0, 0, zone)
	unknown := usual
	unknown.Next = time.Time{}
	topics := []search.TopicCount{{Topic: "ai", Articles: 1200}, {Topic: "privacy", Articles: 40}, {Topic: "crypto", Articles: 3}}
	for len(topics) < 11 {
		topics = append(topics, search.TopicCount{Topic: "tema " + strings.Repeat("i", len(topics)), Articles: 1})
	}
	kept := digest.Record{Subscriptions: make([]digest.Subscription, 1), Deliveries: make([]digest.Trace, 1200), Saved: make([]digest.Saved, 1), Authored: []int{3}}
	render := terminal.New(terminal.Config{Out: os.Stdout, Width: 72})
	for _, l := range []digest.Language{"it", "en"} {
		p := locale.For(l)
		for name, docs := range map[string][]markup.Doc{
			"settings": {
				w.Settings(usual, p), w.Settings(own, p), w.Settings(unknown, p), w.NotSubscribed(usual, p), w.NotSubscribed(own, p),
				w.Changed(compose.Hour, usual, p), w.Changed(compose.Topics, own, p),
			},
			"panels": {
				w.Hours(usual, p), w.Weekdays(usual, p), w.Zones(usual, p), w.ChooseTopics(topics, 0, usual, p), w.ChooseTopics(topics, 9, own, p), w.ChooseTopics(nil, 0, usual, p),
				w.Languages(usual, p), w.Pauses(usual, p), w.Pauses(own, p), w.Roles(own, p),
				w.WhichZone(p.Say("settings.zone_ambiguous", locale.Args{"Words": "Birmingham"}), []compose.Spot{{Name: "Birmingham (Alabama)", Zone: "America/Chicago"}, {Name: "Birmingham (Inghilterra)", Zone: "Europe/London"}}, usual, p),
				w.Misunderstood(compose.Hour, p.Say("error.ora", locale.Args{"Words": "presto"}), usual, p),
			},
			"greeting": {
				compose.Greet("Strillone", p), compose.GreetChannel("Strillone", " in:-1001", p),
				compose.Missing([]bot.Permission{bot.SeeChannel, bot.WriteMessages, bot.WriteInThreads, bot.WriteInTopic, bot.PostInChannel}, p),
				{Blocks: compose.Wanted([]bot.Permission{bot.ShowLinks, bot.OpenThreads, bot.MentionRoles}, p)},
			},
			"privacy": {w.Privacy(true, p), w.Privacy(false, p), w.Forget(kept, p)},
		} {
			var all []string
			for _, d := range docs {
				parts, err := render.Render(d)
				if err != nil || len(parts) != 1 {
					t.Fatal(len(parts), err)
				}
				all = append(all, string(parts[0]))
			}
			compare(t, filepath.Join("testdata", name+"."+string(l)+".txt"), strings.Join(all, "\n\n========\n\n")+"\n")
		}
	}
}

func TestTheFileOfWhatIsKept(t *testing.T) {
	until := slot.Add(48 * time.Hour)
	content, err := compose.RecordFile(digest.Person{Platform: "telegram", ID: "7"}, digest.Record{
		Subscriptions: []digest.Subscription{{
			Destination: digest.Destination{Platform: "telegram", Chat: "7"}, Active: true, Mark: 14, CreatedAt: slot,
			Settings: digest.Settings{
				Language: "it", Schedule: digest.Schedule{Hour: 7, Minute: 30, Days: digest.DaysOf(time.Monday), Zone: "Europe/Rome"},
				Choice: digest.Choice{Wanted: []string{"ai"}}, PausedUntil: until,
			},
		}},
		Deliveries: []digest.Trace{{Digest: 3, Slot: slot, State: "sent", Messages: []string{"55"}}},
		Saved:      []digest.Saved{{Number: 12, Title: "Titolo", At: slot}},
		Sent:       []digest.Piece{{Chat: digest.Destination{Platform: "telegram", Chat: "7"}, Message: "55", Author: "telegram:7", Text: markup.T("Bozza")}},
		Drafts:     []digest.Article{{ID: 9, CreatedAt: slot, Content: digest.Content{Title: "Bozza", Body: []markup.Text{markup.T("Testo.")}}}},
		Authored:   []int{14},
		Buttons:    []string{"ora 7:30 in:7"},
	}, slot)
	if err != nil {
		t.Fatal(err)
	}
	compare(t, filepath.Join("testdata", "my-data.json"), string(content)+"\n")
	empty, err := compose.RecordFile(digest.Person{}, digest.Record{}, slot)
	if err != nil || !json.Valid(empty) || strings.Contains(string(empty), "null") {
		t.Errorf("of nothing: %s, %v", empty, err)
	}
}
