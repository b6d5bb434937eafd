package main

import (
	"cmp"
	"context"
	"fmt"
	"io"
	"math/rand/v2"
	"path/filepath"
	"sync"
	"testing"
	"time"

	"github.com/strillone/strillone/bot"
	"github.com/strillone/strillone/bot/discord/discordtest"
	"github.com/strillone/strillone/bot/telegram/telegramtest"
	"github.com/strillone/strillone/digest"
	"github.com/strillone/strillone/digest/delivery"
	"github.com/strillone/strillone/storage"
)

// hasty gives up on a send that is left hanging sooner than adapters do, so that
// a time-out doesn't take half a minute here; what they make of it is the same.
type hasty struct {
	bot.Adapter
	faults *faults
}

func (h hasty) Send(ctx context.Context, m delivery.Message) (delivery.Receipt, error) {
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	h.faults.sending(m.To.Chat, cancel)
	receipt, err := h.Adapter.Send(ctx, m)
	if err != nil && delivery.FailureOf(err).Everywhere {
		h.faults.hear()
	}
	return receipt, err
}

func (h hasty) Budget() *delivery.Budget { return budgetOf(h.Adapter) }

// ledger is a store that tells when deliveries have ended: recorded, durably.
type ledger struct {
	storage.Store
	began time.Time

	mu    sync.Mutex
	ended map[digest.Platform]map[delivery.State]int
	last  map[digest.Platform]time.Duration
	news  chan struct{}
}

func newLedger(s storage.Store) *ledger {
	return &ledger{
		Store: s, began: time.Now(), news: make(chan struct{}, 1),
		ended: make(map[digest.Platform]map[delivery.State]int), last: make(map[digest.Platform]time.Duration),
	}
}

func (l *ledger) Exchange(ctx context.Context, p digest.Platform, results []delivery.Result, now time.Time, limit int) ([]delivery.Delivery, error) {
	claimed, err := l.Store.Exchange(ctx, p, results, now, limit)
	if err != nil {
		return claimed, err
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	for _, r := range results {
		if r.State == delivery.Queued {
			continue
		}
		if l.ended[p] == nil {
			l.ended[p] = make(map[delivery.State]int)
		}
		l.ended[p][r.State]++
		l.last[p] = time.Since(l.began)
	}
	select {
	case l.news <- struct{}{}:
	default:
	}
	return claimed, nil
}

// of is how many deliveries of a platform were sent and failed.
func (l *ledger) of(p digest.Platform) (sent, failed int) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.ended[p][delivery.Sent], l.ended[p][delivery.Failed]
}

// delivering is a service at work on broadcasts.
type delivering struct {
	*ledger
	broadcasts []*broadcast
	stop       context.CancelFunc
	ended      chan error
}

// deliver begins to serve the broadcasts.
func deliver(t *testing.T, f *faults, broadcasts ...*broadcast) *delivering {
	t.Helper()
	database := filepath.Join(inMemory(t), "s.db") // the machine's disk is nobody's fault
	enqueue(t, database, broadcasts...)
	config := configure(t, database, broadcasts...)
	ctx, stop := context.WithCancel(t.Context())
	d := &delivering{broadcasts: broadcasts, stop: stop, ended: make(chan error, 1)}
	ready := make(chan *ledger, 1)
	change := rewire{
		adapter: func(a bot.Adapter) bot.Adapter { return hasty{a, f} },
		store: func(s storage.Store) storage.Store {
			l := newLedger(s)
			ready <- l
			return l
		},
	}
	go func() { d.ended <- serveWith(ctx, config, io.Discard, change) }()
	select {
	case d.ledger = <-ready:
	case err := <-d.ended:
		t.Fatal(err)
	}
	return d
}

// await waits until every delivery has ended, then ends the service.
func (d *delivering) await(t *testing.T) {
	t.Helper()
	defer d.stop()
	timeout := time.After(time.Duration(full(10, 1)) * 2 * time.Minute)
	for _, b := range d.broadcasts {
		p := b.adapter.Platform()
		for sent, failed := d.of(p); sent+failed < len(b.chats); sent, failed = d.of(p) {
			select {
			case <-d.news:
			case err := <-d.ended:
				t.Fatalf("the service ended by itself: %v", err)
			case <-timeout:
				t.Fatalf("%s: %d sent and %d failed of %d", p, sent, failed, len(b.chats))
			}
		}
	}
	d.stop()
	must(t, <-d.ended)
}

// faults decides, for 30% of the calls, what happens to them, and keeps the
// account.
type faults struct {
	mu      sync.Mutex
	random  *rand.Rand
	calls   int
	count   map[string]int
	sends   map[string]context.CancelFunc // under way, by chat
	began   map[string]time.Time          // the last send to a chat
	until   map[string]time.Time          // end of a wait told, by chat; "" for everyone
	heard   time.Time                     // when the bot has read that everyone must wait
	early   []string                      // calls within a wait
	accepts map[string]int                // sends that happened though their answer was lost, or may have come too late, by chat
}

