// Entities are tested as documented, and with entities that lie.

package telegram

import (
	"encoding/json"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/strillone/strillone/digest/markup"
)

func TestTextOf(t *testing.T) {
	for _, test := range []struct {
		name     string
		text     string
		entities []entity
		want     markup.Text
	}{
		{"plain", "ciao", nil, markup.T("ciao")},
		{"empty", "", []entity{{Type: "bold", Length: 3}}, nil},
		{"after an emoji", "👍 sì", []entity{{Type: "bold", Offset: 3, Length: 2}},
			markup.Text{{Text: "👍 "}, {Text: "sì", Style: markup.Bold}}},
		{"half an emoji", "👍x", []entity{{Type: "bold", Offset: 1, Length: 2}},
			markup.Text{{Text: "👍"}, {Text: "x", Style: markup.Bold}}},
		{"link", "qui", []entity{{Type: "text_link", Offset: 0, Length: 3, URL: "https://example.com/a"}},
			markup.Text{{Text: "qui", URL: "https://example.com/a"}}},
		{"link that is none", "qui", []entity{{Type: "text_link", Offset: 0, Length: 3, URL: "javascript:1"}}, markup.T("qui")},
		{"url", "v. example.com", []entity{{Type: "url", Offset: 3, Length: 11}},
			markup.Text{{Text: "v. "}, {Text: "example.com", URL: "https://example.com"}}},
		{"nested", "abc", []entity{{Type: "bold", Length: 3}, {Type: "italic", Offset: 1, Length: 1}},
			markup.Text{{Text: "a", Style: markup.Bold}, {Text: "b", Style: markup.Bold | markup.Italic}, {Text: "c", Style: markup.Bold}}},
		{"overlapping", "abc", []entity{{Type: "underline", Length: 2}, {Type: "strikethrough", Offset: 1, Length: 2}},
			markup.Text{{Text: "a", Style: markup.Underline}, {Text: "b", Style: markup.Underline | markup.Strike}, {Text: "c", Style: markup.Strike}}},
		{"two links", "ab", []entity{
			{Type: "text_link", Length: 2, URL: "https://a.example"}, {Type: "text_link", Length: 2, URL: "https://b.example"}},
			markup.Text{{Text: "ab", URL: "https://a.example"}}},
		{"code", "ab", []entity{{Type: "pre", Length: 1}, {Type: "code", Offset: 1, Length: 1}}, markup.Text{{Text: "ab", Style: markup.Code}}},
		{"lies", "ab", []entity{
			{Type: "bold", Offset: -1, Length: 2}, {Type: "bold", Offset: 5, Length: 2}, {Type: "bold", Offset: 0, Length: -2},
			{Type: "nothing we know", Length: 2}, {Type: "italic", Offset: 1, Length: 1 << 62}},
			markup.Text{{Text: "a"}, {Text: "b", Style: markup.Italic}}},
	} {
		t.Run(test.name, func(t *testing.T) {
			if diff := cmp.Diff(test.want, textOf(test.text, test.entities)); diff != "" {
				t.Error(diff)
			}
		})
	}
}

// FuzzUpdate reads anything as an update. Whatever its entities say, no text is
// lost.
func FuzzUpdate(f *testing.F) {
	f.Add([]byte(`{"update_id":1,"message":{"message_id":1,"text":"a👍b","entities":[{"type":"bold","offset":1,"length":9}],"chat":{"id":1,"type":"private"},"from":{"id":1}}}`))
	f.Add([]byte(`{"message":{"text":"/start leggi-12","entities":[{"type":"text_link","offset":-9,"length":99,"url":"https://x"}]}}`))
	f.Add([]byte(`{"callback_query":{"id":"1","message":{"reply_markup":{"inline_keyboard":[[{"text":"a","callback_data":"b"}],[]]}}}}`))
	s := &session{Adapter: New(Config{}), me: user{ID: 1, Username: "bot"}}
	f.Fuzz(func(t *testing.T, data []byte) {
		var u update
		if json.Unmarshal(data, &u) != nil || u.Message == nil {
			return
		}
		text, entities := u.Message.content()
		if got := textOf(text, entities).String(); got != text {
			t.Errorf("got %q, want %q", got, text)
		}
		fromPerson(u.Message)
		parseCommand(text)
		s.quoted(t.Context(), u.Message.ReplyTo)
		s.addressed(u.Message)
		s.request(u.Message, user{}, false)
	})
}
