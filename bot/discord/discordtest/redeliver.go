// Redelivery: what people do comes more than once, in any order.

package discordtest

import "math/rand/v2"

// Redeliver makes every interaction and every message of a person come n times:
// once at once, and the other times among the events that follow, in any order.
// What is left over at the end comes with [Server.RedeliverRest].
func Redeliver(n int) Option { return func(s *settings) { s.redeliver = max(n, 1) } }

// RedeliverRest delivers all repetitions that are still to come.
func (s *Server) RedeliverRest() {
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, x := range s.sessions {
		x.repeat(len(x.again))
	}
}

// dispatch is an event that a session gets, and some of those that it has got
// before.
func (x *session) dispatch(name string, data any) {
	x.deliver(name, data)
	if name != "INTERACTION_CREATE" && name != "MESSAGE_CREATE" {
		return
	}
	for range x.redeliver - 1 {
		x.again = append(x.again, repetition{name, data})
	}
	x.repeat(len(x.again) / 2)
}

// repetition is an event that is yet to come again.
type repetition struct {
	name string
	data any
}

// repeat delivers so many of the repetitions.
func (x *session) repeat(n int) {
	rand.Shuffle(len(x.again), func(i, j int) { x.again[i], x.again[j] = x.again[j], x.again[i] })
	for _, r := range x.again[:n] {
		x.deliver(r.name, r.data)
	}
	x.again = x.again[n:]
}
