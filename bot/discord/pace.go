// pace: what Discord's rate limit headers say about the next request.

package discord

import (
	"net/http"
	"strconv"
	"strings"
	"sync"
	"time"

	"github.com/bwmarrin/discordgo"
)

// pace remembers until when Discord takes no more requests: on one route, or on
// all (docs.discord.com, Rate Limits). It never waits itself: a request that is
// too early fails as a 429 would, without being made, which also keeps the bot
// far from the 10,000 refused requests in ten minutes that end in a ban.
type pace struct {
	now func() time.Time

	mu     sync.Mutex
	global time.Time
	routes map[route]time.Time
}

func newPace(now func() time.Time) *pace {
	return &pace{now: now, routes: make(map[route]time.Time)}
}

// held is what a request gets that is too early, as a 429 but that nothing was
// written; nil when the route is open. Answers to interactions are outside the
// global limit.
func (p *pace) held(r route) *outcome {
	p.mu.Lock()
	defer p.mu.Unlock()
	until, global := p.routes[r], false
	if p.global.After(until) && !r.ofInteraction() {
		until, global = p.global, true
	}
	wait := until.Sub(p.now())
	if wait <= 0 {
		return nil
	}
	return &outcome{
		status: http.StatusTooManyRequests,
		answer: refusal{
			APIErrorMessage: discordgo.APIErrorMessage{Message: "held back"},
			RetryAfter:      wait.Seconds(), Global: global,
		},
	}
}

func (r route) ofInteraction() bool {
	return strings.HasPrefix(r.path, api+"/interactions/") || strings.HasPrefix(r.path, api+"/webhooks/")
}

// note learns from an answer.
func (p *pace) note(r route, o *outcome) {
	now := p.now()
	p.mu.Lock()
	defer p.mu.Unlock()
	switch {
	case o.status == http.StatusTooManyRequests && everywhere(o):
		p.global = now.Add(retryAfter(o))
	case o.status == http.StatusTooManyRequests:
		p.close(r, now, retryAfter(o))
	case o.header.Get("X-RateLimit-Remaining") == "0":
		p.close(r, now, seconds(o.header.Get("X-RateLimit-Reset-After")))
	}
}

// close closes a route for a while, and forgets those that are open again once
// there are many.
func (p *pace) close(r route, now time.Time, wait time.Duration) {
	if wait <= 0 {
		return
	}
	if len(p.routes) >= 1000 {
		for other, until := range p.routes {
			if !until.After(now) {
				delete(p.routes, other)
			}
		}
	}
	p.routes[r] = now.Add(wait)
}

// route names what shares a limit. Discord names buckets across routes too; that
// a bucket is closed is then learnt once for each route.
type route struct{ method, path string }

// routeOf is a request's route: its path has the first id, the major parameter
// that has a limit of its own, and not the others.
func routeOf(method, path string) route {
	path, _, _ = strings.Cut(path, "?")
	id := false // has been met
	for at := 0; at < len(path); {
		end := at + 1 // past the segment, which begins with its slash
		for end < len(path) && path[end] != '/' {
			end++
		}
		switch segment := path[at+1 : end]; {
		case !digits(segment):
			at = end
		case !id:
			id, at = true, end
		default:
			path = path[:at] + path[end:]
		}
	}
	return route{method, path}
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
	if wait := inSeconds(o.answer.RetryAfter); wait > 0 {
		return wait
	}
	if wait := seconds(o.header.Get("Retry-After")); wait > 0 {
		return wait
	}
	return 5 * time.Second
}

// seconds is a number of seconds, whole or not; 0 when it is none.
func seconds(s string) time.Duration {
	f, err := strconv.ParseFloat(s, 64)
	if err != nil {
		return 0
	}
	return inSeconds(f)
}

func inSeconds(f float64) time.Duration {
	if !(f > 0 && f <= 1e8) {
		return 0
	}
	return time.Duration(f * float64(time.Second))
}
