package words

import (
	"strings"
	"testing"
	"time"
	_ "time/tzdata"

	"github.com/google/go-cmp/cmp"

	"github.com/strillone/strillone/digest"
)

func TestClock(t *testing.T) {
	for said, want := range map[string]string{
		"7": "7:00", "7:30": "7:30", "7.30": "7:30", "07:05": "7:05", "7,45": "7:45", "7h15": "7:15", "0730": "7:30",
		"alle 7 e mezza": "7:30", "Alle sette e mezzo": "7:30", "alle ore 8": "8:00", "ore 8": "8:00", "alle 8 meno un quarto": "7:45",
		"19": "19:00", "24": "0:00", "mezzogiorno": "12:00", "mezzanotte": "0:00", "mezzogiorno e mezzo": "12:30", "all’una": "1:00",
		"le 7 di sera": "19:00", "7 del mattino": "7:00", "ventitré": "23:00", "7 e 5": "", "7 e 05": "7:05",
		"7am": "7:00", "7 a.m.": "7:00", "7:30 PM": "19:30", "12am": "0:00", "12 pm": "12:00", "at 7": "7:00",
		"half past seven": "7:30", "quarter to 8": "7:45", "a quarter past 7": "7:15", "noon": "12:00", "7 o'clock": "7:00",
		"25": "", "7:60": "", "7:5": "", "13pm": "", "0am": "", "24:30": "", "": "", "presto": "", "7:30:00": "", "-7": "", "half to 8": "",
		"quarter to 99": "", strings.Repeat("7", 500): "",
	} {
		got := ""
		if hour, minute, ok := Clock(said); ok {
			got = time.Date(0, 1, 1, hour, minute, 0, 0, time.UTC).Format("15:04")
			got = strings.TrimPrefix(got, "0")
		}
		if got != want {
			t.Errorf("%q: %q, want %q", said, got, want)
		}
	}
}

func TestDays(t *testing.T) {
	const mon, tue, thu, fri, sat, sun = 1 << 1, 1 << 2, 1 << 4, 1 << 5, 1 << 6, 1
	were := digest.DaysOf(time.Monday)
	for said, want := range map[string]digest.Days{
		"lun-ven": workdays, "Lunedì–Venerdì": workdays, "da lunedì a venerdì": workdays, "dal lunedì al venerdì": workdays,
		"mon to fri": workdays, "from Monday to Friday": workdays, "feriali": workdays, "weekdays": workdays, "nei giorni feriali": workdays,
		"lunedì, giovedì": mon | thu, "lun gio": mon | thu, "il lunedì e il giovedì": mon | thu, "mondays and thursdays": mon | thu,
		"tutti": digest.EveryDay, "ogni giorno": digest.EveryDay, "every day": digest.EveryDay, "weekend": weekend, "il fine settimana": weekend,
		"tutti tranne domenica": digest.EveryDay &^ sun, "every day except sat, sun": workdays,
		"ven-lun": fri | sat | sun | mon, "lun-mar, ven": mon | tue | fri, "sab": sat, "Thurs": thu, "lun.": mon,
		"+mar": mon | tue, "+lun": mon, "-mar": mon,
		"-lun": 0, "": 0, "mai": 0, "lu": 0, "lunatico": 0, "lun-xyz": 0, "tutti tranne tutti": 0, "+": 0, "-": 0, "lun-": 0, "venerdì 17": 0,
	} {
		got, ok := Days(said, were)
		if !ok {
			got = 0
		}
		if got != want {
			t.Errorf("%q: %b, want %b", said, got, want)
		}
	}
}

func TestPlaces(t *testing.T) {
	for said, want := range map[string]string{
		"Europe/Rome": "Europe/Rome", "europe/rome": "Europe/Rome", "America/New York": "America/New_York", "America/new_york": "America/New_York",
		"Roma": "Europe/Rome", "milano": "Europe/Rome", "L’Aquila": "Europe/Rome", "Forlì": "", "Londra": "Europe/London", "parigi": "Europe/Paris",
		"Nuova York": "America/New_York", "new york": "America/New_York", "Pechino": "Asia/Shanghai", "Mosca": "Europe/Moscow", "ATENE": "Europe/Athens",
		"Zürich": "Europe/Zurich", "zurigo": "Europe/Zurich", "São Paulo": "America/Sao_Paulo", "san paolo": "America/Sao_Paulo", "Città del Messico": "America/Mexico_City",
		"Calcutta": "Asia/Calcutta", "Asia/Calcutta": "Asia/Calcutta", "Giappone": "Asia/Tokyo", "UTC": "UTC", "gmt": "UTC", "fuso di Roma": "Europe/Rome",
		"Indianapolis": "America/Indiana/Indianapolis", "buenos aires": "America/Argentina/Buenos_Aires",
		"Atlantide": "", "": "", "../../etc/passwd": "", "Local": "", "Europe": "", "Europe/": "", strings.Repeat("roma", 300): "",
	} {
		found, _ := Places(said)
		got := ""
		if len(found) == 1 {
			got = found[0].Zone
		}
		if got != want {
			t.Errorf("%q: %q of %v, want %q", said, got, found, want)
		}
	}
}

