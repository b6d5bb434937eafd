// Replies: a Reply becomes messages.

package telegram

import (
	"context"
	"errors"
	"log/slog"
	"strconv"
	"time"

	"github.com/strillone/strillone/bot"
	"github.com/strillone/strillone/digest"
	"github.com/strillone/strillone/digest/delivery"
)

// A person waits for a reply: it is tried again a few times and soon.
const (
	replyAttempts = 3
	longestWait   = 5 * time.Second
)

// target is the message that a Reply answers; the zero target is none.
type target struct {
	message  int64
	editable bool // it is the bot's own and may be replaced
}

// reply carries a Reply out, its notice excepted. A failure is logged: there
// is nobody else to tell.
func (s *session) reply(ctx context.Context, r bot.Request, to target, reply bot.Reply) {
	if err := s.send(ctx, r, to, reply); err != nil {
		level := slog.LevelWarn
		if delivery.FailureOf(err).Kind == delivery.Gone {
			level = slog.LevelInfo // people who leave are no trouble
		}
		s.config.Log.Log(ctx, level, "a reply didn't arrive", slog.String("command", r.Command),
			slog.String("chat", r.Place.Chat), slog.Any("error", err))
	}
}

func (s *session) send(ctx context.Context, r bot.Request, to target, reply bot.Reply) error {
	parts, err := s.Render(reply.Doc)
	if err != nil {
		return err
	}
	replace := reply.Replace && to.editable && r.Kind == bot.Private && len(parts) == 1
	for i, part := range parts {
		if replace {
			err := s.edit(ctx, r.Place, to.message, part)
			if !errors.Is(err, errNotEditable) {
				return err
			}
		}
		var more []parameter
		if i == 0 && r.Kind == bot.Shared && to.message != 0 {
			more = append(more, parameter{"reply_parameters", quotation{to.message, true}})
		}
		err := s.insist(ctx, func() error {
			return s.paced(ctx, r.Place, func() error {
				_, err := s.sendMessage(ctx, s.client, r.Place, part, more...)
				return err
			})
		})
		if err != nil {
			return err
		}
	}
	return nil
}

// quotation is the reply_parameters of a message that answers another, if that
// is still there.
type quotation struct {
	Message int64 `json:"message_id"`
	Anyway  bool  `json:"allow_sending_without_reply"`
}

// edit replaces a message.
func (s *session) edit(ctx context.Context, place digest.Destination, message int64, part delivery.Part) error {
	return s.insist(ctx, func() error {
		return s.paced(ctx, place, func() error {
			return s.editMessage(ctx, place.Chat, strconv.FormatInt(message, 10), part)
		})
	})
}

// insist calls f again where it is sure that it did nothing and the wait is
// short. An answer whose turn doesn't come is given up.
func (s *session) insist(ctx context.Context, f func() error) error {
	for attempt := 0; ; attempt++ {
		err := f()
		if err == nil || attempt == replyAttempts-1 || errors.Is(err, delivery.ErrNoTurn) {
			return err
		}
		failure := delivery.FailureOf(err)
		again := failure.Kind == delivery.RateLimited || failure.Kind == delivery.Transient && !failure.Doubt
		wait := s.wait(attempt, err)
		if !again || wait > longestWait || !pause(ctx, wait) {
			return err
		}
	}
}
