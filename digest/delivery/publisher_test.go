// Tests of what a Publisher publishes to whom.

package delivery

import (
	"errors"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/strillone/strillone/digest"
)

var slotOfTest = time.Date(2026, 7, 1, 7, 30, 0, 0, time.UTC)

func everyone() []*reader {
	var list []*reader
	for _, g := range []Group{
		{2, "", "telegram", "it", ""}, {5, "", "telegram", "it", ""}, {5, "", "telegram", "en", ""}, {5, "", "telegram", "it", digest.Full},
		{5, "", "discord", "it", ""}, {8, "", "discord", "en", ""}, {5, "+odd", "telegram", "it", ""}, {7, "-even", "telegram", "it", ""},
	} {
		list = append(list, &reader{Group: g})
	}
	return list
}

func TestPublish(t *testing.T) {
	for _, c := range []struct {
		name    string
		numbers int             // articles
		gone    []int           // of them, withdrawn
		off     digest.Platform // has no renderer
		discord plain
		want    []string // of each, what it got; "-" its mark stayed, "" it moved with nothing
	}{
		{
			name: "all", numbers: 8,
			want: []string{"it News: 8 7 6 +3", "it News: 8 7 6", "en News: 8 7 6", "itfull News: 8 7 6", "it News: 8 7 6", "", "it News: 7", ""},
		},
		{
			name: "platform off", numbers: 8, off: "telegram",
			want: []string{"-", "-", "-", "-", "it News: 8 7 6", "", "-", "-"},
		},
		{
			name: "rendering fails", numbers: 8, discord: plain{refuse: "it"},
			want: []string{"it News: 8 7 6 +3", "it News: 8 7 6", "en News: 8 7 6", "itfull News: 8 7 6", "-", "", "it News: 7", ""},
		},
		{
			name: "renderer panics", numbers: 8, discord: plain{panics: true},
			want: []string{"it News: 8 7 6 +3", "it News: 8 7 6", "en News: 8 7 6", "itfull News: 8 7 6", "-", "", "it News: 7", ""},
		},
		{
			name: "all withdrawn for some", numbers: 8, gone: []int{6, 7, 8},
			want: []string{"it News: 5 4 3", "", "", "", "", "", "", ""},
		},
		{name: "no articles", want: []string{"-", "-", "-", "-", "-", "", "-", "-"}},
	} {
		t.Run(c.name, func(t *testing.T) {
			d := onDesk(everyone()...)
			d.numbers, d.withdrawn = c.numbers, c.gone
			renderers := map[digest.Platform]Renderer{"telegram": plain{}, "discord": c.discord}
			delete(renderers, c.off)
			enqueued := 0
			p := NewPublisher(PublisherConfig{
				Editions: d, Composer: plain{}, Renderers: renderers, Title: "News", MaxArticles: 3,
				Enqueued: func() { enqueued++ },
			})
			summary, err := p.Publish(t.Context(), slotOfTest)
			if err != nil {
				t.Fatal(err)
			}
			var got []string
			deliveries := 0
			for i, r := range d.readers {
				deliveries += len(r.got)
				switch {
				case len(r.got) == 1:
					got = append(got, r.got[0])
				case len(r.got) > 1:
					t.Errorf("%d got %q", i, r.got)
				case r.Mark < 8 && r.Mark == everyone()[i].Mark:
					got = append(got, "-")
				default:
					got = append(got, "")
				}
			}
			if diff := cmp.Diff(c.want, got); diff != "" {
				t.Error(diff)
			}
			if woken := enqueued > 0; woken != (deliveries > 0) || summary.Deliveries != deliveries {
				t.Errorf("dispatchers woken %d times, %+v", enqueued, summary)
			}
			// The same slot again, as after an answer that got lost.
			if again, err := p.Publish(t.Context(), slotOfTest); err != nil || again != (Summary{}) {
				t.Errorf("again: %+v, error %v", again, err)
			}
		})
	}
}

// TestPublishInChunks has more people than a chunk holds, of whom some are of
// groups that come up late.
func TestPublishInChunks(t *testing.T) {
	var list []*reader
	for i := range 3*firstChunk + 17 {
		g := Group{Mark: 5, Platform: "telegram", Language: "it"}
		if i > 2*firstChunk {
			g.Mark, g.Language = 5+i%3, "en"
		}
		list = append(list, &reader{Group: g})
	}
	d := onDesk(list...)
	d.numbers = 7
	steps := 0
	p := NewPublisher(PublisherConfig{
		Editions: d, Composer: plain{}, Renderers: map[digest.Platform]Renderer{"telegram": plain{}}, Title: "News",
		Enqueued: func() { steps++ },
	})
	summary, err := p.Publish(t.Context(), slotOfTest)
	if err != nil || steps < 2 || summary.Digests != 2 {
		t.Fatalf("%+v in %d steps, %v", summary, steps, err)
	}
	for i, r := range d.readers {
		want := 1
		if everyones := 5 + i%3; i > 2*firstChunk && everyones == 7 {
			want = 0
		}
		if len(r.got) != want || r.Mark != 7 {
			t.Fatalf("%d got %q", i, r.got)
		}
	}
}

func TestPublishFails(t *testing.T) {
	d := onDesk(everyone()...)
	d.numbers, d.err = 8, func() error { return errDown }
	p := NewPublisher(PublisherConfig{
		Editions: d, Composer: plain{}, Renderers: map[digest.Platform]Renderer{"telegram": plain{}},
		Enqueued: func() { t.Error("woken") },
	})
	if _, err := p.Publish(t.Context(), time.Now()); !errors.Is(err, errDown) {
		t.Errorf("got %v", err)
	}
}
