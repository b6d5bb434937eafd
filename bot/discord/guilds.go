// guilds: the servers that the bot is in: one that lets it in is greeted, one
// that it is thrown out of is left, and so is a channel that is deleted.

package discord

import (
	"cmp"
	"context"
	"reflect"
	"slices"
	"strconv"
	"strings"
	"sync"
	"time"

	"github.com/strillone/strillone/bot"
	"github.com/strillone/strillone/digest"
)

// newcomer is how long after it was let in the bot still says so.
const newcomer = time.Hour

// Types of channels that hold messages.
const (
	textChannel     = 0
	announceChannel = 5
)

func (c channel) holdsMessages() bool {
	return c.Type == textChannel || c.Type == announceChannel || c.thread()
}

// guilds are the servers that are known of, with their channels and threads.
type guilds struct {
	mu    sync.Mutex
	begun bool            // the first READY was taken in
	old   map[string]bool // servers of the first READY that weren't told of yet
	known map[string]map[string]bool
}

// begin takes in the servers of a READY. In those of the first one the bot has
// been before; one that a later READY names first has let it in meanwhile.
func (g *guilds) begin(all []guild) {
	g.mu.Lock()
	defer g.mu.Unlock()
	if g.begun {
		return
	}
	g.begun, g.old, g.known = true, make(map[string]bool), make(map[string]map[string]bool)
	for _, one := range all {
		g.old[one.ID] = true
	}
}

// add takes in a server, and says whether it is new.
func (g *guilds) add(one guild) bool {
	g.mu.Lock()
	defer g.mu.Unlock()
	if !g.begun {
		return false
	}
	_, known := g.known[one.ID]
	fresh := !known && !g.old[one.ID]
	delete(g.old, one.ID)
	g.known[one.ID] = make(map[string]bool)
	for _, c := range slices.Concat(one.Channels, one.Threads) {
		if c.holdsMessages() {
			g.known[one.ID][c.ID] = true
		}
	}
	return fresh
}

// put takes in a channel or thread.
func (g *guilds) put(c channel) {
	g.mu.Lock()
	defer g.mu.Unlock()
	if channels := g.known[c.Guild]; channels != nil && c.holdsMessages() {
		channels[c.ID] = true
	}
}

// drop forgets a channel or thread.
func (g *guilds) drop(c channel) {
	g.mu.Lock()
	defer g.mu.Unlock()
	delete(g.known[c.Guild], c.ID)
}

// remove forgets a server and returns its channels and threads.
func (g *guilds) remove(id string) []string {
	g.mu.Lock()
	defer g.mu.Unlock()
	var channels []string
	for c := range g.known[id] {
		channels = append(channels, c)
	}
	delete(g.known, id)
	delete(g.old, id)
	return channels
}

// entered greets a server that has let the bot in, once.
func (d *desk) entered(g guild) {
	if g.Outage || !d.guilds.add(g) {
		return
	}
	if since, err := time.Parse(time.RFC3339, g.Joined); err != nil || d.now().Sub(since) > newcomer {
		return
	}
	d.handle("greeting", func(ctx context.Context) { d.greet(ctx, g) })
}

// left tells that the bot is in a server no more. One that is out of order comes
// back by itself.
func (d *desk) left(g guild) {
	if g.Outage {
		return
	}
	channels := d.guilds.remove(g.ID)
	d.handle("removal", func(ctx context.Context) {
		for _, c := range channels {
			d.handler.Left(ctx, place(c), "the bot was removed from the server")
		}
	})
}

// deleted tells that a channel or thread is there no more.
func (d *desk) deleted(c channel) {
	d.guilds.drop(c)
	d.handle("deletion", func(ctx context.Context) { d.handler.Left(ctx, place(c.ID), "the channel was deleted") })
}

// nowhere is a place where nobody is subscribed.
var nowhere = digest.Destination{Platform: platform, Chat: "0"}

// greet takes up what was subscribed in the server and says so there; where
// there was nothing it says, in one channel, how to begin.
func (d *desk) greet(ctx context.Context, g guild) {
	joined := func(to digest.Destination) bot.Reply {
		language, _, _ := strings.Cut(g.Locale, "-")
		return d.handler.Joined(ctx, bot.Request{
			Actor: bot.Actor{Platform: platform, Language: language},
			Place: to, Kind: bot.Shared,
		})
	}
	first := joined(nowhere) // what is said where nothing is taken up
	back := false
	for _, c := range slices.Concat(g.Channels, g.Threads) {
		if !c.holdsMessages() {
			continue
		}
		if reply := joined(place(c.ID)); !reply.Empty() && !reflect.DeepEqual(reply.Doc, first.Doc) {
			back = true
			d.say(ctx, c.ID, g.ID, reply)
		}
	}
	if back || first.Empty() {
		return
	}
	c, ok := d.lobby(ctx, g)
	if !ok {
		d.log.Info("a server lets the bot write nowhere", "server", g.ID)
		return
	}
	d.say(ctx, c, g.ID, first)
}

// say posts a reply to a channel of its own accord, once even if that is tried
// twice.
func (d *desk) say(ctx context.Context, c, server string, reply bot.Reply) {
	for i, part := range d.render(reply) {
		err := persist(ctx, func() error {
			return d.paced(ctx, c, func() error {
				_, err := d.post(ctx, c, part, "g"+c+"."+strconv.Itoa(i))
				return err
			})
		})
		if err != nil {
			d.log.Info("a server could not be greeted", "server", server, "error", err)
			return
		}
	}
}

// lobby is the channel that a server greets in: the one of its system messages,
// else the first that the bot may write in.
func (d *desk) lobby(ctx context.Context, g guild) (string, bool) {
	roles, ok := d.ownRoles(ctx, g)
	if !ok {
		return "", false
	}
	var fit []channel
	for _, c := range g.Channels {
		if c.Type == textChannel && g.in(c, d.me(), roles).may(viewChannel|sendMessages) {
			fit = append(fit, c)
		}
	}
	if len(fit) == 0 {
		return "", false
	}
	if slices.ContainsFunc(fit, func(c channel) bool { return c.ID == g.System }) {
		return g.System, true
	}
	return slices.MinFunc(fit, func(a, b channel) int {
		return cmp.Or(cmp.Compare(a.Position, b.Position), strings.Compare(a.ID, b.ID))
	}).ID, true
}

// ownRoles are the bot's roles in a server, which come with it.
func (d *desk) ownRoles(ctx context.Context, g guild) ([]string, bool) {
	me := d.me()
	for _, m := range g.Members {
		if m.User != nil && m.User.ID == me {
			return m.Roles, true
		}
	}
	var m member
	err := d.client.call(ctx, "GET", "/guilds/"+g.ID+"/members/"+me, nil, &m)
	if err != nil {
		d.log.Info("a server doesn't tell the bot's own roles", "server", g.ID, "error", err)
	}
	return m.Roles, err == nil
}
