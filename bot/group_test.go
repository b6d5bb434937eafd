// Group: adapters that fail, panic and end.

package bot_test

import (
	"context"
	"errors"
	"log/slog"
	"strings"
	"testing"

	"go.uber.org/goleak"

	"github.com/strillone/strillone/bot"
	"github.com/strillone/strillone/digest"
)

// adapter runs as its function does.
type adapter struct {
	bot.Adapter
	name digest.Platform
	run  func(context.Context) error
}

func (a adapter) Platform() digest.Platform                    { return a.name }
func (a adapter) Run(ctx context.Context, _ bot.Handler) error { return a.run(ctx) }

func group() (*bot.Group, *strings.Builder) {
	var log strings.Builder
	return &bot.Group{Log: slog.New(slog.NewTextHandler(&log, nil))}, &log
}

// One that fails and one that panics leave the third to run until ctx ends.
func TestOneAdapterNeverStopsAnother(t *testing.T) {
	defer goleak.VerifyNone(t)
	g, log := group()
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	refused, panicked := make(chan struct{}), make(chan struct{})
	err := g.Run(ctx, nil,
		adapter{name: "telegram", run: func(context.Context) error {
			defer close(refused)
			return errors.New("token refused")
		}},
		adapter{name: "discord", run: func(context.Context) error {
			defer close(panicked)
			panic("index out of range")
		}},
		adapter{name: "terminal", run: func(ctx context.Context) error {
			<-refused
			<-panicked
			if ctx.Err() != nil {
				t.Error("the context of the third ended")
			}
			cancel()
			<-ctx.Done()
			return ctx.Err()
		}})
	if err != nil {
		t.Errorf("got %v", err)
	}
	for _, want := range []string{"platform=telegram", "token refused", "platform=discord", "index out of range", "stack="} {
		if !strings.Contains(log.String(), want) {
			t.Errorf("the log lacks %q: %s", want, log)
		}
	}
	if strings.Contains(log.String(), "platform=terminal") {
		t.Errorf("an orderly end was logged: %s", log)
	}
}

func TestNoAdapterLeft(t *testing.T) {
	defer goleak.VerifyNone(t)
	g, _ := group()
	refused := errors.New("token refused")
	fails := adapter{name: "telegram", run: func(context.Context) error { return refused }}
	panics := adapter{name: "discord", run: func(context.Context) error { panic("no") }}
	ends := adapter{name: "terminal", run: func(context.Context) error { return nil }}
	err := g.Run(t.Context(), nil, fails, panics)
	if !errors.Is(err, refused) || !strings.Contains(err.Error(), "telegram: token refused") || !strings.Contains(err.Error(), "discord: panic: no") {
		t.Errorf("got %v", err)
	}
	if err := g.Run(t.Context(), nil, fails, ends); !errors.Is(err, refused) {
		t.Errorf("got %v", err)
	}
	if err := g.Run(t.Context(), nil, ends); err != nil {
		t.Errorf("got %v", err)
	}
	if err := g.Run(t.Context(), nil); err != nil {
		t.Errorf("got %v", err)
	}
}
