// Tests of Mend: what it mends, what it leaves alone, that it does so once.

package digest

import (
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"github.com/strillone/strillone/digest/markup"
)

// misread is s in UTF-8, read as Windows-1252 (its gaps as Latin-1).
func misread(s string) string {
	var b strings.Builder
	for _, c := range []byte(s) {
		if c >= 0x80 && c < 0xA0 && windows1252[c-0x80] != 0 {
			b.WriteRune(windows1252[c-0x80])
		} else {
			b.WriteRune(rune(c))
		}
	}
	return b.String()
}

// misreadLatin1 is s in UTF-8, read as Latin-1.
func misreadLatin1(s string) string {
	var b strings.Builder
	for _, c := range []byte(s) {
		b.WriteRune(rune(c))
	}
	return b.String()
}

// rightTexts are texts that Mend must not touch.
var rightTexts = []string{
	"",
	"Perché no? È così: l’università, più “aperta”, virtù e perciò…",
	"“perché…” «perché»… «è»; “è…” così…» più…” però…”» “Café™” caffè®”",
	"PERCHÉ” CAFFÈ… «CITTÀ» PIÙ» LUNEDÌ» PERÒ» SÌ” VIRTÙ’ «È» “È…” CAFÈ™ NESTLÉ® RENÉ©",
	"São Paulo, SÃO PAULO, MAÇÃ, «MAÇû, “IRMÔ, MANHÃ… AMANHÃ— IRMÃ’S, «amanhû, “amanhã…”",
	"Âge, château, L’Âme, ÂNGELA, ROMÂNIA, coborâ…, «â», “â…”, a coborâ” – «â\u00a0»… «\u00a0Â\u00a0»",
	"la lettera Â e la lettera Â. «Â» “Â” (Â) Â, Â",
	"Français : « Ça va ? » «\u00a0Où\u00a0?\u00a0» Noël, cœur, ŒUVRE, Œuvre…",
	"Tiếng Việt: CHÂU ÂU, Ấn Độ, ẤN ĐỘ, ngữ, ÃÂÊÔ",
	"Spaß… „Spaß“ »Spaß« GROẞ STRAẞE “Ä” «ELÄMÄ» PÄIVÄ… BLÅ” Öl Übel ÜBER",
	"ya está»… “está…” ¿qué? ¡Olé! ESPAÑA «CORUÑA» niño",
	"România, Iași, ĂÎȘȚ, Þórr, BORÐ» Ísland",
	"Россия «Россия» Ελλάδα עברית العربية 中文 日本語 한국어",
	"👨‍👩‍👧 ❤️ 🏴󠁧󠁢󠁥󠁮󠁧󠁿 🇮🇹 1️⃣ ©️ ™ 🏳️‍🌈 👩🏽‍💻",
	"می‌خواهم क्‍ष ශ්‍රී",
	"10 °C, ½ cup, 5 £, § 3, x² + y³, 100\u00a0000\u202f€ — 50 % – «a» … C# & R&D\tfine",
	"line one\nline two\n\n",
}

func TestMendLeavesRightTextAlone(t *testing.T) {
	for _, s := range rightTexts {
		if got := Mend(markup.T(s)).String(); got != s {
			t.Errorf("Mend(%q)\n     = %q", s, got)
		}
	}
	spans := markup.Text{{Text: "Perch"}, {Text: "é ", Style: markup.Bold}, {Text: ""}, {Text: "no", URL: "https://e.it"}}
	if diff := cmp.Diff(spans, Mend(spans)); diff != "" {
		t.Error(diff)
	}
}

