// Keyboard: the actions of a document as an inline keyboard.

package telegram

import (
	"fmt"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/rivo/uniseg"

	"github.com/strillone/strillone/digest/markup"
)

// The limits of a keyboard. InlineKeyboardButton: callback_data 1–64 bytes. The
// number of buttons, and of those in a row, are reported only.
const (
	maxCallbackData = 64
	maxCommand      = 1024 // ours: of the line behind a button, in bytes
	maxButtons      = 100
	maxInRow        = 8
	maxLabel        = 64 // ours: what a phone shows of a button

	shortInRow = 5 // buttons with short labels
	labelInRow = 3 // buttons with words on them
)

// keyboard is an InlineKeyboardMarkup.
type keyboard struct {
	Rows [][]button `json:"inline_keyboard"`
}

// button is an InlineKeyboardButton. Servers older than Bot API 9.4 ignore the
// style.
type button struct {
	Text         string `json:"text"`
	CallbackData string `json:"callback_data,omitempty"`
	URL          string `json:"url,omitempty"`
	Style        string `json:"style,omitempty"`
}

// keyboardOf is the document's keyboard, nil when it has no actions: the
// sections' actions by their short labels, the rows, the menu. Buttons hold what
// they stand for.
func keyboardOf(doc markup.Doc) (*keyboard, error) {
	var below [][]button
	for _, row := range doc.Rows {
		buttons, err := buttonsOf(row, len(row) > labelInRow)
		if err != nil {
			return nil, err
		}
		below = append(below, even(buttons, maxInRow)...)
	}
	menu, err := menuRows(doc.Menu)
	if err != nil {
		return nil, err
	}
	below = append(below, menu...)
	sections, err := buttonsOf(sectionActions(doc.Blocks), true)
	if err != nil {
		return nil, err
	}
	// An article without its button can still be opened by its number; the
	// other buttons can't be done without.
	room := max(maxButtons-len(slices.Concat(below...)), 0)
	rows := append(even(sections[:min(len(sections), room)], shortInRow), below...)
	if len(rows) == 0 {
		return nil, nil
	}
	return &keyboard{rows}, nil
}

func sectionActions(blocks []markup.Block) []markup.Action {
	var out []markup.Action
	for _, b := range blocks {
		if s, ok := b.(markup.Section); ok && s.Action != (markup.Action{}) {
			out = append(out, s.Action)
		}
	}
	return out
}

// menuRows stand for a select menu, which Telegram doesn't have.
func menuRows(m *markup.Menu) ([][]button, error) {
	if m == nil {
		return nil, nil
	}
	actions, width := m.Items, 1
	if len(m.Else) > 0 {
		actions, width = m.Else, labelInRow
	}
	short := !slices.ContainsFunc(actions, func(a markup.Action) bool { return a.Short == "" })
	if short {
		width = shortInRow
	}
	buttons, err := buttonsOf(actions, short)
	return even(buttons, width), err
}

// even is buttons in as few rows of at most width as they need, all about as
// long: six in rows of five are three and three.
func even(buttons []button, width int) [][]button {
	var rows [][]button
	for left := (len(buttons) + width - 1) / width; left > 0; left-- {
		n := (len(buttons) + left - 1) / left
		rows = append(rows, buttons[:n])
		buttons = buttons[n:]
	}
	return rows
}

// buttonsOf are the buttons of actions, by their short labels when short.
func buttonsOf(actions []markup.Action, short bool) ([]button, error) {
	out := make([]button, len(actions))
	for i, a := range actions {
		if err := check(a); err != nil {
			return nil, err
		}
		address, _ := markup.Link(a.URL)
		out[i] = button{Text: caption(a, short), CallbackData: meaningOf(a), URL: address, Style: styles[a.Tone]}
	}
	return out, nil
}

// check returns what is wrong with an action.
func check(a markup.Action) error {
	if (a.Command == "") == (a.URL == "") {
		return fmt.Errorf("action %q: exactly one of command and URL must be set", a.Label)
	}
	if len(a.Command) > maxCommand || !utf8.ValidString(a.Command) || strings.Contains(a.Command, "\n") {
		return fmt.Errorf("command %q: must be one line of UTF-8 of at most %d bytes", a.Command, maxCommand)
	}
	if a.Input != nil && (a.Command == "" || strings.TrimSpace(a.Input.Label) == "") {
		return fmt.Errorf("action %q: what it asks for needs a command and a label", a.Label)
	}
	if _, ok := markup.Link(a.URL); a.URL != "" && !ok {
		return fmt.Errorf("action %q: its URL must be http or https", a.Label)
	}
	return nil
}

var styles = map[markup.Tone]string{markup.Primary: "primary", markup.Danger: "danger"}

// caption is what the button of an action says, never nothing: on one line and
// not over maxLabel characters.
func caption(a markup.Action, short bool) string {
	label := a.Label
	if short && a.Short != "" || label == "" {
		label = a.Short
	}
	label = strings.Join(strings.Fields(clean(label)), " ")
	if !strings.ContainsFunc(label, visible) {
		label = a.Command + a.URL
	}
	return shorten(label, maxLabel)
}

// shorten is s cut to at most limit characters, with an ellipsis, between
// grapheme clusters.
func shorten(s string, limit int) string {
	if utf8.RuneCountInString(s) <= limit {
		return s
	}
	kept, length := 0, 1 // the ellipsis
	for rest, state := s, -1; rest != ""; {
		var cluster string
		cluster, rest, _, state = uniseg.FirstGraphemeClusterInString(rest, state)
		if length += utf8.RuneCountInString(cluster); length > limit {
			break
		}
		kept += len(cluster)
	}
	return strings.TrimSpace(s[:kept]) + "…"
}
