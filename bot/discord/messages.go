// messages: answers to what people write, with messages that refer to it.

package discord

import (
	"context"
	"errors"
	"strconv"
	"time"

	"github.com/strillone/strillone/bot"
	"github.com/strillone/strillone/digest/delivery"
)

// message answers a message that is meant for the bot, with messages that refer
// to it.
func (d *desk) message(ctx context.Context, m textMessage) {
	if !d.concerns(m) {
		return
	}
	text, isCommand := d.read(ctx, m)
	var reply bot.Reply
	if isCommand {
		reply = d.handler.Command(ctx, text.Request)
	} else {
		reply = d.handler.Text(ctx, text)
	}
	d.respond(ctx, m, m.ID, text, reply)
}

// edited has the handler know that a message says something else now: one in
// private, for nobody may edit what others discuss. Commands aren't given anew by
// editing them.
func (d *desk) edited(ctx context.Context, m textMessage) {
	if m.Guild != "" || !d.concerns(m) {
		return
	}
	if text, isCommand := d.read(ctx, m); !isCommand {
		text.Edited = true
		// Another nonce than that of the answer to what the message said before.
		id, _ := strconv.ParseUint(m.ID, 10, 64)
		key := strconv.FormatInt(m.Edited.UnixMilli(), 36) + strconv.FormatUint(id, 36)
		d.respond(ctx, m, key, text, d.handler.Text(ctx, text))
	}
}

// respond answers a message. The key, of at most 22 characters, is this answer's.
func (d *desk) respond(ctx context.Context, m textMessage, key string, text bot.Text, reply bot.Reply) {
	channel := m.Channel
	if reply.File != nil && text.Kind != bot.Private {
		// What a file holds is nobody else's business.
		direct, err := d.directWith(ctx, m.Author.ID)
		if !d.done("file", err) {
			return
		}
		channel = direct
	}
	for i, part := range d.render(reply) {
		if i == 0 && channel == m.Channel {
			part.Reference = &reference{MessageID: m.ID}
		}
		err := persist(ctx, func() error {
			return d.paced(ctx, channel, func() error {
				_, err := d.post(ctx, channel, part, key+"."+strconv.Itoa(i))
				return err
			})
		})
		if !d.done("message", err) {
			return
		}
	}
}

const (
	maxWait  = 10 * time.Second
	maxTries = 4
)

// persist repeats a request that failed for a moment, a few times and while ctx
// lasts; one whose outcome is unknown once more at most.
func persist(ctx context.Context, request func() error) error {
	wait, doubts := 250*time.Millisecond, 0
	for try := 1; ; try++ {
		err := request()
		if err == nil || try == maxTries || errors.Is(err, delivery.ErrNoTurn) {
			return err
		}
		f := failureOf(err)
		if f.Doubt {
			doubts++
		}
		next := wait
		switch {
		case f.Kind == delivery.RateLimited && f.RetryAfter <= maxWait:
			next = f.RetryAfter
		case f.Kind != delivery.Transient, doubts > 1:
			return err
		}
		if !pause(ctx, next) {
			return err
		}
		wait *= 2
	}
}
