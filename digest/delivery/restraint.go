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
	// How long nothing may be refused before the restraint is halved: the first
	// time, and after refusals that show that it was too soon.
	firstCalm, longestCalm = 3 * time.Second, 30 * time.Second
)

// restraint grows when the platform refuses what the bot sent at its pace: it
// takes less than it says, or others send with the same token. It goes by
// itself, in steps, and where it was taken back too soon more slowly the next
// time. The zero restraint is none.
type restraint struct {
	extra float64 // of every interval
	calm  time.Duration
	ease  time.Time // when half of it goes
}

// refused notes a refusal; the bot sends again from the given time on.
func (r *restraint) refused(resume time.Time) {
	if r.extra == 0 {
		r.extra, r.calm = firstRestraint, firstCalm
	} else {
		r.extra, r.calm = min(2*r.extra, mostRestraint), min(2*r.calm, longestCalm)
	}
	r.ease = resume.Add(r.calm)
}

// factor is what intervals are to be multiplied by.
func (r *restraint) factor(now time.Time) float64 {
	for r.extra > 0 && !now.Before(r.ease) {
		r.extra /= 2
		r.ease = r.ease.Add(r.calm)
		if r.extra < leastRestraint {
			r.extra = 0
		}
	}
	return 1 + r.extra
}
