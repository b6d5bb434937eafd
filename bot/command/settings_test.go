package command

import (
	"context"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/strillone/strillone/bot"
	"github.com/strillone/strillone/digest"
	"github.com/strillone/strillone/digest/markup"
)

// subscribed is a table where the private place of ask gets the digest.
func subscribed(t *testing.T) (*Table, *shelf) {
	t.Helper()
	tab, s := table(t)
	s.articles[0].Topics, s.articles[1].Topics = []string{"ai", "privacy"}, []string{"crypto"}
	s.subscribed[ask("").Place] = digest.Settings{Language: digest.Italian}
	return tab, s
}

func TestSettingsInWords(t *testing.T) {
	usual := digest.Schedule{Hour: 8, Zone: "Europe/Rome", Days: digest.EveryDay}
	with := func(change func(*digest.Schedule)) digest.Settings {
		s := usual
		change(&s)
		return digest.Settings{Language: digest.Italian, Schedule: s}
	}
	rome, err := time.LoadLocation("Europe/Rome")
	if err != nil {
		t.Fatal(err)
	}
	italian := digest.Settings{Language: digest.Italian}
	tests := []struct {
		line string
		want digest.Settings
		says []string
	}{
		{"ora 7:30", with(func(s *digest.Schedule) { s.Hour, s.Minute = 7, 30 }), []string{"✅ Ora: 7:30.", "Prossimo digest: mercoledì 25 novembre alle 7:30."}},
		{"ora alle 7 e mezza", with(func(s *digest.Schedule) { s.Hour, s.Minute = 7, 30 }), nil},
		{"time 7am", with(func(s *digest.Schedule) { s.Hour = 7 }), nil},
		{"giorni lun, gio", with(func(s *digest.Schedule) { s.Days = digest.DaysOf(time.Monday, time.Thursday) }), []string{"✅ Giorni: lun, gio.", "Prossimo digest: giovedì 26 novembre alle 8:00."}},
		{"giorni feriali", with(func(s *digest.Schedule) { s.Days = digest.EveryDay &^ digest.DaysOf(time.Saturday, time.Sunday) }), []string{"lun–ven"}},
		{"fuso Nuova York", with(func(s *digest.Schedule) { s.Zone = "America/New_York" }), []string{"✅ Fuso: America/New_York.", "martedì 24 novembre alle 8:00"}},
		{"temi ai, -crypto", digest.Settings{Language: "it", Choice: digest.Choice{Wanted: []string{"ai"}, Muted: []string{"crypto"}}}, []string{"✅ Temi: ai; mai crypto."}},
		{"temi A.I., -#CRYPTO", digest.Settings{Language: "it", Choice: digest.Choice{Wanted: []string{"ai"}, Muted: []string{"crypto"}}}, nil},
		{"temi tutti", italian, []string{"✅ Temi: tutti."}},
		{"lingua inglese", digest.Settings{Language: digest.English}, []string{"✅ Language: English.", "Next digest: Wednesday 25 November at 8:00."}},
		{"forma completa", digest.Settings{Language: "it", Form: digest.Full}, []string{"✅ Forma: completa."}},
		{"silenzio sì", digest.Settings{Language: "it", Manner: digest.Manner{Silent: true}}, []string{"✅ Suono: no."}},
		{"anteprime no", digest.Settings{Language: "it", Manner: digest.Manner{NoPreviews: true}}, []string{"✅ Anteprime: no."}},
		{"pausa 2 settimane", digest.Settings{Language: "it", PausedUntil: time.Date(2026, 12, 8, 0, 0, 0, 0, rome)}, []string{"✅ Pausa: fino a martedì 8 dicembre 2026."}},
		{"pausa fino al 6 gennaio", digest.Settings{Language: "it", PausedUntil: time.Date(2027, 1, 6, 0, 0, 0, 0, rome)}, []string{"mercoledì 6 gennaio 2027"}},
		{"riprendi", italian, []string{"✅ Pausa: no."}},
	}
	for _, c := range tests {
		t.Run(c.line, func(t *testing.T) {
			tab, s := subscribed(t)
			r := ask(c.line)
			for range 2 { // again is harmless
				got := text(tab.Command(t.Context(), r).Doc)
				for _, want := range c.says {
					if !strings.Contains(got, want) {
						t.Errorf("no %q in\n%s", want, got)
					}
				}
			}
			if diff := cmp.Diff(c.want, s.subscribed[r.Place], cmp.Comparer(time.Time.Equal), emptyIsNil()); diff != "" {
				t.Error(diff)
			}
		})
	}
}

