// Message: what a test sees of a message, and waiting for one.

package discordtest

import (
	"context"
	"encoding/json"
	"strings"
)

// Message is a snapshot of a message in the server.
type Message struct {
	ID        string
	ChannelID string
	GuildID   string // empty in direct messages
	Author    User
	Content   string
	// Text is what a person reads, top to bottom, a line per part: the content
	// and embeds, or the text displays of Components V2. Labels of buttons are
	// not in it.
	Text          string
	Buttons       []Button
	Selects       []Select
	Flags         int
	Ephemeral     bool
	Loading       bool // a deferred reply that is not filled yet
	Deleted       bool
	Crossposted   bool
	Nonce         string
	ReplyTo       string            // id of the message it replies to
	Thread        string            // id of the thread started from it
	InteractionID string            // of the interaction it answers
	Raw           json.RawMessage   // the message as Discord shows it now
	Body          json.RawMessage   // the request that made it; nil for people's
	Edits         []json.RawMessage // the requests that edited it, in order
	Attachments   []string          // file names
	Pinged        []string          // the ids of roles that it mentioned and whose members were told
}

// Button is a button of a message.
type Button struct {
	Label    string
	Emoji    string
	CustomID string
	URL      string
	Style    int
	Disabled bool
}

// Select is a select menu of a message.
type Select struct {
	CustomID    string
	Type        int
	Placeholder string
	Options     []SelectOption
	Min, Max    int
	Disabled    bool
}

// SelectOption is a choice of a string select.
type SelectOption struct {
	Label, Value, Description string
	Default                   bool
}

// Button finds the first button with a label.
func (m Message) Button(label string) (Button, bool) {
	for _, b := range m.Buttons {
		if b.Label == label {
			return b, true
		}
	}
	return Button{}, false
}

// V2 says whether the message is made of Components V2.
func (m Message) V2() bool { return m.Flags&FlagComponentsV2 != 0 }

// Messages lists the bot's messages in order of creation, without deleted ones
// and without deferred replies that are not filled yet.
func (s *Server) Messages() []Message {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.listMine()
}

func (s *Server) listMine() []Message {
	var out []Message
	for _, r := range s.messageOrder {
		if r.author.ID == s.bot.ID && !r.deleted && !r.loading {
			out = append(out, s.snapshot(r))
		}
	}
	return out
}

// Message looks up any message, deleted and people's included.
func (s *Server) Message(id string) (Message, bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	r := s.messages[id]
	if r == nil {
		return Message{}, false
	}
	return s.snapshot(r), true
}

// Await returns the first of the bot's messages (see [Server.Messages]) that
// satisfies ok, as soon as there is one. ok runs again after every change, so
// it can wait for an edit.
func (s *Server) Await(ctx context.Context, ok func(Message) bool) (Message, error) {
	return await(ctx, s, "a message", s.listMine, ok)
}

// AwaitCall returns the first finished call that satisfies ok, as soon as there
// is one.
func (s *Server) AwaitCall(ctx context.Context, ok func(Call) bool) (Call, error) {
	return await(ctx, s, "a call", s.listCalls, func(c Call) bool { return c.Done && ok(c) })
}

// In matches messages of a channel whose text contains a string; for Await.
func In(channelID, text string) func(Message) bool {
	return func(m Message) bool { return m.ChannelID == channelID && strings.Contains(m.Text, text) }
}

// snapshot is kept until the message changes: waiting looks at every message
// again and again.
func (s *Server) snapshot(r *record) Message {
	if r.shown == nil {
		m := show(r)
		r.shown = &m
	}
	return *r.shown
}

func show(r *record) Message {
	flags := integer(r.data, "flags")
	m := Message{
		ID: r.id(), ChannelID: str(r.data, "channel_id"), GuildID: r.guildID, Author: r.author,
		Content: str(r.data, "content"), Flags: flags, Ephemeral: r.ephemeral, Loading: r.loading, Deleted: r.deleted,
		Crossposted: flags&FlagCrossposted != 0, ReplyTo: str(sub(r.data, "message_reference"), "message_id"),
		Thread: r.thread, Raw: encode(r.data), Body: r.body, Pinged: r.pinged, Edits: append([]json.RawMessage(nil), r.edits...),
	}
	switch n := r.data["nonce"].(type) {
	case string:
		m.Nonce = n
	case json.Number:
		m.Nonce = n.String()
	}
	if r.interaction != nil {
		m.InteractionID = r.interaction.id
	}
	for _, a := range objects(list(r.data, "attachments")) {
		m.Attachments = append(m.Attachments, str(a, "filename"))
	}
	lines := []string{m.Content}
	for _, e := range objects(list(r.data, "embeds")) {
		lines = append(lines, str(sub(e, "author"), "name"), str(e, "title"), str(e, "description"))
		for _, f := range objects(list(e, "fields")) {
			lines = append(lines, str(f, "name"), str(f, "value"))
		}
		lines = append(lines, str(sub(e, "footer"), "text"))
	}
	walk(list(r.data, "components"), func(o object) {
		switch kind := integer(o, "type"); {
		case kind == TypeTextDisplay:
			lines = append(lines, str(o, "content"))
		case kind == TypeButton:
			m.Buttons = append(m.Buttons, Button{Label: str(o, "label"), Emoji: str(sub(o, "emoji"), "name"),
				CustomID: str(o, "custom_id"), URL: str(o, "url"), Style: integer(o, "style"), Disabled: truth(o, "disabled")})
		case isSelect(kind):
			m.Selects = append(m.Selects, selectOf(o))
		}
	})
	m.Text = joined(lines)
	return m
}

func joined(lines []string) string {
	var kept []string
	for _, l := range lines {
		if l != "" {
			kept = append(kept, l)
		}
	}
	return strings.Join(kept, "\n")
}

// walk visits components depth first, accessories after a section's texts.
func walk(components []any, visit func(object)) {
	for _, o := range objects(components) {
		visit(o)
		walk(list(o, "components"), visit)
		if a := sub(o, "accessory"); a != nil {
			visit(a)
		}
	}
}

func selectOf(o object) Select {
	s := Select{CustomID: str(o, "custom_id"), Type: integer(o, "type"), Placeholder: str(o, "placeholder"),
		Disabled: truth(o, "disabled"), Min: 1, Max: 1}
	if n, ok := whole(o["min_values"]); ok {
		s.Min = int(n)
	}
	if n, ok := whole(o["max_values"]); ok {
		s.Max = int(n)
	}
	for _, opt := range objects(list(o, "options")) {
		s.Options = append(s.Options, SelectOption{Label: str(opt, "label"), Value: str(opt, "value"),
			Description: str(opt, "description"), Default: truth(opt, "default")})
	}
	return s
}
