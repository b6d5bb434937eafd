// Compact: what a document becomes where many read along.

package telegram

import (
	"slices"

	"github.com/strillone/strillone/digest/markup"
)

// inGroups is how long an answer may be that all of a group see, in UTF-16
// units; a list of entries has a message.
const inGroups = 1200

// leastExcerpt is the least of a paragraph that is worth showing, in characters.
const leastExcerpt = 200

// compact is a document cut to what a group can bear. The rest of an article is
// behind a button to the private chat.
func (s *session) compact(doc markup.Doc) markup.Doc {
	limit := inGroups
	if slices.ContainsFunc(doc.Blocks, isSection) {
		limit = maxUnits
	}
	kept, whole := beginning(doc.Blocks, limit)
	if whole {
		return doc
	}
	for doc.Blocks = kept; len(doc.Blocks) > 1 && len(pack(entries(doc.Blocks))) > 1; {
		doc.Blocks = doc.Blocks[:len(doc.Blocks)-1] // many entities, or long links
	}
	if number := articleNumber.FindStringSubmatch(wordsOf(doc)); number != nil {
		if payload, ok := payloadOf("leggi " + number[1]); ok {
			more := markup.Action{Label: "#" + number[1] + " →", URL: s.link(payload)}
			doc.Rows = append([][]markup.Action{{more}}, doc.Rows...)
		}
	}
	return doc
}

func isSection(b markup.Block) bool {
	_, ok := b.(markup.Section)
	return ok
}

// beginning are the first blocks, up to so many units, and whether they are all.
// The last one may be the excerpt of a paragraph.
func beginning(blocks []markup.Block, limit int) (kept []markup.Block, whole bool) {
	room := limit
	for _, b := range blocks {
		length := units(wordsOf(markup.Doc{Blocks: []markup.Block{b}})) + 2
		if length <= room {
			kept, room = append(kept, b), room-length
			continue
		}
		if p, ok := b.(markup.Paragraph); ok && room >= leastExcerpt {
			kept = append(kept, markup.Paragraph{Text: p.Text.Excerpt(room)})
		}
		return kept, false
	}
	return kept, true
}
