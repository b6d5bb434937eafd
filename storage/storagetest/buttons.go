// Buttons: what they mean is kept, and by which key they are named.

package storagetest

import (
	"bytes"
	"maps"
	"testing"

	"github.com/strillone/strillone/digest"
)

func buttonsAreKept(t *testing.T, b *bench) {
	key, err := b.Secret(b.ctx(), "buttons")
	b.must(err)
	if len(key) != 32 || bytes.Equal(key, make([]byte, 32)) {
		t.Errorf("key %x", key)
	}
	other, err := b.Secret(b.ctx(), "other")
	b.must(err)
	if bytes.Equal(key, other) {
		t.Error("two names have one key")
	}
	lines := map[string]string{"a": "fonti 12", "b": "leggi 3"}
	b.must(b.SaveButtons(b.ctx(), maps.Clone(lines)))
	b.must(b.SaveButtons(b.ctx(), map[string]string{"a": "altro"}))
	b.must(b.Close())
	b.Store = b.database.Open(t)
	if again, err := b.Secret(b.ctx(), "buttons"); err != nil || !bytes.Equal(key, again) {
		t.Errorf("the key was %x and is %x, %v", key, again, err)
	}
	for id, line := range lines {
		if got, err := b.Button(b.ctx(), id); err != nil || got != line {
			t.Errorf("%s is %q, %v; want %q", id, got, err, line)
		}
	}
	_, err = b.Button(b.ctx(), "c")
	b.wantCode(err, digest.NotFound)
}
