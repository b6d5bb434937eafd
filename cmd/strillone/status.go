// status: how the deliveries stand, from the database alone.

package main

import (
	"errors"
	"fmt"
	"log/slog"
	"time"

	"github.com/strillone/strillone/bot/compose"
	"github.com/strillone/strillone/bot/locale"
	"github.com/strillone/strillone/bot/scheduler"
	"github.com/strillone/strillone/storage"
)

type statusCommand struct{}

// Run prints what /stato answers. It changes nothing, and may run beside serve.
func (statusCommand) Run(e *environment) (err error) {
	cfg, err := e.loadOffline()
	if err != nil {
		return err
	}
	schedule, err := scheduler.Parse(cfg.Digest.Schedule, cfg.Location())
	if err != nil {
		return fmt.Errorf("digest.schedule: %w", err)
	}
	ledger, err := storage.OpenToRead(e.ctx, cfg.Database)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, ledger.Close()) }()
	report, err := ledger.Report(e.ctx)
	if err != nil {
		return err
	}
	now := time.Now()
	doc := compose.Writer{Zone: cfg.Location()}.Status(report, compose.Outlook{
		Now: now, Next: schedule.Next(now), Pace: pacesOf(chatAdapters(cfg, nil, slog.New(slog.DiscardHandler))),
	}, locale.For(cfg.Language))
	parts, err := e.renderer("terminal", cfg).Render(doc)
	if err != nil {
		return err
	}
	for _, part := range parts {
		if _, err := fmt.Fprintln(e.Out, string(part)); err != nil {
			return err
		}
	}
	return nil
}
