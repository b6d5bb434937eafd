// Toast: the one answer that a press must get, in time.

package telegram

import (
	"context"
	"time"

	tgbotapi "github.com/go-telegram-bot-api/telegram-bot-api/v5"
)

// toast is the answer that a press must get, once: what is said, or after the
// adapter's patience nothing, so that the spinner stops.
type toast struct {
	words  chan tgbotapi.Params
	closed chan struct{} // nothing more can be said
	done   chan struct{} // the answer was given
}

// await answers the press in the background. Its end must be called.
func (s *session) await(ctx context.Context, id string) *toast {
	t := &toast{make(chan tgbotapi.Params), make(chan struct{}), make(chan struct{})}
	go func() {
		defer close(t.done)
		timer := time.NewTimer(s.patience)
		defer timer.Stop()
		var params tgbotapi.Params
		select {
		case params = <-t.words:
		case <-timer.C:
			params = tgbotapi.Params{}
		}
		close(t.closed)
		s.answer(ctx, id, params)
	}()
	return t
}

// say answers the press, and says whether it was still to be answered.
func (t *toast) say(params tgbotapi.Params) bool {
	select {
	case t.words <- params:
		return true
	case <-t.closed:
		return false
	}
}

// end answers with nothing if nothing was said, and waits for the answer.
func (t *toast) end() {
	t.say(tgbotapi.Params{})
	<-t.done
}