func emptyIsNil() cmp.Option {
	return cmp.Transformer("empty", func(c digest.Choice) [2]string {
		return [2]string{strings.Join(c.Wanted, ","), strings.Join(c.Muted, ",")}
	})
}

// What isn't understood is named, and an example shown; nothing changes.
func TestSettingsThatArentUnderstood(t *testing.T) {
	for line, want := range map[string]string{
		"ora presto": "«presto» non è un’ora", "ora 25:00": "/ora 7:30", "giorni mai": "/giorni lun-ven",
		"fuso Atlantide": "/fuso Roma", "fuso Romma": "È una di queste?", "fuso Birmingham": "ce n’è più di una",
		"temi ,": "/temi ai, privacy", "temi aii": "I temi che ci sono: ai, crypto, privacy", "lingua klingon": "Parlo English, Italiano",
		"forma media": "/forma breve", "silenzio forse": "/silenzio sì", "anteprime boh": "/anteprime no",
		"pausa mai": "/pausa 2 settimane", "pausa 2020-01-01": "mercoledì 1º gennaio 2020 non va bene", "pausa 9999 mesi": "non va bene",
	} {
		tab, s := subscribed(t)
		r := ask(line)
		if got := text(tab.Command(t.Context(), r).Doc); !strings.Contains(got, want) {
			t.Errorf("/%s: no %q in\n%s", line, want, got)
		}
		if diff := cmp.Diff(digest.Settings{Language: digest.Italian}, s.subscribed[r.Place]); diff != "" {
			t.Errorf("/%s changed %s", line, diff)
		}
	}
}

// press is the request of a button.
func press(r bot.Request, line string) bot.Request {
	r.Command, r.Args, _ = strings.Cut(line, " ")
	r.Pressed = true
	return r
}

// TestEveryButtonOfThePanelsWorks walks through all that can be reached from the
// panel, in the place itself and from another.
func TestEveryButtonOfThePanelsWorks(t *testing.T) {
	for name, from := range map[string]bot.Request{
		"here":  ask("impostazioni"),
		"there": ask("impostazioni in:-100/7"),
	} {
		t.Run(name, func(t *testing.T) {
			tab, s := subscribed(t)
			for i := range 30 {
				s.articles[2].Topics = append(s.articles[2].Topics, strings.Repeat("x", i+1))
			}
			there := digest.Destination{Platform: "telegram", Chat: "-100", Thread: "7"}
			from.AdministersIn = func(_ context.Context, to digest.Destination) (bool, error) { return to == there, nil }
			at := from.Place
			if name == "there" {
				at = there
			}
			s.subscribed[there] = digest.Settings{Language: digest.Italian}
			seen := map[string]bool{}
			queue := []string{from.Command + " " + from.Args}
			for len(queue) > 0 {
				line := queue[0]
				queue = queue[1:]
				if seen[line] {
					continue
				}
				seen[line] = true
				before := s.subscribed[at]
				tab.flood = newFlood(asking, tab.Now) // whoever presses all of them has time
				reply := tab.Command(t.Context(), press(from, line))
				if reply.Empty() || !reply.Personal || !reply.Replace {
					t.Fatalf("%q: %+v", line, reply)
				}
				said := text(reply.Doc)
				if strings.Contains(said, "⚠️") || !strings.Contains(said, "Prossimo digest: ") && !strings.Contains(said, "Next digest: ") {
					t.Fatalf("%q: %s", line, said)
				}
				if len(reply.Doc.Rows) > 3 {
					t.Errorf("%q: %d rows of buttons", line, len(reply.Doc.Rows))
				}
				for _, next := range reply.Doc.Commands() {
					if name == "there" && !strings.HasSuffix(next, " in:-100/7") {
						t.Errorf("%q leads to %q, which is about another place", line, next)
					}
					if !strings.HasPrefix(next, "disiscriviti") && len(seen) < 400 {
						queue = append(queue, next)
					}
				}
				s.subscribed[at] = before // each from the same beginning
			}
			if len(seen) < 40 {
				t.Errorf("%d buttons only: %v", len(seen), seen)
			}
		})
	}
}

