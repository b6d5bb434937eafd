// outage: telling a platform that is down from a destination in trouble.

package delivery

import (
	"cmp"
	"time"
)

const (
	// outageAfter is how many deliveries in a row, each at its first attempt,
	// must fail before the platform is taken to be down.
	outageAfter = 5
	// The waits between probes of a platform that is down, doubled each time.
	firstProbe, longestProbe = time.Second, time.Minute
)

// outage notices that sends fail for everyone. While they do, one delivery at a
// time is tried, at growing intervals: otherwise a platform that is down for ten
// minutes would use up the attempts of thousands of deliveries, and where its
// failures leave doubt, the only repetition each of them has.
//
// Only first attempts count towards it: a destination in trouble of its own
// fails again and again, yet has but one first attempt.
type outage struct {
	firsts int
	probes int
	until  time.Time // no probe before
}

// down says whether the platform is taken to be down.
func (o *outage) down() bool { return o.firsts >= outageAfter }

// observe takes note of an attempt's end. Any answer but a transient failure
// shows that the platform is up, and so does one that the platform answered.
func (o *outage) observe(d Delivery, f *Failure, now time.Time) {
	if f == nil || f.Answered || !transient(f) {
		*o = outage{}
		return
	}
	if d.Attempts == 0 {
		o.firsts++
	}
	// What was under way when the wait began says nothing new.
	if o.down() && !now.Before(o.until) {
		o.until = now.Add(min(firstProbe<<min(o.probes, 16), longestProbe))
		o.probes++
	}
}

// transient says whether a failure is handled as one: the default of kinds.
func transient(f *Failure) bool {
	switch cmp.Or(f.Kind, Transient) {
	case RateLimited, Gone, AccessLost, Moved, Rejected, Auth:
		return false
	}
	return true
}
