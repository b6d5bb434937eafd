// Rates: how fast Discord lets a bot send.

package discord

import (
	"context"
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

// Budget is the one that the adapter's answers keep to; nil when there is none.
func (a *Adapter) Budget() *delivery.Budget { return a.budget }

// paced calls f, which sends to the channel, at the answers' turn, and has
// deliveries heed the wait that comes of it. It gives up on a turn that doesn't
// come while the person still waits.
func (a *Adapter) paced(ctx context.Context, channel string, f func() error) error {
	if a.budget == nil {
		return f()
	}
	patient, cancel := context.WithTimeout(ctx, maxWait)
	defer cancel()
	return a.budget.Answer(patient, place(channel), func() error {
		if err := f(); err != nil {
			return failureOf(err)
		}
		return nil
	})
}
