package main

import (
	"bufio"
	"bytes"
	"context"
	"crypto/tls"
	"crypto/x509"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"slices"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"syscall"
	"testing"
	"time"

	"github.com/strillone/strillone/bot"
	"github.com/strillone/strillone/bot/compose"
	"github.com/strillone/strillone/bot/discord"
	"github.com/strillone/strillone/bot/telegram"
	"github.com/strillone/strillone/digest"
	"github.com/strillone/strillone/digest/delivery"
	"github.com/strillone/strillone/digest/markup"
	"github.com/strillone/strillone/storage"
)

const (
	senders = 64
	rounds  = 3
)

// BenchmarkTelegramThroughput and those below deliver a digest without limits,
// with 64 workers, from SQLite with synchronous=FULL, to a server in a process of
// its own that only confirms. Beside it, in turn, a bare net/http loop posts the
// same body to the same server from as many goroutines and decodes the answer:
// what a program could do that remembers nothing. The figures are medians of
// three rounds.
//
//   - ratio: deliveries a second, until the last is recorded, as a part of the
//     bare loop's; 1 would be a ledger for nothing
//   - cpu: this process's CPU time for each message, as a multiple of the bare
//     loop's; the server's isn't in it
//   - connections: opened in a broadcast, at most; senders + 2 at the most
//   - msg/s: what the deliveries came to on this machine
func BenchmarkTelegramThroughput(b *testing.B) { throughput(b, newTelegramRace, false) }

// BenchmarkTelegramThroughputTLS is the same over TLS.
func BenchmarkTelegramThroughputTLS(b *testing.B) { throughput(b, newTelegramRace, true) }

// BenchmarkDiscordThroughput is the same on Discord.
func BenchmarkDiscordThroughput(b *testing.B) { throughput(b, newDiscordRace, false) }

// BenchmarkDiscordThroughputTLS is the same on Discord over TLS.
func BenchmarkDiscordThroughputTLS(b *testing.B) { throughput(b, newDiscordRace, true) }

// race is what a platform's benchmark needs.
type race struct {
	adapter func(url string, t http.RoundTripper) bot.Adapter
	path    string // of the bare loop's request
	header  http.Header
	body    func(part []byte) []byte // of the bare loop's request
	id      func(answer []byte) (string, error)
}

func newTelegramRace() race {
	return race{
		adapter: func(url string, t http.RoundTripper) bot.Adapter {
			return telegram.New(telegram.Config{Token: "1:A", APIURL: url, Transport: t, Log: slog.New(slog.DiscardHandler)})
		},
		path:   "/bot1:A/sendMessage",
		header: http.Header{"Content-Type": {"application/json"}},
		body:   func(part []byte) []byte { return append([]byte(`{"chat_id":"1000000001",`), part[1:]...) },
		id: func(answer []byte) (string, error) {
			var a struct {
				Result struct {
					ID int64 `json:"message_id"`
				} `json:"result"`
			}
			err := json.Unmarshal(answer, &a)
			return strconv.FormatInt(a.Result.ID, 10), err
		},
	}
}

func newDiscordRace() race {
	return race{
		adapter: func(url string, t http.RoundTripper) bot.Adapter {
			return discord.New(discord.Config{Token: "A", APIURL: url, Transport: t, Log: slog.New(slog.DiscardHandler)})
		},
		path:   "/api/v10/channels/1000000001/messages",
		header: http.Header{"Content-Type": {"application/json"}, "Authorization": {"Bot A"}},
		body: func(part []byte) []byte {
			return append([]byte(`{"nonce":"d1a2p0","enforce_nonce":true,`), part[1:]...)
		},
		id: func(answer []byte) (string, error) {
			var a struct {
				ID string `json:"id"`
			}
			err := json.Unmarshal(answer, &a)
			return a.ID, err
		},
	}
}

// cost is what some messages took.
type cost struct{ wall, cpu time.Duration }

func measure(f func()) cost {
	runtime.GC()
	cpu, began := cpuTime(), time.Now()
	f()
	return cost{time.Since(began), cpuTime() - cpu}
}

// cpuTime is what this process has used, children aside.
func cpuTime() time.Duration {
	var u syscall.Rusage
	_ = syscall.Getrusage(syscall.RUSAGE_SELF, &u) // it can't fail
	return time.Duration(u.Utime.Nano() + u.Stime.Nano())
}

