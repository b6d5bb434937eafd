// press: a Publisher whose digests say what they hold.

package storagetest

import (
	"context"
	"fmt"
	"time"

	"github.com/strillone/strillone/digest"
	"github.com/strillone/strillone/digest/delivery"
	"github.com/strillone/strillone/digest/markup"
)

// press publishes digests of at most ten articles, in as many parts.
type press struct {
	parts int
	now   func() time.Time
	clock digest.Clock // the operator's
	// only, if set, is the one language that can be rendered.
	only digest.Language
}

// on is a Publisher on a database.
func (p press) on(e delivery.Editions) *delivery.Publisher {
	renderers := make(map[digest.Platform]delivery.Renderer)
	for _, platform := range []digest.Platform{telegram, discord} {
		renderers[platform] = plate{p, platform}
	}
	return delivery.NewPublisher(delivery.PublisherConfig{
		Editions: e, Composer: p, Renderers: renderers, Operator: p.clock, Title: "Strillone", Now: p.now,
	})
}

// at publishes an edition to those who follow the operator's schedule.
func (p press) at(ctx context.Context, e delivery.Editions, slot time.Time) (int, error) {
	p.now = func() time.Time { return slot }
	summary, err := p.on(e).Publish(ctx, slot)
	return summary.Deliveries, err
}

// Digest names the window, and the articles where they are not all of it.
func (p press) Digest(d digest.Digest, language digest.Language, form digest.Form) markup.Doc {
	if len(d.Articles) == 0 {
		panic("an empty digest")
	}
	text := fmt.Sprintf("%s %d-%d", language, d.Window.After, d.Window.Through)
	if len(d.Articles)+d.More != d.Window.Through-d.Window.After {
		text += fmt.Sprint(" of ", numbersOf(d.Articles))
	}
	if form != "" {
		text += " " + string(form)
	}
	return markup.Doc{Blocks: []markup.Block{markup.Paragraph{Text: markup.T(text)}}}
}

// plate renders for one platform.
type plate struct {
	press
	platform digest.Platform
}

func (p plate) Render(doc markup.Doc) ([]delivery.Part, error) {
	text := doc.Blocks[0].(markup.Paragraph).Text.String()
	if p.only != "" && text[:2] != string(p.only) {
		return nil, fmt.Errorf("no %s today", text[:2])
	}
	var parts []delivery.Part
	for i := range p.parts {
		parts = append(parts, delivery.Part(fmt.Sprintf("%s %s %d/%d", p.platform, text, i+1, p.parts)))
	}
	return parts, nil
}
