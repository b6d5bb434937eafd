package main

import (
	"encoding/json"
	"log/slog"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/strillone/strillone/bot"
	"github.com/strillone/strillone/bot/terminal"
	"github.com/strillone/strillone/cmd/strillone/config"
	"github.com/strillone/strillone/digest"
	"github.com/strillone/strillone/storage"
)

// TestSettingsOnARealDatabase walks a reader through the settings of the whole
// service: what a command says of the next digest is what the database reckons.
func TestSettingsOnARealDatabase(t *testing.T) {
	ctx := t.Context()
	store, err := storage.Open(ctx, "sqlite:"+filepath.Join(t.TempDir(), "settings.db"))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = store.Close() })
	if err := publishSamples(ctx, store); err != nil {
		t.Fatal(err)
	}
	cfg := config.Default()
	screen := terminal.New(terminal.Config{Width: 200})
	s, err := newService(cfg, store, []bot.Adapter{screen}, slog.New(slog.DiscardHandler))
	if err != nil {
		t.Fatal(err)
	}
	home := digest.Destination{Platform: terminal.Platform, Chat: "42"}
	do := func(line string) bot.Reply {
		r := bot.Request{Actor: bot.Actor{Platform: terminal.Platform, ID: "42", Language: "it"}, Place: home}
		r.Command, r.Args, _ = strings.Cut(line, " ")
		return s.handler.Command(ctx, r)
	}
	say := func(line string) string {
		t.Helper()
		parts, err := screen.Render(do(line).Doc)
		if err != nil || len(parts) == 0 {
			t.Fatalf("/%s: %d parts, %v", line, len(parts), err)
		}
		return string(parts[0])
	}
	expect := func(line string, want ...string) {
		t.Helper()
		got := say(line)
		for _, w := range want {
			if !strings.Contains(got, w) {
				t.Errorf("/%s: no %q in\n%s", line, w, got)
			}
		}
	}
	expect("impostazioni", "Qui non arriva ancora il digest")
	expect("iscriviti", "✅ Fatto")
	expect("ora alle 7 e mezza", "✅ Ora: 7:30.", "alle 7:30.")
	expect("giorni lun, gio", "✅ Giorni: lun, gio.", "edì")
	expect("fuso Nuova York", "✅ Fuso: America/New_York.")
	sub, err := store.Subscription(ctx, home)
	if err != nil {
		t.Fatal(err)
	}
	want := digest.Schedule{Hour: 7, Minute: 30, Days: digest.DaysOf(time.Monday, time.Thursday), Zone: "America/New_York"}
	if sub.Schedule != want {
		t.Errorf("the schedule is %+v", sub.Schedule)
	}
	next, err := store.NextDue(ctx, home, time.Now())
	if err != nil || !want.Days.Has(next.In(zoneOf(t, want.Zone)).Weekday()) || !strings.Contains(say("impostazioni"), next.In(zoneOf(t, want.Zone)).Format("15:04")[1:]) {
		t.Errorf("the next digest is due %v, %v; the panel says\n%s", next, err, say("impostazioni"))
	}
	expect("pausa 3 settimane", "✅ Pausa: fino a")
	if paused, err := store.NextDue(ctx, home, time.Now()); err != nil || paused.Before(time.Now().AddDate(0, 0, 20)) {
		t.Errorf("paused, it is due %v, %v", paused, err)
	}
	expect("riprendi", "✅ Pausa: no.")
	expect("lingua english", "✅ Language: English.", "Next digest: ")
	expect("impostazioni", "Days Mon, Thu", "Zone America/New_York")
	expect("salva 1", "")

	reply := do("miei_dati")
	var kept struct {
		Subscriptions []struct{ Zone string } `json:"subscriptions"`
		Saved         []struct{ Number int }  `json:"saved_articles"`
	}
	if reply.File == nil {
		t.Fatalf("no file: %+v", reply)
	}
	if err := json.Unmarshal(reply.File.Content, &kept); err != nil || len(kept.Subscriptions) != 1 || len(kept.Saved) != 1 {
		t.Errorf("%+v, %v", kept, err)
	}
	expect("forget_me", "your subscription and its settings and one saved article")
	expect("dimenticami tutto", "Done: I keep nothing about you")
	expect("dimenticami tutto", "Di te non conservavo niente")
	if r, err := store.DataOf(ctx, digest.Person{Platform: terminal.Platform, ID: "42"}, home); err != nil || !r.Empty() {
		t.Errorf("still kept: %+v, %v", r, err)
	}
}

func zoneOf(t *testing.T, name string) *time.Location {
	t.Helper()
	zone, err := time.LoadLocation(name)
	if err != nil {
		t.Fatal(err)
	}
	return zone
}
