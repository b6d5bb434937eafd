// Ballots: who gave which opinion, for as long as the process runs.

package command

import (
	"hash/maphash"
	"sync"

	"github.com/strillone/strillone/bot/compose"
	"github.com/strillone/strillone/digest"
)

// ballots are the opinions given since the process began, so that one given twice
// counts once. They are in memory alone, under hashes that mean nothing outside
// this process: what is kept of them are the sums. It is safe for concurrent use.
type ballots struct {
	seed maphash.Seed

	mu    sync.Mutex
	given map[uint64]compose.Opinion
}

// maxBallots is how many opinions are remembered; it begins anew when there are
// more.
const maxBallots = 100_000

func newBallots() *ballots {
	return &ballots{seed: maphash.MakeSeed(), given: make(map[uint64]compose.Opinion)}
}

// cast replaces a person's opinion of an article, and returns the one before.
func (b *ballots) cast(who digest.Person, number int, opinion compose.Opinion) compose.Opinion {
	b.mu.Lock()
	defer b.mu.Unlock()
	key := b.key(who, number)
	before := b.given[key]
	if len(b.given) >= maxBallots {
		clear(b.given)
	}
	b.given[key] = opinion
	return before
}

func (b *ballots) of(who digest.Person, number int) compose.Opinion {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.given[b.key(who, number)]
}

func (b *ballots) key(who digest.Person, number int) uint64 {
	return maphash.Comparable(b.seed, struct {
		who    digest.Person
		number int
	}{who, number})
}
