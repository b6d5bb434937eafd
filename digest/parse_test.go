// Tests of Parse over the ways editors write.

package digest

import (
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/strillone/strillone/digest/markup"
)

// paras is plain paragraphs.
func paras(ss ...string) []markup.Text {
	var out []markup.Text
	for _, s := range ss {
		out = append(out, markup.T(s))
	}
	return out
}

func TestParse(t *testing.T) {
	for _, test := range []struct {
		name     string
		in       string
		want     Content
		findings []Finding
	}{{
		name: "in the plain style",
		in: `Bruxelles apre un’indagine sui chip
La Commissione europea vuole vederci chiaro.
L’istruttoria durerà nove mesi. I produttori collaborano.
Il mercato, intanto, non aspetta.
Approfondimento:
🔹 Europe Opens Chip Probe – Reuters, 12 aprile 2025.
https://www.reuters.com/chips
🔹 The Long – and winding – Road – Il Sole 24 Ore, 2024.
Consigli di lettura:
– Chip War
– Modelli open-source vs proprietari: scenari futuri
Abstract:
Un’indagine, molte domande.
E una risposta.
Temi: AI, Privacy; big tech, ai`,
		want: Content{
			Title:    "Bruxelles apre un’indagine sui chip",
			Lead:     markup.T("La Commissione europea vuole vederci chiaro."),
			Body:     paras("L’istruttoria durerà nove mesi. I produttori collaborano.", "Il mercato, intanto, non aspetta."),
			Abstract: paras("Un’indagine, molte domande.", "E una risposta."),
			Sources: []Source{
				{"Europe Opens Chip Probe", "Reuters", "12 aprile 2025", "https://www.reuters.com/chips"},
				{"The Long – and winding – Road", "Il Sole 24 Ore", "2024", ""},
			},
			Readings: []Source{{Title: "Chip War"}, {Title: "Modelli open-source vs proprietari: scenari futuri"}},
			Topics:   []string{"ai", "privacy", "big tech"},
		},
	}, {
		name: "in Markdown, another order, headings without colon",
		in: `# **Titolo: Il robot che legge**

*Un lead in corsivo.*

Primo paragrafo con [un link](https://e.it/a_(b)) dentro.

## Temi
- #AI
- #BigTech

**📚 FONTI**
1. [Robots Read](https://e.it/1) — MIT - CSAIL, April 12, 2025
[2] **Senza editore**, 2024.
3) https://example.com/solo

__Sintesi:__ Due parole.

*Letture consigliate:*
* «Io, robot» - Asimov (1950)`,
		want: Content{
			Title:    "Il robot che legge",
			Lead:     markup.T("*Un lead in corsivo.*"),
			Body:     []markup.Text{{{Text: "Primo paragrafo con "}, {Text: "un link", URL: "https://e.it/a_(b)"}, {Text: " dentro."}}},
			Abstract: paras("Due parole."),
			Sources: []Source{
				{"Robots Read — MIT", "CSAIL", "April 12, 2025", "https://e.it/1"},
				{"Senza editore", "", "2024", ""},
				{"example.com", "", "", "https://example.com/solo"},
			},
			Readings: []Source{{"«Io, robot»", "Asimov", "1950", ""}},
			Topics:   []string{"ai", "bigtech"},
		},
		findings: []Finding{{SourceWithoutTitle, 14, "https://example.com/solo"}},
	}, {
		name: "hard-wrapped, from a file",
		in: `Il garante ferma l'app

Il Garante per la protezione dei dati personali ha disposto il blocco
dell'applicazione, che raccoglieva immagini senza il consenso degli
utenti.

Secondo l'autorità, la raccolta violava più di un articolo del
regolamento europeo. La società, con sede a Dublino, replica che tutti i
dati erano anonimi. Nel frattempo ha presentato ricorso, e il Tribunale
Ordinario di Roma deciderà a giugno.

Le richieste sono tre:
- cancellare le immagini;
- informare gli utenti;
- nominare un responsabile.

La decisione arriva dopo quella francese, presa nel mese di marzo 2024.
Altri seguiranno.

Fonti:
- Provvedimento del 12 aprile – Garante privacy, 12/04/2025`,
		want: Content{
			Title: "Il garante ferma l'app",
			Lead:  markup.T("Il Garante per la protezione dei dati personali ha disposto il blocco dell'applicazione, che raccoglieva immagini senza il consenso degli utenti."),
			Body: paras(
				"Secondo l'autorità, la raccolta violava più di un articolo del regolamento europeo. La società, con sede a Dublino, replica che tutti i dati erano anonimi. Nel frattempo ha presentato ricorso, e il Tribunale Ordinario di Roma deciderà a giugno.",
				"Le richieste sono tre:",
				"- cancellare le immagini;\n- informare gli utenti;\n- nominare un responsabile.",
				"La decisione arriva dopo quella francese, presa nel mese di marzo 2024. Altri seguiranno.",
			),
			Sources: []Source{{"Provvedimento del 12 aprile", "Garante privacy", "12/04/2025", ""}},
		},
		findings: []Finding{{Code: MissingAbstract}, {Code: MissingReadings}, {Code: MissingTopics}},
	}, {
		name: "prose that begins like a heading stays prose",
		in: `Titolo
Fonti vicine all’azienda dicono di no.
Abstract art is in the museum.
Sintesi vocale: i modelli nuovi sono tre.
Temi caldi: la privacy.
Tag di prezzo, argomenti di vendita.
Fonte: ` + strings.Repeat("una persona informata che chiede di non essere nominata. ", 6),
		want: Content{
			Title: "Titolo",
			Lead:  markup.T("Fonti vicine all’azienda dicono di no."),
			Body: paras("Abstract art is in the museum.", "Sintesi vocale: i modelli nuovi sono tre.", "Temi caldi: la privacy.", "Tag di prezzo, argomenti di vendita.",
				"Fonte: "+strings.TrimSpace(strings.Repeat("una persona informata che chiede di non essere nominata. ", 6))),
		},
		findings: []Finding{{Code: MissingAbstract}, {Code: MissingSources}, {Code: MissingReadings}, {Code: MissingTopics}},
	}, {
		name: "content on the headings' lines",
		in: `📰 Titolo
=======
Lead.
Corpo.
**Abstract: breve.**
FONTI: Reuters, 2024; Ansa – Ansa.it, marzo 2025
Temi – 
Da leggere: Il libro`,
		want: Content{
			Title: "Titolo", Lead: markup.T("Lead."), Body: paras("Corpo."),
			Abstract: paras("breve."),
			Sources:  []Source{{"Reuters", "", "2024", ""}, {"Ansa", "Ansa.it", "marzo 2025", ""}, {Title: "Temi"}},
			Readings: []Source{{Title: "Il libro"}},
		},
		findings: []Finding{{DoubtfulSource, 7, "Temi"}, {Code: MissingTopics}},
	}, {
		name: "twice, empty, in English",
		in: `Title: An Article
Lead.
Body.
Sources:
A – B
Summary
Further reading:
Sources 📚:
C – D
Tags: c#, AI`,
		want: Content{
			Title: "An Article", Lead: markup.T("Lead."), Body: paras("Body."),
			Sources: []Source{{Title: "A", Publisher: "B"}, {Title: "C", Publisher: "D"}},
			Topics:  []string{"c#", "ai"},
		},
		findings: []Finding{{EmptySection, 6, "Summary"}, {EmptySection, 7, "Further reading:"}, {SectionTwice, 8, "Sources 📚:"}},
	}, {
		name: "prose after a list goes to the body",
		in: `Titolo
Lead.
Corpo.
Fonti:
– A – B, 2024

Buona lettura a tutti!
Temi:
ai
La vicenda mostra, una volta di più, come le piattaforme collaborino.`,
		want: Content{
			Title: "Titolo", Lead: markup.T("Lead."),
			Body:    paras("Corpo.", "Buona lettura a tutti!", "La vicenda mostra, una volta di più, come le piattaforme collaborino."),
			Sources: []Source{{"A", "B", "2024", ""}},
			Topics:  []string{"ai"},
		},
		findings: []Finding{
			{StrayText, 7, "Buona lettura a tutti!"},
			{StrayText, 10, "La vicenda mostra, una volta di più, come le piattaforme collaborino."},
			{Code: MissingAbstract}, {Code: MissingReadings},
		},
	}, {
		name: "no lead, hashtags",
		in:   "#Novità\nChip per #AI\n\nIl solo paragrafo usa C# e #Rust, costa #12 e #FF0000: https://e.it/#sec.\n#privacy #ai #BigTech",
		want: Content{
			Title:  "Chip per #AI",
			Body:   paras("Il solo paragrafo usa C# e #Rust, costa #12 e #FF0000: https://e.it/#sec."),
			Topics: []string{"novità", "ai", "rust", "privacy", "bigtech"},
		},
		findings: []Finding{{Code: MissingLead}, {Code: MissingAbstract}, {Code: MissingSources}, {Code: MissingReadings}},
	}, {
		name: "misread and full of tricks",
		in:   "Lâ€™AI Ã¨ qui\r\nCosÃ¬ sia\u202e.\r\nPerch\u200bé no?Â\r\nFontiÂ\u00a0:\r\nðŸ”¹Â\u00a0TitoloÂ\u00a0â€“ OCSE, 2024.Â\r\n",
		want: Content{
			Title: "L’AI è qui", Lead: markup.T("Così sia."), Body: paras("Perché no?"),
			Sources: []Source{{"Titolo", "OCSE", "2024", ""}},
		},
		findings: []Finding{{Code: MissingAbstract}, {Code: MissingReadings}, {Code: MissingTopics}},
	}, {
		name: "unusable links written out",
		in:   "Titolo\nLead.\nUn [clic](javascript:alert) e [uno](nota).\nFonti:\n– A – B, 2024 ftp://e.it/x",
		want: Content{
			Title: "Titolo", Lead: markup.T("Lead."), Body: paras("Un [clic](javascript:alert) e [uno](nota)."),
			Sources: []Source{{Title: "A", Publisher: "B, 2024 ftp://e.it/x"}},
		},
		findings: []Finding{{UnusableLink, 3, "javascript:alert"}, {UnusableLink, 5, "ftp://e.it/x"},
			{Code: MissingAbstract}, {Code: MissingReadings}, {Code: MissingTopics}},
	}, {
		name: "too many and too long topics",
		in:   "T\nL.\nB.\nTemi: a, b, c, d, e, f, g, h, i, l, m, n, " + strings.Repeat("x", 41),
		want: Content{
			Title: "T", Lead: markup.T("L."), Body: paras("B."),
			Topics: strings.Split("abcdefghil", ""),
		},
		findings: []Finding{{TopicTooLong, 4, strings.Repeat("x", 41)}, {TooManyTopics, 4, "m, n"},
			{Code: MissingAbstract}, {Code: MissingSources}, {Code: MissingReadings}},
	}} {
		t.Run(test.name, func(t *testing.T) {
			got, findings, err := Parse(Submission{Text: markup.T(test.in)})
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(test.want, got); diff != "" {
				t.Error(diff)
			}
			if diff := cmp.Diff(test.findings, findings); diff != "" {
				t.Error(diff)
			}
		})
	}
}

