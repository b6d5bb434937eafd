// Rates: how fast Discord lets a bot send.

package discord

import (
	"time"

	"github.com/strillone/strillone/digest"
	"github.com/strillone/strillone/digest/delivery"
)

// Discord's documentation (Rate Limits) names 50 requests a second for all of a
// bot's calls, of which some are kept for answers; about five messages in five
// seconds to a channel are reported. The buckets that headers announce come on
// top, see pace.go.
const (
	perSecond    = 45
	channelPause = time.Second
)

// Pace is the pace of deliveries that Discord's documents allow.
func (*Adapter) Pace() delivery.Pace {
	return delivery.Pace{PerSecond: perSecond, PerChat: func(digest.Destination) time.Duration { return channelPause }}
}
