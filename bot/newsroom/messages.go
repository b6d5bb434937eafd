// Messages: what an editor is told of the bot's own accord.

package newsroom

import (
	"context"
	"fmt"
	"hash/fnv"
	"log/slog"
	"strconv"
	"time"

	"github.com/strillone/strillone/digest"
	"github.com/strillone/strillone/digest/delivery"
	"github.com/strillone/strillone/digest/markup"
)

const (
	sendTries = 4
	// longestWait is how long a send waits for its turn; what has to wait longer
	// is tried again later, as a whole.
	longestWait = 10 * time.Second
)

// send sends the n-th of the answers that are known by a key of at most 19
// characters. An editor who can't be reached any more is no error: the draft is
// kept.
func (d *Desk) send(ctx context.Context, to digest.Destination, key string, n int, doc markup.Doc) error {
	platform := to.Platform
	messenger, ok := d.Messengers[platform]
	if !ok {
		d.Log.ErrorContext(ctx, "no platform to answer an editor on", slog.String("platform", string(platform)))
		return nil
	}
	parts, err := messenger.Render(doc)
	if err != nil {
		d.Log.ErrorContext(ctx, "an answer to an editor can't be rendered", slog.Any("error", err))
		return nil
	}
	for i, part := range parts {
		err := d.insist(ctx, messenger, delivery.Message{
			To: to, Part: part,
			Key: fmt.Sprintf("%s.%d.%d", key, n, i),
		})
		switch f := delivery.FailureOf(err); {
		case err == nil:
		case f.Kind == delivery.Gone, f.Kind == delivery.AccessLost, f.Kind == delivery.Moved, f.Kind == delivery.Rejected:
			d.Log.WarnContext(ctx, "an editor can't be answered; the draft is kept",
				slog.String("platform", string(platform)), slog.String("chat", to.Chat), slog.Any("error", err))
			return nil
		default:
			return err
		}
	}
	return nil
}

// insist sends a part, again where that may help soon.
func (d *Desk) insist(ctx context.Context, by Messenger, m delivery.Message) error {
	wait := retryFirst
	for try := 1; ; try++ {
		_, err := by.Send(ctx, m)
		if err == nil || try == sendTries {
			return err
		}
		f := delivery.FailureOf(err)
		again := wait
		switch {
		case f.Kind == delivery.RateLimited && f.RetryAfter <= longestWait:
			again = f.RetryAfter
		case f.Kind != delivery.Transient:
			return err
		}
		if !pause(ctx, again) {
			return err
		}
		wait *= 2
	}
}

// pause waits, and says whether it did so to the end.
func pause(ctx context.Context, t time.Duration) bool {
	timer := time.NewTimer(t)
	defer timer.Stop()
	select {
	case <-timer.C:
		return true
	case <-ctx.Done():
		return false
	}
}

// keyOf is the same for a piece whenever it is answered, so that a platform can
// recognise an answer that comes again. Files of one message have their own.
func keyOf(p digest.Piece) string {
	if p.File == "" {
		return fmt.Sprintf("%.19s", p.Message)
	}
	h := fnv.New64a()
	_, _ = h.Write([]byte(p.Message + "/" + p.File)) // never fails
	return strconv.FormatUint(h.Sum64(), 36)
}