func TestParseSpans(t *testing.T) {
	in := markup.Text{
		{Text: "Titolo", Style: markup.Bold, URL: "https://e.it/t"},
		{Text: "\nLead.\nIl "}, {Text: "corpo", URL: "https://e.it/c"}, {Text: ", "}, {Text: "male", URL: "javascript:x"}, {Text: ".\n"},
		{Text: "Fonti", Style: markup.Bold}, {Text: ":\n• "},
		{Text: "Uno", URL: "https://e.it/1"}, {Text: " – Ansa, 2024 ("}, {Text: "link", URL: "https://e.it/2"}, {Text: ")\n• "},
		{Text: "https://e.it/3", URL: "https://e.it/3"}, {Text: " Due – Ansa\n"},
	}
	want := Content{
		Title:   "Titolo",
		Lead:    markup.T("Lead."),
		Body:    []markup.Text{{{Text: "Il "}, {Text: "corpo", URL: "https://e.it/c"}, {Text: ", "}, {Text: "male"}, {Text: "."}}},
		Sources: []Source{{"Uno", "Ansa", "2024", "https://e.it/1"}, {"Due", "Ansa", "", "https://e.it/3"}},
	}
	got, findings, err := Parse(Submission{Text: in})
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
	wantFindings := []Finding{{LinkInTitle, 1, "https://e.it/t"}, {UnusableLink, 3, "javascript:x"}, {ExtraLink, 5, "https://e.it/2"},
		{Code: MissingAbstract}, {Code: MissingReadings}, {Code: MissingTopics}}
	if diff := cmp.Diff(wantFindings, findings); diff != "" {
		t.Error(diff)
	}
}

