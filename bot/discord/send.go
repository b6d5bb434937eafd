// Send: one message of a delivery, to a channel.

package discord

import (
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"

	"github.com/strillone/strillone/digest/delivery"
)

// snowflake says whether s has Discord's form of an id (docs.discord.com, API
// Reference).
func snowflake(s string) bool { return len(s) <= 20 && digits(s) }

func digits(s string) bool {
	for i := range len(s) {
		if s[i] < '0' || s[i] > '9' {
			return false
		}
	}
	return s != ""
}

// maxNonce is how long a nonce may be (docs.discord.com, Create Message).
const maxNonce = 25

// Send posts one part. The key is the message's nonce, which Discord enforces
// "for the past few minutes": a repetition brings back the first message, and so
// an attempt whose outcome is unknown leaves no doubt while that memory lasts.
// Beyond safeWindow it is reported, and the delivery's policy decides.
func (a *Adapter) Send(ctx context.Context, sent delivery.Message) (delivery.Receipt, error) {
	to, key := sent.To, sent.Key
	if len(key) > maxNonce {
		return "", &delivery.Failure{Kind: delivery.Rejected, Err: fmt.Errorf("discord: a key of %d bytes is no nonce", len(key))}
	}
	body, err := bodyOf(sent)
	if err != nil {
		return "", &delivery.Failure{Kind: delivery.Rejected, Err: err}
	}
	channel := cmp.Or(to.Thread, to.Chat)
	if !snowflake(channel) {
		return "", &delivery.Failure{Kind: delivery.Rejected, Err: fmt.Errorf("discord: %q is no id of a channel", channel)}
	}
	id, err := create(ctx, a.deliveries, channel, body)
	if a.format == Auto && refusesComponents(err) {
		id, err = a.sendClassic(ctx, channel, sent, err)
	}
	if err == nil {
		a.doubts.settled(key)
		a.follow(ctx, channel, id, sent)
		return delivery.Receipt(id), nil
	}
	f := failureOf(err)
	f.Doubt = f.Doubt && (key == "" || a.doubts.old(key))
	return "", f
}

// sendClassic sends a part that was refused as an embed, unless it is one.
func (a *Adapter) sendClassic(ctx context.Context, channel string, sent delivery.Message, refused error) (string, error) {
	m, err := messageOf(sent.Part)
	if err != nil || m.Flags&flagComponents == 0 {
		return "", refused
	}
	m = classic(m)
	m.dress(sent, roleIn(sent))
	body, err := json.Marshal(m)
	if err != nil {
		return "", refused
	}
	id, err := create(ctx, a.deliveries, channel, body)
	if err != nil {
		return "", err
	}
	a.warnOfClassic(refused)
	return id, nil
}

// post creates a message in a channel, which is no delivery, and returns its id.
func (a *Adapter) post(ctx context.Context, channel string, m message, nonce string) (string, error) {
	m.Nonce, m.EnforceNonce = nonce, nonce != ""
	var made created
	err := a.inForm(m, func(m message) error {
		return a.client.upload(ctx, http.MethodPost, "/channels/"+channel+"/messages", m, m.Attachments, &made)
	})
	if err != nil {
		return "", err
	}
	return made.id()
}

// create posts a message and returns its id.
func create(ctx context.Context, c *client, channel string, body []byte) (string, error) {
	var made created
	if err := c.callRaw(ctx, http.MethodPost, "/channels/"+channel+"/messages", c.json, body, &made); err != nil {
		return "", err
	}
	return made.id()
}

// created is a message that was made.
type created struct {
	ID string `json:"id"`
}

func (c created) id() (string, error) {
	if c.ID == "" {
		return "", &outcome{wrote: true, status: http.StatusOK, err: errors.New("an answer without a message")}
	}
	return c.ID, nil
}
