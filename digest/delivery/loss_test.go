// Tests of destinations that take no messages any more.

package delivery

import (
	"context"
	"slices"
	"testing"
	"testing/synctest"
	"time"
)

// TestLossIsTold: digest after digest fails; the first time and the last are
// told, and what arrives in between begins the count anew.
func TestLossIsTold(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		l := newLedger()
		refuse := []bool{true, true, false, true, true, true}
		s := &chats{answer: func(_ context.Context, n int, _ call) error {
			if refuse[n] {
				return &Failure{Kind: AccessLost, Err: errSend}
			}
			return nil
		}}
		var told []Loss
		c := testConfig(l, s)
		c.GiveUpAfter = 3
		c.Lost = func(loss Loss) { told = append(told, loss) }
		d, stop := start(t, c)
		for i := range refuse {
			l.queue(int64(i+1), 1, "a")
			l.rows[i].Refusals = l.rows[max(i-1, 0)].Refusals
			d.Wake()
			within(t, time.Minute, "another digest settled", func() bool { return l.count(Failed)+l.count(Sent) == i+1 })
		}
		must(t, stop())
		want := []Loss{
			{Subscription: 1, Destination: to("a"), Refusals: 1},
			{Subscription: 4, Destination: to("a"), Refusals: 1},
			{Subscription: 6, Destination: to("a"), Refusals: 3, GivenUp: true},
		}
		if !slices.Equal(told, want) || len(l.ended) != 1 || !l.ended[6] {
			t.Errorf("told %+v, ended %v", told, l.ended)
		}
	})
}
