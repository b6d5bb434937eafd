// Answers to messages and deliveries keep to one budget.

package discord

import (
	"context"
	"errors"
	"testing"
	"time"

	"github.com/strillone/strillone/bot/discord/discordtest"
	"github.com/strillone/strillone/digest"
	"github.com/strillone/strillone/digest/delivery"
	"github.com/strillone/strillone/digest/markup"
)

// budgeted is a house whose answers keep to a budget.
func budgeted(t *testing.T) *house {
	h := build(t, &stub{})
	h.adapter.budget = delivery.NewBudget(Pace(1000), time.Now)
	h.run()
	if _, err := h.server.AwaitSession(h.ctx, nil); err != nil {
		t.Fatal(err)
	}
	return h
}

// deliver takes the turn of something for the destination.
func deliver(ctx context.Context, a *Adapter, to digest.Destination) error {
	return a.Budget().Answer(ctx, to, func() error { return nil })
}

func TestAnswersWaitWhereDeliveriesMust(t *testing.T) {
	h := budgeted(t)
	const wait = 1500 * time.Millisecond
	begin := time.Now()
	h.adapter.Budget().Limited(placeOf(h.dm), wait, false)
	h.server.Say(h.ada, h.dm, "/aiuto")
	h.await(discordtest.In(h.dm.ID, "/aiuto"))
	if took := time.Since(begin); took < wait {
		t.Errorf("answered after %s, inside the wait", took)
	}
}

func TestDeliveriesWaitWhereAnswersMust(t *testing.T) {
	h := budgeted(t)
	defer h.server.Intercept(discordtest.Times(1, discordtest.SendsMessage(h.dm.ID), discordtest.Limited(2*time.Second, "user")))()
	h.server.Say(h.ada, h.dm, "/aiuto")
	begin := time.Now()
	h.await(discordtest.In(h.dm.ID, "/aiuto")) // it comes when the wait is over
	if took := time.Since(begin); took < 2*time.Second {
		t.Errorf("answered after %s, inside the wait", took)
	}
	defer h.server.Intercept(discordtest.Times(1, discordtest.SendsMessage(h.dm.ID), discordtest.Limited(time.Hour, "user")))()
	h.server.Say(h.ada, h.dm, "/aiuto")
	for held := false; !held; {
		ctx, cancel := context.WithTimeout(h.ctx, 5*time.Second)
		err := deliver(ctx, h.adapter, placeOf(h.dm))
		cancel()
		if held = errors.Is(err, context.DeadlineExceeded); h.ctx.Err() != nil {
			t.Fatal("a delivery would not have waited")
		}
	}
	if err := deliver(h.ctx, h.adapter, placeOf(h.channel)); err != nil {
		t.Errorf("another channel: %v", err)
	}
}

// An interaction is answered at once, whatever the budget says.
func TestInteractionsAreOutsideOfTheBudget(t *testing.T) {
	h := budgeted(t)
	h.adapter.Budget().Limited(placeOf(h.channel), time.Hour, true)
	begin := time.Now()
	h.answer(h.server.Slash(h.ada, h.channel, "aiuto"))
	if took := time.Since(begin); took > time.Second {
		t.Errorf("it took %s", took)
	}
}

// Notices keep to the budget too: that of the person, and of the channel.
func TestNoticesArePaced(t *testing.T) {
	h := budgeted(t)
	say := func(text string) markup.Doc {
		return markup.Doc{Blocks: []markup.Block{markup.Paragraph{Text: markup.T(text)}}}
	}
	begin := time.Now()
	n, err := h.adapter.Post(h.ctx, h.ada.ID, say("▓░ 50%"))
	if err != nil {
		t.Fatal(err)
	}
	if err := h.adapter.Edit(h.ctx, n, say("▓▓ 100%")); err != nil {
		t.Fatal(err)
	}
	if took := time.Since(begin); took < channelPause {
		t.Errorf("written and edited within %s", took)
	}
	h.adapter.Budget().Limited(n.Place, time.Hour, false)
	if err := h.adapter.Edit(h.ctx, n, say("▓▓ 100%")); !errors.Is(err, delivery.ErrNoTurn) {
		t.Errorf("edited inside a wait: %v", err)
	}
	if _, err := h.adapter.Post(h.ctx, h.ada.ID, say("?")); !errors.Is(err, delivery.ErrNoTurn) {
		t.Errorf("written inside a wait: %v", err)
	}
}
