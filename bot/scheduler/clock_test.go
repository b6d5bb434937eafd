// The clock set back and forth: never two digests of one local date.

package scheduler

import (
	"errors"
	"math/rand/v2"
	"testing"
	"testing/synctest"
	"time"
)

// TestRunOncePerLocalDate has the clock set by minutes, hours and days, and the
// process started again, at random; the zones' clocks change meanwhile.
func TestRunOncePerLocalDate(t *testing.T) {
	steps := []time.Duration{time.Minute, 59 * time.Minute, time.Hour, 2 * time.Hour, 23 * time.Hour, 24 * time.Hour, 49 * time.Hour}
	for _, name := range []string{"UTC", "Europe/Rome", "America/New_York", "Africa/Cairo", "Pacific/Apia"} {
		z := zone(t, name)
		for _, spec := range []string{"30 2 * * *", "0 0 * * *"} {
			t.Run(name+" "+spec, func(t *testing.T) {
				synctest.Test(t, func(t *testing.T) {
					random := rand.New(rand.NewPCG(1, uint64(len(name)*100+len(spec))))
					faults := rand.New(rand.NewPCG(2, 1))
					e := &edition{wall: &wall{}, zone: z}
					e.fail = func(time.Time) error {
						if faults.IntN(4) == 0 {
							return errors.New("database is down")
						}
						return nil
					}
					// From March 2000 on, when the clocks change soon.
					e.wall.shift.Store(int64(80 * 24 * time.Hour))
					for range 4 {
						e.run(t, spec, func() {
							for range 4 {
								time.Sleep(time.Duration(random.Int64N(int64(30 * time.Hour))))
								step := steps[random.IntN(len(steps))]
								if random.IntN(2) == 0 {
									step = -step
								}
								e.wall.shift.Add(int64(step))
							}
						})
					}
					seen := make(map[string]bool)
					for _, slot := range e.slots {
						date := slot.In(z).Format(time.DateOnly)
						if seen[date] {
							t.Errorf("%s has two digests: %v", date, e.slots)
						}
						seen[date] = true
					}
					if len(e.slots) < 4 {
						t.Errorf("only %d were published", len(e.slots))
					}
				})
			})
		}
	}
}
