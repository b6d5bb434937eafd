// doubts: attempts whose outcome is unknown, and how long a nonce settles them.

package discord

import (
	"sync"
	"time"
)

// safeWindow is how long after a first attempt of unknown outcome another is
// trusted to be recognised. Discord says "a few minutes"; this is well within.
const safeWindow = time.Minute

// doubts remembers when an attempt at a key first ended in doubt. It lives in
// memory: after a restart a key counts as new.
type doubts struct {
	now func() time.Time

	mu    sync.Mutex
	since map[string]time.Time
}

// old notes that an attempt at key ended in doubt, and says whether the first
// one that did is too long ago for the nonce to be relied on.
func (d *doubts) old(key string) bool {
	now := d.now()
	d.mu.Lock()
	defer d.mu.Unlock()
	if d.since == nil {
		d.since = make(map[string]time.Time)
	}
	if _, ok := d.since[key]; !ok {
		d.forget(now)
		d.since[key] = now
	}
	return now.Sub(d.since[key]) > safeWindow
}

// forget drops what nobody will try again, once there is much of it.
func (d *doubts) forget(now time.Time) {
	if len(d.since) < 10_000 {
		return
	}
	for key, since := range d.since {
		if now.Sub(since) > 24*time.Hour {
			delete(d.since, key)
		}
	}
}

func (d *doubts) settled(key string) {
	d.mu.Lock()
	defer d.mu.Unlock()
	delete(d.since, key)
}