func TestParseErrors(t *testing.T) {
	for _, test := range []struct {
		in   string
		code Code
	}{
		{"", NoText},
		{" \n\u200b\u00a0\n", NoText},
		{strings.Repeat("a", MaxSubmission+1), TextTooLong},
		{strings.Repeat("è\n", 100_000), TextTooLong},
		{"\n /pubblica\ntesto", TextIsCommand},
		{"/aiuto@strillone_bot", TextIsCommand},
		{"Abstract:\ntesto", NoTitle},
		{"**Fonti**\nA – B", NoTitle},
		{"———\n🔹", NoTitle},
		{"#ai #privacy", NoTitle},
		{strings.Repeat("parola ", 50) + "\nLead\nCorpo", TitleTooLong},
		{"Titolo", NoBody},
		{"Titolo\n\nFonti:\n– A – B", NoBody},
		{"Titolo\n#ai", NoBody},
	} {
		_, _, err := Parse(Submission{Text: markup.T(test.in)})
		if !errors.Is(err, &Error{Code: test.code}) {
			t.Errorf("Parse(%.30q): %v, want %s", test.in, err, test.code)
		}
	}
	for _, in := range []string{"/etc/passwd è un file\nLead\nCorpo", "/ 2025\nLead\nCorpo", strings.Repeat("t", MaxTitle) + "\nLead\nCorpo"} {
		if _, _, err := Parse(Submission{Text: markup.T(in)}); err != nil {
			t.Errorf("Parse(%.30q): %v", in, err)
		}
	}
}

