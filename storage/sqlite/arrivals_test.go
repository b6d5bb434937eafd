// Tests of what is recorded together.

package sqlite

import (
	"path/filepath"
	"strconv"
	"testing"

	"github.com/strillone/strillone/digest/delivery"
)

// TestARepetitionCountsNothingTwice: of results that come again only those are
// recorded that weren't, whatever stands beside them.
func TestARepetitionCountsNothingTwice(t *testing.T) {
	s := openAt(t, filepath.Join(t.TempDir(), "s.db"))
	fill(t, s, 4)
	if n := publish(t, s, monday, nil); n != 4 {
		t.Fatal(n)
	}
	claimed, err := s.Exchange(t.Context(), "telegram", nil, monday, 3)
	if err != nil || len(claimed) != 3 {
		t.Fatal(claimed, err)
	}
	var results []delivery.Result
	for _, d := range claimed {
		results = append(results, delivery.Result{
			Delivery: d.ID, Subscription: d.Subscription, State: delivery.Sent, Part: 1,
			Arrived: &delivery.Arrival{Part: 0, Receipt: delivery.Receipt("n. " + strconv.FormatInt(d.ID, 10) + ` "<é>`)},
		})
	}
	for _, again := range [][]delivery.Result{results[:2], results, results} {
		if _, err := s.Exchange(t.Context(), "telegram", again, monday, 0); err != nil {
			t.Fatal(err)
		}
	}
	r, err := s.Report(t.Context())
	if total := r.Total(); err != nil || total.Sent != 3 || total.Sending != 0 || total.Queued != 1 {
		t.Errorf("%+v, %v", total, err)
	}
	for _, want := range results {
		var receipt string
		err := s.read.QueryRowContext(t.Context(), `SELECT message FROM receipt WHERE delivery = ? AND part = 0`, want.Delivery).Scan(&receipt)
		if err != nil || receipt != string(want.Arrived.Receipt) {
			t.Errorf("%q, %v; want %q", receipt, err, want.Arrived.Receipt)
		}
	}
}
