// Tests of a disk that fills while deliveries are sent. SQLite's own limit of
// pages stands in for the disk, which works on any machine.

package sqlite

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"github.com/strillone/strillone/digest"
	"github.com/strillone/strillone/digest/delivery"
)

// limitPages lets the database grow by so many pages.
func limitPages(t *testing.T, s *Store, more int) {
	t.Helper()
	var pages int
	if err := s.write.QueryRowContext(t.Context(), `PRAGMA page_count`).Scan(&pages); err != nil {
		t.Fatal(err)
	}
	if _, err := s.write.ExecContext(t.Context(), fmt.Sprintf(`PRAGMA max_page_count = %d`, pages+more)); err != nil {
		t.Fatal(err)
	}
}

// receipt is long, so that receipts soon fill a page.
var receipt = delivery.Receipt(strings.Repeat("1", 100))

// crier is a platform. It looks at every send whether the database, as others
// see it, says that the delivery is being sent.
type crier struct {
	t     *testing.T
	store *Store

	mu   sync.Mutex
	sent map[string]int
}

func (c *crier) Send(ctx context.Context, m delivery.Message) (delivery.Receipt, error) {
	var state int
	err := c.store.read.QueryRowContext(ctx, `SELECT d.state FROM delivery d JOIN subscription s ON s.id = d.subscription
		WHERE s.chat = ?`, m.To.Chat).Scan(&state)
	if err != nil || state != 1 {
		c.t.Errorf("sent in state %d, %v", state, err)
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	c.sent[m.To.Chat+" "+string(m.Part)]++
	return receipt, nil
}

func (c *crier) sends() int {
	c.mu.Lock()
	defer c.mu.Unlock()
	return len(c.sent)
}

// outbox tells of every Exchange how it ended.
type outbox struct {
	*Store
	ended chan error
}

func (o outbox) Exchange(ctx context.Context, p digest.Platform, results []delivery.Result, now time.Time, limit int) ([]delivery.Delivery, error) {
	claimed, err := o.Store.Exchange(ctx, p, results, now, limit)
	select {
	case o.ended <- err:
	case <-ctx.Done():
	}
	return claimed, err
}

// TestFullWhileSending: sending stops, results wait until they can be written,
// and without a restart everything goes out, nothing twice.
func TestFullWhileSending(t *testing.T) {
	const chats = 300
	s := openAt(t, filepath.Join(t.TempDir(), "s.db"))
	fill(t, s, chats)
	if _, err := s.Recover(t.Context()); err != nil {
		t.Fatal(err)
	}
	publish(t, s, monday, nil)
	limitPages(t, s, 2)
	c := &crier{t: t, store: s, sent: make(map[string]int)}
	o := outbox{s, make(chan error)}
	d := delivery.NewDispatcher(delivery.Config{Platform: "telegram", Outbox: o, Sender: c})
	ctx, stop := context.WithCancel(t.Context())
	ended := make(chan error)
	go func() { ended <- d.Run(ctx) }()

	failures, atFailure := 0, 0
	timeout := time.After(time.Minute)
	for c.sends() < 2*chats {
		select {
		case err := <-o.ended:
			if err == nil {
				continue
			}
			failures++
			if !errors.Is(err, syscall.ENOSPC) {
				t.Fatal(err)
			}
			if _, err := os.Stat(s.path + ".ballast"); err == nil {
				t.Error("full, and the ballast is still there")
			}
			if failures == 1 {
				atFailure = c.sends()
				continue
			}
			// A second later: what was under way has ended, nothing was begun.
			if more := c.sends() - atFailure; more > 16 {
				t.Errorf("%d sends while nothing can be recorded", more)
			}
			limitPages(t, s, 1000)
		case <-timeout:
			t.Fatalf("%d of %d sent", c.sends(), 2*chats)
		}
	}
	stop()
	for running := true; running; {
		select {
		case <-o.ended:
		case err := <-ended:
			running = false
			if err != nil {
				t.Error(err)
			}
		}
	}
	if failures < 2 {
		t.Error("it never was full")
	}
	for what, n := range c.sent {
		if n != 1 {
			t.Errorf("%s sent %d times", what, n)
		}
	}
	var unfinished int
	if err := s.read.QueryRowContext(t.Context(), `SELECT count(*) FROM delivery WHERE state != 2`).Scan(&unfinished); err != nil || unfinished > 0 {
		t.Errorf("%d deliveries not recorded as sent, %v", unfinished, err)
	}
	if info, err := os.Stat(s.path + ".ballast"); err != nil || info.Size() != ballastSize {
		t.Errorf("the ballast isn't back: %v", err)
	}
	t.Logf("%d parts to %d chats; full after %d sends: 0 lost, 0 duplicates", 2*chats, chats, atFailure)
}

// TestTheBallastMakesRoom: where the space it leaves is enough, results are
// recorded, though nothing is claimed.
func TestTheBallastMakesRoom(t *testing.T) {
	s := openAt(t, filepath.Join(t.TempDir(), "s.db"))
	fill(t, s, 10)
	if _, err := s.Recover(t.Context()); err != nil {
		t.Fatal(err)
	}
	publish(t, s, monday, nil)
	claimed, err := s.Exchange(t.Context(), "telegram", nil, monday, 1)
	if err != nil || len(claimed) != 1 {
		t.Fatal(claimed, err)
	}
	// As if it had been dropped, and its space were taken: by a folder, which
	// can't be written over.
	s.dropBallast()
	if err := os.Mkdir(s.path+".ballast", 0o700); err != nil {
		t.Fatal(err)
	}
	results := []delivery.Result{{Delivery: claimed[0].ID, Subscription: claimed[0].Subscription, State: delivery.Sent, Part: 2}}
	if claimed, err := s.Exchange(t.Context(), "telegram", results, monday, 1); err == nil || claimed != nil {
		t.Errorf("claimed %v without ballast: %v", claimed, err)
	}
	var recorded int
	if err := s.read.QueryRowContext(t.Context(), `SELECT count(*) FROM delivery WHERE state = 2`).Scan(&recorded); err != nil || recorded != 1 {
		t.Errorf("%d results recorded, %v", recorded, err)
	}
	if err := os.Remove(s.path + ".ballast"); err != nil {
		t.Fatal(err)
	}
	if claimed, err := s.Exchange(t.Context(), "telegram", results, monday, 1); err != nil || len(claimed) != 1 {
		t.Errorf("claimed %v with space again: %v", claimed, err)
	}
}
