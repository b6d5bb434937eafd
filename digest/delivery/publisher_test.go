package delivery

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/strillone/strillone/digest"
	"github.com/strillone/strillone/digest/markup"
)

// desk is Editions in memory.
type desk struct {
	groups    []Group
	newest    int
	withdrawn []int // article numbers
	published []Edition
	err       error
}

func (d *desk) Adopt(context.Context, digest.Clock, time.Time) error { return nil }

func (d *desk) LastSlot(context.Context) (time.Time, error) {
	if len(d.published) == 0 {
		return time.Time{}, nil
	}
	return d.published[len(d.published)-1].Slot, nil
}

func (d *desk) Groups(context.Context) ([]Group, error) { return d.groups, nil }

func (d *desk) Newest(context.Context) (int, error) { return d.newest, nil }

func (d *desk) Published(_ context.Context, w digest.Window, limit int) ([]digest.Article, int, error) {
	var list []digest.Article
	for n := w.Through; n > w.After; n-- {
		if !slices.Contains(d.withdrawn, n) {
			list = append(list, digest.Article{Number: n, State: digest.Published})
		}
	}
	return list[:min(limit, len(list))], len(list), nil
}

func (d *desk) Publish(ctx context.Context, e Edition) (int, error) {
	if d.err != nil {
		return 0, d.err
	}
	if last, _ := d.LastSlot(ctx); !e.Slot.After(last) {
		return 0, nil
	}
	d.published = append(d.published, e)
	n := 0
	for i, g := range d.groups {
		for _, rd := range e.Digests {
			for _, r := range rd.Renderings {
				if r.Platform == g.Platform && r.Language == g.Language && rd.Digest.Window.After == g.Mark {
					n += g.Size
					d.groups[i].Mark = rd.Digest.Window.Through
				}
			}
		}
	}
	return n, nil
}

// plain composes and renders a digest as a line of text.
type plain struct {
	refuse string // a digest that says this can't be rendered
	panics bool
}

func (plain) Digest(d digest.Digest, language digest.Language) markup.Doc {
	text := fmt.Sprintf("%s %s:", language, d.Title)
	for _, a := range d.Articles {
		text += fmt.Sprintf(" %d", a.Number)
	}
	if d.More > 0 {
		text += fmt.Sprintf(" +%d", d.More)
	}
	return markup.Doc{Blocks: []markup.Block{markup.Paragraph{Text: markup.T(text)}}}
}

func (p plain) Render(doc markup.Doc) ([]Part, error) {
	text := doc.Blocks[0].(markup.Paragraph).Text.String()
	if p.panics {
		panic("a bug")
	}
	if p.refuse != "" && strings.Contains(text, p.refuse) {
		return nil, errors.New("too long")
	}
	return []Part{Part(text)}, nil
}

// said lists what an edition says to whom.
func said(e Edition) []string {
	var list []string
	for _, d := range e.Digests {
		for _, r := range d.Renderings {
			list = append(list, fmt.Sprintf("%s after %d: %s", r.Platform, d.Digest.Window.After, r.Parts[0]))
		}
	}
	return list
}

