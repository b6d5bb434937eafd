// The archive: what is searched for, leafed through, saved and rated.

package storagetest

import (
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"github.com/strillone/strillone/digest"
	"github.com/strillone/strillone/digest/markup"
	"github.com/strillone/strillone/digest/search"
)

// inTheArchive are the tests of storage.Archive.
var inTheArchive = map[string]func(*steps){
	"search":          searching,
	"search order":    searchOrder,
	"search pages":    searchPages,
	"search dates":    searchDates,
	"search anything": searchAnything,
	"near titles":     nearTitles,
	"titles begun":    titlesBegun,
	"titled":          titled,
	"related":         related,
	"topics":          topics,
	"months":          months,
	"saved":           saved,
	"saved by many":   savedByMany,
	"usefulness":      usefulness,
	"rated at once":   ratedAtOnce,
}

func (f *steps) searched(ask string) search.Hits {
	f.Helper()
	hits, err := f.store.Search(f.ctx, search.Parse(ask, time.UTC), search.Page{Size: 10})
	if err != nil {
		f.Fatalf("%q: %v", ask, err)
	}
	return hits
}

func (f *steps) asks(ask string, want ...int) {
	f.Helper()
	hits := f.searched(ask)
	if got := numbersOf(hits.Articles); !sameNumbers(got, want) || hits.Total != len(want) || hits.More {
		f.Errorf("%q found %v (of %d), want %v", ask, got, hits.Total, want)
	}
}

func searching(f *steps) {
	f.article(digest.Content{ // 1
		Title: "Modelli di linguaggio più piccoli", Lead: markup.T("Chi li addestra."), Topics: []string{"ai", "big tech"},
		Body:     []markup.Text{markup.T("La legge di bilancio non c’entra.")},
		Abstract: []markup.Text{markup.T("Una sintesi quantistica.")},
		Sources:  []digest.Source{{Title: "Small models", Publisher: "Rivista scientifica"}},
		Readings: []digest.Source{{Title: "Un libro di crittografia"}},
	})
	f.article(digest.Content{ // 2
		Title: "Un modello per la città", Topics: []string{"Big-Tech"},
		Body: []markup.Text{markup.T("Si parla ai cittadini di bilancio e di legge.")}})
	f.article(digest.Content{Title: "L’AI Act, spiegato", Body: []markup.Text{markup.T("Nulla di più.")}}) // 3
	f.save(digest.Content{Title: "Un modello segreto", Body: []markup.Text{markup.T("Bozza.")}})

	f.asks("modello", 2, 1)
	f.asks("MODELLI piccoli", 1)
	f.asks("modello zanzibar")
	f.asks("segreto")
	f.asks("citta", 2)
	f.asks("sintesi quantistica", 1)
	f.asks("small model", 1)
	f.asks("riviste", 1)
	f.asks("crittografia", 1)
	f.asks("addestrare", 1)
	f.asks(`"legge di bilancio"`, 1)
	f.asks("legge bilancio", 2, 1)
	f.asks("modello -linguaggio", 2)
	f.asks("-modello", 3)
	f.asks(`modello -"legge di bilancio"`, 2)
	f.asks("ai", 3, 1)
	f.asks("tema:ai", 1)
	f.asks(`tema:"big tech"`, 2, 1)
	f.asks("topic:bigtech città", 2)
	f.asks("tema:big")
	f.asks("modello -tema:ai", 2)
	f.asks("-tema:bigtech -zanzibar", 3)
	f.asks("tema:ai tema:bigtech", 1)
	f.asks("", 3, 2, 1)
	f.asks("il di la", 3, 2, 1)

	// Corrected or not, it is found by what it says now, and once.
	if a := f.searched("quantistica").Articles[0]; a.Number != 1 || a.Title != "Modelli di linguaggio più piccoli" {
		f.Errorf("%+v", a)
	}
}

func searchOrder(f *steps) {
	body := func(title, text string) digest.Content {
		return digest.Content{Title: title, Body: []markup.Text{markup.T(text)}}
	}
	f.article(body("Il quantistico", "Un testo."))                                            // 1
	f.article(body("Altro", "Un testo lungo dove quantistico è una parola tra molte altre.")) // 2
	f.article(body("Ancora", "quantistico"))                                                  // 3
	f.asks("quantistico", 1, 3, 2)
	f.asks("quantistico ordine:data", 3, 2, 1)
}

