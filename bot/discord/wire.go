// wire: the way discordgo reaches the gateway, with the context it doesn't take.

package discord

import (
	"bytes"
	"context"
	"io"
	"net"
	"net/http"
	"sync"
	"time"

	"github.com/bwmarrin/discordgo"
	"github.com/gorilla/websocket"
)

// wire makes the requests and the connection of one session under the context
// of its opening, and can cut the connection from outside.
type wire struct {
	client *client

	mu   sync.Mutex
	ctx  context.Context // of the opening under way or the last one
	conn net.Conn
}

// open sets the context for what the session is about to do.
func (w *wire) open(ctx context.Context) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.ctx = ctx
}

func (w *wire) context() context.Context {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.ctx
}

// cut closes the connection, if there is one.
func (w *wire) cut() {
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.conn != nil {
		_ = w.conn.Close()
	}
}

// RoundTrip asks for the gateway's address, which is all that a session asks of
// the REST API here.
func (w *wire) RoundTrip(r *http.Request) (*http.Response, error) {
	body, err := w.client.exchange(w.context(), r.Method, r.URL.Path, w.client.header, nil)
	if err != nil {
		return nil, err
	}
	return &http.Response{
		StatusCode: http.StatusOK,
		Header:     make(http.Header),
		Body:       io.NopCloser(bytes.NewReader(body)),
		Request:    r,
	}, nil
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

func (w *wire) dialer() *websocket.Dialer {
	return &websocket.Dialer{
		Proxy:            http.ProxyFromEnvironment,
		HandshakeTimeout: 15 * time.Second,
		NetDialContext:   w.dial,
	}
}

func (w *wire) dial(ctx context.Context, network, address string) (net.Conn, error) {
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	defer context.AfterFunc(w.context(), cancel)()
	d := net.Dialer{Timeout: 10 * time.Second}
	conn, err := d.DialContext(ctx, network, address)
	if err != nil {
		return nil, err
	}
	w.mu.Lock()
	defer w.mu.Unlock()
	w.conn = conn
	return conn, nil
}
