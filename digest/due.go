// NextDue: when a time of day comes next on the clocks of a zone.

package digest

import "time"

// NextDue is the first instant after the given one at which the clocks of zone
// show hour:minute on one of the days. Every date that exists in the zone has
// exactly one such instant: a time that the clocks jump over is served at the
// first instant after the jump, and one that they show twice is served the first
// time. The result is in zone; it is the zero time when no day is wanted.
func NextDue(after time.Time, zone *time.Location, hour, minute int, days Days) time.Time {
	const horizon = 16 // days: two weeks hold every weekday twice, a date that doesn't exist included
	return NextOn(after, zone, hour, minute, horizon, func(date time.Time) bool {
		return days.Has(date.Weekday())
	})
}

// NextOn is NextDue on the dates that fit, which are told as midnights in UTC. It
// looks the given number of days ahead.
func NextOn(after time.Time, zone *time.Location, hour, minute, days int, fits func(date time.Time) bool) time.Time {
	y, m, d := after.In(zone).Date()
	// From the day before: a time that a jump across midnight swallowed is
	// served on the next date.
	for i := -1; i <= days; i++ {
		date := time.Date(y, m, d+i, 0, 0, 0, 0, time.UTC)
		if !fits(date) || !Exists(date, zone) {
			continue
		}
		if t := FirstInstant(date, hour, minute, zone); t.After(after) {
			return t
		}
	}
	return time.Time{}
}

// Exists says whether the zone's calendar has the date: crossing the date line
// takes one out of it (Samoa had no 30 December 2011). Dates are told as midnights in
// UTC.
func Exists(date time.Time, zone *time.Location) bool {
	y, m, d := FirstInstant(date, 0, 0, zone).Date()
	return time.Date(y, m, d, 0, 0, 0, 0, time.UTC).Equal(date)
}

// FirstInstant is the first instant at which the clocks of zone show hour:minute
// of date, or, when they jump over it, the instant they jump. time.Date is no
// help: of a time inside a gap it can make an instant an hour before the gap.
func FirstInstant(date time.Time, hour, minute int, zone *time.Location) time.Time {
	wanted := time.Date(date.Year(), date.Month(), date.Day(), hour, minute, 0, 0, time.UTC)
	// Walk the periods of constant offset from before wherever on Earth it
	// could be: offsets lie well within 16 hours.
	period := wanted.Add(-16 * time.Hour).In(zone)
	for {
		start, end := period.ZoneBounds()
		_, offset := period.Zone()
		instant := wanted.Add(-time.Duration(offset) * time.Second).In(zone)
		switch {
		case !start.IsZero() && instant.Before(start):
			return start // the clocks were set past it as this period began
		case end.IsZero() || instant.Before(end):
			return instant
		}
		period = end
	}
}
