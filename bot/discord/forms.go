// forms: the modal that asks for what a button needs to know.

package discord

import (
	"context"
	"encoding/json"
	"strings"

	"github.com/strillone/strillone/digest/markup"
)

// Limits of a modal (docs.discord.com, Modal and Label).
const (
	maxFormTitle = 45
	maxHint      = 100
	maxTyped     = 300 // what may be typed; Discord allows 4,000
)

// fieldID is the custom_id of a form's one field.
const fieldID = "text"

const lineStyle = 1 // a text input of one line

// form is a modal.
type form struct {
	CustomID   string      `json:"custom_id"`
	Title      string      `json:"title"`
	Components []component `json:"components"`
}

// formFor asks for what an offer needs: a role, where it is about one and there
// are some to choose among, else a text. The form brings back the button's id.
func formFor(id string, o offer, inServer bool) *form {
	field := component{Type: typeInput, CustomID: fieldID, Style: lineStyle, MaxLength: maxTyped, Placeholder: shorten(o.input.Hint, maxHint)}
	if name, _ := commandLine(o.line); name == mentionCommand && inServer {
		field = component{Type: typeRoles, CustomID: fieldID}
	}
	title := label(markup.Action{Label: o.input.Label}, maxFormTitle)
	return &form{
		CustomID:   unmarked(id),
		Title:      title,
		Components: []component{{Type: typeLabel, Label: title, Component: &field}},
	}
}

// filledIn is what a person put into a form's field.
func filledIn(components json.RawMessage) string {
	var all any
	if json.Unmarshal(components, &all) != nil {
		return ""
	}
	text := ""
	walk(all, func(c map[string]any) {
		if c["custom_id"] != fieldID {
			return
		}
		if typed, ok := c["value"].(string); ok {
			text = typed
		}
		if chosen, ok := c["values"].([]any); ok && len(chosen) > 0 {
			text, _ = chosen[0].(string)
		}
	})
	return strings.TrimSpace(clean(text))
}

// open shows a form.
func (t talk) open(ctx context.Context, f *form) { t.answer(ctx, answerForm, f) }
