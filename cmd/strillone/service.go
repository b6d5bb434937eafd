// service: the rooms joined into one running bot.

package main

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"sync"
	"time"

	"github.com/strillone/strillone/bot"
	"github.com/strillone/strillone/bot/command"
	"github.com/strillone/strillone/bot/compose"
	"github.com/strillone/strillone/bot/newsroom"
	"github.com/strillone/strillone/bot/scheduler"
	"github.com/strillone/strillone/cmd/strillone/config"
	"github.com/strillone/strillone/digest"
	"github.com/strillone/strillone/digest/delivery"
	"github.com/strillone/strillone/storage"
)

// service is a running bot: adapters that answer people, a publisher of digests,
// a dispatcher for each platform, and what shows editors how a broadcast goes on.
type service struct {
	adapters    []bot.Adapter
	handler     bot.Handler
	publisher   *delivery.Publisher
	dispatchers []*delivery.Dispatcher
	progress    *newsroom.Progress
	desk        *newsroom.Desk
	schedule    scheduler.Schedule
	notices     *notices
	store       storage.Store
	log         *slog.Logger
}

// grace is how long sends under way, and then the record of what became of them,
// may take at the end: both fit into the ten seconds a service manager waits.
const grace = 4 * time.Second

// newService joins the rooms. The store stays the caller's to close.
func newService(c *config.Config, store storage.Store, adapters []bot.Adapter, log *slog.Logger) (*service, error) {
	schedule, err := scheduler.Parse(c.Digest.Schedule, c.Location())
	if err != nil {
		return nil, fmt.Errorf("digest.schedule: %w", err)
	}
	writer := compose.Writer{Zone: c.Location()}
	s := &service{adapters: adapters, schedule: schedule, store: store, log: log}
	s.notices = newNotices(c, adapters, log)
	renderers := make(map[digest.Platform]delivery.Renderer)
	for _, a := range adapters {
		renderers[a.Platform()] = a
		s.dispatchers = append(s.dispatchers, delivery.NewDispatcher(delivery.Config{
			Platform:    a.Platform(),
			Outbox:      store,
			Sender:      a,
			Budget:      budgetOf(a),
			Doubt:       c.Delivery.Doubt,
			GiveUpAfter: c.Delivery.GiveUpAfter,
			Lost:        s.notices.lost,
			Grace:       grace,
			Log:         log,
		}))
	}
	s.progress = newsroom.NewProgress(newsroom.ProgressConfig{
		Reports:  store,
		Boards:   boardsOf(adapters),
		Editors:  editorsOf(c),
		Writer:   writer,
		Language: c.Language,
		Pace:     pacesOf(adapters),
		Log:      log,
	})
	s.publisher = delivery.NewPublisher(delivery.PublisherConfig{
		Editions:    store,
		Composer:    writer,
		Operator:    schedule,
		CatchUp:     c.Digest.CatchUp,
		Renderers:   renderers,
		Title:       c.Digest.Title,
		MaxArticles: c.Digest.MaxArticles,
		Enqueued:    s.wake,
		Log:         log,
	})
	s.desk = newsroom.NewDesk(newsroom.Config{
		Drafts:     store,
		Messengers: messengersOf(adapters),
		Boards:     boardsOf(adapters),
		Writer:     writer,
		Now:        time.Now,
		Next:       s.next,
		Log:        log,
	})
	s.handler = command.New(command.Config{
		Library:       store,
		Archive:       store,
		Readers:       store,
		Subscriptions: configured{store, s.publisher.Wake},
		Newsroom:      s.desk,
		Reports:       store,
		People:        store,
		Named:         namesOf(adapters),
		Pace:          pacesOf(adapters),
		Writer:        writer,
		Editors:       editorsOf(c),
		Language:      c.Language,
		Title:         c.Digest.Title,
		Now:           time.Now,
		Next:          s.next,
		Log:           log,
	})
	return s, nil
}

// next is when the next digest goes out. "@every" counts from the last one.
func (s *service) next(now time.Time) time.Time {
	// The store's own time-out bounds it; what is asked is no request's.
	last, err := s.store.LastSlot(context.Background())
	if err == nil && !last.IsZero() {
		if at := s.schedule.Next(last); at.After(now) {
			return at
		}
	}
	return s.schedule.Next(now)
}