func TestTitleOf(t *testing.T) {
	for in, want := range map[string]string{
		"**Titolo**":                "Titolo",
		"🚀 *Titolo*":                "Titolo",
		"# Titolo #1":               "Titolo #1",
		"**Titolo:** xyz":           "xyz",
		"TITOLO : xyz":              "xyz",
		"#AI la svolta":             "#AI la svolta",
		"1️⃣ Uno":                   "Uno",
		"_init_ spiegato":           "_init_ spiegato",
		"**Meta** e **Google**":     "Meta e Google",
		"2**3 e 4**5":               "2**3 e 4**5",
		"C++ * 2 = *":               "C++ * 2 = *",
		"Titoli:\u00a0di\u00a0oggi": "Titoli: di oggi",
	} {
		if got := titleOf(in); got != want {
			t.Errorf("titleOf(%q) = %q, want %q", in, got, want)
		}
	}
}

func TestHeadingOf(t *testing.T) {
	for in, kind := range map[string]sectionKind{
		"Approfondimento:": sourcesSection, "APPROFONDIMENTI": sourcesSection, "🔎 Fonti 🔎": sourcesSection, "### Fonte:": sourcesSection,
		"**Fonti**:": sourcesSection, "**Fonti:**": sourcesSection, "__fonti__": sourcesSection, "#Fonti": sourcesSection, "Fonti :": sourcesSection,
		"Consigli\u00a0di  lettura": readingsSection, "📚 Da leggere:": readingsSection, "Further Reading": readingsSection,
		"ABSTRACT": abstractSection, "Sintesi: breve": abstractSection, "*Abstract*: x": abstractSection,
		"Temi: a": topicsSection, "🏷️ Tag: #a": topicsSection, "Argomenti": topicsSection,
		"Fonti vicine": noSection, "Abstract art is": noSection, "Le fonti:": noSection, "Tagli: tre": noSection, "fonti, tre": noSection, "": noSection,
	} {
		h, ok := headingOf(line{text: markup.T(in), s: in})
		if h.kind != kind || ok != (kind != noSection) {
			t.Errorf("headingOf(%q) = %v, %v", in, h.kind, ok)
		}
	}
}

