package delivery

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"slices"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"go.uber.org/goleak"

	"github.com/strillone/strillone/digest"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

const platform digest.Platform = "telegram"

// row is a delivery as the ledger holds it.
type row struct {
	Delivery
	state    State
	due      time.Time
	receipts []Receipt
	kind     Kind
	reason   string
	crashes  int // that left it in doubt
}

// ledger is an Outbox in memory, faithful to the contract, with faults.
type ledger struct {
	mu        sync.Mutex
	rows      []*row
	parts     map[int64][]Part
	ended     map[int64]bool // subscriptions deactivated
	failing   int            // exchanges yet to fail
	failed    []time.Time    // when they did
	broken    func() bool    // whether an exchange fails; nil: none
	unread    map[int64]bool // renderings that can't be read
	slow      time.Duration  // of an exchange
	exchanges int
	most      int // deliveries ever claimed at once
	partReads int
	// epoch tells the connections of processes apart: one of an earlier epoch
	// is dead.
	epoch int
}

func newLedger() *ledger {
	return &ledger{parts: make(map[int64][]Part), ended: make(map[int64]bool), unread: make(map[int64]bool)}
}

// queue queues a delivery of the rendering, which gets the given number of
// parts, to each chat, and returns the first one's id.
func (l *ledger) queue(rendering int64, parts int, chats ...string) int64 {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.parts[rendering] = nil
	for i := range parts {
		l.parts[rendering] = append(l.parts[rendering], Part(fmt.Sprintf("%d/%d", rendering, i)))
	}
	first := int64(len(l.rows) + 1)
	for _, c := range chats {
		id := int64(len(l.rows) + 1)
		l.rows = append(l.rows, &row{
			Delivery: Delivery{
				ID: id, Subscription: id, Rendering: rendering,
				Destination: digest.Destination{Platform: platform, Chat: c},
			},
			state: Queued,
			due:   time.Now(),
		})
	}
	return first
}

// connection is a process's hold on the ledger.
type connection struct {
	*ledger
	epoch int
}

func (l *ledger) connect() connection { return connection{l, l.epoch} }

var errDown = errors.New("database is down")

func (c connection) alive() error {
	if c.epoch != c.ledger.epoch {
		return errors.New("the process has died")
	}
	return nil
}

func (c connection) Exchange(ctx context.Context, p digest.Platform, results []Result, now time.Time, limit int) ([]Delivery, error) {
	if c.slow > 0 {
		time.Sleep(c.slow)
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	c.exchanges++
	if err := errors.Join(ctx.Err(), c.alive()); err != nil {
		return nil, err
	}
	if c.failing > 0 {
		c.failing--
		c.failed = append(c.failed, time.Now())
		return nil, errDown
	}
	if c.broken != nil && c.broken() {
		return nil, errDown
	}
	for _, r := range results {
		c.apply(r)
	}
	var due []*row
	for _, r := range c.rows {
		if r.state == Queued && !r.due.After(now) && r.Destination.Platform == p {
			due = append(due, r)
		}
	}
	slices.SortStableFunc(due, func(a, b *row) int {
		if begunA, begunB := a.Part > 0, b.Part > 0; begunA != begunB {
			if begunA {
				return -1
			}
			return 1
		}
		return a.due.Compare(b.due)
	})
	var claimed []Delivery
	for _, r := range due[:min(limit, len(due))] {
		r.state = Sending
		claimed = append(claimed, r.Delivery)
	}
	sending := 0
	for _, r := range c.rows {
		if r.state == Sending {
			sending++
		}
	}
	c.most = max(c.most, sending)
	return claimed, nil
}

func (l *ledger) apply(r Result) {
	at := l.rows[r.Delivery-1]
	if at.state != Sending {
		return
	}
	at.state, at.Part, at.Attempts, at.Doubts = r.State, r.Part, r.Attempts, r.Doubts
	at.due, at.kind, at.reason = r.NextAttempt, r.Kind, r.Reason
	if r.Arrived != nil {
		if r.Arrived.Part != len(at.receipts) {
			panic(fmt.Sprintf("part %d arrived, %d were expected", r.Arrived.Part, len(at.receipts)))
		}
		at.receipts = append(at.receipts, r.Arrived.Receipt)
	}
	if r.Deactivate {
		l.ended[r.Subscription] = true
	}
	if r.MovedTo != nil {
		at.Destination = *r.MovedTo
	}
	if r.Refusals != nil {
		for _, other := range l.rows {
			if other.Destination == at.Destination {
				other.Refusals = *r.Refusals
			}
		}
	}
}

func (c connection) Parts(_ context.Context, rendering int64) ([]Part, error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.partReads++
	if c.unread[rendering] {
		return nil, errDown
	}
	return c.parts[rendering], c.alive()
}

func (c connection) NextAttempt(_ context.Context, p digest.Platform) (time.Time, error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	var next time.Time
	for _, r := range c.rows {
		if r.state == Queued && r.Destination.Platform == p && (next.IsZero() || r.due.Before(next)) {
			next = r.due
		}
	}
	return next, c.alive()
}

func (c connection) Recover(context.Context) (int, error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	n := 0
	for _, r := range c.rows {
		if r.state == Sending {
			r.state = Queued
			r.Doubts++
			r.crashes++
			n++
		}
	}
	return n, c.alive()
}

// reconnect is the start of a process: it recovers what the last one left.
func (l *ledger) reconnect() {
	if _, err := l.connect().Recover(context.Background()); err != nil {
		panic(err)
	}
}

// fail has the next n exchanges fail.
func (l *ledger) fail(n int) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.failing = n
}

