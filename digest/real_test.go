// The real article, as an editor wrote it.

package digest

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/strillone/strillone/digest/markup"
)

// realArticles is the text of the articles that are kept outside the project,
// found by STRILLONE_SHARED or in shared/articles beside a folder above.
func realArticles(t *testing.T) []string {
	roots := []string{os.Getenv("STRILLONE_SHARED")}
	if dir, err := os.Getwd(); err == nil {
		for ; dir != filepath.Dir(dir); dir = filepath.Dir(dir) {
			roots = append(roots, filepath.Join(dir, "shared"))
		}
	}
	for _, root := range roots {
		names, _ := filepath.Glob(filepath.Join(root, "articles", "*.txt"))
		var texts []string
		for _, name := range names {
			b, err := os.ReadFile(name)
			if err != nil {
				t.Fatal(err)
			}
			texts = append(texts, string(b))
		}
		if len(texts) > 0 {
			return texts
		}
	}
	t.Log("NOT TESTED: no real articles (shared/articles) above the working directory nor in STRILLONE_SHARED")
	return nil
}

func TestParseRealArticle(t *testing.T) {
	for _, text := range realArticles(t) {
		if !strings.HasPrefix(text, "Meta avrebbe chiesto aiuto") {
			continue
		}
		c, findings, err := Parse(Submission{Text: markup.T(text)})
		if err != nil {
			t.Fatal(err)
		}
		lines := strings.Split(text, "\n")
		want := Content{
			Title: lines[0],
			Lead:  markup.T(lines[1]),
			Body:  []markup.Text{markup.T(lines[2]), markup.T(lines[3])},
			Sources: []Source{
				{Title: "Meta’s AI Strategy Faces a New Test as It Asks Tech Giants for Help", Publisher: "The Information", Date: "aprile 2025"},
				{Title: "Competition and Cooperation in AI Development", Publisher: "OECD", Date: "2024"},
			},
			Readings: []Source{
				{Title: "Microsoft e OpenAI: alleanza strategica"},
				{Title: "Modelli open-source vs proprietari: scenari futuri"},
			},
			Abstract: []markup.Text{markup.T(lines[11])},
		}
		if diff := cmp.Diff(want, c); diff != "" {
			t.Error(diff)
		}
		if diff := cmp.Diff([]Finding{{Code: MissingTopics}}, findings); diff != "" {
			t.Error(diff)
		}
		if all := Mend(markup.T(text)).String(); strings.Contains(all, "Â") {
			t.Errorf("Â left in %q", all)
		}
	}
}

func TestRealArticlesAreUnderstood(t *testing.T) {
	for _, text := range realArticles(t) {
		if c, _, err := Parse(Submission{Text: markup.T(text)}); err != nil || len(c.Body) == 0 {
			t.Errorf("%.60q: %v", text, err)
		}
	}
}
