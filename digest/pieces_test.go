// Tests of pieces: texts cut as clients cut them are joined again.

package digest

import (
	"strconv"
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"github.com/strillone/strillone/digest/markup"
)

const cutAt = 4096

// cutters cut a text as the clients do: where, of the first limit characters.
var cutters = map[string]func(s string) int{
	// At the best place of the second half: a paragraph's end before a line's,
	// that before a sentence's, that before a word's.
	"desktop": func(s string) int { return lastOf(s, cutAt/2, "\n\n", "\n", ". ", " ") },
	// Not so far back.
	"phone": func(s string) int { return lastOf(s, cutAt-lookBack, "\n\n", "\n", ". ", " ") },
	// Wherever the limit falls.
	"blind": func(s string) int { return len(s) },
}

func lastOf(s string, from int, signs ...string) int {
	for _, sign := range signs {
		if i := strings.LastIndex(s[from:], sign); i >= 0 {
			return from + i + len(sign)
		}
	}
	return len(s)
}

// cutUp is a text in pieces. What a client sends is trimmed by the server.
func cutUp(text string, at func(string) int, limit int) []Piece {
	var pieces []Piece
	for text != "" {
		n := len(text)
		if width16(text) > limit {
			n = 0
			for units := 0; ; {
				r, size := utf8.DecodeRuneInString(text[n:])
				if units += width16(string(r)); units > limit {
					break
				}
				n += size
			}
			n = at(text[:n])
		}
		if s := strings.TrimSpace(text[:n]); s != "" {
			pieces = append(pieces, Piece{Message: strconv.Itoa(98 + len(pieces)), Limit: limit, Text: markup.T(s)})
		}
		text = text[n:]
	}
	return pieces
}

// long is an article of so many paragraphs, with its sections.
func long(paragraphs int) string {
	var b strings.Builder
	b.WriteString("Un titolo abbastanza lungo, come quelli dei giornali\nIl sommario, in una frase sola.\n")
	for i := range paragraphs {
		b.WriteString("Paragrafo numero " + strconv.Itoa(i) + ": ")
		for j := range 3 + i%9 {
			b.WriteString("una frase che dice qualcosa, la " + strconv.Itoa(j) + "ª di Mario Rossi a Roma. ")
		}
		b.WriteString("Fine.\n")
	}
	b.WriteString("Fonti:\n– Una fonte – Editore, 2024\n– Un’altra – Editore, aprile 2025\nAbstract:\nIn breve.\nTemi: ai, privacy\n")
	return b.String()
}

func TestJoinGivesBackWhatWasCut(t *testing.T) {
	for name, at := range cutters {
		for _, paragraphs := range []int{20, 43, 80} {
			text := long(paragraphs)
			pieces := cutUp(text, at, cutAt)
			if len(pieces) < 2 {
				t.Fatal("nothing was cut")
			}
			manuscripts := Manuscripts(pieces)
			if len(manuscripts) != 1 {
				t.Fatalf("%s, %d paragraphs: %d manuscripts", name, paragraphs, len(manuscripts))
			}
			want, _, err := Parse(Submission{Text: markup.T(text)})
			if err != nil {
				t.Fatal(err)
			}
			got, _, err := Parse(Submission{Text: Join(manuscripts[0])})
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(want, got); diff != "" {
				t.Errorf("%s, %d paragraphs: want -, got +:\n%s", name, paragraphs, diff)
			}
		}
	}
}

// However a text is cut, and in whatever order its pieces come, its words are
// there again, in order.
func TestJoinKeepsEveryWord(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		words := rapid.SliceOfN(rapid.StringMatching(`[A-Za-zèà’😀]{1,12}[.,!?]?[ \n]{1,2}`), 40, 400).Draw(t, "words")
		text := strings.TrimSpace(strings.Join(words, ""))
		limit := rapid.IntRange(60, 200).Draw(t, "limit")
		pieces := cutUp(text, func(s string) int { return lastOf(s, len(s)/2, "\n", " ") }, limit)
		shuffled := rapid.Permutation(pieces).Draw(t, "order")
		var joined []string
		for _, m := range Manuscripts(shuffled) {
			joined = append(joined, strings.Fields(Join(m).String())...)
		}
		if diff := cmp.Diff(strings.Fields(text), joined); diff != "" {
			t.Fatal(diff)
		}
	})
}

func TestManuscripts(t *testing.T) {
	full := markup.T(strings.Repeat("parola ", 500))
	short := markup.T("Fine.")
	at := time.Date(2026, 3, 2, 8, 0, 0, 0, time.UTC)
	piece := func(message string, text markup.Text, change func(*Piece)) Piece {
		p := Piece{Message: message, Text: text, Limit: cutAt}
		if change != nil {
			change(&p)
		}
		return p
	}
	origin := func(who string, written time.Time) func(*Piece) {
		return func(p *Piece) { p.Origin, p.Written = who, written }
	}
	album := func(p *Piece) { p.Album = "a" }
	file := func(p *Piece) { p.File, p.Album = "a.txt", "a" }
	for name, c := range map[string]struct {
		pieces []Piece
		want   string
	}{
		"a paste ends with what is short":    {[]Piece{piece("9", full, nil), piece("10", short, nil), piece("11", short, nil)}, "9+10 11"},
		"out of order":                       {[]Piece{piece("11", short, nil), piece("9", full, nil), piece("10", full, nil)}, "9+10+11"},
		"an album":                           {[]Piece{piece("9", short, album), piece("10", full, nil), piece("11", short, album)}, "9+11 10"},
		"files stand alone":                  {[]Piece{piece("9", full, file), piece("10", short, file), piece("11", short, album)}, "9 10 11"},
		"a forwarded paste":                  {[]Piece{piece("9", full, origin("x", at)), piece("10", short, origin("x", at.Add(time.Second)))}, "9+10"},
		"forwarded articles of one author":   {[]Piece{piece("9", full, origin("x", at)), piece("10", full, origin("x", at.Add(time.Hour)))}, "9 10"},
		"forwarded articles of two authors":  {[]Piece{piece("9", full, origin("x", at)), piece("10", full, origin("y", at))}, "9 10"},
		"one's own words after a forwarding": {[]Piece{piece("9", full, origin("x", at)), piece("10", short, nil)}, "9 10"},
	} {
		var got []string
		for _, m := range Manuscripts(c.pieces) {
			var ids []string
			for _, p := range m {
				ids = append(ids, p.Message)
			}
			got = append(got, strings.Join(ids, "+"))
		}
		if s := strings.Join(got, " "); s != c.want {
			t.Errorf("%s: %s, want %s", name, s, c.want)
		}
	}
	if s := Join([]Piece{piece("1", short, album), piece("2", short, album)}).String(); s != "Fine.\n\nFine." {
		t.Errorf("%q", s)
	}
}
