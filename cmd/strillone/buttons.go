// buttons: where what buttons stand for is kept.

package main

import (
	"context"
	"crypto/rand"
	"time"

	"github.com/strillone/strillone/bot"
	"github.com/strillone/strillone/digest"
	"github.com/strillone/strillone/storage"
)

// buttonsOf keeps them in the database, behind its own key.
func buttonsOf(ctx context.Context, store storage.Store) (*bot.Buttons, error) {
	key, err := store.Secret(ctx, "buttons")
	if err != nil {
		return nil, err
	}
	return bot.NewButtons(store, key), nil
}

// forgetful is a Store beside which the buttons forget, too.
type forgetful struct {
	storage.Store
	buttons *bot.Buttons
}

// Forget erases what is kept of a person; see storage.Store. After an error some
// of it may be erased.
func (f forgetful) Forget(ctx context.Context, who digest.Person, home digest.Destination, at time.Time) error {
	defer f.buttons.Reset()
	return f.Store.Forget(ctx, who, home, at)
}

// forOnce keeps them nowhere: for buttons that are shown and never pressed.
func forOnce() *bot.Buttons {
	key := make([]byte, 32)
	_, _ = rand.Read(key) // never fails
	return bot.NewButtons(nowhere{}, key)
}

// nowhere is a bot.ButtonStore that keeps nothing.
type nowhere struct{}

func (nowhere) SaveButtons(context.Context, map[string]string) error { return nil }

func (nowhere) Button(context.Context, string) (string, error) {
	return "", &digest.Error{Code: digest.NotFound}
}