func TestPlacesOfOneName(t *testing.T) {
	found, _ := Places("birmingham")
	want := []Place{{"Birmingham (Alabama)", "America/Chicago"}, {"Birmingham (Inghilterra)", "Europe/London"}}
	if diff := cmp.Diff(want, found); diff != "" {
		t.Error(diff)
	}
	for _, said := range []string{"Monaco", "Stati Uniti", "San José", "Santiago", "Córdoba", "Russia"} {
		if found, _ := Places(said); len(found) < 2 {
			t.Errorf("%s: %v", said, found)
		}
	}
}

func TestPlacesNearby(t *testing.T) {
	for said, want := range map[string]string{
		"Romma": "Europe/Rome", "milnao": "", "Milan0": "Europe/Rome", "los ang": "America/Los_Angeles", "berlno": "Europe/Berlin", "copenag": "Europe/Copenhagen",
		"xyzzyx": "", "ro": "",
	} {
		found, near := Places(said)
		got := ""
		if len(near) > 0 {
			got = near[0].Zone
		}
		if len(found) > 0 || got != want || len(near) > maxNear {
			t.Errorf("%q: %v, near %v, want %q first", said, found, near, want)
		}
	}
}

// Every zone loads, every city's zone is one of the list, and no place has two
// zones without words to tell them apart.
func TestTheAtlas(t *testing.T) {
	for _, zone := range atlas.zones {
		if _, err := time.LoadLocation(zone); err != nil {
			t.Error(err)
		}
	}
	for key, all := range atlas.named {
		names := make(map[string]bool)
		for _, p := range all {
			if atlas.zones[folded(p.Zone)] != p.Zone {
				t.Errorf("%s: no zone %s", key, p.Zone)
			}
			if names[p.Name] {
				t.Errorf("%s: two places called %s: %v", key, p.Name, all)
			}
			names[p.Name] = true
		}
	}
}

func TestUntil(t *testing.T) {
	rome, err := time.LoadLocation("Europe/Rome")
	if err != nil {
		t.Fatal(err)
	}
	now := time.Date(2026, 11, 24, 9, 0, 0, 0, rome) // a Tuesday
	for said, want := range map[string]string{
		"1 settimana": "2026-12-01", "una settimana": "2026-12-01", "2 settimane": "2026-12-08", "2 weeks": "2026-12-08", "per due settimane": "2026-12-08",
		"un mese": "2026-12-24", "a month": "2026-12-24", "3 mesi": "2027-02-24", "10 giorni": "2026-12-04", "for 10 days": "2026-12-04", "un anno": "2027-11-24",
		"fino al 6 gennaio": "2027-01-06", "fino all’8 dicembre": "2026-12-08", "until January 6": "2027-01-06", "6 January": "2027-01-06", "until the 6th of January": "2027-01-06",
		"Jan 6th, 2028": "2028-01-06", "2026-12-24": "2026-12-24", "24/12": "2026-12-24", "24.12.2026": "2026-12-24", "24/12/26": "2026-12-24",
		"24 novembre": "2027-11-24", "1º dicembre": "2026-12-01", "domani": "2026-11-25", "fino a domani": "2026-11-25", "tomorrow": "2026-11-25",
		"lunedì": "2026-11-30", "fino a lunedì prossimo": "", "fino al prossimo lunedì": "2026-11-30", "martedì": "2026-12-01", "next friday": "2026-11-27",
		"29 febbraio": "2028-02-29", "lunedì 30 novembre 2026": "2026-11-30", "Monday, December 7": "2026-12-07",
		"2020-01-01": "2020-01-01", "31/2": "", "30 febbraio": "", "0 giorni": "", "99999 mesi": "", "": "", "boh": "", "13/13": "", "2026-13-01": "", "gennaio": "",
	} {
		got := ""
		if at, ok := Until(said, now); ok {
			got = at.Format("2006-01-02")
			if h, m, s := at.Clock(); h+m+s != 0 || at.Location() != rome {
				t.Errorf("%q: %v isn't the beginning of a day in Rome", said, at)
			}
		}
		if got != want {
			t.Errorf("%q: %q, want %q", said, got, want)
		}
	}
	if at, _ := Until("un mese", time.Date(2027, 1, 31, 9, 0, 0, 0, rome)); at.Format("2006-01-02") != "2027-02-28" {
		t.Errorf("a month after 31 January: %v", at)
	}
}

