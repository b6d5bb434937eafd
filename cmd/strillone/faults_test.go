package main

import (
	"testing"
	"time"

	"github.com/strillone/strillone/bot/discord/discordtest"
	"github.com/strillone/strillone/bot/telegram/telegramtest"
)

// harm serves a broadcast on a platform in trouble beside one on a healthy
// platform, and checks what 30% of faults may and may not do. At the same time,
// so that the machine is the same, a service of its own does the healthy
// platform's work alone.
func harm(t *testing.T, f *faults, sick, healthy, alone *broadcast, duplicatesAllowed bool) {
	t.Helper()
	l, reference := deliver(t, f, sick, healthy), deliver(t, newFaults(t), alone)
	l.await(t)
	reference.await(t)
	sent, failed := l.of(sick.adapter.Platform())
	arrived := sick.arrived()
	duplicates, doubtful := 0, 0
	for _, chat := range sick.chats {
		n, injected := arrived[chat], f.accepts[chat]
		duplicates += max(0, n-1)
		doubtful += injected
		if n > 1+injected || n > 1 && !duplicatesAllowed {
			t.Errorf("%s got %d messages, though only %d answers were lost", chat, n, injected)
		}
	}
	if lost := len(sick.chats) - len(arrived); lost > failed {
		t.Errorf("%d got nothing, and only %d deliveries failed", lost, failed)
	}
	for _, early := range f.early {
		t.Errorf("called within a wait: %s", early)
	}
	if n, not := l.of(healthy.adapter.Platform()); not > 0 {
		t.Errorf("on the healthy platform %d were sent and %d failed", n, not)
	}
	total := 0
	for _, n := range f.count {
		total += n
	}
	t.Logf("%s: %d calls, %d faults %v; %d deliveries: %d sent, %d given up in doubt, %d duplicates of %d lost answers, 0 calls within a wait",
		sick.adapter.Platform(), f.calls, total, f.count, len(sick.chats), sent, failed, duplicates, doubtful)
	unslowed(t, took(l.ledger, healthy), took(reference.ledger, alone))
}

// took is how long the deliveries of a broadcast took, by itself.
func took(l *ledger, b *broadcast) time.Duration { return l.last[b.adapter.Platform()] }

// 30% of Telegram's calls fail in every way there is; Discord doesn't notice.
func TestFaultsOnTelegram(t *testing.T) {
	tg := telegramtest.New(t)
	defer tg.Close()
	dc, again := discordtest.New(t), discordtest.New(t)
	defer dc.Close()
	defer again.Close()
	sick, healthy := onTelegram(t, tg, full(3000, 100)), onDiscord(t, dc, full(900, 90))
	alone := onDiscord(t, again, len(healthy.chats))
	f := newFaults(t)
	defer tg.Intercept(f.telegram)()
	harm(t, f, sick, healthy, alone, true)
}

// The same the other way round. Discord recognises what comes again, so there
// are no duplicates at all.
func TestFaultsOnDiscord(t *testing.T) {
	dc := discordtest.New(t)
	defer dc.Close()
	tg, again := telegramtest.New(t), telegramtest.New(t)
	defer tg.Close()
	defer again.Close()
	sick, healthy := onDiscord(t, dc, full(3000, 100)), onTelegram(t, tg, full(600, 60))
	alone := onTelegram(t, again, len(healthy.chats))
	f := newFaults(t)
	defer dc.Intercept(f.discord)()
	harm(t, f, sick, healthy, alone, false)
}

func unslowed(t *testing.T, beside, alone time.Duration) {
	t.Helper()
	ratio := beside.Seconds() / alone.Seconds()
	t.Logf("the healthy platform took %v, alone %v: %.2f of it", beside.Round(time.Millisecond), alone.Round(time.Millisecond), ratio)
	// The short form takes seconds, of which a busy machine's hiccup is much: it
	// tells the figure, and the long form judges it.
	if ratio > 1.2 && long() {
		t.Errorf("the healthy platform was slowed to %.2f", ratio)
	}
}
