package main

import (
	"errors"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/strillone/strillone/bot/telegram/telegramtest"
	"github.com/strillone/strillone/storage"
)

// smallDisk is a file system of its own, of so many bytes.
func smallDisk(t *testing.T, size string) string {
	t.Helper()
	folder := t.TempDir()
	err := syscall.Mount("strillone", folder, "tmpfs", 0, "size="+size)
	if errors.Is(err, syscall.EPERM) || errors.Is(err, syscall.EACCES) {
		t.Skipf("a small disk can't be mounted here (%v): a full disk is NOT tried end to end. Run the tests as root to do so", err)
	}
	must(t, err)
	t.Cleanup(func() { must(t, syscall.Unmount(folder, 0)) })
	return folder
}

// fill fills a disk to the last byte, with the file that it returns, and takes
// no space that comes free later.
func fill(t *testing.T, folder string) string {
	t.Helper()
	f, err := os.CreateTemp(folder, "photographs")
	must(t, err)
	for err = syscall.ENOSPC; errors.Is(err, syscall.ENOSPC); {
		var disk syscall.Statfs_t
		must(t, syscall.Statfs(folder, &disk))
		if disk.Bavail == 0 {
			break
		}
		err = syscall.Fallocate(int(f.Fd()), 0, 0, int64(disk.Bavail)*disk.Bsize)
	}
	must(t, err)
	must(t, f.Close())
	return f.Name()
}

// says waits until the process has logged something, that many times.
func (p *process) says(t *testing.T, words string, times int) {
	t.Helper()
	timeout := time.After(patience)
	for {
		news := p.log.next()
		if strings.Count(p.log.String(), words) >= times {
			return
		}
		select {
		case <-news:
		case <-p.done:
			t.Fatalf("the process ended:\n%s", p.log.String())
		case <-timeout:
			t.Fatalf("not %d times %q:\n%s", times, words, p.log.String())
		}
	}
}

const (
	stopped = "sending has stopped until they can"
	waiting = "the disk is full: make space"
)

// The disk fills in the middle of a broadcast: sending stops, and what was sent
// is recorded all the same. Whether the process lives on or is killed and
// started again on the full disk, the rest goes out when there is space again.
func TestDiskFull(t *testing.T) {
	for name, killed := range map[string]bool{"the process goes on": false, "the process is killed": true} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			disk := smallDisk(t, "12m")
			srv := telegramtest.New(t, telegramtest.WithLatency(slowly))
			defer srv.Close()
			b := onTelegram(t, srv, full(600, 120))
			database := filepath.Join(disk, "s.db")
			enqueue(t, database, b)
			config := configure(t, database, b)

			p := b.start(t, atPace, config)
			if !b.await(len(b.chats)/4, p) {
				t.Fatal("the broadcast was over too soon")
			}
			files := []string{fill(t, disk)}
			p.says(t, stopped, 2) // what was in flight has arrived, and is recorded
			sent := b.sent()
			if sent == len(b.chats) {
				t.Fatal("the broadcast was over before the disk was full")
			}
			if recorded := recordedAsSent(t, database); recorded != len(b.arrived()) {
				t.Errorf("%d arrived and %d are recorded", len(b.arrived()), recorded)
			}
			p.says(t, stopped, 3)
			if killed {
				p.end(t, syscall.SIGKILL)
				files = append(files, fill(t, disk)) // what the ballast has left, too
				p = b.start(t, atPace, config)
				p.says(t, waiting, 2)
			}
			if now := b.sent(); now != sent {
				t.Errorf("%d were sent on a full disk", now-sent)
			}
			for _, file := range files {
				must(t, os.Remove(file))
			}
			b.awaitAll(t, p)
			p.end(t, syscall.SIGTERM)

			lost, duplicates := b.count()
			t.Logf("%d chats, full after %d: %d lost, %d duplicates", len(b.chats), sent, lost, duplicates)
			if lost > 0 || duplicates > 0 {
				t.Errorf("%d lost, %d duplicates", lost, duplicates)
			}
			store, err := storage.Open(t.Context(), "sqlite:"+database)
			must(t, err)
			must(t, store.Check(t.Context()))
			must(t, store.Close())
		})
	}
}

// A process that is started on a full disk, and has no ballast to give up for
// it, waits, and can be ended meanwhile.
func TestStartOnFullDisk(t *testing.T) {
	t.Parallel()
	disk := smallDisk(t, "12m")
	srv := telegramtest.New(t)
	defer srv.Close()
	b := onTelegram(t, srv, 10)
	database := filepath.Join(disk, "s.db")
	enqueue(t, database, b)
	config := configure(t, database, b)
	file := fill(t, disk)
	p := b.start(t, atPace, config)
	p.says(t, waiting, 2)
	p.end(t, syscall.SIGTERM)
	p = b.start(t, atPace, config)
	p.says(t, waiting, 1)
	must(t, os.Remove(file))
	b.awaitAll(t, p)
	p.end(t, syscall.SIGTERM)
	if lost, duplicates := b.count(); lost > 0 || duplicates > 0 {
		t.Errorf("%d lost, %d duplicates", lost, duplicates)
	}
}

// Where the process that was killed left its ballast, the next one takes up what
// that one was sending in the ballast's place: people are answered, and sending
// waits.
func TestStartOnFullDiskWithBallast(t *testing.T) {
	t.Parallel()
	disk := smallDisk(t, "12m")
	srv := telegramtest.New(t, telegramtest.WithLatency(slowly))
	defer srv.Close()
	b := onTelegram(t, srv, 60)
	database := filepath.Join(disk, "s.db")
	enqueue(t, database, b)
	config := configure(t, database, b)
	p := b.start(t, atPace, config)
	if !b.await(10, p) {
		t.Fatal("the broadcast was over too soon")
	}
	p.end(t, syscall.SIGKILL)
	sent := b.sent()
	file := fill(t, disk)
	p = b.start(t, atPace, config)
	p.says(t, stopped, 2)
	if now := b.sent(); now != sent {
		t.Errorf("%d were sent on a full disk", now-sent)
	}
	must(t, os.Remove(file))
	b.awaitAll(t, p)
	p.end(t, syscall.SIGTERM)
	if lost, duplicates := b.count(); lost > 0 || duplicates > workers {
		t.Errorf("%d lost, %d duplicates", lost, duplicates)
	}
}

// recordedAsSent is how many deliveries the database has as sent.
func recordedAsSent(t *testing.T, database string) int {
	t.Helper()
	l, err := storage.OpenToRead(t.Context(), "sqlite:"+database)
	must(t, err)
	defer func() { must(t, l.Close()) }()
	r, err := l.Report(t.Context())
	must(t, err)
	sent := 0
	for _, p := range r.Platforms {
		sent += p.Sent
	}
	return sent
}
