// Budget: what a platform lets a bot send, shared by broadcasts and answers.

package delivery

import (
	"context"
	"errors"
	"fmt"
	"math"
	"sync"
	"time"

	"github.com/strillone/strillone/digest"
)

// Pace is what a platform lets a bot send.
type Pace struct {
	// PerSecond is the messages a second of the whole bot; 0: as many as one
	// likes. Sends are spaced evenly, 1/PerSecond apart; one that comes late is
	// made up for by the next ones, at half the space at least. No more than
	// PerSecond, rounded up, arrive in any second, though some be held up on
	// their way. Stay a little below the platform's figure: at 29.7 thirty sends
	// span over a second, so that waiting for a late one costs nothing.
	PerSecond float64
	// PerChat is the least time between two messages to the destination's chat;
	// nil: none. Telegram: 1 s to people, 3 s to groups (20 a minute).
	PerChat func(digest.Destination) time.Duration
}

// Budget keeps a Pace, and the waits a platform asks for. One Budget serves all
// that one bot sends: Answer is for answers to people, whose slots come before
// those of a broadcast, because the Dispatcher takes a slot only once it has
// come. It is safe for concurrent use.
//
// A rate.Limiter doesn't do here: its reservations are served in order, so an
// answer would queue behind a broadcast, and one for each of a million chats
// would have to be kept. A Budget remembers a chat only as long as it must wait.
type Budget struct {
	pace     Pace
	interval time.Duration
	now      func() time.Time

	mu        sync.Mutex
	ideal     time.Time // the bot's next slot, were all sends on time
	next      time.Time // the bot's next slot, if the window has room
	window    window
	restraint restraint
	paused    time.Time // nobody sends before
	chats     map[chat]turn
	sweep     int // the size of chats at which the free ones are dropped
}

// turn is when a chat may be sent to again.
type turn struct {
	from   time.Time
	closed time.Time // what of it the platform asked for; never after from
}

// chat is what a limit per chat covers: threads share it.
type chat struct {
	platform digest.Platform
	id       string
}

// leastSweep is the number of chats below which dropping free ones isn't worth
// the walk.
const leastSweep = 1024

// NewBudget makes a Budget. A nil now is time.Now.
func NewBudget(pace Pace, now func() time.Time) *Budget {
	if now == nil {
		now = time.Now
	}
	b := &Budget{pace: pace, now: now, chats: make(map[chat]turn), sweep: leastSweep}
	if pace.PerSecond > 0 {
		b.interval = time.Duration(math.Ceil(float64(time.Second) / pace.PerSecond))
		b.window.places = make([]place, int(math.Ceil(pace.PerSecond)))
	}
	return b
}

// PerSecond is the most messages a second that the budget gives; 0: any number.
func (b *Budget) PerSecond() float64 { return b.pace.PerSecond }

// ErrNoTurn is why an answer wasn't sent: its turn didn't come in time.
var ErrNoTurn = errors.New("the turn of an answer doesn't come")

// Answer sends an answer to the destination when it may be sent, and heeds the
// wait that the platform asks for in a *Failure. It returns send's error. When
// ctx ends first, or is sure to, it calls nothing, takes no slot from others, and
// the error is ErrNoTurn and ctx's.
func (b *Budget) Answer(ctx context.Context, to digest.Destination, send func() error) error {
	s, err := b.wait(ctx, to)
	if err != nil {
		return fmt.Errorf("%w: %w", ErrNoTurn, err)
	}
	err = send()
	f, failed := errors.AsType[*Failure](err)
	if err == nil || failed {
		b.answered(s, b.now(), f)
	}
	if failed && f.Kind == RateLimited {
		b.Limited(to, f.RetryAfter, f.Everywhere)
	}
	return err
}

// wait waits for an answer's slot and takes it.
func (b *Budget) wait(ctx context.Context, to digest.Destination) (slot, error) {
	for {
		// The chat's turn first: a slot of the whole bot isn't to be held for a
		// chat that has to wait.
		at, err := b.reserveChat(ctx, to)
		if err != nil {
			return slot{}, err
		}
		if err := b.sleep(ctx, at); err != nil {
			return slot{}, err
		}
		s := b.reserveSlot(to)
		if err := b.sleep(ctx, s.sent); err != nil {
			return slot{}, err
		}
		if !b.closed(to).After(s.sent) { // the platform asked for no wait meanwhile
			return s, nil
		}
	}
}

