// client: one request to Discord's REST API.

package discord

import (
	"bytes"
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
)

const (
	// vendor is where Discord is.
	vendor = "https://discord.com"
	api    = "/api/v10"

	callTimeout = 15 * time.Second
	maxAnswer   = 8 << 20
)

// client makes requests. It does what discordgo's Request does at a fraction of
// the cost, and leaves out its retries, its sleeps and its locks: a broadcast's
// messages, which are JSON already, would be taken apart and put together again
// on their way.
type client struct {
	base   string // scheme, host and perhaps a path
	next   http.RoundTripper
	pace   *pace
	header http.Header // of requests without a body; never changed
	json   http.Header // of those with one
}

// newClient makes a client; a nil transport is one tuned for a single host, with
// so many connections at most, or any number when that is 0. Clients that share
// a pace obey it together.
func newClient(token, apiURL string, next http.RoundTripper, connections int, p *pace) *client {
	if next == nil {
		next = newTransport(connections)
	}
	c := &client{base: strings.TrimRight(apiURL, "/"), next: next, pace: p}
	// The User-Agent's form is prescribed (docs.discord.com, API Reference).
	c.header = http.Header{
		"Authorization": {"Bot " + token},
		"User-Agent":    {"DiscordBot (https://github.com/strillone/strillone, 1)"},
	}
	c.json = c.header.Clone()
	c.json.Set("Content-Type", "application/json")
	return c
}

// newTransport keeps a connection for each call in flight. It stays with
// HTTP/1.1: one call a connection, so that one stalled call stalls no other.
func newTransport(connections int) *http.Transport {
	dialer := &net.Dialer{Timeout: 10 * time.Second, KeepAlive: 30 * time.Second}
	return &http.Transport{
		Proxy:               http.ProxyFromEnvironment,
		DialContext:         dialer.DialContext,
		MaxConnsPerHost:     connections,
		MaxIdleConns:        128,
		MaxIdleConnsPerHost: 64,
		IdleConnTimeout:     45 * time.Second,
		TLSHandshakeTimeout: 10 * time.Second,
		// A digest and its headers leave in one write.
		WriteBufferSize: 16 << 10,
	}
}

// close lets go of idle connections.
func (c *client) close() {
	if t, ok := c.next.(interface{ CloseIdleConnections() }); ok {
		t.CloseIdleConnections()
	}
}

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
	if body == nil {
		return c.callRaw(ctx, method, path, c.header, nil, out)
	}
	return c.callRaw(ctx, method, path, c.json, body, out)
}

// callRaw is call with a body that is written already.
func (c *client) callRaw(ctx context.Context, method, path string, header http.Header, body []byte, out any) error {
	answer, err := c.exchange(ctx, method, api+path, header, body)
	if err != nil || out == nil {
		return err
	}
	if err := json.Unmarshal(answer, out); err != nil {
		return &outcome{wrote: true, status: http.StatusOK, err: fmt.Errorf("an answer that is no JSON: %w", err)}
	}
	return nil
}

// exchange makes one request, unless the pace holds it back, and returns the
// answer's body, read to its end. All but a success is an *outcome.
func (c *client) exchange(ctx context.Context, method, path string, header http.Header, body []byte) ([]byte, error) {
	route := routeOf(method, path)
	if o := c.pace.held(route); o != nil {
		return nil, o
	}
	ctx, cancel := context.WithTimeout(ctx, callTimeout)
	defer cancel()
	var wrote atomic.Bool
	// Of a bytes.Reader the transport knows that it is in memory, and sends it
	// with the headers in one write.
	r, err := http.NewRequestWithContext(traced(ctx, &wrote), method, c.base+path, bytes.NewReader(body))
	if err != nil {
		return nil, plain(err)
	}
	r.Header = header
	// The transport itself: no redirection is followed, which would repeat a
	// POST or turn it into a GET, and no error tells the address.
	response, err := c.next.RoundTrip(r)
	if err != nil {
		return nil, &outcome{wrote: wrote.Load(), err: err}
	}
	answer, err := io.ReadAll(io.LimitReader(response.Body, maxAnswer))
	_ = response.Body.Close()
	if response.StatusCode/100 == 2 && err == nil {
		c.pace.note(route, &outcome{status: response.StatusCode, header: response.Header})
		return answer, nil
	}
	o := &outcome{wrote: true, status: response.StatusCode, header: response.Header, err: err}
	if response.StatusCode/100 != 2 {
		o.err = nil // the status says enough
		if json.Unmarshal(answer, &o.answer) != nil {
			o.answer = refusal{}
		}
	}
	c.pace.note(route, o)
	return nil, o
}

// traced has wrote say whether Discord may have the whole request.
func traced(ctx context.Context, wrote *atomic.Bool) context.Context {
	return httptrace.WithClientTrace(ctx, &httptrace.ClientTrace{
		// The transport tries again by itself only when nothing was written.
		GetConn: func(string) { wrote.Store(false) },
		// From here on it may write. To wait for WroteRequest would be too
		// late: a call given up while it is written doesn't wait for it.
		GotConn: func(httptrace.GotConnInfo) { wrote.Store(true) },
		WroteRequest: func(info httptrace.WroteRequestInfo) {
			if info.Err != nil {
				wrote.Store(false)
			}
		},
	})
}

// plain is err without the *url.Error around it, whose address may hold the
// token of an interaction.
func plain(err error) error {
	if u, ok := errors.AsType[*url.Error](err); ok {
		err = u.Err
	}
	return &outcome{err: err}
}
