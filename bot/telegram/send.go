// Send: one part to one chat.

package telegram

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"strconv"

	tgbotapi "github.com/go-telegram-bot-api/telegram-bot-api/v5"

	"github.com/strillone/strillone/digest"
	"github.com/strillone/strillone/digest/delivery"
)

// generalThread is the thread of a forum's General topic, which the Bot API
// reports but doesn't accept: it is the chat itself.
const generalThread = "1"

// Send sends a part that Render made. The receipt is the message_id. The key is
// not used: the Bot API recognises no repetition.
func (a *Adapter) Send(ctx context.Context, to digest.Destination, part delivery.Part, key string) (delivery.Receipt, error) {
	params, err := paramsOf(part)
	if err != nil {
		return "", &delivery.Failure{Kind: delivery.Rejected, Err: err}
	}
	if a.config.PaidBroadcast {
		params["allow_paid_broadcast"] = "true"
	}
	id, err := a.sendMessage(ctx, to, params)
	if err != nil {
		return "", err
	}
	return delivery.Receipt(strconv.FormatInt(id, 10)), nil
}

// sendMessage sends a message and returns its id.
func (a *Adapter) sendMessage(ctx context.Context, to digest.Destination, params tgbotapi.Params) (int64, error) {
	params["chat_id"] = to.Chat
	if to.Thread != "" && to.Thread != generalThread {
		params["message_thread_id"] = to.Thread
	}
	var sent struct {
		ID int64 `json:"message_id"`
	}
	err := a.client.call(ctx, "sendMessage", params, &sent)
	if err == nil && sent.ID == 0 {
		err = &delivery.Failure{Kind: delivery.Transient, Doubt: true, Err: errors.New("telegram: sendMessage: an answer without message_id")}
	}
	if f, ok := errors.AsType[*delivery.Failure](err); ok {
		switch {
		case f.Kind == delivery.RateLimited:
			f.Everywhere = a.limits.hit(to.Chat, f.RetryAfter, a.config.Now())
		case to.Thread != "" && errors.Is(f, errNoTopic):
			f.MovedTo = &digest.Destination{Platform: to.Platform, Chat: to.Chat}
		}
	}
	return sent.ID, err
}

// paramsOf is a part as the parameters of a call: strings as they are, objects
// as JSON.
func paramsOf(part delivery.Part) (tgbotapi.Params, error) {
	var fields map[string]json.RawMessage
	if err := json.Unmarshal(part, &fields); err != nil {
		return nil, fmt.Errorf("telegram: not a part: %w", err)
	}
	params := make(tgbotapi.Params, len(fields)+3)
	for name, value := range fields {
		var s string
		if json.Unmarshal(value, &s) != nil {
			s = string(value)
		}
		params[name] = s
	}
	return params, nil
}
