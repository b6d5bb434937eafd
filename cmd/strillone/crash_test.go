package main

import (
	"math/rand/v2"
	"os/exec"
	"path/filepath"
	"syscall"
	"testing"
	"time"

	"github.com/strillone/strillone/bot/discord/discordtest"
	"github.com/strillone/strillone/bot/telegram/telegramtest"
	"github.com/strillone/strillone/storage"
)

// The programs that are killed: at the platforms' documented pace, and as fast
// as it goes, with all workers busy.
const (
	atPace  = "strillone"
	atSpeed = "strillone-fast"
)

// workers is how many sends may be in flight: the dispatcher's default.
const workers = 16

// slowly is how long an answer takes, so that sends are in flight at any time.
const slowly = 20 * time.Millisecond

func TestKilledOnTelegram(t *testing.T) {
	for program, size := range map[string]int{atPace: full(10_000, 60), atSpeed: full(10_000, 300)} {
		t.Run(program, func(t *testing.T) {
			t.Parallel()
			srv := telegramtest.New(t, telegramtest.WithLatency(slowly))
			defer srv.Close()
			interruption{program, syscall.SIGKILL, full(200, 4)}.prove(t, onTelegram(t, srv, size))
		})
	}
}

func TestKilledOnDiscord(t *testing.T) {
	for program, size := range map[string]int{atPace: full(10_000, 60), atSpeed: full(10_000, 300)} {
		t.Run(program, func(t *testing.T) {
			t.Parallel()
			srv := discordtest.New(t, discordtest.WithLatency(slowly), discordtest.WithNonceWindow(time.Hour))
			defer srv.Close()
			duplicates := interruption{program, syscall.SIGKILL, full(200, 4)}.prove(t, onDiscord(t, srv, size))
			if duplicates != 0 {
				t.Errorf("%d duplicates, though Discord recognises repetitions", duplicates)
			}
		})
	}
}

func TestTerminatedOnTelegram(t *testing.T) {
	t.Parallel()
	srv := telegramtest.New(t, telegramtest.WithLatency(slowly))
	defer srv.Close()
	duplicates := interruption{atSpeed, syscall.SIGTERM, full(100, 8)}.prove(t, onTelegram(t, srv, full(5000, 240)))
	if duplicates != 0 {
		t.Errorf("%d duplicates, though there was time to record what was sent", duplicates)
	}
}

// interruption is how a broadcast is interrupted.
type interruption struct {
	program string
	signal  syscall.Signal
	times   int
}

// prove queues a digest, interrupts the process that delivers it at random
// points, lets the last one finish, and returns how many messages came twice.
func (i interruption) prove(t *testing.T, b *broadcast) int {
	database := filepath.Join(t.TempDir(), "s.db")
	enqueue(t, database, b)
	config := configure(t, database, b)
	size := len(b.chats)
	seed := uint64(time.Now().UnixNano())
	random := rand.New(rand.NewPCG(seed, 1))
	done, slowest := 0, time.Duration(0)
	for range i.times {
		p := b.start(t, i.program, config)
		target := b.sent() + 1 + random.IntN(max(1, size/i.times))
		if !b.await(target, p) {
			break
		}
		began := time.Now()
		p.end(t, i.signal)
		slowest = max(slowest, time.Since(began))
		done++
	}
	p := b.start(t, i.program, config)
	b.awaitAll(t, p)
	p.end(t, syscall.SIGTERM)

	lost, duplicates := b.count()
	t.Logf("%s, %d chats, %d × %v (seed %d): %d lost, %d duplicates (%.2f each, %d sends repeated at most); ended within %v",
		i.program, size, done, i.signal, seed, lost, duplicates,
		float64(duplicates)/float64(max(1, done)), b.worst(), slowest.Round(time.Millisecond))
	if lost > 0 {
		t.Errorf("%d deliveries lost", lost)
	}
	// In all, not of each: what a killed process wrote last may be read when the
	// next one already runs.
	if repeated := b.sent() - size; repeated > done*workers {
		t.Errorf("%d sends repeated after %d interruptions, with %d workers", repeated, done, workers)
	}
	if done < i.times/2 {
		t.Errorf("only %d interruptions in time", done)
	}
	store, err := storage.Open(t.Context(), "sqlite:"+database)
	must(t, err)
	must(t, store.Check(t.Context())) // integrity_check
	must(t, store.Close())
	return duplicates
}

// start starts the next process.
func (b *broadcast) start(t *testing.T, program, config string) *process {
	t.Helper()
	b.mu.Lock()
	b.run++
	b.mu.Unlock()
	return startProcess(t, program, config)
}

// await waits until that many messages were sent; false when the broadcast is
// over before.
func (b *broadcast) await(target int, p *process) bool {
	for b.sent() < target {
		if b.over() {
			p.kill()
			return false
		}
		select {
		case <-b.progress:
		case <-time.After(time.Second): // the last arrival comes after its signal
		case <-p.done:
			return false
		}
	}
	return true
}

func (b *broadcast) awaitAll(t *testing.T, p *process) {
	t.Helper()
	timeout := time.After(patience * time.Duration(max(1, len(b.chats)/100)))
	for !b.over() {
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
	log  locked
	done chan struct{}
	err  error
}

func startProcess(t testing.TB, program, config string) *process {
	t.Helper()
	p := &process{cmd: exec.Command(program, "serve", "-c", config), done: make(chan struct{})}
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
