// notices: words to the editors about places that take no messages any more.

package main

import (
	"context"
	"log/slog"
	"time"

	"github.com/strillone/strillone/bot"
	"github.com/strillone/strillone/bot/compose"
	"github.com/strillone/strillone/bot/locale"
	"github.com/strillone/strillone/cmd/strillone/config"
	"github.com/strillone/strillone/digest"
	"github.com/strillone/strillone/digest/delivery"
)

const (
	// maxNotices is how many may wait; what comes then is in the log only.
	maxNotices = 256
	// noticePause lies between two losses told, whatever the platform: far below
	// every limit, so that notices take nothing from deliveries and answers.
	noticePause = time.Second
)

// teller is an adapter that can write to a person unasked, and knows what places
// are called.
type teller interface {
	bot.Noticeboard
	namer
}

// namer is an adapter that knows what places are called.
type namer interface {
	// NameOf is what people call a place, and whether it is one of many people.
	NameOf(ctx context.Context, place digest.Destination) (name string, shared bool)
}

// notices tells the editors of each platform what its dispatcher lost.
type notices struct {
	tellers map[digest.Platform]teller
	editors map[digest.Platform][]string
	say     *locale.Printer
	times   int // digests in a row, until a place is given up
	losses  chan delivery.Loss
	log     *slog.Logger
}

func newNotices(c *config.Config, adapters []bot.Adapter, log *slog.Logger) *notices {
	n := &notices{
		tellers: make(map[digest.Platform]teller),
		editors: editorsOf(c),
		say:     locale.For(c.Language),
		times:   c.Delivery.GiveUpAfter,
		losses:  make(chan delivery.Loss, maxNotices),
		log:     log,
	}
	for _, a := range adapters {
		if t, ok := a.(teller); ok {
			n.tellers[a.Platform()] = t
		}
	}
	return n
}

// lost has a loss told. It never blocks.
func (n *notices) lost(l delivery.Loss) {
	select {
	case n.losses <- l:
	default:
		n.log.Warn("too many places are lost at once to tell the editors of each", "chat", l.Destination.Chat, "given_up", l.GivenUp)
	}
}

// run tells losses until ctx ends. What waits then is not told: the log has it.
func (n *notices) run(ctx context.Context) {
	pause := time.NewTimer(0)
	defer pause.Stop()
	for {
		select {
		case <-ctx.Done():
			return
		case <-pause.C:
		}
		select {
		case <-ctx.Done():
			return
		case l := <-n.losses:
			n.tell(ctx, l)
		}
		pause.Reset(noticePause)
	}
}

// tell writes to each editor. That a person closed their direct messages is no
// concern of theirs.
func (n *notices) tell(ctx context.Context, l delivery.Loss) {
	platform := l.Destination.Platform
	t, ok := n.tellers[platform]
	if !ok {
		return
	}
	name, shared := t.NameOf(ctx, l.Destination)
	if !shared {
		return
	}
	id, times := "notice.lost", n.times
	if l.GivenUp {
		id, times = "notice.given_up", l.Refusals
	}
	doc := compose.Say(n.say.Say(id, locale.Args{"Chat": name, "Count": times}))
	for _, editor := range n.editors[platform] {
		if _, err := t.Post(ctx, editor, doc); err != nil && ctx.Err() == nil {
			n.log.Warn("an editor can't be told of a lost place: has that person started the bot?",
				"platform", string(platform), "editor", editor, "chat", l.Destination.Chat, "error", err)
		}
	}
}
