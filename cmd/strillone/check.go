// check: every fault of configuration, database and tokens, before people find
// them.

package main

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"time"

	"github.com/strillone/strillone/bot"
	"github.com/strillone/strillone/cmd/strillone/config"
	"github.com/strillone/strillone/digest/delivery"
	"github.com/strillone/strillone/storage"
)

// checkPatience is how long a platform may take to answer.
const checkPatience = 15 * time.Second

type checkCommand struct{}

// Run reports each thing checked on a line of its own; the error says how many
// faults there are.
func (checkCommand) Run(e *environment) error {
	cfg, err := e.load()
	if err != nil {
		return err
	}
	faults := 0
	say := func(what, good string, err error) {
		if err != nil {
			faults++
			fmt.Fprintf(e.Out, "✗ %s: %v\n", what, err)
			return
		}
		fmt.Fprintf(e.Out, "✓ %s: %s\n", what, good)
	}
	say("configuration", e.config, nil)
	for _, warning := range cfg.Warnings() {
		fmt.Fprintf(e.Out, "! %s\n", warning)
	}
	say("database", cfg.Database, checkDatabase(e.ctx, cfg))
	for _, a := range chatAdapters(cfg, nil, slog.New(slog.DiscardHandler)) {
		name, err := checkAdapter(e.ctx, a)
		say(string(a.Platform()), name, err)
	}
	switch faults {
	case 0:
		return nil
	case 1:
		return errors.New("1 fault found")
	}
	return fmt.Errorf("%d faults found", faults)
}

func checkDatabase(ctx context.Context, cfg *config.Config) (err error) {
	store, err := storage.Open(ctx, cfg.Database)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, store.Close()) }()
	return store.Check(ctx)
}

func checkAdapter(ctx context.Context, a bot.Adapter) (string, error) {
	ctx, cancel := context.WithTimeout(ctx, checkPatience)
	defer cancel()
	name, err := a.Check(ctx)
	if failure, ok := errors.AsType[*delivery.Failure](err); ok {
		err = failure.Err // its kind is for deliveries
	}
	return name, err
}
