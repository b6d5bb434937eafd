// window: what a second has room for, by arrival.

package delivery

import "time"

const (
	// unknown is added to a second for what the way there and back doesn't tell.
	unknown = 2500 * time.Microsecond
	// mostLate is how late a message is ever taken to have arrived.
	mostLate = 250 * time.Millisecond
	// meanLate is how late messages are taken to have arrived in the long run, at
	// most: it bounds what slow answers cost the pace. Where they are slower still,
	// it may be that the platform takes its time with them.
	meanLate = 15 * time.Millisecond
)

// window has no more messages arrive in any second than it has places. A send
// takes a place, which is free for another a second after the message arrived.
//
// When that was, a bot isn't told. But a message whose answer took longer than
// the quickest one's may have been that much longer on its way there, for the
// network's sake or the machine's; so that is when it arrived, at the latest, if
// the quickest way is counted for nothing. Even spacing alone is no guard: of two
// sends a second apart the first may be held up on its way and the second not.
type window struct {
	places   []place
	quickest time.Duration // answer of late
	believed time.Duration // to be the platform's own time, of what answers take longer
}

// place is one message of the last second.
type place struct {
	sent time.Time     // or when it is going to be
	took time.Duration // to the last answer that is known; 0: none is
	late time.Duration // how much later than the quickest it may have arrived
}

// slot is a place taken for a send.
type slot struct {
	place int
	sent  time.Time
}

// next is the place that is free first, and when it is. The factor lengthens
// the second.
func (w *window) next(factor float64) (place int, free time.Time) {
	second := time.Duration(float64(time.Second+unknown) * factor)
	for i, p := range w.places {
		if at := p.sent.Add(second + p.late); i == 0 || at.Before(free) {
			place, free = i, at
		}
	}
	return place, free
}

// take takes a place for a send. Until it is answered it may arrive at any time.
func (w *window) take(i int, at time.Time) slot {
	p := &w.places[i]
	p.sent, p.late = at, mostLate
	return slot{i, at}
}

// answered notes when a send was answered, unless its place was needed before.
func (w *window) answered(s slot, at time.Time) {
	if s.place >= len(w.places) || !w.places[s.place].sent.Equal(s.sent) {
		return
	}
	p := &w.places[s.place]
	p.took = max(at.Sub(s.sent), 1)
	w.learn()
	p.late = min(max(p.took-w.quickest-w.believed, 0), mostLate)
	w.believed = max(w.believed+(p.late-meanLate)/256, 0)
}

// refused notes that the platform took too many for too much: late answers do
// tell of late messages.
func (w *window) refused() { w.believed = 0 }

// learn finds the quickest answer. When it is one no more, because the way has
// become longer, that is believed only bit by bit.
func (w *window) learn() {
	var least time.Duration
	for _, p := range w.places {
		if p.took > 0 && (least == 0 || p.took < least) {
			least = p.took
		}
	}
	if longer := least - w.quickest; longer > 0 && w.quickest > 0 {
		least = w.quickest + longer/64
	}
	w.quickest = least
}
