// Send: one message of a delivery, to a channel.

package discord

import (
	"bytes"
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net"
	"net/http"
	"sync"
	"time"

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
	body, err := withNonce(sent.Part, key)
	if err != nil {
		return "", &delivery.Failure{Kind: delivery.Rejected, Err: err}
	}
	channel := cmp.Or(to.Thread, to.Chat)
	if !snowflake(channel) {
		return "", &delivery.Failure{Kind: delivery.Rejected, Err: fmt.Errorf("discord: %q is no id of a channel", channel)}
	}
	id, err := create(ctx, a.deliveries, channel, body)
	if err == nil {
		a.doubts.settled(key)
		return delivery.Receipt(id), nil
	}
	f := failureOf(err)
	f.Doubt = f.Doubt && (key == "" || a.doubts.old(key))
	return "", f
}

// withNonce is a part, which is a message's JSON, with a nonce that Discord
// enforces, unless it is empty. The part goes into it as it is, and isn't copied. Whether it is
// JSON throughout, Discord says (50109): to read each would take as long as to
// send it.
func withNonce(part delivery.Part, nonce string) (net.Buffers, error) {
	if !bytes.HasPrefix(part, []byte(`{"`)) || !bytes.HasSuffix(part, []byte("}")) {
		return nil, errors.New("discord: not a part: no JSON object")
	}
	if nonce == "" {
		return net.Buffers{part}, nil
	}
	quoted, err := json.Marshal(nonce)
	if err != nil {
		return nil, fmt.Errorf("discord: write the nonce: %w", err)
	}
	head := append([]byte(`{"enforce_nonce":true,"nonce":`), quoted...)
	return net.Buffers{append(head, ','), part[1:]}, nil
}

// post creates a message in a channel, which is no delivery, and returns its id.
func (a *Adapter) post(ctx context.Context, channel string, m message, nonce string) (string, error) {
	m.Nonce, m.EnforceNonce = nonce, nonce != ""
	body, err := json.Marshal(m)
	if err != nil {
		return "", fmt.Errorf("discord: write a message: %w", err)
	}
	return create(ctx, a.client, channel, net.Buffers{body})
}

// create posts a message and returns its id.
func create(ctx context.Context, c *client, channel string, body net.Buffers) (string, error) {
	var created struct {
		ID string `json:"id"`
	}
	if err := c.callRaw(ctx, http.MethodPost, "/channels/"+channel+"/messages", c.json, body, &created); err != nil {
		return "", err
	}
	if created.ID == "" {
		return "", &outcome{wrote: true, status: http.StatusOK, err: errors.New("an answer without a message")}
	}
	return created.ID, nil
}

// safeWindow is how long after a first attempt of unknown outcome another is
// trusted to be recognised. Discord says "a few minutes"; this is well within.
const safeWindow = time.Minute

// doubts remembers when an attempt at a key first ended in doubt. It lives in
// memory: after a restart a key counts as new.
type doubts struct {
	now func() time.Time

	mu    sync.Mutex
	since map[string]time.Time
}

// old notes that an attempt at key ended in doubt, and says whether the first
// one that did is too long ago for the nonce to be relied on.
func (d *doubts) old(key string) bool {
	now := d.now()
	d.mu.Lock()
	defer d.mu.Unlock()
	if d.since == nil {
		d.since = make(map[string]time.Time)
	}
	if _, ok := d.since[key]; !ok {
		d.forget(now)
		d.since[key] = now
	}
	return now.Sub(d.since[key]) > safeWindow
}

// forget drops what nobody will try again, once there is much of it.
func (d *doubts) forget(now time.Time) {
	if len(d.since) < 10_000 {
		return
	}
	for key, since := range d.since {
		if now.Sub(since) > 24*time.Hour {
			delete(d.since, key)
		}
	}
}

func (d *doubts) settled(key string) {
	d.mu.Lock()
	defer d.mu.Unlock()
	delete(d.since, key)
}
