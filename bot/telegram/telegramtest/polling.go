// Polling: the queue of updates that getUpdates empties, and the webhook that bars it.

package telegramtest

import (
	"context"
	"encoding/json"
	"math/rand/v2"
	"net/http"
	"slices"
	"strconv"
	"time"
)

// queue is the updates not confirmed yet.
type queue struct {
	next    int64
	pending []*update
	allowed []string // nil: the default
	poll    *poll    // the getUpdates that waits
	webhook string
	max     int
}

// update is one of the queue.
type update struct {
	id        int64
	raw       json.RawMessage
	delivered int
	callback  *callback // dropped when it is too old
}

// poll is a getUpdates under way.
type poll struct{ superseded chan struct{} }

// notByDefault are the kinds of updates that must be asked for by name.
var notByDefault = []string{"chat_member", "message_reaction", "message_reaction_count"}

// push queues an update if its kind is allowed; the lock is held.
func (s *Server) push(kind string, payload any) *update {
	if q := &s.queue; q.allowed == nil && slices.Contains(notByDefault, kind) ||
		q.allowed != nil && !slices.Contains(q.allowed, kind) {
		return &update{}
	}
	s.queue.next++
	u := &update{id: s.queue.next}
	u.raw = encode(object{"update_id": u.id, kind: payload})
	s.queue.pending = append(s.queue.pending, u)
	s.notify()
	return u
}

// Update queues an update as it is given, a JSON object, whether its kind is
// allowed or not. One without update_id gets the next; its id is returned.
func (s *Server) Update(raw string) int64 {
	s.reporter.Helper()
	v, err := decode([]byte(raw))
	o, ok := v.(object)
	if err != nil || !ok {
		s.violate("Update: %q is no JSON object", raw)
		return 0
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	id, given := whole(o["update_id"])
	if !given {
		id = s.queue.next + 1
		o["update_id"] = id
	}
	s.queue.next = max(s.queue.next, id)
	s.queue.pending = append(s.queue.pending, &update{id: id, raw: encode(o)})
	s.notify()
	return id
}

// Pending is the number of updates that the bot hasn't confirmed.
func (s *Server) Pending() int {
	s.mu.Lock()
	defer s.mu.Unlock()
	return len(s.queue.pending)
}

// AwaitConfirmed waits until the bot has confirmed every update.
func (s *Server) AwaitConfirmed(ctx context.Context) error {
	_, err := await(ctx, s, "updates to be confirmed", func() []int { return []int{len(s.queue.pending)} },
		func(n int) bool { return n == 0 })
	return err
}

// getUpdates waits for updates. The lock is held, and released to wait.
func (s *Server) getUpdates(ctx context.Context, c *Call) (any, *failure) {
	q := &s.queue
	if q.webhook != "" {
		return nil, refuse(http.StatusConflict, "Conflict: can't use getUpdates method while webhook is active; use deleteWebhook to delete the webhook first")
	}
	if q.poll != nil {
		close(q.poll.superseded)
	}
	p := &poll{make(chan struct{})}
	q.poll = p
	s.notify()
	defer func() {
		if q.poll == p {
			q.poll = nil
		}
	}()
	s.allow(c)
	s.confirm(c.integer("offset"))
	limit := 100
	if n := c.integer("limit"); n > 0 {
		limit = int(min(n, 100))
	}
	timer := time.NewTimer(min(time.Duration(c.integer("timeout"))*time.Second, MaxPollTimeout))
	defer timer.Stop()
	for {
		if ctx.Err() != nil {
			return []any{}, nil
		}
		if batch := s.batch(limit); len(batch) > 0 {
			return batch, nil
		}
		changed := s.changed
		s.mu.Unlock()
		over := false
		select {
		case <-changed:
		case <-timer.C:
			over = true
		case <-ctx.Done():
			over = true
		case <-s.closing:
			over = true
		case <-p.superseded:
		}
		s.mu.Lock()
		switch {
		case q.poll != p:
			return nil, refuse(http.StatusConflict, "Conflict: terminated by other getUpdates request; make sure that only one bot instance is running")
		case q.webhook != "":
			return nil, refuse(http.StatusConflict, "Conflict: terminated by setWebhook request")
		case over:
			return []any{}, nil
		}
	}
}

// allow keeps what allowed_updates says for all calls to come.
func (s *Server) allow(c *Call) {
	if !c.carries("allowed_updates") {
		return
	}
	s.queue.allowed = nil
	for _, v := range c.list("allowed_updates") {
		kind, _ := v.(string)
		s.queue.allowed = append(s.queue.allowed, kind)
	}
}

// confirm forgets the updates before offset; a negative one counts from the end.
func (s *Server) confirm(offset int64) {
	q := &s.queue
	if offset < 0 {
		q.pending = slices.Clone(q.pending[max(0, len(q.pending)+int(offset)):])
		return
	}
	before := len(q.pending)
	q.pending = slices.DeleteFunc(q.pending, func(u *update) bool {
		return u.id < offset && u.delivered >= s.settings.redeliver
	})
	if len(q.pending) != before {
		s.notify()
	}
}

// batch hands updates out. Presses too old to be answered are dropped.
func (s *Server) batch(limit int) []any {
	q := &s.queue
	q.pending = slices.DeleteFunc(q.pending, func(u *update) bool { return u.callback != nil && s.late(u.callback) })
	var out []any
	for _, u := range q.pending[:min(limit, len(q.pending))] {
		u.delivered++
		out = append(out, u.raw)
	}
	if s.settings.shuffled {
		rand.Shuffle(len(out), func(i, j int) { out[i], out[j] = out[j], out[i] })
	}
	return out
}

// SetWebhook makes a webhook active, as if another program had set it; an empty
// address removes it. It is never called.
func (s *Server) SetWebhook(address string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.queue.webhook = address
	s.notify()
}

func (s *Server) getWebhookInfo(*Call) (any, *failure) {
	q := &s.queue
	o := object{"url": q.webhook, "has_custom_certificate": false, "pending_update_count": len(q.pending)}
	if q.webhook != "" {
		o["max_connections"] = 40
		if q.max > 0 {
			o["max_connections"] = q.max
		}
	}
	if q.allowed != nil {
		o["allowed_updates"] = q.allowed
	}
	return o, nil
}

func (s *Server) setWebhook(c *Call) (any, *failure) {
	s.allow(c)
	s.queue.webhook = c.Get("url")
	s.queue.max, _ = strconv.Atoi(c.Get("max_connections"))
	s.drop(c)
	return true, nil
}

func (s *Server) deleteWebhook(c *Call) (any, *failure) {
	s.queue.webhook = ""
	s.drop(c)
	return true, nil
}

func (s *Server) drop(c *Call) {
	if c.truth("drop_pending_updates") {
		s.queue.pending = nil
	}
}
