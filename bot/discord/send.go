// Send: one message of a delivery, to a channel.

package discord

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"regexp"
	"sync"
	"time"

	"github.com/strillone/strillone/digest/delivery"
)

// snowflake is Discord's form of an id (docs.discord.com, API Reference).
var snowflake = regexp.MustCompile(`^\d{1,20}$`)

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
	m, err := messageOf(sent.Part)
	if err != nil {
		return "", &delivery.Failure{Kind: delivery.Rejected, Err: fmt.Errorf("discord: read the stored part: %w", err)}
	}
	channel := to.Chat
	if to.Thread != "" {
		channel = to.Thread
	}
	if !snowflake.MatchString(channel) {
		return "", &delivery.Failure{Kind: delivery.Rejected, Err: fmt.Errorf("discord: %q is no id of a channel", channel)}
	}
	id, err := a.post(ctx, channel, m, key)
	if err == nil {
		a.doubts.settled(key)
		return delivery.Receipt(id), nil
	}
	f := failureOf(err)
	f.Doubt = f.Doubt && (key == "" || a.doubts.old(key))
	return "", f
}

// post creates a message in a channel and returns its id.
func (a *Adapter) post(ctx context.Context, channel string, m message, nonce string) (string, error) {
	m.Nonce, m.EnforceNonce = nonce, nonce != ""
	var created struct {
		ID string `json:"id"`
	}
	if err := a.client.call(ctx, "POST", "/channels/"+channel+"/messages", m, &created); err != nil {
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
