// Client: one call of the Bot API, with a context, without the token in what it
// returns.

package telegram

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"io"
	"net"
	"net/http"
	"net/http/httptrace"
	"net/url"
	"strings"
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
	secret    string   // the part of the token that must not be seen
	endpoint  *url.URL // what a method's name makes an address of
	wrong     error    // with the address, in place of endpoint
	transport http.RoundTripper
	// The headers of calls, which no transport changes.
	formHeader, jsonHeader http.Header
}

// newClient makes a client; a nil transport is one tuned for a single host, with
// so many connections at most, or any number when that is 0.
func newClient(token, apiURL string, transport http.RoundTripper, connections int) *client {
	if transport == nil {
		transport = newTransport(connections)
	}
	_, secret, found := strings.Cut(token, ":")
	if !found {
		secret = token
	}
	c := &client{
		secret:     secret,
		transport:  transport,
		formHeader: http.Header{"Content-Type": {"application/x-www-form-urlencoded"}},
		jsonHeader: http.Header{"Content-Type": {"application/json"}},
	}
	c.endpoint, c.wrong = url.Parse(strings.TrimRight(apiURL, "/") + "/bot" + token + "/")
	return c
}

// address is a method's.
func (c *client) address(method string) *url.URL {
	u := *c.endpoint
	u.Path += method
	if u.RawPath != "" {
		u.RawPath += method
	}
	return &u
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
	form := make(url.Values, len(params))
	for name, value := range params {
		form.Set(name, value)
	}
	return c.post(ctx, timeout, method, c.formHeader, []byte(form.Encode()), result)
}

// callJSON is call with the parameters as one JSON object.
func (c *client) callJSON(ctx context.Context, method string, params []byte, result any) error {
	return c.post(ctx, callTimeout, method, c.jsonHeader, params, result)
}

// post makes a call. It does what the library's MakeRequest does, with the
// library's types, at a fraction of the cost: a broadcast's messages, which are
// JSON already, would be taken apart and put together twice on their way.
func (c *client) post(ctx context.Context, timeout time.Duration, method string, header http.Header, params []byte, result any) error {
	t := &trip{transport: c.transport}
	if c.wrong != nil {
		return c.failure(method, c.wrong, t)
	}
	ctx, cancel := context.WithTimeout(ctx, timeout)
	defer cancel()
	if err := t.make(ctx, c.address(method), header, params, result); err != nil {
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

// trip is one HTTP request and what became of it.
type trip struct {
	transport http.RoundTripper
	begun     atomic.Bool // the server may have the whole request
	status    int         // 0: no answer
}

// make makes the request. It doesn't follow a redirection, which would repeat a
// POST or turn it into a GET: so it needs no http.Client. A refusal is a
// *tgbotapi.Error.
func (t *trip) make(ctx context.Context, address *url.URL, header http.Header, params []byte, result any) error {
	ctx = httptrace.WithClientTrace(ctx, &httptrace.ClientTrace{
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
	})
	request, err := http.NewRequestWithContext(ctx, http.MethodPost, "", bytes.NewReader(params))
	if err != nil {
		return err
	}
	request.URL, request.Host, request.Header = address, address.Host, header
	response, err := t.transport.RoundTrip(request)
	if err != nil {
		return err
	}
	defer response.Body.Close()
	t.status = response.StatusCode
	answer, err := readAll(response)
	if err != nil {
		return err
	}
	return read(answer, result)
}

// readAll reads an answer to its end: only then can the connection be used again.
func readAll(response *http.Response) ([]byte, error) {
	if n := response.ContentLength; n >= 0 && n <= maxAnswer {
		answer := make([]byte, n)
		_, err := io.ReadFull(response.Body, answer)
		return answer, err
	}
	return io.ReadAll(io.LimitReader(response.Body, maxAnswer))
}

// read takes an answer apart, its result into result unless that is nil.
func read(body []byte, result any) error {
	if result == nil {
		result = new(json.RawMessage)
	}
	answer := struct {
		tgbotapi.APIResponse
		Result any `json:"result"` // in the place of the library's, which would be read twice
	}{Result: result}
	if err := json.Unmarshal(body, &answer); err != nil {
		return err
	}
	if answer.Ok {
		return nil
	}
	refused := &tgbotapi.Error{Code: answer.ErrorCode, Message: answer.Description}
	if answer.Parameters != nil {
		refused.ResponseParameters = *answer.Parameters
	}
	return refused
}

// doubt says whether the request may have been carried out although no answer
// was understood. A front server's 4xx settles that it wasn't.
func (t *trip) doubt() bool {
	return t.begun.Load() && (t.status < 400 || t.status >= 500)
}
