// What readers get of search, archive, saved articles and cards (golden files,
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

func TestReading(t *testing.T) {
	for _, l := range locale.Languages() {
		t.Run(string(l), func(t *testing.T) {
			documents := composetest.Reading(l)
			var all []delivery.Part
			for _, name := range slices.Sorted(maps.Keys(documents)) {
				all = append(all, checkRender(t, documents[name])...)
			}
			golden(t, "reading."+string(l), all)
		})
	}
}
