// Pace: the limits on sent messages, in sliding windows.

package telegramtest

import (
	"math"
	"slices"
	"time"
)

// sending is when messages were sent, for the limits.
type sending struct {
	all  []time.Time
	chat map[int64][]time.Time
}

// pace counts a message and refuses it beyond a limit; one refused doesn't
// count. The lock is held.
func (s *Server) pace(c *Call) *failure {
	limits := s.settings.rates
	if limits == nil || !c.Sends() {
		return nil
	}
	id, now := c.Chat(), s.now()
	if in := s.find(c.Get("chat_id")); in != nil {
		id = in.id
	}
	if s.sent.chat == nil {
		s.sent.chat = map[int64][]time.Time{}
	}
	s.sent.all = within(s.sent.all, now, time.Second)
	s.sent.chat[id] = within(s.sent.chat[id], now, time.Minute)
	second := within(s.sent.chat[id], now, time.Second)

	wait := max(over(s.sent.all, limits.All, now, time.Second), over(second, limits.Chat, now, time.Second))
	if id < 0 {
		wait = max(wait, over(s.sent.chat[id], limits.Group, now, time.Minute))
	}
	if wait > 0 {
		return tooMany(int(math.Ceil(wait.Seconds())))
	}
	s.sent.all = append(s.sent.all, now)
	s.sent.chat[id] = append(s.sent.chat[id], now)
	return nil
}

// within are the times of the last window.
func within(times []time.Time, now time.Time, window time.Duration) []time.Time {
	first := slices.IndexFunc(times, func(t time.Time) bool { return now.Sub(t) < window })
	if first < 0 {
		return nil
	}
	return slices.Clone(times[first:])
}

// over is how long until one more is within the limit, 0 for now.
func over(times []time.Time, limit int, now time.Time, window time.Duration) time.Duration {
	if limit == 0 || len(times) < limit {
		return 0
	}
	return times[len(times)-limit].Add(window).Sub(now)
}
