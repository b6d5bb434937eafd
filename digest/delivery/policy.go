// The policy: what becomes of a delivery after an attempt to send a part.

package delivery

import (
	"cmp"
	"fmt"
	"strings"
	"time"
)

// DoubtPolicy is the operator's choice for a part that may have arrived.
type DoubtPolicy string

// The policies. Where the platform recognises a repetition by its key there is
// nothing to choose: its adapter reports no Doubt.
const (
	// PreferDuplicate sends it again, once; the default. After a crash it is
	// always sent again: most of what was claimed then hadn't been sent at all.
	PreferDuplicate DoubtPolicy = "duplicate"
	// PreferLoss never sends it again: nothing ever comes twice. A crash ends
	// what was claimed, see Config.Batch.
	PreferLoss DoubtPolicy = "lose"
)

const (
	// maxAttempts is how often a part is tried before its delivery is given up.
	// With the waits below that is some twenty minutes on average and 47 at
	// most, not counting the time a whole platform was down.
	maxAttempts = 12
	// moveAttempts is what a move counts for, so that the fourth in a row ends
	// a delivery that is sent round in circles.
	moveAttempts = maxAttempts / 4
	// The waits after transient failures: anything up to firstWait, doubled
	// each time up to longestWait.
	firstWait   = 2 * time.Second
	longestWait = 15 * time.Minute
	// maxReason bounds what a platform's words take up in the ledger, in bytes.
	maxReason = 500
)

// outcome is how an attempt at a part ended.
type outcome struct {
	receipt Receipt  // when failure is nil
	failure *Failure // nil: the part arrived
	parts   int      // of the rendering
	// platformDown says that sends fail for everyone: a failure without doubt
	// then says nothing about this destination and isn't counted.
	platformDown bool
}

// settle decides what becomes of a delivery. It is the one place that does.
// The random number is in [0, 1).
func settle(d Delivery, o outcome, doubt DoubtPolicy, giveUpAfter int, now time.Time, random float64) Result {
	f := o.failure
	if f == nil {
		return arrived(d, o)
	}
	r := untouched(d)
	r.Kind, r.Reason = f.Kind, reason(f)
	switch f.Kind {
	case Gone:
		r.State, r.Deactivate = Failed, true
	case AccessLost:
		refusals := d.Refusals + 1
		r.State, r.Refusals = Failed, &refusals
		if refusals >= giveUpAfter {
			r.Deactivate = true
			r.Reason = fmt.Sprintf("given up after %d digests in a row: %s", refusals, r.Reason)
		}
	case Rejected:
		r.State = Failed
	case Auth:
		// It isn't the delivery's fault; the whole platform stops.
	case RateLimited:
		// As long as it was told to, however long. The wait is never nothing,
		// or a platform that doesn't say would be asked again at once.
		r.NextAttempt = now.Add(cmp.Or(max(f.RetryAfter, 0), firstWait))
	case Moved:
		if f.MovedTo == nil {
			return retry(r, d, o, doubt, now, random)
		}
		r.MovedTo = f.MovedTo
		r.Attempts += moveAttempts
		if r.Attempts >= maxAttempts {
			r.State = Failed
			r.Reason = "moved again and again: " + r.Reason
		}
	default:
		return retry(r, d, o, doubt, now, random)
	}
	return r
}

// abandoned is what becomes of a delivery that a crash left in doubt, under
// PreferLoss.
func abandoned(d Delivery) Result {
	r := untouched(d)
	r.State, r.Kind = Failed, Transient
	r.Reason = "may have arrived before the process was ended, and is not sent again"
	return r
}

// retry is the rule for transient failures.
func retry(r Result, d Delivery, o outcome, doubt DoubtPolicy, now time.Time, random float64) Result {
	f := o.failure
	r.Kind = Transient
	if f.Doubt {
		r.Doubts++
	}
	if f.Doubt || !o.platformDown {
		r.Attempts++
	}
	switch {
	case f.Doubt && doubt == PreferLoss:
		r.State = Failed
		r.Reason = "may have arrived, and is not sent again: " + r.Reason
	case f.Doubt && d.Doubts > 0 && d.Attempts > 0:
		// An attempt that ended in doubt counts as both. A doubt without one is
		// a crash's, and most of what a crash interrupts had not been sent.
		r.State = Failed
		r.Reason = "may have arrived, twice sent and never confirmed: " + r.Reason
	case r.Attempts >= maxAttempts:
		r.State = Failed
		r.Reason = fmt.Sprintf("given up after %d attempts: %s", r.Attempts, r.Reason)
	default:
		r.NextAttempt = now.Add(max(f.RetryAfter, backoff(r.Attempts, random)))
	}
	return r
}

// arrived moves a delivery on to its next part.
func arrived(d Delivery, o outcome) Result {
	r := untouched(d)
	r.Arrived = &Arrival{Part: d.Part, Receipt: o.receipt}
	r.Part++
	r.Attempts, r.Doubts = 0, 0
	if r.Part >= o.parts {
		r.State = Sent
	}
	if d.Refusals > 0 {
		r.Refusals = new(int) // it takes messages again
	}
	return r
}

// untouched puts a claimed delivery back as if it had not been claimed.
func untouched(d Delivery) Result {
	return Result{
		Delivery:     d.ID,
		Subscription: d.Subscription,
		State:        Queued,
		Part:         d.Part,
		Attempts:     d.Attempts,
		Doubts:       d.Doubts,
	}
}

// backoff is the wait after the n-th failure: exponential with full jitter, so
// that what failed together doesn't come back together.
func backoff(n int, random float64) time.Duration {
	ceiling := min(firstWait<<min(max(n-1, 0), 16), longestWait)
	return time.Duration(random * float64(ceiling))
}

// reason is a failure's words for the ledger: short, and text that every
// database takes.
func reason(f *Failure) string {
	if f.Err == nil {
		return string(f.Kind)
	}
	words := strings.ReplaceAll(f.Err.Error(), "\x00", "")
	return strings.ToValidUTF8(words[:min(len(words), maxReason)], "")
}
