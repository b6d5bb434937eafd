// Send: one part to one chat.

package telegram

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strconv"

	"github.com/strillone/strillone/digest"
	"github.com/strillone/strillone/digest/delivery"
)

// generalThread is the thread of a forum's General topic, which the Bot API
// reports but doesn't accept: it is the chat itself.
const generalThread = "1"

// threadOf is the thread of a place as the Bot API takes it; empty for none.
func threadOf(to digest.Destination) string {
	if to.Thread == generalThread {
		return ""
	}
	return to.Thread
}

// Send sends a part that Render made. The receipt is the message_id. The key is
// not used: the Bot API recognises no repetition. Of several parts only the first
// makes a sound.
func (a *Adapter) Send(ctx context.Context, m delivery.Message) (delivery.Receipt, error) {
	var more []parameter
	if m.Manner.Silent || !m.First {
		more = append(more, parameter{"disable_notification", true})
	}
	if m.Manner.NoPreviews {
		more = append(more, noPreview)
	}
	if a.config.PaidBroadcast {
		more = append(more, parameter{"allow_paid_broadcast", true})
	}
	id, err := a.sendMessage(ctx, a.deliveries, m.To, m.Part, more...)
	if err != nil {
		return "", err
	}
	return delivery.Receipt(strconv.FormatInt(id, 10)), nil
}

// sendMessage sends a message, in its rich form where it has one that the server
// takes, and returns its id.
func (a *Adapter) sendMessage(ctx context.Context, c *client, to digest.Destination, part delivery.Part, more ...parameter) (id int64, err error) {
	more = append(slices.Clone(more), parameter{"chat_id", to.Chat})
	if thread := threadOf(to); thread != "" {
		more = append(more, parameter{"message_thread_id", json.Number(thread)})
	}
	err = a.inForm(ctx, part, func(part delivery.Part, isRich bool) error {
		method := "sendMessage"
		if isRich {
			method = "sendRichMessage"
		}
		params, err := with(part, accepted(more, isRich))
		if err != nil {
			return &delivery.Failure{Kind: delivery.Rejected, Err: err}
		}
		var sent struct {
			ID int64 `json:"message_id"`
		}
		begun := a.config.Now()
		err = c.callJSON(ctx, method, params, &sent)
		if err == nil && sent.ID == 0 {
			err = &delivery.Failure{Kind: delivery.Transient, Doubt: true, Err: fmt.Errorf("telegram: %s: an answer without message_id", method)}
		}
		a.limits.learn(to.Chat, err, begun, a.config.Now())
		id = sent.ID
		return err
	})
	if f, ok := errors.AsType[*delivery.Failure](err); ok && to.Thread != "" && errors.Is(f, errNoTopic) {
		f.MovedTo = &digest.Destination{Platform: to.Platform, Chat: to.Chat}
	}
	return id, err
}

// editMessage makes one attempt to replace a message. One that says the same
// already is replaced.
func (a *Adapter) editMessage(ctx context.Context, chat, message string, part delivery.Part, more ...parameter) error {
	more = append(slices.Clone(more), parameter{"chat_id", chat}, parameter{"message_id", json.Number(message)})
	err := a.inForm(ctx, part, func(part delivery.Part, isRich bool) error {
		params, err := with(part, accepted(more, isRich))
		if err != nil {
			return &delivery.Failure{Kind: delivery.Rejected, Err: err}
		}
		begun := a.config.Now()
		err = a.client.callJSON(ctx, "editMessageText", params, nil)
		a.limits.learn(chat, err, begun, a.config.Now())
		return err
	})
	if errors.Is(err, errNotModified) {
		return nil
	}
	return err
}

// parameter is one of a call, beside those that a part has.
type parameter struct {
	name  string
	value any
}

// with is a part, which is an object of parameters, with more of them. The part
// goes into it as it is; were it none that Render made, Telegram would tell.
func with(part delivery.Part, more []parameter) ([]byte, error) {
	rest, ok := bytes.CutPrefix(part, []byte("{"))
	if !ok || len(part) <= len("{}") || part[len(part)-1] != '}' {
		return nil, errors.New("telegram: not a part: no JSON object")
	}
	b := append(make([]byte, 0, len(part)+128), '{')
	for _, p := range more {
		value, err := json.Marshal(p.value)
		if err != nil {
			return nil, fmt.Errorf("telegram: %s: %w", p.name, err)
		}
		b = append(b, '"')
		b = append(b, p.name...)
		b = append(b, '"', ':')
		b = append(b, value...)
		b = append(b, ',')
	}
	return append(b, rest...), nil
}
