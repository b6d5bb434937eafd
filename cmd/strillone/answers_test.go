package main

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/strillone/strillone/bot"
	"github.com/strillone/strillone/bot/telegram"
	"github.com/strillone/strillone/cmd/strillone/config"
	"github.com/strillone/strillone/digest/delivery"
	"github.com/strillone/strillone/storage"
)

// BenchmarkAnswers asks commands, one after another, of the whole service while
// it broadcasts to 5,000 people, or with STRILLONE_LONG to 100,000. The server
// is on loopback and delivers what people write through getUpdates.
//
//   - p50-ms, p99-ms: from when an update is handed out to when the message that
//     answers it arrives. At 30/s, where the server is 50 ms away, 50 ms of it are
//     the way there and back, and up to 34 the wait for the bot's next slot
//   - alone-p99-ms: the same once the broadcast is over, if it came to that: what
//     the machine is good for
//   - commands: asked while the broadcast went on
//   - msg/s: the broadcast's deliveries meanwhile
//
// Afterwards each delivery has arrived once or is still queued, and none failed.
func BenchmarkAnswers(b *testing.B) {
	for _, c := range []struct {
		name     string
		rate     float64 // 0: no limits
		latency  time.Duration
		commands int // at most
		bar      float64
	}{
		{"without-limits", 0, 0, 20_000, 20},
		{"at-30-a-second", 29.7, 50 * time.Millisecond, full(1000, 200), 100},
	} {
		b.Run(c.name, func(b *testing.B) {
			for b.Loop() {
				a := newAsking(b, full(100_000, 5000), c.rate, c.latency)
				a.ask(b, c.commands)
				a.report(b, c.bar)
			}
			b.ReportMetric(0, "ns/op")
		})
	}
}

// firstReader is the chat of the first subscriber, firstAsker that of the first
// person who asks something.
const (
	firstReader = 1_000_000_000
	firstAsker  = 2_000_000_000
)

// asking is a Telegram of few words, the service that it serves, and people who
// ask things of it.
type asking struct {
	store   storage.Store
	latency time.Duration
	stop    context.CancelFunc
	ended   chan error
	waits   []time.Duration // for answers during the broadcast
	alone   []time.Duration // and after
	took    time.Duration   // of the broadcast

	updates  chan int           // ids of those to hand out
	answered chan time.Duration // how long the answer to the last took
	over     chan struct{}      // closed when all readers have their digest

	mu       sync.Mutex
	open     int         // the id of the update that isn't confirmed; 0: none
	silent   bool        // it isn't answered either
	handed   time.Time   // when it was
	digests  map[int]int // by chat
	messages int
	readers  int
}

// newAsking starts the service, with a broadcast to so many people.
func newAsking(b *testing.B, readers int, rate float64, latency time.Duration) *asking {
	b.Helper()
	a := &asking{
		latency: latency, readers: readers, digests: make(map[int]int), ended: make(chan error, 1),
		updates: make(chan int, 1), answered: make(chan time.Duration, 1), over: make(chan struct{}),
	}
	server := httptest.NewServer(a)
	b.Cleanup(server.Close)
	log := slog.New(slog.NewTextHandler(io.Discard, nil))
	settings := telegram.Config{Token: "1:A", APIURL: server.URL, Log: log}
	if rate > 0 {
		settings.Budget = delivery.NewBudget(telegram.Pace(rate), time.Now)
	}
	adapter := telegram.New(settings)
	a.store = broadcasting(b, adapter, readers)
	b.Cleanup(func() { must(b, a.store.Close()) })
	s, err := newService(config.Default(), a.store, []bot.Adapter{adapter}, log)
	must(b, err)
	ctx, stop := context.WithCancel(b.Context())
	a.stop = stop
	go func() { a.ended <- s.run(ctx) }()
	return a
}

// broadcasting is a database on the disk, with a digest queued for so many
// people.
func broadcasting(b *testing.B, adapter bot.Adapter, readers int) storage.Store {
	b.Helper()
	all := newBroadcast()
	all.adapter = adapter
	for i := range readers {
		all.chats = append(all.chats, strconv.Itoa(firstReader+i))
	}
	place := filepath.Join(b.TempDir(), "s.db")
	enqueue(b, place, all)
	store, err := storage.Open(b.Context(), "sqlite:"+place)
	must(b, err)
	return store
}

// ask asks so many things at most, one after another, as long as the broadcast
// goes on, and some more when it is over.
func (a *asking) ask(b *testing.B, most int) {
	b.Helper()
	begin := time.Now()
	id := 0
	for over := false; id < most && !over; {
		id++
		a.waits = append(a.waits, a.wait(b, id))
		select {
		case <-a.over:
			over = true
		default:
		}
	}
	a.took = time.Since(begin)
	if id == most {
		return
	}
	for range min(id, 2000) {
		id++
		a.alone = append(a.alone, a.wait(b, id))
	}
}

// wait is how long the answer to one question takes.
func (a *asking) wait(b *testing.B, id int) time.Duration {
	b.Helper()
	a.updates <- id
	select {
	case wait := <-a.answered:
		return wait
	case err := <-a.ended:
		b.Fatalf("the service ended: %v", err)
	case <-time.After(patience):
		b.Fatalf("no answer to the command %d within %s", id, patience)
	}
	return 0
}

