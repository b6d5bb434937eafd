package search

import (
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
	"pgregory.net/rapid"

	"github.com/strillone/strillone/digest"
	"github.com/strillone/strillone/digest/markup"
)

func TestFormsOfAWordHaveOneStem(t *testing.T) {
	for _, forms := range []string{
		"modello modelli MODELLI", "città citta CITTÀ citta\u0300", "batteria batterie", "europea europei europeo",
		"addestramento addestramenti", "qualità qualita", "perché' perché", "model models", "startup startups",
		"company companies",
		"chiave chiavi", "motivo motivi", "italiano italiani italiana italiane", "comando comandi", "nave navi", "breve brevi",
		"servizio servizi", "archivio archivi", "amico amici amica amiche", "banca banche", "lago laghi", "legge leggi",
		"tecnologia tecnologie tecnologico tecnologica", "azienda aziende", "informazione informazioni", "idea idee",
		"utente utenti", "rischio rischi", "codice codici", "attivo attivi attiva", "dispositivo dispositivi", "valuta valute",
		"addestrare addestrato addestrata addestra", "sviluppo sviluppi sviluppare sviluppato", "intelligenza intelligenze", "piano piani",
		"faccia facce", "governo governi", "processore processori", "rete reti", "via vie", "uso usi", "sistema sistemi", "problema problemi", "machine machines", "ricerca ricerche", "rete reti", "dati dato data", "5G 5g", "ﬁne fine",
	} {
		words := strings.Fields(forms)
		for _, w := range words[1:] {
			if diff := cmp.Diff(Stems(words[0]), Stems(w)); diff != "" {
				t.Errorf("%s, %s: %s", words[0], w, diff)
			}
		}
	}
	for _, pair := range [][2]string{{"rete", "retta"}, {"banca", "banda"}, {"meta", "metà2"}} {
		if slices.Equal(Stems(pair[0]), Stems(pair[1])) {
			t.Errorf("%v have one stem", pair)
		}
	}
}

func TestStems(t *testing.T) {
	for text, want := range map[string][]string{
		"":                             nil,
		"il per the of":                nil,
		"L’AI, ai cittadini":           {"ai", "cittadin"},
		"AI AI AI AGLI":                nil, // all in capitals: they mean nothing
		"Dell'accordo con l’UE":        {"accord", "ue"},
		"Ai cittadini. Ai\nAi lettori": {"cittadin", "lettor"}, // where a sentence begins
		"L’Ai Act, (Ai) e l'idea, Ai":  {"ai", "act", "ai", "ide", "ai"},
		"GPT-4 e node.js":              {"gpt", "4", "nod", "js"},
		"日本語 Привет \xff\x00 🗞 ²": {"日本語", "привет", "2"},
	} {
		if diff := cmp.Diff(want, Stems(text), cmpopts.EquateEmpty()); diff != "" {
			t.Errorf("%q: %s", text, diff)
		}
	}
}

func TestParse(t *testing.T) {
	rome, err := time.LoadLocation("Europe/Rome")
	if err != nil {
		t.Fatal(err)
	}
	at := func(y, m, d int) time.Time { return time.Date(y, time.Month(m), d, 0, 0, 0, 0, rome) }
	for text, want := range map[string]Query{
		"":                  {},
		" modelli  piccoli": {Asked: []string{"modelli", "piccoli"}},
		`"legge di bilancio" «chip» “a b" -crypto -"big tech" -`: {
			Asked: []string{"legge di bilancio", "chip", "a b"}, Excluded: []string{"crypto", "big tech"}},
		`"mai chiusa`:                   {Asked: []string{`"mai`, "chiusa"}},
		"tema:AI topic:\"Big  Tech\"":   {Topics: []string{"ai", "big tech"}},
		"tema: ai":                      {Topics: []string{"ai"}},
		"Tema:#privacy":                 {Topics: []string{"privacy"}},
		"da:2026-01 a:2026-03":          {From: at(2026, 1, 1), Until: at(2026, 4, 1)},
		"from:2026 to:2026-11-24":       {From: at(2026, 1, 1), Until: at(2026, 11, 25)},
		"da:boh a:2026-13":              {Asked: []string{"da boh", "a 2026-13"}},
		"chip ordine:data pagina:3":     {Asked: []string{"chip"}, Newest: true, Page: 2},
		"chip sort:best page:999999":    {Asked: []string{"chip"}, Page: maxPage - 1},
		"pagina:0 pagina:x":             {Asked: []string{"pagina 0", "pagina x"}},
		"node:js http://e.it - — \"\" ": {Asked: []string{"node:js", "http://e.it"}},
		"-tema:ai -topic:\"Big tech\"":  {Without: []string{"ai", "big tech"}},
		"-da:2026":                      {Excluded: []string{"da 2026"}},
		"chip chip":                     {Asked: []string{"chip"}},
	} {
		got := Parse(text, rome)
		if diff := cmp.Diff(want, got, cmpopts.IgnoreUnexported(Query{})); diff != "" {
			t.Errorf("%q: %s", text, diff)
		}
	}
}

