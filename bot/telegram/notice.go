// Notices: messages to a person, kept up to date.

package telegram

import (
	"context"
	"errors"
	"strconv"

	"github.com/strillone/strillone/bot"
	"github.com/strillone/strillone/digest"
	"github.com/strillone/strillone/digest/delivery"
	"github.com/strillone/strillone/digest/markup"
)

var _ bot.Noticeboard = (*Adapter)(nil)

// Post writes to a person; see bot.Noticeboard. A private chat has the person's
// id; it is there once the person has started the bot.
func (a *Adapter) Post(ctx context.Context, person string, doc markup.Doc) (bot.Notice, error) {
	part, err := a.only(doc)
	if err != nil {
		return bot.Notice{}, err
	}
	n := bot.Notice{Place: digest.Destination{Platform: Platform, Chat: person}}
	err = a.paced(ctx, n.Place, func() error {
		id, err := a.sendMessage(ctx, a.client, n.Place, part, noPreview)
		n.Receipt = delivery.Receipt(strconv.FormatInt(id, 10))
		return err
	})
	if err != nil {
		return bot.Notice{}, delivery.FailureOf(err)
	}
	return n, nil
}

// Edit has a notice say something else (editMessageText); see bot.Noticeboard.
func (a *Adapter) Edit(ctx context.Context, n bot.Notice, doc markup.Doc) error {
	part, err := a.only(doc)
	if err != nil {
		return err
	}
	err = a.paced(ctx, n.Place, func() error {
		return a.editMessage(ctx, n.Place.Chat, string(n.Receipt), part, noPreview)
	})
	if err != nil {
		return delivery.FailureOf(err)
	}
	return nil
}

// only is a document's one part.
func (a *Adapter) only(doc markup.Doc) (delivery.Part, error) {
	parts, err := a.Render(doc)
	if err == nil && len(parts) != 1 {
		err = errors.New("telegram: a notice is one message")
	}
	if err != nil {
		return nil, &delivery.Failure{Kind: delivery.Rejected, Err: err}
	}
	return parts[0], nil
}
