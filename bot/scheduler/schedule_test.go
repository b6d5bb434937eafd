package scheduler

import (
	"strings"
	"testing"
	"time"

	"github.com/strillone/strillone/digest"
)

func TestParseRefuses(t *testing.T) {
	for _, c := range []struct{ spec, because string }{
		{"", "empty"},
		{"TZ=Europe/Rome 0 7 * * *", "timezone"},
		{"  CRON_TZ=Europe/Rome 0 7 * * *", "timezone"},
		{"TZ=", "timezone"},
		{"CRON_TZ=Europe/Rome", "timezone"},
		{"0 7 * *", "expected exactly 5 fields"},
		{"0 0 7 * * *", "expected exactly 5 fields"},
		{"60 7 * * *", "above maximum"},
		{"0 7 * * 7", "above maximum"},
		{", 7 * * *", "no such date"},
		{"0 7 31 2 *", "no such date"},
		{"@every", "unrecognized descriptor"},
		{"@every -1h", "most often"},
		{"@every often", "invalid duration"},
		{"@reboot", "unrecognized descriptor"},
		{"every day", "expected exactly 5 fields"},
	} {
		if _, err := Parse(c.spec, time.UTC); err == nil || !strings.Contains(err.Error(), c.because) {
			t.Errorf("%q: got error %v, want one about %q", c.spec, err, c.because)
		}
	}
}

func TestScheduleNext(t *testing.T) {
	for _, c := range []struct {
		spec, zone, after string
		want              []string
	}{
		{"30 7 * * *", "Europe/Rome", "2026-07-01T00:00:00Z", []string{"2026-07-01T07:30:00+02:00", "2026-07-02T07:30:00+02:00"}},
		{"30 7 * * 1-5", "Europe/Rome", "2026-07-03T06:00:00Z", []string{"2026-07-06T07:30:00+02:00", "2026-07-07T07:30:00+02:00"}},
		{"30 7 * * mon,wed", "Europe/Rome", "2026-07-06T06:00:00Z", []string{"2026-07-08T07:30:00+02:00"}},
		{"0 8,18 * * *", "Europe/Rome", "2026-07-01T06:00:00Z", []string{"2026-07-01T18:00:00+02:00", "2026-07-02T08:00:00+02:00"}},
		// Cron alone would leave 29 March out and run twice on 25 October.
		{"30 2 * * *", "Europe/Rome", "2026-03-28T12:00:00Z", []string{"2026-03-29T03:00:00+02:00", "2026-03-30T02:30:00+02:00"}},
		{"30 2 * * *", "Europe/Rome", "2026-10-24T12:00:00Z", []string{"2026-10-25T02:30:00+02:00", "2026-10-26T02:30:00+01:00"}},
		{"@daily", "Africa/Cairo", "2026-04-23T12:00:00Z", []string{"2026-04-24T01:00:00+03:00", "2026-04-25T00:00:00+03:00"}},
		{"0,30 2 * * *", "Europe/Rome", "2026-03-28T12:00:00Z", []string{"2026-03-29T03:00:00+02:00", "2026-03-30T02:00:00+02:00"}},
		{"0 0 24 4 *", "Africa/Cairo", "2026-01-01T12:00:00Z", []string{"2026-04-24T01:00:00+03:00"}},
		{"@weekly", "Europe/Rome", "2026-07-01T00:00:00Z", []string{"2026-07-05T00:00:00+02:00"}},
		{"0 9 1 * *", "Europe/Rome", "2026-07-01T08:00:00Z", []string{"2026-08-01T09:00:00+02:00"}},
		{"0 9 13 * 5", "Europe/Rome", "2026-07-01T08:00:00Z", []string{"2026-07-03T09:00:00+02:00", "2026-07-10T09:00:00+02:00", "2026-07-13T09:00:00+02:00"}},
		{"0 9 29 2 *", "Europe/Rome", "2025-01-01T08:00:00Z", []string{"2028-02-29T09:00:00+01:00"}},
		// Every hour runs on through both passes.
		{"30 * * * *", "Europe/Rome", "2026-10-25T00:00:00Z", []string{"2026-10-25T02:30:00+02:00", "2026-10-25T02:30:00+01:00"}},
		{"@hourly", "Europe/Rome", "2026-03-29T00:30:00Z", []string{"2026-03-29T03:00:00+02:00"}},
		{"@every 6h", "Europe/Rome", "2026-03-28T23:00:00Z", []string{"2026-03-29T05:00:00Z", "2026-03-29T11:00:00Z"}},
	} {
		s := parse(t, c.spec, zone(t, c.zone))
		next := at(t, c.after)
		for _, want := range c.want {
			next = s.Next(next)
			if !next.Equal(at(t, want)) {
				t.Errorf("%s: got %v, want %s", c.spec, next, want)
			}
		}
	}
}

// changes are the instants between two years at which the zone's clocks change.
func changes(z *time.Location, first, last int) []time.Time {
	var list []time.Time
	t := time.Date(first, 1, 1, 0, 0, 0, 0, z)
	for {
		_, t = t.ZoneBounds()
		if t.IsZero() || t.Year() > last {
			return list
		}
		list = append(list, t)
	}
}

// A schedule of many times a day is due whenever one of its times is by NextDue.
func TestScheduleOfManyTimes(t *testing.T) {
	for _, name := range []string{"Europe/Rome", "Africa/Cairo", "Australia/Lord_Howe", "America/Santiago", "Pacific/Apia", "Africa/Casablanca"} {
		z := zone(t, name)
		s := parse(t, "*/25 0-3,23 * * *", z)
		for _, change := range append(changes(z, 2010, 2012), changes(z, 2026, 2026)...) {
			for now, end := change.Add(-30*time.Hour), change.Add(30*time.Hour); now.Before(end); {
				var want time.Time
				for _, hour := range []int{0, 1, 2, 3, 23} {
					for _, minute := range []int{0, 25, 50} {
						due := digest.NextDue(now, z, hour, minute, digest.EveryDay)
						if want.IsZero() || due.Before(want) {
							want = due
						}
					}
				}
				if got := s.Next(now); !got.Equal(want) {
					t.Fatalf("%s: after %v got %v, want %v", name, now, got, want)
				}
				now = want
			}
		}
	}
}

func FuzzParse(f *testing.F) {
	for _, spec := range []string{"30 7 * * 1-5", "@every 6h", "TZ=", "CRON_TZ=a", "*/5 0-9/2 ? * *", "@daily", "0 0 31 2 *"} {
		f.Add(spec)
	}
	from := time.Date(2026, 3, 28, 12, 0, 0, 0, time.UTC)
	f.Fuzz(func(t *testing.T, spec string) {
		s, err := Parse(spec, time.UTC)
		if err != nil {
			return
		}
		if next := s.Next(from); !next.IsZero() && !next.After(from) {
			t.Errorf("%q: %v is not after %v", spec, next, from)
		}
	})
}