func searchPages(f *steps) {
	for i := range 7 {
		f.article(digest.Content{Title: "Numero " + strconv.Itoa(i), Body: []markup.Text{markup.T("parola")}})
	}
	q := search.Parse("parola ordine:data", time.UTC)
	for _, c := range []struct {
		page search.Page
		want []int
	}{
		{search.Page{Size: 3}, []int{7, 6, 5}},
		{search.Page{Skip: 6, Size: 3}, []int{1}},
		{search.Page{Skip: 7, Size: 3}, nil},
		{search.Page{Skip: 700, Size: 3}, nil},
		{search.Page{Skip: -1, Size: 1}, []int{7}},
		{search.Page{Size: -1}, nil},
	} {
		hits, err := f.store.Search(f.ctx, q, c.page)
		f.must(err)
		if got := numbersOf(hits.Articles); !sameNumbers(got, c.want) || hits.Total != 7 || hits.More {
			f.Errorf("%+v: %v of %d, want %v", c.page, got, hits.Total, c.want)
		}
	}
}

func searchDates(f *steps) {
	dated := func(day string, title string) {
		f.Helper()
		at, err := time.Parse(time.DateOnly, day)
		f.must(err)
		f.now = at
		f.article(digest.Content{Title: title, Body: []markup.Text{markup.T("parola")}})
	}
	dated("2026-01-31", "Uno")
	dated("2026-02-01", "Due")
	dated("2025-12-01", "Tre") // the clock was set back
	dated("2026-03-15", "Quattro")
	f.asks("parola da:2026-02 ordine:data", 4, 2)
	f.asks("parola a:2026-01 ordine:data", 3, 1)
	f.asks("parola da:2026-01 a:2026-01", 1)
	f.asks("da:2026-01-31 a:2026-02-01", 2, 1)
	f.asks("da:2025 a:2025", 3)
	f.asks("da:2027")
	f.asks("parola da:2026-03 a:2026-01")
}

func searchAnything(f *steps) {
	f.article(content("Primo"))
	rapid.Check(f.T, func(t *rapid.T) {
		ask := rapid.OneOf(rapid.String(), rapid.StringMatching(`(-|tema:|da:|")?["«(*^:a-z0-9àÈ#]{0,6}( (-|NOT|OR|AND|NEAR|title:))?.*`)).Draw(t, "ask")
		q := search.Parse(ask, time.UTC)
		for what, call := range map[string]func() error{
			"Search": func() error { _, err := f.store.Search(f.ctx, q, search.Page{Size: 3}); return err },
			"Near":   func() error { _, err := f.store.Near(f.ctx, q, 3); return err },
			"Begins": func() error { _, err := f.store.Begins(f.ctx, ask, search.Page{Size: 3}); return err },
			"Match":  func() error { _, err := f.store.Match(f.ctx, ask, 3); return err },
			"Titled": func() error {
				_, err := f.store.Titled(f.ctx, ask)
				if digest.CodeOf(err) == digest.NotFound {
					return nil
				}
				return err
			},
		} {
			if err := call(); err != nil {
				t.Fatalf("%s: %q: %v", what, ask, err)
			}
		}
	})
}

func nearTitles(f *steps) {
	for _, title := range []string{"Le batterie al sodio", "Un modello per la città", "Modelli di linguaggio", "Il chip"} {
		f.article(content(title))
	}
	for ask, want := range map[string][]int{
		"modelo":                 {3, 2}, // a letter left out
		"mdoello città":          {2, 3}, // two swapped
		"baterie":                {1},
		"vatterie":               {1}, // the first letter
		"modello zanzibar":       {3, 2},
		"ch":                     nil,
		"zanzibar":               nil,
		"il della":               nil,
		`"linguaggi di modello"`: {3, 2},
	} {
		found, err := f.store.Near(f.ctx, search.Parse(ask, time.UTC), 5)
		f.must(err)
		if got := numbersOf(found); !sameNumbers(got, want) {
			f.Errorf("%q: %v, want %v", ask, got, want)
		}
	}
}

