// Message: what a test sees of a message, and waiting for one.

package telegramtest

import (
	"context"
	"encoding/json"
	"slices"
	"strings"
)

// Message is a snapshot of a message in the server.
type Message struct {
	Chat     int64
	Thread   int64 // 0 outside of topics
	ID       int64 // within the chat
	From     int64 // the author's id; 0 in channels
	HTML     string
	Text     string   // what people read: without tags, white space at the ends cut off
	Entities []Entity // in order, outer before inner
	Buttons  [][]Button
	Edits    int // how many times it was edited
	Deleted  bool
	ReplyTo  int64 // the id of the message it replies to; 0 for none
	Silent   bool  // without a notification's sound
	Rich     bool  // a rich message
	Previews bool  // a link in it may be previewed
	// Asks says that it opens an answer (ForceReply), with Placeholder in it.
	Asks        bool
	Placeholder string
	Lists       []List // the lists of chats that it offers
	File        *File  // the document that it carries
	// Raw is the Message as the Bot API shows it.
	Raw json.RawMessage
}

// Button is a button of an inline keyboard.
type Button struct {
	Text string
	Data string // callback_data
	URL  string
}

// Button finds the first button with a text.
func (m Message) Button(text string) (Button, bool) {
	for _, b := range slices.Concat(m.Buttons...) {
		if b.Text == text {
			return b, true
		}
	}
	return Button{}, false
}

// Links are the entities that are links, in order.
func (m Message) Links() []Entity {
	var out []Entity
	for _, e := range m.Entities {
		if e.Type == "text_link" {
			out = append(out, e)
		}
	}
	return out
}

// Messages lists the bot's messages in order of sending, deleted ones included.
func (s *Server) Messages() []Message {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.listMine()
}

func (s *Server) listMine() []Message {
	var out []Message
	for _, r := range s.records {
		if r.mine {
			out = append(out, r.snapshot())
		}
	}
	return out
}

// Message looks up any message, deleted and people's included.
func (s *Server) Message(chat, id int64) (Message, bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, r := range s.records {
		if r.chat.id == chat && r.id() == id {
			return r.snapshot(), true
		}
	}
	return Message{}, false
}

// Await returns the first of the bot's messages (see [Server.Messages]) that
// satisfies ok, as soon as there is one. ok runs again after every change, so
// it can wait for an edit or a deletion.
func (s *Server) Await(ctx context.Context, ok func(Message) bool) (Message, error) {
	return await(ctx, s, "a message", s.listMine, ok)
}

// In matches messages of a chat, not deleted, whose text contains a string; for
// Await.
func In(chat int64, text string) func(Message) bool {
	return func(m Message) bool { return m.Chat == chat && !m.Deleted && strings.Contains(m.Text, text) }
}

// snapshot is kept until the message changes: waiting looks at every message
// again and again.
func (r *record) snapshot() Message {
	if r.shown == nil {
		m := r.show()
		r.shown = &m
	}
	return *r.shown
}

func (r *record) show() Message {
	m := Message{
		Chat: r.chat.id, Thread: integer(r.data, "message_thread_id"), ID: r.id(),
		From: integer(sub(r.data, "from"), "id"), HTML: r.html, Text: r.content.text,
		Edits: r.edits, Deleted: r.deleted, ReplyTo: r.repliesTo(),
		Silent: r.silent, Rich: r.rich, Raw: encode(r.data),
		Previews: !r.rich && !truth(sub(r.data, "link_preview_options"), "is_disabled"),
	}
	for _, e := range r.content.entities {
		e.Text = e.slice(m.Text)
		m.Entities = append(m.Entities, e)
	}
	m.Buttons = buttonsOf(sub(r.data, "reply_markup"))
	m.Asks, m.Placeholder = r.asks, r.placeholder
	m.Lists, m.File = r.lists, r.file
	return m
}

// buttonsOf are the buttons of an InlineKeyboardMarkup.
func buttonsOf(markup object) [][]Button {
	var out [][]Button
	for _, row := range list(markup, "inline_keyboard") {
		var buttons []Button
		l, _ := row.([]any)
		for _, b := range objects(l) {
			buttons = append(buttons, Button{Text: str(b, "text"), Data: str(b, "callback_data"), URL: str(b, "url")})
		}
		out = append(out, buttons)
	}
	return out
}
