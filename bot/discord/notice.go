// Notices: what the bot has to say to a person without being asked.

package discord

import (
	"context"
	"fmt"

	"github.com/strillone/strillone/digest"
	"github.com/strillone/strillone/digest/markup"
)

// Tell sends a document to a person in direct messages, which that person may
// have closed.
func (a *Adapter) Tell(ctx context.Context, person string, doc markup.Doc) error {
	parts, err := a.Render(doc)
	if err != nil {
		return err
	}
	var direct channel
	body := map[string]string{"recipient_id": person}
	if err := a.client.call(ctx, "POST", "/users/@me/channels", body, &direct); err != nil {
		return fmt.Errorf("discord: open direct messages: %w", failureOf(err))
	}
	for _, part := range parts {
		m, err := messageOf(part)
		if err != nil {
			return err
		}
		if _, err := a.post(ctx, direct.ID, m, ""); err != nil {
			return fmt.Errorf("discord: send a direct message: %w", failureOf(err))
		}
	}
	return nil
}

// channel is what is read of a channel (docs.discord.com, Channel).
type channel struct {
	ID   string `json:"id"`
	Type int    `json:"type"`
	Name string `json:"name"`
}

// channelDirect is the type of the channel that direct messages are in.
const channelDirect = 1

// NameOf is what people call a place, and whether it is one of many people. A
// place that doesn't say its name is called by its id.
func (a *Adapter) NameOf(ctx context.Context, place digest.Destination) (name string, shared bool) {
	var c channel
	err := a.client.call(ctx, "GET", "/channels/"+place.Chat, nil, &c)
	if err != nil || c.Name == "" {
		return place.Chat, c.Type != channelDirect
	}
	return "#" + c.Name, true
}
