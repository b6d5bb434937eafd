// Editions whose readers all chose otherwise.

package sqlite

import (
	"fmt"
	"path/filepath"
	"testing"

	"github.com/strillone/strillone/digest"
	"github.com/strillone/strillone/digest/delivery"
	"github.com/strillone/strillone/digest/markup"
)

// TestManyChoices: an edition tells of a bounded number of digests at a time, and
// serves everybody.
func TestManyChoices(t *testing.T) {
	const readers = unknownAtOnce + 44
	s := openAt(t, filepath.Join(t.TempDir(), "s.db"))
	ctx := t.Context()
	for i := range readers {
		to := digest.Destination{Platform: "telegram", Chat: fmt.Sprint(i + 1)}
		if _, _, err := s.Subscribe(ctx, to, digest.Italian, monday); err != nil {
			t.Fatal(err)
		}
		if _, err := s.Configure(ctx, to, func(c *digest.Settings) error {
			c.Choice.Muted = []string{fmt.Sprint("tema ", i)}
			return nil
		}, monday); err != nil {
			t.Fatal(err)
		}
	}
	a, err := s.SaveDraft(ctx, digest.Content{Title: "Titolo", Body: []markup.Text{markup.T("Testo.")}}, "a", monday)
	if err == nil {
		a, _, err = s.PublishDraft(ctx, a.ID, monday)
	}
	if err != nil {
		t.Fatal(err)
	}
	e, _, err := s.Begin(ctx, delivery.Operators, monday, 0, monday)
	if err != nil {
		t.Fatal(err)
	}
	c := delivery.Chunk{Edition: e, Limit: 2 * readers, Known: func(delivery.Group) bool { return false }}
	var told []int
	queued := 0
	for ended := false; !ended; {
		p, err := s.Enqueue(ctx, c)
		if err != nil {
			t.Fatal(err)
		}
		c.Digests = nil
		for _, g := range p.Unknown {
			c.Digests = append(c.Digests, delivery.RenderedDigest{
				Digest: digest.Digest{Title: "D", Window: digest.Window{After: g.Mark, Through: e.Through}, Articles: []digest.Article{a}},
				Choice: g.Choice,
				Renderings: []delivery.Rendering{
					{Platform: g.Platform, Language: g.Language, Form: g.Form, Parts: []delivery.Part{delivery.Part("{}")}},
				},
			})
		}
		told, queued, ended = append(told, len(p.Unknown)), queued+p.Queued, p.Ended
	}
	if queued != readers || len(told) != 3 || told[0] != unknownAtOnce || told[1] != readers-unknownAtOnce {
		t.Errorf("%d queued; told of %v", queued, told)
	}
}
