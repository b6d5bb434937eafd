package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"os"
	"os/signal"
	"path/filepath"
	"strconv"
	"sync"
	"syscall"
	"testing"
	"time"

	"github.com/strillone/strillone/bot"
	"github.com/strillone/strillone/bot/compose"
	"github.com/strillone/strillone/bot/discord"
	"github.com/strillone/strillone/bot/discord/discordtest"
	"github.com/strillone/strillone/bot/telegram"
	"github.com/strillone/strillone/bot/telegram/telegramtest"
	"github.com/strillone/strillone/digest"
	"github.com/strillone/strillone/digest/delivery"
	"github.com/strillone/strillone/storage"
)

// broadcast is a digest queued for many chats of a platform on loopback.
type broadcast struct {
	adapter  bot.Adapter
	config   string // the platform's part of the configuration
	chats    []string
	arrived  func() map[string]int // messages by chat
	progress chan struct{}         // a signal for requests that send

	mu       sync.Mutex
	run      int // of the process, from 1
	sends    int
	lastRun  map[string]int // the run in which a chat was last sent to
	repeated map[int]int    // sends of a run that a later one repeated
}

func newBroadcast() *broadcast {
	return &broadcast{progress: make(chan struct{}, 1), lastRun: make(map[string]int), repeated: make(map[int]int)}
}

// long says whether the proofs run in their full form.
func long() bool { return os.Getenv("STRILLONE_LONG") != "" }

// full is the size of something in the full form, else in the short one.
func full(fullSize, short int) int {
	if long() {
		return fullSize
	}
	return short
}

// onTelegram is a broadcast to that many people.
func onTelegram(t *testing.T, srv *telegramtest.Server, size int) *broadcast {
	t.Helper()
	b := newBroadcast()
	for i := range size {
		id := int64(10_000 + i)
		srv.AddPrivate(id, "Lettore", "it")
		b.chats = append(b.chats, strconv.FormatInt(id, 10))
	}
	b.config = fmt.Sprintf("telegram: {token: %q, api_url: %q}", telegramtest.Token, srv.URL())
	b.adapter = telegram.New(telegram.Config{Token: telegramtest.Token, APIURL: srv.URL()})
	b.arrived = func() map[string]int {
		count := make(map[string]int)
		for _, m := range srv.Messages() {
			count[strconv.FormatInt(m.Chat, 10)]++
		}
		return count
	}
	t.Cleanup(srv.Intercept(func(c telegramtest.Call) *telegramtest.Fault {
		if c.Sends() {
			b.sending(c.Get("chat_id"))
		}
		return nil
	}))
	return b
}

// onDiscord is a broadcast to that many channels.
func onDiscord(t *testing.T, srv *discordtest.Server, size int) *broadcast {
	t.Helper()
	b := newBroadcast()
	guild := srv.AddGuild(discordtest.Guild{Name: "Lettori"})
	for i := range size {
		b.chats = append(b.chats, srv.AddChannel(discordtest.Channel{GuildID: guild.ID, Name: "c" + strconv.Itoa(i)}).ID)
	}
	b.config = fmt.Sprintf("discord: {token: %q, api_url: %q}", discordtest.Token, srv.URL())
	b.adapter = discord.New(discord.Config{Token: discordtest.Token, APIURL: srv.URL()})
	b.arrived = func() map[string]int {
		count := make(map[string]int)
		for _, m := range srv.Messages() {
			count[m.ChannelID]++
		}
		return count
	}
	send := discordtest.SendsMessage("")
	t.Cleanup(srv.Intercept(func(c discordtest.Call) *discordtest.Fault {
		if send(c) {
			b.sending(c.Params["channel_id"])
		}
		return nil
	}))
	return b
}

// sending notes that a message is on its way.
func (b *broadcast) sending(chat string) {
	b.mu.Lock()
	b.sends++
	if last, again := b.lastRun[chat]; again {
		b.repeated[last]++
	}
	b.lastRun[chat] = b.run
	b.mu.Unlock()
	select {
	case b.progress <- struct{}{}:
	default:
	}
}

func (b *broadcast) sent() int {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.sends
}

// over says whether every chat has got its message.
func (b *broadcast) over() bool { return b.sent() >= len(b.chats) && len(b.arrived()) == len(b.chats) }

// worst is the most sends of one run that were repeated.
func (b *broadcast) worst() int {
	b.mu.Lock()
	defer b.mu.Unlock()
	most := 0
	for _, n := range b.repeated {
		most = max(most, n)
	}
	return most
}

