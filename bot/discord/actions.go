// actions: buttons and menus, and the ids they carry.

package discord

import (
	"cmp"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"github.com/strillone/strillone/digest/markup"
)

// rows are buttons in rows of at most five.
func rows(all [][]markup.Action) []component {
	var out []component
	for _, actions := range all {
		var buttons []component
		for _, a := range actions {
			if b, ok := button(a); ok {
				buttons = append(buttons, b)
			}
		}
		for row := range slices.Chunk(buttons, maxRow) {
			out = append(out, component{Type: typeRow, Components: slices.Clip(row)})
		}
	}
	return out
}

// button is an action as a button, if it can be one.
func button(a markup.Action) (component, bool) {
	b := component{
		Type:  typeButton,
		Style: styleSecondary,
		Label: label(a, maxLabel),
	}
	switch a.Tone {
	case markup.Primary:
		b.Style = stylePrimary
	case markup.Danger:
		b.Style = styleDanger
	}
	if a.Command != "" {
		b.CustomID = a.Command
		return b, true
	}
	address, ok := markup.Link(a.URL)
	if !ok || len(address) > maxButtonURL {
		return component{}, false
	}
	b.Style, b.URL = styleLink, address
	return b, true
}

// label is what a button or a choice says: never nothing, which Discord refuses.
func label(a markup.Action, limit int) string {
	for _, s := range []string{a.Label, a.Short, a.Command} {
		if s = strings.TrimSpace(clean(s)); s != "" {
			return shorten(s, limit)
		}
	}
	return shorten(cmp.Or(a.URL, "…"), limit)
}

// menuID is the custom_id of a menu; what is chosen says the rest.
const menuID = "menu"

// menus are a menu, or several when it has more than 25 items, each in a row of
// its own. Items that open a link can't stand in one.
func menus(m *markup.Menu) []component {
	if m == nil {
		return nil
	}
	var options []option
	for _, a := range m.Items {
		if a.Command != "" {
			options = append(options, option{Label: label(a, maxOption), Value: a.Command})
		}
	}
	var out []component
	for chunk := range slices.Chunk(options, maxOptions) {
		out = append(out, component{Type: typeRow, Components: []component{{
			Type:        typeMenu,
			CustomID:    menuID,
			Placeholder: shorten(m.Label, maxPlaceholder),
			Options:     slices.Clip(chunk),
		}}})
	}
	return out
}

// distinct makes every custom_id unique in the message, and every value in its
// menu, as Discord demands.
func distinct(components []component) {
	distinctIn(components, make(map[string]bool))
}

func distinctIn(components []component, ids map[string]bool) {
	for i := range components {
		c := &components[i]
		c.CustomID = another(c.CustomID, ids)
		values := make(map[string]bool)
		for j := range c.Options {
			c.Options[j].Value = another(c.Options[j].Value, values)
		}
		if c.Accessory != nil {
			c.Accessory.CustomID = another(c.Accessory.CustomID, ids)
		}
		distinctIn(c.Components, ids)
	}
}

// another is an id, with a mark that unmarked takes off again when it has been
// seen, or ends in what looks like that mark.
func another(first string, seen map[string]bool) string {
	id := first
	for n := 2; id != "" && (seen[id] || n == 2 && mark.MatchString(id)); n++ {
		id = first + repeated(n)
	}
	seen[id] = true
	return id
}

var mark = regexp.MustCompile(`~\d+$`)

func repeated(n int) string { return "~" + strconv.Itoa(n) }

// unmarked is the id that a custom_id or a value carries.
func unmarked(id string) string { return mark.ReplaceAllString(id, "") }
