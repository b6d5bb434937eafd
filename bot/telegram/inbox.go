// Inbox: the updates in the air, and what of them may be confirmed.

package telegram

import (
	"maps"
	"slices"
	"sync"
)

// maxInAir is how many updates may be received and unconfirmed. It is what
// getUpdates gives at most, so it is Telegram's bound too: beyond the hundredth
// update after the oldest unfinished one nothing is heard.
const maxInAir = 100

// inbox is the updates in the air. Each chat with updates to handle has one
// worker, which takes them in order; chats don't wait for each other. The zero
// inbox is empty.
type inbox struct {
	mu      sync.Mutex
	open    map[int64]bool     // by id: received and not handled
	chats   map[int64][]update // what a chat's worker has yet to take; no worker: no entry
	quiet   chan struct{}      // closed when the last worker ends; nil before the first
	handled ring
	next    int64 // the id after the last received; 0: nothing to confirm
}

// take takes what is new of a batch, which is in order, and has work called, in
// the background, for each chat that has no worker. What is known, unfinished
// or handled, it leaves; what is too much will come again.
func (b *inbox) take(batch []update, work func(chat int64)) {
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.open == nil {
		b.open, b.chats = make(map[int64]bool), make(map[int64][]update)
	}
	// A batch holds all that isn't confirmed. When it is empty, the next request
	// goes without an offset: after a week without updates their ids may start
	// from below it.
	b.next = 0
	for _, u := range batch {
		if !b.open[u.ID] && !b.handled.has(u.ID) {
			if len(b.open) == maxInAir {
				return
			}
			b.add(u, work)
		}
		b.next = u.ID + 1
	}
}

func (b *inbox) add(u update, work func(chat int64)) {
	b.open[u.ID] = true
	chat := u.chat()
	waiting, busy := b.chats[chat]
	if !busy {
		if len(b.chats) == 0 {
			b.quiet = make(chan struct{})
		}
		go work(chat)
	}
	b.chats[chat] = append(waiting, u)
}

// following gives a chat's worker its next update. When there is none, or when
// it is to stop, the worker must end.
func (b *inbox) following(chat int64, stop bool) (update, bool) {
	b.mu.Lock()
	defer b.mu.Unlock()
	waiting := b.chats[chat]
	if stop || len(waiting) == 0 {
		delete(b.chats, chat)
		if len(b.chats) == 0 {
			close(b.quiet)
		}
		return update{}, false
	}
	b.chats[chat] = waiting[1:]
	return waiting[0], true
}

// done says that an update was handled.
func (b *inbox) done(id int64) {
	b.mu.Lock()
	defer b.mu.Unlock()
	delete(b.open, id)
	b.handled.add(id)
}

// offset confirms, as the offset of a getUpdates, all updates before the oldest
// unfinished one; 0 when there is nothing to confirm.
func (b *inbox) offset() int64 {
	b.mu.Lock()
	defer b.mu.Unlock()
	if len(b.open) == 0 {
		return b.next
	}
	return slices.Min(slices.Collect(maps.Keys(b.open)))
}

// settled is closed when no worker is left.
func (b *inbox) settled() <-chan struct{} {
	b.mu.Lock()
	defer b.mu.Unlock()
	if len(b.chats) == 0 {
		closed := make(chan struct{})
		close(closed)
		return closed
	}
	return b.quiet
}
