// Tests of getUpdates: long poll, confirmation, kinds, conflicts, webhooks.

package telegramtest

import (
	"context"
	"errors"
	"strings"
	"testing"
	"time"
)

func TestLongPollWakes(t *testing.T) {
	w := newWorld(t)
	got := make(chan reply, 1)
	go func() {
		r, _ := w.try(context.Background(), "getUpdates", o{"timeout": 50})
		got <- r
	}()
	w.awaitPoll()
	select {
	case r := <-got:
		t.Fatalf("answered without updates: %s", r.raw)
	default:
	}
	w.Say(w.ada, w.ada, "ciao")
	if r := <-got; !strings.Contains(r.raw, `"text":"ciao"`) {
		t.Errorf("%s", r.raw)
	}
	w.clean()
}

// awaitPoll waits until a getUpdates waits.
func (w *world) awaitPoll() {
	w.t.Helper()
	_, err := await(timeout(w.t), w.Server, "a poll", func() []*poll { return []*poll{w.queue.poll} }, func(p *poll) bool { return p != nil })
	if err != nil {
		w.t.Fatal(err)
	}
}

func TestLongPollEnds(t *testing.T) {
	w := newWorld(t)
	begin := time.Now()
	if r := w.must("getUpdates", o{"timeout": 1}); string(r) != "[]" || time.Since(begin) < time.Second {
		t.Errorf("%s after %v", r, time.Since(begin))
	}
	if r := w.must("getUpdates", nil); string(r) != "[]" {
		t.Errorf("%s", r)
	}
}

func TestCloseEndsLongPoll(t *testing.T) {
	w := newWorld(t)
	done := make(chan reply, 1)
	go func() {
		r, _ := w.try(context.Background(), "getUpdates", o{"timeout": 50})
		done <- r
	}()
	w.awaitPoll()
	w.Close()
	<-done
}

func TestGoneClientEndsLongPoll(t *testing.T) {
	w := newWorld(t)
	ctx, cancel := context.WithCancel(t.Context())
	done := make(chan error, 1)
	go func() {
		_, err := w.try(ctx, "getUpdates", o{"timeout": 50})
		done <- err
	}()
	w.awaitPoll()
	cancel()
	if err := <-done; !errors.Is(err, context.Canceled) {
		t.Error(err)
	}
	if _, err := w.AwaitCall(timeout(t), Method("getUpdates")); err != nil {
		t.Error(err)
	}
}

func TestConfirmation(t *testing.T) {
	w := newWorld(t)
	for _, text := range []string{"a", "b", "c"} {
		w.Say(w.ada, w.ada, text)
	}
	first := w.updates(0)
	if len(first) != 3 || first[0].ID >= first[1].ID || w.Pending() != 3 {
		t.Fatalf("%+v", first)
	}
	if again := w.updates(first[1].ID); len(again) != 2 || again[0].Message.Text != "b" {
		t.Errorf("%+v", again)
	}
	if r := w.must("getUpdates", o{"limit": 1}); strings.Contains(string(r), `"c"`) {
		t.Errorf("%s", r)
	}
	if last := w.updates(-1); len(last) != 1 || last[0].Message.Text != "c" {
		t.Errorf("%+v", last)
	}
	w.updates(first[2].ID + 1)
	if err := w.AwaitConfirmed(timeout(t)); err != nil || w.Pending() != 0 {
		t.Error(err, w.Pending())
	}
	w.clean()
}

func TestRedeliver(t *testing.T) {
	w := newWorld(t, Redeliver(3))
	w.Say(w.ada, w.ada, "x")
	var offset int64
	for i := range 3 {
		got := w.updates(offset)
		if len(got) != 1 {
			t.Fatalf("delivery %d: %+v", i, got)
		}
		offset = got[0].ID + 1
	}
	if got := w.updates(offset); len(got) != 0 {
		t.Errorf("a fourth: %+v", got)
	}
}

func TestAllowedUpdates(t *testing.T) {
	w := newWorld(t)
	w.must("getUpdates", o{"allowed_updates": l{"callback_query"}})
	w.Say(w.ada, w.ada, "unheard")
	w.must("getUpdates", nil) // the setting stays
	w.Say(w.ada, w.ada, "unheard, too")
	if w.Pending() != 0 {
		t.Errorf("%d", w.Pending())
	}
	w.Update(`{"message":{"message_id":1,"date":1,"chat":{"id":42,"type":"private"},"text":"as it is"}}`)
	if got := w.update(); got.Message.Text != "as it is" {
		t.Errorf("%+v", got)
	}
	w.must("getUpdates", o{"allowed_updates": l{}})
	w.Say(w.ada, w.ada, "heard")
	if got := w.update(); got.Message.Text != "heard" {
		t.Errorf("%+v", got)
	}
	w.clean()
	w.Update("nonsense")
	w.violated("no JSON object")
}

func TestTwoPolls(t *testing.T) {
	w := newWorld(t)
	first := make(chan reply, 1)
	go func() {
		r, _ := w.try(context.Background(), "getUpdates", o{"timeout": 50})
		first <- r
	}()
	w.awaitPoll()
	w.must("getUpdates", nil)
	if r := <-first; r.status != 409 || r.body.Description != "Conflict: terminated by other getUpdates request; make sure that only one bot instance is running" {
		t.Errorf("%s", r.raw)
	}
	w.clean()
}

func TestWebhook(t *testing.T) {
	w := newWorld(t)
	w.must("setWebhook", o{"url": "https://x.org/hook", "max_connections": 7, "allowed_updates": l{"message"}})
	if r := string(w.must("getWebhookInfo", nil)); !strings.Contains(r, `"url":"https://x.org/hook"`) || !strings.Contains(r, `"max_connections":7`) {
		t.Errorf("%s", r)
	}
	w.refused("getUpdates", nil, 409, "can't use getUpdates method while webhook is active")
	w.Say(w.ada, w.ada, "x")
	w.must("deleteWebhook", o{"drop_pending_updates": true})
	if got := w.updates(0); len(got) != 0 {
		t.Errorf("%+v", got)
	}
	done := make(chan reply, 1)
	go func() {
		r, _ := w.try(context.Background(), "getUpdates", o{"timeout": 50})
		done <- r
	}()
	w.awaitPoll()
	w.SetWebhook("https://x.org/hook")
	if r := <-done; r.status != 409 || !strings.Contains(r.raw, "terminated by setWebhook") {
		t.Errorf("%s", r.raw)
	}
	w.clean()
}