// report ends the service, holds the ledger against what arrived, and tells how
// long the answers took.
func (a *asking) report(b *testing.B, bar float64) {
	b.Helper()
	a.stop()
	must(b, <-a.ended)
	r, err := a.store.Report(b.Context())
	must(b, err)
	i := slices.IndexFunc(r.Platforms, func(p delivery.PlatformReport) bool { return p.Platform == telegram.Platform })
	p := r.Platforms[i]
	twice := 0
	for _, n := range a.digests {
		twice += n - 1
	}
	if p.Sent != len(a.digests) || p.Failed() > 0 || p.Sent+p.Queued != a.readers || twice > 0 {
		b.Errorf("of %d deliveries %d arrived, %d of them twice: %d sent, %d queued, %d failed",
			a.readers, len(a.digests), twice, p.Sent, p.Queued, p.Failed())
	}
	p99 := milliseconds(a.waits, 0.99)
	b.ReportMetric(milliseconds(a.waits, 0.5), "p50-ms")
	b.ReportMetric(p99, "p99-ms")
	if len(a.alone) > 0 {
		b.ReportMetric(milliseconds(a.alone, 0.99), "alone-p99-ms")
	}
	b.ReportMetric(float64(len(a.waits)), "commands")
	b.ReportMetric(float64(len(a.digests))/a.took.Seconds(), "msg/s")
	if p99 > bar {
		b.Errorf("p99 %.1f ms, at most %.0f are allowed; alone %.1f", p99, bar, milliseconds(a.alone, 0.99))
	}
}

// milliseconds is the wait that a part of all don't exceed; 0 when there is none.
func milliseconds(all []time.Duration, part float64) float64 {
	if len(all) == 0 {
		return 0
	}
	slices.Sort(all)
	return float64(all[int(part*float64(len(all)-1))].Microseconds()) / 1000
}

func (a *asking) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	pause(a.latency / 2)
	body, err := io.ReadAll(r.Body)
	if err != nil {
		return
	}
	method := r.URL.Path[strings.LastIndexByte(r.URL.Path, '/')+1:]
	result := "true"
	switch method {
	case "getMe":
		result = `{"id":1,"is_bot":true,"first_name":"Strillone","username":"StrilloneBot"}`
	case "getWebhookInfo":
		result = `{"url":"","has_custom_certificate":false,"pending_update_count":0}`
	case "getUpdates":
		result = a.getUpdates(r, string(body))
	case "sendMessage":
		result = a.sendMessage(body)
	}
	pause(a.latency / 2)
	w.Header().Set("Content-Type", "application/json")
	fmt.Fprintf(w, `{"ok":true,"result":%s}`, result)
}

func pause(d time.Duration) {
	if d > 0 {
		<-time.After(d)
	}
}

// questions are what people ask.
var questions = []string{"/ultimi", "/digest", "/leggi 1", "/fonti 1", "/impostazioni"}

// getUpdates hands out the update that isn't confirmed, or the next.
func (a *asking) getUpdates(r *http.Request, body string) string {
	offset := 0
	for field := range strings.SplitSeq(body, "&") {
		if value, ok := strings.CutPrefix(field, "offset="); ok {
			offset, _ = strconv.Atoi(value)
		}
	}
	a.mu.Lock()
	if offset > a.open {
		a.open = 0
	}
	id := a.open
	a.mu.Unlock()
	if id == 0 {
		select {
		case id = <-a.updates:
		case <-r.Context().Done():
			return "[]"
		case <-time.After(time.Second):
			return "[]"
		}
	}
	chat := firstAsker + id
	text := questions[id%len(questions)]
	command, _, _ := strings.Cut(text, " ")
	a.mu.Lock()
	defer a.mu.Unlock()
	if a.open != id {
		a.open, a.silent, a.handed = id, true, time.Now()
	}
	return fmt.Sprintf(`[{"update_id":%d,"message":{"message_id":1,"date":1,"chat":{"id":%d,"type":"private"},`+
		`"from":{"id":%d,"is_bot":false,"first_name":"Ada","language_code":"it"},"text":%q,`+
		`"entities":[{"type":"bot_command","offset":0,"length":%d}]}}]`, id, chat, chat, text, len(command))
}

// sendMessage takes a digest, or an answer, of which the first part is timed.
func (a *asking) sendMessage(body []byte) string {
	now := time.Now()
	var m struct {
		Chat string `json:"chat_id"`
	}
	if err := json.Unmarshal(body, &m); err != nil {
		return "null"
	}
	chat, err := strconv.Atoi(m.Chat)
	if err != nil {
		return "null"
	}
	a.mu.Lock()
	defer a.mu.Unlock()
	a.messages++
	switch {
	case chat < firstAsker:
		a.digests[chat]++
		if a.digests[chat] == 1 && len(a.digests) == a.readers {
			close(a.over)
		}
	case chat == firstAsker+a.open && a.silent:
		a.silent = false
		a.answered <- now.Sub(a.handed)
	}
	return fmt.Sprintf(`{"message_id":%d,"date":1,"chat":{"id":%d,"type":"private"}}`, a.messages, chat)
}
