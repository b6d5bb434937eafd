// Dispatcher: sends what is queued for one platform.

package delivery

import (
	"cmp"
	"context"
	"log/slog"
	"math/rand/v2"
	"time"

	"github.com/strillone/strillone/digest"
)

// Config is what a Dispatcher needs. Platform, Outbox and Sender must be set.
type Config struct {
	Platform digest.Platform
	Outbox   Outbox
	Sender   Sender
	// Budget is the platform's, shared with whoever answers people; nil: no
	// limits.
	Budget *Budget
	// Workers is how many deliveries may be in doubt at once, under way or not
	// yet recorded: that is what can come twice if the process dies. 16 when 0,
	// enough for 30 a second that take half a second each.
	Workers int
	// Batch is how many deliveries are claimed at once; when 0, what Workers
	// can send in a while, 8 for each, or under PreferLoss 2: it is what a crash
	// then costs. Those that wait for their chat's turn count.
	Batch int
	// Doubt is what becomes of parts that may have arrived; PreferDuplicate
	// when empty.
	Doubt DoubtPolicy
	// GiveUpAfter is how many digests in a row a destination may fail with
	// AccessLost before its subscription ends; 5 when 0.
	GiveUpAfter int
	// Lost is told of a destination that can't be written to any more: when it
	// first failed with AccessLost, and when it is given up. It is called while
	// sending goes on and must not block. Nobody is told when nil.
	Lost func(Loss)
	// Grace is how long sends under way may take once Run's context has ended,
	// and after that how long recording their results is tried; 8 s when 0.
	Grace time.Duration
	// Now is the clock; time.Now when nil.
	Now func() time.Time
	// Random is a number in [0, 1); math/rand when nil.
	Random func() float64
	// Log; nothing is logged when nil.
	Log *slog.Logger
}

// Loss is a destination that is there and takes no messages from the bot. Who
// administers it can mend that.
type Loss struct {
	Subscription int64
	Destination  digest.Destination
	// Refusals is how many digests in a row failed so, this one included.
	Refusals int
	// GivenUp says that the subscription has ended. If it hasn't, the next
	// digests are tried.
	GivenUp bool
}

// Dispatcher sends what is queued for one platform, at the pace it allows.
type Dispatcher struct {
	config Config
	wake   chan struct{}
}

// NewDispatcher makes a Dispatcher.
func NewDispatcher(c Config) *Dispatcher {
	c.Workers = cmp.Or(c.Workers, 16)
	c.Doubt = cmp.Or(c.Doubt, PreferDuplicate)
	if c.Doubt == PreferLoss {
		c.Batch = cmp.Or(c.Batch, 2*c.Workers)
	}
	c.Batch = cmp.Or(c.Batch, 8*c.Workers)
	c.GiveUpAfter = cmp.Or(c.GiveUpAfter, 5)
	c.Grace = cmp.Or(c.Grace, 8*time.Second)
	if c.Now == nil {
		c.Now = time.Now
	}
	if c.Random == nil {
		c.Random = rand.Float64
	}
	if c.Budget == nil {
		c.Budget = NewBudget(Pace{}, c.Now)
	}
	if c.Log == nil {
		c.Log = slog.New(slog.DiscardHandler)
	}
	c.Log = c.Log.With(slog.String("platform", string(c.Platform)))
	return &Dispatcher{config: c, wake: make(chan struct{}, 1)}
}

// Wake has the Dispatcher look for queued deliveries now. It never blocks and
// may be called at any time.
func (d *Dispatcher) Wake() {
	select {
	case d.wake <- struct{}{}:
	default:
	}
}

// Run sends until ctx ends or the platform refuses the bot's credentials; then
// it claims no more, lets what is under way end within Grace, records all
// results, queues again what it had claimed and not sent, and returns when all
// its goroutines have. It returns nil after ctx ended, a *Failure of kind Auth,
// after which everything is still queued and Run may be called again with
// better credentials, or an error when results couldn't be recorded: what they
// were of comes twice after the next Outbox.Recover.
//
// Outbox.Recover must have been called before the first Run. There is at most
// one Run at a time for a platform.
func (d *Dispatcher) Run(ctx context.Context) error {
	return newLoop(ctx, d).run(ctx)
}
