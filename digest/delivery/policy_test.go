package delivery

import (
	"errors"
	"math"
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	"github.com/google/go-cmp/cmp"

	"github.com/strillone/strillone/digest"
)

func TestSettle(t *testing.T) {
	now := time.Date(2026, 7, 1, 7, 30, 0, 0, time.UTC)
	cause := errors.New("cause")
	elsewhere := &digest.Destination{Platform: platform, Chat: "-100"}
	claimed := Delivery{ID: 7, Subscription: 8, Destination: to("a"), Rendering: 9, Part: 1}
	refusals := func(n int) *int { return &n }
	refusedBefore := func(n int) Delivery {
		d := claimed
		d.Refusals = n
		return d
	}
	with := func(attempts, doubts int) Delivery {
		d := claimed
		d.Attempts, d.Doubts = attempts, doubts
		return d
	}
	for _, c := range []struct {
		name  string
		d     Delivery
		o     outcome
		doubt DoubtPolicy
		want  Result
	}{
		{"a part of several", with(3, 1), outcome{receipt: "r", parts: 3}, "",
			Result{State: Queued, Part: 2, Arrived: &Arrival{1, "r"}}},
		{"the last part", with(3, 1), outcome{receipt: "r", parts: 2}, "",
			Result{State: Sent, Part: 2, Arrived: &Arrival{1, "r"}}},

		{"transient", claimed, outcome{failure: &Failure{Kind: Transient}}, "",
			Result{State: Queued, Part: 1, Attempts: 1, NextAttempt: now.Add(time.Second), Kind: Transient, Reason: "cause"}},
		{"unknown kind", claimed, outcome{failure: &Failure{Kind: "odd"}}, "",
			Result{State: Queued, Part: 1, Attempts: 1, NextAttempt: now.Add(time.Second), Kind: Transient, Reason: "cause"}},
		{"transient, fifth", with(4, 0), outcome{failure: &Failure{Kind: Transient}}, "",
			Result{State: Queued, Part: 1, Attempts: 5, NextAttempt: now.Add(16 * time.Second), Kind: Transient, Reason: "cause"}},
		{"transient, eleventh", with(10, 0), outcome{failure: &Failure{Kind: Transient}}, "",
			Result{State: Queued, Part: 1, Attempts: 11, NextAttempt: now.Add(450 * time.Second), Kind: Transient, Reason: "cause"}},
		{"transient, twelfth", with(11, 0), outcome{failure: &Failure{Kind: Transient}}, "",
			Result{State: Failed, Part: 1, Attempts: 12, Kind: Transient, Reason: "given up after 12 attempts: cause"}},
		{"transient with a greater wait", claimed, outcome{failure: &Failure{Kind: Transient, RetryAfter: time.Hour}}, "",
			Result{State: Queued, Part: 1, Attempts: 1, NextAttempt: now.Add(time.Hour), Kind: Transient, Reason: "cause"}},
		{"transient with a lesser wait", claimed, outcome{failure: &Failure{Kind: Transient, RetryAfter: time.Millisecond}}, "",
			Result{State: Queued, Part: 1, Attempts: 1, NextAttempt: now.Add(time.Second), Kind: Transient, Reason: "cause"}},
		{"transient, platform down", with(4, 0), outcome{failure: &Failure{Kind: Transient}, platformDown: true}, "",
			Result{State: Queued, Part: 1, Attempts: 4, NextAttempt: now.Add(8 * time.Second), Kind: Transient, Reason: "cause"}},

		{"doubt", claimed, outcome{failure: &Failure{Kind: Transient, Doubt: true}}, PreferDuplicate,
			Result{State: Queued, Part: 1, Attempts: 1, Doubts: 1, NextAttempt: now.Add(time.Second), Kind: Transient, Reason: "cause"}},
		{"doubt, again", with(5, 1), outcome{failure: &Failure{Kind: Transient, Doubt: true}}, PreferDuplicate,
			Result{State: Failed, Part: 1, Attempts: 6, Doubts: 2, Kind: Transient, Reason: "may have arrived, twice sent and never confirmed: cause"}},
		{"doubt, rather lost", claimed, outcome{failure: &Failure{Kind: Transient, Doubt: true}}, PreferLoss,
			Result{State: Failed, Part: 1, Attempts: 1, Doubts: 1, Kind: Transient, Reason: "may have arrived, and is not sent again: cause"}},
		{"doubt, platform down", claimed, outcome{failure: &Failure{Kind: Transient, Doubt: true}, platformDown: true}, PreferDuplicate,
			Result{State: Queued, Part: 1, Attempts: 1, Doubts: 1, NextAttempt: now.Add(time.Second), Kind: Transient, Reason: "cause"}},
		{"no doubt after a doubt", with(1, 1), outcome{failure: &Failure{Kind: Transient}}, PreferDuplicate,
			Result{State: Queued, Part: 1, Attempts: 2, Doubts: 1, NextAttempt: now.Add(2 * time.Second), Kind: Transient, Reason: "cause"}},

		{"rate-limited", with(2, 1), outcome{failure: &Failure{Kind: RateLimited, RetryAfter: 3 * time.Hour}}, "",
			Result{State: Queued, Part: 1, Attempts: 2, Doubts: 1, NextAttempt: now.Add(3 * time.Hour), Kind: RateLimited, Reason: "cause"}},
		{"rate-limited for a moment", claimed, outcome{failure: &Failure{Kind: RateLimited, RetryAfter: 300 * time.Millisecond}}, "",
			Result{State: Queued, Part: 1, NextAttempt: now.Add(300 * time.Millisecond), Kind: RateLimited, Reason: "cause"}},
		{"rate-limited, not told how long", claimed, outcome{failure: &Failure{Kind: RateLimited}}, "",
			Result{State: Queued, Part: 1, NextAttempt: now.Add(2 * time.Second), Kind: RateLimited, Reason: "cause"}},

		{"gone", claimed, outcome{failure: &Failure{Kind: Gone}}, "",
			Result{State: Failed, Part: 1, Kind: Gone, Reason: "cause", Deactivate: true}},
		{"access lost", claimed, outcome{failure: &Failure{Kind: AccessLost}}, "",
			Result{State: Failed, Part: 1, Kind: AccessLost, Reason: "cause", Refusals: refusals(1)}},
		{"access lost, fourth digest", refusedBefore(3), outcome{failure: &Failure{Kind: AccessLost}}, "",
			Result{State: Failed, Part: 1, Kind: AccessLost, Reason: "cause", Refusals: refusals(4)}},
		{"access lost, fifth digest", refusedBefore(4), outcome{failure: &Failure{Kind: AccessLost}}, "",
			Result{State: Failed, Part: 1, Kind: AccessLost, Reason: "given up after 5 digests in a row: cause", Refusals: refusals(5), Deactivate: true}},
		{"access lost, more often than is waited for now", refusedBefore(40), outcome{failure: &Failure{Kind: AccessLost}}, "",
			Result{State: Failed, Part: 1, Kind: AccessLost, Reason: "given up after 41 digests in a row: cause", Refusals: refusals(41), Deactivate: true}},
		{"access regained", refusedBefore(4), outcome{receipt: "r", parts: 3}, "",
			Result{State: Queued, Part: 2, Arrived: &Arrival{1, "r"}, Refusals: refusals(0)}},
		{"gone after access was lost", refusedBefore(2), outcome{failure: &Failure{Kind: Gone}}, "",
			Result{State: Failed, Part: 1, Kind: Gone, Reason: "cause", Deactivate: true}},
		{"transient after access was lost", refusedBefore(2), outcome{failure: &Failure{Kind: Transient}}, "",
			Result{State: Queued, Part: 1, Attempts: 1, NextAttempt: now.Add(time.Second), Kind: Transient, Reason: "cause"}},
		{"rejected", claimed, outcome{failure: &Failure{Kind: Rejected}}, "",
			Result{State: Failed, Part: 1, Kind: Rejected, Reason: "cause"}},
		{"auth", with(2, 1), outcome{failure: &Failure{Kind: Auth}}, "",
			Result{State: Queued, Part: 1, Attempts: 2, Doubts: 1, Kind: Auth, Reason: "cause"}},

		{"moved", claimed, outcome{failure: &Failure{Kind: Moved, MovedTo: elsewhere}}, "",
			Result{State: Queued, Part: 1, Attempts: 3, Kind: Moved, Reason: "cause", MovedTo: elsewhere}},
		{"moved, third", with(6, 0), outcome{failure: &Failure{Kind: Moved, MovedTo: elsewhere}}, "",
			Result{State: Queued, Part: 1, Attempts: 9, Kind: Moved, Reason: "cause", MovedTo: elsewhere}},
		{"moved, fourth", with(9, 0), outcome{failure: &Failure{Kind: Moved, MovedTo: elsewhere}}, "",
			Result{State: Failed, Part: 1, Attempts: 12, Kind: Moved, Reason: "moved again and again: cause", MovedTo: elsewhere}},
		{"moved nowhere", claimed, outcome{failure: &Failure{Kind: Moved}}, "",
			Result{State: Queued, Part: 1, Attempts: 1, NextAttempt: now.Add(time.Second), Kind: Transient, Reason: "cause"}},
	} {
		t.Run(c.name, func(t *testing.T) {
			if c.o.failure != nil {
				c.o.failure.Err = cause
			}
			c.want.Delivery, c.want.Subscription = 7, 8
			if diff := cmp.Diff(c.want, settle(c.d, c.o, c.doubt, 5, now, 0.5)); diff != "" {
				t.Error(diff)
			}
		})
	}
}

