// Match: words find articles.

package storagetest

import (
	"strings"

	"pgregory.net/rapid"

	"github.com/strillone/strillone/digest"
	"github.com/strillone/strillone/digest/markup"
)

func (f *steps) found(words string, limit int) []int {
	f.Helper()
	list, err := f.store.Match(f.ctx, words, limit)
	if err != nil {
		f.Fatalf("%q: %v", words, err)
	}
	return numbersOf(list)
}

func match(f *steps) {
	f.article(digest.Content{ // 1
		Title: "Le città dei processori", Lead: markup.T("Chi li fabbrica"), Topics: []string{"hardware"},
		Body: []markup.Text{markup.T("Taiwan e la Corea del Sud.")}})
	f.article(digest.Content{ // 2
		Title: "L'AI Act, spiegato", Body: []markup.Text{markup.T("La legge europea."), markup.T("Perché conta anche un processore.")}})
	f.article(digest.Content{Title: "Reti 5G", Body: []markup.Text{markup.T("Antenne nelle città.")}}) // 3
	f.save(digest.Content{Title: "Bozza sui processori", Body: []markup.Text{markup.T("Taiwan.")}})
	for words, want := range map[string][]int{
		"processore":              {1, 2}, // singular and plural; the title weighs most
		"PROCESSORI":              {1, 2},
		"citta":                   {1, 3},
		"CITTÀ":                   {1, 3},
		"citta\u0300":             {1, 3}, // decomposed
		"hardware":                {1},
		"fabbrica":                {1},
		"spiegat":                 {2},
		"la legge europea":        {2},
		"taiwan europea":          {2, 1}, // some of the words
		"taiwan processori":       {1, 2}, // all of the words before some
		"5g":                      {3},
		"ai act":                  {2},
		"ai":                      {2},
		"il blockchain delle tre": nil, // articles and prepositions find nothing
		"zzz":                     nil,
	} {
		if got := f.found(words, 10); !sameNumbers(want, got) {
			f.Errorf("%q found %v, want %v", words, got, want)
		}
	}
	f.same([]int{1}, f.found("processori", 1))
	f.same([]int(nil), f.found("processori", 0))
}

func sameNumbers(a, b []int) bool {
	if len(a) != len(b) {
		return false
	}
	for i := range a {
		if a[i] != b[i] {
			return false
		}
	}
	return true
}

func matchOrder(f *steps) {
	same := func(title, body string) digest.Content {
		return digest.Content{Title: title, Body: []markup.Text{markup.T(body)}}
	}
	f.article(same("Chip", "Un testo lungo che non dice nulla di più su quelli."))    // 1
	f.article(same("Chip chip chip", "chip chip chip chip"))                          // 2
	f.article(same("I chip di domani", "chip"))                                       // 3
	f.article(same("Notizie in breve", "Primo testo uguale agli altri: quantistico")) // 4
	f.article(same("Notizie in breve", "Terzo testo uguale agli altri: quantistico")) // 5
	f.article(same("Notizie in breve!", "Primo passo uguale agli altri quantistico")) // 6
	f.same(1, f.found("chip", 3)[0])                                                  // the very title
	f.same(3, f.found("i chip di domani?", 3)[0])
	f.same([]int{6, 5, 4}, f.found("quantistico", 10)) // newest among equals
	f.same(6, len(f.found("chip quantistico", 10)))
}

func matchAnything(f *steps) {
	f.article(content("Primo"))
	for _, words := range []string{
		"", " ", "🗞️", "❤️", "\"", "'", "''; DROP TABLE article; --", "*", "^", "a*", "-primo", "title:primo", "NEAR(a b)",
		"AND", "OR", "NOT", "primo AND", "(", ")", "{title}:x", "\x00", "pri\x00mo", "\xff\xfe", "\u0301", "+", "#1", "²",
		strings.Repeat("parola ", 5000), strings.Repeat("x", 50_000), strings.Repeat("(", 5000),
	} {
		f.found(words, 10)
	}
	f.same([]int{1}, f.found("🗞️ «PRIMO» ", 10))
	rapid.Check(f.T, func(t *rapid.T) {
		words := rapid.String().Draw(t, "words")
		if _, err := f.store.Match(f.ctx, words, 3); err != nil {
			t.Fatalf("%q: %v", words, err)
		}
	})
}
