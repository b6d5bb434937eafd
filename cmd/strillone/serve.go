// serve: the bot itself, until a signal ends it.

package main

import (
	"errors"

	"github.com/strillone/strillone/storage"
)

type serveCommand struct{}

// Run serves every configured platform until the context ends.
func (serveCommand) Run(e *environment) (err error) {
	cfg, err := e.load()
	if err != nil {
		return err
	}
	log := newLog(e.Err, cfg.Log)
	for _, warning := range cfg.Warnings() {
		log.Warn("the configuration can be used, but", "warning", warning)
	}
	var end cleanup
	defer func() { err = errors.Join(err, end.run()) }()
	var store storage.Store
	err = withSpace(e.ctx, log, func() (err error) {
		store, err = storage.Open(e.ctx, cfg.Database)
		return err
	})
	if e.ctx.Err() != nil && errors.Is(err, e.ctx.Err()) {
		return nil // ended while it waited
	}
	if err != nil {
		return err
	}
	end.add("closing the database", store.Close)
	buttons, err := buttonsOf(e.ctx, store)
	if err != nil {
		return err
	}
	s, err := newService(cfg, forgetful{store, buttons}, chatAdapters(cfg, buttons, log), log)
	if err != nil {
		return err
	}
	if err := s.run(e.ctx); err != nil {
		return err
	}
	log.Info("strillone ended")
	return nil
}
