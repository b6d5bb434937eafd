package command

import (
	"context"
	"errors"
	"log/slog"
	"strings"
	"testing"
	"time"

	"github.com/strillone/strillone/bot"
	"github.com/strillone/strillone/bot/compose"
	"github.com/strillone/strillone/bot/locale"
	"github.com/strillone/strillone/digest"
	"github.com/strillone/strillone/digest/markup"
)

var day = time.Date(2026, 11, 24, 7, 0, 0, 0, time.UTC)

func article(number int, title string) digest.Article {
	return digest.Article{
		Number: number, State: digest.Published, PublishedAt: day,
		Content: digest.Content{
			Title:    title,
			Lead:     markup.T("Il sommario."),
			Body:     []markup.Text{markup.T("Il testo.")},
			Abstract: []markup.Text{markup.T("L’abstract di " + title + ".")},
			Sources:  []digest.Source{{Title: "Una fonte", Publisher: "Editore", Date: "2025", URL: "https://example.org/a"}},
		},
	}
}

func table(t *testing.T) (*Table, *shelf) {
	t.Helper()
	s := &shelf{subscribed: make(map[digest.Destination]digest.Settings), ended: make(map[digest.Destination]digest.Subscription)}
	for n := 3; n >= 1; n-- {
		s.articles = append(s.articles, article(n, []string{"", "Batterie al sodio", "Chiavi di accesso", "Satelliti di legno"}[n]))
	}
	s.digest = digest.Digest{ID: 1, Title: "Strillone", BuiltAt: day, Articles: s.articles[:2]}
	rome, err := time.LoadLocation("Europe/Rome")
	if err != nil {
		t.Fatal(err)
	}
	return New(Config{
		Library: s, Archive: &archive{shelf: s}, Readers: newKept(s), Subscriptions: s, Newsroom: s, Reports: s, People: s,
		Writer:   compose.Writer{Zone: rome},
		Editors:  map[digest.Platform][]string{"telegram": {"7"}},
		Language: digest.Italian,
		Title:    "Strillone",
		Now:      func() time.Time { return day },
		Next: func(after time.Time) time.Time {
			at := day
			for !at.After(after) {
				at = at.Add(24 * time.Hour)
			}
			return at
		},
		Log: slog.New(slog.DiscardHandler),
	}), s
}

func ask(line string) bot.Request {
	name, args, _ := strings.Cut(line, " ")
	return bot.Request{
		Actor:   bot.Actor{Platform: "telegram", ID: "1", Language: "it"},
		Place:   digest.Destination{Platform: "telegram", Chat: "1"},
		Command: name, Args: args,
	}
}

// text is all that a document says and offers, for tests to look into.
func text(d markup.Doc) string {
	var b strings.Builder
	var walk func([]markup.Block)
	walk = func(blocks []markup.Block) {
		for _, block := range blocks {
			switch block := block.(type) {
			case markup.Heading:
				b.WriteString(block.Text.String())
			case markup.Paragraph:
				b.WriteString(block.Text.String())
			case markup.Note:
				b.WriteString(block.Text.String())
			case markup.List:
				b.WriteString(markup.Join(block.Items, "\n").String())
			case markup.Quote:
				b.WriteString(markup.Join(block.Paragraphs, "\n").String())
			case markup.Section:
				walk(block.Blocks)
			case markup.Details:
				b.WriteString(block.Summary.String() + "\n")
				walk(block.Blocks)
			}
			b.WriteString("\n")
		}
	}
	walk(d.Blocks)
	return b.String() + strings.Join(d.Commands(), "\n")
}

func TestWhichArticleIsMeant(t *testing.T) {
	tests := []struct {
		name   string
		line   string
		quoted []string
		want   []string
	}{
		{"by number", "fonti 2", nil, []string{"🔗 Fonti di #2", "Una fonte — Editore, 2025"}},
		{"by number sign", "abstract #3", nil, []string{"L’abstract di Satelliti di legno."}},
		{"in full", "leggi n. 1", nil, []string{"#1 Batterie al sodio", "Il testo."}},
		{"in English", "sources 1", nil, []string{"🔗 Fonti di #1"}},
		{"upper case", "FONTI 1", nil, []string{"🔗 Fonti di #1"}},
		{"by words", "leggi chiavi", nil, []string{"#2 Chiavi di accesso"}},
		{"unknown number", "fonti 99", nil, []string{"L’articolo #99 non c’è", "/ultimi"}},
		{"absurd number", "fonti 99999999999999999999", nil, []string{"Non ho trovato nessun articolo"}},
		{"unknown words", "leggi zanzibar", nil, []string{"«zanzibar»"}},
		{"in reply to a card", "fonti", []string{"leggi 1", "abstract 1"}, []string{"🔗 Fonti di #1"}},
		{"in reply to a digest", "fonti", []string{"leggi 3", "leggi 1", "abstract"}, []string{"fonti 3", "fonti 1"}},
		{"in reply to nothing of use", "fonti", []string{"pubblica 3"}, []string{"fonti 3", "fonti 2"}},
		{"nothing said", "abstract", nil, []string{"Di quale articolo vuoi l’abstract?", "abstract 3", "abstract 2"}},
		{"nothing said, in English", "read", nil, []string{"leggi 3", "leggi 2"}},
		{"none there", "consigli 1", nil, []string{"non ha consigli di lettura", "fonti 1"}},
	}
	for _, c := range tests {
		t.Run(c.name, func(t *testing.T) {
			tab, _ := table(t)
			r := ask(c.line)
			r.Quoted = c.quoted
			got := text(tab.Command(t.Context(), r).Doc)
			for _, want := range c.want {
				if !strings.Contains(got, want) {
					t.Errorf("no %q in\n%s", want, got)
				}
			}
		})
	}
}

