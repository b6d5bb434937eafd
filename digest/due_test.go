// Tests of NextDue, against every zone there is.

package digest

import (
	"archive/zip"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"
	_ "time/tzdata"
)

func TestNextDue(t *testing.T) {
	weekdays := DaysOf(time.Monday, time.Tuesday, time.Wednesday, time.Thursday, time.Friday)
	for _, c := range []struct {
		name, zone, after, want string
		hour, minute            int
		days                    Days
	}{
		{"today", "Europe/Rome", "2026-07-01T04:00:00Z", "2026-07-01T07:30:00+02:00", 7, 30, EveryDay},
		{"at the very time it is tomorrow", "Europe/Rome", "2026-07-01T05:30:00Z", "2026-07-02T07:30:00+02:00", 7, 30, EveryDay},
		{"weekend", "Europe/Rome", "2026-07-03T05:30:00Z", "2026-07-06T07:30:00+02:00", 7, 30, weekdays},
		{"spring gap", "Europe/Rome", "2026-03-28T12:00:00Z", "2026-03-29T03:00:00+02:00", 2, 30, EveryDay},
		{"autumn fold, first pass", "Europe/Rome", "2026-10-24T12:00:00Z", "2026-10-25T02:30:00+02:00", 2, 30, EveryDay},
		{"autumn fold, once", "Europe/Rome", "2026-10-25T00:30:00Z", "2026-10-26T02:30:00+01:00", 2, 30, EveryDay},
		{"gap at midnight", "Africa/Cairo", "2026-04-23T12:00:00Z", "2026-04-24T01:00:00+03:00", 0, 0, EveryDay},
		{"half an hour's gap", "Australia/Lord_Howe", "2026-10-03T00:00:00Z", "2026-10-04T02:30:00+11:00", 2, 15, EveryDay},
		{"date that doesn't exist", "Pacific/Apia", "2011-12-29T19:00:00Z", "2011-12-31T08:00:00+14:00", 8, 0, EveryDay},
	} {
		t.Run(c.name, func(t *testing.T) {
			got := NextDue(at(t, c.after), zone(t, c.zone), c.hour, c.minute, c.days)
			if !got.Equal(at(t, c.want)) {
				t.Errorf("got %v, want %v", got, c.want)
			}
		})
	}
	if got := NextDue(at(t, "2026-07-01T04:00:00Z"), time.UTC, 7, 30, 0); !got.IsZero() {
		t.Errorf("no weekday: got %v", got)
	}
}

// TestNextDueInEveryZone holds NextDue against a plain reading of the clocks,
// minute by minute around every change of them in every zone: from 2024 to 2026
// and at a few times of day, or, with STRILLONE_LONG set, from 2020 to 2037 and
// at many.
func TestNextDueInEveryZone(t *testing.T) {
	// Half past and on the hour around midnight and the usual hours of change,
	// and one time that nothing touches.
	times := [][2]int{{0, 0}, {0, 30}, {2, 30}, {3, 0}, {7, 30}}
	first, last := 2024, 2026
	if os.Getenv("STRILLONE_LONG") != "" {
		first, last = 2020, 2037
		for h := range 24 {
			times = append(times, [2]int{h, 0}, [2]int{h, 15}, [2]int{h, 59})
		}
	}
	type change struct {
		at            time.Time
		before, after int
	}
	seen := make(map[change]bool)
	count := 0
	for _, name := range zoneNames(t) {
		z := zone(t, name)
		for _, instant := range transitions(z, first, last) {
			count++
			// Zones that share a change share its outcome.
			c := change{at: instant.UTC(), before: offset(z, instant.Add(-time.Second)), after: offset(z, instant)}
			if seen[c] {
				continue
			}
			seen[c] = true
			from, until := instant.Add(-30*time.Hour), instant.Add(54*time.Hour)
			clock := readClocks(z, from, until)
			for _, hm := range times {
				got := make(map[time.Time]time.Time)
				for due := NextDue(from, z, hm[0], hm[1], EveryDay); due.Before(until); due = NextDue(due, z, hm[0], hm[1], EveryDay) {
					date := dateFor(due, hm[0], hm[1])
					if first, twice := got[date]; twice {
						t.Errorf("%s %s %02d:%02d: served at %v and %v", name, date.Format(time.DateOnly), hm[0], hm[1], first, due)
					}
					got[date] = due
				}
				for date, want := range clock.served(hm[0], hm[1]) {
					if !got[date].Equal(want) {
						t.Errorf("%s %s %02d:%02d: got %v, want %v", name, date.Format(time.DateOnly), hm[0], hm[1], got[date], want)
					}
				}
			}
		}
	}
	t.Logf("%d changes, %d of them different", count, len(seen))
	if len(seen) < 50 {
		t.Errorf("only %d changes found, is the zone database there?", len(seen))
	}
}

