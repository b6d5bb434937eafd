// Prose: text as a benchmark needs it, with an Italian's words in an Italian's
// proportions.

package sqlite

import (
	"math"
	"math/rand/v2"
	"strings"

	"github.com/strillone/strillone/digest"
	"github.com/strillone/strillone/digest/markup"
)

// prose writes articles of made-up words. As in Italian, two words in five are
// function words; the others follow Zipf's law, have endings, and those of an
// article's subject come again and again in it.
type prose struct {
	*rand.Rand
	lemmas []string // the commonest first
	zipf   *rand.Zipf
}

var (
	small   = strings.Fields(`di e la il che in un a per è una del le i con non da dei della al si come sono più alla nel su anche gli delle lo se dal ha o ai nella questo degli sul alle tra cui quando dalla quello dell all`)
	endings = strings.Fields(`o i a e o i a e o i a e o i a e are ato ati zione zioni ità mente`)
	onsets  = strings.Fields(`b c d f g l m n p r s t v z br cr dr fr gr pr tr st sp sc pl cl ch qu gl gn`)
	vowels  = strings.Fields(`a e i o u a e i o ia io`)
	codas   = []string{"", "", "", "", "n", "r", "l", "s"}
)

func newProse(seed uint64) *prose {
	p := &prose{Rand: rand.New(rand.NewPCG(seed, seed))}
	seen := make(map[string]bool)
	for len(p.lemmas) < 50_000 {
		var b strings.Builder
		for range 1 + p.IntN(2) {
			b.WriteString(p.one(onsets) + p.one(vowels) + p.one(codas))
		}
		b.WriteString(p.one(onsets))
		if lemma := b.String(); !seen[lemma] {
			seen[lemma] = true
			p.lemmas = append(p.lemmas, lemma)
		}
	}
	p.zipf = rand.NewZipf(p.Rand, 1.07, 40, uint64(len(p.lemmas)-1))
	return p
}

func (p *prose) one(of []string) string { return of[p.IntN(len(of))] }

// word is a form of a lemma: 0 is the commonest.
func (p *prose) word(lemma int) string { return p.lemmas[lemma] + p.one(endings) }

// about writes so many words on a subject, in sentences.
func (p *prose) about(subject []int, words int) string {
	var b strings.Builder
	for i := range words {
		if i > 0 {
			b.WriteString(" ")
		}
		switch r := p.Float64(); {
		case r < 0.40:
			b.WriteString(small[int(math.Pow(p.Float64(), 2)*float64(len(small)))])
		case r < 0.65:
			b.WriteString(p.word(subject[p.IntN(len(subject))]))
		default:
			b.WriteString(p.word(int(p.zipf.Uint64())))
		}
		if p.IntN(14) == 0 || i == words-1 {
			b.WriteString(".")
		}
	}
	return b.String()
}

// article writes one, and says how many bytes its text has.
func (p *prose) article() (digest.Content, []int, int) {
	subject := make([]int, 25)
	for i := range subject {
		subject[i] = int(p.zipf.Uint64())
	}
	c := digest.Content{
		Title:    p.about(subject, 7),
		Lead:     markup.T(p.about(subject, 25)),
		Abstract: []markup.Text{markup.T(p.about(subject, 50))},
		Topics:   []string{p.lemmas[int(math.Pow(p.Float64(), 3)*40)], p.lemmas[100+p.IntN(300)]},
	}
	for range 5 {
		c.Body = append(c.Body, markup.T(p.about(subject, 30+p.IntN(50))))
	}
	for range 2 {
		c.Sources = append(c.Sources, digest.Source{Title: p.about(subject, 7), Publisher: p.word(200 + p.IntN(300)), Date: "aprile 2025"})
	}
	bytes := len(c.Title) + len(c.Lead.String()) + len(paragraphs(c.Body)) + len(paragraphs(c.Abstract)) + len(works(c.Sources))
	return c, subject, bytes
}
