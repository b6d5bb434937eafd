// Hits: what a question finds, and what an archive counts.

package search

import (
	"time"

	"github.com/strillone/strillone/digest"
)

// Counted is how many hits of a question are counted, and leafed through; where
// there are more, they are the newest ones.
const Counted = 1000

// Page is a part of a list.
type Page struct {
	Skip int
	Size int
}

// Hits are a page of the articles found.
type Hits struct {
	Articles []digest.Article
	Total    int  // of all pages, at most Counted
	More     bool // there are over Total
}

// TopicCount is a topic and how many published articles have it.
type TopicCount struct {
	Topic    string
	Articles int
}

// MonthCount is a month, from its first instant, and how many articles were
// published in it.
type MonthCount struct {
	Month    time.Time
	Articles int
}
