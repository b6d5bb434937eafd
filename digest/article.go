// Article: what editors write and readers read, its states and its name.

package digest

import (
	"crypto/sha256"
	"encoding/hex"
	"strings"
	"time"
	"unicode"

	"github.com/strillone/strillone/digest/markup"
)

// State is where an article stands in its life:
// draft → scheduled → published → withdrawn.
type State string

// The states of an article.
const (
	Draft     State = "draft"     // understood and stored, seen by editors only
	Scheduled State = "scheduled" // will be published by itself
	Published State = "published" // has a Number and is for everyone
	Withdrawn State = "withdrawn" // was published, is no longer shown
)

// Article is one article of the letter.
type Article struct {
	ID       int64 // the store's; a draft has one too
	Number   int   // #12: its name everywhere, given once when published; 0 before
	Revision int   // 1 for the first text; every correction adds one
	State    State
	Content
	Author      string // who sent it: "telegram:123", "import"
	CreatedAt   time.Time
	PublishedAt time.Time // zero before publication
}

// Content is what one revision of an article says. Title and Body are never
// empty in a Content that Parse returned without an error; the rest may be.
type Content struct {
	Title    string        `json:"title"`
	Lead     markup.Text   `json:"lead,omitempty"`
	Body     []markup.Text `json:"body"` // paragraphs; a line feed inside is a line break
	Abstract []markup.Text `json:"abstract,omitempty"`
	Sources  []Source      `json:"sources,omitempty"`
	Readings []Source      `json:"readings,omitempty"`
	Topics   []string      `json:"topics,omitempty"` // lower case, without #, each once
}

// Source is a work an article draws on (fonti) or recommends (consigli di
// lettura). Only the title is always there.
type Source struct {
	Title     string `json:"title"`
	Publisher string `json:"publisher,omitempty"`
	Date      string `json:"date,omitempty"` // as written: "aprile 2025"
	URL       string `json:"url,omitempty"`  // http or https
}

// Fingerprint is equal for two contents whose title and text say the same, up
// to case, white space and punctuation.
func (c Content) Fingerprint() string {
	h := sha256.New()
	write := func(s string) {
		words := strings.FieldsFunc(strings.ToLower(s), func(r rune) bool {
			return !unicode.IsLetter(r) && !unicode.IsNumber(r)
		})
		h.Write([]byte(strings.Join(words, " ")))
		h.Write([]byte{0})
	}
	write(c.Title)
	write(c.Lead.String())
	for _, p := range c.Body {
		write(p.String())
	}
	return hex.EncodeToString(h.Sum(nil)[:16])
}
