// A language is a file: no list here has to know it.

package telegram

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/strillone/strillone/bot"
	"github.com/strillone/strillone/digest"
)

func TestTheMenuIsRegisteredInWhateverLanguageItSpeaks(t *testing.T) {
	menu := []bot.Entry{{
		Name:        "leggi",
		Names:       map[digest.Language]string{"it": "leggi", "fr": "lire"},
		Description: map[digest.Language]string{"it": "un articolo", "fr": "un article"},
	}}
	got := make(map[string]string)
	for _, call := range menuCalls(scope{Type: "default"}, menu) {
		got[call["language_code"]] = call["commands"]
	}
	want := map[string]string{
		"":   `[{"command":"leggi","description":"un articolo"}]`,
		"it": `[{"command":"leggi","description":"un articolo"}]`,
		"fr": `[{"command":"lire","description":"un article"}]`,
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
}