func TestMend(t *testing.T) {
	for _, test := range []struct{ name, in, want string }{
		{"stray at the end of a line", "aprile 2025.Â\nx", "aprile 2025.\nx"},
		{"stray at the end", "OECD, 2024.\u00a0Â", "OECD, 2024.\u00a0"},
		{"stray before a space", "la finÂ e poi.Â Ma", "la fin e poi. Ma"},
		{"before a no-break space", "HelpÂ\u00a0– The", "Help\u00a0– The"},
		{"after a no-break space", "Help\u00a0Â – The", "Help\u00a0 – The"},
		{"capitals before a no-break space", "APPLEÂ\u00a0», Â«testoÂ»", "APPLE\u00a0», «testo»"},
		{"the usual ones", "lâ€™AI â€œcosÃ¬â€\u009d â€“ â€” â€¦ Ã¨ Ã\u00a0 Ã© Ã¬ Ã² Ã¹ Ãˆ", "l’AI “così” – — … è à é ì ò ù È"},
		{"a closing quotation mark that lost its end", "â€œciaoâ€, disse â€œnoâ€", "“ciao”, disse “no”"},
		{"à that lost its end", "cittÃ  e libertÃ, felicitÃ", "città e libertà, felicità"},
		{"à in two spaces", "la cittÃ  , la cittÃ  di", "la città , la città di"},
		{"sentence-initial capitals", "Ãˆ vero: SÃ¬, PerchÃ©? PERCHÃ‰ CITTÃ€", "È vero: Sì, Perché? PERCHÉ CITTÀ"},
		{"doubtful believed beside the sure", "PERÃ’ non Ã¨ PIÃ™ Ã–sterreich", "PERÒ non è PIÙ Österreich"},
		{"doubtful alone", "PERÃ’", "PERÃ’"},
		{"Romanian", "IaÈ™i, ministrÈ›i, Å¡koda", "Iași, ministrți, škoda"},
		{"signs", "Â© Â® Â° Â£5 â‚¬5 â„¢ â†’ â€¢ âœ… â¬‡ ðŸ”¹", "© ® ° £5 €5 ™ → • ✅ ⬇ 🔹"},
		{"twice", misread(misread("“L’AI è così” – più…")), "“L’AI è così” – più…"},
		{"twice as Latin-1", misreadLatin1(misreadLatin1("“L’AI è così” – più…")), "“L’AI è così” – più…"},
		{"Latin-1, then Windows-1252", misread(misreadLatin1("“L’AI è così” – più…")), "“L’AI è così” – più…"},
		{"three times", misread(misread(misread("perché l’AI"))), "perché l’AI"},
		{"Latin-1", misreadLatin1("l’AI è “così”"), "l’AI è “così”"},
		{"emoji", misread("👨‍👩‍👧 ❤️ 🔹"), "👨‍👩‍👧 ❤️ 🔹"},
		{"Cyrillic and Greek", misread("Привет Ελλάδα"), "Привет Ελλάδα"},
		{"decomposed", misread("perche\u0301 no"), "perche\u0301 no"},
		{"Windows-1252 read as Latin-1", "l\u0092AI \u0093no\u0094 \u0096 s\u00ec\u0085", "l’AI “no” – sì…"},
		{"controls", "a\x00b\x1bc\x7fd\u0081e\tf", "abcde\tf"},
		{"line ends", "a\r\nb\rc\u2028d\u2029e\vf", "a\nb\nc\nd\ne\nf"},
		{"directions", "a\u202eb\u2066c\u2069d\u200ee\u200ff\u061cg", "abcdefg"},
		{"invisible", "a\u200bb\u2060c\ufeffd\u00ade\u200df\u200cg\ufe0fh\U000e0041i", "abcdefghi"},
		{"tags of no flag", "🏴\U000e0067\U000e0062x 🔹\U000e0067", "🏴x 🔹"},
		{"a joiner at the end of an emoji", "👨\u200d x", "👨 x"},
		{"broken UTF-8", "a\xffb", "a\ufffdb"},
		{"byte order mark", "ï»¿Titolo", "Titolo"},
		{"hidden in the middle", "Ã\u200b¨", "è"},
	} {
		t.Run(test.name, func(t *testing.T) {
			if got := Mend(markup.T(test.in)).String(); got != test.want {
				t.Errorf("Mend(%q)\n got %q\nwant %q", test.in, got, test.want)
			}
		})
	}
}

func TestMendAcrossSpans(t *testing.T) {
	in := markup.Text{{Text: "perch\u00c3"}, {Text: "\u00a9 s\u00e2\u20ac", Style: markup.Bold}, {Text: "\u2122\xc3"}, {Text: "\xa8"}}
	want := markup.Text{{Text: "perch\u00e9"}, {Text: " s\u2019", Style: markup.Bold}, {Text: "\u00e8"}}
	if diff := cmp.Diff(want, Mend(in)); diff != "" {
		t.Error(diff)
	}
}

