package locale

import (
	"io/fs"
	"slices"
	"strings"
	"testing"
	"testing/fstest"
	"time"

	"github.com/strillone/strillone/digest"
)

// A third language is one file: here, French in a few sentences beside the files
// there are.
func TestAThirdLanguageIsOneFile(t *testing.T) {
	all := fstest.MapFS{"fr.yaml": {Data: []byte(`
language: {name: Français, called: "francese, french, fr"}
date: {full: "{{.Weekday}} {{.Day}} {{.Month}} {{.Year}}"}
weekday: {d2: mardi}
month: {m11: novembre}
digest_doc:
  count: {one: "{{.Count}} nouvel article", other: "{{.Count}} nouveaux articles"}
`)}}
	for _, name := range []string{"it.yaml", "en.yaml"} {
		data, err := fs.ReadFile(files, name)
		if err != nil {
			t.Fatal(err)
		}
		all[name] = &fstest.MapFile{Data: data}
	}
	printers, err := load(all)
	if err != nil {
		t.Fatal(err)
	}
	french := printers["fr"]
	if french == nil || french.Language() != "fr" || len(printers) != 3 {
		t.Fatalf("the printers are %v", printers)
	}
	for want, got := range map[string]string{
		"Français":                 french.Say("language.name"),
		"mardi 24 novembre 2026":   french.Date(time.Date(2026, 11, 24, 8, 0, 0, 0, time.UTC)),
		"0 nouvel article":         french.Say("digest_doc.count", Args{"Count": 0}), // in French, none is singular
		"2 nouveaux articles":      french.Say("digest_doc.count", Args{"Count": 2}),
		"⚙️ Impostazioni":          french.Say("settings.title"), // not translated yet
		"martedì 24 novembre 2026": printers["it"].Date(time.Date(2026, 11, 24, 8, 0, 0, 0, time.UTC)),
	} {
		if got != want {
			t.Errorf("got %q, want %q", got, want)
		}
	}
	all["fr.yaml"].Data = []byte("date: [")
	if _, err := load(all); err == nil || !strings.Contains(err.Error(), "fr.yaml") {
		t.Errorf("a broken file: %v", err)
	}
}

func TestLanguagesByTheirNames(t *testing.T) {
	for name, want := range map[string]digest.Language{
		"inglese": "en", "English": "en", " it. ": "it", "Italiano": "it", "italian": "it", "klingon": "", "": "", "ita": "",
	} {
		if got, ok := Called(name); got != want || ok != (want != "") {
			t.Errorf("%q is %q", name, got)
		}
	}
}

func TestLists(t *testing.T) {
	for want, things := range map[string][]string{"": nil, "a": {"a"}, "a e b": {"a", "b"}, "a, b e c": {"a", "b", "c"}} {
		if got := For(digest.Italian).List(slices.Clone(things)); got != want {
			t.Errorf("got %q, want %q", got, want)
		}
	}
}