func TestNothingPublishedYet(t *testing.T) {
	tab, s := table(t)
	s.articles, s.digest = nil, digest.Digest{}
	for _, line := range []string{"ultimi", "digest", "leggi", "fonti", "leggi 1", "leggi parole"} {
		if got := text(tab.Command(t.Context(), ask(line)).Doc); strings.TrimSpace(got) == "" || strings.Contains(got, "storto") {
			t.Errorf("/%s: %q", line, got)
		}
	}
}

func TestAnEditorOfOnePlatformIsNoneOfAnother(t *testing.T) {
	tab, s := table(t)
	r := ask("pubblica 1")
	r.Actor = bot.Actor{Platform: "discord", ID: "7"}
	tab.Command(t.Context(), r)
	if len(s.published) != 0 {
		t.Error("an editor of Telegram published on Discord")
	}
}

func TestSubscribing(t *testing.T) {
	tab, s := table(t)
	here := ask("").Place
	say := func(line string) string { return text(tab.Command(t.Context(), ask(line)).Doc) }
	if got := say("start"); !strings.Contains(got, "Ciao!") || !strings.Contains(got, "da mercoledì 25 novembre alle 8:00 ricevi qui il digest") {
		t.Errorf("start: %s", got)
	}
	if s.subscribed[here].Language != digest.Italian {
		t.Fatal("not subscribed")
	}
	if got := say("subscribe"); !strings.Contains(got, "già") {
		t.Errorf("again: %s", got)
	}
	if got := say("aiuto"); !strings.Contains(got, "Il prossimo digest arriva qui mercoledì 25 novembre") {
		t.Errorf("help: %s", got)
	}
	if got := say("stop"); !strings.Contains(got, "✅") || len(s.subscribed) != 0 {
		t.Errorf("stop: %s", got)
	}
	if got := say("disiscriviti"); !strings.Contains(got, "/iscriviti") {
		t.Errorf("again: %s", got)
	}
}

func TestASharedPlaceGetsTheNewslettersLanguage(t *testing.T) {
	tab, s := table(t)
	r := ask("subscribe")
	r.Actor.Language = "en-GB"
	r.Kind = bot.Shared
	r.Administers = func(context.Context) (bool, error) { return true, nil }
	if got := text(tab.Command(t.Context(), r).Doc); !strings.Contains(got, "il digest arriva qui") {
		t.Errorf("all who are there read %q", got)
	}
	if s.subscribed[r.Place].Language != digest.Italian {
		t.Errorf("subscribed in %+v", s.subscribed[r.Place])
	}
}

func TestTexts(t *testing.T) {
	tests := []struct {
		name, actor string
		kind        bot.Kind
		want        string
		stored      int
	}{
		{"a reader", "1", bot.Private, "/aiuto", 0},
		{"an editor", "7", bot.Private, "preview", 1},
	}
	for _, c := range tests {
		t.Run(c.name, func(t *testing.T) {
			tab, s := table(t)
			r := ask("")
			r.Actor.ID, r.Kind = c.actor, c.kind
			reply := tab.Text(t.Context(), bot.Text{Request: r, Submission: digest.Submission{Text: markup.T("Titolo\nTesto")}})
			if got := text(reply.Doc); !strings.Contains(got, c.want) {
				t.Errorf("got %q", got)
			}
			if len(s.submitted) != c.stored {
				t.Errorf("%d texts stored", len(s.submitted))
			}
		})
	}
}

func TestAnotherBotsCommandInAGroupIsLeftAlone(t *testing.T) {
	tab, _ := table(t)
	r := ask("weather")
	r.Kind = bot.Shared
	if reply := tab.Command(t.Context(), r); !reply.Empty() {
		t.Errorf("answered %s", text(reply.Doc))
	}
	r.Kind = bot.Private
	if got := text(tab.Command(t.Context(), r).Doc); !strings.Contains(got, "/weather") {
		t.Errorf("in private: %s", got)
	}
}

