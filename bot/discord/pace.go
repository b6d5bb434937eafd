// pace: what Discord's rate limit headers say about the next request.

package discord

import (
	"fmt"
	"net/http"
	"regexp"
	"strconv"
	"strings"
	"sync"
	"time"
)

// pace remembers until when Discord takes no more requests: on one route, or on
// all (docs.discord.com, Rate Limits). It never waits itself: a request that is
// too early fails as a 429 would, without being made, which also keeps the bot
// far from the 10,000 refused requests in ten minutes that end in a ban.
type pace struct {
	now func() time.Time

	mu     sync.Mutex
	global time.Time
	routes map[string]time.Time
}

func newPace(now func() time.Time) *pace {
	return &pace{now: now, routes: make(map[string]time.Time)}
}

// held is what a request gets that is too early, as a 429 but that nothing was
// written; nil when the route is open. Answers to interactions are outside the
// global limit.
func (p *pace) held(route string) *outcome {
	p.mu.Lock()
	defer p.mu.Unlock()
	until, global := p.routes[route], false
	if p.global.After(until) && !ofInteraction(route) {
		until, global = p.global, true
	}
	wait := until.Sub(p.now())
	if wait <= 0 {
		return nil
	}
	return &outcome{
		status: http.StatusTooManyRequests,
		answer: refusal{Message: "held back", RetryAfter: wait.Seconds(), Global: global},
	}
}

func ofInteraction(route string) bool {
	return strings.Contains(route, "/interactions/") || strings.Contains(route, "/webhooks/")
}

// note learns from an answer.
func (p *pace) note(route string, o *outcome) {
	now := p.now()
	p.mu.Lock()
	defer p.mu.Unlock()
	switch {
	case o.status == http.StatusTooManyRequests && everywhere(o):
		p.global = now.Add(retryAfter(o))
	case o.status == http.StatusTooManyRequests:
		p.close(route, now, retryAfter(o))
	case o.header.Get("X-RateLimit-Remaining") == "0":
		p.close(route, now, seconds(o.header.Get("X-RateLimit-Reset-After")))
	}
}

// close closes a route for a while, and forgets those that are open again once
// there are many.
func (p *pace) close(route string, now time.Time, wait time.Duration) {
	if wait <= 0 {
		return
	}
	if len(p.routes) >= 1000 {
		for r, until := range p.routes {
			if !until.After(now) {
				delete(p.routes, r)
			}
		}
	}
	p.routes[route] = now.Add(wait)
}

// minor are the ids in a path but the first, the major parameter that has a
// limit of its own.
var minor = regexp.MustCompile(`^(/api/v\d+/[a-z]+/\d+/.*?)\d+`)

// routeOf names what shares a limit: the method and the path, with the major
// parameter and without the others. Discord names buckets across routes too;
// that a bucket is closed is then learnt once for each route.
func routeOf(r *http.Request) string {
	return r.Method + " " + minor.ReplaceAllString(r.URL.Path, "$1")
}

// everywhere says whether a 429 is about the whole bot: by its body, its
// headers, or because it comes from before Discord's API, as Cloudflare's do.
func everywhere(o *outcome) bool {
	return o.answer.Global || o.header.Get("X-RateLimit-Global") != "" ||
		o.header.Get("X-RateLimit-Scope") == "global" ||
		o.answer.Message == ""
}

// retryAfter is the wait that a 429 asks for, never clamped; five seconds when
// it says nothing.
func retryAfter(o *outcome) time.Duration {
	if o.answer.RetryAfter > 0 {
		return seconds(fmt.Sprint(o.answer.RetryAfter))
	}
	if wait := seconds(o.header.Get("Retry-After")); wait > 0 {
		return wait
	}
	return 5 * time.Second
}

// seconds is a number of seconds, whole or not; 0 when it is none.
func seconds(s string) time.Duration {
	f, err := strconv.ParseFloat(s, 64)
	if err != nil || f <= 0 || f > 1e8 {
		return 0
	}
	return time.Duration(f * float64(time.Second))
}
