// Gateway sessions: READY, the event log that RESUME replays, and closing.

package discordtest

import (
	"context"
	"encoding/json"
	"slices"
	"strconv"
	"strings"
)

// session outlives its connections until it is invalidated.
type session struct {
	id      string
	intents int
	shard   [2]int
	seq     int64
	log     []event
	conn    *conn
	resumes int

	redeliver int // times that a person's doing comes
	again     []repetition
}

type event struct {
	seq   int64
	frame []byte
}

// Session is a gateway session as a test sees it.
type Session struct {
	ID        string
	Intents   int
	Shard     [2]int
	Connected bool
	Resumes   int   // times it was resumed
	Seq       int64 // events sent
}

// Sessions lists the sessions that are connected or may be resumed.
func (s *Server) Sessions() []Session {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.listSessions()
}

func (s *Server) listSessions() []Session {
	var out []Session
	for _, x := range s.sessions {
		out = append(out, Session{ID: x.id, Intents: x.intents, Shard: x.shard, Connected: x.conn != nil, Resumes: x.resumes, Seq: x.seq})
	}
	slices.SortFunc(out, func(a, b Session) int { return strings.Compare(a.ID, b.ID) })
	return out
}

// AwaitSession waits until a session satisfies ok, such as one that is
// Connected. A nil ok takes any connected session.
func (s *Server) AwaitSession(ctx context.Context, ok func(Session) bool) (Session, error) {
	if ok == nil {
		ok = func(x Session) bool { return x.Connected }
	}
	return await(ctx, s, "a gateway session", s.listSessions, ok)
}

// AwaitDisconnect waits until no gateway connection is open.
func (s *Server) AwaitDisconnect(ctx context.Context) error {
	return s.wait(ctx, "the gateway to be left", func() bool { return len(s.conns) == 0 })
}

// AwaitHeartbeats waits until n heartbeats have arrived since New.
func (s *Server) AwaitHeartbeats(ctx context.Context, n int) error {
	return s.wait(ctx, "heartbeats", func() bool { return s.heartbeats >= n })
}

// fatal close codes end a session; after others it may be resumed.
func fatal(code int) bool {
	return code == 1000 || code == 1001 || code == 4004 || code == 4007 || code == 4009 || code >= 4010 && code <= 4014
}

// CloseGateway closes every gateway connection with a code. Sessions survive
// unless the code forbids it (4004, 4007, 4009–4014).
func (s *Server) CloseGateway(code int) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for c := range s.conns {
		s.detach(c, fatal(code))
		c.end(code)
	}
	s.notify()
}

// DropGateway breaks every gateway connection without a close frame.
func (s *Server) DropGateway() {
	s.mu.Lock()
	defer s.mu.Unlock()
	for c := range s.conns {
		s.detach(c, false)
		c.drop()
	}
	s.notify()
}

// Reconnect sends RECONNECT (op 7): clients come back and resume.
func (s *Server) Reconnect() {
	s.mu.Lock()
	defer s.mu.Unlock()
	for c := range s.conns {
		c.push(object{"op": opReconnect, "d": nil, "s": nil, "t": nil})
	}
}

// InvalidateSessions forgets every session and sends INVALID_SESSION (op 9, not
// resumable) to those connected.
func (s *Server) InvalidateSessions() {
	s.mu.Lock()
	defer s.mu.Unlock()
	for c := range s.conns {
		s.detach(c, true)
		c.push(object{"op": opInvalidSession, "d": false, "s": nil, "t": nil})
	}
	clear(s.sessions)
	s.notify()
}

// detach parts a connection from its session; the lock is held.
func (s *Server) detach(c *conn, end bool) {
	if c.session == nil {
		return
	}
	c.session.conn = nil
	if end {
		delete(s.sessions, c.session.id)
	}
	c.session = nil
}

func (s *Server) forget(c *conn) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.detach(c, true)
	s.notify()
}

