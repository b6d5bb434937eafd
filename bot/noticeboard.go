// Noticeboard: a message to one person that is kept up to date.

package bot

import (
	"context"

	"github.com/strillone/strillone/digest"
	"github.com/strillone/strillone/digest/delivery"
	"github.com/strillone/strillone/digest/markup"
)

// Notice is a message that was posted, and can be edited.
type Notice struct {
	Place   digest.Destination
	Receipt delivery.Receipt
}

// Noticeboard is an Adapter that can write to a person of its own accord and
// edit what it wrote. Both methods make one attempt; their errors are
// *delivery.Failure. The document has to fit one message.
type Noticeboard interface {
	// Post writes to the person of that id, in private.
	Post(ctx context.Context, person string, doc markup.Doc) (Notice, error)
	// Edit has the notice say something else. One that says it already is no
	// error.
	Edit(ctx context.Context, n Notice, doc markup.Doc) error
}
