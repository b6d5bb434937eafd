// Rates: how fast Telegram lets a bot send.

package telegram

import (
	"strings"
	"time"

	"github.com/strillone/strillone/digest"
	"github.com/strillone/strillone/digest/delivery"
)

// The Bot API FAQ's figures ("My bot is hitting limits"): about 30 messages a
// second in all, one a second to a chat, 20 a minute to a group. At 29.7 a
// sliding window of a second never holds more than 30.
const (
	perSecond  = 29.7
	chatPause  = time.Second
	groupPause = 3 * time.Second
)

// Pace is the pace of deliveries that Telegram's documents allow.
func (*Adapter) Pace() delivery.Pace {
	return delivery.Pace{PerSecond: perSecond, PerChat: pauseBetween}
}

// pauseBetween tells groups and channels by their ids, which are negative.
func pauseBetween(to digest.Destination) time.Duration {
	if strings.HasPrefix(to.Chat, "-") {
		return groupPause
	}
	return chatPause
}