func TestBackoffIsBounded(t *testing.T) {
	var most time.Duration
	for n := range 100 {
		for _, random := range []float64{0, 0.5, math.Nextafter(1, 0)} {
			wait := backoff(n, random)
			if wait < 0 || wait > longestWait {
				t.Errorf("backoff(%d, %v) is %s", n, random, wait)
			}
		}
		if n > 0 && n < maxAttempts {
			most += backoff(n, math.Nextafter(1, 0))
		}
	}
	if most > 48*time.Minute {
		t.Errorf("%s at most", most)
	}
}

func TestReasonIsFitForADatabase(t *testing.T) {
	f := &Failure{Kind: Rejected, Err: errors.New("a\x00b\xff" + strings.Repeat("è", 400))}
	got := reason(f)
	if len(got) > maxReason || !utf8.ValidString(got) || strings.Contains(got, "\x00") || !strings.HasPrefix(got, "ab") {
		t.Errorf("%q", got)
	}
	if got := reason(&Failure{Kind: Gone}); got != "gone" {
		t.Errorf("%q", got)
	}
}

func TestKey(t *testing.T) {
	if got := Key(math.MaxInt64, 999); len(got) > maxKey {
		t.Errorf("%s has %d characters", got, len(got))
	}
	seen := make(map[string]bool)
	for id := range int64(500) {
		for part := range 40 {
			key := Key(id, part)
			if seen[key] || key != Key(id, part) {
				t.Errorf("%s", key)
			}
			seen[key] = true
		}
	}
}

