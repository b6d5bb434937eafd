// Adapter: what the rest of the house has of Discord.

package discord

import (
	"cmp"
	"context"
	"fmt"
	"log/slog"
	"net/http"
	"time"

	"github.com/strillone/strillone/bot"
	"github.com/strillone/strillone/digest"
	"github.com/strillone/strillone/digest/delivery"
)

// Config is what an Adapter is made of. Token is needed; the rest has defaults.
type Config struct {
	Token  string
	APIURL string           // where Discord's API is; https://discord.com
	Accent int              // 0xRRGGBB, the colour beside every message; 0 for none
	Format Format           // Auto
	Now    func() time.Time // time.Now
	Log    *slog.Logger     // slog.Default()
	// Budget is what notices and answers to messages keep to, shared with whoever
	// delivers digests; no limits when nil. Answers to interactions are outside of
	// it, as they are outside of Discord's global limit.
	Budget *delivery.Budget
	// Buttons keep what buttons mean; nil: they carry their command lines.
	Buttons *bot.Buttons
	// Transport carries the calls; nil: one tuned for a single host.
	Transport http.RoundTripper
}

// deliveriesAtOnce is how many deliveries are on their way at once, at most.
const deliveriesAtOnce = 64

// Adapter is Strillone on Discord.
type Adapter struct {
	token   string
	accent  int
	format  Format
	buttons *bot.Buttons
	now     func() time.Time
	log     *slog.Logger
	client  *client // for all but deliveries, which nobody waits behind
	// deliveries are sent with connections of their own: no more than are
	// useful, however many are opened at once at the start of a broadcast.
	deliveries *client
	budget     *delivery.Budget // nil: no limits
	files      *http.Client     // for attachments: no token, no pace
	doubts     doubts
	errands    *errands
	directs    directs

	// Waits, shorter in tests.
	patience time.Duration // how long an interaction may take before it is put off
	opening  time.Duration // how long a session with the gateway may take to open
	backoff  time.Duration // before the gateway is tried again, for the first time
	grace    time.Duration // for what is under way when Run must end
}

var _ bot.Adapter = (*Adapter)(nil)

// New makes an adapter; it asks nothing of Discord yet.
func New(c Config) *Adapter {
	c.APIURL = cmp.Or(c.APIURL, vendor)
	if c.Now == nil {
		c.Now = time.Now
	}
	if c.Log == nil {
		c.Log = slog.Default()
	}
	limits := newPace(c.Now)
	return &Adapter{
		token:      c.Token,
		accent:     c.Accent & 0xffffff,
		now:        c.Now,
		format:     cmp.Or(c.Format, Auto),
		buttons:    c.Buttons,
		log:        c.Log,
		budget:     c.Budget,
		client:     newClient(c.Token, c.APIURL, c.Transport, 0, limits),
		deliveries: newClient(c.Token, c.APIURL, c.Transport, deliveriesAtOnce, limits),
		files:      &http.Client{Transport: http.DefaultTransport.(*http.Transport).Clone()},
		doubts:     doubts{now: c.Now},
		errands:    newErrands(),
		patience:   1500 * time.Millisecond,
		opening:    30 * time.Second,
		backoff:    time.Second,
		grace:      5 * time.Second,
	}
}

// Platform is "discord".
func (a *Adapter) Platform() digest.Platform { return platform }

const platform digest.Platform = "discord"

// Check asks Discord who the bot is.
func (a *Adapter) Check(ctx context.Context) (string, error) {
	var me user
	if err := a.client.call(ctx, "GET", "/users/@me", nil, &me); err != nil {
		return "", fmt.Errorf("discord: ask who the bot is: %w", failureOf(err))
	}
	return me.Username, nil
}

// Run connects to the gateway, registers the commands and answers people until
// ctx ends; then it waits for the answers under way, and no longer than a few
// seconds. It returns an error when Discord will not have the bot whatever it
// tries: a refused token, a setting of the application. All else it outlasts.
func (a *Adapter) Run(ctx context.Context, h bot.Handler) error {
	ctx, stop := context.WithCancel(ctx)
	defer stop()
	// What is under way may end in peace after ctx, but not for long.
	work, abandon := context.WithCancel(context.WithoutCancel(ctx))
	defer abandon()
	defer context.AfterFunc(ctx, func() {
		timer := time.AfterFunc(a.grace, abandon)
		context.AfterFunc(work, func() { timer.Stop() })
	})()

	d := &desk{Adapter: a, handler: h, running: ctx, work: work}
	d.busy.Go(func() { a.runErrands(ctx) })
	err := a.listen(ctx, d.event)
	stop()
	d.busy.Wait()
	a.client.close()
	a.deliveries.close()
	a.files.CloseIdleConnections()
	return err
}
