// What must not go out with people's words.

package telegram

import "testing"

func TestClean(t *testing.T) {
	for in, want := range map[string]string{
		"@everyone":         "@\u2060everyone",
		"come dice @ada_l.": "come dice @\u2060ada_l.",
		"(@ada)":            "(@\u2060ada)",
		"ada@example.com":   "ada@example.com", // an address calls nobody
		"@ sei, @, @":       "@ sei, @, @",
		"\u202eolleh\u2066": "olleh",
		"a\r\nb\rc\u2028d":  "a\nb\nc\nd",
		"a\x00b\x1b[1m\tc":  "ab[1m c",
		"👩\u200d👧 \u200fש":  "👩\u200d👧 \u200fש", // joiners and marks that words need stay
		"\xffrotto":         "\uFFFDrotto",
		"<b>&amp;":          "<b>&amp;", // escaping is the HTML writer's
	} {
		if got := clean(in); got != want {
			t.Errorf("clean(%q) = %q, want %q", in, got, want)
		}
	}
}
