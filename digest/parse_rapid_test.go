// Properties of Parse: articles in random styles come back, nothing is lost.

package digest

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"unicode"
	"unicode/utf8"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"github.com/strillone/strillone/digest/markup"
)

var (
	someTitles     = []string{"Meta cerca alleati", "Chi paga l’AI?", "L’Âge d’or: São Paulo, “capitale”", "5 modelli open-source", "È così – o no – da sempre", "Ça va, ROMÂNIA!"}
	someSentences  = []string{"L’azienda ha detto di no.", "Perché? È presto per dirlo!", "Fonti vicine al dossier confermano.", "Il prezzo – 5\u00a0€ – non cambia…", "Usa C# e 10% di #AI.", "«Abstract art», dice lei."}
	someWorks      = []string{"Competition and Cooperation in AI Development", "Modelli open-source vs proprietari: scenari futuri", "Il titolo, con virgola", "Uno – due – tre", "«Io, robot»", "C# in Depth"}
	somePublishers = []string{"OECD", "The Information", "Il Sole 24 Ore", "Rossi, Bianchi & Figli", "arXiv"}
	someDates      = []string{"2024", "aprile 2025", "12 aprile 2025", "12/04/2025", "April 12, 2025", "2025-04-12"}
	someTopics     = []string{"ai", "privacy", "big tech", "c#", "antitrust"}
)

// orNil is s, nil when empty: what Parse leaves out is nil.
func orNil[T any](s []T) []T {
	if len(s) == 0 {
		return nil
	}
	return s
}

func drawSources(t *rapid.T, label string) []Source {
	return orNil(rapid.SliceOfN(rapid.Custom(func(t *rapid.T) Source {
		s := Source{Title: rapid.SampledFrom(someWorks).Draw(t, "title"), Publisher: rapid.SampledFrom(somePublishers).Draw(t, "publisher")}
		if rapid.Bool().Draw(t, "dated") {
			s.Date = rapid.SampledFrom(someDates).Draw(t, "date")
		}
		if rapid.Bool().Draw(t, "linked") {
			s.URL = "https://example.com/a_(b)"
		}
		return s
	}), 0, 4).Draw(t, label))
}

func drawParagraphs(t *rapid.T, least, most int, label string) []markup.Text {
	return orNil(rapid.SliceOfN(rapid.Custom(func(t *rapid.T) markup.Text {
		return markup.T(strings.Join(rapid.SliceOfN(rapid.SampledFrom(someSentences), 1, 5).Draw(t, "sentences"), " "))
	}), least, most).Draw(t, label))
}

// writeSources writes sources in one style.
func writeSources(t *rapid.T, sources []Source) string {
	mark := rapid.SampledFrom([]string{"🔹\u00a0", "• ", "– ", "-", "— ", "* ", "· ", "▪ ", "➡ ", "%d. ", "%d) ", "[%d] ", ""}).Draw(t, "mark")
	dash := rapid.SampledFrom([]string{" – ", " — ", " - ", "\u00a0– "}).Draw(t, "dash")
	link := rapid.SampledFrom([]string{" %s", " (%s)", " <%s>", "\n%s", " – %s"}).Draw(t, "link")
	stop := rapid.SampledFrom([]string{"", "."}).Draw(t, "stop")
	var b strings.Builder
	for i, s := range sources {
		if strings.Contains(mark, "%") {
			fmt.Fprintf(&b, mark, i+1)
		} else {
			b.WriteString(mark)
		}
		b.WriteString(s.Title + dash + s.Publisher)
		if s.Date != "" {
			b.WriteString(", " + s.Date)
		}
		b.WriteString(stop)
		if s.URL != "" {
			fmt.Fprintf(&b, link, s.URL)
		}
		b.WriteString("\n")
	}
	return b.String()
}

// writeHeading writes one of the names of a section in one style.
func writeHeading(t *rapid.T, kind sectionKind) string {
	var names []string
	for name, k := range headings {
		if k == kind {
			names = append(names, name)
		}
	}
	slices.Sort(names)
	name := rapid.SampledFrom(names).Draw(t, "name")
	name = rapid.SampledFrom([]func(string) string{strings.ToUpper, strings.ToLower, func(s string) string { return strings.ToUpper(s[:1]) + s[1:] }}).Draw(t, "case")(name)
	return fmt.Sprintf(rapid.SampledFrom([]string{"%s:", "%s", "**%s:**", "**%s**:", "📌 %s:", "%s 📌", "## %s", "_%s_", "%s :"}).Draw(t, "style"), name)
}

func joinParagraphs(ps []markup.Text, sep string) string { return markup.Join(ps, sep).String() }

