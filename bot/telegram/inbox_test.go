// The updates in the air: what is asked for and confirmed while some are being
// handled, and how Run ends meanwhile.

package telegram

import (
	"fmt"
	"slices"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/strillone/strillone/bot"
)

// stalling answers, but for "lento", which it begins and then waits.
func stalling(begun chan<- struct{}, release <-chan struct{}) *answers {
	return &answers{command: func(r bot.Request) bot.Reply {
		if r.Command == "lento" {
			begun <- struct{}{}
			<-release
		}
		return say("x")
	}}
}

// A chat that stalls holds up nobody else, its own updates wait in order,
// nothing from its first on is confirmed, and the poll doesn't spin.
func TestOthersAreServedMeanwhile(t *testing.T) {
	begun, release := make(chan struct{}, 1), make(chan struct{})
	l := live(t, stalling(begun, release))
	l.push(from(2, "/veloce"), from(1, "/lento"), from(1, "/dopo"))
	<-begun
	for i := range 3 { // each after the poll gave the one before
		l.await("sendMessage", i+1)
		l.push(from(3+i, "/veloce"))
	}
	l.await("sendMessage", 4)
	polls, since := l.count("getUpdates"), time.Now()
	l.await("getUpdates", polls+2)
	if time.Since(since) < pollPause {
		t.Errorf("two polls in %v", time.Since(since))
	}
	for _, c := range l.called("getUpdates") {
		if c.Get("offset") > "1002" {
			t.Errorf("confirmed: %v", c)
		}
	}
	l.h.mu.Lock()
	for _, r := range l.h.commands {
		if r.Command == "dopo" {
			t.Error("a chat's updates overtake each other")
		}
	}
	l.h.mu.Unlock()
	close(release)
	l.settle()
	if n := len(l.h.commands); n != 6 {
		t.Errorf("%d commands for 6 updates", n)
	}
}

func TestInbox(t *testing.T) {
	of := func(ids ...int64) (batch []update) {
		for _, id := range ids {
			batch = append(batch, update{ID: id})
		}
		return batch
	}
	var b inbox
	started := make(chan int64, 3)
	take := func(ids ...int64) { b.take(of(ids...), func(int64) {}) }
	b.take(of(5, 6, 7), func(chat int64) { started <- chat })
	<-started
	b.done(6)
	take(5, 6, 7, 8)
	if got := b.offset(); got != 5 {
		t.Errorf("offset %d while 5 is open", got)
	}
	if n := len(b.chats[0]); n != 4 || len(started) != 0 {
		t.Errorf("%d queued of 4, %d more workers", n, len(started))
	}
	b.done(5)
	if got := b.offset(); got != 7 {
		t.Errorf("offset %d while 7 is open", got)
	}
	b.done(8)
	b.done(7)
	if got := b.offset(); got != 9 {
		t.Errorf("offset %d when all are done", got)
	}
	take()
	if got := b.offset(); got != 0 {
		t.Errorf("offset %d with nothing to confirm", got)
	}
	var many []int64
	for id := range int64(maxInAir + 50) {
		many = append(many, 100+id)
	}
	take(many...)
	if len(b.open) != maxInAir || b.next != 100+maxInAir {
		t.Errorf("%d in the air, next %d", len(b.open), b.next)
	}
}

// A handler that goes on when Run is to end is cut off after the grace, even if
// it doesn't heed its context, and its update isn't confirmed.
func TestShutdownCutsOff(t *testing.T) {
	begun, release := make(chan struct{}, 1), make(chan struct{})
	defer close(release)
	l := prepare(t, stalling(begun, release))
	l.a.grace = 20 * time.Millisecond
	l.run()
	l.push(from(2, "/veloce"), from(1, "/lento"))
	<-begun
	l.await("sendMessage", 1)
	since := time.Now()
	l.stop()
	if err := l.wait(); err != nil || time.Since(since) > 3*time.Second {
		t.Errorf("%v after %v", err, time.Since(since))
	}
	polls := l.called("getUpdates")
	if last := polls[len(polls)-1]; last.Get("offset") != "1002" || last.Get("timeout") != "0" {
		t.Errorf("confirmed with %v", last)
	}
}

// What is being sent when Run is to end is cut off after the grace.
func TestShutdownCutsCalls(t *testing.T) {
	l := prepare(t, &answers{})
	l.a.grace = 20 * time.Millisecond
	release := make(chan struct{})
	defer close(release)
	l.on(func(c call) (int, string) {
		if c.Method == "sendMessage" {
			<-release
		}
		return 0, ""
	})
	l.run()
	l.push(from(1, "/x"))
	l.await("sendMessage", 1)
	since := time.Now()
	l.stop()
	if err := l.wait(); err != nil || time.Since(since) > lastGrace {
		t.Errorf("%v after %v", err, time.Since(since))
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	if len(l.updates) != 1 {
		t.Error("confirmed what was cut off")
	}
}

// The whole of an ending fits into the time that a service manager gives.
func TestShutdownBudget(t *testing.T) {
	if d := New(Config{}).grace + lastGrace + farewellTimeout; d > 7*time.Second {
		t.Errorf("Run may take %v to end", d)
	}
}

// Somebody else takes the updates for a while: Run says so once, with the
// remedy, and goes on.
func TestConflictPasses(t *testing.T) {
	l := prepare(t, &answers{})
	var n atomic.Int64
	l.on(func(c call) (int, string) {
		if c.Method == "getUpdates" && n.Add(1) <= 3 {
			return 409, fmt.Sprintf(`{"ok":false,"error_code":409,"description":%q}`, "Conflict: terminated by other getUpdates request")
		}
		return 0, ""
	})
	l.run()
	l.push(from(1, "/x"))
	l.await("sendMessage", 1)
	l.await("getWebhookInfo", 4) // it might have been a webhook
	l.settle()
	l.stop()
	if err := l.wait(); err != nil {
		t.Fatal(err)
	}
	lines := slices.DeleteFunc(strings.Split(l.log.String(), "\n"), func(s string) bool { return !strings.Contains(s, "level=ERROR") })
	if len(lines) != 1 || !strings.Contains(lines[0], "another process") {
		t.Errorf("logged %q", lines)
	}
}
