// beat: the even spacing of a bot's sends.

package delivery

import "time"

// madeUp is how late a send may be, in intervals, without shifting all after
// it, or the timers' lateness would add up. Later than that, the bot was idle;
// and a longer gap in the sends, with what makes up for it, would come again each
// second, for as few places are free then, and answers would wait in it.
const madeUp = 8

// beat spaces sends evenly. What comes late is made up for by the sends after
// it, at half the space.
type beat struct {
	interval time.Duration // 0: as many sends as one likes
	ideal    time.Time     // the next send, were all on time
	next     time.Time     // the next send
}

// strike notes a send. The factor lengthens the spaces.
func (b *beat) strike(at time.Time, factor float64) {
	interval := time.Duration(float64(b.interval) * factor)
	if at.Sub(b.ideal) > madeUp*interval {
		b.ideal = at
	}
	b.ideal = b.ideal.Add(interval)
	b.next = later(b.ideal, at.Add(interval/2))
}
