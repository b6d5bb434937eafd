// Tests of Divide: which texts hold several articles, and where each begins.

package digest

import (
	"fmt"
	"strings"
	"testing"

	"github.com/strillone/strillone/digest/markup"
)

func TestDivide(t *testing.T) {
	article := func(title string) string {
		return title + "\nUn sommario di prova.\nIl testo, con più parole.\n\nFonti:\n– Una fonte – Editore, 2024\n"
	}
	a, b := article("Il primo titolo"), article("Il secondo titolo")
	for name, c := range map[string]struct {
		in   string
		want string // the lines where articles begin; "1": one article
	}{
		"one article":                              {a, "1"},
		"a rule between":                           {a + "\n---\n\n" + b, "1 10"},
		"a rule of stars":                          {a + "* * *\n" + b, "1 8"},
		"three articles":                           {a + "---\n" + b + "———\n" + a, "1 8 15"},
		"headings":                                 {"# Primo\nTesto uno.\n\n# Secondo\nTesto due.", "1 4"},
		"headings under a line for all":            {"Gli articoli di oggi\n\n# Primo\nTesto uno.\n# Secondo\nTesto due.", "1 3 5"},
		"labels":                                   {"Titolo: Primo\nTesto uno.\n\nTitolo: Secondo\nTesto due.", "1 4"},
		"two blank lines after the sections":       {a + "\n\n" + b, "1 9"},
		"one blank line after the sections":        {a + "\n" + b, "1"},
		"two blank lines in the prose":             {"Il primo titolo\nTesto.\n\n\nUna riga\nAltro testo.", "1"},
		"a section heading is no title":            {"# Primo\nTesto.\n# Fonti\n– Una\n# Abstract\nIn breve.", "1"},
		"a section heading after a rule":           {"Primo\nTesto.\n---\nFonti:\n– Una fonte", "1"},
		"a rule under the title":                   {"Il primo titolo\n=======\nTesto.\nAltro testo.", "1"},
		"a rule in the prose":                      {"Titolo\nTesto.\n***\nIl testo va avanti, e questa riga finisce col punto.\nE ancora.", "1"},
		"a signature":                              {a + "---\nMario Rossi", "1"},
		"headings inside an article with a title":  {"Titolo\nIl sommario.\n# Perché\nTesto.\n# Come\nTesto.", "1"},
		"a heading alone is an article to be told": {"# Primo\nTesto.\n# Secondo", "1 3"},
		"nothing":                                  {"", "1"},
		"only rules":                               {"---\n---", "1"},
		"rules around":                             {"---\n" + a + "---\n", "1"},
	} {
		var lines []string
		for _, p := range Divide(markup.T(c.in)) {
			lines = append(lines, fmt.Sprint(p.Line))
		}
		if got := strings.Join(lines, " "); got != c.want {
			t.Errorf("%s: articles begin on lines %s, want %s", name, got, c.want)
		}
	}
}

func TestDividedArticlesAreWhole(t *testing.T) {
	text := markup.Concat(markup.T("# Primo\nUn "), markup.B("forte"), markup.T(" testo.\nTemi: ai\n\n---\n\n# Secondo\n"), markup.A("qui", "https://e.it"), markup.T(" il testo.\n"))
	parts := Divide(text)
	if len(parts) != 2 {
		t.Fatalf("%d articles", len(parts))
	}
	for i, want := range []string{"Primo", "Secondo"} {
		c, _, err := Parse(Submission{Text: parts[i].Text})
		if err != nil || c.Title != want {
			t.Errorf("%+v, %v", c, err)
		}
	}
	if c, _, _ := Parse(Submission{Text: parts[1].Text}); len(c.Body) != 1 || c.Body[0][0].URL != "https://e.it" {
		t.Errorf("%+v", c.Body)
	}
	if c, _, _ := Parse(Submission{Text: parts[0].Text}); len(c.Body) != 1 || len(c.Body[0]) != 3 || c.Body[0][1].Style != markup.Bold {
		t.Errorf("%+v", c.Body)
	}
}

// Whatever the text, no word is lost between the articles, and each part is
// where its line says.
func FuzzDivide(f *testing.F) {
	for _, s := range []string{"", "# a\nb\n---\n# c\nd", "Titolo: x\ny\n\n\nTitolo: z", "a\n\n\n***\nb\nc", "\r\r\n\u2028# x\u0085", "Fonti:\n---\nx\ny"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		if len(s) > 20_000 {
			return
		}
		mended := Mend(markup.T(s))
		lines := mended.Lines()
		var words []string
		for i, p := range Divide(markup.T(s)) {
			if p.Line < 1 || p.Line > len(lines) {
				t.Fatalf("line %d of %d", p.Line, len(lines))
			}
			own := p.Text.Lines()
			for j, l := range own {
				if l.String() != lines[p.Line-1+j].String() {
					t.Fatalf("part %d, line %d: %q is not %q", i, j, l.String(), lines[p.Line-1+j].String())
				}
			}
			words = append(words, strings.Fields(p.Text.String())...)
		}
		rest := strings.Fields(mended.String())
		for _, w := range rest {
			if len(words) > 0 && words[0] == w {
				words = words[1:]
			} else if hasWord(w) {
				t.Fatalf("%q is lost", w)
			}
		}
	})
}
