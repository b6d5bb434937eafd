// classic: a message made of components as an embed with rows below, for
// servers that don't take components of the second kind.

package discord

import (
	"encoding/json"
	"errors"
	"net/http"
	"regexp"
	"slices"
	"strings"
)

// Format says what messages are made of.
type Format string

// The formats.
const (
	Auto       Format = "auto"       // Components, and Embeds where Discord refuses those
	Components Format = "components" // containers with sections and buttons
	Embeds     Format = "embeds"     // an embed with rows of buttons below
)

const (
	maxRows     = 5        // of buttons and menus below an embed
	placeholder = "\u200b" // says nothing, where Discord demands something
)

// classic is the message as an embed. Its texts, at most 4,000 characters and
// 39 gaps, fit an embed's description of 4,096 (docs.discord.com, Embed
// Limits). The buttons beside sections stand in rows below it, before the
// message's own rows; those that have no room there are left out, as every one
// of them is in a menu or a command away.
func classic(m message) message {
	var texts []string
	var beside []component
	var rows []component
	color := 0
	var visit func([]component)
	visit = func(all []component) {
		for _, c := range all {
			switch c.Type {
			case typeContainer:
				color = c.AccentColor
				visit(c.Components)
			case typeText:
				texts = append(texts, c.Content)
			case typeSection:
				visit(c.Components)
				beside = append(beside, called(*c.Accessory, textsOf(c.Components)))
			case typeRow:
				rows = append(rows, c)
			}
		}
	}
	visit(m.Components)
	rows = rows[:min(len(rows), maxRows)]
	beside = beside[:min(len(beside), (maxRows-len(rows))*maxRow)]
	m.Components = nil
	for row := range slices.Chunk(beside, maxRow) {
		m.Components = append(m.Components, component{Type: typeRow, Components: slices.Clip(row)})
	}
	m.Components = append(m.Components, rows...)
	m.Flags &^= flagComponents | flagNoEmbeds
	m.Embeds = []embed{{Description: strings.Join(texts, "\n\n"), Color: color}}
	if len(texts) == 0 {
		m.Embeds[0].Description = placeholder
	}
	return m
}

func textsOf(all []component) string {
	var b strings.Builder
	for _, c := range all {
		b.WriteString(c.Content)
	}
	return b.String()
}

// number is how articles are called.
var number = regexp.MustCompile(`#\d+`)

// called is a button that stood beside a text, with a label that says which:
// many of them now stand side by side.
func called(b component, text string) component {
	if n := number.FindString(text); n != "" {
		b.Label = shorten(b.Label, maxLabel-len(n)-1) + " " + n
	}
	return b
}

// refusesComponents says that Discord doesn't know what a message is made of,
// rather than that something in it is wrong.
func refusesComponents(err error) bool {
	o, ok := errors.AsType[*outcome](err)
	if !ok || o.status != http.StatusBadRequest {
		return false
	}
	var faults map[string]json.RawMessage
	_ = json.Unmarshal(o.answer.Errors, &faults) // none, if it can't be read
	_, flags := faults["flags"]
	_, components := faults["components"]
	return o.answer.Code == emptyMessage || o.answer.Code == invalidForm && (flags || components)
}

// inForm sends a message, and as an embed when Discord doesn't take it made of
// components.
func (a *Adapter) inForm(m message, send func(message) error) error {
	err := send(m)
	if a.format == Auto && m.Flags&flagComponents != 0 && refusesComponents(err) {
		a.warnOfClassic(err)
		return send(classic(m))
	}
	return err
}

func (a *Adapter) warnOfClassic(refused error) {
	a.log.Warn("Discord takes no message made of components, an embed goes out instead: set discord.format to embeds to spare the attempt", "error", refused)
}
