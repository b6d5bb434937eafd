package command

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/strillone/strillone/bot"
	"github.com/strillone/strillone/digest"
	"github.com/strillone/strillone/digest/search"
)

// archive is a shelf that can be searched: words are found where they stand.
type archive struct {
	*shelf
	lost error // of what is related
}

func (s *archive) having(what string) []digest.Article {
	var found []digest.Article
	for _, a := range s.articles {
		if strings.Contains(strings.ToLower(a.Title), strings.ToLower(what)) || slices.Contains(a.Topics, what) {
			found = append(found, a)
		}
	}
	return found
}

func (s *archive) Search(_ context.Context, q search.Query, p search.Page) (search.Hits, error) {
	found := s.articles
	for _, what := range slices.Concat(q.Asked, q.Topics) {
		found = s.having(what)
	}
	if !q.From.IsZero() {
		found = slices.DeleteFunc(slices.Clone(found), func(a digest.Article) bool {
			return a.PublishedAt.Before(q.From) || !a.PublishedAt.Before(q.Until)
		})
	}
	from := min(p.Skip, len(found))
	return search.Hits{Articles: found[from:min(from+p.Size, len(found))], Total: len(found)}, s.broken
}

func (s *archive) Near(_ context.Context, q search.Query, limit int) ([]digest.Article, error) {
	if len(q.Asked) == 1 && q.Asked[0] == "baterie" {
		return s.having("batterie"), s.broken
	}
	return nil, s.broken
}

func (s *archive) Begins(_ context.Context, words string, p search.Page) ([]digest.Article, error) {
	found := slices.DeleteFunc(slices.Clone(s.articles), func(a digest.Article) bool {
		return !strings.HasPrefix(strings.ToLower(a.Title), strings.ToLower(words))
	})
	return found[:min(p.Size, len(found))], s.broken
}

func (s *archive) Titled(_ context.Context, title string) (digest.Article, error) {
	for _, a := range s.articles {
		if search.SameTitle(a.Title, title) {
			return a, s.broken
		}
	}
	return digest.Article{}, cmp.Or(s.broken, notFound())
}

func (s *archive) Related(_ context.Context, number, limit int) ([]digest.Article, error) {
	found := slices.DeleteFunc(slices.Clone(s.articles), func(a digest.Article) bool { return a.Number == number })
	return found[:min(limit, len(found))], cmp.Or(s.lost, s.broken)
}

func (s *archive) Topics(context.Context) ([]search.TopicCount, error) {
	counts := make(map[string]int)
	for _, a := range s.articles {
		for _, topic := range a.Topics {
			counts[topic]++
		}
	}
	var all []search.TopicCount
	for topic, n := range counts {
		all = append(all, search.TopicCount{Topic: topic, Articles: n})
	}
	slices.SortFunc(all, func(a, b search.TopicCount) int { return strings.Compare(a.Topic, b.Topic) })
	return all, s.broken
}

func (s *archive) Months(_ context.Context, zone *time.Location) ([]search.MonthCount, error) {
	if len(s.articles) == 0 {
		return nil, s.broken
	}
	return []search.MonthCount{
		{Month: time.Date(2026, 11, 1, 0, 0, 0, 0, zone), Articles: len(s.articles)},
		{Month: time.Date(2025, 3, 1, 0, 0, 0, 0, zone), Articles: 2},
	}, s.broken
}

// kept is what the readers of a shelf keep of it.
type kept struct {
	*shelf
	saved map[digest.Person][]int // the last saved first
	sums  map[int]digest.Usefulness
}

func newKept(s *shelf) *kept {
	return &kept{s, make(map[digest.Person][]int), make(map[int]digest.Usefulness)}
}

func (k *kept) SaveFor(ctx context.Context, who digest.Person, number int, _ time.Time) (bool, error) {
	if _, err := k.Article(ctx, number); err != nil {
		return false, err
	}
	if slices.Contains(k.saved[who], number) {
		return false, nil
	}
	k.saved[who] = append([]int{number}, k.saved[who]...)
	return true, nil
}

func (k *kept) UnsaveFor(_ context.Context, who digest.Person, number int) (bool, error) {
	before := len(k.saved[who])
	k.saved[who] = slices.DeleteFunc(k.saved[who], func(n int) bool { return n == number })
	return len(k.saved[who]) < before, k.broken
}

