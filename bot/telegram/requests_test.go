// What messages ask for, read without a server.

package telegram

import (
	"encoding/json"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"
)

func TestParseCommand(t *testing.T) {
	type command struct {
		Name, Args, Bot string
		OK              bool
	}
	for text, want := range map[string]command{
		"/fonti 12":                          {"fonti", "12", "", true},
		"/FONTI":                             {"fonti", "", "", true},
		"/fonti@StrilloneBot 12":             {"fonti", "12", "StrilloneBot", true},
		"/fonti@StrilloneBot":                {"fonti", "", "StrilloneBot", true},
		"/cerca  intelligenza\nartificiale ": {"cerca", "intelligenza\nartificiale", "", true},
		"/start leggi-12":                    {"start", "leggi-12", "", true},
		"/perché":                            {"perché", "", "", true},
		"/":                                  {},
		"/ fonti":                            {},
		"/usr/local/bin":                     {},
		"fonti 12":                           {},
		" /fonti":                            {},
		"":                                   {},
	} {
		var got command
		got.Name, got.Args, got.Bot, got.OK = parseCommand(text)
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("%q: %s", text, diff)
		}
	}
}

func TestPayloads(t *testing.T) {
	for line, want := range map[string]string{
		"leggi 12":    "a12",
		"abstract":    "abstract",
		"leggi 12 13": "",
		"pubblica 1":  "",
		"start":       "",
		"cerca è":     "",
		"12":          "",
		"":            "",
		"cerca aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa": "",
	} {
		if got, _ := payloadOf(line); got != want {
			t.Errorf("payloadOf(%q) = %q, want %q", line, got, want)
		}
	}
	for _, payload := range []string{"", "12", "-leggi", "leggi 12", "leggi.12", "promo", "pubblica-1", "stop", "read-12"} {
		if name, args, ok := fromPayload(payload); ok {
			t.Errorf("fromPayload(%q) = %q %q", payload, name, args)
		}
	}
}

// What goes into a link comes out of it.
func TestPayloadsThereAndBack(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		line := rapid.SampledFrom(linkable).Draw(t, "name") +
			rapid.StringMatching(`( [A-Za-z0-9_-]{1,40})?`).Draw(t, "args")
		payload, ok := payloadOf(line)
		if !ok {
			t.Fatalf("%q has no payload", line)
		}
		name, args, ok := fromPayload(payload)
		wantName, wantArgs := splitLine(line)
		if !ok || name != wantName || args != wantArgs {
			t.Fatalf("%q became %q %q", line, name, args)
		}
	})
}

func TestQuoted(t *testing.T) {
	s := &session{Adapter: New(Config{}), me: user{ID: 7}}
	for name, test := range map[string]struct {
		replyTo string
		want    []string
	}{
		"buttons": {`{"from":{"id":7},"text":"#9","reply_markup":{"inline_keyboard":[[{"text":"a","callback_data":"leggi 1"},{"text":"b","url":"https://x"}],[{"text":"c","callback_data":"fonti 1"}]]}}`,
			[]string{"leggi 1", "fonti 1"}},
		"numbers":       {`{"from":{"id":7},"text":"#14 Titolo\n#13 Altro, come #14 e C#12a"}`, []string{"leggi 14", "leggi 13"}},
		"of a person":   {`{"from":{"id":8},"text":"#14"}`, nil},
		"of nobody":     {`{"text":"#14"}`, nil},
		"nothing named": {`{"from":{"id":7},"text":"ciao"}`, nil},
	} {
		var m incoming
		if err := json.Unmarshal([]byte(test.replyTo), &m); err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(test.want, s.quoted(t.Context(), &m)); diff != "" {
			t.Errorf("%s: %s", name, diff)
		}
	}
	if got := s.quoted(t.Context(), nil); got != nil {
		t.Errorf("quoted without a reply: %v", got)
	}
}