func titlesBegun(f *steps) {
	for _, title := range []string{"Modelli di linguaggio", "Il mondo dei modelli", "Città d’Europa", "Un linguaggio per i modelli"} {
		f.article(content(title))
	}
	for typed, want := range map[string][]int{
		"":            {4, 3, 2, 1},
		"  ":          {4, 3, 2, 1},
		"m":           {1, 4, 2},
		"mod":         {1, 4, 2},
		"MODELL":      {1, 4, 2},
		"modelli d":   {1, 2},
		"modelli lin": {4, 1},
		"citta":       {3},
		"città d'eur": {3},
		"zan":         nil,
		"🗞 il mon":    {2},
	} {
		found, err := f.store.Begins(f.ctx, typed, search.Page{Size: 10})
		f.must(err)
		if got := numbersOf(found); !sameNumbers(got, want) {
			f.Errorf("%q: %v, want %v", typed, got, want)
		}
	}
	second, err := f.store.Begins(f.ctx, "mod", search.Page{Skip: 1, Size: 1})
	f.must(err)
	f.same([]int{4}, numbersOf(second))
}

func titled(f *steps) {
	f.article(content("Le chiavi di accesso"))
	f.article(content("Le batterie al sodio entrano nei condomini italiani"))
	f.article(content("Chiavi di accesso!"))
	f.article(content("Satelliti"))
	for title, want := range map[string]int{
		"LE CHIAVI DI ACCESSO":                    3, // the newest
		"Chiave d’accesso":                        3,
		"Satelliti: una guida":                    4,
		"Batterie al sodio entrano nei condomini": 2,
		"Batterie":      0,
		"":              0,
		"Il":            0,
		"Satellite due": 0,
	} {
		a, err := f.store.Titled(f.ctx, title)
		if want == 0 {
			f.code(digest.NotFound, err)
			continue
		}
		f.must(err)
		if a.Number != want {
			f.Errorf("%q is #%d, want #%d", title, a.Number, want)
		}
	}
}

func related(f *steps) {
	on := func(title, lead string, topics ...string) {
		f.article(digest.Content{Title: title, Lead: markup.T(lead), Topics: topics, Body: []markup.Text{markup.T("Testo comune a tutti quanti.")}})
	}
	on("Batterie al sodio", "Una cella nuova", "energia")                    // 1
	on("Il sodio nelle celle", "Le batterie crescono", "energia", "chimica") // 2
	on("Pannelli solari", "Sui tetti", "energia")                            // 3
	on("Chiavi di accesso", "Addio password", "sicurezza")                   // 4
	on("Password rubate", "Le chiavi no", "privacy")                         // 5
	for number, want := range map[int][]int{1: {2, 3}, 3: {2, 1}, 4: {5}, 5: {4}, 99: nil} {
		found, err := f.store.Related(f.ctx, number, 3)
		f.must(err)
		if got := numbersOf(found); !sameNumbers(got, want) {
			f.Errorf("#%d: %v, want %v", number, got, want)
		}
	}
	found, err := f.store.Related(f.ctx, 1, 1)
	f.must(err)
	f.same([]int{2}, numbersOf(found))
}

func topics(f *steps) {
	none, err := f.store.Topics(f.ctx)
	f.must(err)
	f.same(0, len(none))
	on := func(topics ...string) {
		c := content("Su " + strings.Join(topics, " e "))
		c.Topics = topics
		f.article(c)
	}
	on("ai", "big tech")
	on("ai", "privacy")
	on("big-tech", "Big Tech") // one topic, as it was written last
	got, err := f.store.Topics(f.ctx)
	f.must(err)
	f.same([]search.TopicCount{{Topic: "Big Tech", Articles: 2}, {Topic: "ai", Articles: 2}, {Topic: "privacy", Articles: 1}}, got)
}

func months(f *steps) {
	zone := time.FixedZone("east", 3*60*60)
	none, err := f.store.Months(f.ctx, zone)
	f.must(err)
	f.same(0, len(none))
	for i, at := range []string{"2025-12-31T20:59:59Z", "2025-12-31T21:00:00Z", "2026-01-31T20:00:00Z", "2026-03-01T00:00:00Z"} {
		f.now, err = time.Parse(time.RFC3339, at)
		f.must(err)
		f.article(content("Numero " + strconv.Itoa(i)))
	}
	got, err := f.store.Months(f.ctx, zone)
	f.must(err)
	month := func(y int, m time.Month) time.Time { return time.Date(y, m, 1, 0, 0, 0, 0, zone) }
	want := []search.MonthCount{{Month: month(2026, 3), Articles: 1}, {Month: month(2026, 1), Articles: 2}, {Month: month(2025, 12), Articles: 1}}
	if diff := cmp.Diff(want, got); diff != "" {
		f.Error(diff)
	}
}