func TestParseGivesTheArticleBack(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		want := Content{
			Title:    rapid.SampledFrom(someTitles).Draw(t, "title"),
			Lead:     drawParagraphs(t, 1, 1, "lead")[0],
			Body:     drawParagraphs(t, 1, 5, "body"),
			Abstract: drawParagraphs(t, 0, 2, "abstract"),
			Sources:  drawSources(t, "sources"),
			Readings: drawSources(t, "readings"),
			Topics:   orNil(rapid.SliceOfNDistinct(rapid.SampledFrom(someTopics), 0, 4, rapid.ID[string]).Draw(t, "topics")),
		}
		sep := rapid.SampledFrom([]string{"\n", "\n\n", "\r\n", "\n \n"}).Draw(t, "sep")
		var parts []string
		if len(want.Abstract) > 0 {
			parts = append(parts, writeHeading(t, abstractSection)+"\n"+joinParagraphs(want.Abstract, sep)+"\n")
		}
		if len(want.Sources) > 0 {
			parts = append(parts, writeHeading(t, sourcesSection)+"\n"+writeSources(t, want.Sources))
		}
		if len(want.Readings) > 0 {
			parts = append(parts, writeHeading(t, readingsSection)+"\n"+writeSources(t, want.Readings))
		}
		if len(want.Topics) > 0 {
			between := rapid.SampledFrom([]string{", ", "; ", "\n", "\n• ", ",", " – "}).Draw(t, "between")
			parts = append(parts, writeHeading(t, topicsSection)+"\n"+strings.Join(want.Topics, between)+"\n")
		}
		parts = rapid.Permutation(parts).Draw(t, "order")
		text := want.Title + sep + joinParagraphs(append([]markup.Text{want.Lead}, want.Body...), sep) + sep + strings.Join(parts, sep)
		if strings.Contains(joinParagraphs(append([]markup.Text{want.Lead}, slices.Concat(want.Body, want.Abstract)...), ""), "#AI") &&
			!slices.Contains(want.Topics, "ai") {
			want.Topics = append(want.Topics, "ai")
		}
		if rapid.Bool().Draw(t, "misread") {
			text = misread(text)
		}
		got, _, err := Parse(Submission{Text: markup.T(text)})
		if err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Fatalf("%s\n%s", text, diff)
		}
	})
}

// visible is s without white space.
func visible(s string) string {
	return strings.Map(func(r rune) rune {
		if unicode.IsSpace(r) {
			return -1
		}
		return r
	}, s)
}

// checkParsed checks what holds for every text.
func checkParsed(t interface{ Fatalf(string, ...any) }, text markup.Text) {
	c, findings, err := Parse(Submission{Text: text})
	if err != nil {
		if CodeOf(err) == "" {
			t.Fatalf("no code: %v", err)
		}
		return
	}
	if !hasWord(c.Title) || utf8.RuneCountInString(c.Title) > MaxTitle || len(c.Body) == 0 || len(c.Topics) > MaxTopics || len(findings) > maxFindings+5 {
		t.Fatalf("%q: %+v %+v", text, c, findings)
	}
	for _, p := range slices.Concat([]markup.Text{}, c.Body, c.Abstract) {
		if strings.TrimSpace(p.String()) == "" {
			t.Fatalf("%q: an empty paragraph", text)
		}
		for _, s := range p {
			if address, ok := markup.Link(s.URL); s.URL != "" && (!ok || address != s.URL) {
				t.Fatalf("%q: link %q", text, s.URL)
			}
		}
	}
	for _, s := range slices.Concat(c.Sources, c.Readings) {
		if s.Title == "" || strings.ContainsAny(s.Title+s.Publisher+s.Date, "\n\u00a0") {
			t.Fatalf("%q: source %+v", text, s)
		}
	}

	// Nothing of the prose is lost.
	var p parser
	lines := linesOf(p.links(Mend(text)))
	rest, err := p.title(lines)
	if err != nil {
		t.Fatalf("%q: %v", text, err)
	}
	prose, _ := split(rest)
	var want strings.Builder
	for _, l := range prose {
		if !onlyHashtags(l.s) {
			want.WriteString(visible(l.s))
		}
	}
	got := visible(c.Lead.String() + joinParagraphs(c.Body, ""))
	if !strings.HasPrefix(got, want.String()) {
		t.Fatalf("%q:\n got %q\nwant %q", text, got, want.String())
	}
}

func TestParseLosesNothing(t *testing.T) {
	pieces := slices.Concat(someTitles, someSentences, someWorks, someDates, []string{
		"\n", "\n", "\n", "\n\n", " ", " – ", "Fonti:", "Temi:", "Abstract:", "Da leggere", "**", "# ", "• ", "- ", "1. ", "https://e.it/a", "[a](https://b.it)",
		"[x](javascript:y)", "(", ")", "<", ">", "#ai ", "#12", "🔹", "Titolo:", "Â", "\u00a0", ",", ".", ";"})
	rapid.Check(t, func(t *rapid.T) {
		var text markup.Text
		for i, s := range rapid.SliceOf(rapid.SampledFrom(pieces)).Draw(t, "pieces") {
			span := markup.Span{Text: s, Style: markup.Style(i % 3 & 1)}
			if rapid.IntRange(0, 9).Draw(t, "linked") == 0 {
				span.URL = rapid.SampledFrom([]string{"https://e.it/1", "http://e.it", "tg://user"}).Draw(t, "url")
			}
			text = append(text, span)
		}
		checkParsed(t, text)
	})
}

func FuzzParse(f *testing.F) {
	f.Add("Titolo\nLead.\nCorpo.\nFonti:\n– A – B, 2024\nhttps://e.it\nTemi: a, #b", 3)
	f.Add("# **Titolo**\n\n- a\n- b\n\n**Abstract: x**\n📚 Da leggere\n1. «A» (2024) <https://e.it/(x)>.", 9)
	f.Add("#ai\nT\n[a](https://b.it \"c\") [x](javascript:y)\n#12 C# #x\nFonti: a; b; (https://c.it)\n\nBasta così.", 20)
	f.Add(strings.Join(someSentences, " \n"), 40)
	f.Add(misread("Così è.\nPerché “no”…\nFonti:\n🔹\u00a0A\u00a0– B."), 12)
	f.Add("/cmd\nx", 0)
	f.Fuzz(func(t *testing.T, s string, cut int) {
		cut = min(max(cut, 0), len(s))
		checkParsed(t, markup.Text{{Text: s[:cut], URL: "https://e.it/?q=a b"}, {Text: s[cut:], Style: markup.Bold}})
		checkParsed(t, markup.T(s))
	})
}
