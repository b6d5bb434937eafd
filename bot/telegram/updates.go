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
	"golang.org/x/sync/errgroup"

	"github.com/strillone/strillone/bot"
)

const (
	chatsAtOnce     = 16
	handlingTimeout = 25 * time.Second // of one update
	farewellTimeout = 3 * time.Second  // of the last confirmation
)

// allowedUpdates are the kinds of updates taken. They must be named: what an
// earlier program asked for would stay in force (getUpdates).
const allowedUpdates = `["message","callback_query","my_chat_member"]`

// session is one Run: the bot as Telegram knows it, and who answers.
type session struct {
	*Adapter
	me      user
	handler bot.Handler
	handled ring
}

// Run takes updates by long poll (getUpdates) and has h answer them. A webhook
// that is set is deleted, for the two exclude each other. The error, which is
// for operators, says that the token is refused or that somebody else takes
// the bot's updates, and what to do about it.
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

// poll takes batch after batch. The request for the next batch confirms the one
// before, so a batch whose handling was cut short comes again.
func (s *session) poll(ctx context.Context) error {
	var offset int64
	for {
		var batch []update
		err := s.persist(ctx, func() (err error) {
			batch, err = s.getUpdates(ctx, offset)
			return err
		})
		if err == nil {
			// With nothing left to confirm, the request goes without an offset:
			// after a week without updates their ids may start from below it.
			offset = s.handle(ctx, batch)
		}
		if ctx.Err() != nil {
			s.confirm(ctx, offset)
			return ctx.Err()
		}
		if err != nil {
			return err
		}
	}
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

// handle handles a batch, chats side by side and each chat's updates in order,
// and returns the offset that confirms all up to the first it left out, which
// it does when ctx ends; 0 when there is nothing to confirm.
func (s *session) handle(ctx context.Context, batch []update) int64 {
	chats := make(map[int64][]update)
	for _, u := range batch {
		chats[u.chat()] = append(chats[u.chat()], u)
	}
	var g errgroup.Group
	g.SetLimit(chatsAtOnce)
	for _, updates := range chats {
		g.Go(func() error {
			for _, u := range updates {
				if ctx.Err() != nil {
					break
				}
				s.handleOnce(ctx, u)
			}
			return nil
		})
	}
	_ = g.Wait()

	var offset int64
	for _, u := range batch {
		if !s.handled.has(u.ID) {
			break
		}
		offset = u.ID + 1
	}
	return offset
}

// handleOnce handles an update unless it was handled before. What is begun is
// brought to an end when ctx ends, within handlingTimeout.
func (s *session) handleOnce(ctx context.Context, u update) {
	if s.handled.has(u.ID) {
		return
	}
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), handlingTimeout)
	defer cancel()
	defer s.handled.add(u.ID)
	defer func() {
		if p := recover(); p != nil {
			s.config.Log.ErrorContext(ctx, "panic while handling an update", slog.Int64("update", u.ID),
				slog.Any("panic", p), slog.String("stack", string(debug.Stack())))
		}
	}()
	switch {
	case u.Message != nil:
		s.message(ctx, u.Message)
	case u.Press != nil:
		s.press(ctx, u.Press)
	case u.MyMember != nil:
		s.config.Log.InfoContext(ctx, "the bot's membership changed",
			slog.Int64("chat", u.MyMember.Chat.ID), slog.String("status", u.MyMember.New.Status))
	}
}

// persist calls f until it succeeds. It returns an error when ctx ends or when
// trying again is no use.
func (a *Adapter) persist(ctx context.Context, f func() error) error {
	for attempt := 0; ; attempt++ {
		err := f()
		if err == nil || ctx.Err() != nil {
			return ctx.Err()
		}
		if err := hopeless(err); err != nil {
			return err
		}
		wait := a.wait(attempt, err)
		a.config.Log.WarnContext(ctx, "a call failed and will be repeated",
			slog.Any("error", err), slog.Duration("wait", wait))
		if !pause(ctx, wait) {
			return ctx.Err()
		}
	}
}

// hopeless is err with its remedy when only an operator can help.
func hopeless(err error) error {
	switch {
	case errors.Is(err, errUnauthorized):
		return fmt.Errorf("the token is refused: copy the bot's token from @BotFather into the configuration: %w", err)
	case errors.Is(err, errConflict):
		return fmt.Errorf("another process takes this bot's updates: stop it or give this one another bot's token, then start again: %w", err)
	}
	return nil
}
