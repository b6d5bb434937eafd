// What people get of settings and greetings (golden files,
// -update writes them).

package discord

import (
	"maps"
	"slices"
	"testing"

	"github.com/strillone/strillone/bot/compose/composetest"
	"github.com/strillone/strillone/bot/locale"
	"github.com/strillone/strillone/digest/delivery"
)

func TestSettings(t *testing.T) {
	for _, l := range locale.Languages() {
		t.Run(string(l), func(t *testing.T) {
			documents := composetest.Settings(platform, l)
			var all []delivery.Part
			for _, name := range slices.Sorted(maps.Keys(documents)) {
				all = append(all, checkRender(t, documents[name])...)
			}
			golden(t, "settings."+string(l), all)
		})
	}
}
