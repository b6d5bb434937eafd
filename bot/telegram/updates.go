// Updates: the long poll, and the handling of what it brings.

package telegram

import (
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"runtime/debug"
	"slices"
	"strconv"
	"sync"
	"time"

	tgbotapi "github.com/go-telegram-bot-api/telegram-bot-api/v5"

	"github.com/strillone/strillone/bot"
)

const (
	handlingTimeout = 25 * time.Second       // of one update
	pollPause       = 250 * time.Millisecond // between requests while updates are being handled
	// A service manager may kill 10 s after SIGTERM. The grace of what is begun
	// (Adapter.grace) and these are 7 s at most.
	lastGrace       = 500 * time.Millisecond  // to notice that one is cut off
	farewellTimeout = 1500 * time.Millisecond // of the last confirmation
)

// allowedUpdates are the kinds of updates taken. They must be named: what an
// earlier program asked for would stay in force (getUpdates).
const allowedUpdates = `["message","edited_message","callback_query","my_chat_member","inline_query"]`

// session is one Run: the bot as Telegram knows it, and who answers.
type session struct {
	*Adapter
	me        user
	handler   bot.Handler
	inbox     inbox
	questions questions
}

// Run takes updates by long poll (getUpdates) and has h answer them. A webhook
// that is set is deleted, for the two exclude each other. The error, which is
// for operators, says that the token is refused, and what to do about it.
func (a *Adapter) Run(ctx context.Context, h bot.Handler) error {
	s := &session{Adapter: a, handler: h}
	err := s.run(ctx)
	if ctx.Err() != nil {
		return nil
	}
	return err
}

func (s *session) run(ctx context.Context) error {
	err := s.persist(ctx, func() (err error) {
		s.me, err = s.getMe(ctx)
		return err
	})
	if err != nil {
		return err
	}
	if err := s.persist(ctx, func() error { return s.deleteWebhook(ctx) }); err != nil {
		return err
	}
	s.config.Log.InfoContext(ctx, "receiving updates", slog.String("bot", s.me.Username))

	ctx, cancel := context.WithCancel(ctx)
	var registration sync.WaitGroup
	defer registration.Wait()
	defer cancel()
	registration.Go(func() { s.register(ctx) })
	return s.poll(ctx)
}

func (s *session) deleteWebhook(ctx context.Context) error {
	var webhook struct {
		URL string `json:"url"`
	}
	if err := s.client.call(ctx, "getWebhookInfo", nil, &webhook); err != nil || webhook.URL == "" {
		return err
	}
	s.config.Log.WarnContext(ctx, "deleting the bot's webhook: updates are taken by long poll")
	return s.client.call(ctx, "deleteWebhook", nil, nil)
}

// poll asks for updates again and again, and goes on asking while some are still
// being handled; each request confirms those before the oldest unfinished one.
// As long as there is one, the server answers at once, with what is known: so
// the next request waits until all are handled, or for pollPause.
//
// When ctx ends, what is begun has the grace to end by itself and is then cut
// off. What wasn't begun or was cut off isn't confirmed and comes again.
func (s *session) poll(ctx context.Context) error {
	ctx, stop := context.WithCancel(ctx)
	defer stop()
	handling, cut := lingering(ctx, s.grace)
	defer cut()
	var fatal error
	for ctx.Err() == nil {
		batch, err := s.next(ctx)
		if err != nil {
			fatal = err
			break
		}
		s.inbox.take(batch, func(chat int64) { s.work(ctx, handling, chat) })
		until(ctx, s.inbox.settled(), pollPause)
	}
	stop()
	if !until(context.WithoutCancel(ctx), s.inbox.settled(), s.grace+lastGrace) {
		s.config.Log.WarnContext(ctx, "stopping without waiting for an update's handling, which doesn't end")
	}
	if !errors.Is(fatal, errUnauthorized) {
		s.confirm(ctx, s.inbox.offset())
	}
	return fatal
}

// next is the next batch of updates. A conflict may come of a webhook that was
// set meanwhile: it is deleted, as at the start.
func (s *session) next(ctx context.Context) ([]update, error) {
	var batch []update
	err := s.persist(ctx, func() (err error) {
		batch, err = s.getUpdates(ctx, s.inbox.offset())
		if errors.Is(err, errConflict) {
			_ = s.deleteWebhook(ctx) // if it fails, the next conflict tries again
		}
		return err
	})
	return batch, err
}

