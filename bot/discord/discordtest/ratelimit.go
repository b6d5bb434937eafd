// Rate limits: fixed windows, X-RateLimit headers and 429.

package discordtest

import (
	"fmt"
	"math"
	"net/http"
	"strconv"
	"strings"
	"time"
)

// limiter counts requests in fixed windows, as Discord does.
type limiter struct{ windows map[string]*window }

type window struct {
	ends time.Time
	used int
}

func (l *limiter) init() { l.windows = map[string]*window{} }

// current is the window of a key, a new one if the last is over.
func (l *limiter) current(key string, now time.Time, length time.Duration) *window {
	w := l.windows[key]
	if w == nil || !now.Before(w.ends) {
		w = &window{ends: now.Add(length)}
		l.windows[key] = w
	}
	return w
}

// pace counts the call, sets the rate-limit headers and returns a 429 beyond a
// limit, else nil. Interaction replies are outside the global limit.
func (s *Server) pace(c *Call, h http.Header) *answer {
	limits := s.settings.limits
	if limits == nil || c.Route == "" {
		return nil
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	now := s.now()
	var global *window
	if limits.Global > 0 && !ownToken(c.Route) {
		global = s.limiter.current("global", now, time.Second)
		if global.used >= limits.Global {
			return tooMany(h, global.ends.Sub(now), true, "global")
		}
	}
	key, limit, length := s.bucket(c, limits)
	if limit > 0 {
		w := s.limiter.current(key, now, length)
		over := w.used >= limit
		if !over {
			w.used++
		}
		left := w.ends.Sub(now)
		h.Set("X-RateLimit-Limit", strconv.Itoa(limit))
		h.Set("X-RateLimit-Remaining", strconv.Itoa(limit-w.used))
		h.Set("X-RateLimit-Reset", fmt.Sprintf("%.3f", float64(w.ends.UnixMilli())/1000))
		h.Set("X-RateLimit-Reset-After", fmt.Sprintf("%.3f", left.Seconds()))
		h.Set("X-RateLimit-Bucket", bucketHash(c))
		if over {
			return tooMany(h, left, false, "user")
		}
	}
	if global != nil {
		global.used++
	}
	return nil
}

// bucket is the route with its major parameters, and its limit. Only messages
// and crossposts are limited: of other routes the figures are not published.
func (s *Server) bucket(c *Call, l *RateLimits) (key string, limit int, length time.Duration) {
	major := c.Params["channel_id"] + c.Params["guild_id"] + c.Params["webhook_id"] + c.Params["webhook_token"]
	key = c.Method + " " + c.Route + " " + major
	switch {
	case strings.HasSuffix(c.Route, "/crosspost"):
		return key, l.Crossposts, time.Hour
	case c.Is("POST", "/channels/{channel_id}/messages"):
		return key, l.Bucket, l.Window
	}
	return key, 0, 0
}

// bucketHash names a bucket without its major parameter, as the header does.
func bucketHash(c *Call) string {
	var h uint32 = 2166136261
	for _, b := range []byte(c.Method + c.Route) {
		h = (h ^ uint32(b)) * 16777619
	}
	return fmt.Sprintf("%08x", h)
}

// tooMany is a 429 with its headers and body.
func tooMany(h http.Header, after time.Duration, global bool, scope string) *answer {
	h.Set("Retry-After", strconv.Itoa(int(math.Ceil(after.Seconds()))))
	h.Set("X-RateLimit-Scope", scope)
	if h.Get("X-RateLimit-Reset-After") == "" {
		h.Set("X-RateLimit-Reset-After", fmt.Sprintf("%.3f", after.Seconds()))
	}
	if global {
		h.Set("X-RateLimit-Global", "true")
	}
	return &answer{status: 429, header: h, body: encode(object{
		"message":     "You are being rate limited.",
		"retry_after": math.Round(after.Seconds()*1000) / 1000,
		"global":      global,
	})}
}