func TestMendUndoesMisreading(t *testing.T) {
	words := []string{"perché", "l’AI", "è", "così,", "“più”", "–", "università.", "È", "«no»", "5\u00a0€", "🔹", "…", "Città", "ciò"}
	rapid.Check(t, func(t *rapid.T) {
		s := strings.Join(rapid.SliceOfN(rapid.SampledFrom(words), 1, 12).Draw(t, "words"), " ")
		bad := s
		for range rapid.IntRange(1, 2).Draw(t, "times") {
			bad = rapid.SampledFrom([]func(string) string{misread, misreadLatin1}).Draw(t, "reading")(bad)
		}
		// One that is certain makes the others believed.
		if got := Mend(markup.T(bad + misread(" perché"))).String(); got != s+" perché" {
			t.Fatalf("got %q, want %q", got, s+" perché")
		}
	})
}

// tricky draws texts rich in halves of sequences and invisible characters.
func tricky() *rapid.Generator[string] {
	pieces := strings.Split("Â|Ã|â|€|â€|™|”|¨|\u00a0|\u00ad|\u0080|\u0099|\u009d|\u0090|\u0081|Å|É|ï|ð|Ÿ|»|«|ƒ|‚|¬|a|A| |\n|\r|.|,|\u200b|\u200d|\u200c|\ufe0f|👨|🏴|\U000e0067|\U000e007f|ه|©|1|\xff|\xc3", "|")
	return rapid.Custom(func(t *rapid.T) string {
		return strings.Join(rapid.SliceOf(rapid.SampledFrom(pieces)).Draw(t, "pieces"), "")
	})
}

func checkMended(t interface{ Fatalf(string, ...any) }, in markup.Text) {
	once := Mend(in)
	s := once.String()
	if twice := Mend(once); !cmp.Equal(once, twice) {
		t.Fatalf("Mend(%q)\n once %q\ntwice %q", in.String(), s, twice.String())
	}
	if !utf8.ValidString(s) || strings.ContainsAny(s, "\r\x00\x7f\u0085\u00ad\u200b\u200e\u202e\u2066\ufeff\u2028") {
		t.Fatalf("Mend(%q) = %q", in.String(), s)
	}
	if whole := Mend(markup.T(in.String())).String(); whole != s {
		t.Fatalf("spans matter: %q, whole %q", s, whole)
	}
}

func TestMendTwiceIsOnce(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		text := rapid.OneOf(tricky(), rapid.String())
		checkMended(t, markup.Text{{Text: text.Draw(t, "a")}, {Text: text.Draw(t, "b"), Style: markup.Bold}, {Text: text.Draw(t, "c")}})
	})
}

func FuzzMend(f *testing.F) {
	for _, s := range rightTexts {
		f.Add(s, 3)
		f.Add(misread(s), 4)
		f.Add(misread(misread(s)), 5)
		f.Add(misreadLatin1(s), 1)
	}
	f.Add("Ã¢Âï¸\u008f\u0084", 2) // a dropped selector once ended a run
	f.Fuzz(func(t *testing.T, s string, cut int) {
		cut = min(max(cut, 0), len(s))
		checkMended(t, markup.Text{{Text: s[:cut]}, {Text: s[cut:], Style: markup.Italic}})
	})
}

func TestMendIsLinear(t *testing.T) {
	const n = 60_000
	for _, piece := range []string{"Â", "Â\u00a0", "Ã\u0083", "â€", "â", "\u0080", "Ã", "ð\u0090", "👨\u200d", "🏴\U000e0067", "Â€", "âÂ€", "Â.", "\u00ad"} {
		for _, tail := range []string{"", "¨", "\u0080\u0099"} {
			s := strings.Repeat(piece, n/utf8.RuneCountInString(piece)) + tail
			start := time.Now()
			Mend(markup.T(s))
			if took := time.Since(start); took > 30*time.Second {
				t.Errorf("%q: %v", piece, took)
			}
		}
	}
}
