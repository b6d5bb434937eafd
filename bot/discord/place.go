// Places: what channels are called, and which one a person's direct messages are
// in.

package discord

import (
	"context"
	"errors"
	"sync"

	"github.com/strillone/strillone/digest"
	"github.com/strillone/strillone/digest/delivery"
)

// place is a channel, a thread or direct messages: all are channels by their id.
func place(channel string) digest.Destination {
	return digest.Destination{Platform: platform, Chat: channel}
}

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

// maxDirects is how many people's channels are remembered.
const maxDirects = 10_000

// directs are the channels of direct messages that are known, by person.
type directs struct {
	mu    sync.Mutex
	known map[string]string
}

// directWith is the channel of direct messages with a person. Asking for it
// (Create DM) opens it, or brings back the one there is.
func (a *Adapter) directWith(ctx context.Context, person string) (string, error) {
	a.directs.mu.Lock()
	id, ok := a.directs.known[person]
	a.directs.mu.Unlock()
	if ok {
		return id, nil
	}
	recipient := struct {
		ID string `json:"recipient_id"`
	}{person}
	var c channel
	err := a.paced(ctx, person, func() error {
		return a.client.call(ctx, "POST", "/users/@me/channels", recipient, &c)
	})
	if err != nil {
		return "", failureOf(err)
	}
	if !snowflake(c.ID) {
		return "", &delivery.Failure{Kind: delivery.Transient, Err: errors.New("discord: a channel without an id")}
	}
	a.directs.mu.Lock()
	defer a.directs.mu.Unlock()
	if a.directs.known == nil || len(a.directs.known) >= maxDirects {
		a.directs.known = make(map[string]string)
	}
	a.directs.known[person] = c.ID
	return c.ID, nil
}
