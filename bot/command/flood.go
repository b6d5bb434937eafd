// Flood: who asks too much in too little time waits, and nobody else does.

package command

import (
	"context"
	"sync"
	"time"

	"golang.org/x/time/rate"

	"github.com/strillone/strillone/bot"
	"github.com/strillone/strillone/bot/locale"
	"github.com/strillone/strillone/digest"
)

// allowance is what one person may ask: burst at once, and then so many a second;
// who asks for more isn't answered for the rest.
type allowance struct {
	perSecond rate.Limit
	burst     int
	rest      time.Duration
}

var (
	// asking is more than anybody does who reads the answers.
	asking = allowance{perSecond: 1, burst: 20, rest: 10 * time.Second}
	// looking is more than anybody types: every letter asks.
	looking = allowance{perSecond: 10, burst: 60, rest: 2 * time.Second}
)

// seenAtOnce is how many people are known at once. Of those over it, the ones who
// asked nothing for the longest time are forgotten.
const seenAtOnce = 20_000

// flood keeps a bucket of requests for each person, who are as many as there are
// in two generations. It is safe for concurrent use.
type flood struct {
	allowance
	now func() time.Time

	mu           sync.Mutex
	young, older map[asker]*bucket
}

// asker is who a bucket is for: administrators whom a platform doesn't name are
// told apart by the place they ask in.
type asker struct {
	platform digest.Platform
	id, chat string
}

type bucket struct {
	limit *rate.Limiter
	until time.Time // when there are answers again
}

func newFlood(a allowance, now func() time.Time) *flood {
	return &flood{allowance: a, now: now, young: make(map[asker]*bucket)}
}

// wait is how long somebody who asks now has to wait; 0: not at all. Tell says
// that they don't know it yet.
func (f *flood) wait(who asker) (wait time.Duration, tell bool) {
	f.mu.Lock()
	defer f.mu.Unlock()
	b, now := f.bucket(who), f.now()
	switch {
	case now.Before(b.until):
		return b.until.Sub(now), false
	case b.limit.AllowN(now, 1):
		return 0, false
	}
	b.until = now.Add(f.rest)
	return f.rest, true
}

func (f *flood) bucket(who asker) *bucket {
	b := f.young[who]
	if b != nil {
		return b
	}
	if b = f.older[who]; b == nil {
		b = &bucket{limit: rate.NewLimiter(f.perSecond, f.burst)}
	}
	if len(f.young) >= seenAtOnce/2 {
		f.young, f.older = make(map[asker]*bucket), f.young
	}
	f.young[who] = b
	return b
}

// slow answers in the place of a command when its actor floods the bot: with a
// word the first time, then with silence until the rest is over. Editors, who
// paste long texts in pieces, are trusted.
func (t *Table) slow(ctx context.Context, r bot.Request) (bot.Reply, bool) {
	if t.edits(r.Actor) {
		return bot.Reply{}, false
	}
	who := asker{platform: r.Actor.Platform, id: r.Actor.ID}
	if r.Actor.Anonymous {
		who.chat = r.Place.Chat
	}
	wait, tell := t.flood.wait(who)
	switch {
	case wait == 0:
		return bot.Reply{}, false
	case !tell:
		return bot.Reply{}, true
	}
	word := locale.For(t.spoken(ctx, r)).Counted("flood.slow", int(wait/time.Second))
	if r.Pressed {
		return bot.Reply{Notice: word, Personal: true}, true
	}
	return refuse(word), true
}
