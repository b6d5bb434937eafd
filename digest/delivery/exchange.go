// exchanges: the Dispatcher's talks with its Outbox, one at a time.

package delivery

import (
	"context"
	"fmt"
	"slices"
	"time"

	"github.com/strillone/strillone/digest"
)

// exchangeTimeout bounds one exchange. It is long, because the outcome of one
// that is cut off is unknown: what it claimed may stay claimed until Recover.
const exchangeTimeout = time.Minute

// maxRenderings is how many renderings are kept in memory: those of one edition
// in its languages, with room for stragglers of earlier ones.
const maxRenderings = 32

// exchanges does what of the Dispatcher's work waits for the database. It is
// used by one goroutine at a time.
type exchanges struct {
	platform digest.Platform
	outbox   Outbox
	recent   []rendering // most recently used last
}

type rendering struct {
	id    int64
	parts []Part
}

// request is what to record and how many to claim.
type request struct {
	results []Result
	now     time.Time
	limit   int
}

// answer is what came of a request.
type answer struct {
	request
	err     error // nothing was recorded and nothing claimed
	claimed []*item
	next    time.Time // when there is more to claim, unless all were that the limit allows; zero: none known of
	// unreadable are claimed deliveries whose rendering couldn't be read.
	unreadable []Delivery
	readErr    error
}

// do records and claims, and gets the claimed deliveries' parts.
func (e *exchanges) do(ctx context.Context, r request) answer {
	ctx, cancel := context.WithTimeout(ctx, exchangeTimeout)
	defer cancel()
	a := answer{request: r}
	claimed, err := e.outbox.Exchange(ctx, e.platform, r.results, r.now, r.limit)
	if err != nil {
		a.err = fmt.Errorf("record %d results and claim deliveries: %w", len(r.results), err)
		return a
	}
	for _, d := range claimed {
		parts, err := e.parts(ctx, d.Rendering)
		if err != nil {
			a.unreadable = append(a.unreadable, d)
			a.readErr = fmt.Errorf("read rendering %d: %w", d.Rendering, err)
			continue
		}
		a.claimed = append(a.claimed, &item{Delivery: d, parts: parts, from: r.now})
	}
	if len(claimed) == r.limit {
		return a // there may be more at once
	}
	if a.next, err = e.outbox.NextAttempt(ctx, e.platform); err != nil {
		a.readErr = fmt.Errorf("read the next attempt's time: %w", err)
	}
	return a
}

// parts are a rendering's, from memory if they were used of late.
func (e *exchanges) parts(ctx context.Context, id int64) ([]Part, error) {
	for i, r := range e.recent {
		if r.id == id {
			e.recent = append(slices.Delete(e.recent, i, i+1), r)
			return r.parts, nil
		}
	}
	parts, err := e.outbox.Parts(ctx, id)
	if err != nil {
		return nil, err
	}
	if len(e.recent) == maxRenderings {
		e.recent = slices.Delete(e.recent, 0, 1)
	}
	e.recent = append(e.recent, rendering{id, parts})
	return parts, nil
}
