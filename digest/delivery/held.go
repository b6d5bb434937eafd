// held: the claimed deliveries that are not under way yet.

package delivery

import (
	"container/heap"
	"time"
)

// item is a claimed delivery with the parts of its rendering.
type item struct {
	Delivery
	parts []Part
	// from is when it may be sent at the earliest: when it was claimed, or when
	// its chat's turn comes.
	from time.Time
	// turn orders what may be sent from the same time on as it was claimed.
	turn int
	slot slot // once it is sent
}

// held is a queue of items by from, then turn: a delivery that waits for its
// chat is stepped over and no worker waits with it.
type held struct {
	items queue
	turns int
}

func (h *held) len() int { return len(h.items) }

// add puts an item in.
func (h *held) add(it *item) {
	h.turns++
	it.turn = h.turns
	heap.Push(&h.items, it)
}

// first is the item to be sent next; there must be one.
func (h *held) first() *item { return h.items[0] }

// pop takes the first item out.
func (h *held) pop() *item { return heap.Pop(&h.items).(*item) }

// postpone lets the first item wait until the given time.
func (h *held) postpone(until time.Time) {
	h.items[0].from = until
	heap.Fix(&h.items, 0)
}

// queue is held's heap.Interface.
type queue []*item

func (q queue) Len() int { return len(q) }
func (q queue) Less(i, j int) bool {
	if !q[i].from.Equal(q[j].from) {
		return q[i].from.Before(q[j].from)
	}
	return q[i].turn < q[j].turn
}
func (q queue) Swap(i, j int) { q[i], q[j] = q[j], q[i] }
func (q *queue) Push(x any)   { *q = append(*q, x.(*item)) }
func (q *queue) Pop() any {
	last := len(*q) - 1
	it := (*q)[last]
	(*q)[last] = nil
	*q = (*q)[:last]
	return it
}
