// restraint: how much slower than its pace a bot goes after it was refused.

package delivery

import "time"

const (
	// What the first refusal lengthens every interval by, and what any number of
	// them does at most: half the pace is left. Refused even so, a bot isn't too
	// fast, and the waits that it is told slow it down enough.
	firstRestraint, mostRestraint = 0.03, 1.0
	// leastRestraint is what isn't worth keeping.
	leastRestraint = 0.01
	// How long nothing may be refused before the restraint is halved: at first,
	// and after refusals that show that it was too soon.
	firstCalm, longestCalm = 3 * time.Second, 30 * time.Second
	// soon is when a pace that is too fast for the platform is refused: its second
	// is full then. A refusal that comes later has another cause, such as others
	// who send with the same token.
	soon = 1500 * time.Millisecond
)

// restraint grows when the platform refuses what the bot sent at its pace, and
// doubles when the slower pace is refused too. It goes by itself, in steps, and
// where one was taken too soon more slowly from then on. The zero restraint is
// none.
type restraint struct {
	extra float64 // of every interval
	calm  time.Duration
	since time.Time // when the pace last changed
	eased bool      // it became faster then
	ease  time.Time // when half of extra goes
}

// refused notes a refusal; the bot sends again from resume on.
func (r *restraint) refused(now, resume time.Time) {
	r.factor(now)
	tooFast := now.Sub(r.since) < soon
	switch {
	case tooFast && r.eased:
		r.calm = min(2*r.calm, longestCalm)
	case r.extra == 0:
		r.calm = firstCalm
	}
	if tooFast {
		r.extra = min(2*r.extra, mostRestraint)
	}
	r.extra = max(r.extra, firstRestraint)
	r.since, r.eased, r.ease = resume, false, resume.Add(r.calm)
}

// factor is what intervals are to be multiplied by.
func (r *restraint) factor(now time.Time) float64 {
	for r.extra > 0 && !now.Before(r.ease) {
		r.extra /= 2
		if r.extra < leastRestraint {
			r.extra = 0
		}
		r.since, r.eased, r.ease = r.ease, true, r.ease.Add(r.calm)
	}
	return 1 + r.extra
}
