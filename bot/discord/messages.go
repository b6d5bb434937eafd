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
	content := d.withoutMention(m.Content) + d.texts(ctx, m.Attachments)
	text, isCommand := d.textOf(ctx, m, content)
	var reply bot.Reply
	if isCommand {
		reply = d.handler.Command(ctx, text.Request)
	} else {
		reply = d.handler.Text(ctx, text)
	}
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
				_, err := d.post(ctx, channel, part, m.ID+"."+strconv.Itoa(i))
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