// A refusal that the platform answered is of one destination, however often it
// comes, and it ends an outage.
func TestOutageAndAnswers(t *testing.T) {
	now := time.Date(2026, 7, 1, 7, 30, 0, 0, time.UTC)
	var o outage
	for range 20 {
		o.observe(Delivery{}, &Failure{Kind: Transient, Answered: true}, now)
	}
	if o.down() {
		t.Error("a platform that answers is taken to be down")
	}
	for range outageAfter {
		o.observe(Delivery{}, &Failure{Kind: Transient}, now)
	}
	if o.observe(Delivery{Attempts: 1}, &Failure{Kind: Transient, Answered: true}, now); o.down() {
		t.Error("still down although the platform answered")
	}
}

func TestOutage(t *testing.T) {
	now := time.Date(2026, 7, 1, 7, 30, 0, 0, time.UTC)
	down := &Failure{Kind: Transient}
	var o outage
	for range 100 {
		o.observe(Delivery{Attempts: 1}, down, now)
	}
	if o.down() {
		t.Error("one destination that fails again and again looks like an outage")
	}
	for range outageAfter {
		o.observe(Delivery{}, down, now)
	}
	if !o.down() || o.until.Sub(now) != firstProbe {
		t.Errorf("down %v, probe in %s", o.down(), o.until.Sub(now))
	}
	o.observe(Delivery{}, down, now) // was under way
	if o.until.Sub(now) != firstProbe {
		t.Errorf("probe in %s", o.until.Sub(now))
	}
	for range 20 {
		now = o.until
		o.observe(Delivery{Attempts: 1}, down, now)
	}
	if o.until.Sub(now) != longestProbe {
		t.Errorf("probe in %s", o.until.Sub(now))
	}
	o.observe(Delivery{}, &Failure{Kind: Gone}, now)
	if o.down() || o.until.After(now) {
		t.Error("still down although the platform answered")
	}
}
