// Buttons: what a button's data stands for. It is an id that says nothing; only
// the bot knows the line behind it.

package telegram

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/strillone/strillone/digest"
	"github.com/strillone/strillone/digest/markup"
)

// keepingTimeout bounds how long a rendering waits for its buttons to be stored.
const keepingTimeout = 10 * time.Second

// meaningOf is what a button stands for: the command line, then, on lines of their
// own, what the person is asked for, if anything.
func meaningOf(a markup.Action) string {
	if a.Input == nil {
		return a.Command
	}
	oneLine := func(s string) string { return strings.Join(strings.Fields(s), " ") }
	return a.Command + "\n" + oneLine(a.Input.Label) + "\n" + oneLine(a.Input.Hint)
}

// understand is meaningOf read back. Ask is nil for a button that asks for
// nothing.
func understand(meaning string) (line string, ask *markup.Input) {
	line, rest, asks := strings.Cut(meaning, "\n")
	if !asks {
		return line, nil
	}
	label, hint, _ := strings.Cut(rest, "\n")
	return line, &markup.Input{Label: label, Hint: hint}
}

// conceal puts ids in the place of what buttons stand for. Without Buttons they
// are left as they are, within what a button can carry.
func (a *Adapter) conceal(rows [][]button) error {
	var open []*button
	var meanings []string
	for _, row := range rows {
		for i := range row {
			if row[i].CallbackData != "" {
				open, meanings = append(open, &row[i]), append(meanings, row[i].CallbackData)
			}
		}
	}
	if a.config.Buttons == nil {
		for _, m := range meanings {
			if len(m) > maxCallbackData {
				return fmt.Errorf("command %q: without Buttons at most %d bytes", m, maxCallbackData)
			}
		}
		return nil
	}
	// Renderings belong to no request: nobody's context ends them.
	ctx, cancel := context.WithTimeout(context.Background(), keepingTimeout)
	defer cancel()
	ids, err := a.config.Buttons.IDs(ctx, meanings)
	if err != nil {
		return err
	}
	for i, id := range ids {
		open[i].CallbackData = id
	}
	return nil
}

// reveal is what a pressed button stands for; known is false for one that nobody
// made.
func (a *Adapter) reveal(ctx context.Context, data string) (line string, ask *markup.Input, known bool, err error) {
	if a.config.Buttons == nil {
		line, ask = understand(data)
		return line, ask, true, nil
	}
	meaning, err := a.config.Buttons.Line(ctx, data)
	if errors.Is(err, &digest.Error{Code: digest.NotFound}) {
		return "", nil, false, nil
	}
	if err != nil {
		return "", nil, false, err
	}
	line, ask = understand(meaning)
	return line, ask, true, nil
}

// commands are the command lines of a keyboard's buttons, as far as they are
// known.
func (a *Adapter) commands(ctx context.Context, k *keyboard) []string {
	if k == nil {
		return nil
	}
	var out []string
	for _, row := range k.Rows {
		for _, b := range row {
			if b.CallbackData == "" {
				continue
			}
			if line, _, known, err := a.reveal(ctx, b.CallbackData); known && err == nil {
				out = append(out, line)
			}
		}
	}
	return out
}
