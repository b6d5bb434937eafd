// Buttons: what a pressed button means, kept on this side.

package bot

import (
	"context"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"fmt"
	"sync"
)

// ButtonStore is what Buttons needs of a database; storage.Store says what each
// method promises.
type ButtonStore interface {
	SaveButtons(ctx context.Context, lines map[string]string) error
	Button(ctx context.Context, id string) (string, error)
}

// Buttons gives the command lines behind buttons ids that say nothing: what a
// platform gets and sends back is an id, and what it stands for is looked up
// here, so that nobody can have the bot run a line that it never offered. The
// same line always has the same id. It is safe for concurrent use.
type Buttons struct {
	store ButtonStore
	key   []byte

	mu    sync.Mutex
	known map[string]string // lines by id
}

// maxKnown is how many buttons are kept in memory; it begins anew when there are
// more.
const maxKnown = 100_000

// NewButtons makes Buttons. The key is secret and must stay the same for as long
// as the messages that were sent are to answer.
func NewButtons(store ButtonStore, key []byte) *Buttons {
	return &Buttons{store: store, key: key, known: make(map[string]string)}
}

// IDs are the ids of the lines, each of 16 characters of A-Z a-z 0-9 _ -, stored
// when it returns without an error.
func (b *Buttons) IDs(ctx context.Context, lines []string) ([]string, error) {
	ids := make([]string, len(lines))
	fresh := make(map[string]string)
	b.mu.Lock()
	for i, line := range lines {
		ids[i] = b.id(line)
		if _, known := b.known[ids[i]]; !known {
			fresh[ids[i]] = line
		}
	}
	b.mu.Unlock()
	if len(fresh) == 0 {
		return ids, nil
	}
	if err := b.store.SaveButtons(ctx, fresh); err != nil {
		return nil, fmt.Errorf("keep what buttons mean: %w", err)
	}
	for id, line := range fresh {
		b.learn(id, line)
	}
	return ids, nil
}

// Line is the command line behind an id. An unknown one is digest.NotFound.
func (b *Buttons) Line(ctx context.Context, id string) (string, error) {
	b.mu.Lock()
	line, known := b.known[id]
	b.mu.Unlock()
	if known {
		return line, nil
	}
	line, err := b.store.Button(ctx, id)
	if err != nil {
		return "", err
	}
	b.learn(id, line)
	return line, nil
}

// Reset forgets what is known beside the store, for when that has forgotten some.
func (b *Buttons) Reset() {
	b.mu.Lock()
	defer b.mu.Unlock()
	clear(b.known)
}

func (b *Buttons) learn(id, line string) {
	b.mu.Lock()
	defer b.mu.Unlock()
	if len(b.known) >= maxKnown {
		clear(b.known)
	}
	b.known[id] = line
}

// id is a keyed hash: 96 bits, which no two lines share.
func (b *Buttons) id(line string) string {
	mac := hmac.New(sha256.New, b.key)
	mac.Write([]byte(line))
	return base64.RawURLEncoding.EncodeToString(mac.Sum(nil)[:12])
}
