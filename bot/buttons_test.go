// What buttons mean, with a store that can fail.

package bot_test

import (
	"context"
	"errors"
	"maps"
	"regexp"
	"strings"
	"testing"

	"github.com/strillone/strillone/bot"
	"github.com/strillone/strillone/digest"
)

type buttonStore struct {
	lines  map[string]string
	saves  int
	broken error
}

func (s *buttonStore) SaveButtons(_ context.Context, lines map[string]string) error {
	if s.broken != nil {
		return s.broken
	}
	s.saves++
	maps.Copy(s.lines, lines)
	return nil
}

func (s *buttonStore) Button(_ context.Context, id string) (string, error) {
	if line, ok := s.lines[id]; ok {
		return line, nil
	}
	return "", &digest.Error{Code: digest.NotFound}
}

func TestButtons(t *testing.T) {
	store := &buttonStore{lines: make(map[string]string)}
	b := bot.NewButtons(store, []byte("key"))
	lines := []string{"fonti 12", "leggi 3", "fonti 12", strings.Repeat("x", 300)}
	ids, err := b.IDs(t.Context(), lines)
	if err != nil {
		t.Fatal(err)
	}
	for i, id := range ids {
		if !regexp.MustCompile(`^[A-Za-z0-9_-]{16}$`).MatchString(id) {
			t.Errorf("id %q", id)
		}
		if line, err := b.Line(t.Context(), id); err != nil || line != lines[i] {
			t.Errorf("%q stands for %q, %v", id, line, err)
		}
	}
	if ids[0] != ids[2] || ids[0] == ids[1] {
		t.Errorf("ids %q", ids)
	}
	if _, err := b.IDs(t.Context(), lines); err != nil || store.saves != 1 {
		t.Errorf("saved %d times, %v", store.saves, err)
	}
	// Another process knows them by the same key, and by no other.
	later := bot.NewButtons(store, []byte("key"))
	if line, err := later.Line(t.Context(), ids[0]); err != nil || line != "fonti 12" {
		t.Errorf("%q, %v", line, err)
	}
	again, err := bot.NewButtons(store, []byte("another")).IDs(t.Context(), lines[:1])
	if err != nil || again[0] == ids[0] {
		t.Errorf("the id doesn't depend on the key: %q, %v", again, err)
	}
	for _, forged := range []string{"fonti 12", "", "AAAAAAAAAAAAAAAA"} {
		if line, err := b.Line(t.Context(), forged); digest.CodeOf(err) != digest.NotFound {
			t.Errorf("%q stands for %q, %v", forged, line, err)
		}
	}
}

func TestButtonsThatCantBeKept(t *testing.T) {
	broken := errors.New("disk full")
	store := &buttonStore{lines: make(map[string]string), broken: broken}
	b := bot.NewButtons(store, []byte("key"))
	if ids, err := b.IDs(t.Context(), []string{"leggi 1"}); !errors.Is(err, broken) || ids != nil {
		t.Errorf("%q, %v", ids, err)
	}
	store.broken = nil
	if _, err := b.IDs(t.Context(), []string{"leggi 1"}); err != nil || len(store.lines) != 1 {
		t.Errorf("%v, %v", store.lines, err)
	}
}

// TestButtonsThatAreForgotten: they say nothing any more, and are kept anew when
// they are shown again.
func TestButtonsThatAreForgotten(t *testing.T) {
	store := &buttonStore{lines: make(map[string]string)}
	b := bot.NewButtons(store, []byte("key"))
	lines := []string{"ora 9 in:7"}
	ids, err := b.IDs(t.Context(), lines)
	if err != nil {
		t.Fatal(err)
	}
	clear(store.lines)
	b.Reset()
	if line, err := b.Line(t.Context(), ids[0]); digest.CodeOf(err) != digest.NotFound {
		t.Errorf("it stands for %q, %v", line, err)
	}
	if _, err := b.IDs(t.Context(), lines); err != nil || store.lines[ids[0]] != lines[0] {
		t.Errorf("kept %v, %v", store.lines, err)
	}
}
