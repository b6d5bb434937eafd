// Schedule: the operator's times, from a line in cron's syntax.

package scheduler

import (
	"errors"
	"fmt"
	"math/bits"
	"sort"
	"strings"
	"time"

	"github.com/robfig/cron/v3"

	"github.com/strillone/strillone/digest"
)

// Schedule is a series of instants. It is immutable and has no zero value; Parse
// makes one.
type Schedule struct {
	spec string
	next func(time.Time) time.Time
	date func(slot time.Time) digest.Date
}

var _ digest.Clock = Schedule{}

// shortest is the shortest interval of "@every".
const shortest = time.Second

// Parse reads a schedule in cron's five fields (minute, hour, day of month,
// month, day of week), one of its descriptors (@hourly, @daily, @weekly,
// @monthly, @yearly), or "@every 6h". Its times are those of the zone's clocks.
//
// A schedule that names hours, as "30 7 * * 1-5", follows digest.NextDue's rule when
// the clocks change; one of every hour, as "*/15 * * * *", runs on through both
// passes of an hour that comes twice.
func Parse(spec string, zone *time.Location) (Schedule, error) {
	spec = strings.TrimSpace(spec)
	if strings.HasPrefix(spec, "TZ=") || strings.HasPrefix(spec, "CRON_TZ=") {
		return Schedule{}, fmt.Errorf("schedule %q: a zone has no place here, set it with `timezone`", spec)
	}
	if interval, ok := strings.CutPrefix(spec, "@every "); ok {
		return parseEvery(spec, interval, zone)
	}
	parsed, err := parseFields(spec)
	if err != nil {
		return Schedule{}, fmt.Errorf("schedule %q: %w", spec, err)
	}
	s := Schedule{spec: spec, next: func(t time.Time) time.Time { return parsed.Next(t.In(zone)) }}
	if namesHours(parsed) {
		s.next = func(t time.Time) time.Time { return nextNamed(parsed, t, zone) }
	}
	if hours, minutes := members(parsed.Hour), members(parsed.Minute); len(hours) == 1 && len(minutes) == 1 {
		s.date = func(slot time.Time) digest.Date { return digest.DateFor(slot.In(zone), hours[0], minutes[0]) }
	}
	// Any instant will do: cron, too, looks five years ahead, which holds a leap day.
	if s.next(time.Date(2024, time.January, 1, 0, 0, 0, 0, time.UTC)).IsZero() {
		return Schedule{}, fmt.Errorf("schedule %q: there is no such date", spec)
	}
	return s, nil
}

// Next is the first instant of the schedule after t. "@every" counts from t.
func (s Schedule) Next(t time.Time) time.Time { return s.next(t) }

// Date is the local date that a time of the schedule is for, where it names one
// time of day; otherwise 0.
func (s Schedule) Date(slot time.Time) digest.Date {
	if s.date == nil {
		return 0
	}
	return s.date(slot)
}

// String is the schedule as the operator wrote it.
func (s Schedule) String() string { return s.spec }

func parseEvery(spec, interval string, zone *time.Location) (Schedule, error) {
	every, err := time.ParseDuration(strings.TrimSpace(interval))
	if err != nil {
		return Schedule{}, fmt.Errorf("schedule %q: %w", spec, err)
	}
	if every < shortest {
		return Schedule{}, fmt.Errorf("schedule %q: every %s at the most often", spec, shortest)
	}
	delay := cron.Every(every)
	next := func(t time.Time) time.Time { return delay.Next(t.In(zone)) }
	return Schedule{spec: spec, next: next}, nil
}

// parseFields is cron's parser, which panics at some of what it doesn't
// understand.
func parseFields(spec string) (s *cron.SpecSchedule, err error) {
	defer func() {
		if p := recover(); p != nil {
			err = fmt.Errorf("not understood: %v", p)
		}
	}()
	parsed, err := cron.ParseStandard(spec)
	if err != nil {
		return nil, err
	}
	s, ok := parsed.(*cron.SpecSchedule)
	if !ok {
		return nil, errors.New("not understood")
	}
	// The zone of the time it is asked about, rather than the machine's.
	s.Location = time.Local
	return s, nil
}

// namesHours says whether the schedule leaves some hour of the day out.
func namesHours(s *cron.SpecSchedule) bool {
	const all = 1<<24 - 1
	return s.Hour&all != all
}

// nextNamed is the schedule's next instant under digest.NextDue's rule. A later time of
// day never comes before an earlier one, whatever the clocks do, nor a later date.
func nextNamed(s *cron.SpecSchedule, after time.Time, zone *time.Location) time.Time {
	const horizon = 5 * 366
	hours, minutes := members(s.Hour), members(s.Minute)
	if len(hours) == 0 || len(minutes) == 0 {
		return time.Time{}
	}
	y, m, d := after.In(zone).Date()
	for i := -1; i <= horizon; i++ { // from the day before, as digest.NextOn
		date := time.Date(y, m, d+i, 0, 0, 0, 0, time.UTC)
		if !onDate(s, date) || !digest.Exists(date, zone) {
			continue
		}
		instant := func(n int) time.Time {
			return digest.FirstInstant(date, hours[n/len(minutes)], minutes[n%len(minutes)], zone)
		}
		times := len(hours) * len(minutes)
		if n := sort.Search(times, func(n int) bool { return instant(n).After(after) }); n < times {
			return instant(n)
		}
	}
	return time.Time{}
}

// onDate is cron's rule for dates: when both the day of the month and the day
// of the week are named, either will do.
func onDate(s *cron.SpecSchedule, date time.Time) bool {
	const star = 1 << 63 // cron's mark of a field that was "*"
	if s.Month&(1<<date.Month()) == 0 {
		return false
	}
	day := s.Dom&(1<<date.Day()) != 0
	weekday := s.Dow&(1<<date.Weekday()) != 0
	if s.Dom&star != 0 || s.Dow&star != 0 {
		return day && weekday
	}
	return day || weekday
}

// members lists the numbers of one of cron's bit sets.
func members(set uint64) []int {
	set &= 1<<60 - 1
	var list []int
	for ; set != 0; set &= set - 1 {
		list = append(list, bits.TrailingZeros64(set))
	}
	return list
}
