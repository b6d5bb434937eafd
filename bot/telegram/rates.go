// Rates: how fast Telegram lets a bot send.

package telegram

import (
	"context"
	"strings"
	"time"

	"github.com/strillone/strillone/digest"
	"github.com/strillone/strillone/digest/delivery"
)

// The Bot API FAQ's figures ("My bot is hitting limits"): one message a second
// to a chat, 20 a minute to a group.
const (
	chatPause  = time.Second
	groupPause = 3 * time.Second
)

// Pace is so many messages a second in all, and to each chat what Telegram's
// documents allow. They allow about 30 in all: at 29.7 a sliding window of a
// second never holds more.
func Pace(perSecond float64) delivery.Pace {
	return delivery.Pace{PerSecond: perSecond, PerChat: pauseBetween}
}

// Budget is the one that the adapter's answers keep to; nil when there is none.
func (a *Adapter) Budget() *delivery.Budget { return a.config.Budget }

// answerPatience is how long an answer waits for its turn: an answer that comes
// later than that is no answer, and others wait behind it.
const answerPatience = 10 * time.Second

// paced calls f, which sends to the destination, at the answers' turn, and has
// deliveries heed the wait that comes of it.
func (a *Adapter) paced(ctx context.Context, to digest.Destination, f func() error) error {
	budget := a.config.Budget
	if budget == nil {
		return f()
	}
	patient, cancel := context.WithTimeout(ctx, answerPatience)
	defer cancel()
	return budget.Answer(patient, to, f)
}

// pauseBetween tells groups and channels by their ids, which are negative.
func pauseBetween(to digest.Destination) time.Duration {
	if strings.HasPrefix(to.Chat, "-") {
		return groupPause
	}
	return chatPause
}