func TestTerms(t *testing.T) {
	for text, want := range map[string][]Term{
		"il modello":               {{"modell"}},
		"ai":                       {{"ai"}},
		"ai act":                   {{"ai"}, {"act"}},
		`"parlare ai figli"`:       {{"parl", "figl"}},
		`"ai act"`:                 {{"ai", "act"}},
		"GPT-4":                    {{"gpt", "4"}},
		"dell'intelligenza":        {{"intelligent"}},
		`"la legge di bilancio"`:   {{"legg", "bilanc"}},
		"il lo la":                 nil,
		"da:2026 tema:ai -parola ": nil,
	} {
		if diff := cmp.Diff(want, Parse(text, time.UTC).Terms(), cmpopts.EquateEmpty()); diff != "" {
			t.Errorf("%q: %s", text, diff)
		}
	}
}

func TestTopicKey(t *testing.T) {
	for topic, want := range map[string]string{"Big-Tech": "bigtech", "big  tech": "bigtech", "Città": "citta", "C": "c", "C++": "cplusplus", "c#": "csharp", "🗞": "", "": ""} {
		if got := TopicKey(topic); got != want {
			t.Errorf("%q: %q", topic, got)
		}
	}
}

// What a page's button says is the same question.
func TestAQuestionIsTheSameAtAnyPage(t *testing.T) {
	piece := rapid.OneOf(rapid.String(), rapid.SampledFrom([]string{"modello", `"`, "«", "»", "-", ":", "tema:", "da:2026-01", " ", "”", "“", `a:"`, "pagina:3"}))
	rapid.Check(t, func(t *rapid.T) {
		q := Parse(strings.Join(rapid.SliceOf(piece).Draw(t, "pieces"), ""), time.UTC)
		newest, page := rapid.Bool().Draw(t, "newest"), rapid.IntRange(0, maxPage-1).Draw(t, "page")
		again := Parse(q.At(newest, page), time.UTC)
		want := q
		want.Newest, want.Page = newest, page
		if diff := cmp.Diff(want, again, cmp.AllowUnexported(Query{})); diff != "" {
			t.Fatalf("%q: %s", q.At(newest, page), diff)
		}
	})
}

func FuzzParse(f *testing.F) {
	for _, s := range []string{"", `"a b" -c tema:x da:2026-01`, "\xff\x00“", strings.Repeat(`"`, 1000), "tema: da:", "-\"a\""} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, text string) {
		q := Parse(text, time.UTC)
		if len(q.Asked) > maxAsked || len(q.Excluded) > maxAsked || len(q.Topics) > maxAsked || utf8.RuneCountInString(q.Text()) > maxText {
			t.Fatalf("%+v", q)
		}
		for _, term := range append(q.Terms(), q.Unwanted()...) {
			if len(term) == 0 || len(term) > maxPhrase {
				t.Fatalf("term %q", term)
			}
			for _, s := range term {
				if s == "" || strings.ContainsFunc(s, func(r rune) bool { return !inWord(r) }) {
					t.Fatalf("stem %q", s)
				}
			}
		}
		c := digest.Content{Title: text, Lead: markup.T(text), Body: []markup.Text{markup.T(text)}}
		if got := Excerpt(c, q, 60); utf8.RuneCountInString(got.String()) > 60 {
			t.Fatalf("%q", got)
		}
	})
}

