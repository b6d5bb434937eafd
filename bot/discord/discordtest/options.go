// Options of a Server and the Reporter it tells violations to.

package discordtest

import (
	"net/http"
	"time"
)

// Token is the bot token a Server accepts unless [WithToken] says otherwise.
const Token = "MTA.discordtest.token"

// ApplicationID is the default id of the application and of its bot user.
const ApplicationID = "100000000000000001"

// The documented windows of an interaction: the first answer must come within
// ResponseWindow, its token serves follow-ups and edits for TokenWindow.
const (
	ResponseWindow = 3 * time.Second
	TokenWindow    = 15 * time.Minute
)

// Reporter is told of violations; testing.TB satisfies it. A Server calls it
// from several goroutines and never after Close.
type Reporter interface {
	Helper()
	Errorf(format string, args ...any)
	Logf(format string, args ...any)
}

// RateLimits are the limits that [WithRateLimits] enforces.
type RateLimits struct {
	Global     int           // requests a second over all routes but interactions
	Bucket     int           // messages per channel in one Window
	Window     time.Duration // of Bucket
	Crossposts int           // per announcement channel in one hour
}

// DefaultRateLimits are the documented (global) and reported (others) limits.
var DefaultRateLimits = RateLimits{Global: 50, Bucket: 5, Window: 5 * time.Second, Crossposts: 10}

// Option configures a Server.
type Option func(*settings)

type settings struct {
	addr         string
	token        string
	appID        string
	latency      time.Duration
	limits       *RateLimits
	nonceWindow  time.Duration
	clock        func() time.Time
	heartbeat    time.Duration
	barred       int
	redeliver    int
	shards       int
	tolerated    map[int]bool
	spec         string
	specDisabled bool
}

func defaults() settings {
	return settings{
		token:       Token,
		appID:       ApplicationID,
		nonceWindow: 5 * time.Minute,
		clock:       time.Now,
		heartbeat:   41250 * time.Millisecond,
		barred:      PrivilegedIntents,
		shards:      1,
		redeliver:   1,
		tolerated:   map[int]bool{},
	}
}

// WithAddress makes the server listen on a fixed loopback address, such as
// "127.0.0.1:8787", instead of a free port. [New] panics if it is taken.
func WithAddress(addr string) Option { return func(s *settings) { s.addr = addr } }

// WithToken sets the bot token that REST and gateway accept, without "Bot ".
func WithToken(token string) Option { return func(s *settings) { s.token = token } }

// WithApplicationID sets the snowflake of the application and its bot user.
func WithApplicationID(id string) Option { return func(s *settings) { s.appID = id } }

// WithLatency delays the handling of every REST request by d.
func WithLatency(d time.Duration) Option { return func(s *settings) { s.latency = d } }

// WithRateLimits enforces limits: X-RateLimit-* headers on every answer and 429
// beyond them. Zero fields are not enforced.
func WithRateLimits(l RateLimits) Option { return func(s *settings) { s.limits = &l } }

// WithNonceWindow sets how long enforce_nonce remembers a nonce; five minutes
// by default, 0 turns the de-duplication off.
func WithNonceWindow(d time.Duration) Option { return func(s *settings) { s.nonceWindow = d } }

// WithClock sets the clock that decides interaction deadlines, rate limits and
// nonce windows. It must be safe for concurrent use.
func WithClock(now func() time.Time) Option { return func(s *settings) { s.clock = now } }

// WithHeartbeatInterval sets the interval that HELLO asks for.
func WithHeartbeatInterval(d time.Duration) Option { return func(s *settings) { s.heartbeat = d } }

// WithDisallowedIntents sets the intents whose use in IDENTIFY ends in close
// code 4014; [PrivilegedIntents] by default. 0 grants everything.
func WithDisallowedIntents(intents int) Option { return func(s *settings) { s.barred = intents } }

// WithShards sets the number of shards that GET /gateway/bot recommends.
func WithShards(n int) Option { return func(s *settings) { s.shards = n } }

// Tolerate lists error codes that a test provokes on purpose (10062 for a late
// answer, say): they are answered but not reported as violations.
func Tolerate(codes ...int) Option {
	return func(s *settings) {
		for _, c := range codes {
			s.tolerated[c] = true
		}
	}
}

// WithSpec names the OpenAPI file. Without it the server looks for
// discord-openapi.json in $STRILLONE_SHARED/specs and in shared/specs of the
// working directory and its parents; "" turns the check off.
func WithSpec(path string) Option {
	return func(s *settings) { s.spec, s.specDisabled = path, path == "" }
}

// hostRewriter sends what is meant for discord.com to the server.
type hostRewriter struct {
	host string
	next http.RoundTripper
}

func (h hostRewriter) RoundTrip(r *http.Request) (*http.Response, error) {
	if r.URL.Host != "discord.com" {
		return h.next.RoundTrip(r)
	}
	r = r.Clone(r.Context())
	r.URL.Scheme, r.URL.Host, r.Host = "http", h.host, h.host
	return h.next.RoundTrip(r)
}
