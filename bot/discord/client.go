// client: one request to Discord's REST API, and what came of it.

package discord

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptrace"
	"net/url"
	"strings"
	"sync/atomic"
	"time"

	"github.com/bwmarrin/discordgo"
)

const (
	// vendor is where discordgo believes Discord is.
	vendor = "https://discord.com"
	api    = vendor + "/api/v10"

	callTimeout = 15 * time.Second
	maxAnswer   = 8 << 20
)

// client makes requests through discordgo's session, which sets the headers,
// and through its own transport, which reads the answer to its end: discordgo
// sees successes only.
type client struct {
	session *discordgo.Session
	pace    *pace
}

// close lets go of idle connections.
func (c *client) close() { c.session.Client.CloseIdleConnections() }

func newClient(token, apiURL string, next http.RoundTripper, now func() time.Time) *client {
	base, err := url.Parse(apiURL)
	if err == nil && base.Host == "" {
		err = errors.New("no host")
	}
	if err != nil {
		err = fmt.Errorf("the API's address %q is no URL: %w", apiURL, err)
	}
	if next == nil {
		next = newTransport()
	}
	c := &client{pace: newPace(now)}
	c.session = newSession(token, &transport{
		base: base, broken: err, pace: c.pace,
		next: next,
	})
	return c
}

// newTransport keeps a connection for each call in flight. It stays with
// HTTP/1.1: one call a connection, so that one stalled call stalls no other.
func newTransport() *http.Transport {
	dialer := &net.Dialer{Timeout: 10 * time.Second, KeepAlive: 30 * time.Second}
	return &http.Transport{
		Proxy:               http.ProxyFromEnvironment,
		DialContext:         dialer.DialContext,
		MaxIdleConns:        128,
		MaxIdleConnsPerHost: 64,
		IdleConnTimeout:     45 * time.Second,
		TLSHandshakeTimeout: 10 * time.Second,
	}
}

// newSession is discordgo with all that it does by itself turned off.
func newSession(token string, t http.RoundTripper) *discordgo.Session {
	s, _ := discordgo.New("Bot " + token) // it never fails
	s.Client = &http.Client{Transport: t}
	s.LogLevel = silent
	s.MaxRestRetries = 0
	s.ShouldRetryOnRateLimit = false
	s.StateEnabled = false
	return s
}

// silent keeps discordgo's log quiet, which prints to the standard log what may
// hold the token; all it would say of interest comes back as an error.
const silent = discordgo.LogError - 1

// call makes one request and decodes the answer into out, unless that is nil.
// An error is an *outcome when the request was, or may have been, made.
func (c *client) call(ctx context.Context, method, path string, in, out any) error {
	var body []byte
	if in != nil {
		var err error
		if body, err = json.Marshal(in); err != nil {
			return fmt.Errorf("discord: write the request: %w", err)
		}
	}
	ctx, cancel := context.WithTimeout(ctx, callTimeout)
	defer cancel()
	// A bucket of its own makes no request wait for another: pace sees to that.
	bucket := discordgo.NewRatelimiter().LockBucket("")
	answer, err := c.session.RequestWithLockedBucket(method, api+path, "application/json", body, bucket, 0,
		discordgo.WithContext(ctx), discordgo.WithRestRetries(0), discordgo.WithRetryOnRatelimit(false))
	if err != nil {
		return plain(err)
	}
	if out == nil {
		return nil
	}
	if err := json.Unmarshal(answer, out); err != nil {
		return &outcome{wrote: true, status: http.StatusOK, err: fmt.Errorf("an answer that is no JSON: %w", err)}
	}
	return nil
}

// plain is err without the *url.Error around it, whose address may hold the
// token of an interaction.
func plain(err error) error {
	if o, ok := errors.AsType[*outcome](err); ok {
		return o
	}
	if u, ok := errors.AsType[*url.Error](err); ok {
		err = u.Err
	}
	return &outcome{err: err}
}

// outcome is what came of a request that didn't succeed.
type outcome struct {
	wrote  bool // all of the request left this machine
	status int  // 0: no answer
	header http.Header
	answer refusal
	err    error // why there is no answer, or none that can be read
}

// refusal is the body of an error answer (docs.discord.com, Error Messages and
// Rate Limits).
type refusal struct {
	Message    string          `json:"message"`
	Code       int             `json:"code"`
	RetryAfter float64         `json:"retry_after"`
	Global     bool            `json:"global"`
	Errors     json.RawMessage `json:"errors"`
}

func (o *outcome) Error() string {
	switch {
	case o.err != nil:
		return o.err.Error()
	case o.answer.Message == "":
		return fmt.Sprintf("HTTP %d", o.status)
	case len(o.answer.Errors) > 0:
		return fmt.Sprintf("HTTP %d, code %d: %s: %.300s", o.status, o.answer.Code, o.answer.Message, o.answer.Errors)
	}
	return fmt.Sprintf("HTTP %d, code %d: %s", o.status, o.answer.Code, o.answer.Message)
}

func (o *outcome) Unwrap() error { return o.err }

// CloseIdleConnections is what http.Client looks for.
func (t *transport) CloseIdleConnections() {
	if c, ok := t.next.(interface{ CloseIdleConnections() }); ok {
		c.CloseIdleConnections()
	}
}

// transport sends requests for Discord to base, obeys and feeds the pace, and
// turns all but a success that was read to its end into an *outcome.
type transport struct {
	base   *url.URL
	broken error // base is none
	pace   *pace
	next   http.RoundTripper
}

func (t *transport) RoundTrip(r *http.Request) (*http.Response, error) {
	if t.broken != nil {
		return nil, t.broken
	}
	route := routeOf(r)
	if o := t.pace.held(route); o != nil {
		return nil, o
	}
	var wrote atomic.Bool
	traced := httptrace.WithClientTrace(r.Context(), &httptrace.ClientTrace{
		WroteRequest: func(w httptrace.WroteRequestInfo) { wrote.Store(w.Err == nil) },
	})
	response, err := t.next.RoundTrip(t.redirect(r.WithContext(traced)))
	if err != nil {
		return nil, &outcome{wrote: wrote.Load(), err: err}
	}
	body, err := io.ReadAll(io.LimitReader(response.Body, maxAnswer))
	response.Body.Close()
	o := &outcome{wrote: true, status: response.StatusCode, header: response.Header, err: err}
	refused := response.StatusCode/100 != 2
	if refused {
		o.err = nil // the status says enough
		if json.Unmarshal(body, &o.answer) != nil {
			o.answer = refusal{}
		}
	}
	t.pace.note(route, o)
	if refused || err != nil {
		return nil, o
	}
	// discordgo would fail on rate limit headers it can't read, and knows few
	// successes; it needs neither.
	response.Header, response.StatusCode = make(http.Header), http.StatusOK
	response.Body = io.NopCloser(strings.NewReader(string(body)))
	return response, nil
}

// redirect is the request at the base's host.
func (t *transport) redirect(r *http.Request) *http.Request {
	r = r.Clone(r.Context())
	r.URL.Scheme, r.URL.Host, r.Host = t.base.Scheme, t.base.Host, ""
	r.URL.Path = strings.TrimSuffix(t.base.Path, "/") + r.URL.Path
	r.URL.RawPath = ""
	return r
}
