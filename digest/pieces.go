// Pieces: what an editor sends message by message, and how messages are joined.

package digest

import (
	"slices"
	"strings"
	"time"
	"unicode"
	"unicode/utf16"
	"unicode/utf8"

	"github.com/strillone/strillone/digest/markup"
)

// Piece is a message of an editor, or a file that came with one: the whole of a
// manuscript or, where the editor's client cut a long text, a part of it.
type Piece struct {
	Chat    Destination `json:"chat"`           // where it was written
	Message string      `json:"message"`        // the platform's id of it: a number that grows within the chat
	File    string      `json:"file,omitempty"` // the name of the file it was read from; empty for the message itself
	// Answer is where the editor is answered, in Language.
	Answer   Destination `json:"answer"`
	Language Language    `json:"language"`
	Author   string      `json:"author"`          // "telegram:123"
	Album    string      `json:"album,omitempty"` // messages of one album have the same; empty for none
	// Origin is who wrote first what was forwarded, Written when: an editor who
	// forwards several messages sends several manuscripts.
	Origin  string    `json:"origin,omitempty"`
	Written time.Time `json:"written,omitzero"`
	// Limit is how many UTF-16 units a message of the platform holds; 0: clients
	// cut nothing there.
	Limit int         `json:"limit,omitempty"`
	Text  markup.Text `json:"text"`
}

// Filed is what became of an article in a manuscript.
type Filed struct {
	Article Article
	Outcome Outcome
}

// Outcome is what became of it.
type Outcome uint8

// The outcomes.
const (
	FiledDraft  Outcome = iota + 1 // it is the Article, a draft
	FiledBefore                    // it says what the Article, which is published, says already
	FiledOut                       // it changes the Article, which is published: nothing was stored of the change
)

// Whole says whether the piece is a manuscript by itself for all it shows. A
// text may be one that a client cut when it is longer than half of what a
// message holds: clients look that far back for the end of a paragraph.
func (p Piece) Whole() bool {
	return p.File != "" || p.Album == "" && (p.Limit == 0 || width16(p.Text.String()) <= p.Limit/2)
}

// apart is how far from each other the parts of one text were sent, at most.
const apart = 5 * time.Second

// Manuscripts puts the pieces of one author in one chat together: each list is
// a manuscript, in order.
func Manuscripts(pieces []Piece) [][]Piece {
	pieces = slices.Clone(pieces)
	slices.SortStableFunc(pieces, func(a, b Piece) int {
		if n := len(a.Message) - len(b.Message); n != 0 {
			return n
		}
		return strings.Compare(a.Message, b.Message)
	})
	var all [][]Piece
	albums := make(map[string]int)
	for _, p := range pieces {
		if i, known := albums[p.Album]; known && p.File == "" && p.Album != "" {
			all[i] = append(all[i], p)
			continue
		}
		if n := len(all); n > 0 && goesOnIn(all[n-1][len(all[n-1])-1], p) {
			all[n-1] = append(all[n-1], p)
			continue
		}
		if p.Album != "" && p.File == "" {
			albums[p.Album] = len(all)
		}
		all = append(all, []Piece{p})
	}
	return all
}

// goesOnIn says whether next may go on with the text that last was cut from.
func goesOnIn(last, next Piece) bool {
	if last.Whole() || next.File != "" || last.Album != "" || next.Album != "" || last.Origin != next.Origin {
		return false
	}
	return last.Origin == "" || next.Written.Sub(last.Written).Abs() <= apart
}

// Join is the text of a manuscript. Where clients cut, the white space is lost;
// it is put back as what most likely stood there.
func Join(manuscript []Piece) markup.Text {
	var parts []markup.Text
	for i, p := range manuscript {
		if i > 0 {
			parts = append(parts, markup.T(between(manuscript[i-1], p)))
		}
		parts = append(parts, p.Text)
	}
	return markup.Concat(parts...)
}

// lookBack is how far before a message's limit the clients that don't look
// further seek the end of a line.
const lookBack = 300

// between is what stood between two pieces: nothing inside a word, a space
// inside a sentence, else a line feed, which clients prefer to cut at.
func between(last, next Piece) string {
	before, after := last.Text.String(), next.Text.String()
	switch {
	case before == "" || after == "":
		return ""
	case last.Album != "":
		return "\n\n"
	case endsIn(before, unicode.IsSpace) || startsIn(after, unicode.IsSpace):
		return ""
	case width16(before) == last.Limit:
		return ""
	case startsIn(after, unicode.IsLower):
		return " "
	case endsSentence(before) || width16(before) < last.Limit-lookBack:
		return "\n"
	case width16(before) < last.Limit-1 && strings.Contains(before[max(0, len(before)-lookBack):], "\n"):
		return "\n" // a client that cuts at spaces would have cut there
	}
	return " "
}

func startsIn(s string, class func(rune) bool) bool {
	r, _ := utf8.DecodeRuneInString(s)
	return class(r)
}

func endsIn(s string, class func(rune) bool) bool {
	r, _ := utf8.DecodeLastRuneInString(s)
	return class(r)
}

// width16 is the length of s in UTF-16 units.
func width16(s string) int {
	n := 0
	for _, r := range s {
		n += max(utf16.RuneLen(r), 1)
	}
	return n
}
