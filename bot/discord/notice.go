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

// Post writes to a person; see bot.Noticeboard.
func (a *Adapter) Post(ctx context.Context, person string, doc markup.Doc) (bot.Notice, error) {
	m, err := a.only(doc)
	if err != nil {
		return bot.Notice{}, err
	}
	channel, err := a.directWith(ctx, person)
	if err != nil {
		return bot.Notice{}, err
	}
	var id string
	err = a.paced(ctx, channel, func() (err error) {
		id, err = a.post(ctx, channel, m, "")
		return err
	})
	if err != nil {
		return bot.Notice{}, failureOf(err)
	}
	return bot.Notice{
		Place:   digest.Destination{Platform: platform, Chat: channel},
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
