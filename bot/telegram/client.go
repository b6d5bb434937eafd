// Client: one call of the Bot API, with a context, without the token in what it
// returns.

package telegram

import (
	"context"
	"encoding/json"
	"errors"
	"io"
	"net"
	"net/http"
	"net/http/httptrace"
	"net/url"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	tgbotapi "github.com/go-telegram-bot-api/telegram-bot-api/v5"

	"github.com/strillone/strillone/digest/delivery"
)

const (
	callTimeout = 30 * time.Second
	maxAnswer   = 32 << 20 // a hundred updates of the greatest size, many times over
)

// client calls the methods of one bot.
type client struct {
	token    string
	secret   string // the part of the token that must not be seen
	endpoint string
	http     *http.Client
}

var silenceLibrary = sync.OnceFunc(func() { _ = tgbotapi.SetLogger(silent{}) })

func newClient(token, apiURL string, transport http.RoundTripper) *client {
	silenceLibrary()
	if transport == nil {
		transport = newTransport()
	}
	_, secret, found := strings.Cut(token, ":")
	if !found {
		secret = token
	}
	return &client{
		token:    token,
		secret:   secret,
		endpoint: strings.ReplaceAll(strings.TrimRight(apiURL, "/"), "%", "%%") + "/bot%s/%s",
		http: &http.Client{
			Transport: transport,
			// A redirection would repeat a POST, or turn it into a GET.
			CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
		},
	}
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
		IdleConnTimeout:     45 * time.Second, // shorter than the server's, so that a call seldom meets a connection being closed
		TLSHandshakeTimeout: 10 * time.Second,
	}
}

// call calls a method once and decodes its result into result, unless that is
// nil. Its error is a *delivery.Failure.
func (c *client) call(ctx context.Context, method string, params tgbotapi.Params, result any) error {
	return c.callWithin(ctx, callTimeout, method, params, result)
}

func (c *client) callWithin(ctx context.Context, timeout time.Duration, method string, params tgbotapi.Params, result any) error {
	ctx, cancel := context.WithTimeout(ctx, timeout)
	defer cancel()
	t := &trip{ctx: ctx, client: c.http}
	api := &tgbotapi.BotAPI{Token: c.token, Client: t}
	api.SetAPIEndpoint(c.endpoint)

	response, err := api.MakeRequest(method, params)
	if err == nil && result != nil {
		err = json.Unmarshal(response.Result, result)
	}
	if err != nil {
		return c.failure(method, err, t)
	}
	return nil
}

// failure is a call's error, classified, without the token.
func (c *client) failure(method string, err error, t *trip) *delivery.Failure {
	f, as := classify(err, t)
	f.Err = &refusal{method: method, cause: c.redact(err), as: as}
	return f
}

// refusal is why a call failed. It is also the error it is known as, if any.
type refusal struct {
	method string
	cause  error
	as     error
}

func (r *refusal) Error() string { return "telegram: " + r.method + ": " + r.cause.Error() }

// Unwrap returns the cause and what it is known as.
func (r *refusal) Unwrap() []error {
	if r.as == nil {
		return []error{r.cause}
	}
	return []error{r.cause, r.as}
}

// redact is err without the token. Addresses, which hold it, are cut off; the
// cause stays, to be recognised, unless it repeats the token.
func (c *client) redact(err error) error {
	if u, ok := errors.AsType[*url.Error](err); ok {
		err = u.Err
	}
	if c.secret == "" || !strings.Contains(err.Error(), c.secret) {
		return err
	}
	return errors.New(strings.ReplaceAll(err.Error(), c.secret, "<redacted>"))
}

// trip is one HTTP request and what became of it. It is the library's only
// seam: it gives the request a context, and keeps what the library throws away.
type trip struct {
	ctx    context.Context
	client *http.Client
	begun  atomic.Bool // the server may have the whole request
	status int         // 0: no answer
}

// Do implements tgbotapi.HTTPClient.
func (t *trip) Do(r *http.Request) (*http.Response, error) {
	trace := &httptrace.ClientTrace{
		// The transport tries again by itself only when nothing was written.
		GetConn: func(string) { t.begun.Store(false) },
		// From here on it may write. To wait for WroteRequest would be too
		// late: a call given up while it is written doesn't wait for it.
		GotConn: func(httptrace.GotConnInfo) { t.begun.Store(true) },
		WroteRequest: func(info httptrace.WroteRequestInfo) {
			if info.Err != nil {
				t.begun.Store(false)
			}
		},
	}
	response, err := t.client.Do(r.WithContext(httptrace.WithClientTrace(t.ctx, trace)))
	if err != nil {
		return nil, err
	}
	t.status = response.StatusCode
	response.Body = answer{io.LimitReader(response.Body, maxAnswer), response.Body}
	return response, nil
}

// doubt says whether the request may have been carried out although no answer
// was understood. A front server's 4xx settles that it wasn't.
func (t *trip) doubt() bool {
	return t.begun.Load() && (t.status < 400 || t.status >= 500)
}

// answer is a bounded body. What the library leaves of it is read on closing:
// only then can the connection be used again.
type answer struct {
	io.Reader
	body io.Closer
}

func (a answer) Close() error {
	_, _ = io.CopyN(io.Discard, a.Reader, 4096)
	return a.body.Close()
}

// silent is the library's log, whose lines hold the token.
type silent struct{}

func (silent) Println(...any)        {}
func (silent) Printf(string, ...any) {}
