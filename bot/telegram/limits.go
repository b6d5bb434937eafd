// Limits: what a 429 covers.

package telegram

import (
	"maps"
	"sync"
	"time"
)

// limitedAtOnce is how many chats must be under a 429 at the same time before
// the limit is taken to be the bot's.
const limitedAtOnce = 3

// limits tells a chat's limit from the bot's. The Bot API doesn't: the answer
// to one message over a group's 20 a minute and to one over the bot's 30 a
// second is the same "Too Many Requests: retry after N"
// (https://core.telegram.org/bots/faq#my-bot-is-hitting-limits-how-do-i-avoid-this).
// So one is taken as the chat's own, which pauses nobody else, until so many
// different chats wait at once that chance is no explanation.
type limits struct {
	mu    sync.Mutex
	until map[string]time.Time // by chat
}

// hit records that a chat was told to wait, and says whether all must.
func (l *limits) hit(chat string, wait time.Duration, now time.Time) bool {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.until == nil {
		l.until = make(map[string]time.Time)
	}
	maps.DeleteFunc(l.until, func(_ string, end time.Time) bool { return !now.Before(end) })
	l.until[chat] = now.Add(wait)
	return len(l.until) >= limitedAtOnce
}