// count returns how many chats got nothing, and how many messages came twice.
func (b *broadcast) count() (lost, duplicates int) {
	arrived := b.arrived()
	for _, chat := range b.chats {
		if n := arrived[chat]; n == 0 {
			lost++
		} else {
			duplicates += n - 1
		}
	}
	return lost, duplicates
}

// enqueue makes a database where a sample is published for every chat of every
// broadcast. It is made in memory, where that is possible, and then put in its
// place: thousands of people don't subscribe within seconds on a disk.
func enqueue(t testing.TB, place string, broadcasts ...*broadcast) {
	t.Helper()
	database := filepath.Join(inMemory(t), "s.db")
	defer func() {
		content, err := os.ReadFile(database)
		must(t, err)
		must(t, os.WriteFile(place, content, 0o600))
	}()
	store, err := storage.Open(t.Context(), "sqlite:"+database)
	must(t, err)
	renderers := make(map[digest.Platform]delivery.Renderer)
	total := 0
	for _, b := range broadcasts {
		renderers[b.adapter.Platform()] = b.adapter
		total += len(b.chats)
		for _, chat := range b.chats {
			to := digest.Destination{Platform: b.adapter.Platform(), Chat: chat}
			_, _, err := store.Subscribe(t.Context(), to, digest.Italian, time.Now())
			must(t, err)
		}
	}
	must(t, publishSamples(t.Context(), store))
	publisher := delivery.NewPublisher(delivery.PublisherConfig{
		Editions: store, Composer: compose.Writer{}, Title: "Strillone",
		Renderers: renderers, Log: slog.New(slog.DiscardHandler),
	})
	summary, err := publisher.Publish(t.Context(), time.Now())
	must(t, err)
	if summary.Deliveries != total {
		t.Fatalf("%d deliveries queued for %d chats", summary.Deliveries, total)
	}
	must(t, store.Close())
}

// inMemory is a folder in memory, or on the disk where there is none.
func inMemory(t testing.TB) string {
	t.Helper()
	folder, err := os.MkdirTemp("/dev/shm", "strillone")
	if err != nil {
		return t.TempDir()
	}
	t.Cleanup(func() { must(t, os.RemoveAll(folder)) })
	return folder
}

// configure writes a configuration file and returns its path.
func configure(t *testing.T, database string, broadcasts ...*broadcast) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), "strillone.yaml")
	content := fmt.Sprintf("database: sqlite:%s\ndigest: {schedule: \"0 0 29 2 *\"}\n", database)
	for _, b := range broadcasts {
		content += b.config + "\n"
	}
	must(t, os.WriteFile(path, []byte(content), 0o600))
	return path
}

// unpaced is an adapter of a platform without a limit per second: without a
// Pace, it has none.
type unpaced struct{ bot.Adapter }

// rewire changes parts of a service before it is made.
type rewire struct {
	adapter func(bot.Adapter) bot.Adapter
	store   func(storage.Store) storage.Store
}

// serveWith is serve with some parts changed.
func serveWith(ctx context.Context, config string, stderr io.Writer, change rewire) (err error) {
	e := &environment{stdio: stdio{Err: stderr}, ctx: ctx, getenv: func(string) string { return "" }, config: config}
	cfg, err := e.load()
	if err != nil {
		return err
	}
	store, err := storage.Open(ctx, cfg.Database)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, store.Close()) }()
	log := newLog(stderr, cfg.Log)
	adapters := chatAdapters(cfg, bot.NewButtons(store, []byte("k")), log)
	for i, a := range adapters {
		adapters[i] = change.adapter(a)
	}
	used := store
	if change.store != nil {
		used = change.store(store)
	}
	s, err := newService(cfg, used, adapters, log)
	if err != nil {
		return err
	}
	return s.run(ctx)
}

// fastMain is the whole program, but sends as fast as it can: as many messages
// as there are workers are in flight whenever it is killed.
func fastMain() {
	ctx, stop := signal.NotifyContext(context.Background(), syscall.SIGTERM)
	defer stop()
	fast := rewire{adapter: func(a bot.Adapter) bot.Adapter { return unpaced{a} }}
	if err := serveWith(ctx, os.Args[len(os.Args)-1], os.Stderr, fast); err != nil {
		report(os.Stderr, err)
		os.Exit(exitFault)
	}
}
