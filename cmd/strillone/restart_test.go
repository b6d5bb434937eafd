package main

import (
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"sync/atomic"
	"syscall"
	"testing"
	"time"

	"github.com/strillone/strillone/bot/telegram"
	"github.com/strillone/strillone/bot/telegram/telegramtest"
	"github.com/strillone/strillone/digest"
	"github.com/strillone/strillone/storage"
)

// BenchmarkRestart kills the real process in the middle of a broadcast, again
// and again, and starts it anew with nearly all of it pending: 100,000
// deliveries, or a million in the long form.
//
//   - first-ms: from the start of the process to the first message that reaches
//     the platform, the median of some restarts
//   - worst-ms: the longest
//   - MiB: the database's size
func BenchmarkRestart(b *testing.B) {
	pending := 100_000
	if long() {
		pending = 1_000_000
	}
	p := newCounter(b)
	database := pendingFor(b, pending, p.url)
	config := filepath.Join(b.TempDir(), "strillone.yaml")
	must(b, os.WriteFile(config, fmt.Appendf(nil, "database: sqlite:%s\ndigest: {schedule: \"0 0 29 2 *\"}\ntelegram: {token: %q, api_url: %q}\n", database, telegramtest.Token, p.url), 0o600))
	for b.Loop() {
		var took []float64
		for i := range 8 {
			p.reset(500)
			began := time.Now()
			run := startProcess(b, atSpeed, config)
			first := p.await(b, p.first, run).Sub(began)
			p.await(b, p.enough, run) // some are recorded, some under way
			must(b, run.cmd.Process.Signal(syscall.SIGKILL))
			<-run.done
			if i > 0 { // the first was no restart
				took = append(took, float64(first.Microseconds())/1000)
			}
		}
		b.ReportMetric(median(took), "first-ms")
		b.ReportMetric(took[len(took)-1], "worst-ms")
	}
	info, err := os.Stat(database)
	must(b, err)
	b.ReportMetric(float64(info.Size())/(1<<20), "MiB")
	b.ReportMetric(0, "ns/op")
}

// counter is a platform that confirms everything and tells when the first
// message came, and when enough of them had.
type counter struct {
	url           string
	sends, target atomic.Int64
	first, enough chan time.Time
}

func newCounter(b *testing.B) *counter {
	c := &counter{first: make(chan time.Time, 1), enough: make(chan time.Time, 1)}
	srv := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		_, _ = io.Copy(io.Discard, r.Body)
		switch _, method, _ := strings.Cut(r.URL.Path[1:], "/"); method {
		case "sendMessage":
			c.sent()
			fmt.Fprint(w, `{"ok":true,"result":{"message_id":1,"date":1772433000,"chat":{"id":1,"type":"private"}}}`)
		case "getMe":
			fmt.Fprint(w, `{"ok":true,"result":{"id":1,"is_bot":true,"first_name":"S","username":"s_bot"}}`)
		case "getUpdates":
			<-r.Context().Done() // nobody writes
		default:
			fmt.Fprint(w, `{"ok":true,"result":true}`)
		}
	}))
	b.Cleanup(srv.Close)
	c.url = srv.URL
	return c
}

func (c *counter) reset(target int64) {
	for _, signal := range []chan time.Time{c.first, c.enough} {
		select {
		case <-signal:
		default:
		}
	}
	c.sends.Store(0)
	c.target.Store(target)
}

func (c *counter) sent() {
	n := c.sends.Add(1)
	for at, signal := range map[int64]chan time.Time{1: c.first, c.target.Load(): c.enough} {
		if n == at {
			select {
			case signal <- time.Now():
			default:
			}
		}
	}
}

func (c *counter) await(b *testing.B, signal chan time.Time, p *process) time.Time {
	b.Helper()
	select {
	case at := <-signal:
		return at
	case <-p.done:
		b.Fatalf("the process ended by itself:\n%s", p.log.String())
	case <-time.After(2 * patience):
		b.Fatal("nothing comes")
	}
	panic("unreachable")
}

// pendingFor is a database with so many deliveries queued. It is made in memory,
// where that is possible, and then put on the disk.
func pendingFor(b *testing.B, n int, url string) string {
	b.Helper()
	made := filepath.Join(inMemory(b), "s.db")
	store, err := storage.Open(b.Context(), "sqlite:"+made)
	must(b, err)
	for i := range n {
		to := digest.Destination{Platform: telegram.Platform, Chat: strconv.Itoa(1_000_000_000 + i)}
		_, _, err := store.Subscribe(b.Context(), to, digest.Italian, time.Now())
		must(b, err)
	}
	adapter := telegram.New(telegram.Config{Token: telegramtest.Token, APIURL: url})
	publish(b, store, telegram.Platform, samplePart(b, adapter), n)
	must(b, store.Close())
	place := filepath.Join(b.TempDir(), "s.db")
	in, err := os.Open(made)
	must(b, err)
	out, err := os.Create(place)
	must(b, err)
	_, err = io.Copy(out, in)
	must(b, errors.Join(err, out.Sync(), in.Close(), out.Close()))
	return place
}
