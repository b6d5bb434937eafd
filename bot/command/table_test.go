package command

import (
	"context"
	"errors"
	"log/slog"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/strillone/strillone/bot"
	"github.com/strillone/strillone/bot/compose"
	"github.com/strillone/strillone/bot/locale"
	"github.com/strillone/strillone/digest"
	"github.com/strillone/strillone/digest/delivery"
	"github.com/strillone/strillone/digest/markup"
)

// shelf is a library, subscriptions and a newsroom that remember what was asked.
type shelf struct {
	articles   []digest.Article // newest first
	digest     digest.Digest
	subscribed map[digest.Destination]digest.Language
	ended      map[digest.Destination]digest.Language // by a reader or, with a reason, without one
	reasons    []string
	submitted  []digest.Submission
	published  []int64
	broken     error
}

func notFound() error { return &digest.Error{Code: digest.NotFound} }

func (s *shelf) Article(_ context.Context, number int) (digest.Article, error) {
	if s.broken != nil {
		return digest.Article{}, s.broken
	}
	for _, a := range s.articles {
		if a.Number == number {
			return a, nil
		}
	}
	return digest.Article{}, notFound()
}

func (s *shelf) Latest(_ context.Context, through, limit int) ([]digest.Article, error) {
	var found []digest.Article
	for _, a := range s.articles {
		if (through == 0 || a.Number <= through) && len(found) < limit {
			found = append(found, a)
		}
	}
	return found, s.broken
}

func (s *shelf) Match(_ context.Context, words string, limit int) ([]digest.Article, error) {
	var found []digest.Article
	for _, a := range s.articles {
		if strings.Contains(strings.ToLower(a.Title), strings.ToLower(words)) && len(found) < limit {
			found = append(found, a)
		}
	}
	return found, s.broken
}

func (s *shelf) LatestDigest(context.Context, digest.Destination) (digest.Digest, error) {
	if len(s.digest.Articles) == 0 {
		return digest.Digest{}, notFound()
	}
	return s.digest, s.broken
}

func (s *shelf) Subscribe(_ context.Context, to digest.Destination, l digest.Language, _ time.Time) (digest.Subscription, digest.Joining, error) {
	joining := digest.Fresh
	if _, there := s.subscribed[to]; there {
		joining = digest.Already
	} else if was, there := s.ended[to]; there {
		l, joining = was, digest.Resumed
	}
	s.subscribed[to] = l
	return digest.Subscription{Destination: to, Settings: digest.Settings{Language: l}, Active: true}, joining, s.broken
}

func (s *shelf) Unsubscribe(_ context.Context, to digest.Destination, _ time.Time) (bool, error) {
	l, there := s.subscribed[to]
	if there {
		s.ended[to] = l
	}
	delete(s.subscribed, to)
	return there, s.broken
}

func (s *shelf) Subscription(_ context.Context, to digest.Destination) (digest.Subscription, error) {
	if _, there := s.subscribed[to]; !there {
		return digest.Subscription{}, notFound()
	}
	return digest.Subscription{Destination: to, Active: true}, nil
}

func (s *shelf) Submit(_ context.Context, t bot.Text, _ *locale.Printer) (bot.Reply, error) {
	s.submitted = append(s.submitted, t.Submission)
	return bot.Reply{Doc: compose.Say("preview")}, nil
}

func (s *shelf) Publish(_ context.Context, id int64, _ *locale.Printer) (bot.Reply, error) {
	s.published = append(s.published, id)
	return bot.Reply{Doc: compose.Say("published")}, nil
}

func (s *shelf) Discard(context.Context, int64, *locale.Printer) (bot.Reply, error) {
	return bot.Reply{Doc: compose.Say("discarded")}, nil
}

