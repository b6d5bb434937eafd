// Gateway: WebSocket connections, HELLO, IDENTIFY, RESUME and heartbeats.

package discordtest

import (
	"encoding/json"
	"net/http"
	"strings"
	"sync"
	"time"

	"github.com/gorilla/websocket"
)

// Gateway intents that matter here, and the privileged ones together.
const (
	IntentGuilds         = 1 << 0
	IntentGuildMembers   = 1 << 1
	IntentGuildPresences = 1 << 8
	IntentGuildMessages  = 1 << 9
	IntentDirectMessages = 1 << 12
	IntentMessageContent = 1 << 15

	PrivilegedIntents = IntentGuildMembers | IntentGuildPresences | IntentMessageContent

	// knownIntents are all documented bits; others end in 4013.
	knownIntents = 1<<17 - 1 | 1<<20 | 1<<21 | 1<<24 | 1<<25
)

// Gateway opcodes.
const (
	opDispatch       = 0
	opHeartbeat      = 1
	opIdentify       = 2
	opPresence       = 3
	opVoiceState     = 4
	opResume         = 6
	opReconnect      = 7
	opRequestMembers = 8
	opInvalidSession = 9
	opHello          = 10
	opHeartbeatACK   = 11
)

// conn is one WebSocket connection.
type conn struct {
	ws      *websocket.Conn
	session *session // nil until identified; guarded by Server.mu

	mu     sync.Mutex
	queue  [][]byte
	code   int // close with it once the queue is empty; 0 for not
	closed bool
	wake   chan struct{}
}

// push queues a frame; frames after a close are dropped.
func (c *conn) push(v any) { c.pushBytes(encode(v)) }

func (c *conn) pushBytes(b []byte) {
	c.mu.Lock()
	if c.code == 0 {
		c.queue = append(c.queue, b)
	}
	c.mu.Unlock()
	c.signal()
}

// end closes with a code after what is queued.
func (c *conn) end(code int) {
	c.mu.Lock()
	if c.code == 0 {
		c.code = code
	}
	c.mu.Unlock()
	c.signal()
}

// drop breaks the connection without a close frame.
func (c *conn) drop() {
	c.mu.Lock()
	c.closed = true
	c.mu.Unlock()
	_ = c.ws.Close()
	c.signal()
}

func (c *conn) signal() {
	select {
	case c.wake <- struct{}{}:
	default:
	}
}

// write sends the queue until the connection ends. Only it writes data frames.
func (c *conn) write() {
	for range c.wake {
		for {
			c.mu.Lock()
			queue, code, closed := c.queue, c.code, c.closed
			c.queue = nil
			c.mu.Unlock()
			if closed {
				return
			}
			if len(queue) == 0 {
				if code != 0 {
					deadline := time.Now().Add(time.Second)
					_ = c.ws.WriteControl(websocket.CloseMessage, websocket.FormatCloseMessage(code, closeReason[code]), deadline)
					// A client that does not close its side is cut off.
					_ = c.ws.SetReadDeadline(deadline.Add(time.Second))
					return
				}
				break
			}
			for _, b := range queue {
				if c.ws.WriteMessage(websocket.TextMessage, b) != nil {
					return // the reader notices
				}
			}
		}
	}
}

var closeReason = map[int]string{
	4000: "Unknown error.", 4001: "Unknown opcode.", 4002: "Error while decoding payload.", 4003: "Not authenticated.",
	4004: "Authentication failed.", 4005: "Already authenticated.", 4007: "Invalid sequence.", 4008: "Rate limited.",
	4009: "Session timed out.", 4010: "Invalid shard.", 4011: "Sharding required.", 4012: "Invalid API version.",
	4013: "Invalid intent(s).", 4014: "Disallowed intent(s).",
}

var upgrader = websocket.Upgrader{CheckOrigin: func(*http.Request) bool { return true }}

