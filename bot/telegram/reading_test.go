// What readers get of digests, settings, search, archive, saved articles and
// cards, in both languages and forms (golden files, -update writes them).

package telegram

import (
	"bytes"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/strillone/strillone/bot/compose/composetest"
	"github.com/strillone/strillone/bot/locale"
	"github.com/strillone/strillone/bot/telegram/telegramtest"
	"github.com/strillone/strillone/digest/delivery"
	"github.com/strillone/strillone/digest/markup"
)

func TestReading(t *testing.T) {
	for _, l := range locale.Languages() {
		for name, documents := range map[string]map[string]markup.Doc{"reading": composetest.Reading(l), "delivered": composetest.Delivered(l)} {
			t.Run(name+" "+string(l), func(t *testing.T) {
				var got bytes.Buffer
				for _, name := range slices.Sorted(maps.Keys(documents)) {
					parts := render(t, documents[name])
					for _, part := range parts {
						valid(t, part.Text)
					}
					got.WriteString("##### " + name + "\n")
					got.Write(golden(parts))
					got.WriteString("\n")
				}
				isGolden(t, name+"."+string(l), got.Bytes())
			})
			t.Run(name+" "+string(l)+" rich", func(t *testing.T) {
				var got bytes.Buffer
				for _, name := range slices.Sorted(maps.Keys(documents)) {
					parts, err := New(Config{Format: Rich}).Render(documents[name])
					if err != nil {
						t.Fatal(err)
					}
					got.WriteString("##### " + name + "\n" + goldenRich(t, parts) + "\n")
				}
				isGolden(t, name+"."+string(l)+".rich", got.Bytes())
			})
		}
	}
}

// isGolden compares with a golden file.
func isGolden(t *testing.T, name string, got []byte) {
	t.Helper()
	path := filepath.Join("testdata", name+".golden")
	if *updateGolden {
		if err := os.WriteFile(path, got, 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(string(want), string(got)); diff != "" {
		t.Error(diff)
	}
}

// goldenRich is parts' rich forms for people's eyes, a line for each block.
func goldenRich(t *testing.T, parts []delivery.Part) string {
	var out strings.Builder
	for _, part := range parts {
		html, ok := richOf(t, part)
		if !ok {
			html = "(no rich form)"
		} else if _, _, err := telegramtest.ParseRichHTML(html); err != nil {
			t.Errorf("%v in %s", err, html)
		}
		for _, end := range []string{"</h2>", "</h3>", "</p>", "</li>", "</summary>", "</details>", "<ol>", "<ul>", "</ol>", "</ul>", "<details>", "<blockquote>", "</blockquote>", "<hr/>"} {
			html = strings.ReplaceAll(html, end, end+"\n")
		}
		out.WriteString(strings.TrimSpace(html) + "\n")
	}
	return out.String()
}
