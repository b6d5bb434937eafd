// Submission: what an editor sent, before it is understood.

package digest

import "github.com/strillone/strillone/digest/markup"

// Submission is an editor's text with its links and styles, as any platform
// hands it over.
type Submission struct {
	Text   markup.Text
	Author string // "telegram:123"
}

// MaxSubmission is how long a submitted text may be, in characters (Unicode
// code points): an order of magnitude over a long article, and small enough to
// be shown back in a handful of messages.
const MaxSubmission = 60_000
