// Places: what channels are called.

package discord

import (
	"context"

	"github.com/strillone/strillone/digest"
)

// channelDirect is the type of the channel that direct messages are in
// (docs.discord.com, Channel).
const channelDirect = 1

// NameOf is what people call a place, and whether it is one of many people. A
// place that doesn't say its name is called by its id.
func (a *Adapter) NameOf(ctx context.Context, place digest.Destination) (name string, shared bool) {
	var channel struct {
		Type int    `json:"type"`
		Name string `json:"name"`
	}
	err := a.client.call(ctx, "GET", "/channels/"+place.Chat, nil, &channel)
	if err != nil || channel.Name == "" {
		return place.Chat, channel.Type != channelDirect
	}
	return "#" + channel.Name, true
}
