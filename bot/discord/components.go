// component: the building blocks of a message, as Discord's API writes them.

package discord

import "unicode/utf16"

// Limits of a message made of components (docs.discord.com, Component
// Reference).
const (
	maxText        = 4000 - mentionText // characters in all texts of a message; counted here in UTF-16 units, the stricter way
	maxComponents  = 40 - 1             // in a message, nested ones included
	maxRow         = 5                  // buttons in a row
	maxOptions     = 25                 // choices of a menu
	maxLabel       = 80                 // characters on a button
	maxOption      = 100                // characters of a choice
	maxPlaceholder = 150                // characters on a closed menu
	maxCustomID    = 100                // characters of a custom_id, and of the value of a choice
	maxButtonURL   = 512                // characters of a link button's address
)

// mentionText is room for the mention of a role, a text of its own that a
// destination's manner puts above a message.
const mentionText = len("<@&12345678901234567890>")

// The types of components in use.
const (
	typeRow       = 1
	typeButton    = 2
	typeMenu      = 3
	typeInput     = 4
	typeRoles     = 6
	typeSection   = 9
	typeText      = 10
	typeFile      = 13
	typeSeparator = 14
	typeContainer = 17
	typeLabel     = 18
)

// The styles of buttons in use.
const (
	stylePrimary   = 1
	styleSecondary = 2
	styleDanger    = 4
	styleLink      = 5
)

type component struct {
	Type        int         `json:"type"`
	AccentColor int         `json:"accent_color,omitempty"`
	Components  []component `json:"components,omitempty"`
	Accessory   *component  `json:"accessory,omitempty"`
	Content     string      `json:"content,omitempty"`
	Style       int         `json:"style,omitempty"`
	Label       string      `json:"label,omitempty"`
	CustomID    string      `json:"custom_id,omitempty"`
	URL         string      `json:"url,omitempty"`
	Placeholder string      `json:"placeholder,omitempty"`
	Options     []option    `json:"options,omitempty"`
	Component   *component  `json:"component,omitempty"`  // of a label
	MaxLength   int         `json:"max_length,omitempty"` // of an input
	File        *fileRef    `json:"file,omitempty"`
}

// fileRef is an attachment of the same message: "attachment://name".
type fileRef struct {
	URL string `json:"url"`
}

type option struct {
	Label string `json:"label"`
	Value string `json:"value"`
}

// count is the number of components in it, itself included.
func (c component) count() int {
	n := 1
	for _, inner := range c.Components {
		n += inner.count()
	}
	if c.Accessory != nil {
		n += c.Accessory.count()
	}
	return n
}

// units is the length of s as Discord's clients count it: in UTF-16 units.
func units(s string) int {
	n := 0
	for _, r := range s {
		n += max(utf16.RuneLen(r), 1)
	}
	return n
}
