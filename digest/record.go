// Record: all that is kept of one person.

package digest

import "time"

// Record is what is kept of a person: of the place that is theirs alone, and of
// what they sent and saved.
type Record struct {
	Subscriptions []Subscription
	Deliveries    []Trace
	Saved         []Saved
	Sent          []Piece   // messages and files for the newsroom
	Drafts        []Article // that they sent, and that aren't published
	Authored      []int     // numbers of the published articles with their id
	Buttons       []string  // command lines of buttons that name their place
}

// Empty says whether nothing is kept.
func (r Record) Empty() bool {
	return len(r.Subscriptions)+len(r.Deliveries)+len(r.Saved)+len(r.Sent)+len(r.Drafts)+len(r.Authored)+len(r.Buttons) == 0
}

// Trace is what is left of a delivery.
type Trace struct {
	Digest   int64 // the digest's id
	Slot     time.Time
	State    string
	Reason   string   // why it failed
	Messages []string // the platform's ids of the messages that arrived
}

// Saved is an article that a person keeps.
type Saved struct {
	Number int
	Title  string
	At     time.Time
}