func saved(f *steps) {
	f.articles(3)
	reader := digest.Person{Platform: telegram, ID: "7"}
	by := func(who digest.Person) []int {
		f.Helper()
		list, all, err := f.store.SavedBy(f.ctx, who, search.Page{Size: 10})
		f.must(err)
		f.same(len(list), all)
		return numbersOf(list)
	}
	for i, c := range []struct {
		number int
		fresh  bool
	}{{2, true}, {1, true}, {2, false}} {
		f.now = f.now.Add(time.Duration(i) * time.Minute)
		fresh, err := f.store.SaveFor(f.ctx, reader, c.number, f.now)
		f.must(err)
		f.same(c.fresh, fresh)
	}
	_, err := f.store.SaveFor(f.ctx, reader, 99, f.now)
	f.code(digest.NotFound, err)
	f.same([]int{1, 2}, by(reader))
	f.same([]int(nil), by(digest.Person{Platform: discord, ID: "7"}))
	second, all, err := f.store.SavedBy(f.ctx, reader, search.Page{Skip: 1, Size: 1})
	f.must(err)
	f.same([]any{[]int{2}, 2}, []any{numbersOf(second), all})
	for _, c := range []struct {
		number int
		want   bool
	}{{1, true}, {3, false}} {
		has, err := f.store.HasSaved(f.ctx, reader, c.number)
		f.must(err)
		f.same(c.want, has)
	}
	for _, was := range []bool{true, false} {
		did, err := f.store.UnsaveFor(f.ctx, reader, 1)
		f.must(err)
		f.same(was, did)
	}
	f.same([]int{2}, by(reader))
}

// savedByMany: one person's limit is no other's.
func savedByMany(f *steps) {
	if testing.Short() {
		f.Skip("publishes as many articles as a person can save")
	}
	f.articles(digest.MaxSaved + 1)
	reader, other := digest.Person{Platform: telegram, ID: "1"}, digest.Person{Platform: telegram, ID: "2"}
	for n := range digest.MaxSaved {
		_, err := f.store.SaveFor(f.ctx, reader, n+1, f.now)
		f.must(err)
	}
	_, err := f.store.SaveFor(f.ctx, reader, digest.MaxSaved+1, f.now)
	f.code(digest.TooManySaved, err)
	again, err := f.store.SaveFor(f.ctx, reader, 1, f.now)
	f.must(err)
	f.same(false, again)
	_, err = f.store.SaveFor(f.ctx, other, digest.MaxSaved+1, f.now)
	f.must(err)
	_, all, err := f.store.SavedBy(f.ctx, reader, search.Page{Size: 1})
	f.must(err)
	f.same(digest.MaxSaved, all)
}

func usefulness(f *steps) {
	f.articles(1)
	for _, c := range []struct{ change, want digest.Usefulness }{
		{digest.Usefulness{Useful: 1}, digest.Usefulness{Useful: 1}},
		{digest.Usefulness{Not: 1}, digest.Usefulness{Useful: 1, Not: 1}},
		{digest.Usefulness{Useful: -1, Not: 1}, digest.Usefulness{Not: 2}},
		{digest.Usefulness{Useful: -1}, digest.Usefulness{Not: 2}},
	} {
		sums, err := f.store.Rate(f.ctx, 1, c.change)
		f.must(err)
		f.same(c.want, sums)
		again, err := f.store.Usefulness(f.ctx, 1)
		f.must(err)
		f.same(c.want, again)
	}
	_, err := f.store.Rate(f.ctx, 2, digest.Usefulness{Useful: 1})
	f.code(digest.NotFound, err)
	none, err := f.store.Usefulness(f.ctx, 2)
	f.must(err)
	f.same(digest.Usefulness{}, none)
}

func ratedAtOnce(f *steps) {
	f.articles(1)
	f.race(func(int) error {
		_, err := f.store.Rate(f.ctx, 1, digest.Usefulness{Useful: 1})
		return err
	})
	sums, err := f.store.Usefulness(f.ctx, 1)
	f.must(err)
	f.same(digest.Usefulness{Useful: racers}, sums)
}
