// Entities: an incoming text with its entities as markup.Text.

package telegram

import (
	"strings"
	"unicode/utf16"

	"github.com/strillone/strillone/digest/markup"
)

// look is how one UTF-16 unit of a text looks.
type look struct {
	style markup.Style
	url   string
}

var entityStyles = map[string]markup.Style{
	"bold":          markup.Bold,
	"italic":        markup.Italic,
	"underline":     markup.Underline,
	"strikethrough": markup.Strike,
	"code":          markup.Code,
	"pre":           markup.Code,
}

// textOf is s with the styles and links its entities give it. Entities may
// nest, overlap or lie: what lies outside the text is left out, and of two
// links on one character the first counts.
func textOf(s string, entities []entity) markup.Text {
	runes := []rune(s)
	wide := utf16.Encode(runes)
	looks := make([]look, len(wide))
	for _, e := range entities {
		from, to := e.within(len(wide))
		e.paint(looks[from:to], wide[from:to])
	}
	var out markup.Text
	var b strings.Builder
	var current look
	flush := func() {
		if b.Len() > 0 {
			out = append(out, markup.Span{Text: b.String(), Style: current.style, URL: current.url})
			b.Reset()
		}
	}
	at := 0
	for _, r := range runes {
		if looks[at] != current {
			flush()
			current = looks[at]
		}
		b.WriteRune(r)
		at += utf16.RuneLen(r)
	}
	flush()
	return out
}

// within is the part of a text of n units that the entity covers; an empty part
// when it covers none.
func (e entity) within(n int) (from, to int) {
	if e.Offset < 0 || e.Offset >= n || e.Length <= 0 {
		return 0, 0
	}
	return e.Offset, e.Offset + min(e.Length, n-e.Offset)
}

// of is the text the entity covers.
func (e entity) of(s string) string {
	wide := utf16.Encode([]rune(s))
	from, to := e.within(len(wide))
	return string(utf16.Decode(wide[from:to]))
}

// paint gives the units an entity covers its style or link.
func (e entity) paint(looks []look, covered []uint16) {
	address := ""
	switch e.Type {
	case "text_link":
		address, _ = markup.Link(e.URL)
	case "url":
		address = addressOf(string(utf16.Decode(covered)))
	}
	for i := range looks {
		looks[i].style |= entityStyles[e.Type]
		if looks[i].url == "" {
			looks[i].url = address
		}
	}
}

// addressOf is the address that a text Telegram took for one leads to; it takes
// "example.com" for one too.
func addressOf(s string) string {
	if !strings.Contains(s, "://") {
		s = "https://" + s
	}
	address, _ := markup.Link(s)
	return address
}
