// Report: how the last broadcast's deliveries stand, for people to see.

package delivery

import (
	"context"
	"time"

	"github.com/strillone/strillone/digest"
)

// Reporter is what a database tells of the deliveries.
type Reporter interface {
	// Report is how the last broadcast stands, and how many active subscriptions
	// there are. It is quick however many there are.
	Report(ctx context.Context) (Report, error)
}

// Report is how a broadcast stands: the editions that followed one another while
// some of their deliveries were still to go, a day at the most. With readers of
// many hours the last edition alone would say little: the seven who are served at
// a quarter to eight would hide the thousands of half past seven.
type Report struct {
	// Slot is the scheduled time of the broadcast's first edition, and At when it
	// was published; zero before the first.
	Slot, At time.Time
	// Platforms are those with deliveries or subscriptions, by name.
	Platforms []PlatformReport
}

// PlatformReport is a platform's part of a Report.
type PlatformReport struct {
	Platform      digest.Platform
	Subscriptions int // active ones
	Queued        int
	Sending       int
	Sent          int
	// Doubts are the deliveries with an attempt whose outcome stayed unknown,
	// whatever became of them since.
	Doubts int
	// Failures are why deliveries were given up, the most frequent first.
	Failures []Reason
}

// Reason is why deliveries were given up.
type Reason struct {
	Kind  Kind
	Count int
	Words string // the most frequent ones; for operators
}

// Failed is the number of deliveries given up.
func (p PlatformReport) Failed() int {
	n := 0
	for _, f := range p.Failures {
		n += f.Count
	}
	return n
}

// ToGo is the number of deliveries that haven't ended.
func (p PlatformReport) ToGo() int { return p.Queued + p.Sending }

// Deliveries is the number of all deliveries.
func (p PlatformReport) Deliveries() int { return p.ToGo() + p.Sent + p.Failed() }

// Total is the sum over all platforms, without failures by kind: they are one
// Reason.
func (r Report) Total() PlatformReport {
	var t PlatformReport
	failed := 0
	for _, p := range r.Platforms {
		t.Subscriptions += p.Subscriptions
		t.Queued += p.Queued
		t.Sending += p.Sending
		t.Sent += p.Sent
		t.Doubts += p.Doubts
		failed += p.Failed()
	}
	if failed > 0 {
		t.Failures = []Reason{{Count: failed}}
	}
	return t
}

// Remaining is how long the deliveries to go will take at the rate they have
// ended so far, or, before the first has, at so many a second; 0 when that isn't
// known either, and when none is to go.
func (p PlatformReport) Remaining(elapsed time.Duration, perSecond float64) time.Duration {
	if ended := p.Sent + p.Failed(); ended > 0 && elapsed > 0 {
		perSecond = float64(ended) / elapsed.Seconds()
	}
	if perSecond <= 0 {
		return 0
	}
	return time.Duration(float64(p.ToGo()) / perSecond * float64(time.Second))
}
