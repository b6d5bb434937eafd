// Answers and deliveries keep to one budget.

package telegram

import (
	"context"
	"errors"
	"strconv"
	"testing"
	"time"

	"github.com/strillone/strillone/bot"
	"github.com/strillone/strillone/bot/telegram/telegramtest"
	"github.com/strillone/strillone/digest"
	"github.com/strillone/strillone/digest/delivery"
	"github.com/strillone/strillone/digest/markup"
)

func person(id int64) digest.Destination {
	return digest.Destination{Platform: Platform, Chat: strconv.FormatInt(id, 10)}
}

// budgeted is a stage whose answers keep to a budget.
func budgeted(t *testing.T, h *answers, opts ...telegramtest.Option) *stage {
	s := newStage(t, h, opts...)
	s.a.config.Budget = delivery.NewBudget(Pace(1000), time.Now)
	s.run()
	return s
}

func TestAnswersWaitWhereDeliveriesMust(t *testing.T) {
	s := budgeted(t, newsroom())
	const wait = 1500 * time.Millisecond
	begin := time.Now()
	s.a.Budget().Limited(person(adaID), wait, false)
	s.Say(adaID, adaID, "/digest")
	s.expect(telegramtest.In(adaID, "6 articoli nuovi"))
	if took := time.Since(begin); took < wait {
		t.Errorf("answered after %s, inside the wait", took)
	}
}

// A person asks twice in a second: the second answer isn't refused, it waits.
func TestAnswersAreASecondApart(t *testing.T) {
	s := budgeted(t, newsroom(), telegramtest.WithRates(telegramtest.DefaultRates))
	s.Say(adaID, adaID, "/digest")
	s.Say(adaID, adaID, "/leggi 1")
	s.expect(telegramtest.In(adaID, "6 articoli nuovi"))
	s.expect(telegramtest.In(adaID, "Il sommario"))
	for _, c := range s.Calls() {
		if c.Method == "sendMessage" && c.Done && c.Status != 200 {
			t.Errorf("an answer was refused: %d", c.Status)
		}
	}
}

// deliver takes the turn of something for the destination.
func deliverTo(ctx context.Context, a *Adapter, to digest.Destination) error {
	return a.Budget().Answer(ctx, to, func() error { return nil })
}

func TestDeliveriesWaitWhereAnswersMust(t *testing.T) {
	h := newsroom()
	s := budgeted(t, h)
	ctx, cancel := context.WithTimeout(t.Context(), patient)
	defer cancel()
	defer s.Intercept(telegramtest.Times(1, telegramtest.SendsTo(adaID), telegramtest.Limited(3600)))()
	s.Say(adaID, adaID, "/digest")
	if err := s.AwaitConfirmed(ctx); err != nil {
		t.Fatal(err)
	}
	soon, end := context.WithTimeout(t.Context(), time.Minute)
	defer end()
	if err := deliverTo(soon, s.a, person(adaID)); !errors.Is(err, context.DeadlineExceeded) {
		t.Errorf("got %v", err)
	}
	if err := deliverTo(soon, s.a, person(bobID)); err != nil {
		t.Errorf("another chat: %v", err)
	}
}

// Notices keep to the budget too, and what they are told holds for deliveries.
func TestNoticesArePaced(t *testing.T) {
	s := budgeted(t, newsroom(), telegramtest.WithRates(telegramtest.DefaultRates))
	say := func(text string) markup.Doc {
		return markup.Doc{Blocks: []markup.Block{markup.Paragraph{Text: markup.T(text)}}}
	}
	begin := time.Now()
	n, err := s.a.Post(t.Context(), strconv.Itoa(adaID), say("▓░ 50%"))
	if err != nil {
		t.Fatal(err)
	}
	if err := s.a.Edit(t.Context(), n, say("▓▓ 100%")); err != nil {
		t.Fatal(err)
	}
	if took := time.Since(begin); took < chatPause {
		t.Errorf("written and edited within %s", took)
	}
	s.a.Budget().Limited(person(adaID), time.Hour, false)
	if err := s.a.Edit(t.Context(), n, say("▓▓ 100%")); !errors.Is(err, delivery.ErrNoTurn) {
		t.Errorf("edited inside a wait: %v", err)
	}
	if _, err := s.a.Post(t.Context(), strconv.Itoa(adaID), say("?")); !errors.Is(err, delivery.ErrNoTurn) {
		t.Errorf("written inside a wait: %v", err)
	}
	defer s.Intercept(telegramtest.Times(1, telegramtest.SendsTo(bobID), telegramtest.Limited(3600)))()
	if _, err := s.a.Post(t.Context(), strconv.Itoa(bobID), say("?")); err == nil {
		t.Error("a notice that was refused arrived")
	}
	soon, end := context.WithTimeout(t.Context(), time.Minute)
	defer end()
	if err := deliverTo(soon, s.a, person(bobID)); !errors.Is(err, context.DeadlineExceeded) {
		t.Errorf("delivered inside a notice's wait: %v", err)
	}
}

// A press is answered at once, whatever the budget says: there is a spinner.
func TestPressesAreOutsideOfTheBudget(t *testing.T) {
	h := newsroom()
	h.command = func(r bot.Request) bot.Reply {
		if r.Pressed {
			return bot.Reply{Notice: "Ecco"}
		}
		return bot.Reply{Doc: markup.Doc{
			Blocks: []markup.Block{markup.Paragraph{Text: markup.T("Scegli")}},
			Rows:   [][]markup.Action{{{Label: "Premi", Command: "premi"}}},
		}}
	}
	s := budgeted(t, h)
	s.Say(adaID, adaID, "/scegli")
	m := s.expect(telegramtest.In(adaID, "Scegli"))
	s.a.Budget().Limited(person(adaID), time.Hour, true)
	begin := time.Now()
	if answer := s.press(adaID, m, "Premi"); answer.Text != "Ecco" {
		t.Errorf("got %+v", answer)
	}
	if took := time.Since(begin); took > time.Second {
		t.Errorf("it took %s", took)
	}
}

func TestPaidBroadcast(t *testing.T) {
	s := newStage(t, newsroom())
	s.a.config.PaidBroadcast = true
	s.run()
	s.Say(adaID, adaID, "/digest")
	s.expect(telegramtest.In(adaID, "6 articoli nuovi"))
	if _, err := s.a.Send(t.Context(), delivery.Message{To: person(groupID), Part: somePart, Key: "key"}); err != nil {
		t.Fatal(err)
	}
	for _, c := range s.Calls() {
		paid, delivered := c.Get("allow_paid_broadcast") == "true", c.Get("chat_id") == strconv.Itoa(groupID)
		if c.Method == "sendMessage" && paid != delivered {
			t.Errorf("to %s: paid %v", c.Get("chat_id"), paid)
		}
	}
}
