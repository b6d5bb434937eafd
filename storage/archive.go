// Archive: finding what was published, and what readers keep of it.

package storage

import (
	"context"
	"time"

	"github.com/strillone/strillone/digest"
	"github.com/strillone/strillone/digest/search"
)

// Archive is the published articles, and what readers made of them. Withdrawn
// ones are nowhere in it.
type Archive interface {
	// Search finds the articles that have all that the query asks for, in its
	// order. Best first: what has the words in its title before all else; where
	// there are more than search.Counted hits, of the newest of them.
	Search(ctx context.Context, q search.Query, p search.Page) (search.Hits, error)
	// Near are articles for a query that finds none: those whose titles have
	// words like the ones asked for, or some of them, the nearest first.
	Near(ctx context.Context, q search.Query, limit int) ([]digest.Article, error)
	// Begins are the articles that a person who has typed this much of a title may
	// mean; the last word may be unfinished. Those whose title begins so come
	// first, then those with all of the words in it, the newest first. Without
	// words it is the newest.
	Begins(ctx context.Context, words string, p search.Page) ([]digest.Article, error)
	// Titled is the newest article with this title, up to case, accents, word
	// forms and a subtitle, else digest.NotFound. Any text is allowed.
	Titled(ctx context.Context, title string) (digest.Article, error)
	// Related are the articles that share topics and rare words with that one,
	// most first. There are none for a number that no article has.
	Related(ctx context.Context, number, limit int) ([]digest.Article, error)
	// Topics are the topics of the articles, the commonest first.
	Topics(ctx context.Context) ([]search.TopicCount, error)
	// Months are the months of the zone in which articles were published, the
	// newest first.
	Months(ctx context.Context, zone *time.Location) ([]search.MonthCount, error)

	// SaveFor saves a published article for a person, and says whether it wasn't
	// saved before. An unknown number is digest.NotFound; with digest.MaxSaved
	// saved already it is digest.TooManySaved with Data "Limit".
	SaveFor(ctx context.Context, who digest.Person, number int, at time.Time) (bool, error)
	// UnsaveFor takes it away again and says whether it was saved.
	UnsaveFor(ctx context.Context, who digest.Person, number int) (bool, error)
	// SavedBy are the articles that a person has saved, the last saved first, and
	// how many there are of all.
	SavedBy(ctx context.Context, who digest.Person, p search.Page) ([]digest.Article, int, error)
	// HasSaved says whether a person has saved the article.
	HasSaved(ctx context.Context, who digest.Person, number int) (bool, error)

	// Rate adds to the sums of a published article and returns them. A sum never
	// becomes less than nothing. An unknown number is digest.NotFound.
	Rate(ctx context.Context, number int, change digest.Usefulness) (digest.Usefulness, error)
	// Usefulness is the sums of an article, zero for one that nobody rated.
	Usefulness(ctx context.Context, number int) (digest.Usefulness, error)
}
