// Clock: the times at which digests are due, and the dates they are for.

package digest

import (
	"fmt"
	"time"
)

// Clock is a series of instants at which digests are due.
type Clock interface {
	// Next is the first of them after t; the zero time when there is none.
	Next(t time.Time) time.Time
	// Date is the local date that one of them is for, of which it is the only
	// one; 0 where a date may have several.
	Date(slot time.Time) Date
}

// Date is a date of the calendar, as the days since 1 January 1970. The zero
// Date stands for none.
type Date int

// DateOf is the date that t's own clocks show.
func DateOf(t time.Time) Date {
	y, m, d := t.Date()
	return Date(time.Date(y, m, d, 0, 0, 0, 0, time.UTC).Unix() / (24 * 60 * 60))
}

// DateFor is the date that an instant found by NextDue is for: its own, or the
// one before it where the clocks jumped over midnight and over the time wanted.
func DateFor(slot time.Time, hour, minute int) Date {
	date := DateOf(slot)
	if slot.Hour()*60+slot.Minute() < hour*60+minute {
		return date - 1
	}
	return date
}

// Clock is the schedule on the clocks of its zone. An unknown zone, a time that
// no clock shows and a schedule without days are errors, and so is the
// operator's: its times are not here.
func (s Schedule) Clock() (Clock, error) {
	switch {
	case !s.Own():
		return nil, fmt.Errorf("the operator's schedule is not a destination's own")
	case s.Hour < 0 || s.Hour > 23 || s.Minute < 0 || s.Minute > 59:
		return nil, fmt.Errorf("there is no time %d:%02d", s.Hour, s.Minute)
	case s.Days&EveryDay == 0 || s.Days > EveryDay:
		return nil, fmt.Errorf("there are no such days: %b", s.Days)
	case s.Zone == "" || s.Zone == "Local":
		return nil, fmt.Errorf("a schedule names its zone")
	}
	zone, err := time.LoadLocation(s.Zone)
	if err != nil {
		return nil, err
	}
	return clock{s, zone}, nil
}

// Next is the first time of the schedule after another, in its zone; see
// NextDue. The errors are Clock's.
func (s Schedule) Next(after time.Time) (time.Time, error) {
	c, err := s.Clock()
	if err != nil {
		return time.Time{}, err
	}
	return c.Next(after), nil
}

// clock is a Schedule with its zone.
type clock struct {
	Schedule
	zone *time.Location
}

func (c clock) Next(t time.Time) time.Time { return NextDue(t, c.zone, c.Hour, c.Minute, c.Days) }

func (c clock) Date(slot time.Time) Date { return DateFor(slot.In(c.zone), c.Hour, c.Minute) }
