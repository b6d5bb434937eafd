// full: a start on a full disk waits for space.

package main

import (
	"context"
	"errors"
	"log/slog"
	"time"

	"github.com/strillone/strillone/storage"
)

// The waits for space, doubled each time.
const firstSpaceWait, longestSpaceWait = time.Second, 30 * time.Second

// withSpace calls f, and again as long as there is no space to write in: an
// operator makes some, and a process that ended would have to be started too.
// It returns f's error, or ctx's if that ends first.
func withSpace(ctx context.Context, log *slog.Logger, f func() error) error {
	timer := time.NewTimer(0)
	defer timer.Stop()
	for wait := firstSpaceWait; ; wait = min(2*wait, longestSpaceWait) {
		select {
		case <-ctx.Done():
			return ctx.Err()
		case <-timer.C:
		}
		err := f()
		if !errors.Is(err, storage.ErrFull) {
			return err
		}
		log.LogAttrs(ctx, slog.LevelError, "the disk is full: make space, the bot starts as soon as there is some",
			slog.Any("error", err), slog.Duration("wait", wait))
		timer.Reset(wait)
	}
}