// getUpdates waits for updates and confirms those before offset. Updates that
// can't be read are logged and taken as handled: they will never be better.
func (s *session) getUpdates(ctx context.Context, offset int64) ([]update, error) {
	params := tgbotapi.Params{
		"timeout":         strconv.Itoa(max(int(s.config.PollTimeout/time.Second), 1)),
		"allowed_updates": allowedUpdates,
	}
	if offset != 0 {
		params["offset"] = strconv.FormatInt(offset, 10)
	}
	var raw []json.RawMessage
	if err := s.client.callWithin(ctx, s.config.PollTimeout+10*time.Second, "getUpdates", params, &raw); err != nil {
		return nil, err
	}
	batch := make([]update, len(raw))
	for i, r := range raw {
		if err := json.Unmarshal(r, &batch[i]); err != nil {
			var unread struct {
				ID int64 `json:"update_id"`
			}
			_ = json.Unmarshal(r, &unread)
			batch[i] = update{ID: unread.ID}
			s.config.Log.ErrorContext(ctx, "an update can't be read", slog.Int64("update", unread.ID), slog.Any("error", err))
		}
		if batch[i].ID == 0 {
			return nil, errors.New("telegram: getUpdates: an update without an id can't be confirmed")
		}
	}
	slices.SortFunc(batch, func(a, b update) int { return cmp.Compare(a.ID, b.ID) })
	return batch, nil
}

// confirm tells Telegram what was handled when no further batch will be asked
// for. If that fails, the updates come again.
func (s *session) confirm(ctx context.Context, offset int64) {
	if offset == 0 {
		return
	}
	params := tgbotapi.Params{
		"offset":          strconv.FormatInt(offset, 10),
		"limit":           "1", // it isn't handled, and so not confirmed
		"timeout":         "0",
		"allowed_updates": allowedUpdates,
	}
	err := s.client.callWithin(context.WithoutCancel(ctx), farewellTimeout, "getUpdates", params, nil)
	if err != nil {
		s.config.Log.WarnContext(ctx, "the last updates were not confirmed and will come again", slog.Any("error", err))
	}
}

// work handles a chat's updates in order. When ctx ends it leaves those that
// aren't begun; one that ends after handling, the context of what is begun, was
// cut off.
func (s *session) work(ctx, handling context.Context, chat int64) {
	for {
		u, ok := s.inbox.following(chat, ctx.Err() != nil)
		if !ok {
			return
		}
		s.handle(handling, u)
		if handling.Err() == nil {
			s.inbox.done(u.ID)
		}
	}
}

// handle handles an update, within handlingTimeout.
func (s *session) handle(ctx context.Context, u update) {
	ctx, cancel := context.WithTimeout(ctx, handlingTimeout)
	defer cancel()
	defer func() {
		if p := recover(); p != nil {
			s.config.Log.ErrorContext(ctx, "panic while handling an update", slog.Int64("update", u.ID),
				slog.Any("panic", p), slog.String("stack", string(debug.Stack())))
		}
	}()
	switch {
	case u.Message != nil:
		s.message(ctx, u.Message)
	case u.Edited != nil:
		s.edited(ctx, u.Edited)
	case u.Press != nil:
		s.press(ctx, u.Press)
	case u.MyMember != nil:
		s.membership(ctx, u.MyMember)
	case u.Inline != nil:
		s.find(ctx, u.Inline)
	}
}

// persist calls f until it succeeds. It returns an error when ctx ends or when
// trying again is no use. A conflict ends when an operator ends it: it is told
// once, as an error with its remedy.
func (a *Adapter) persist(ctx context.Context, f func() error) error {
	told := false
	for attempt := 0; ; attempt++ {
		err := f()
		if err == nil || ctx.Err() != nil {
			return ctx.Err()
		}
		if err := hopeless(err); err != nil {
			return err
		}
		wait := a.wait(attempt, err)
		if errors.Is(err, errConflict) && !told {
			told = true
			a.config.Log.ErrorContext(ctx, "another process takes this bot's updates: stop it or give this one another bot's token. Until then calls are repeated",
				slog.Any("error", err), slog.Duration("wait", wait))
		} else {
			a.config.Log.WarnContext(ctx, "a call failed and will be repeated",
				slog.Any("error", err), slog.Duration("wait", wait))
		}
		if !pause(ctx, wait) {
			return ctx.Err()
		}
	}
}

// hopeless is err with its remedy when only an operator can help.
func hopeless(err error) error {
	if errors.Is(err, errUnauthorized) {
		return fmt.Errorf("the token is refused: copy the bot's token from @BotFather into the configuration: %w", err)
	}
	return nil
}
