// A long article is read in several messages: where they begin and end is in a
// golden file.

package telegram

import (
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/strillone/strillone/bot/compose/composetest"
	"github.com/strillone/strillone/digest"
)

func TestALongArticle(t *testing.T) {
	var outline strings.Builder
	next := 1
	parts := render(t, composetest.Long(digest.Italian))
	for i, p := range parts {
		text := []rune(regexp.MustCompile(`<[^>]*>`).ReplaceAllString(p.Text, ""))
		fmt.Fprintf(&outline, "%d: %d characters\n  %q …\n  … %q\n", i+1, len(text), string(text[:60]), string(text[len(text)-60:]))
		for _, m := range regexp.MustCompile(`numero (\d+) dice`).FindAllStringSubmatch(string(text), -1) {
			if m[1] != fmt.Sprint(next) {
				t.Fatalf("message %d: sentence %s where %d should be", i+1, m[1], next)
			}
			next++
		}
		if (p.ReplyMarkup != nil) != (i == len(parts)-1) {
			t.Errorf("message %d: buttons stand under the last message", i+1)
		}
	}
	if next != 281 {
		t.Errorf("%d sentences of 280", next-1)
	}
	path := filepath.Join("testdata", "longarticle.golden")
	if *updateGolden {
		if err := os.WriteFile(path, []byte(outline.String()), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(string(want), outline.String()); diff != "" {
		t.Errorf("want -, got +:\n%s", diff)
	}
}
