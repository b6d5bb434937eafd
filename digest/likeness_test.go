// Tests of likeness: edited variants are alike, different articles aren't.

package digest

import (
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/strillone/strillone/digest/markup"
)

// samples are the articles that the demo shows, and the real ones where they
// are at hand.
func sampleContents(t *testing.T) []Content {
	t.Helper()
	names, err := filepath.Glob("../cmd/strillone/samples/*.txt")
	if err != nil || len(names) < 3 {
		t.Fatal("no samples", err)
	}
	var all []Content
	texts := realArticles(t)
	for _, name := range names {
		b, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		texts = append(texts, string(b))
	}
	for _, text := range texts {
		if c, _, err := Parse(Submission{Text: markup.T(text)}); err == nil {
			all = append(all, c)
		}
	}
	return all
}

// edits are what editors do to a text that they send once more. Each returns
// the words of the text.
var edits = map[string]func(r *rand.Rand, words []string) []string{
	"another title": func(_ *rand.Rand, w []string) []string {
		return append([]string{"Tutto", "nuovo", "sul", "fronte"}, w[8:]...)
	},
	"every tenth word replaced": func(r *rand.Rand, w []string) []string { return replaced(r, w, 0.10) },
	"every seventh":             func(r *rand.Rand, w []string) []string { return replaced(r, w, 0.15) },
	"half left out":             func(_ *rand.Rand, w []string) []string { return w[:len(w)/2] },
	"two paragraphs added":      func(r *rand.Rand, w []string) []string { return append(w, replaced(r, w[:len(w)/2], 1)...) },
	"halves exchanged":          func(_ *rand.Rand, w []string) []string { return append(w[len(w)/2:], w[:len(w)/2]...) },
}

func replaced(r *rand.Rand, words []string, share float64) []string {
	out := make([]string, len(words))
	for i, w := range words {
		if out[i] = w; r.Float64() < share {
			out[i] = fmt.Sprintf("parola%d", r.IntN(1000))
		}
	}
	return out
}

func wordsOf(c Content) []string {
	all := strings.Fields(c.Title + " " + c.Lead.String())
	for _, p := range c.Body {
		all = append(all, strings.Fields(p.String())...)
	}
	return all
}

func TestEditedTextsAreAlike(t *testing.T) {
	all := sampleContents(t)
	for name, edit := range edits {
		least := 1.0
		for i, c := range all {
			for seed := range uint64(20) {
				words := edit(rand.New(rand.NewPCG(seed, uint64(i))), wordsOf(c))
				variant := Content{Title: "", Body: paras(strings.Join(words, " "))}
				least = min(least, Likeness(c, variant))
				if !SketchOf(c).MayBeAlike(SketchOf(variant)) {
					t.Errorf("%s, %q: the sketches aren't alike", name, c.Title)
				}
			}
		}
		t.Logf("%s: %.2f at least", name, least)
		if least < Alike {
			t.Errorf("%s: %.2f, under %.2f", name, least, Alike)
		}
	}
	most := 0.0
	for i, a := range all {
		for _, b := range all[:i] {
			most = max(most, Likeness(a, b))
		}
	}
	t.Logf("different articles: %.3f at most", most)
	if most > Alike/5 {
		t.Errorf("different articles are %.3f alike", most)
	}
}

func TestLikeness(t *testing.T) {
	c := Content{Title: "Titolo", Body: paras(strings.Repeat("uno due tre quattro cinque sei sette otto nove dieci undici ", 3))}
	styled := Content{Title: "TITOLO!", Body: []markup.Text{{{Text: strings.ToUpper(c.Body[0].String()), Style: markup.Bold}}}}
	if l := Likeness(c, styled); l != 1 {
		t.Errorf("case and styles matter: %.2f", l)
	}
	short := Content{Title: "Titolo", Body: paras("Due righe di testo.")}
	if l := Likeness(short, short); l != 0 {
		t.Errorf("a text too short to compare: %.2f", l)
	}
	if SketchOf(short).MayBeAlike(SketchOf(short)) {
		t.Error("sketches of texts too short to compare are alike")
	}
}

func BenchmarkSketch(b *testing.B) {
	c := Content{Title: "Titolo", Body: paras(strings.Join(replaced(rand.New(rand.NewPCG(1, 2)), make([]string, 500), 1), " "))}
	for b.Loop() {
		SketchOf(c)
	}
}
