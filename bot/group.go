// Group: adapters side by side, so that the trouble of one stays its own.

package bot

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"runtime/debug"
	"sync"
)

// Group runs adapters side by side.
type Group struct {
	Log *slog.Logger
}

// Run runs each adapter with h until ctx ends, waits for all of them and returns
// nil. An adapter that ends with an error, or panics, is logged and leaves the
// others to go on; when none is left while ctx goes on, the error is those of
// all, joined. An adapter that ends with nil has done its work: a terminal whose
// input ended.
func (g *Group) Run(ctx context.Context, h Handler, adapters ...Adapter) error {
	failures := make([]error, len(adapters))
	var running sync.WaitGroup
	for i, a := range adapters {
		running.Go(func() { failures[i] = g.run(ctx, h, a) })
	}
	running.Wait()
	if ctx.Err() != nil {
		return nil
	}
	return errors.Join(failures...)
}

// run runs one adapter and logs what ended it.
func (g *Group) run(ctx context.Context, h Handler, a Adapter) (err error) {
	defer func() {
		if v := recover(); v != nil {
			err = fmt.Errorf("%s: panic: %v", a.Platform(), v)
			g.Log.ErrorContext(ctx, "adapter panicked; the other platforms go on. Restart, and report it with this stack",
				slog.String("platform", string(a.Platform())), slog.Any("panic", v), slog.String("stack", string(debug.Stack())))
		}
	}()
	err = a.Run(ctx, h)
	if inOrder(ctx, err) {
		return nil
	}
	g.Log.ErrorContext(ctx, "platform stopped; the others go on. Remove the cause, then restart; `strillone check` tells what is wrong",
		slog.String("platform", string(a.Platform())), slog.Any("error", err))
	return fmt.Errorf("%s: %w", a.Platform(), err)
}

// inOrder says whether err is none, or only tells that ctx ended.
func inOrder(ctx context.Context, err error) bool {
	return err == nil || ctx.Err() != nil && errors.Is(err, ctx.Err())
}
