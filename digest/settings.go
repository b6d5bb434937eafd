// Settings: how a destination wants its digests.

package digest

import "time"

// Settings are what the people of a destination can choose. The zero Settings,
// with a Language, are those that everyone begins with.
type Settings struct {
	Schedule Schedule
	Language Language
	Choice   Choice
	Form     Form
	Manner   Manner
	// PausedUntil is when digests begin again; the zero time when they are not
	// paused. What is published meanwhile is in the first one afterwards.
	PausedUntil time.Time
}

// Form is how much of each article a digest shows.
type Form string

// The forms of a digest.
const (
	Short Form = "short" // titles and leads
	Full  Form = "full"  // with the abstracts
)

// Manner is how a destination's messages arrive.
type Manner struct {
	Silent     bool   // without a sound
	NoPreviews bool   // without previews of what links lead to
	Mention    string // the role that a digest mentions (Discord); empty: nobody
	Crosspost  bool   // published to the channels that follow (Discord's announcement channels)
	Discuss    bool   // a thread is opened under each digest (Discord)
}

// Choice is which topics a digest holds: those Wanted, or all when there are
// none, but those Muted. Topics are as in Content. The zero Choice is all
// articles.
type Choice struct {
	Wanted []string
	Muted  []string
}

// Schedule is when a destination gets its digest: at Hour:Minute on the Days, on
// the clocks of Zone. The zero Schedule is the operator's.
type Schedule struct {
	Hour   int
	Minute int
	Days   Days
	Zone   string // an IANA zone's name
}

// Own says whether the schedule is the destination's own and not the operator's.
func (s Schedule) Own() bool { return s != Schedule{} }

// Days are days of the week, a bit for each time.Weekday.
type Days uint8

// EveryDay is all days of the week.
const EveryDay Days = 1<<7 - 1

// DaysOf are the days given.
func DaysOf(days ...time.Weekday) Days {
	var all Days
	for _, d := range days {
		all |= 1 << d
	}
	return all
}

// Has says whether the day is one of them.
func (d Days) Has(day time.Weekday) bool { return d&(1<<day) != 0 }