func throughput(b *testing.B, platform func() race, tls bool) {
	r := platform()
	n := 5000
	if os.Getenv("STRILLONE_LONG") != "" {
		n = 40_000
	}
	url, transport := startPlatform(b, tls)
	// Over TLS the adapter has to be told of the server's certificate, and with
	// it how many connections to keep; else it is as it comes.
	connect := func() bot.Adapter { return r.adapter(url, nil) }
	if tls {
		connect = func() bot.Adapter { return r.adapter(url, transport()) }
	}
	adapter := connect()
	part := samplePart(b, adapter)
	store := subscribed(b, adapter.Platform(), n)
	var ratios, cpus, rates []float64
	most := 0
	for b.Loop() {
		for round := range rounds {
			bare := measure(func() { r.bare(b, url, transport(), part, n) })
			publish(b, store, adapter.Platform(), part, n)
			before := connections(b, url, transport())
			full := measure(func() { deliverAll(b, store, connect(), n) })
			most = max(most, connections(b, url, transport())-before-1) // less its own
			ratios = append(ratios, float64(bare.wall)/float64(full.wall))
			cpus = append(cpus, float64(full.cpu)/float64(bare.cpu))
			rates = append(rates, float64(n)/full.wall.Seconds())
			b.Logf("round %d: bare %.0f/s, %s of CPU each; delivered %.0f/s, %s", round,
				float64(n)/bare.wall.Seconds(), bare.cpu/time.Duration(n), rates[len(rates)-1], full.cpu/time.Duration(n))
		}
	}
	b.ReportMetric(median(ratios), "ratio")
	b.ReportMetric(median(cpus), "cpu")
	b.ReportMetric(median(rates), "msg/s")
	b.ReportMetric(float64(most), "connections")
	b.ReportMetric(0, "ns/op")
}

func median(all []float64) float64 {
	slices.Sort(all)
	return all[len(all)/2]
}

// startPlatform starts the server, and returns its address and what makes
// transports to it, tuned as the adapters' own are.
func startPlatform(b *testing.B, secure bool) (string, func() *http.Transport) {
	b.Helper()
	cmd := exec.CommandContext(b.Context(), "platform")
	if secure {
		cmd.Env = append(os.Environ(), secured+"=1")
	}
	stdin, err := cmd.StdinPipe()
	must(b, err)
	stdout, err := cmd.StdoutPipe()
	must(b, err)
	must(b, cmd.Start())
	b.Cleanup(func() {
		_ = stdin.Close()
		_ = cmd.Wait()
	})
	line, err := bufio.NewReader(stdout).ReadString('\n')
	must(b, err)
	url, certificate, _ := strings.Cut(strings.TrimSpace(line), " ")
	der, err := base64.StdEncoding.DecodeString(certificate)
	must(b, err)
	roots := x509.NewCertPool()
	if len(der) > 0 {
		c, err := x509.ParseCertificate(der)
		must(b, err)
		roots.AddCert(c)
	}
	return url, func() *http.Transport {
		t := &http.Transport{
			TLSClientConfig:     &tls.Config{RootCAs: roots},
			MaxConnsPerHost:     senders,
			MaxIdleConnsPerHost: senders,
		}
		b.Cleanup(t.CloseIdleConnections)
		return t
	}
}

func connections(b *testing.B, url string, t *http.Transport) int {
	b.Helper()
	request, err := http.NewRequestWithContext(b.Context(), http.MethodGet, url+"/connections", nil)
	must(b, err)
	response, err := t.RoundTrip(request)
	must(b, err)
	defer response.Body.Close()
	body, err := io.ReadAll(response.Body)
	must(b, err)
	n, err := strconv.Atoi(string(body))
	must(b, err)
	return n
}

// bare posts the part n times and decodes the answers.
func (r race) bare(b *testing.B, url string, t *http.Transport, part []byte, n int) {
	c := &http.Client{Transport: t}
	body := r.body(part)
	left := atomic.Int64{}
	left.Store(int64(n))
	var all sync.WaitGroup
	for range senders {
		all.Go(func() {
			for left.Add(-1) >= 0 {
				if err := r.post(b.Context(), c, url+r.path, body); err != nil {
					b.Error(err)
					return
				}
			}
		})
	}
	all.Wait()
}

