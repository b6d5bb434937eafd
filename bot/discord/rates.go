// Rates: how fast Discord lets a bot send.

package discord

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/strillone/strillone/digest"
	"github.com/strillone/strillone/digest/delivery"
)

// channelPause is from the reported five messages in five seconds to a channel.
const channelPause = time.Second

// Pace is so many messages a second in all, and to each channel one a second.
// Discord's documentation (Rate Limits) names 50 requests a second for all of a
// bot's calls: stay below, for the calls that aren't messages. The buckets that
// headers announce come on top, see pace.go.
func Pace(perSecond float64) delivery.Pace {
	return delivery.Pace{PerSecond: perSecond, PerChat: func(digest.Destination) time.Duration { return channelPause }}
}

var errNoTurn = errors.New("discord: the turn of an answer doesn't come")

// Budget is the one that the adapter's answers keep to; nil when there is none.
func (a *Adapter) Budget() *delivery.Budget { return a.budget }

// paced calls f, which sends to the channel, at the answers' turn, and has
// deliveries heed the wait that comes of it. It gives up on a turn that doesn't
// come while the person still waits.
func (a *Adapter) paced(ctx context.Context, channel string, f func() error) error {
	if err := a.turn(ctx, channel); err != nil {
		return err
	}
	err := f()
	if err == nil || a.budget == nil {
		return err
	}
	if failure := failureOf(err); failure.Kind == delivery.RateLimited {
		a.budget.Limited(place(channel), failure.RetryAfter, failure.Everywhere)
	}
	return err
}

// turn waits for the turn of an answer to the channel.
func (a *Adapter) turn(ctx context.Context, channel string) error {
	if a.budget == nil {
		return nil
	}
	patient, cancel := context.WithTimeout(ctx, maxWait)
	defer cancel()
	if err := a.budget.Wait(patient, place(channel)); err != nil {
		return fmt.Errorf("%w: %w", errNoTurn, err)
	}
	return nil
}
