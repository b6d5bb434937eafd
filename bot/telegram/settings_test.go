// What people get of settings and greetings (golden files,
// -update writes them).

package telegram

import (
	"bytes"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/strillone/strillone/bot/compose/composetest"
	"github.com/strillone/strillone/bot/locale"
)

func TestSettings(t *testing.T) {
	for _, l := range locale.Languages() {
		t.Run(string(l), func(t *testing.T) {
			documents := composetest.Settings(Platform, l)
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
			path := filepath.Join("testdata", "settings."+string(l)+".golden")
			if *updateGolden {
				if err := os.WriteFile(path, got.Bytes(), 0o644); err != nil {
					t.Fatal(err)
				}
			}
			want, err := os.ReadFile(path)
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(string(want), got.String()); diff != "" {
				t.Error(diff)
			}
		})
	}
}