func TestPressesThatToggle(t *testing.T) {
	tab, s := subscribed(t)
	r := ask("")
	here := r.Place
	for _, c := range []struct {
		line string
		want func(digest.Settings) bool
		then string
	}{
		{"giorni -dom", func(s digest.Settings) bool { return !s.Schedule.Days.Has(time.Sunday) }, "giorni +dom"},
		{"giorni +dom", func(s digest.Settings) bool { return s.Schedule.Days == digest.EveryDay }, "giorni -dom"},
		{"temi +ai", func(s digest.Settings) bool { return cmp.Equal(s.Choice.Wanted, []string{"ai"}) }, "temi -ai"},
		{"temi -ai", func(s digest.Settings) bool {
			return len(s.Choice.Wanted) == 0 && cmp.Equal(s.Choice.Muted, []string{"ai"})
		}, "temi =ai"},
		{"temi =ai", func(s digest.Settings) bool { return len(s.Choice.Wanted)+len(s.Choice.Muted) == 0 }, "temi +ai"},
		{"silenzio si", func(s digest.Settings) bool { return s.Manner.Silent }, "silenzio no"},
		{"forma completa", func(s digest.Settings) bool { return s.Form == digest.Full }, "forma breve"},
		{"pausa 1 settimana", func(s digest.Settings) bool { return !s.PausedUntil.IsZero() }, "riprendi"},
	} {
		for range 2 {
			reply := tab.Command(t.Context(), press(r, c.line))
			if !c.want(s.subscribed[here]) || !strings.Contains(text(reply.Doc), c.then) || !strings.HasPrefix(reply.Notice, "✅") {
				t.Errorf("%q: %+v, notice %q\n%s", c.line, s.subscribed[here], reply.Notice, text(reply.Doc))
			}
		}
	}
}

func TestADayIsLeft(t *testing.T) {
	tab, s := subscribed(t)
	r := ask("")
	tab.Command(t.Context(), ask("giorni lun"))
	reply := tab.Command(t.Context(), press(r, "giorni -lun"))
	if s.subscribed[r.Place].Schedule.Days != digest.DaysOf(time.Monday) || !strings.Contains(text(reply.Doc), "/giorni") {
		t.Errorf("%+v: %s", s.subscribed[r.Place], text(reply.Doc))
	}
}

func TestAPlaceWithoutSubscriptionIsOfferedOne(t *testing.T) {
	tab, s := table(t)
	for _, line := range []string{"impostazioni", "ora 7:30", "giorni", "riprendi", "pausa 1 mese", "impostazioni fuso"} {
		got := text(tab.Command(t.Context(), ask(line)).Doc)
		if !strings.Contains(got, "Qui non arriva ancora il digest") || !strings.Contains(got, "iscriviti") {
			t.Errorf("/%s: %s", line, got)
		}
	}
	if len(s.subscribed) != 0 {
		t.Error("subscribed without being asked")
	}
}