func TestParagraphs(t *testing.T) {
	for _, test := range []struct {
		name string
		in   string
		want []string
	}{
		{"lines of a chat", "Prima riga, finita qui.\nSeconda riga, più lunga della prima di un bel po’.\nTerza.",
			[]string{"Prima riga, finita qui.", "Seconda riga, più lunga della prima di un bel po’.", "Terza."}},
		{"long sentences of like length", "Il consiglio ha approvato la proposta con tre voti di scarto.\nIl governo farà ricorso entro trenta giorni dalla decisione.",
			[]string{"Il consiglio ha approvato la proposta con tre voti di scarto.", "Il governo farà ricorso entro trenta giorni dalla decisione."}},
		{"a line that had room left", "Il consiglio ha approvato la proposta, con tre voti\nma di scarto, e con l’astensione di tutta quanta l’opposizione",
			[]string{"Il consiglio ha approvato la proposta, con tre voti", "ma di scarto, e con l’astensione di tutta quanta l’opposizione"}},
		{"two wrapped lines", "Il consiglio ha approvato la proposta con tre voti\ndi scarto.",
			[]string{"Il consiglio ha approvato la proposta con tre voti di scarto."}},
		{"a wrapped item", "Ecco:\n– il consiglio ha approvato la proposta con tre voti\ndi scarto;\n– altro",
			[]string{"Ecco:", "– il consiglio ha approvato la proposta con tre voti di scarto;\n– altro"}},
		{"short lines of a poem", "Nel mezzo del cammin di nostra vita\nmi ritrovai per una selva oscura\nche la diritta via era smarrita",
			[]string{"Nel mezzo del cammin di nostra vita", "mi ritrovai per una selva oscura", "che la diritta via era smarrita"}},
		{"lists", "• a\n• b\n\n1. c\n2) d\n🔹 e\n2024 f", []string{"• a\n• b", "1. c\n2) d\n🔹 e", "2024 f"}},
	} {
		var got []string
		for _, p := range paragraphs(linesOf(markup.T(test.in))) {
			got = append(got, p.String())
		}
		if diff := cmp.Diff(test.want, got); diff != "" {
			t.Errorf("%s: %s", test.name, diff)
		}
	}
}

func TestSources(t *testing.T) {
	for _, test := range []struct {
		in   string
		want Source
	}{
		{"Titolo", Source{Title: "Titolo"}},
		{"-Titolo – Ansa", Source{Title: "Titolo", Publisher: "Ansa"}},
		{"1.Titolo", Source{Title: "Titolo"}},
		{"Modelli open-source vs proprietari: scenari futuri", Source{Title: "Modelli open-source vs proprietari: scenari futuri"}},
		{"Titolo – 2024", Source{Title: "Titolo", Date: "2024"}},
		{"Titolo — Ansa — 2024-04-12.", Source{Title: "Titolo", Publisher: "Ansa", Date: "2024-04-12"}},
		{"Titolo, 2024", Source{Title: "Titolo", Date: "2024"}},
		{"Titolo, con virgola – Rossi, Bianchi & Co., April 12, 2025", Source{Title: "Titolo, con virgola", Publisher: "Rossi, Bianchi & Co.", Date: "April 12, 2025"}},
		{"Titolo - Reuters, Londra, primavera 2024", Source{Title: "Titolo", Publisher: "Reuters, Londra", Date: "primavera 2024"}},
		{"Titolo – OECD.", Source{Title: "Titolo", Publisher: "OECD"}},
		{"Titolo – Meta Inc.", Source{Title: "Titolo", Publisher: "Meta Inc."}},
		{"Titolo – Rai S.p.A.", Source{Title: "Titolo", Publisher: "Rai S.p.A."}},
		{"Titolo – OECD (2024)", Source{Title: "Titolo", Publisher: "OECD", Date: "2024"}},
		{"Titolo – Wired, numero 3", Source{Title: "Titolo", Publisher: "Wired, numero 3"}},
		{"Titolo – Ansa, 1° maggio 2025", Source{Title: "Titolo", Publisher: "Ansa", Date: "1° maggio 2025"}},
		{"Titolo – Ansa, 2024 https://e.it/a.", Source{"Titolo", "Ansa", "2024", "https://e.it/a"}},
		{"Titolo – Ansa, 2024 (https://e.it/a_(b))", Source{"Titolo", "Ansa", "2024", "https://e.it/a_(b)"}},
		{"Titolo – Ansa, 2024. <https://e.it/>", Source{"Titolo", "Ansa", "2024", "https://e.it/"}},
		{"Titolo – https://e.it/a – Ansa", Source{"Titolo", "Ansa", "", "https://e.it/a"}},
		{"https://e.it/a – Titolo", Source{"Titolo", "", "", "https://e.it/a"}},
		{"Titolo: https://e.it/a", Source{"Titolo", "", "", "https://e.it/a"}},
		{"[Titolo – Ansa, 2024](https://e.it/a)", Source{"Titolo", "Ansa", "2024", "https://e.it/a"}},
		{"**Titolo** – *Ansa*, 2024", Source{"Titolo", "Ansa", "2024", ""}},
		{"Titolo\u00a0con\u00a0spazi\u00a0– Ansa", Source{Title: "Titolo con spazi", Publisher: "Ansa"}},
		{"Titolo (Il Post, 3 marzo 2025).", Source{"Titolo", "Il Post", "3 marzo 2025", ""}},
		{"“Titolo”, New York Times, 5 gennaio 2025.", Source{"“Titolo”", "New York Times", "5 gennaio 2025", ""}},
		{"Titolo – Ansa\nLink: https://e.it/a", Source{"Titolo", "Ansa", "", "https://e.it/a"}},
		{"Titolo – Ansa, 2024, link: https://e.it/a", Source{"Titolo", "Ansa", "2024", "https://e.it/a"}},
		{"➡️ Titolo\nhttps://e.it/a", Source{"Titolo", "", "", "https://e.it/a"}},
		{"• Un titolo lungo\n  che continua – Ansa\n<https://e.it/a>", Source{"Un titolo lungo che continua", "Ansa", "", "https://e.it/a"}},
	} {
		c, _, err := Parse(Submission{Text: markup.T("T\nL\nB\nFonti:\n" + test.in)})
		if err != nil || len(c.Sources) != 1 || c.Sources[0] != test.want {
			t.Errorf("%q:\n got %+v, %v\nwant %+v", test.in, c.Sources, err, test.want)
		}
	}
}