func TestTroubleIsToldWithoutItsInsides(t *testing.T) {
	tab, s := table(t)
	s.broken = errors.New("disk on fire at /dev/sda1")
	got := text(tab.Command(t.Context(), ask("leggi 1")).Doc)
	if !strings.Contains(got, "storto") || strings.Contains(got, "fire") {
		t.Errorf("got %q", got)
	}
}

func TestTheMenuSpeaksEveryLanguage(t *testing.T) {
	tab, _ := table(t)
	for _, e := range tab.Menu() {
		for _, l := range locale.Languages() {
			if e.OfMessage {
				if name := e.Names[l]; name == "" || len([]rune(name)) > 32 || strings.HasPrefix(name, "command.") {
					t.Errorf("%s in %s: the name %q", e.Name, l, name)
				}
				continue
			}
			if d := e.Description[l]; d == "" || len([]rune(d)) > 100 || strings.HasPrefix(d, "command.") {
				t.Errorf("%s in %s: description %q", e.Name, l, d)
			}
			if _, known := tab.byName[e.Names[l]]; !known {
				t.Errorf("%s in %s: nobody answers /%s", e.Name, l, e.Names[l])
			}
		}
	}
}

func TestHelpIsForThisPersonInThisPlace(t *testing.T) {
	tab, _ := table(t)
	r := ask("aiuto")
	if got := text(tab.Command(t.Context(), r).Doc); strings.Contains(got, "redazione") {
		t.Errorf("a reader is told how to publish: %s", got)
	}
	r.Actor.ID = "7"
	if got := text(tab.Command(t.Context(), r).Doc); !strings.Contains(got, "Per la redazione") {
		t.Errorf("an editor isn't told how to publish: %s", got)
	}
	r.Kind = bot.Shared
	got := text(tab.Command(t.Context(), r).Doc)
	if strings.Contains(got, "\n/iscriviti —") || !strings.Contains(got, "Chi amministra") {
		t.Errorf("in a group: %s", got)
	}
}

func TestTheStatusInASharedPlaceTellsLess(t *testing.T) {
	tab, _ := table(t)
	r := ask("status")
	r.Actor.ID = "7"
	private := text(tab.Command(t.Context(), r).Doc)
	for _, want := range []string{"60% · 6 di 10", "bot was blocked", "12.345", "mercoledì 25 novembre"} {
		if !strings.Contains(private, want) {
			t.Errorf("no %q in\n%s", want, private)
		}
	}
	r.Kind = bot.Shared
	reply := tab.Command(t.Context(), r)
	shared := text(reply.Doc)
	if !reply.Personal || !strings.Contains(shared, "6 di 10") || strings.Contains(shared, "blocked") || strings.Contains(shared, "12.345") {
		t.Errorf("in a group (personal %v):\n%s", reply.Personal, shared)
	}
}

func TestOlderArticlesAreAPressAway(t *testing.T) {
	tab, _ := table(t)
	got := text(tab.Command(t.Context(), ask("ultimi 2")).Doc)
	if !strings.Contains(got, "#2") || !strings.Contains(got, "#1") || strings.Contains(got, "#3") {
		t.Errorf("from #2 on: %s", got)
	}
	for _, odd := range []string{"ultimi boh", "ultimi -4", "ultimi 99999999999999999999"} {
		if got := text(tab.Command(t.Context(), ask(odd)).Doc); !strings.Contains(got, "#3") {
			t.Errorf("/%s: %s", odd, got)
		}
	}
}

func TestWhatIsRepeatedIsShortAndLeadsNowhere(t *testing.T) {
	tab, _ := table(t)
	for _, line := range []string{"leggi https://evil.example/" + strings.Repeat("x", 5000), strings.Repeat("y", 5000)} {
		if got := text(tab.Command(t.Context(), ask(line)).Doc); len(got) > 300 || strings.Contains(got, "://") {
			t.Errorf("%d bytes: %.200s", len(got), got)
		}
	}
}

func TestAPlatformThatDoesntTellWhoAdministers(t *testing.T) {
	tab, s := table(t)
	r := ask("iscriviti")
	r.Kind = bot.Shared
	r.Administers = func(context.Context) (bool, error) { return false, errors.New("chat not found") }
	if got := text(tab.Command(t.Context(), r).Doc); !strings.Contains(got, "Rendimi amministratore") || len(s.subscribed) != 0 {
		t.Errorf("got %s", got)
	}
	r.Command = "aiuto"
	if got := text(tab.Command(t.Context(), r).Doc); !strings.Contains(got, "Che cosa posso fare") {
		t.Errorf("help: %s", got)
	}
}
