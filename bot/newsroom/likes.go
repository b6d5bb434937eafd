// Likes: has this been published already, or nearly?

package newsroom

import (
	"context"
	"sync"
	"time"

	"github.com/strillone/strillone/digest"
)

const (
	// likeMonths is how far back articles are looked for.
	likeMonths = 12
	page       = 100
)

// Archive is the articles that were published; storage.Store says what each
// method promises.
type Archive interface {
	Article(ctx context.Context, number int) (digest.Article, error)
	Latest(ctx context.Context, through, limit int) ([]digest.Article, error)
}

// likes finds articles that say nearly the same. It keeps 256 bytes of each in
// memory, read from the archive when first asked.
type likes struct {
	archive Archive

	mu       sync.Mutex
	sketches map[int]digest.Sketch // by number
	newest   int
}

// find is the article, published since, that is most like the content, and how
// much. A likeness under digest.Alike stands for none.
func (l *likes) find(ctx context.Context, c digest.Content, since time.Time) (digest.Article, float64, error) {
	candidates, err := l.candidates(ctx, digest.SketchOf(c), since)
	if err != nil {
		return digest.Article{}, 0, err
	}
	var best digest.Article
	most := 0.0
	for _, number := range candidates {
		a, err := l.archive.Article(ctx, number)
		if digest.CodeOf(err) == digest.NotFound {
			continue // withdrawn
		}
		if err != nil {
			return digest.Article{}, 0, err
		}
		if likeness := digest.Likeness(a.Content, c); likeness > most && !a.PublishedAt.Before(since) {
			best, most = a, likeness
		}
	}
	return best, most, nil
}

// candidates are the numbers of articles that may be alike.
func (l *likes) candidates(ctx context.Context, sketch digest.Sketch, since time.Time) ([]int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if err := l.catchUp(ctx, since); err != nil {
		return nil, err
	}
	var numbers []int
	for number, other := range l.sketches {
		if sketch.MayBeAlike(other) {
			numbers = append(numbers, number)
		}
	}
	return numbers, nil
}

// catchUp reads what was published since it was last asked.
func (l *likes) catchUp(ctx context.Context, since time.Time) error {
	fresh := make(map[int]digest.Sketch)
	for through, more := 0, true; more; {
		articles, err := l.archive.Latest(ctx, through, page)
		if err != nil {
			return err
		}
		more = len(articles) == page
		for _, a := range articles {
			if a.Number <= l.newest || a.PublishedAt.Before(since) {
				more = false
				break
			}
			fresh[a.Number] = digest.SketchOf(a.Content)
			through = a.Number - 1
		}
		more = more && through > 0 // 0 would begin anew
	}
	if l.sketches == nil {
		l.sketches = fresh
	}
	for number, sketch := range fresh {
		l.sketches[number] = sketch
		l.newest = max(l.newest, number)
	}
	return nil
}
