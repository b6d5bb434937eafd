// demo: the main job with no account and no configuration, in the terminal.

package main

import (
	"context"
	"embed"
	"errors"
	"fmt"
	"log/slog"
	"os"
	"path/filepath"
	"strings"
	"time"

	"github.com/strillone/strillone/bot"
	"github.com/strillone/strillone/bot/locale"
	"github.com/strillone/strillone/bot/terminal"
	"github.com/strillone/strillone/cmd/strillone/config"
	"github.com/strillone/strillone/digest"
	"github.com/strillone/strillone/digest/delivery"
	"github.com/strillone/strillone/storage"
)

//go:embed samples/*.txt
var samples embed.FS

type demoCommand struct {
	Language digest.Language `enum:"it,en" default:"it" help:"it or en."`
}

// Run publishes the samples into a temporary database, delivers their digest to
// the terminal as it would be delivered to a chat, and answers what is typed.
func (c *demoCommand) Run(e *environment) (err error) {
	cfg := config.Default()
	cfg.Language = c.Language
	var end cleanup
	defer func() { err = errors.Join(err, end.run()) }()
	folder, err := os.MkdirTemp("", "strillone-demo-")
	if err != nil {
		return err
	}
	end.add("removing the demo's folder", func() error { return os.RemoveAll(folder) })
	store, err := storage.Open(e.ctx, "sqlite:"+filepath.Join(folder, "demo.db"))
	if err != nil {
		return err
	}
	end.add("closing the demo's database", store.Close)
	if err := publishSamples(e.ctx, store); err != nil {
		return err
	}
	color, width := screen(e.Out)
	interactive := isTerminal(e.In)
	screen := &delivered{Adapter: terminal.New(terminal.Config{
		In: e.In, Out: e.Out, Color: color, Width: width, Prompt: interactive, Language: string(c.Language),
		Speak: spoken(c.Language), Folder: folder,
		Greeting: greeting(c.Language, interactive), Hint: locale.For(c.Language).Say("demo.hint"),
	}), first: make(chan struct{})}
	s, err := newService(cfg, store, []bot.Adapter{screen}, slog.New(slog.NewTextHandler(e.Err, &slog.HandlerOptions{Level: slog.LevelWarn})))
	if err != nil {
		return err
	}
	to := digest.Destination{Platform: terminal.Platform, Chat: terminal.Chat}
	if _, _, err := store.Subscribe(e.ctx, to, c.Language, time.Now()); err != nil {
		return err
	}
	if _, err := s.publisher.Publish(e.ctx, time.Now()); err != nil {
		return err
	}
	return s.run(e.ctx)
}

func publishSamples(ctx context.Context, store storage.Store) error {
	files, err := samples.ReadDir("samples")
	if err != nil {
		return err
	}
	for _, f := range files {
		text, err := samples.ReadFile("samples/" + f.Name())
		if err != nil {
			return err
		}
		if _, err := importText(ctx, store, string(text)); err != nil {
			return fmt.Errorf("sample %s: %w", f.Name(), err)
		}
	}
	return nil
}

// delivered is the terminal that listens to nobody before the first delivery is
// on the screen, so that a piped command's answer never comes before the digest.
type delivered struct {
	*terminal.Adapter
	first chan struct{}
}

// Send prints a part and opens the prompt.
func (d *delivered) Send(ctx context.Context, m delivery.Message) (delivery.Receipt, error) {
	receipt, err := d.Adapter.Send(ctx, m)
	if err == nil {
		select {
		case <-d.first:
		default:
			close(d.first)
		}
	}
	return receipt, err
}

// Run waits for the first delivery and then listens.
func (d *delivered) Run(ctx context.Context, h bot.Handler) error {
	select {
	case <-d.first:
		return d.Adapter.Run(ctx, h)
	case <-ctx.Done():
		return nil
	}
}

// spoken gives command lines the names that commands, and settings with them,
// have in a language.
func spoken(l digest.Language) func(line string) string {
	say := locale.For(l)
	return func(line string) string {
		words := strings.Split(line, " ")
		named := 1
		if words[0] == "impostazioni" {
			named = 2
		}
		for i := range words[:min(named, len(words))] {
			if id := "command." + words[i] + ".name"; say.Has(id) {
				words[i] = say.Say(id)
			}
		}
		return strings.Join(words, " ")
	}
}

// greeting tells what to type.
func greeting(l digest.Language, interactive bool) string {
	if !interactive {
		return ""
	}
	return locale.For(l).Say("demo.greeting")
}
