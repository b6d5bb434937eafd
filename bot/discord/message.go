// message: the body of a message, as Discord's API writes it.

package discord

import (
	"encoding/json"

	"github.com/strillone/strillone/digest/delivery"
)

// Flags of messages (docs.discord.com, Message Flags).
const (
	flagNoEmbeds   = 1 << 2
	flagEphemeral  = 1 << 6
	flagSilent     = 1 << 12
	flagComponents = 1 << 15
)

// message is the body of a message; a Part is one of these. It is made of
// components, or, where flagComponents isn't set, of an embed with rows below.
type message struct {
	Flags           int         `json:"flags"`
	AllowedMentions mentions    `json:"allowed_mentions"`
	Nonce           string      `json:"nonce,omitempty"`
	EnforceNonce    bool        `json:"enforce_nonce,omitempty"`
	Content         string      `json:"content,omitempty"`
	Embeds          []embed     `json:"embeds,omitempty"`
	Components      []component `json:"components,omitempty"`
	Reference       *reference  `json:"message_reference,omitempty"`
	Attachments     []upload    `json:"attachments,omitempty"`
}

// mentions says whom a message may mention. What isn't nobody, is one role.
type mentions struct {
	Parse       []string `json:"parse"`
	Roles       []string `json:"roles,omitempty"`
	RepliedUser bool     `json:"replied_user"`
}

var nobody = mentions{Parse: []string{}}

type embed struct {
	Description string `json:"description,omitempty"`
	Color       int    `json:"color,omitempty"`
}

// reference makes a message a reply to another, if that is still there.
type reference struct {
	MessageID       string `json:"message_id"`
	FailIfNotExists bool   `json:"fail_if_not_exists"`
}

func messageOf(part delivery.Part) (message, error) {
	var m message
	err := json.Unmarshal(part, &m)
	return m, err
}

// mention puts the mention of a role above a message, and allows it.
func (m *message) mention(role string) {
	m.AllowedMentions.Roles = []string{role}
	if m.Flags&flagComponents == 0 {
		m.Content = mentionOf(role)
		return
	}
	m.Components = append([]component{{Type: typeText, Content: mentionOf(role)}}, m.Components...)
}

func mentionOf(role string) string { return "<@&" + role + ">" }
