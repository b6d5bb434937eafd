// Answers to messages and deliveries keep to one budget.

package discord

import (
	"context"
	"errors"
	"testing"
	"time"

	"github.com/strillone/strillone/bot/discord/discordtest"
	"github.com/strillone/strillone/digest/delivery"
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
		err := h.adapter.Budget().Wait(ctx, placeOf(h.dm))
		cancel()
		if held = errors.Is(err, context.DeadlineExceeded); h.ctx.Err() != nil {
			t.Fatal("a delivery would not have waited")
		}
	}
	if err := h.adapter.Budget().Wait(h.ctx, placeOf(h.channel)); err != nil {
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
