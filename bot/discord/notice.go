// Notices: messages to a person, kept up to date.

package discord

import (
	"context"
	"errors"
	"fmt"

	"github.com/strillone/strillone/bot"
	"github.com/strillone/strillone/digest"
	"github.com/strillone/strillone/digest/delivery"
	"github.com/strillone/strillone/digest/markup"
)

var _ bot.Noticeboard = (*Adapter)(nil)

// Post writes to a person; see bot.Noticeboard. Asking for the channel of direct
// messages (Create DM) opens it, or brings back the one there is.
func (a *Adapter) Post(ctx context.Context, person string, doc markup.Doc) (bot.Notice, error) {
	m, err := a.only(doc)
	if err != nil {
		return bot.Notice{}, err
	}
	var channel struct {
		ID string `json:"id"`
	}
	recipient := struct {
		ID string `json:"recipient_id"`
	}{person}
	err = a.paced(ctx, person, func() error {
		return a.client.call(ctx, "POST", "/users/@me/channels", recipient, &channel)
	})
	if err != nil {
		return bot.Notice{}, failureOf(err)
	}
	if !snowflake(channel.ID) {
		return bot.Notice{}, &delivery.Failure{Kind: delivery.Transient, Err: errors.New("discord: a channel without an id")}
	}
	var id string
	err = a.paced(ctx, channel.ID, func() (err error) {
		id, err = a.post(ctx, channel.ID, m, "")
		return err
	})
	if err != nil {
		return bot.Notice{}, failureOf(err)
	}
	return bot.Notice{
		Place:   digest.Destination{Platform: platform, Chat: channel.ID},
		Receipt: delivery.Receipt(id),
	}, nil
}

// Edit has a notice say something else (Edit Message); see bot.Noticeboard.
func (a *Adapter) Edit(ctx context.Context, n bot.Notice, doc markup.Doc) error {
	m, err := a.only(doc)
	if err != nil {
		return err
	}
	err = a.paced(ctx, n.Place.Chat, func() error {
		return a.client.call(ctx, "PATCH", "/channels/"+n.Place.Chat+"/messages/"+string(n.Receipt), m, nil)
	})
	if err != nil {
		return failureOf(err)
	}
	return nil
}

// only is a document's one message.
func (a *Adapter) only(doc markup.Doc) (message, error) {
	parts, err := a.Render(doc)
	if err == nil && len(parts) != 1 {
		err = errors.New("a notice is one message")
	}
	var m message
	if err == nil {
		m, err = messageOf(parts[0])
	}
	if err != nil {
		return m, &delivery.Failure{Kind: delivery.Rejected, Err: fmt.Errorf("discord: %w", err)}
	}
	return m, nil
}