func (k *kept) SavedBy(ctx context.Context, who digest.Person, p search.Page) ([]digest.Article, int, error) {
	var list []digest.Article
	for _, n := range k.saved[who] {
		a, err := k.Article(ctx, n)
		if err != nil {
			return nil, 0, err
		}
		list = append(list, a)
	}
	from := min(p.Skip, len(list))
	return list[from:min(from+p.Size, len(list))], len(list), k.broken
}

func (k *kept) HasSaved(_ context.Context, who digest.Person, number int) (bool, error) {
	return slices.Contains(k.saved[who], number), k.broken
}

func (k *kept) Rate(_ context.Context, number int, change digest.Usefulness) (digest.Usefulness, error) {
	if k.broken != nil {
		return digest.Usefulness{}, k.broken
	}
	sums := k.sums[number]
	sums.Useful += change.Useful
	sums.Not += change.Not
	k.sums[number] = sums
	return sums, nil
}

func (k *kept) Usefulness(_ context.Context, number int) (digest.Usefulness, error) {
	return k.sums[number], k.broken
}

// pressed is a request that a button made.
func pressed(line string) bot.Request {
	r := ask(line)
	r.Pressed = true
	return r
}

func TestSearching(t *testing.T) {
	for _, c := range []struct {
		line string
		want []string
	}{
		{"cerca", []string{"Che cosa cerchi?", "cerca"}},
		{"cerca il di la", []string{"Che cosa cerchi?"}},
		{"cerca batterie", []string{"🔎 batterie", "un articolo", "#1 Batterie al sodio", "leggi 1"}},
		{"search batterie", []string{"🔎 batterie"}},
		{"cerca tema:ai", []string{"2 articoli", "prima i più recenti", "leggi 3", "leggi 2"}},
		{"cerca baterie", []string{"Non ho trovato niente per «baterie»", "Forse cercavi:", "#1 Batterie al sodio", "leggi 1"}},
		{"cerca zanzibar", []string{"Non ho trovato niente", "con meno parole"}},
		{"cerca http://e.it/x", []string{"«http e.it/x»"}},
	} {
		tab, s := table(t)
		s.articles[0].Topics, s.articles[1].Topics = []string{"ai"}, []string{"ai", "privacy"}
		got := text(tab.Command(t.Context(), ask(c.line)).Doc)
		for _, want := range c.want {
			if !strings.Contains(got, want) {
				t.Errorf("/%s: no %q in\n%s", c.line, want, got)
			}
		}
	}
}

// stack puts so many articles on the shelf.
func stack(s *shelf, n int) {
	s.articles = nil
	for ; n > 0; n-- {
		s.articles = append(s.articles, article(n, fmt.Sprint("Modello ", n)))
	}
}

func TestPagesTakeEachOthersPlace(t *testing.T) {
	tab, s := table(t)
	stack(s, 12)
	first := tab.Command(t.Context(), ask("cerca modello ordine:data"))
	if first.Replace || !first.Personal {
		t.Errorf("typed: %+v", first)
	}
	commands := first.Doc.Commands()
	next := commands[len(commands)-2]
	if next != "cerca ordine:data pagina:2 modello" || commands[len(commands)-1] != "cerca modello" {
		t.Fatalf("buttons %q", commands)
	}
	for line, want := range map[string][]string{
		next:                        {"#7 ", "#3 ", "◀ 1", "▶ 3 di 3"},
		"cerca modello pagina:3":    {"#2 ", "#1 ", "◀ 2"},
		"cerca modello pagina:99":   {"◀ 3"},
		"archivio 2026-11":          {"Novembre 2026", "12 articoli", "#12 ", "▶ 2 di 2", "← Archivio"},
		"archivio 2026-11 pagina:2": {"#4 ", "#1 ", "◀ 1"},
		"archivio tema:ai":          {"Su «ai» non c’è nessun articolo"},
		"archivio 2024-01":          {"In quel periodo non è uscito"},
		"archivio 1999":             {"In quel periodo non è uscito"},
		"archivio":                  {"Archivio · 2026", "novembre · 12 articoli", "archivio 2026-11", "archivio 2025", "temi"},
		"archive 2025":              {"Archivio · 2025", "marzo · 2 articoli", "archivio 2026"},
		"temi":                      {"Nessun articolo ha ancora un tema"},
	} {
		reply := tab.Command(t.Context(), pressed(line))
		got := text(reply.Doc)
		for _, row := range reply.Doc.Rows {
			for _, action := range row {
				got += "\n" + action.Label
			}
		}
		for _, w := range want {
			if !strings.Contains(got, w) {
				t.Errorf("/%s: no %q in\n%s", line, w, got)
			}
		}
		if strings.Contains(got, "▶") && !reply.Replace {
			t.Errorf("/%s comes as a message of its own", line)
		}
	}
}