func (r race) post(ctx context.Context, c *http.Client, url string, body []byte) error {
	request, err := http.NewRequestWithContext(ctx, http.MethodPost, url, bytes.NewReader(body))
	if err != nil {
		return err
	}
	request.Header = r.header.Clone()
	response, err := c.Do(request)
	if err != nil {
		return err
	}
	defer response.Body.Close()
	answer, err := io.ReadAll(response.Body)
	if err != nil {
		return err
	}
	id, err := r.id(answer)
	if err == nil && (id == "" || id == "0") {
		err = errors.New("not confirmed")
	}
	return err
}

// counted is an adapter that says when it has sent n parts.
type counted struct {
	delivery.Sender
	left atomic.Int64
	done func()
}

func (c *counted) Send(ctx context.Context, m delivery.Message) (delivery.Receipt, error) {
	receipt, err := c.Sender.Send(ctx, m)
	if err == nil && c.left.Add(-1) == 0 {
		c.done()
	}
	return receipt, err
}

// deliverAll sends all that is queued and returns when it is recorded.
func deliverAll(b *testing.B, store storage.Store, a bot.Adapter, n int) {
	ctx, stop := context.WithCancel(b.Context())
	defer stop()
	sender := &counted{Sender: a, done: stop}
	sender.left.Store(int64(n))
	d := delivery.NewDispatcher(delivery.Config{
		Platform: a.Platform(), Outbox: store, Sender: sender, Workers: senders,
		Log: slog.New(slog.NewTextHandler(io.Discard, &slog.HandlerOptions{Level: slog.LevelInfo})),
	})
	must(b, d.Run(ctx))
	if left := sender.left.Load(); left != 0 {
		b.Fatalf("%d of %d not delivered", left, n)
	}
	next, err := store.NextAttempt(b.Context(), a.Platform())
	must(b, err)
	if !next.IsZero() {
		b.Fatal("some are still queued")
	}
}

// subscribed is a database with n subscriptions.
func subscribed(b *testing.B, p digest.Platform, n int) storage.Store {
	b.Helper()
	store, err := storage.Open(b.Context(), "sqlite:"+filepath.Join(b.TempDir(), "s.db"))
	must(b, err)
	b.Cleanup(func() { must(b, store.Close()) })
	for i := range n {
		to := digest.Destination{Platform: p, Chat: strconv.Itoa(1_000_000_000 + i)}
		_, _, err := store.Subscribe(b.Context(), to, digest.Italian, time.Now())
		must(b, err)
	}
	_, err = store.Recover(b.Context())
	must(b, err)
	return store
}

// samplePart is the samples' digest as the adapter renders it.
func samplePart(b *testing.B, a bot.Adapter) delivery.Part {
	b.Helper()
	store, err := storage.Open(b.Context(), "sqlite:"+filepath.Join(b.TempDir(), "samples.db"))
	must(b, err)
	defer store.Close()
	must(b, publishSamples(b.Context(), store))
	articles, err := store.Latest(b.Context(), 0, 10)
	must(b, err)
	parts, err := a.Render(compose.Writer{}.Digest(digest.Digest{Title: "Strillone", Articles: articles}, digest.Italian, digest.Short))
	must(b, err)
	if len(parts) != 1 {
		b.Fatalf("%d parts", len(parts))
	}
	return parts[0]
}

// publish queues the part for every subscription.
func publish(b *testing.B, store storage.Store, p digest.Platform, part delivery.Part, n int) {
	b.Helper()
	number, err := store.Newest(b.Context())
	must(b, err)
	c := digest.Content{Title: fmt.Sprintf("Articolo %d", number+1)}
	draft, err := store.SaveDraft(b.Context(), c, "import", time.Now())
	must(b, err)
	_, _, err = store.PublishDraft(b.Context(), draft.ID, time.Now())
	must(b, err)
	publisher := delivery.NewPublisher(delivery.PublisherConfig{
		Editions: store, Composer: compose.Writer{}, Renderers: map[digest.Platform]delivery.Renderer{p: always(part)},
	})
	summary, err := publisher.Publish(b.Context(), time.Now())
	must(b, err)
	if summary.Deliveries != n {
		b.Fatalf("%d queued", summary.Deliveries)
	}
}

// always renders everything as one part.
type always delivery.Part

func (a always) Render(markup.Doc) ([]delivery.Part, error) {
	return []delivery.Part{delivery.Part(a)}, nil
}
