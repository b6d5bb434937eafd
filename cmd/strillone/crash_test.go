package main

import (
	"bytes"
	"context"
	"fmt"
	"log/slog"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"sync/atomic"
	"syscall"
	"testing"
	"time"

	"github.com/strillone/strillone/bot"
	"github.com/strillone/strillone/bot/compose"
	"github.com/strillone/strillone/bot/discord"
	"github.com/strillone/strillone/bot/discord/discordtest"
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
	sends    *atomic.Int64         // requests that send, so far
	progress chan struct{}         // one for each, if anybody listens
}

// sending notes that a message is on its way.
func (b *broadcast) sending() {
	b.sends.Add(1)
	select {
	case b.progress <- struct{}{}:
	default:
	}
}

func newBroadcast() *broadcast {
	return &broadcast{sends: new(atomic.Int64), progress: make(chan struct{}, 1)}
}

// kills and size say how much the crash tests do: a short form by default, the
// full one with STRILLONE_LONG=1.
func kills() (int, int) {
	if os.Getenv("STRILLONE_LONG") != "" {
		return 200, 10_000
	}
	return 12, 240
}

func TestKilledOnDiscord(t *testing.T) {
	_, size := kills()
	srv := discordtest.New(t, discordtest.WithNonceWindow(time.Hour))
	defer srv.Close()
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
	defer srv.Intercept(func(c discordtest.Call) *discordtest.Fault {
		if c.Is("POST", "/channels/{channel_id}/messages") {
			b.sending()
		}
		return nil
	})()
	duplicates := b.killAgainAndAgain(t)
	if duplicates != 0 {
		t.Errorf("%d duplicates, though Discord recognises repetitions", duplicates)
	}
}

// killAgainAndAgain queues the digest, kills the process that delivers it at
// random points, lets it finish, and returns how many messages came twice.
func (b *broadcast) killAgainAndAgain(t *testing.T) int {
	database := filepath.Join(t.TempDir(), "s.db")
	b.enqueue(t, database)
	config := filepath.Join(t.TempDir(), "strillone.yaml")
	content := fmt.Sprintf("database: sqlite:%s\n%s\ndigest: {schedule: \"0 0 29 2 *\"}\n", database, b.config)
	if err := os.WriteFile(config, []byte(content), 0o600); err != nil {
		t.Fatal(err)
	}
	times, size := kills()
	random := rand.New(rand.NewPCG(uint64(time.Now().UnixNano()), 1))
	killed := 0
	for range times {
		p := startProcess(t, config)
		target := b.sends.Load() + 1 + random.Int64N(int64(max(1, 2*size/times/2)))
		if !b.await(target, p) {
			break
		}
		p.end(t, syscall.SIGKILL)
		killed++
	}
	p := startProcess(t, config)
	b.awaitAll(t, p)
	p.end(t, syscall.SIGTERM)

	lost, duplicates := 0, 0
	for _, chat := range b.chats {
		switch n := b.arrived()[chat]; {
		case n == 0:
			lost++
		default:
			duplicates += n - 1
		}
	}
	t.Logf("%d chats, %d × kill -9: %d lost, %d duplicates (%.2f for each kill), %d sends repeated",
		size, killed, lost, duplicates, float64(duplicates)/float64(max(1, killed)), b.sends.Load()-int64(size))
	if lost > 0 {
		t.Errorf("%d deliveries lost", lost)
	}
	if killed < times/2 {
		t.Errorf("only %d kills in time", killed)
	}
	store, err := storage.Open(context.Background(), "sqlite:"+database)
	must(t, err)
	must(t, store.Check(t.Context()))
	must(t, store.Close())
	return duplicates
}

// enqueue publishes a sample for every chat.
func (b *broadcast) enqueue(t *testing.T, database string) {
	t.Helper()
	store, err := storage.Open(t.Context(), "sqlite:"+database)
	must(t, err)
	for _, chat := range b.chats {
		to := digest.Destination{Platform: b.adapter.Platform(), Chat: chat}
		_, _, err := store.Subscribe(t.Context(), to, digest.Italian, time.Now())
		must(t, err)
	}
	must(t, publishSamples(t.Context(), store))
	publisher := delivery.NewPublisher(delivery.PublisherConfig{
		Editions: store, Composer: compose.Writer{}, Title: "Strillone",
		Renderers: map[digest.Platform]delivery.Renderer{b.adapter.Platform(): b.adapter},
		Log:       slog.New(slog.DiscardHandler),
	})
	summary, err := publisher.Publish(t.Context(), time.Now())
	must(t, err)
	if summary.Deliveries != len(b.chats) {
		t.Fatalf("%d deliveries queued for %d chats", summary.Deliveries, len(b.chats))
	}
	must(t, store.Close())
}

// await waits until that many messages were sent; false when the broadcast is
// over before.
func (b *broadcast) await(target int64, p *process) bool {
	for b.sends.Load() < target {
		if len(b.arrived()) == len(b.chats) {
			p.kill()
			return false
		}
		select {
		case <-b.progress:
		case <-p.done:
			return false
		}
	}
	return true
}

func (b *broadcast) awaitAll(t *testing.T, p *process) {
	t.Helper()
	timeout := time.After(patience * time.Duration(max(1, len(b.chats)/100)))
	for len(b.arrived()) < len(b.chats) {
		select {
		case <-b.progress:
		case <-p.done:
			t.Fatalf("the process ended by itself:\n%s", p.log.String())
		case <-time.After(time.Second): // the last arrival comes after its signal
		case <-timeout:
			t.Fatalf("%d of %d arrived:\n%s", len(b.arrived()), len(b.chats), p.log.String())
		}
	}
}

// process is the real program as a process of its own.
type process struct {
	cmd  *exec.Cmd
	log  bytes.Buffer // to be read once done
	done chan struct{}
	err  error
}

func startProcess(t *testing.T, config string) *process {
	t.Helper()
	p := &process{cmd: exec.Command("strillone", "serve", "-c", config), done: make(chan struct{})}
	p.cmd.Stdout, p.cmd.Stderr = &p.log, &p.log
	must(t, p.cmd.Start())
	go func() {
		defer close(p.done)
		p.err = p.cmd.Wait()
	}()
	t.Cleanup(p.kill)
	return p
}

func (p *process) kill() {
	_ = p.cmd.Process.Kill() // it may have ended already
	<-p.done
}

// end sends a signal and waits: SIGTERM must end the process cleanly.
func (p *process) end(t *testing.T, signal syscall.Signal) {
	t.Helper()
	must(t, p.cmd.Process.Signal(signal))
	select {
	case <-p.done:
	case <-time.After(10 * time.Second):
		t.Fatalf("signal %v didn't end the process within 10 s", signal)
	}
	if signal == syscall.SIGTERM && p.err != nil {
		t.Errorf("ended by SIGTERM: %v\n%s", p.err, p.log.String())
	}
}
