// desk: every event is taken in here, once, and handled beside the others.

package discord

import (
	"context"
	"encoding/json"
	"runtime/debug"
	"sync"
	"time"

	"github.com/bwmarrin/discordgo"

	"github.com/strillone/strillone/bot"
)

// answerTimeout is how long an answer may take in all. The token of an
// interaction is good for 15 minutes (docs.discord.com, Receiving and
// Responding).
const answerTimeout = 2 * time.Minute

// desk is one Run of an adapter.
type desk struct {
	*Adapter
	handler bot.Handler
	running context.Context // until Run must end
	work    context.Context // a while longer, for what is under way
	busy    sync.WaitGroup
	seen    seen
	guilds  guilds

	registering sync.Once
	mu          sync.Mutex
	self        string // the bot's own user id
}

// event takes an event in. It is called for one after another and must not
// dwell.
func (d *desk) event(e *discordgo.Event) {
	if d.running.Err() != nil {
		return
	}
	switch e.Type {
	case "READY":
		take(d, e, d.ready)
	case "INTERACTION_CREATE":
		take(d, e, func(i interaction) {
			if d.seen.first(i.ID) {
				d.handle("interaction", func(ctx context.Context) { d.interaction(ctx, i) })
			}
		})
	case "MESSAGE_CREATE":
		take(d, e, func(m textMessage) {
			if d.seen.first(m.ID) {
				d.handle("message", func(ctx context.Context) { d.message(ctx, m) })
			}
		})
	case "MESSAGE_UPDATE":
		take(d, e, func(m textMessage) {
			if m.Edited != nil && d.seen.first(m.ID+" "+m.Edited.String()) {
				d.handle("edited message", func(ctx context.Context) { d.edited(ctx, m) })
			}
		})
	case "GUILD_CREATE":
		take(d, e, d.entered)
	case "GUILD_DELETE":
		take(d, e, d.left)
	case "CHANNEL_CREATE", "THREAD_CREATE":
		take(d, e, d.guilds.put)
	case "CHANNEL_DELETE", "THREAD_DELETE":
		take(d, e, d.deleted)
	}
}

// take reads an event's data.
func take[T any](d *desk, e *discordgo.Event, use func(T)) {
	var v T
	if err := json.Unmarshal(e.RawData, &v); err != nil {
		d.log.Warn("an event can't be read", "event", e.Type, "error", err)
		return
	}
	use(v)
}

type ready struct {
	User        user `json:"user"`
	Application struct {
		ID string `json:"id"`
	} `json:"application"`
	Guilds []guild `json:"guilds"`
}

// ready learns who the bot is. The first time, the commands are registered.
func (d *desk) ready(r ready) {
	d.mu.Lock()
	d.self = r.User.ID
	d.mu.Unlock()
	d.guilds.begin(r.Guilds)
	d.registering.Do(func() {
		d.handle("registration", func(context.Context) { d.register(d.running, r.Application.ID, d.handler.Menu()) })
	})
}

// me is the bot's own user id.
func (d *desk) me() string {
	d.mu.Lock()
	defer d.mu.Unlock()
	return d.self
}

// handle does something beside what else is under way. A panic ends it and
// nothing else.
func (d *desk) handle(what string, do func(context.Context)) {
	d.busy.Go(func() {
		defer d.rescue(what)
		ctx, cancel := context.WithTimeout(d.work, answerTimeout)
		defer cancel()
		do(ctx)
	})
}

func (d *desk) rescue(what string) {
	if r := recover(); r != nil {
		d.log.Error("a handler panicked", "what", what, "panic", r, "stack", string(debug.Stack()))
	}
}

// seen knows the latest ids: Discord may send an event again when a session is
// resumed.
type seen struct {
	mu   sync.Mutex
	ids  map[string]bool
	ring [1024]string
	next int
}

// first says whether the id comes for the first time.
func (s *seen) first(id string) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.ids == nil {
		s.ids = make(map[string]bool)
	}
	if id == "" || s.ids[id] {
		return false
	}
	delete(s.ids, s.ring[s.next])
	s.ids[id] = true
	s.ring[s.next] = id
	s.next = (s.next + 1) % len(s.ring)
	return true
}