func TestDiscordsOwnSettings(t *testing.T) {
	tab, s := subscribed(t)
	r := ask("menzione 123456789012345678")
	r.Actor.Platform, r.Place.Platform = "discord", "discord"
	s.subscribed[r.Place] = digest.Settings{Language: digest.Italian}
	tab.Command(t.Context(), r)
	for _, line := range []string{"annunci sì", "discussione sì", "menzione @everyone", "menzione <@&1>"} {
		r.Command, r.Args, _ = strings.Cut(line, " ")
		tab.Command(t.Context(), r)
	}
	want := digest.Manner{Mention: "123456789012345678", Crosspost: true, Discuss: true}
	if got := s.subscribed[r.Place].Manner; got != want {
		t.Errorf("%+v", got)
	}
	r.Missing = func(context.Context, digest.Destination) ([]bot.Permission, error) {
		return []bot.Permission{bot.OpenThreads, bot.ShowLinks}, nil
	}
	for line, warns := range map[string]bool{"discussione sì": true, "annunci sì": false} {
		r.Command, r.Args, _ = strings.Cut(line, " ")
		if got := text(tab.Command(t.Context(), r).Doc); strings.Contains(got, "Crea thread") != warns || strings.Contains(got, "Incorpora") {
			t.Errorf("/%s without permission: %s", line, got)
		}
	}
	r.Command, r.Args = "impostazioni", ""
	if got := text(tab.Command(t.Context(), r).Doc); !strings.Contains(got, "Menzione ruolo 123456789012345678") || !strings.Contains(got, "discussione no") {
		t.Error(got)
	}
	if got := text(tab.Command(t.Context(), ask("menzione no")).Doc); !strings.Contains(got, "/menzione") || !strings.Contains(got, "Non conosco") {
		t.Errorf("on Telegram: %s", got)
	}
}

func TestTheReadersChoiceOfLanguageRules(t *testing.T) {
	tab, s := subscribed(t)
	r := ask("aiuto")
	r.Actor.Language = "en"
	if got := text(tab.Command(t.Context(), r).Doc); !strings.Contains(got, "Che cosa posso fare") {
		t.Errorf("in private: %s", got)
	}
	r.Kind = bot.Shared
	if got := text(tab.Command(t.Context(), r).Doc); !strings.Contains(got, "What I can do") {
		t.Errorf("to a person of a group: %s", got)
	}
	s.subscribed[r.Place] = digest.Settings{Language: digest.English}
	r.Actor.Language, r.Command = "it", "disiscriviti"
	r.Administers = func(context.Context) (bool, error) { return true, nil }
	if got := text(tab.Command(t.Context(), r).Doc); !strings.Contains(got, "no more digests come here") {
		t.Errorf("to all of a group: %s", got)
	}
}

func TestAStaleButton(t *testing.T) {
	tab, _ := subscribed(t)
	for _, kind := range []bot.Kind{bot.Private, bot.Shared} {
		for _, r := range []bot.Request{ask(bot.StaleCommand), press(ask(""), "comando_di_una_volta 3"), press(ask(""), bot.StaleCommand)} {
			r.Kind = kind
			reply := tab.Command(t.Context(), r)
			if !reply.Personal || !strings.Contains(reply.Notice, "non vale più") || len(reply.Doc.Blocks) > 0 {
				t.Errorf("%q in %d: %+v", r.Command, kind, reply)
			}
		}
	}
}

func TestWhatTheBotLacksIsNamed(t *testing.T) {
	tab, s := table(t)
	r := ask("iscriviti")
	lacks := []bot.Permission{bot.PostInChannel, bot.ShowLinks}
	r.Missing = func(context.Context, digest.Destination) ([]bot.Permission, error) { return lacks, nil }
	got := text(tab.Command(t.Context(), r).Doc)
	if len(s.subscribed) > 0 || !strings.Contains(got, "Pubblica messaggi") || strings.Contains(got, "Incorpora") {
		t.Errorf("without what is needed: %s", got)
	}
	lacks = []bot.Permission{bot.ShowLinks, bot.MentionRoles}
	got = text(tab.Command(t.Context(), r).Doc)
	if len(s.subscribed) != 1 || !strings.Contains(got, "✅ Fatto") || !strings.Contains(got, "Incorpora link") {
		t.Errorf("without what isn't: %s", got)
	}
}

