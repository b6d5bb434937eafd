// What buttons stand for after a person is forgotten.

package main

import (
	"path/filepath"
	"testing"
	"time"

	"github.com/strillone/strillone/digest"
	"github.com/strillone/strillone/storage"
)

func TestForgottenButtonsSayNothing(t *testing.T) {
	ctx := t.Context()
	store, err := storage.Open(ctx, "sqlite:"+filepath.Join(t.TempDir(), "s.db"))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = store.Close() })
	buttons, err := buttonsOf(ctx, store)
	if err != nil {
		t.Fatal(err)
	}
	lines := []string{"ora 9 in:7"}
	ids, err := buttons.IDs(ctx, lines)
	if err != nil {
		t.Fatal(err)
	}
	me, home := digest.Person{Platform: "telegram", ID: "7"}, digest.Destination{Platform: "telegram", Chat: "7"}
	if err := (forgetful{store, buttons}).Forget(ctx, me, home, time.Now()); err != nil {
		t.Fatal(err)
	}
	if line, err := buttons.Line(ctx, ids[0]); digest.CodeOf(err) != digest.NotFound {
		t.Errorf("it stands for %q, %v", line, err)
	}
	if _, err := buttons.IDs(ctx, lines); err != nil {
		t.Fatal(err)
	}
	if line, err := store.Button(ctx, ids[0]); err != nil || line != lines[0] {
		t.Errorf("shown again, it stands for %q, %v", line, err)
	}
}
