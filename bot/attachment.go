// Attachment: a file that a person sent.

package bot

import "context"

// Attachment is a file that came with a message. It is fetched only when it is
// asked for.
type Attachment struct {
	Name  string // as the person's device called it; may be empty
	Media string // the media type, as far as it is told
	// Read fetches the file, or as much of it as is more than limit bytes.
	Read func(ctx context.Context, limit int) ([]byte, error)
}