func TestExcerpt(t *testing.T) {
	long := strings.Repeat("Prima viene molto altro che non serve a nessuno, ", 20) + "poi il modello desiderato, e infine ancora altro."
	c := digest.Content{
		Title:    "Titolo",
		Lead:     markup.T("Un modello. I modelli piccoli crescono! E poi?"),
		Body:     []markup.Text{markup.T("Testo con la legge di bilancio e «virgolette.» Dopo, l’AI."), markup.T(long)},
		Abstract: []markup.Text{markup.T("Sintesi.")},
		Sources:  []digest.Source{{Title: "Una fonte", Publisher: "Editore"}, {Title: "Il titolo"}},
	}
	bold := func(t markup.Text) string {
		var b strings.Builder
		for _, s := range t {
			if s.Style == markup.Bold {
				b.WriteString("*" + s.Text + "*")
			} else {
				b.WriteString(s.Text)
			}
		}
		return b.String()
	}
	for ask, want := range map[string]string{
		"modello":                "Un *modello*.",
		"piccolo modello":        "I *modelli* *piccoli* crescono!",
		`"legge di bilancio"`:    "Testo con la *legge di bilancio* e «virgolette.»",
		"ai":                     "Dopo, l’*AI*.",
		"desiderata modello":     "…serve a nessuno, poi il *modello* *desiderato*, e infine ancora altro.",
		"sintesi":                "*Sintesi*.",
		"editore":                "Una fonte — *Editore*",
		"zanzibar":               "",
		"titolo":                 "", // the title says it
		"tema:ai":                "",
		`"legge di bilanci" "di`: "Testo con la *legge di bilancio* e «virgolette.»",
	} {
		if got := bold(Excerpt(c, Parse(ask, time.UTC), 80)); got != want {
			t.Errorf("%s: %q, want %q", ask, got, want)
		}
	}
}

func TestTitles(t *testing.T) {
	for _, c := range []struct {
		a, b string
		same bool
	}{
		{"Le chiavi di accesso", "Chiave d'accesso!", true},
		{"Batterie al sodio nei condomini", "Le batterie al sodio per i condomini", true},
		{"Le batterie al sodio entrano nei condomini italiani", "Batterie al sodio entrano nei condomini", true},
		{"Batterie al sodio", "Batterie al litio", false},
		{"Il", "La", false},
		{"", "", false},
	} {
		if got := SameTitle(c.a, c.b); got != c.same {
			t.Errorf("%q, %q: %v", c.a, c.b, got)
		}
	}
	if TitleKey("Le chiavi di accesso") != TitleKey("chiave ACCESSI") || TitleKey("chip") == TitleKey("chiave") || TitleKey("il") != 0 {
		t.Error("keys")
	}
	for in, want := range map[string]string{"Chip: la guida": "Chip", "Chip – una. Due": "Chip", "Chip": "", "C'è vita?": ""} {
		if got := MainTitle(in); got != want {
			t.Errorf("%q: %q", in, got)
		}
	}
}

func TestSlips(t *testing.T) {
	for _, c := range []struct {
		a, b string
		want int
	}{{"modello", "modello", 0}, {"modelo", "modello", 1}, {"modlelo", "modello", 1}, {"mdoelo", "modello", 2}, {"chip", "zanzibar", 3}, {"", "ab", 2}, {"abcd", "", 3}} {
		if got := Slips(c.a, c.b, 2); got != c.want {
			t.Errorf("%s, %s: %d, want %d", c.a, c.b, got, c.want)
		}
	}
}

// A sentence of sixty thousand characters is read once, not once for each word.
func BenchmarkExcerpt(b *testing.B) {
	r := rand.New(rand.NewPCG(1, 2))
	var text strings.Builder
	for text.Len() < 60_000 {
		text.WriteString([]string{"modello ", "rete ", "chip ", "lungo "}[r.IntN(4)])
	}
	c := digest.Content{Body: []markup.Text{markup.T(text.String())}}
	q := Parse("zanzibar chip modello", time.UTC)
	for b.Loop() {
		Excerpt(c, q, 160)
	}
}
