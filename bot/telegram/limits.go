// Limits: what a 429 covers.

package telegram

import (
	"errors"
	"maps"
	"sync"
	"time"

	"github.com/strillone/strillone/digest/delivery"
)

const (
	// limitedInARow is how many chats must be refused, and none accepted in
	// between, before a long wait is taken to be the bot's.
	limitedInARow = 3
	// shortWait is the longest wait that all have on one refusal's word: if it was
	// the chat's own after all, that does others little harm.
	shortWait = 5 * time.Second
	// lately is how long a chat counts as sent to: the longest time that
	// Telegram's documents name a limit of a chat for.
	lately = time.Minute
	// remembersChats bounds how many chats are remembered: a minute's at 30 a
	// second, twice over.
	remembersChats = 4096
)

// limits tells a chat's limit from the bot's. The Bot API doesn't: the answer
// to one message over a group's 20 a minute and to one over the bot's 30 a
// second is the same "Too Many Requests: retry after N"
// (https://core.telegram.org/bots/faq#my-bot-is-hitting-limits-how-do-i-avoid-this).
//
// A chat that the bot has sent nothing to in the last minute can't be over a
// limit of its own, so a short wait is then the bot's at once. A long one is the
// chat's own, as a group's slow mode is, until so many different chats in a row
// are told to wait that chance is no explanation: a bot that may not send gets
// nothing through.
type limits struct {
	mu      sync.Mutex
	sent    map[string]time.Time // by chat, when it was last sent to
	order   []string             // of sent, as a ring
	next    int                  // of order
	refused map[string]time.Time // chats, since one was accepted: until when
	since   time.Time            // when the first of them was refused
}

// learn notes how a message or an edit fared that was begun at the given time. A
// failure that is a wait is told whether it is everywhere.
func (l *limits) learn(chat string, err error, begun, now time.Time) {
	if err == nil {
		l.accepted(chat, begun, now)
		return
	}
	if f, ok := errors.AsType[*delivery.Failure](err); ok && f.Kind == delivery.RateLimited {
		f.Everywhere = l.hit(chat, f.RetryAfter, now)
	}
}

// accepted records that a message begun at the given time arrived.
func (l *limits) accepted(chat string, begun, now time.Time) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if len(l.refused) > 0 && begun.After(l.since) {
		clear(l.refused)
	}
	if _, known := l.sent[chat]; !known {
		l.remember(chat)
	}
	l.sent[chat] = now
}

// remember makes room for a chat in sent.
func (l *limits) remember(chat string) {
	if l.sent == nil {
		l.sent = make(map[string]time.Time)
	}
	if len(l.order) < remembersChats {
		l.order = append(l.order, chat)
		return
	}
	delete(l.sent, l.order[l.next])
	l.order[l.next] = chat
	l.next = (l.next + 1) % len(l.order)
}

// hit records that a chat was told to wait, and says whether all must.
func (l *limits) hit(chat string, wait time.Duration, now time.Time) bool {
	l.mu.Lock()
	defer l.mu.Unlock()
	maps.DeleteFunc(l.refused, func(_ string, end time.Time) bool { return !now.Before(end) })
	if len(l.refused) == 0 {
		l.refused, l.since = make(map[string]time.Time), now
	}
	l.refused[chat] = now.Add(wait)
	last, known := l.sent[chat]
	own := known && now.Sub(last) < lately
	return len(l.refused) >= limitedInARow || !own && wait <= shortWait
}
