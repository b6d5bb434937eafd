// Notices: what the bot has to say to a person without being asked.

package telegram

import (
	"context"
	"strings"

	tgbotapi "github.com/go-telegram-bot-api/telegram-bot-api/v5"

	"github.com/strillone/strillone/digest"
	"github.com/strillone/strillone/digest/markup"
)

// Tell sends a document to a person, who has to have started the bot.
func (a *Adapter) Tell(ctx context.Context, person string, doc markup.Doc) error {
	parts, err := a.Render(doc)
	if err != nil {
		return err
	}
	for _, part := range parts {
		params, err := paramsOf(part)
		if err != nil {
			return err
		}
		err = a.insist(ctx, func() error {
			_, err := a.sendMessage(ctx, digest.Destination{Platform: Platform, Chat: person}, params)
			return err
		})
		if err != nil {
			return err
		}
	}
	return nil
}

// NameOf is what people call a place, and whether it is one of many people. A
// place that doesn't say its name is called by its id.
func (a *Adapter) NameOf(ctx context.Context, place digest.Destination) (name string, shared bool) {
	if !strings.HasPrefix(place.Chat, "-") {
		return place.Chat, false
	}
	var c chat
	err := a.client.call(ctx, "getChat", tgbotapi.Params{"chat_id": place.Chat}, &c)
	if err != nil || c.Title == "" {
		return place.Chat, true
	}
	return c.Title, true
}
