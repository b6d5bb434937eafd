// Adapter: what the package is made of, and what it needs.

package telegram

import (
	"context"
	"log/slog"
	"math/rand/v2"
	"net/http"
	"sync/atomic"
	"time"

	"github.com/strillone/strillone/bot"
	"github.com/strillone/strillone/digest"
	"github.com/strillone/strillone/digest/delivery"
)

// Platform is the name of destinations on Telegram.
const Platform digest.Platform = "telegram"

// Config is what an Adapter needs. Only Token must be set.
type Config struct {
	// Token is what @BotFather gave: "123456:ABC…". It never reaches a log or
	// an error.
	Token string
	// APIURL is the Bot API server; empty: https://api.telegram.org.
	APIURL string
	// Editors are the numeric ids of those who see the editors' commands in
	// their menu.
	Editors []string
	// Format is the form of messages; empty: HTML.
	Format Format
	// Buttons keeps what buttons stand for; nil: they carry their command lines
	// in the open, of at most 64 bytes.
	Buttons *bot.Buttons
	// Budget is what answers and notices keep to, shared with whoever delivers
	// digests; nil: no limits. Answers to presses are outside of it.
	Budget *delivery.Budget
	// PaidBroadcast lets Telegram charge the bot's Stars for the deliveries
	// beyond its free 30 a second (sendMessage, allow_paid_broadcast).
	PaidBroadcast bool
	// PollTimeout is how long the server may hold a request for updates; zero:
	// 50 s, which is also the most it honours (getUpdates).
	PollTimeout time.Duration
	// Backoff is the first wait after a failed call of Run's; zero: 1 s. It
	// doubles up to a minute.
	Backoff time.Duration
	// Now tells the time; nil: time.Now.
	Now func() time.Time
	// Rand gives numbers in [0,1) that keep retries apart; nil: math/rand.
	Rand func() float64
	// Log takes what operators should know; nil: slog.Default().
	Log *slog.Logger
	// Transport carries the calls; nil: one tuned for a single host.
	Transport http.RoundTripper
}

// deliveriesAtOnce is how many deliveries are on their way at once, at most.
const deliveriesAtOnce = 64

// Adapter is Telegram for the rest of the house. It is safe for concurrent use.
type Adapter struct {
	config Config
	client *client // for all but deliveries, which nobody waits behind
	limits limits
	plain  atomic.Bool // the server was found to know no rich messages
	// refused is the rich form that was refused last: a broadcast's others are the
	// same.
	refused atomic.Pointer[delivery.Part]
	// deliveries are sent with connections of their own: no more than are
	// useful, however many are opened at once at the start of a broadcast.
	deliveries *client
	// patience is how long a press may stay unanswered: the person sees a
	// spinner until then.
	patience time.Duration
	// grace is how long what Run has begun may go on when Run is to end.
	grace time.Duration
}

var _ bot.Adapter = (*Adapter)(nil)

// New makes an Adapter. It calls nothing: Check says whether the token is good.
func New(c Config) *Adapter {
	if c.APIURL == "" {
		c.APIURL = "https://api.telegram.org"
	}
	if c.PollTimeout == 0 {
		c.PollTimeout = 50 * time.Second
	}
	if c.Backoff == 0 {
		c.Backoff = time.Second
	}
	if c.Now == nil {
		c.Now = time.Now
	}
	if c.Rand == nil {
		c.Rand = rand.Float64
	}
	if c.Log == nil {
		c.Log = slog.Default()
	}
	return &Adapter{
		config:     c,
		client:     newClient(c.Token, c.APIURL, c.Transport, 0),
		deliveries: newClient(c.Token, c.APIURL, c.Transport, deliveriesAtOnce),
		patience:   2 * time.Second,
		grace:      5 * time.Second,
	}
}

// Platform is "telegram".
func (a *Adapter) Platform() digest.Platform { return Platform }

// Check asks Telegram who the bot is (getMe) and returns its @username.
func (a *Adapter) Check(ctx context.Context) (string, error) {
	me, err := a.getMe(ctx)
	if remedy := hopeless(err); remedy != nil {
		return "", remedy
	}
	if err != nil {
		return "", err
	}
	return "@" + me.Username, nil
}

func (a *Adapter) getMe(ctx context.Context) (user, error) {
	var me user
	err := a.client.call(ctx, "getMe", nil, &me)
	return me, err
}