func TestIsDate(t *testing.T) {
	for _, s := range []string{"2024", "aprile 2025", "Aprile 2025", "12 aprile 2025", "12 aprile", "12/04/2025", "12.4.25", "April 12, 2025", "Apr. 12, 2025",
		"12 April 2025", "12th of April 2025", "2025-04-12", "2025-04", "04/2025", "marzo-aprile 2025", "2023–24", "2023-2024", "estate 2024", "Q1 2025", "1° maggio 2025", "3-5 maggio 2025"} {
		if !isDate(s) {
			t.Errorf("%q is a date", s)
		}
	}
	for _, s := range []string{"", "24", "aprile", "3024", "2024 circa", "Londra", "12", "maggio alle 12", "art. 2025"} {
		if isDate(s) {
			t.Errorf("%q is no date", s)
		}
	}
}

// No text may take time that grows with its square: on a quiet machine, and
// without -race, each of these takes a tenth of a second or less.
func TestParseIsFast(t *testing.T) {
	const limit = 30 * time.Second
	for _, piece := range []string{
		"a\n", "a ", "[", "[a](b", "[a](http://b) ", "(", "https://e.it/)", ")", "#a ", "#", "- a\n", "Fonti:\n", "Fonti: a;", "**", "# ", "*_", "“", "\n",
		" – ", "a, ", "Â", "Temi:\n#a,", "Perché l’AI è così importante per tutti noi. ", "_", ".", "1. ", "👨\u200d", "<",
	} {
		for _, frame := range []string{"%", "T\nL\nB\n%", "T\nL\nB\nFonti:\n%\nFonti: https://e.it/%\nTemi: %"} {
			n := (MaxSubmission - 50) / len(piece) / strings.Count(frame, "%")
			s := strings.ReplaceAll(frame, "%", strings.Repeat(piece, n))
			var spans markup.Text
			for i, l := range strings.SplitAfter(s, " ") {
				spans = append(spans, markup.Span{Text: l, Style: markup.Style(i % 2)})
			}
			for _, text := range []markup.Text{markup.T(s), spans} {
				start := time.Now()
				Parse(Submission{Text: text})
				if took := time.Since(start); took > limit {
					t.Errorf("%q in %q: %v", piece, frame, took)
				}
			}
		}
	}
}

// Lists on the line of their heading are lists, however long.
func TestLongListsOnOneLine(t *testing.T) {
	var sources, topics []string
	for i := range 8 {
		sources = append(sources, fmt.Sprintf("Una fonte dal titolo piuttosto lungo, la numero %d – Editore, 2025", i))
		topics = append(topics, fmt.Sprintf("un tema che ha nome %d e che è lungo", i))
	}
	text := "Titolo\nSommario.\nTesto.\nFonti: " + strings.Join(sources, "; ") + "\nTemi: " + strings.Join(topics, ", ")
	c, _, err := Parse(Submission{Text: markup.T(text)})
	if err != nil || len(c.Sources) != 8 || len(c.Topics) != 8 || len(c.Body) != 1 {
		t.Errorf("%d sources, %d topics, %d paragraphs, %v", len(c.Sources), len(c.Topics), len(c.Body), err)
	}
}