func TestTopicsLeadToTheirArticles(t *testing.T) {
	tab, s := table(t)
	s.articles[0].Topics, s.articles[1].Topics = []string{"ai", "big tech"}, []string{"ai"}
	doc := tab.Command(t.Context(), ask("temi")).Doc
	got := text(doc)
	for _, want := range []string{"ai · 2 articoli", "big tech · un articolo", "archivio ai", "archivio big tech"} {
		if !strings.Contains(got, want) {
			t.Errorf("no %q in\n%s", want, got)
		}
	}
	if got := text(tab.Command(t.Context(), ask("archivio big tech")).Doc); !strings.Contains(got, "#3 ") || strings.Contains(got, "#2 ") {
		t.Errorf("got %s", got)
	}
}

func TestSaving(t *testing.T) {
	tab, s := table(t)
	stack(s, 7)
	say := func(r bot.Request) string {
		t.Helper()
		reply := tab.Command(t.Context(), r)
		return text(reply.Doc) + reply.Notice
	}
	contains := func(got string, want ...string) {
		t.Helper()
		for _, w := range want {
			if !strings.Contains(got, w) {
				t.Errorf("no %q in\n%s", w, got)
			}
		}
	}
	contains(say(ask("salvati")), "Non hai ancora salvato")
	contains(say(ask("salva 3")), "✅ Salvato: Modello 3")
	contains(say(ask("salva 3")), "È già tra i tuoi salvati")
	contains(say(ask("salva 99")), "L’articolo #99 non c’è")
	contains(say(ask("leggi 3")), "togli 3")
	card := tab.Command(t.Context(), pressed("salva 5"))
	contains(text(card.Doc), "#5 Modello 5", "togli 5")
	if !card.Replace || card.Notice != "Salvato: lo ritrovi con /salvati" {
		t.Errorf("%+v", card)
	}
	for _, n := range []int{1, 2, 4, 6} {
		say(ask("salva " + strconv.Itoa(n)))
	}
	contains(say(ask("saved")), "6 articoli", "leggi 6", "togli 6 lista", "salvati pagina:2")
	// The last of the last page is taken away: the page before is shown.
	last := tab.Command(t.Context(), pressed("togli 3 lista pagina:2"))
	contains(text(last.Doc), "5 articoli", "togli 5 lista")
	if !last.Replace || last.Notice != "Tolto dai salvati" {
		t.Errorf("%+v", last)
	}
	contains(say(pressed("togli 5")), "salva 5", "Tolto")
	contains(say(ask("togli 5")), "Non era tra i tuoi")
	contains(say(ask("togli")), "Quale articolo tolgo")
	contains(say(ask("unsave #6")), "✅ Tolto dai salvati: Modello 6")
	contains(say(ask("togli 999999999999999")), "Quale articolo")

	group := pressed("salva 7")
	group.Kind = bot.Shared
	reply := tab.Command(t.Context(), group)
	if len(reply.Doc.Blocks) > 0 || reply.Notice == "" {
		t.Errorf("a group is shown what a person saves: %s", text(reply.Doc))
	}
	group.Actor.Anonymous = true
	contains(say(group), "in forma anonima")
}

