// errands: what follows a message that has arrived: it is published to the
// channels that follow its own, a thread to discuss it is opened. None of it
// makes a delivery fail, or wait for long.

package discord

import (
	"context"
	"errors"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/strillone/strillone/digest/delivery"
)

const (
	maxThreadName = 100  // characters (docs.discord.com, Start Thread from Message)
	threadLasts   = 4320 // minutes without a word until a thread is put away: three days

	maxErrands    = 10_000
	errandRetries = 8
	errandExpires = 24 * time.Hour
)

// settled are the refusals that are no failure: it is done already, or can't be
// done in such a place (docs.discord.com, JSON Error Codes).
var settled = map[int]bool{
	40033:  true, // already crossposted
	50024:  true, // not in a channel of this type
	160004: true, // the message has a thread
	160005: true, // the thread is locked
	160006: true, // as many threads as a server may have
	160007: true, // and in announcement channels
}

// errand is one request about a message that has arrived.
type errand struct {
	what    string
	channel string
	path    string
	body    any
	since   time.Time
	due     time.Time
	tries   int
}

// threadBody is the request of Start Thread from Message.
type threadBody struct {
	Name    string `json:"name"`
	Archive int    `json:"auto_archive_duration"`
}

// follow does what the destination's manner asks for after a message arrived.
// What can't be done now is left to Run.
func (a *Adapter) follow(ctx context.Context, channel, message string, sent delivery.Message) {
	path := "/channels/" + channel + "/messages/" + message
	now := a.now()
	if sent.Manner.Crosspost {
		a.try(ctx, errand{what: "crosspost", channel: channel, path: path + "/crosspost", since: now})
	}
	if sent.Manner.Discuss && sent.First {
		if name := titleOf(sent.Part); name != "" {
			a.try(ctx, errand{what: "thread", channel: channel, path: path + "/threads", since: now, body: threadBody{name, threadLasts}})
		}
	}
}

// titleOf is the first line of a part as people read it.
func titleOf(part delivery.Part) string {
	m, err := messageOf(part)
	if err != nil {
		return ""
	}
	text := ""
	if len(m.Embeds) > 0 {
		text = m.Embeds[0].Description
	}
	for _, c := range m.Components {
		for _, inner := range append([]component{c}, c.Components...) {
			if text == "" {
				text = inner.Content
			}
		}
	}
	line, _, _ := strings.Cut(strings.TrimPrefix(text, headingPrefix), "\n")
	return shorten(strings.TrimSpace(markdown(line).String()), maxThreadName)
}

// try makes one attempt at an errand, at its turn.
func (a *Adapter) try(ctx context.Context, e errand) {
	err := a.run(ctx, e)
	if err == nil || settled[codeOf(err)] {
		if err != nil {
			a.log.Info("nothing more is done for a message", "what", e.what, "channel", e.channel, "reason", err)
		}
		return
	}
	f := failureOf(err)
	e.tries++
	wait := time.Minute << min(e.tries, 6)
	switch {
	case f.Kind == delivery.RateLimited:
		wait = f.RetryAfter
		e.tries--
	case errors.Is(err, delivery.ErrNoTurn):
		wait = time.Second
		e.tries--
	case f.Kind != delivery.Transient:
		e.tries = errandRetries
	}
	e.due = a.now().Add(wait)
	if e.tries >= errandRetries || e.due.Sub(e.since) > errandExpires || !a.errands.put(e) {
		a.log.Warn("something that follows a message could not be done", "what", e.what, "channel", e.channel, "error", err)
	}
}

// run does an errand at the answers' turn. A limit that it meets is its route's
// own, an hour long for crossposts, and concerns no message: only one on the
// whole bot is passed on.
func (a *Adapter) run(ctx context.Context, e errand) error {
	var routes error
	err := a.paced(ctx, e.channel, func() error {
		err := a.client.call(ctx, "POST", e.path, e.body, nil)
		if err == nil {
			return nil
		}
		if f := failureOf(err); f.Kind == delivery.RateLimited && !f.Everywhere {
			routes = err
			return nil
		}
		return err
	})
	if routes != nil {
		return routes
	}
	return err
}

// errands are those that wait for their time, in memory: what a process that
// dies leaves undone stays undone.
type errands struct {
	mu    sync.Mutex
	all   []errand
	fresh chan struct{} // holds a value when there is a new one
}

func newErrands() *errands { return &errands{fresh: make(chan struct{}, 1)} }

// put keeps an errand, unless there are too many.
func (q *errands) put(e errand) bool {
	q.mu.Lock()
	defer q.mu.Unlock()
	if len(q.all) >= maxErrands {
		return false
	}
	q.all = append(q.all, e)
	select {
	case q.fresh <- struct{}{}:
	default:
	}
	return true
}

// take takes out those that are due, and says when the next one is; the zero
// time when none is left.
func (q *errands) take(now time.Time) (due []errand, next time.Time) {
	q.mu.Lock()
	defer q.mu.Unlock()
	q.all = slices.DeleteFunc(q.all, func(e errand) bool {
		if !e.due.After(now) {
			due = append(due, e)
			return true
		}
		if next.IsZero() || e.due.Before(next) {
			next = e.due
		}
		return false
	})
	return due, next
}

// runErrands does the errands that were put off, until ctx ends.
func (a *Adapter) runErrands(ctx context.Context) {
	timer := time.NewTimer(0)
	defer timer.Stop()
	for {
		select {
		case <-ctx.Done():
			if left, _ := a.errands.take(time.Unix(1<<40, 0)); len(left) > 0 {
				a.log.Warn("crossposts and threads were left undone", "count", len(left))
			}
			return
		case <-timer.C:
		case <-a.errands.fresh:
		}
		due, next := a.errands.take(a.now())
		for _, e := range due {
			a.try(ctx, e)
		}
		wait := time.Hour
		if !next.IsZero() {
			wait = next.Sub(a.now())
		}
		timer.Reset(max(wait, 10*time.Millisecond))
	}
}