func editorsOf(c *config.Config) map[digest.Platform][]string {
	return map[digest.Platform][]string{
		"telegram": c.Editors.Telegram,
		"discord":  c.Editors.Discord,
		"terminal": {"1"}, // whoever sits at the terminal of the demo
	}
}

// budgetOf is what an adapter's answers keep to, and deliveries with them; nil
// where the platform limits nothing.
func budgetOf(a bot.Adapter) *delivery.Budget {
	if p, ok := a.(interface{ Budget() *delivery.Budget }); ok {
		return p.Budget()
	}
	return nil
}

// pacesOf are the deliveries a second that the platforms served may take.
func pacesOf(adapters []bot.Adapter) map[digest.Platform]float64 {
	paces := make(map[digest.Platform]float64)
	for _, a := range adapters {
		if b := budgetOf(a); b != nil {
			paces[a.Platform()] = b.PerSecond()
		}
	}
	return paces
}

// namesOf calls a place what people call it: its id where its platform doesn't
// know.
func namesOf(adapters []bot.Adapter) func(context.Context, digest.Destination) string {
	all := make(map[digest.Platform]namer)
	for _, a := range adapters {
		if n, ok := a.(namer); ok {
			all[a.Platform()] = n
		}
	}
	return func(ctx context.Context, place digest.Destination) string {
		n, ok := all[place.Platform]
		if !ok {
			return place.Chat
		}
		name, _ := n.NameOf(ctx, place)
		return name
	}
}

// messengersOf are the platforms that editors are answered on.
func messengersOf(adapters []bot.Adapter) map[digest.Platform]newsroom.Messenger {
	messengers := make(map[digest.Platform]newsroom.Messenger)
	for _, a := range adapters {
		messengers[a.Platform()] = a
	}
	return messengers
}

// boardsOf are the platforms that editors can be written to on.
func boardsOf(adapters []bot.Adapter) map[digest.Platform]bot.Noticeboard {
	boards := make(map[digest.Platform]bot.Noticeboard)
	for _, a := range adapters {
		if b, ok := a.(bot.Noticeboard); ok {
			boards[a.Platform()] = b
		}
	}
	return boards
}

func (s *service) wake() {
	s.progress.Wake()
	for _, d := range s.dispatchers {
		d.Wake()
	}
}

// run serves until ctx ends, no platform can be served any more, or the database
// turns out to be damaged. What is under way is finished and recorded before it
// returns.
func (s *service) run(ctx context.Context) error {
	interrupted := 0
	err := withSpace(ctx, s.log, func() (err error) {
		interrupted, err = s.store.Recover(ctx)
		return err
	})
	if ctx.Err() != nil && errors.Is(err, ctx.Err()) {
		return nil // ended while it waited
	}
	if err != nil {
		return err
	}
	s.log.Info("strillone is up", "platforms", len(s.adapters), "next_digest", s.next(time.Now()))
	if interrupted > 0 {
		s.log.Info("taking up what was being sent when the process ended", "deliveries", interrupted)
	}
	ctx, stop := context.WithCancel(ctx)
	defer stop()
	var background sync.WaitGroup
	for _, d := range s.dispatchers {
		background.Go(func() {
			if err := d.Run(ctx); err != nil {
				s.log.Error("deliveries stopped", "error", err)
			}
		})
	}
	var damage error
	background.Go(func() {
		if err := s.store.Verify(ctx); err != nil && ctx.Err() == nil {
			damage = err
			stop() // to go on could make it worse
		}
	})
	background.Go(func() { s.publisher.Run(ctx) })
	background.Go(func() { s.notices.run(ctx) })
	background.Go(func() { s.progress.Run(ctx) })
	background.Go(func() { s.desk.Run(ctx) })
	group := bot.Group{Log: s.log}
	err = group.Run(ctx, s.handler, s.adapters...)
	stop()
	background.Wait()
	return errors.Join(err, damage)
}

// configured is a Store that says when settings have changed: what is due next may
// have, too.
type configured struct {
	storage.Store
	changed func()
}

// Configure changes settings; see storage.Store.
func (c configured) Configure(ctx context.Context, to digest.Destination, change func(*digest.Settings) error, at time.Time) (digest.Subscription, error) {
	sub, err := c.Store.Configure(ctx, to, change, at)
	if err == nil {
		c.changed()
	}
	return sub, err
}
