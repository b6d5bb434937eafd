// failures: what Discord's refusals mean for a delivery.

package discord

import (
	"errors"
	"net/http"
	"strconv"
	"strings"

	"github.com/strillone/strillone/digest/delivery"
)

// Codes that a message is refused with.
const (
	emptyMessage = 50006
	invalidForm  = 50035
)

// kinds is the one table of Discord's error codes (docs.discord.com, JSON Error
// Codes). A code that isn't here is judged by its status.
var kinds = map[int]delivery.Kind{
	10003: delivery.Gone, // unknown channel
	10004: delivery.Gone, // unknown server
	10013: delivery.Gone, // unknown user

	50001:  delivery.AccessLost, // missing access
	50007:  delivery.AccessLost, // cannot send messages to this user
	50013:  delivery.AccessLost, // missing permissions
	50278:  delivery.AccessLost, // no server in common with this user
	50083:  delivery.AccessLost, // the thread is put away, and locked: a message would have opened it
	160005: delivery.AccessLost, // the thread is locked

	40005:        delivery.Rejected, // request entity too large
	emptyMessage: delivery.Rejected,
	invalidForm:  delivery.Rejected,
	50109:        delivery.Rejected, // no JSON
	200000:       delivery.Rejected, // blocked by automatic moderation

	20016:  delivery.Transient, // slow mode
	20028:  delivery.Transient, // write rate limit of the channel
	20029:  delivery.Transient, // write rate limit of the server
	40003:  delivery.Transient, // direct messages opened too fast
	130000: delivery.Transient, // overloaded
}

// kindOf is the kind of a failed request. What isn't known is transient.
func kindOf(o *outcome) delivery.Kind {
	switch o.status {
	case http.StatusUnauthorized:
		return delivery.Auth
	case http.StatusTooManyRequests:
		return delivery.RateLimited
	}
	if kind, ok := kinds[o.answer.Code]; ok {
		return kind
	}
	// Without a code it isn't Discord that forbids it, but a proxy on the way.
	if o.status == http.StatusForbidden && o.answer.Code != 0 {
		return delivery.AccessLost
	}
	return delivery.Transient
}

// failureOf is the failure a request ended in.
func failureOf(err error) *delivery.Failure {
	o, ok := errors.AsType[*outcome](err)
	if !ok {
		return &delivery.Failure{Kind: delivery.Transient, Err: err}
	}
	f := &delivery.Failure{Kind: kindOf(o), Err: o, Doubt: doubtful(o), Answered: answered(o)}
	if f.Kind == delivery.RateLimited {
		f.RetryAfter = retryAfter(o)
		f.Everywhere = everywhere(o)
	}
	return f
}

// doubtful says that the request may have been carried out: it was written, and
// either no answer came, or one that a proxy may have given in Discord's stead,
// or a success that could not be read.
func doubtful(o *outcome) bool {
	return o.wrote && (o.status < 400 || o.status >= 500)
}

// answered says that Discord itself refused the request, rather than a proxy: it
// gave a code, or the status as its message ("404: Not Found").
func answered(o *outcome) bool {
	own := o.answer.Code != 0 || strings.HasPrefix(o.answer.Message, strconv.Itoa(o.status)+": ")
	return own && o.status >= 400 && o.status < 500
}

// codeOf is Discord's code for a failed request, 0 when it gave none.
func codeOf(err error) int {
	if o, ok := errors.AsType[*outcome](err); ok {
		return o.answer.Code
	}
	return 0
}
