// Arrivals: the results that a broadcast is full of, written down together.

package sqlite

import (
	"encoding/json"
	"errors"
	"strconv"

	"github.com/strillone/strillone/digest/delivery"
)

// arrivals are deliveries of which the same part arrived at the first attempt
// that counts: nothing but the receipt tells them apart.
type arrivals struct {
	state    delivery.State // Sent, or Queued for the next part
	part     int            // that arrived
	ids      []int64
	receipts []byte // a JSON object: the receipt by delivery
}

// sorted takes the arrivals out of results.
func sorted(results []delivery.Result) (all []arrivals, others []delivery.Result) {
	for _, r := range results {
		if !arrived(r) {
			others = append(others, r)
			continue
		}
		i := 0
		for i < len(all) && (all[i].state != r.State || all[i].part != r.Arrived.Part) {
			i++
		}
		if i == len(all) {
			all = append(all, arrivals{state: r.State, part: r.Arrived.Part, receipts: []byte{'{'}})
		}
		all[i].add(r.Delivery, r.Arrived.Receipt)
	}
	for i := range all {
		all[i].receipts = append(all[i].receipts, '}')
	}
	return all, others
}

// arrived says whether a result is an arrival and nothing else.
func arrived(r delivery.Result) bool {
	return r.Arrived != nil && r.State != delivery.Failed && r.Part == r.Arrived.Part+1 &&
		r.Attempts == 0 && r.Doubts == 0 && r.NextAttempt.IsZero() && r.Kind == "" && r.Reason == "" &&
		!r.Deactivate && r.MovedTo == nil && r.Refusals == nil
}

func (a *arrivals) add(id int64, receipt delivery.Receipt) {
	if len(a.ids) > 0 {
		a.receipts = append(a.receipts, ',')
	}
	a.ids = append(a.ids, id)
	a.receipts = append(a.receipts, '"')
	a.receipts = strconv.AppendInt(a.receipts, id, 10)
	a.receipts = append(a.receipts, '"', ':')
	quoted, _ := json.Marshal(string(receipt)) // a string always can be
	a.receipts = append(a.receipts, quoted...)
}

// errRepetition says that some of the deliveries aren't Sending: the Exchange is
// a repetition, and its results have to be looked at one by one.
var errRepetition = errors.New("recorded before")

// advance writes arrivals down.
func (e exchange) advance(a arrivals) error {
	receipts := string(a.receipts)
	n, err := e.exec(advanceAll, receipts, states[a.state], a.part+1)
	if err != nil {
		return err
	}
	if n != int64(len(a.ids)) {
		return errRepetition
	}
	if _, err := e.exec(arriveAll, receipts, a.part); err != nil || a.state == delivery.Sent {
		return err
	}
	_, err = e.exec(dropAll, receipts)
	return err
}
