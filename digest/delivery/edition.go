// edition: one slot of one schedule published, chunk by chunk.

package delivery

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"runtime/debug"
	"time"

	"github.com/strillone/strillone/digest"
)

// The first chunks are small, so that the first deliveries are soon on their
// way; the later ones are large, since each costs a commit, but not so large
// that others who write wait long for it.
const firstChunk, largestChunk = 4096, 32768

// occasion is a slot to be published.
type occasion struct {
	schedule int64
	slot     time.Time
	date     digest.Date
	next     time.Time
	zone     string
}

// Summary is what an edition came to, or what was left of it.
type Summary struct {
	Digests    int // distinct ones
	Deliveries int
}

// edition is one being published.
type edition struct {
	Edition
	*Publisher
	occasion
	known   map[Group]bool // without a rendering
	nothing []Group
	digests map[selection]bool // that were stored
}

// publish begins an edition, or goes on with it, up to its end.
//
// What can't be rendered is logged and left out: those subscriptions keep their
// marks, and its articles are in their next digest.
func (p *Publisher) publish(ctx context.Context, t occasion) (Summary, error) {
	begun, open, err := p.config.Editions.Begin(ctx, t.schedule, t.slot, t.date, p.now())
	if err != nil {
		return Summary{}, fmt.Errorf("begin an edition: %w", err)
	}
	if !open {
		return Summary{}, nil
	}
	e := edition{Edition: begun, Publisher: p, occasion: t, known: make(map[Group]bool), digests: make(map[selection]bool)}
	var digests []RenderedDigest
	var summary Summary
	for limit := firstChunk; ; {
		progress, err := p.config.Editions.Enqueue(ctx, Chunk{
			Edition: e.Edition, Limit: limit, Digests: digests, Nothing: e.nothing, Known: e.isKnown, Next: t.next,
		})
		if err != nil {
			return Summary{}, fmt.Errorf("queue deliveries: %w", err)
		}
		summary.Deliveries += progress.Queued
		if progress.Queued > 0 && p.config.Enqueued != nil {
			p.config.Enqueued()
		}
		if progress.Ended {
			summary.Digests = len(e.digests)
			return summary, nil
		}
		if digests, err = e.render(ctx, progress.Unknown); err != nil {
			return Summary{}, err
		}
		if e.Reached = progress.Reached; len(progress.Unknown) == 0 {
			limit = min(2*limit, largestChunk)
		}
	}
}

// isKnown says whether a Group without a rendering is to stay so.
func (e *edition) isKnown(g Group) bool { return e.known[g] || e.config.Renderers[g.Platform] == nil }

// selection is a Group without what only its renderings differ in.
type selection struct {
	mark   int
	choice string
}

// render builds and renders the digests of Groups that are not known.
func (e *edition) render(ctx context.Context, unknown []Group) ([]RenderedDigest, error) {
	var order []selection
	bySelection := make(map[selection][]Group)
	for _, g := range unknown {
		w := selection{g.Mark, g.Choice}
		if bySelection[w] == nil {
			order = append(order, w)
		}
		bySelection[w] = append(bySelection[w], g)
	}
	var list []RenderedDigest
	for _, w := range order {
		d, err := e.build(ctx, w)
		if err != nil {
			return nil, err
		}
		if len(d.Articles) == 0 {
			e.nothing = append(e.nothing, Group{Mark: w.mark, Choice: w.choice})
			continue
		}
		rendered := RenderedDigest{Digest: d, Choice: w.choice}
		for _, g := range bySelection[w] {
			// Known from now on: a rendering that is stored leaves none without.
			e.known[g] = true
			if r, ok := e.rendering(ctx, d, g); ok {
				rendered.Renderings = append(rendered.Renderings, r)
			}
		}
		if len(rendered.Renderings) > 0 {
			e.digests[w] = true
			list = append(list, rendered)
		}
	}
	return list, nil
}

// build is the digest of a selection.
func (e *edition) build(ctx context.Context, w selection) (digest.Digest, error) {
	span := digest.Window{After: w.mark, Through: e.Through}
	articles, all, err := e.config.Editions.Published(ctx, span, digest.ChoiceOf(w.choice), e.config.MaxArticles)
	if err != nil {
		return digest.Digest{}, fmt.Errorf("find the articles after %d up to %d: %w", span.After, span.Through, err)
	}
	return digest.Digest{
		Title:    e.config.Title,
		BuiltAt:  e.Edition.Slot,
		Zone:     e.zone,
		Next:     e.next,
		Window:   span,
		Articles: articles,
		More:     max(0, all-len(articles)),
	}, nil
}

// rendering is a digest's for a Group, if it can be rendered.
func (e *edition) rendering(ctx context.Context, d digest.Digest, g Group) (Rendering, bool) {
	parts, err := e.parts(ctx, d, g)
	if err != nil {
		e.config.Log.LogAttrs(ctx, slog.LevelError, "digest not rendered; its readers get these articles with the next",
			slog.String("platform", string(g.Platform)), slog.String("language", string(g.Language)),
			slog.String("form", string(g.Form)), slog.Int("after", d.Window.After), slog.Any("error", err))
		return Rendering{}, false
	}
	return Rendering{Platform: g.Platform, Language: g.Language, Form: g.Form, Parts: parts}, true
}

// parts composes and renders a digest. A panic becomes an error, so that one
// platform's doesn't keep the digest from the others.
func (e *edition) parts(ctx context.Context, d digest.Digest, g Group) (parts []Part, err error) {
	defer func() {
		if r := recover(); r != nil {
			e.config.Log.LogAttrs(ctx, slog.LevelError, "renderer panicked. Report it with this stack",
				slog.Any("panic", r), slog.String("stack", string(debug.Stack())))
			parts, err = nil, fmt.Errorf("panic: %v", r)
		}
	}()
	parts, err = e.config.Renderers[g.Platform].Render(e.config.Composer.Digest(d, g.Language, g.Form))
	if err == nil && len(parts) == 0 {
		err = errors.New("no parts")
	}
	return parts, err
}
