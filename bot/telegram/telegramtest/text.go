// Text: entities, and lengths as Telegram counts them.

package telegramtest

import (
	"cmp"
	"encoding/json"
	"slices"
	"strings"
	"unicode"
	"unicode/utf16"
	"unicode/utf8"
)

// Entity is a MessageEntity. Offset and Length are in UTF-16 code units.
type Entity struct {
	Type     string // "bold", "text_link", "bot_command" …
	Offset   int
	Length   int
	URL      string // of a text_link
	Language string // of a pre
	Text     string // what it covers; filled in for those of a Message

	emoji string // of a custom_emoji
	unix  string // of a date_time
	form  string // of a date_time
}

// content is a text with its entities.
type content struct {
	text     string
	entities []Entity
}

// units is the length of s in UTF-16 code units.
func units(s string) int {
	n := 0
	for _, r := range s {
		n += utf16.RuneLen(r)
	}
	return n
}

// byteAt is the byte offset of a UTF-16 offset in s, at most its length.
func byteAt(s string, offset int) int {
	n := 0
	for i, r := range s {
		if n >= offset {
			return i
		}
		n += utf16.RuneLen(r)
	}
	return len(s)
}

// slice is the part of s that an entity covers.
func (e Entity) slice(s string) string {
	from, to := byteAt(s, e.Offset), byteAt(s, e.Offset+e.Length)
	return s[min(from, to):to]
}

// trim removes white space at both ends, as the server does with texts.
func (c content) trim() content {
	left := strings.TrimLeftFunc(c.text, unicode.IsSpace)
	shift := units(c.text) - units(left)
	out := content{text: strings.TrimRightFunc(left, unicode.IsSpace)}
	end := units(out.text)
	for _, e := range c.entities {
		from := max(e.Offset-shift, 0)
		to := min(e.Offset+e.Length-shift, end)
		if e.Offset, e.Length = from, to-from; e.Length > 0 {
			out.entities = append(out.entities, e)
		}
	}
	return out
}

// weight is about how many bytes the entities take, which the server limits.
func (c content) weight() int {
	n := 0
	for _, e := range c.entities {
		n += 32 + len(e.URL)
	}
	return n
}

// blank says whether nothing of s can be seen.
func blank(s string) bool {
	return !strings.ContainsFunc(s, func(r rune) bool {
		return r != 0x2800 && r != 0x3164 && r != utf8.RuneError && unicode.IsPrint(r) && !unicode.IsSpace(r)
	})
}

// sorted are entities in the order Telegram gives them: outer before inner.
func sorted(es []Entity) []Entity {
	slices.SortStableFunc(es, func(a, b Entity) int {
		return cmp.Or(cmp.Compare(a.Offset, b.Offset), cmp.Compare(b.Length, a.Length))
	})
	return es
}

// json is a MessageEntity.
func (e Entity) json() object {
	o := object{"type": e.Type, "offset": e.Offset, "length": e.Length}
	for key, value := range map[string]string{"url": e.URL, "language": e.Language, "custom_emoji_id": e.emoji, "date_time_format": e.form} {
		if value != "" {
			o[key] = value
		}
	}
	if e.unix != "" {
		if n, ok := whole(json.Number(e.unix)); ok {
			o["unix_time"] = n
		}
	}
	return o
}

func entitiesJSON(es []Entity) []any {
	out := make([]any, len(es))
	for i, e := range es {
		out[i] = e.json()
	}
	return out
}

// entitiesOf reads the entities that a client gave as JSON.
func entitiesOf(l []any) []Entity {
	var out []Entity
	for _, o := range objects(l) {
		out = append(out, Entity{Type: str(o, "type"), Offset: int(integer(o, "offset")), Length: int(integer(o, "length")),
			URL: str(o, "url"), Language: str(o, "language"), emoji: str(o, "custom_emoji_id"), form: str(o, "date_time_format")})
	}
	return sorted(out)
}
