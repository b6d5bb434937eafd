// Publisher: builds an edition, renders it and enqueues it.

package delivery

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"log/slog"
	"runtime/debug"
	"slices"
	"time"

	"github.com/strillone/strillone/digest"
)

// PublisherConfig is what a Publisher needs. Editions and Composer must be set.
type PublisherConfig struct {
	Editions Editions
	Composer Composer
	// Renderers are those of the platforms that are switched on. Subscriptions
	// of others are left alone and catch up once theirs is.
	Renderers map[digest.Platform]Renderer
	// Title is every digest's.
	Title string
	// MaxArticles is how many articles a digest shows; 10 when 0.
	MaxArticles int
	// Enqueued, if set, is called after deliveries were queued: it wakes the
	// dispatchers.
	Enqueued func()
	// Now tells when an edition was published; time.Now when nil.
	Now func() time.Time
	// Log; nothing is logged when nil.
	Log *slog.Logger
}

// Publisher publishes editions.
type Publisher struct{ config PublisherConfig }

// Summary is what an edition came to.
type Summary struct {
	Digests    int // distinct ones
	Deliveries int
}

// NewPublisher makes a Publisher.
func NewPublisher(c PublisherConfig) *Publisher {
	c.MaxArticles = cmp.Or(c.MaxArticles, 10)
	if c.Now == nil {
		c.Now = time.Now
	}
	if c.Log == nil {
		c.Log = slog.New(slog.DiscardHandler)
	}
	return &Publisher{config: c}
}

// Publish publishes the edition of a scheduled time: to every subscription on
// the platforms that have a Renderer, a digest of the articles newer than its
// mark. An edition without news is recorded too, so that nobody takes it for
// missed; one published before changes nothing and its Summary is zero. After
// an error nothing was published, and Publish may be called again.
//
// What can't be rendered is logged and left out: those subscriptions keep their
// marks, and its articles are in their next digest.
func (p *Publisher) Publish(ctx context.Context, slot time.Time) (Summary, error) {
	edition := Edition{Slot: slot, At: p.config.Now()}
	newest, err := p.config.Editions.Newest(ctx)
	if err != nil {
		return Summary{}, fmt.Errorf("find the newest article: %w", err)
	}
	groups, err := p.config.Editions.Groups(ctx)
	if err != nil {
		return Summary{}, fmt.Errorf("find who is due a digest: %w", err)
	}
	for _, same := range p.byMark(groups, newest) {
		d, err := p.build(ctx, slot, digest.Window{After: same[0].Mark, Through: newest})
		if err != nil {
			return Summary{}, err
		}
		if len(d.Articles) == 0 {
			continue
		}
		if renderings := p.renderings(ctx, d, same); len(renderings) > 0 {
			edition.Digests = append(edition.Digests, RenderedDigest{Digest: d, Renderings: renderings})
		}
	}
	deliveries, err := p.config.Editions.Publish(ctx, edition)
	if err != nil {
		return Summary{}, fmt.Errorf("publish the edition of %s: %w", slot.Format(time.RFC3339), err)
	}
	if deliveries == 0 {
		return Summary{}, nil
	}
	if p.config.Enqueued != nil {
		p.config.Enqueued()
	}
	return Summary{Digests: len(edition.Digests), Deliveries: deliveries}, nil
}

// byMark puts together the groups that get the same digest, of those that can
// be served, by ascending mark.
func (p *Publisher) byMark(groups []Group, newest int) [][]Group {
	marks := make(map[int][]Group)
	for _, g := range groups {
		if p.config.Renderers[g.Platform] != nil && g.Mark < newest {
			marks[g.Mark] = append(marks[g.Mark], g)
		}
	}
	list := make([][]Group, 0, len(marks))
	for _, same := range marks {
		list = append(list, same)
	}
	slices.SortFunc(list, func(a, b []Group) int { return a[0].Mark - b[0].Mark })
	return list
}

// build is the digest of a window.
func (p *Publisher) build(ctx context.Context, slot time.Time, w digest.Window) (digest.Digest, error) {
	articles, all, err := p.config.Editions.Published(ctx, w, p.config.MaxArticles)
	if err != nil {
		return digest.Digest{}, fmt.Errorf("find the articles after %d up to %d: %w", w.After, w.Through, err)
	}
	return digest.Digest{
		Title:    p.config.Title,
		BuiltAt:  slot,
		Window:   w,
		Articles: articles,
		More:     max(0, all-len(articles)),
	}, nil
}

// renderings are a digest's for each of the groups.
func (p *Publisher) renderings(ctx context.Context, d digest.Digest, groups []Group) []Rendering {
	var list []Rendering
	for _, g := range groups {
		parts, err := p.render(ctx, d, g)
		if err != nil {
			p.config.Log.LogAttrs(ctx, slog.LevelError, "digest not rendered; its readers get these articles with the next",
				slog.String("platform", string(g.Platform)), slog.String("language", string(g.Language)),
				slog.Int("after", d.Window.After), slog.Int("subscriptions", g.Size), slog.Any("error", err))
			continue
		}
		list = append(list, Rendering{Platform: g.Platform, Language: g.Language, Parts: parts})
	}
	return list
}

// render composes and renders a digest for a group. A panic becomes an error,
// so that one platform's doesn't keep the digest from the others.
func (p *Publisher) render(ctx context.Context, d digest.Digest, g Group) (parts []Part, err error) {
	defer func() {
		if r := recover(); r != nil {
			p.config.Log.LogAttrs(ctx, slog.LevelError, "renderer panicked. Report it with this stack",
				slog.Any("panic", r), slog.String("stack", string(debug.Stack())))
			parts, err = nil, fmt.Errorf("panic: %v", r)
		}
	}()
	parts, err = p.config.Renderers[g.Platform].Render(p.config.Composer.Digest(d, g.Language))
	if err == nil && len(parts) == 0 {
		err = errors.New("no parts")
	}
	return parts, err
}