func (s *shelf) Report(context.Context) (delivery.Report, error) {
	return delivery.Report{Slot: day, At: day, Platforms: []delivery.PlatformReport{{
		Platform: "telegram", Subscriptions: 12_345, Queued: 4, Sent: 5,
		Failures: []delivery.Reason{{Kind: delivery.Gone, Count: 1, Words: "bot was blocked by the user"}},
	}}}, s.broken
}

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
	s := &shelf{subscribed: make(map[digest.Destination]digest.Language), ended: make(map[digest.Destination]digest.Language)}
	for n := 3; n >= 1; n-- {
		s.articles = append(s.articles, article(n, []string{"", "Batterie al sodio", "Chiavi di accesso", "Satelliti di legno"}[n]))
	}
	s.digest = digest.Digest{Title: "Strillone", BuiltAt: day, Articles: s.articles[:2]}
	return New(Config{
		Library: s, Subscriptions: s, Newsroom: s, Reports: s,
		Editors:  map[digest.Platform][]string{"telegram": {"7"}},
		Language: digest.Italian,
		Title:    "Strillone",
		Now:      func() time.Time { return day },
		Next:     func(time.Time) time.Time { return day.Add(24 * time.Hour) },
		Log:      slog.New(slog.DiscardHandler),
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

// words is all that a document says and offers, for tests to look into.
func words(d markup.Doc) string {
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
			got := words(tab.Command(t.Context(), r).Doc)
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
		if got := words(tab.Command(t.Context(), ask(line)).Doc); strings.TrimSpace(got) == "" || strings.Contains(got, "storto") {
			t.Errorf("/%s: %q", line, got)
		}
	}
}

// Every command × every role × every place; what is not listed is refused.
func TestAccess(t *testing.T) {
	everyone := []string{"stranger", "administrator", "editor"}
	private := everyone
	allowed := map[string]map[bot.Kind][]string{
		"digest":       {bot.Private: private, bot.Shared: everyone},
		"ultimi":       {bot.Private: private, bot.Shared: everyone},
		"leggi":        {bot.Private: private, bot.Shared: everyone},
		"abstract":     {bot.Private: private, bot.Shared: everyone},
		"fonti":        {bot.Private: private, bot.Shared: everyone},
		"consigli":     {bot.Private: private, bot.Shared: everyone},
		"aiuto":        {bot.Private: private, bot.Shared: everyone},
		"start":        {bot.Private: private, bot.Shared: {"administrator"}},
		"iscriviti":    {bot.Private: private, bot.Shared: {"administrator"}},
		"disiscriviti": {bot.Private: private, bot.Shared: {"administrator"}},
		"stato":        {bot.Private: {"editor"}, bot.Shared: {"editor"}},
		"pubblica":     {bot.Private: {"editor"}, bot.Shared: {"editor"}},
		"scarta":       {bot.Private: {"editor"}, bot.Shared: {"editor"}},
	}
	tab, _ := table(t)
	for _, row := range tab.commands {
		for _, kind := range []bot.Kind{bot.Private, bot.Shared} {
			for _, role := range everyone {
				for _, pressed := range []bool{false, true} {
					tab, _ := table(t)
					r := ask(row.name + " 1")
					r.Kind, r.Pressed = kind, pressed
					r.Administers = func(context.Context) (bool, error) { return role == "administrator", nil }
					if role == "editor" {
						r.Actor.ID = "7"
					}
					reply := words(tab.Command(t.Context(), r).Doc)
					refused := strings.Contains(reply, "Questo lo può fare solo")
					want := slices.Contains(allowed[row.name][kind], role)
					if refused == want {
						t.Errorf("/%s by %s in kind %d (pressed %v): allowed %v, want %v\n%s", row.name, role, kind, pressed, !refused, want, reply)
					}
				}
			}
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
	say := func(line string) string { return words(tab.Command(t.Context(), ask(line)).Doc) }
	if got := say("start"); !strings.Contains(got, "Ciao!") || !strings.Contains(got, "da mercoledì 25 novembre alle 7:00 ricevi qui il digest") {
		t.Errorf("start: %s", got)
	}
	if s.subscribed[here] != digest.Italian {
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
	if got := words(tab.Command(t.Context(), r).Doc); !strings.Contains(got, "the digest is delivered here") {
		t.Errorf("the administrator reads %q", got)
	}
	if s.subscribed[r.Place] != digest.Italian {
		t.Errorf("subscribed in %q", s.subscribed[r.Place])
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
			if got := words(reply.Doc); !strings.Contains(got, c.want) {
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
		t.Errorf("answered %s", words(reply.Doc))
	}
	r.Kind = bot.Private
	if got := words(tab.Command(t.Context(), r).Doc); !strings.Contains(got, "/weather") {
		t.Errorf("in private: %s", got)
	}
}

func TestTroubleIsToldWithoutItsInsides(t *testing.T) {
	tab, s := table(t)
	s.broken = errors.New("disk on fire at /dev/sda1")
	got := words(tab.Command(t.Context(), ask("leggi 1")).Doc)
	if !strings.Contains(got, "storto") || strings.Contains(got, "fire") {
		t.Errorf("got %q", got)
	}
}

func TestTheMenuSpeaksEveryLanguage(t *testing.T) {
	tab, _ := table(t)
	for _, e := range tab.Menu() {
		for _, l := range locale.Languages() {
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
	if got := words(tab.Command(t.Context(), r).Doc); strings.Contains(got, "redazione") {
		t.Errorf("a reader is told how to publish: %s", got)
	}
	r.Actor.ID = "7"
	if got := words(tab.Command(t.Context(), r).Doc); !strings.Contains(got, "Per la redazione") {
		t.Errorf("an editor isn't told how to publish: %s", got)
	}
	r.Kind = bot.Shared
	got := words(tab.Command(t.Context(), r).Doc)
	if strings.Contains(got, "\n/iscriviti —") || !strings.Contains(got, "Chi amministra") {
		t.Errorf("in a group: %s", got)
	}
}

func TestTheStatusInASharedPlaceTellsLess(t *testing.T) {
	tab, _ := table(t)
	r := ask("status")
	r.Actor.ID = "7"
	private := words(tab.Command(t.Context(), r).Doc)
	for _, want := range []string{"60% · 6 di 10", "bot was blocked", "12.345", "mercoledì 25 novembre"} {
		if !strings.Contains(private, want) {
			t.Errorf("no %q in\n%s", want, private)
		}
	}
	r.Kind = bot.Shared
	reply := tab.Command(t.Context(), r)
	shared := words(reply.Doc)
	if !reply.Personal || !strings.Contains(shared, "6 di 10") || strings.Contains(shared, "blocked") || strings.Contains(shared, "12.345") {
		t.Errorf("in a group (personal %v):\n%s", reply.Personal, shared)
	}
}

func TestOlderArticlesAreAPressAway(t *testing.T) {
	tab, _ := table(t)
	got := words(tab.Command(t.Context(), ask("ultimi 2")).Doc)
	if !strings.Contains(got, "#2") || !strings.Contains(got, "#1") || strings.Contains(got, "#3") {
		t.Errorf("from #2 on: %s", got)
	}
	for _, odd := range []string{"ultimi boh", "ultimi -4", "ultimi 99999999999999999999"} {
		if got := words(tab.Command(t.Context(), ask(odd)).Doc); !strings.Contains(got, "#3") {
			t.Errorf("/%s: %s", odd, got)
		}
	}
}

func TestWhatIsRepeatedIsShortAndLeadsNowhere(t *testing.T) {
	tab, _ := table(t)
	for _, line := range []string{"leggi https://evil.example/" + strings.Repeat("x", 5000), strings.Repeat("y", 5000)} {
		if got := words(tab.Command(t.Context(), ask(line)).Doc); len(got) > 300 || strings.Contains(got, "://") {
			t.Errorf("%d bytes: %.200s", len(got), got)
		}
	}
}

func TestAPlatformThatDoesntTellWhoAdministers(t *testing.T) {
	tab, s := table(t)
	r := ask("iscriviti")
	r.Kind = bot.Shared
	r.Administers = func(context.Context) (bool, error) { return false, errors.New("chat not found") }
	if got := words(tab.Command(t.Context(), r).Doc); !strings.Contains(got, "Rendimi amministratore") || len(s.subscribed) != 0 {
		t.Errorf("got %s", got)
	}
	r.Command = "aiuto"
	if got := words(tab.Command(t.Context(), r).Doc); !strings.Contains(got, "Che cosa posso fare") {
		t.Errorf("help: %s", got)
	}
}
