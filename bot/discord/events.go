// events: what the gateway sends, as far as it is of use. discordgo's own types
// are left aside: they lose a whole event over a component they don't know.

package discord

import (
	"encoding/json"
	"time"
)

// Types of interactions (docs.discord.com, Receiving and Responding).
const (
	interactionCommand   = 2
	interactionComponent = 3
	interactionTyping    = 4 // autocomplete
	interactionForm      = 5 // a modal was sent
)

type interaction struct {
	ID          string       `json:"id"`
	Application string       `json:"application_id"`
	Type        int          `json:"type"`
	Data        choice       `json:"data"`
	Guild       string       `json:"guild_id"`
	Channel     string       `json:"channel_id"`
	Member      *member      `json:"member"` // in servers
	User        *user        `json:"user"`   // in direct messages
	Message     *textMessage `json:"message"`
	Locale      string       `json:"locale"`
	Token       string       `json:"token"`
	Context     int          `json:"context"`
	Owners      owners       `json:"authorizing_integration_owners"`
	Permissions string       `json:"app_permissions"` // the bot's, where it was asked
	Where       channel      `json:"channel"`
}

// Contexts of interactions (docs.discord.com, Interaction Context Types).
const (
	contextServer  = 0
	contextBot     = 1 // the bot's own direct messages
	contextPrivate = 2 // those of others, and groups
)

// owners say who installed the app, where an interaction comes from.
type owners struct {
	Server string `json:"0"` // its id; "0" in the bot's direct messages
	User   string `json:"1"`
}

// elsewhere says that the bot isn't where it was asked: the app is there because
// a person carries it.
func (i interaction) elsewhere() bool {
	return i.Owners.User != "" && i.Owners.Server == "" && i.Context != contextBot
}

// choice is the command a person gave, the component a person touched or the
// form a person filled in.
type choice struct {
	Name       string          `json:"name"`
	Options    []optionGiven   `json:"options"`
	CustomID   string          `json:"custom_id"`
	Values     []string        `json:"values"`
	Components json.RawMessage `json:"components"`
	Kind       int             `json:"type"`      // of the command
	Target     string          `json:"target_id"` // of a command from a message's menu
	Resolved   struct {
		Roles    map[string]role        `json:"roles"`
		Messages map[string]textMessage `json:"messages"`
	} `json:"resolved"`
}

type optionGiven struct {
	Name    string `json:"name"`
	Value   any    `json:"value"`
	Focused bool   `json:"focused"`
}

// pressed says that a button or menu was touched, or the form that one opened
// sent.
func (i interaction) pressed() bool {
	return i.Type == interactionComponent || i.Type == interactionForm
}

// person is who did it; the zero user when Discord doesn't say.
func (i interaction) person() (user, member) {
	switch {
	case i.Member != nil && i.Member.User != nil:
		return *i.Member.User, *i.Member
	case i.User != nil:
		return *i.User, member{}
	}
	return user{}, member{}
}

type user struct {
	ID         string `json:"id"`
	Username   string `json:"username"`
	GlobalName string `json:"global_name"`
	Bot        bool   `json:"bot"`
}

type member struct {
	User        *user    `json:"user"`
	Nick        string   `json:"nick"`
	Roles       []string `json:"roles"`
	Permissions string   `json:"permissions"` // in interactions only
}

// Types of messages that people write.
const (
	messagePlain = 0
	messageReply = 19
)

type textMessage struct {
	ID          string          `json:"id"`
	Channel     string          `json:"channel_id"`
	Guild       string          `json:"guild_id"`
	Type        int             `json:"type"`
	Flags       int             `json:"flags"`
	Author      *user           `json:"author"`
	Member      *member         `json:"member"`
	Webhook     string          `json:"webhook_id"`
	Content     string          `json:"content"`
	Mentions    []user          `json:"mentions"`
	Attachments []attachment    `json:"attachments"`
	Components  json.RawMessage `json:"components"`
	Answered    *textMessage    `json:"referenced_message"`
	At          time.Time       `json:"timestamp"`
	Edited      *time.Time      `json:"edited_timestamp"`
	Forwarded   []snapshot      `json:"message_snapshots"`
	Reference   struct {
		Channel string `json:"channel_id"`
	} `json:"message_reference"`
}

// snapshot is what was forwarded. Discord doesn't say who wrote it.
type snapshot struct {
	Message struct {
		Content     string       `json:"content"`
		Attachments []attachment `json:"attachments"`
		At          time.Time    `json:"timestamp"`
	} `json:"message"`
}

type attachment struct {
	Filename    string `json:"filename"`
	ContentType string `json:"content_type"`
	Size        int    `json:"size"`
	URL         string `json:"url"`
}

// idsIn are the ids of all buttons and menus of a message, in order, of whatever
// kinds of components it is made.
func idsIn(components json.RawMessage) []string {
	var all any
	if json.Unmarshal(components, &all) != nil {
		return nil
	}
	var ids []string
	walk(all, func(c map[string]any) {
		id, _ := c["custom_id"].(string)
		if kind, _ := c["type"].(float64); kind == typeButton && id != "" {
			ids = append(ids, unmarked(id))
		}
		options, _ := c["options"].([]any)
		for _, o := range options {
			o, _ := o.(map[string]any)
			if value, ok := o["value"].(string); ok {
				ids = append(ids, unmarked(value))
			}
		}
	})
	return ids
}

// walk visits every component in what JSON made of them.
func walk(in any, visit func(map[string]any)) {
	switch in := in.(type) {
	case []any:
		for _, c := range in {
			walk(c, visit)
		}
	case map[string]any:
		visit(in)
		for _, key := range []string{"components", "component", "accessory"} {
			walk(in[key], visit)
		}
	}
}
