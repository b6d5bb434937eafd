// A language is a file: no list here has to know it.

package discord

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/strillone/strillone/digest"
)

func TestTextsAreLocalizedInWhateverLanguageThereIs(t *testing.T) {
	got := localized(map[digest.Language]string{"it": "leggi", "en": "read", "fr": "lire"}, "leggi")
	if diff := cmp.Diff(map[string]string{"en-US": "read", "en-GB": "read", "fr": "lire"}, got); diff != "" {
		t.Error(diff)
	}
}