func TestTopics(t *testing.T) {
	tests := []struct {
		said string
		want []Topic
		all  bool
	}{
		{"ai, Privacy", []Topic{{"ai", Only}, {"privacy", Only}}, false},
		{"-crypto", []Topic{{"crypto", Muted}}, false},
		{"ai, big  tech -crypto", []Topic{{"ai", Only}, {"big tech", Only}, {"crypto", Muted}}, false},
		{"+ai; =web, #Ai", []Topic{{"ai", Wanted}, {"web", Neither}}, false},
		{"e-commerce, −x", []Topic{{"e-commerce", Only}, {"x", Muted}}, false},
		{"Tutti", nil, true},
		{"everything", nil, true},
		{" , ", nil, false},
		{"", nil, false},
	}
	for _, c := range tests {
		got, all, ok := Topics(c.said)
		if diff := cmp.Diff(c.want, got); diff != "" || all != c.all || ok != (all || len(c.want) > 0) {
			t.Errorf("%q: all %v, ok %v, %s", c.said, all, ok, diff)
		}
	}
	if _, _, ok := Topics(strings.Repeat("a,b,c d,", 9)); !ok {
		t.Error("topics said again and again are still topics")
	}
}

func TestSmallWords(t *testing.T) {
	for said, want := range map[string]string{"sì": "yes", "SI": "yes", "Yes!": "yes", "no": "no", "off": "no", "forse": "", "": ""} {
		got := ""
		if yes, ok := Yes(said); ok {
			got = map[bool]string{true: "yes", false: "no"}[yes]
		}
		if got != want {
			t.Errorf("%q: %q", said, got)
		}
	}
	for said, want := range map[string]digest.Form{"Completa": digest.Full, "full": digest.Full, "breve": digest.Short, "forma breve": digest.Short, "media": ""} {
		if got, _ := Form(said); got != want {
			t.Errorf("%q: %q", said, got)
		}
	}
	for said, want := range map[string]string{"<@&123456789012345678>": "123456789012345678", "123456789012345678": "123456789012345678", "no": "", "@everyone": "!", "<@123456789012345678>": "!", "": "!"} {
		got, ok := Role(said)
		if !ok {
			got = "!"
		}
		if got != want {
			t.Errorf("%q: %q", said, got)
		}
	}
}

// Whatever people write, what is understood is a setting there can be.
func FuzzWords(f *testing.F) {
	for _, s := range []string{"7:30", "alle 7 e mezza", "lun-ven", "tutti tranne domenica", "Roma", "Europe/Rome", "2 settimane", "fino al 6 gennaio", "29/2", "ai, -crypto", "İ", "７：３０", "ﬁno"} {
		f.Add(s)
	}
	now := time.Date(2026, 11, 24, 9, 0, 0, 0, time.UTC)
	f.Fuzz(func(t *testing.T, s string) {
		if h, m, ok := Clock(s); ok && (h < 0 || h > 23 || m < 0 || m > 59) {
			t.Errorf("Clock %q: %d:%d", s, h, m)
		}
		if d, ok := Days(s, digest.EveryDay); ok && (d == 0 || d&^digest.EveryDay != 0) {
			t.Errorf("Days %q: %b", s, d)
		}
		found, near := Places(s)
		for _, p := range append(found, near...) {
			if _, err := time.LoadLocation(p.Zone); err != nil || p.Zone == "" {
				t.Errorf("Places %q: %v", s, err)
			}
		}
		if at, ok := Until(s, now); ok && at.IsZero() {
			t.Errorf("Until %q: no time", s)
		}
		if topics, all, ok := Topics(s); ok && all == (len(topics) > 0) {
			t.Errorf("Topics %q: %v and all", s, topics)
		}
		Yes(s)
		Form(s)
		Role(s)
	})
}
