// import: articles from text files, published at once.

package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"strings"
	"time"

	"github.com/strillone/strillone/bot/locale"
	"github.com/strillone/strillone/digest"
	"github.com/strillone/strillone/digest/markup"
	"github.com/strillone/strillone/storage"
)

type importCommand struct {
	Files []string `arg:"" name:"file" help:"Text files, an article each, written as editors write them."`
}

// Run imports every file it can and reports each of the others.
func (c *importCommand) Run(e *environment) (err error) {
	cfg, err := e.loadOffline()
	if err != nil {
		return err
	}
	store, err := storage.Open(e.ctx, cfg.Database)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, store.Close()) }()
	failed := 0
	for _, file := range c.Files {
		outcome, err := importFile(e.ctx, store, file)
		if err != nil {
			failed++
			fmt.Fprintf(e.Err, "%s: %v\n", file, err)
			continue
		}
		fmt.Fprintf(e.Out, "%s: %s\n", file, outcome)
	}
	if failed > 0 {
		return fmt.Errorf("%d of %d files could not be imported", failed, len(c.Files))
	}
	return nil
}

// importFile publishes the article in file and says under what number.
func importFile(ctx context.Context, store storage.Store, file string) (string, error) {
	data, err := os.ReadFile(file)
	if err != nil {
		return "", err
	}
	return importText(ctx, store, string(data))
}

func importText(ctx context.Context, store storage.Store, text string) (string, error) {
	content, _, err := digest.Parse(digest.Submission{Text: markup.T(text), Author: "import"})
	if err != nil {
		return "", plain(err)
	}
	draft, err := store.SaveDraft(ctx, content, "import", time.Now())
	if known, ok := errors.AsType[*digest.Error](err); ok && known.Code == digest.AlreadyThere {
		return fmt.Sprintf("already there as #%v", known.Data["Number"]), nil
	}
	if err != nil {
		return "", err
	}
	a, _, err := store.PublishDraft(ctx, draft.ID, time.Now())
	if err != nil {
		return "", err
	}
	return fmt.Sprintf("published as #%d: %s", a.Number, a.Title), nil
}

// plain is a coded error in English words.
func plain(err error) error {
	if coded, ok := errors.AsType[*digest.Error](err); ok {
		return errors.New(strings.TrimPrefix(locale.For(digest.English).Say("error."+string(coded.Code), coded.Data), "⚠️ "))
	}
	return err
}