// open starts a session: READY, then a GUILD_CREATE for every guild.
func (s *Server) open(c *conn, intents int, shard [2]int) {
	s.mu.Lock()
	defer s.mu.Unlock()
	x := &session{id: "session" + s.newID(), intents: intents, shard: shard, conn: c, redeliver: s.settings.redeliver}
	s.sessions[x.id], c.session = x, x
	guilds, creates := []any{}, []object{}
	for _, id := range s.guildOrder {
		g := s.guilds[id]
		if g.gone || !x.covers(id) {
			continue
		}
		guilds = append(guilds, object{"id": id, "unavailable": true})
		if !g.unavailable {
			creates = append(creates, s.guildEvent(g))
		}
	}
	x.dispatch("READY", object{"v": 10, "user": userJSON(s.bot), "guilds": guilds, "session_id": x.id,
		"session_type": "normal", "resume_gateway_url": s.GatewayURL(), "shard": []any{shard[0], shard[1]},
		"private_channels": []any{}, "application": object{"id": s.settings.appID, "flags": 0}})
	if intents&IntentGuilds != 0 {
		for _, g := range creates {
			x.dispatch("GUILD_CREATE", g)
		}
	}
	s.notify()
}

func (s *Server) resume(c *conn, d json.RawMessage) {
	var in struct {
		Token   string `json:"token"`
		Session string `json:"session_id"`
		Seq     int64  `json:"seq"`
	}
	if err := json.Unmarshal(d, &in); err != nil {
		s.violate("gateway: RESUME that cannot be read: %v", err)
		c.end(4002)
		return
	}
	if !s.tokenOK(in.Token) {
		c.end(4004)
		return
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	x := s.sessions[in.Session]
	if x == nil {
		c.push(object{"op": opInvalidSession, "d": false, "s": nil, "t": nil})
		return
	}
	if in.Seq > x.seq {
		delete(s.sessions, x.id)
		c.end(4007)
		return
	}
	if x.conn != nil {
		old := x.conn
		s.detach(old, false)
		old.end(4000)
	}
	x.conn, c.session = c, x
	x.resumes++
	for _, e := range x.log {
		if e.seq > in.Seq {
			c.pushBytes(e.frame)
		}
	}
	x.dispatch("RESUMED", object{})
	s.notify()
}

// deliver logs an event and sends it if the session is connected.
func (x *session) deliver(name string, data any) {
	x.seq++
	frame := encode(object{"op": opDispatch, "s": x.seq, "t": name, "d": data})
	x.log = append(x.log, event{x.seq, frame})
	if x.conn != nil {
		x.conn.pushBytes(frame)
	}
}

// covers says whether events of a guild go to this shard; "" is direct
// messages, which go to shard 0.
func (x *session) covers(guildID string) bool {
	id, _ := strconv.ParseUint(guildID, 10, 64)
	return int(id>>22%uint64(x.shard[1])) == x.shard[0]
}

// wants says whether the session's intents cover an event.
func (x *session) wants(event, guildID string) bool {
	need := 0
	switch {
	case strings.HasPrefix(event, "MESSAGE_") && guildID == "":
		need = IntentDirectMessages
	case strings.HasPrefix(event, "MESSAGE_"):
		need = IntentGuildMessages
	case strings.HasPrefix(event, "GUILD_"), strings.HasPrefix(event, "CHANNEL_"), strings.HasPrefix(event, "THREAD_"):
		need = IntentGuilds
	}
	return x.intents&need == need
}

// send gives every session that covers the guild and wants the event its own
// payload; the lock is held. It returns how many got it.
func (s *Server) send(guildID, event string, payload func(*session) object) int {
	n := 0
	for _, x := range s.sessions {
		if x.covers(guildID) && x.wants(event, guildID) {
			x.dispatch(event, payload(x))
			n++
		}
	}
	return n
}

func (s *Server) emit(guildID, event string, data object) int {
	return s.send(guildID, event, func(*session) object { return data })
}

// Dispatch sends any event to every session whatever its intents, raw as its
// data: an unknown component type, say, or a MESSAGE_CREATE without author.
func (s *Server) Dispatch(event string, raw json.RawMessage) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, x := range s.sessions {
		x.dispatch(event, raw)
	}
}