func TestAChannelIsManagedFromAPrivateChat(t *testing.T) {
	tab, s := table(t)
	channel := digest.Destination{Platform: "telegram", Chat: "-1001"}
	r := ask("")
	r.Place, r.Kind = channel, bot.Channel
	reply := tab.Joined(t.Context(), r)
	if got := reply.Doc.Commands(); !reply.Personal || !cmp.Equal(got, []string{"iscriviti in:-1001", "impostazioni in:-1001"}) {
		t.Fatalf("the greeting: %+v", reply)
	}
	mine := true
	do := func(line string) string {
		r := press(ask(""), line)
		r.AdministersIn = func(_ context.Context, to digest.Destination) (bool, error) { return mine && to == channel, nil }
		reply := tab.Command(t.Context(), r)
		return text(reply.Doc) + reply.Notice
	}
	if got := do("iscriviti in:-1001"); !strings.Contains(got, "il digest arriva lì") || s.subscribed[channel].Language != "it" {
		t.Fatalf("%s, %+v", got, s.subscribed)
	}
	if got := do("ora 9:00 in:-1001"); !strings.Contains(got, "Di -1001") || s.subscribed[channel].Schedule.Hour != 9 {
		t.Errorf("%s, %+v", got, s.subscribed[channel])
	}
	// What a button asked for comes after its line.
	if got := do("ora in:-1001 10:15"); !strings.Contains(got, "10:15") || s.subscribed[channel].Schedule.Minute != 15 {
		t.Errorf("%s, %+v", got, s.subscribed[channel])
	}
	do("ora 9:00 in:-1001")
	mine = false
	for _, line := range []string{"ora 10 in:-1001", "impostazioni in:-1001", "disiscriviti in:-1001", "temi in:-1001", "iscriviti in:-1002", "ora in:-1001 10", "ora in:-1001 10 in:-1009"} {
		if got := do(line); !strings.Contains(got, "Non amministri") {
			t.Errorf("%q by somebody else: %s", line, got)
		}
	}
	if s.subscribed[channel].Schedule.Hour != 9 || len(s.subscribed) != 1 {
		t.Errorf("somebody else changed %+v", s.subscribed)
	}
}

func TestAPressBySomebodyElseIsANotice(t *testing.T) {
	tab, s := subscribed(t)
	r := press(ask(""), "ora 9")
	r.Kind = bot.Shared
	r.Administers = func(context.Context) (bool, error) { return false, nil }
	reply := tab.Command(t.Context(), r)
	if !reply.Personal || len(reply.Doc.Blocks) > 0 || !strings.Contains(reply.Notice, "solo chi amministra") {
		t.Errorf("%+v", reply)
	}
	if s.subscribed[r.Place].Schedule.Own() {
		t.Error("and the hour changed")
	}
}

// The operator's schedule is told from when it is due.
func TestTheUsualSchedule(t *testing.T) {
	tab, _ := table(t)
	rome := tab.Writer.Zone
	tab.Next = func(after time.Time) time.Time {
		for at := time.Date(2026, 1, 1, 7, 30, 0, 0, rome); ; at = at.AddDate(0, 0, 1) {
			if at.After(after) && at.Weekday() != time.Sunday {
				return at
			}
		}
	}
	want := digest.Schedule{Hour: 7, Minute: 30, Zone: "Europe/Rome", Days: digest.EveryDay &^ digest.DaysOf(time.Sunday)}
	if got, often := tab.usual(); got != want || often {
		t.Errorf("got %+v, often %v", got, often)
	}
	// However often it is due, a week has all its days.
	tab.Next = func(after time.Time) time.Time { return after.Truncate(10 * time.Minute).Add(10 * time.Minute) }
	want = digest.Schedule{Zone: "Europe/Rome", Days: digest.EveryDay}
	if got, often := tab.usual(); got != want || !often {
		t.Errorf("every ten minutes: %+v, often %v", got, often)
	}
	tab.Next = func(time.Time) time.Time { return time.Time{} }
	if got, often := tab.usual(); got.Days != digest.EveryDay || often {
		t.Errorf("of no schedule: %+v", got)
	}
}

func TestInputsAreAsked(t *testing.T) {
	tab, _ := subscribed(t)
	for _, line := range []string{"impostazioni ora", "impostazioni fuso", "impostazioni pausa"} {
		doc := tab.Command(t.Context(), press(ask(""), line)).Doc
		var asked []markup.Action
		for _, row := range doc.Rows {
			for _, a := range row {
				if a.Input != nil {
					asked = append(asked, a)
				}
			}
		}
		if len(asked) != 1 || len([]rune(asked[0].Input.Label)) > 45 || len([]rune(asked[0].Input.Hint)) > 100 {
			t.Errorf("%s asks %+v", line, asked)
		}
	}
}
