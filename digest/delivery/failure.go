// Failure: the kinds of failures, and what an adapter says of one.

package delivery

import (
	"errors"
	"fmt"
	"time"

	"github.com/strillone/strillone/digest"
)

// Kind is what a failure means for a delivery. Each adapter decides it in one
// table; what it does not know is Transient.
type Kind string

// The kinds of failures.
const (
	Transient   Kind = "transient"    // try again later, with growing waits
	RateLimited Kind = "rate_limited" // wait as told; no attempt is counted
	Gone        Kind = "gone"         // the destination is no more: end the subscription
	AccessLost  Kind = "access_lost"  // an administrator there can mend it: stop this delivery, keep the subscription for a few digests more
	Moved       Kind = "moved"        // the destination has another name: send there
	Rejected    Kind = "rejected"     // the content is refused: stop this delivery, tell the operator
	Auth        Kind = "auth"         // the bot's credentials are refused: stop the platform, keep everything
)

// Unsubscribed stands in the ledger where a Kind does, and is no failure: the
// reader ended the subscription before the delivery was sent.
const Unsubscribed Kind = "unsubscribed"

// Failure is a failed attempt to send.
type Failure struct {
	Kind Kind
	// RetryAfter is the wait the platform asked for, if it did.
	RetryAfter time.Duration
	// Everywhere says that a RateLimited wait covers the whole bot, not just
	// this destination.
	Everywhere bool
	// MovedTo is where a Moved destination is now.
	MovedTo *digest.Destination
	// Doubt says that the message may have arrived: the request was written
	// and no answer that settles it was read.
	Doubt bool
	// Answered says that the platform itself refused this request, in an answer
	// that could be read: whatever it means, the platform is up.
	Answered bool
	// Err is the cause, free of secrets.
	Err error
}

func (f *Failure) Error() string {
	if f.Doubt {
		return fmt.Sprintf("%s, may have arrived: %v", f.Kind, f.Err)
	}
	return fmt.Sprintf("%s: %v", f.Kind, f.Err)
}

// Unwrap returns the cause.
func (f *Failure) Unwrap() error { return f.Err }

// FailureOf is err as a *Failure; an error of another type is Transient without
// doubt.
func FailureOf(err error) *Failure {
	if f, ok := errors.AsType[*Failure](err); ok {
		return f
	}
	return &Failure{Kind: Transient, Err: err}
}
