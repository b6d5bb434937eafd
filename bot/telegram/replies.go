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

// target is where in a chat a Reply belongs; the zero target is the chat's end.
type target struct {
	quote int64 // the message that is answered, pointed at where many read along
	edit  int64 // the bot's own message that it may take the place of
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

// send carries a Reply out. What was typed where many read along is answered
// with one message, and a short one.
func (s *session) send(ctx context.Context, r bot.Request, to target, reply bot.Reply) error {
	private := r.Kind == bot.Private
	if !private {
		reply.Doc, reply.File, reply.Choose = s.compact(reply.Doc), nil, nil
	}
	if reply.Choose != nil {
		reply.Doc.Rows, reply.Doc.Menu = nil, nil
	}
	parts, err := s.Render(reply.Doc)
	if err != nil {
		return err
	}
	if !private {
		parts = parts[:min(len(parts), 1)]
	}
	if len(parts) > 1 {
		if arrived, err := s.sendWhole(ctx, r, to, reply); arrived || err != nil {
			return err
		}
	}
	replace := reply.Replace && to.edit != 0 && len(parts) == 1 && reply.File == nil
	for i, part := range parts {
		if replace {
			err := s.edit(ctx, r.Place, to.edit, part)
			if !errors.Is(err, errNotEditable) {
				return err
			}
		}
		more := []parameter{noPreview}
		if i == 0 && !private && to.quote != 0 {
			more = append(more, quotation(to.quote))
		}
		if i == len(parts)-1 && reply.Choose != nil {
			more = append(more, parameter{"reply_markup", listOfChats(*reply.Choose)})
		}
		if _, err := s.say(ctx, r.Place, part, more...); err != nil {
			return err
		}
	}
	if reply.File != nil {
		return s.sendFile(ctx, r.Place, *reply.File)
	}
	return nil
}

// sendWhole sends, as one rich message, what takes several in HTML, or says that
// it can't be: then nothing was sent.
func (s *session) sendWhole(ctx context.Context, r bot.Request, to target, reply bot.Reply) (arrived bool, err error) {
	part, ok := s.whole(reply.Doc)
	if !ok || reply.File != nil || reply.Choose != nil {
		return false, nil
	}
	err = errNotEditable
	if reply.Replace && to.edit != 0 {
		err = s.edit(ctx, r.Place, to.edit, part)
	}
	if errors.Is(err, errNotEditable) {
		_, err = s.say(ctx, r.Place, part)
	}
	if err != nil && delivery.FailureOf(err).Kind == delivery.Rejected {
		return false, nil
	}
	return err == nil, err
}

// say sends a message as an answer, at the answers' pace, and returns its id.
func (s *session) say(ctx context.Context, place digest.Destination, part delivery.Part, more ...parameter) (id int64, err error) {
	err = s.insist(ctx, func() error {
		return s.paced(ctx, place, func() error {
			id, err = s.sendMessage(ctx, s.client, place, part, more...)
			return err
		})
	})
	return id, err
}

// noPreview leaves out the preview of the first link: an answer shows what was
// asked for.
var noPreview = parameter{"link_preview_options", preview{Disabled: true}}

// preview is a LinkPreviewOptions.
type preview struct {
	Disabled bool `json:"is_disabled"`
}

// quotation makes a message answer another, if that is still there
// (reply_parameters).
func quotation(message int64) parameter {
	return parameter{"reply_parameters", struct {
		Message int64 `json:"message_id"`
		Anyway  bool  `json:"allow_sending_without_reply"`
	}{message, true}}
}

// edit replaces a message.
func (s *session) edit(ctx context.Context, place digest.Destination, message int64, part delivery.Part) error {
	return s.insist(ctx, func() error {
		return s.paced(ctx, place, func() error {
			return s.editMessage(ctx, place.Chat, strconv.FormatInt(message, 10), part, noPreview)
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