// Limited notes that the platform asked for a wait: of the whole bot when it
// holds everywhere, else of the destination's chat.
func (b *Budget) Limited(to digest.Destination, wait time.Duration, everywhere bool) {
	b.mu.Lock()
	defer b.mu.Unlock()
	now := b.now()
	until := now.Add(wait)
	if everywhere {
		if !b.paused.After(now) { // else it was sent before the pause
			b.restraint.refused(now, until)
			b.window.refused()
		}
		b.paused = later(b.paused, until)
		return
	}
	b.hold(chatOf(to), turn{from: until, closed: until})
}

// Paused is until when nobody may send; a time past when they may.
func (b *Budget) Paused() time.Time {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.paused
}

// take takes a slot for a broadcast to the destination, if there is one right
// now; both times are zero then. Else they are until when the whole bot, or only
// the destination's chat, has to wait.
func (b *Budget) take(to digest.Destination) (s slot, bot, only time.Time) {
	b.mu.Lock()
	defer b.mu.Unlock()
	now := b.now()
	if at := later(b.free(now), b.paused); at.After(now) {
		return slot{}, at, time.Time{}
	}
	c := chatOf(to)
	if at := b.chats[c].from; at.After(now) {
		return slot{}, time.Time{}, at
	}
	s = b.spend(now)
	b.hold(c, turn{from: now.Add(b.perChat(to))})
	return s, time.Time{}, time.Time{}
}

// answered notes that what was sent in a slot was answered, with a failure or
// none. A failure tells of the way there only if the platform itself refused
// what it else would have taken.
func (b *Budget) answered(s slot, at time.Time, f *Failure) {
	if f != nil && (!f.Answered || f.Kind == RateLimited) {
		return
	}
	b.mu.Lock()
	defer b.mu.Unlock()
	b.window.answered(s, at)
}

// free is when the bot's next slot is.
func (b *Budget) free(now time.Time) time.Time {
	if b.interval == 0 {
		return time.Time{}
	}
	_, at := b.window.next(b.restraint.factor(now))
	return later(b.next, at)
}

// madeUp is how late a send may be, in intervals, without shifting all after
// it, or the timers' lateness would add up. Later than that, the bot was idle.
const madeUp = 8

// spend takes the bot's next slot, at the given time.
func (b *Budget) spend(at time.Time) slot {
	if b.interval == 0 {
		return slot{sent: at}
	}
	factor := b.restraint.factor(at)
	interval := time.Duration(float64(b.interval) * factor)
	if at.Sub(b.ideal) > madeUp*interval {
		b.ideal = at
	}
	b.ideal = b.ideal.Add(interval)
	b.next = later(b.ideal, at.Add(interval/2))
	i, _ := b.window.next(factor)
	return b.window.take(i, at)
}

// closed is until when the platform wants nothing sent to the destination.
func (b *Budget) closed(to digest.Destination) time.Time {
	b.mu.Lock()
	defer b.mu.Unlock()
	return later(b.paused, b.chats[chatOf(to)].closed)
}

func (b *Budget) reserveChat(ctx context.Context, to digest.Destination) (time.Time, error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	c := chatOf(to)
	at := later(b.chats[c].from, later(b.paused, b.now()))
	if deadline, bounded := ctx.Deadline(); bounded && at.After(deadline) {
		return time.Time{}, context.DeadlineExceeded
	}
	b.hold(c, turn{from: at.Add(b.perChat(to))})
	return at, nil
}

func (b *Budget) reserveSlot(to digest.Destination) slot {
	b.mu.Lock()
	defer b.mu.Unlock()
	now := b.now()
	at := later(later(b.free(now), b.paused), now)
	s := b.spend(at)
	b.hold(chatOf(to), turn{from: at.Add(b.perChat(to))})
	return s
}

// hold keeps a chat waiting until the given turn at least.
func (b *Budget) hold(c chat, t turn) {
	now := b.now()
	if !t.from.After(now) {
		return
	}
	before := b.chats[c]
	b.chats[c] = turn{later(before.from, t.from), later(before.closed, t.closed)}
	if len(b.chats) < b.sweep {
		return
	}
	for c, t := range b.chats {
		if !t.from.After(now) {
			delete(b.chats, c)
		}
	}
	b.sweep = max(leastSweep, 2*len(b.chats))
}

func (b *Budget) perChat(to digest.Destination) time.Duration {
	if b.pace.PerChat == nil {
		return 0
	}
	return b.pace.PerChat(to)
}

func (b *Budget) sleep(ctx context.Context, until time.Time) error {
	timer := time.NewTimer(until.Sub(b.now()))
	defer timer.Stop()
	select {
	case <-ctx.Done():
		return ctx.Err()
	case <-timer.C:
		return ctx.Err()
	}
}

func chatOf(to digest.Destination) chat { return chat{to.Platform, to.Chat} }

func later(a, b time.Time) time.Time {
	if b.After(a) {
		return b
	}
	return a
}