// clocks is what the clocks of a zone show at each minute of a stretch of time.
type clocks struct {
	minutes []time.Time // ascending, in the zone
	walls   []time.Time // what the clocks show then, as if in UTC
	dates   []time.Time // the dates that lie wholly within the stretch
}

func readClocks(z *time.Location, from, until time.Time) clocks {
	var c clocks
	for m := from.Truncate(time.Minute); m.Before(until); m = m.Add(time.Minute) {
		wall := wallOf(m.In(z))
		c.minutes = append(c.minutes, m)
		c.walls = append(c.walls, wall)
		if date := wall.Truncate(24 * time.Hour); !slices.Contains(c.dates, date) {
			c.dates = append(c.dates, date)
		}
	}
	c.dates = c.dates[1 : len(c.dates)-1]
	return c
}

// served is, for each date, the first minute at which the clocks show the time
// or are past it, having been before it.
func (c clocks) served(hour, minute int) map[time.Time]time.Time {
	served := make(map[time.Time]time.Time)
	for _, date := range c.dates {
		wanted := timeOn(date, hour, minute)
		for i, wall := range c.walls {
			if !wall.Before(wanted) {
				served[date] = c.minutes[i]
				break
			}
		}
	}
	return served
}

// dateFor is the date that an instant serves: its own, or, when it comes before
// the time wanted because the clocks jumped over midnight, the one before.
func dateFor(due time.Time, hour, minute int) time.Time {
	wall := wallOf(due)
	date := wall.Truncate(24 * time.Hour)
	if wall.Before(timeOn(date, hour, minute)) {
		return date.AddDate(0, 0, -1)
	}
	return date
}

func timeOn(date time.Time, hour, minute int) time.Time {
	return date.Add(time.Duration(hour)*time.Hour + time.Duration(minute)*time.Minute)
}

func zone(t testing.TB, name string) *time.Location {
	t.Helper()
	z, err := time.LoadLocation(name)
	if err != nil {
		t.Fatal(err)
	}
	return z
}

func at(t testing.TB, s string) time.Time {
	t.Helper()
	v, err := time.Parse(time.RFC3339, s)
	if err != nil {
		t.Fatal(err)
	}
	return v
}

func offset(z *time.Location, t time.Time) int {
	_, seconds := t.In(z).Zone()
	return seconds
}

func wallOf(t time.Time) time.Time {
	return time.Date(t.Year(), t.Month(), t.Day(), t.Hour(), t.Minute(), t.Second(), 0, time.UTC)
}

// transitions are the instants between two years at which the zone's offset
// changes, found by bisection rather than by the ZoneBounds under test.
func transitions(z *time.Location, first, last int) []time.Time {
	var list []time.Time
	end := time.Date(last+1, 1, 1, 0, 0, 0, 0, time.UTC)
	const step = 14 * 24 * time.Hour // shorter than any summer time, Ramadan's break of it included
	for t := time.Date(first, 1, 1, 0, 0, 0, 0, time.UTC); t.Before(end); t = t.Add(step) {
		lo, hi := t, t.Add(step)
		if offset(z, lo) == offset(z, hi) {
			continue
		}
		before := offset(z, lo)
		for hi.Sub(lo) > time.Second {
			mid := lo.Add(hi.Sub(lo) / 2).Truncate(time.Second)
			if offset(z, mid) == before {
				lo = mid
			} else {
				hi = mid
			}
		}
		list = append(list, hi.In(z))
	}
	return list
}

// zoneNames lists the zones of the Go distribution's database, those that are
// the same under several names once.
func zoneNames(t *testing.T) []string {
	t.Helper()
	root, err := exec.CommandContext(t.Context(), "go", "env", "GOROOT").Output()
	if err != nil {
		t.Fatalf("no list of zones: %v", err)
	}
	r, err := zip.OpenReader(filepath.Join(strings.TrimSpace(string(root)), "lib", "time", "zoneinfo.zip"))
	if err != nil {
		t.Fatalf("no list of zones: %v", err)
	}
	defer r.Close()
	var names []string
	seen := make(map[uint32]bool)
	for _, f := range r.File {
		if !f.FileInfo().IsDir() && !seen[f.CRC32] {
			seen[f.CRC32] = true
			names = append(names, f.Name)
		}
	}
	return names
}
