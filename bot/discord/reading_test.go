// What readers get of search, archive, saved articles and cards (golden files,
// -update writes them).

package discord

import (
	"maps"
	"slices"
	"strconv"
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

// What comes by itself, and the panels of settings, made of components and as
// embeds.
func TestDelivered(t *testing.T) {
	for _, l := range locale.Languages() {
		for _, format := range []Format{Components, Embeds} {
			t.Run(string(l)+" "+string(format), func(t *testing.T) {
				documents := composetest.Delivered(l)
				var all []delivery.Part
				for _, name := range slices.Sorted(maps.Keys(documents)) {
					parts, err := (&Adapter{accent: 0x2b6cb0, format: format}).Render(documents[name])
					if err != nil {
						t.Fatalf("%s: %v", name, err)
					}
					all = append(all, parts...)
				}
				golden(t, "delivered."+string(l)+"."+string(format), all)
			})
		}
	}
}

// Discord takes every one of them, in both forms.
func TestDeliveredIsTaken(t *testing.T) {
	for _, format := range []Format{Components, Embeds} {
		t.Run(string(format), func(t *testing.T) {
			h := build(t, &stub{})
			h.adapter.format = format
			h.adapter.buttons = newButtons(&drawer{})
			n := 0
			for _, l := range locale.Languages() {
				documents := composetest.Delivered(l)
				maps.Copy(documents, composetest.Reading(l))
				for name, doc := range documents {
					parts, err := h.adapter.Render(doc)
					if err != nil {
						t.Fatalf("%s: %v", name, err)
					}
					for _, part := range parts {
						n++
						if _, err := h.adapter.Send(h.ctx, delivery.Message{To: placeOf(h.channel), Part: part, Key: strconv.Itoa(n)}); err != nil {
							t.Errorf("%s: %v", name, err)
						}
					}
				}
			}
		})
	}
}
