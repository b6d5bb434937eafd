package locale

import (
	"fmt"
	"maps"
	"regexp"
	"slices"
	"testing"
	"time"

	"github.com/goccy/go-yaml"

	"github.com/strillone/strillone/digest"
)

// sentences flattens a language file into id → text.
func sentences(t *testing.T, l digest.Language) map[string]string {
	t.Helper()
	data, err := files.ReadFile(string(l) + ".yaml")
	if err != nil {
		t.Fatal(err)
	}
	var tree map[string]any
	if err := yaml.Unmarshal(data, &tree); err != nil {
		t.Fatal(err)
	}
	flat := make(map[string]string)
	var walk func(prefix string, node any)
	walk = func(prefix string, node any) {
		if m, ok := node.(map[string]any); ok {
			for k, v := range m {
				walk(prefix+"."+k, v)
			}
			return
		}
		flat[prefix[1:]] = fmt.Sprint(node)
	}
	walk("", tree)
	return flat
}

var placeholder = regexp.MustCompile(`\.[A-Z]\w+`)

func TestEveryLanguageSaysEverything(t *testing.T) {
	italian := sentences(t, digest.Italian)
	for _, l := range Languages() {
		other := sentences(t, l)
		for id, text := range italian {
			theirs, ok := other[id]
			if !ok {
				t.Errorf("%s.yaml lacks %s", l, id)
				continue
			}
			want, got := names(text), names(theirs)
			if id[:4] != "date" && !slices.Equal(want, got) {
				t.Errorf("%s.yaml: %s fills %v, in Italian %v", l, id, got, want)
			}
		}
		for id := range other {
			if _, ok := italian[id]; !ok {
				t.Errorf("%s.yaml has %s, which it.yaml lacks", l, id)
			}
		}
	}
}

func names(text string) []string {
	set := make(map[string]bool)
	for _, n := range placeholder.FindAllString(text, -1) {
		set[n] = true
	}
	return slices.Sorted(maps.Keys(set))
}

func TestDates(t *testing.T) {
	rome, err := time.LoadLocation("Europe/Rome")
	if err != nil {
		t.Fatal(err)
	}
	at := func(month time.Month, day, hour, minute int) time.Time {
		return time.Date(2026, month, day, hour, minute, 0, 0, rome)
	}
	for _, c := range []struct{ got, want string }{
		{For("it").Date(at(11, 24, 8, 0)), "martedì 24 novembre 2026"},
		{For("it").Day(at(1, 1, 0, 0)), "giovedì 1º gennaio"},
		{For("it").Moment(at(11, 25, 7, 30)), "mercoledì 25 novembre alle 7:30"},
		{For("it").Moment(at(8, 2, 1, 5)), "domenica 2 agosto all’1:05"},
		{For("en").Date(at(11, 24, 8, 0)), "Tuesday 24 November 2026"},
		{For("en").Moment(at(11, 25, 17, 0)), "Wednesday 25 November at 17:00"},
	} {
		if c.got != c.want {
			t.Errorf("got %q, want %q", c.got, c.want)
		}
	}
}

func TestPlurals(t *testing.T) {
	for _, c := range []struct {
		language digest.Language
		count    int
		want     string
	}{
		{"it", 1, "1 articolo nuovo"}, {"it", 3, "3 articoli nuovi"},
		{"en", 1, "1 new article"}, {"en", 12, "12 new articles"},
	} {
		if got := For(c.language).Say("digest_doc.count", Args{"Count": c.count}); got != c.want {
			t.Errorf("%s %d: got %q, want %q", c.language, c.count, got, c.want)
		}
	}
}

func TestCountsInASentenceOfOneForm(t *testing.T) {
	for _, n := range []int{0, 1, 2} {
		if got, want := For("it").Say("action.sources_n", Args{"Count": n}), fmt.Sprintf("🔗 Fonti (%d)", n); got != want {
			t.Errorf("got %q, want %q", got, want)
		}
	}
}

func TestMatch(t *testing.T) {
	for tag, want := range map[string]digest.Language{
		"it": "it", "it-IT": "it", "en-US": "en", "en": "en", "de": "it", "": "it", "¿?": "it",
	} {
		if got := Match(tag, digest.Italian); got != want {
			t.Errorf("%q: got %s, want %s", tag, got, want)
		}
	}
}

func TestUnknownSentenceIsSeen(t *testing.T) {
	if got := For("it").Say("no.such"); got != "no.such" {
		t.Errorf("got %q", got)
	}
}
