// limit: the last resort against a send that doesn't end.

package delivery

import (
	"context"
	"time"
)

// sendTimeout bounds one attempt. Adapters have shorter ones.
const sendTimeout = time.Minute

// limit is one worker's contexts. They are used again, attempt after attempt,
// until one has run out: to make each its own costs more than the rest of what
// surrounds a send.
type limit struct {
	work   context.Context
	ctx    context.Context // nil: there is none to be used
	cancel context.CancelFunc
	timer  *time.Timer // cancels ctx
}

// begin is the context of an attempt.
func (l *limit) begin() context.Context {
	if l.ctx == nil {
		l.ctx, l.cancel = context.WithCancel(l.work)
		l.timer = time.AfterFunc(sendTimeout, l.cancel)
	} else {
		l.timer.Reset(sendTimeout)
	}
	return l.ctx
}

// end is to be called after each attempt.
func (l *limit) end() {
	if !l.timer.Stop() || l.ctx.Err() != nil {
		l.cancel()
		l.ctx = nil
	}
}