func TestOpinions(t *testing.T) {
	tab, _ := table(t)
	sums := func() digest.Usefulness { return tab.Readers.(*kept).sums[1] }
	for _, c := range []struct {
		who, line string
		want      digest.Usefulness
	}{
		{"1", "utile 1 si", digest.Usefulness{Useful: 1}},
		{"1", "utile 1 si", digest.Usefulness{Useful: 1}}, // pressed again
		{"2", "useful 1 yes", digest.Usefulness{Useful: 2}},
		{"1", "utile 1 no", digest.Usefulness{Useful: 1, Not: 1}},
		{"1", "utile 1 no", digest.Usefulness{Useful: 1, Not: 1}},
		{"3", "utile 1", digest.Usefulness{Useful: 2, Not: 1}},
	} {
		r := pressed(c.line)
		r.Actor.ID = c.who
		reply := tab.Command(t.Context(), r)
		if got := sums(); got != c.want || !reply.Replace || !strings.HasPrefix(reply.Notice, "Grazie") {
			t.Errorf("%s by %s: %+v, want %+v; %+v", c.line, c.who, got, c.want, reply.Notice)
		}
	}
	for line, want := range map[string]string{"utile": "Di quale articolo?", "utile 1 forse": "Di quale articolo?", "utile 99": "#99 non c’è"} {
		if got := text(tab.Command(t.Context(), ask(line)).Doc); !strings.Contains(got, want) {
			t.Errorf("/%s: %s", line, got)
		}
	}
	// Editors see the sums, readers don't.
	if got := text(tab.Command(t.Context(), ask("leggi 1")).Doc); strings.Contains(got, "non utile per") {
		t.Error(got)
	}
	editor := ask("leggi 1")
	editor.Actor.ID = "7"
	if got := text(tab.Command(t.Context(), editor).Doc); !strings.Contains(got, "Utile per 2, non utile per 1.") {
		t.Error(got)
	}
}

// An opinion that could not be kept can be given again.
func TestAnOpinionThatFailed(t *testing.T) {
	tab, s := table(t)
	k := tab.Readers.(*kept)
	who := digest.Person{Platform: "telegram", ID: "1"}
	s.broken = errors.New("disk full")
	if err := tab.vote(t.Context(), who, 1, 1); err == nil {
		t.Fatal("it didn't fail")
	}
	s.broken = nil
	if err := tab.vote(t.Context(), who, 1, 1); err != nil || k.sums[1].Useful != 1 {
		t.Error(err, k.sums)
	}
}

func TestReadingsLeadToTheArchive(t *testing.T) {
	tab, s := table(t)
	s.articles[0].Readings = []digest.Source{{Title: "Un libro"}, {Title: "Batteria al sodio", Publisher: "Strillone"}}
	got := text(tab.Command(t.Context(), ask("consigli 3")).Doc)
	if !strings.Contains(got, "Batteria al sodio — Strillone · #1") || !strings.Contains(got, "apri 1") || strings.Contains(got, "Un libro ·") {
		t.Error(got)
	}
	// The card names it first among what to read next, and stays the card of #3.
	card := tab.Command(t.Context(), ask("leggi 3")).Doc
	got = text(card)
	if !strings.Contains(got, "Da leggere anche:") || strings.Index(got, "#1 ") > strings.Index(got, "#2 ") {
		t.Error(got)
	}
	r := ask("fonti")
	r.Quoted = card.Commands()
	if got := text(tab.Command(t.Context(), r).Doc); !strings.Contains(got, "Fonti di #3") {
		t.Errorf("what answers the card is about %s", got)
	}
	if got := text(tab.Command(t.Context(), pressed("apri 1")).Doc); !strings.Contains(got, "#1 Batterie al sodio") {
		t.Error(got)
	}
}

// An article can be read whatever can't be found out beside it.
func TestACardThatLacksSomething(t *testing.T) {
	tab, _ := table(t)
	tab.Archive.(*archive).lost = errors.New("disk on fire")
	if got := text(tab.Command(t.Context(), ask("leggi 3")).Doc); !strings.Contains(got, "Il testo.") || !strings.Contains(got, "salva 3") {
		t.Error(got)
	}
}

func TestFind(t *testing.T) {
	tab, _ := table(t)
	numbers := func(words string, skip, limit int) []int {
		var got []int
		for _, h := range tab.Find(t.Context(), bot.Query{Actor: ask("").Actor, Words: words, Skip: skip, Limit: limit}).Articles {
			got = append(got, h.Number)
		}
		return got
	}
	for words, want := range map[string][]int{
		"":       {3, 2, 1},
		"sat":    {3},
		" CHIA ": {2},
		"legno":  {3}, // in the middle of the title
		"#2":     {2},
		"99":     nil,
		"zan":    nil,
	} {
		if got := numbers(words, 0, 10); !slices.Equal(got, want) {
			t.Errorf("%q: %v, want %v", words, got, want)
		}
	}
	if got := numbers("", 1, 1); !slices.Equal(got, []int{2}) {
		t.Errorf("the second: %v", got)
	}
}