func (s *Server) serveGateway(w http.ResponseWriter, r *http.Request) {
	s.mu.Lock()
	if s.closed {
		s.mu.Unlock()
		w.WriteHeader(http.StatusServiceUnavailable)
		return
	}
	s.gateways.Add(1)
	s.mu.Unlock()
	defer s.gateways.Done()
	ws, err := upgrader.Upgrade(w, r, nil)
	if err != nil {
		return // Upgrade has answered
	}
	c := &conn{ws: ws, wake: make(chan struct{}, 1)}
	s.mu.Lock()
	s.conns[c] = true
	closed := s.closed
	s.mu.Unlock()
	if closed {
		c.drop()
	}
	done := make(chan struct{})
	go func() {
		defer close(done)
		c.write()
	}()
	q := r.URL.Query()
	switch {
	case q.Get("v") != "9" && q.Get("v") != "10":
		s.violate("gateway opened with version %q, want 9 or 10", q.Get("v"))
		c.end(4012)
	case q.Get("encoding") != "json" || q.Get("compress") != "":
		s.violate("gateway opened with encoding %q and compress %q: discordtest speaks plain json", q.Get("encoding"), q.Get("compress"))
		c.end(4002)
	default:
		c.push(object{"op": opHello, "s": nil, "t": nil, "d": object{"heartbeat_interval": s.settings.heartbeat.Milliseconds()}})
	}
	s.read(c)
	c.drop()
	<-done
	s.mu.Lock()
	delete(s.conns, c)
	if c.session != nil && c.session.conn == c {
		c.session.conn = nil
	}
	s.notify()
	s.mu.Unlock()
}

// read handles what the client sends until the connection ends.
func (s *Server) read(c *conn) {
	for {
		_, b, err := c.ws.ReadMessage()
		if websocket.IsCloseError(err, websocket.CloseNormalClosure, websocket.CloseGoingAway) {
			s.forget(c) // 1000 and 1001 end the session for good
		}
		if err != nil {
			return
		}
		var frame struct {
			Op *int            `json:"op"`
			D  json.RawMessage `json:"d"`
		}
		if json.Unmarshal(b, &frame) != nil || frame.Op == nil || len(b) > 4096 {
			s.violate("gateway: a frame of %d bytes that is no payload: %.100s", len(b), b)
			c.end(4002)
			continue
		}
		s.receive(c, *frame.Op, frame.D)
	}
}

func (s *Server) receive(c *conn, op int, d json.RawMessage) {
	s.mu.Lock()
	identified := c.session != nil
	s.mu.Unlock()
	switch op {
	case opHeartbeat:
		c.push(object{"op": opHeartbeatACK})
		s.mu.Lock()
		s.heartbeats++
		s.notify()
		s.mu.Unlock()
	case opIdentify, opResume:
		if identified {
			s.violate("gateway: opcode %d on a connection that is identified", op)
			c.end(4005)
		} else if op == opIdentify {
			s.identify(c, d)
		} else {
			s.resume(c, d)
		}
	case opPresence, opVoiceState, opRequestMembers:
		if !identified {
			s.violate("gateway: opcode %d before IDENTIFY", op)
			c.end(4003)
		}
	default:
		s.violate("gateway: unknown opcode %d", op)
		c.end(4001)
	}
}

// tokenOK accepts the token with and without "Bot ", as Discord does.
func (s *Server) tokenOK(token string) bool {
	return strings.TrimPrefix(token, "Bot ") == s.settings.token
}

func (s *Server) identify(c *conn, d json.RawMessage) {
	var in struct {
		Token      string         `json:"token"`
		Properties map[string]any `json:"properties"`
		Intents    *int           `json:"intents"`
		Shard      *[2]int        `json:"shard"`
	}
	if err := json.Unmarshal(d, &in); err != nil || in.Properties == nil {
		s.violate("gateway: IDENTIFY that cannot be read or has no properties (%v)", err)
		c.end(4002)
		return
	}
	shard := [2]int{0, 1}
	if in.Shard != nil {
		shard = *in.Shard
	}
	switch {
	case !s.tokenOK(in.Token):
		c.end(4004)
	case in.Intents == nil || *in.Intents&^knownIntents != 0:
		s.violate("gateway: IDENTIFY without intents or with unknown ones")
		c.end(4013)
	case *in.Intents&s.settings.barred != 0:
		s.reporter.Logf("discordtest: IDENTIFY with intents %#x that are not allowed, closing with 4014", *in.Intents&s.settings.barred)
		c.end(4014)
	case shard[1] < 1 || shard[0] < 0 || shard[0] >= shard[1]:
		s.violate("gateway: shard %v", shard)
		c.end(4010)
	default:
		s.open(c, *in.Intents, shard)
	}
}
