package delivery

import (
	"context"
	"errors"
	"testing"
	"testing/synctest"
	"time"
)

func TestAuthStopsThePlatform(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		l, s := newLedger(), &chats{latency: 50 * time.Millisecond}
		refuse := true
		s.answer = func(_ context.Context, n int, _ call) error {
			if refuse && n >= 30 {
				return &Failure{Kind: Auth, Err: errSend}
			}
			return nil
		}
		l.queue(1, 1, names(100)...)
		c := testConfig(l, s)
		d := NewDispatcher(c)
		err := d.Run(t.Context())
		if f, ok := errors.AsType[*Failure](err); !ok || f.Kind != Auth {
			t.Fatalf("got %v", err)
		}
		if l.count(Sent) != 30 || l.count(Queued) != 70 {
			t.Errorf("%d sent, %d queued", l.count(Sent), l.count(Queued))
		}
		refuse = false
		ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
		defer cancel()
		must(t, d.Run(ctx))
		if l.count(Sent) != 100 {
			t.Errorf("%d sent after the credentials were mended", l.count(Sent))
		}
	})
}

func TestShutdownRecordsEverything(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		l, s := newLedger(), &chats{latency: 3 * time.Second}
		l.slow = 20 * time.Millisecond
		l.queue(1, 2, names(100)...)
		_, stop := start(t, testConfig(l, s))
		time.Sleep(4 * time.Second)
		asked := time.Now()
		must(t, stop())
		if took := time.Since(asked); took > 5*time.Second {
			t.Errorf("took %s", took)
		}
		if n := l.count(Sending); n != 0 {
			t.Errorf("%d still claimed", n)
		}
		receipts := 0
		for id := range l.rows {
			r := l.row(int64(id + 1))
			receipts += len(r.receipts)
			if r.Attempts+r.Doubts > 0 {
				t.Errorf("%+v", r)
			}
		}
		if n := len(s.arrived()); receipts != n || n == 0 {
			t.Errorf("%d receipts for %d arrivals", receipts, n)
		}
	})
}

func TestShutdownCutsSlowSends(t *testing.T) {
	for _, doubt := range []bool{false, true} {
		synctest.Test(t, func(t *testing.T) {
			l, s := newLedger(), &chats{}
			s.answer = func(ctx context.Context, _ int, _ call) error {
				<-ctx.Done()
				return &Failure{Kind: Transient, Doubt: doubt, Err: ctx.Err()}
			}
			id := l.queue(1, 1, "a")
			_, stop := start(t, testConfig(l, s))
			time.Sleep(time.Second)
			asked := time.Now()
			must(t, stop())
			if took := time.Since(asked); took != 8*time.Second {
				t.Errorf("took %s", took)
			}
			want := 0
			if doubt {
				want = 1
			}
			if r := l.row(id); r.state != Queued || r.Attempts != want || r.Doubts != want {
				t.Errorf("doubt %v: %+v", doubt, r)
			}
		})
	}
}

func TestShutdownWithTheDatabaseDown(t *testing.T) {
	for _, c := range []struct {
		failing int
		lost    bool
	}{{2, false}, {1000, true}} {
		synctest.Test(t, func(t *testing.T) {
			l, s := newLedger(), &chats{latency: time.Second}
			l.queue(1, 1, names(10)...)
			_, stop := start(t, testConfig(l, s))
			time.Sleep(500 * time.Millisecond)
			l.fail(c.failing)
			asked := time.Now()
			err := stop()
			if (err != nil) != c.lost {
				t.Errorf("got %v", err)
			}
			if c.lost == (l.count(Sent) == 10) {
				t.Errorf("%d sent", l.count(Sent))
			}
			if took := time.Since(asked); took > 10*time.Second {
				t.Errorf("took %s", took)
			}
		})
	}
}
