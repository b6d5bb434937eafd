// opaque: what buttons and menus carry. A command line stays on this side; what
// Discord gets and sends back is an id that says nothing.

package discord

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/strillone/strillone/digest"
	"github.com/strillone/strillone/digest/markup"
)

// keeping is how long the database may take to keep the buttons of a document.
const keeping = 10 * time.Second

// unit separates a line from what is asked before it runs.
const unit = "\x1f"

// carried is all that a button must bring back: its line, and what it asks for.
func carried(a markup.Action) string {
	if a.Input == nil {
		return a.Command
	}
	return a.Command + unit + a.Input.Label + unit + a.Input.Hint
}

// offer is what a button stands for.
type offer struct {
	line  string
	input *markup.Input
}

func offerOf(carried string) offer {
	line, rest, asks := strings.Cut(carried, unit)
	if !asks {
		return offer{line: line}
	}
	label, hint, _ := strings.Cut(rest, unit)
	return offer{line: line, input: &markup.Input{Label: label, Hint: hint}}
}

// opaque is the document with ids in the place of its command lines. Without
// Buttons they stay as they are, and must be short enough.
func (a *Adapter) opaque(doc markup.Doc) (markup.Doc, error) {
	var lines []string
	each(doc, func(action markup.Action) markup.Action {
		lines = append(lines, carried(action))
		return action
	})
	ids := lines
	if a.buttons != nil && len(lines) > 0 {
		ctx, cancel := context.WithTimeout(context.Background(), keeping)
		defer cancel()
		var err error
		if ids, err = a.buttons.IDs(ctx, lines); err != nil {
			return doc, fmt.Errorf("discord: %w", err)
		}
	}
	for _, id := range ids {
		if len(id) > maxCustomID-len(repeated(999)) {
			return doc, fmt.Errorf("discord: the command %.20q… has %d bytes, too many for a button", id, len(id))
		}
	}
	next := 0
	return each(doc, func(action markup.Action) markup.Action {
		action.Label = label(action, maxOption)
		action.Command = ids[next]
		next++
		return action
	}), nil
}

// each is the document with its actions that run a command changed, in order.
func each(doc markup.Doc, change func(markup.Action) markup.Action) markup.Doc {
	one := func(a markup.Action) markup.Action {
		if a.Command == "" {
			return a
		}
		return change(a)
	}
	many := func(actions []markup.Action) []markup.Action {
		out := make([]markup.Action, len(actions))
		for i, a := range actions {
			out[i] = one(a)
		}
		return out
	}
	out := markup.Doc{Blocks: slices.Clone(doc.Blocks)}
	for i, b := range out.Blocks {
		if s, ok := b.(markup.Section); ok {
			s.Action = one(s.Action)
			out.Blocks[i] = s
		}
	}
	for _, row := range doc.Rows {
		out.Rows = append(out.Rows, many(row))
	}
	if doc.Menu != nil {
		out.Menu = &markup.Menu{Label: doc.Menu.Label, Items: many(doc.Menu.Items)}
	}
	return out
}

// offered is what an id stands for; false when it is not known, or no more.
func (a *Adapter) offered(ctx context.Context, id string) (offer, bool) {
	id = unmarked(id)
	if a.buttons == nil {
		return offerOf(id), id != ""
	}
	carried, err := a.buttons.Line(ctx, id)
	if err != nil && !errors.Is(err, &digest.Error{Code: digest.NotFound}) && ctx.Err() == nil {
		a.log.Warn("what a button stands for can't be looked up", "error", err)
	}
	return offerOf(carried), err == nil
}

// quoted are the command lines of a message's buttons and menus, those that are
// still known.
func (a *Adapter) quoted(ctx context.Context, m *textMessage) []string {
	if m == nil {
		return nil
	}
	var lines []string
	for _, id := range idsIn(m.Components) {
		if o, ok := a.offered(ctx, id); ok {
			lines = append(lines, o.line)
		}
	}
	return lines
}