func TestPublish(t *testing.T) {
	slot := time.Date(2026, 7, 1, 7, 30, 0, 0, time.UTC)
	everyone := []Group{
		{"telegram", "it", 5, 100}, {"telegram", "en", 5, 10}, {"discord", "it", 5, 7},
		{"telegram", "it", 2, 3}, {"discord", "en", 8, 4},
	}
	for _, c := range []struct {
		name    string
		desk    desk
		off     digest.Platform // has no renderer
		discord plain
		want    []string
		summary Summary
		marks   []int // of everyone, afterwards
	}{
		{
			name: "all", desk: desk{newest: 8},
			want: []string{
				"telegram after 2: it News: 8 7 6 +3",
				"telegram after 5: it News: 8 7 6", "telegram after 5: en News: 8 7 6", "discord after 5: it News: 8 7 6",
			},
			summary: Summary{2, 120}, marks: []int{8, 8, 8, 8, 8},
		},
		{
			name: "platform off", desk: desk{newest: 8}, off: "telegram",
			want:    []string{"discord after 5: it News: 8 7 6"},
			summary: Summary{1, 7}, marks: []int{5, 5, 8, 2, 8},
		},
		{
			name: "rendering fails", desk: desk{newest: 8}, discord: plain{refuse: "it"},
			want: []string{
				"telegram after 2: it News: 8 7 6 +3",
				"telegram after 5: it News: 8 7 6", "telegram after 5: en News: 8 7 6",
			},
			summary: Summary{2, 113}, marks: []int{8, 8, 5, 8, 8},
		},
		{
			name: "renderer panics", desk: desk{newest: 8}, discord: plain{panics: true},
			want: []string{
				"telegram after 2: it News: 8 7 6 +3",
				"telegram after 5: it News: 8 7 6", "telegram after 5: en News: 8 7 6",
			},
			summary: Summary{2, 113}, marks: []int{8, 8, 5, 8, 8},
		},
		{
			name: "all withdrawn for some", desk: desk{newest: 8, withdrawn: []int{6, 7, 8}},
			want:    []string{"telegram after 2: it News: 5 4 3"},
			summary: Summary{1, 3}, marks: []int{5, 5, 5, 8, 8},
		},
		{name: "no articles", desk: desk{}, marks: []int{5, 5, 5, 2, 8}},
	} {
		t.Run(c.name, func(t *testing.T) {
			c.desk.groups = slices.Clone(everyone)
			renderers := map[digest.Platform]Renderer{"telegram": plain{}, "discord": c.discord}
			delete(renderers, c.off)
			enqueued := 0
			p := NewPublisher(PublisherConfig{
				Editions: &c.desk, Composer: plain{}, Renderers: renderers, Title: "News", MaxArticles: 3,
				Enqueued: func() { enqueued++ },
			})
			got, err := p.Publish(t.Context(), slot)
			if err != nil || got != c.summary {
				t.Fatalf("got %+v, error %v", got, err)
			}
			if len(c.desk.published) != 1 || !c.desk.published[0].Slot.Equal(slot) {
				t.Fatalf("slot not recorded: %+v", c.desk.published)
			}
			if diff := cmp.Diff(c.want, said(c.desk.published[0])); diff != "" {
				t.Error(diff)
			}
			var marks []int
			for _, g := range c.desk.groups {
				marks = append(marks, g.Mark)
			}
			if !slices.Equal(marks, c.marks) {
				t.Errorf("marks %v, want %v", marks, c.marks)
			}
			if woken := enqueued == 1; woken != (c.summary.Deliveries > 0) {
				t.Errorf("dispatchers woken %d times", enqueued)
			}
			for _, d := range c.desk.published[0].Digests {
				if !d.Digest.BuiltAt.Equal(slot) || d.Digest.Window.Through != 8 {
					t.Errorf("%+v", d.Digest)
				}
			}
			// The same slot again, as after an answer that got lost.
			again, err := p.Publish(t.Context(), slot)
			if err != nil || again != (Summary{}) || len(c.desk.published) != 1 {
				t.Errorf("again: %+v, error %v", again, err)
			}
		})
	}
}

func TestPublishFails(t *testing.T) {
	d := &desk{newest: 8, groups: []Group{{"telegram", "it", 5, 100}}, err: errDown}
	p := NewPublisher(PublisherConfig{
		Editions: d, Composer: plain{}, Renderers: map[digest.Platform]Renderer{"telegram": plain{}},
		Enqueued: func() { t.Error("woken") },
	})
	if _, err := p.Publish(t.Context(), time.Now()); !errors.Is(err, errDown) {
		t.Errorf("got %v", err)
	}
}