func newFaults(t *testing.T) *faults {
	seed := uint64(time.Now().UnixNano())
	t.Logf("seed %d", seed)
	return &faults{
		random: rand.New(rand.NewPCG(seed, 3)), count: make(map[string]int),
		until: make(map[string]time.Time), accepts: make(map[string]int),
		sends: make(map[string]context.CancelFunc), began: make(map[string]time.Time),
	}
}

// sending notes that a send begins, and how to give it up.
func (f *faults) sending(chat string, giveUp context.CancelFunc) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.sends[chat], f.began[chat] = giveUp, time.Now()
}

// hear notes that the bot knows that everyone must wait.
func (f *faults) hear() {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.heard = time.Now()
}

// draw is the fault of a call, by number; 0 for none. chat is empty for calls
// that send nothing.
func (f *faults) draw(chat string, at time.Time, kinds int) int {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.calls++
	if chat != "" && at.Before(f.until[chat]) {
		f.early = append(f.early, fmt.Sprintf("%s, %v too early", chat, f.until[chat].Sub(at)))
	}
	if told := f.until[""]; chat != "" && at.Before(told) && !f.heard.IsZero() && f.began[chat].After(f.heard) {
		f.early = append(f.early, fmt.Sprintf("%s, %v too early for everyone", chat, told.Sub(at)))
	}
	if f.random.Float64() >= 0.3 {
		return 0
	}
	return 1 + f.random.IntN(kinds)
}

// note keeps the account of a fault.
func (f *faults) note(what, chat string, accepted bool) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.count[what]++
	if accepted {
		f.accepts[chat]++
	}
	if giveUp := f.sends[chat]; what == "time-out" && giveUp != nil {
		time.AfterFunc(300*time.Millisecond, giveUp)
	}
}

// told notes that a chat, or with "" everyone, was told to wait.
func (f *faults) told(chat string, now time.Time, wait time.Duration) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.until[cmp.Or(chat, "")] = now.Add(wait)
	if chat == "" {
		f.heard = time.Time{}
	}
}

// among is a number below n by chance.
func (f *faults) among(n int) int {
	f.mu.Lock()
	defer f.mu.Unlock()
	return f.random.IntN(n)
}

func (f *faults) telegram(c telegramtest.Call) *telegramtest.Fault {
	chat := ""
	if c.Sends() {
		chat = c.Get("chat_id")
	}
	wait := 1 + f.among(2)
	kinds := []struct {
		what  string
		fault *telegramtest.Fault
	}{
		{"429", telegramtest.Limited(wait)},
		{"500", telegramtest.Failing(500, "Internal Server Error")},
		{"502 in HTML", telegramtest.BadGateway()},
		{"reset before", telegramtest.Reset()},
		{"reset after", telegramtest.ResetAfter()},
		{"time-out", telegramtest.HangAfter()},
		{"truncated", telegramtest.Truncated()},
		{"garbage", telegramtest.Garbage()},
		{"slow", telegramtest.Slow(time.Millisecond / 10)},
	}
	n := f.draw(chat, c.Time, len(kinds))
	if n == 0 || chat == "" && kinds[n-1].what == "time-out" { // it would last as long as a long poll
		return nil
	}
	k := kinds[n-1]
	if k.fault.Status == 429 {
		f.told(cmp.Or(chat, c.Method), c.Time, time.Duration(wait)*time.Second)
	}
	f.note(k.what, chat, k.fault.Accept && chat != "")
	return k.fault
}

func (f *faults) discord(c discordtest.Call) *discordtest.Fault {
	chat := ""
	if discordtest.SendsMessage("")(c) {
		chat = c.Params["channel_id"]
	}
	wait := time.Duration(200+100*f.among(10)) * time.Millisecond
	kinds := []struct {
		what  string
		fault *discordtest.Fault
	}{
		{"429", discordtest.Limited(wait, "user")},
		{"429 for everyone", discordtest.Limited(wait/2, "global")},
		{"500", discordtest.Failing(500, 0, "Internal Server Error")},
		{"502 in HTML", discordtest.BadGateway()},
		{"reset before", discordtest.Reset()},
		{"reset after", discordtest.ResetAfter()},
		{"time-out", discordtest.HangAfter()},
		{"truncated", discordtest.Truncated()},
		{"garbage", discordtest.Garbage()},
		{"slow", discordtest.Slow(time.Millisecond / 10)},
	}
	n := f.draw(chat, c.Time, len(kinds))
	if n == 0 || chat == "" && kinds[n-1].what == "time-out" {
		return nil
	}
	k := kinds[n-1]
	switch k.what {
	case "429":
		f.told(cmp.Or(chat, c.Path), c.Time, wait)
	case "429 for everyone":
		f.told("", c.Time, wait/2)
	}
	f.note(k.what, chat, k.fault.Accept && chat != "")
	return k.fault
}
