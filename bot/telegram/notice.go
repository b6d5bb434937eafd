// Notices: messages to a person, kept up to date.

package telegram

import (
	"context"
	"errors"

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
	to := digest.Destination{Platform: Platform, Chat: person}
	receipt, err := a.Send(ctx, delivery.Message{To: to, Part: part, Manner: digest.Manner{NoPreviews: true}, First: true, Last: true})
	return bot.Notice{Place: to, Receipt: receipt}, err
}

// Edit has a notice say something else (editMessageText); see bot.Noticeboard.
func (a *Adapter) Edit(ctx context.Context, n bot.Notice, doc markup.Doc) error {
	part, err := a.only(doc)
	if err != nil {
		return err
	}
	return a.editMessage(ctx, n.Place.Chat, string(n.Receipt), part, noPreview)
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