// asked is how many exchanges there were.
func (l *ledger) asked() int {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.exchanges
}

// count is how many deliveries are in the state.
func (l *ledger) count(s State) int {
	l.mu.Lock()
	defer l.mu.Unlock()
	n := 0
	for _, r := range l.rows {
		if r.state == s {
			n++
		}
	}
	return n
}

func (l *ledger) row(id int64) row {
	l.mu.Lock()
	defer l.mu.Unlock()
	return *l.rows[id-1]
}

// call is a send as the platform saw it.
type call struct {
	at   time.Time
	chat string
	part string
	key  string
}

// chats is a platform: a Sender that takes latency for each send and answers
// as told.
type chats struct {
	latency time.Duration
	// answer decides what comes of the n-th call, counted from 0; nil: it
	// arrives.
	answer func(ctx context.Context, n int, c call) error

	mu       sync.Mutex
	calls    []call
	arrivals []call
	inFlight int
	most     int
}

func (s *chats) Send(ctx context.Context, m Message) (Receipt, error) {
	s.mu.Lock()
	n, c := len(s.calls), call{time.Now(), m.To.Chat, string(m.Part), m.Key}
	s.calls = append(s.calls, c)
	s.inFlight++
	s.most = max(s.most, s.inFlight)
	s.mu.Unlock()
	defer func() {
		s.mu.Lock()
		s.inFlight--
		s.mu.Unlock()
	}()
	if s.latency > 0 {
		select {
		case <-ctx.Done():
			return "", &Failure{Kind: Transient, Doubt: true, Err: ctx.Err()}
		case <-time.After(s.latency):
		}
	}
	if s.answer != nil {
		if err := s.answer(ctx, n, c); err != nil {
			if f := FailureOf(err); f.Doubt && errors.Is(err, errArrived) {
				s.arrive(c)
			}
			return "", err
		}
	}
	s.arrive(c)
	return Receipt("r" + m.Key), nil
}

// errArrived in a failure with Doubt says that the message did arrive.
var errArrived = errors.New("time-out")

func (s *chats) arrive(c call) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.arrivals = append(s.arrivals, c)
}

// seen are the calls so far.
func (s *chats) seen() []call {
	s.mu.Lock()
	defer s.mu.Unlock()
	return slices.Clone(s.calls)
}

// arrived counts the arrivals by key.
func (s *chats) arrived() map[string]int {
	s.mu.Lock()
	defer s.mu.Unlock()
	n := make(map[string]int)
	for _, c := range s.arrivals {
		n[c.key]++
	}
	return n
}

// names are n chats.
func names(n int) []string {
	list := make([]string, n)
	for i := range list {
		list[i] = fmt.Sprintf("chat%d", i)
	}
	return list
}

func testConfig(l *ledger, s Sender) Config {
	random := rand.New(rand.NewPCG(1, 2))
	return Config{Platform: platform, Outbox: l.connect(), Sender: s, Random: random.Float64}
}

// start runs a Dispatcher; the function it returns stops it and is Run's error.
func start(t *testing.T, c Config) (d *Dispatcher, stop func() error) {
	t.Helper()
	ctx, cancel := context.WithCancel(t.Context())
	d = NewDispatcher(c)
	ended := make(chan error, 1)
	go func() { ended <- d.Run(ctx) }()
	return d, func() error {
		cancel()
		return <-ended
	}
}

// within waits until the condition holds, and fails the test when it doesn't
// in that time.
func within(t *testing.T, limit time.Duration, what string, holds func() bool) time.Duration {
	t.Helper()
	begin := time.Now()
	for !holds() {
		if time.Since(begin) > limit {
			t.Fatalf("not within %s: %s", limit, what)
		}
		time.Sleep(max(10*time.Millisecond, limit/1000))
		synctest.Wait()
	}
	return time.Since(begin)
}

func allSent(l *ledger) func() bool {
	return func() bool { return l.count(Sent) == len(l.rows) }
}

func must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Error(err)
	}
}
