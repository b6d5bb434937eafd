// HTML: a flow in the Bot API's HTML style
// (https://core.telegram.org/bots/api#html-style).

package telegram

import (
	"slices"
	"strings"

	"github.com/strillone/strillone/digest/markup"
)

// The limits of one message, each a little below what the Bot API documents
// (sendMessage: 4096 characters after entities parsing) or its server enforces
// (32,768 bytes of input; 100 entities, the excess silently dropped; about
// 9.5 kB of entities in all).
const (
	maxUnits       = 4000
	maxRaw         = 32_000
	maxEntities    = 100
	maxEntityBytes = 9_000
	maxAddress     = 2048 // of one link

	entityBytes = 64 // an entity's own weight, generously
)

// tag is an HTML element of the Bot API.
type tag struct {
	name       string
	attributes string // with the blank before them
	weight     int    // bytes beyond an entity's own weight
}

var styleTags = []struct {
	style markup.Style
	tag   tag
}{
	{markup.Bold, tag{name: "b"}},
	{markup.Italic, tag{name: "i"}},
	{markup.Underline, tag{name: "u"}},
	{markup.Strike, tag{name: "s"}},
	{markup.Code, tag{name: "code"}},
}

// tags are the elements around a run, the outermost first.
func (r run) tags() []tag {
	var tags []tag
	switch r.frame {
	case quoted:
		tags = append(tags, tag{name: "blockquote"})
	case folded:
		tags = append(tags, tag{name: "blockquote", attributes: " expandable"})
	}
	if r.URL != "" {
		tags = append(tags, tag{name: "a", attributes: ` href="` + escape(r.URL) + `"`, weight: len(r.URL)})
	}
	for _, s := range styleTags {
		if r.Style&s.style != 0 {
			tags = append(tags, s.tag)
		}
	}
	return tags
}

// message is a flow as HTML with its measures.
type message struct {
	html     string
	entities int
	weight   int // of the entities, in bytes
}

// fits says whether one message can hold the flow.
func (f flow) fits() bool {
	length := 0
	for _, r := range f {
		if length += units(r.Text); length > maxUnits {
			return false
		}
	}
	m := f.message()
	return len(m.html) <= maxRaw && m.entities <= maxEntities && m.weight <= maxEntityBytes
}

// message writes the flow. Elements nest properly: those two neighbours share
// from the outside in stay open between them.
func (f flow) message() message {
	var m message
	var b strings.Builder
	var opened []tag
	for _, r := range f {
		tags := r.tags()
		common := 0
		for common < min(len(opened), len(tags)) && opened[common] == tags[common] {
			common++
		}
		closeTags(&b, opened[common:])
		for _, t := range tags[common:] {
			b.WriteString("<" + t.name + t.attributes + ">")
			m.entities++
			m.weight += entityBytes + t.weight
		}
		opened = tags
		b.WriteString(escape(r.Text))
	}
	closeTags(&b, opened)
	m.html = b.String()
	return m
}

func closeTags(b *strings.Builder, tags []tag) {
	for _, t := range slices.Backward(tags) {
		b.WriteString("</" + t.name + ">")
	}
}

// The Bot API knows these four named entities and no others.
var escaper = strings.NewReplacer("&", "&amp;", "<", "&lt;", ">", "&gt;", `"`, "&quot;")

func escape(s string) string { return escaper.Replace(s) }
