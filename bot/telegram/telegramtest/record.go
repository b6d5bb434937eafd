// Records: messages as the server keeps them.

package telegramtest

import "strings"

// record is one message with what Telegram would not show.
type record struct {
	data    object // the Message
	chat    *chat
	mine    bool
	html    string // as the bot sent it last
	content content
	edits   int
	deleted bool
	expired bool // too old for bots
	silent  bool
	rich    bool
	// of reply markups that the Message doesn't show
	asks        bool
	placeholder string
	lists       []List
	file        *File
	shown       *Message // its last snapshot, nil after a change
}

func (r *record) id() int64 { return integer(r.data, "message_id") }

// newRecord makes and keeps an empty message; the lock is held.
func (s *Server) newRecord(c *chat, from object) *record {
	c.lastID++
	r := &record{chat: c, data: object{"message_id": c.lastID, "date": s.now().Unix(), "chat": s.chatJSON(c)}}
	if from != nil {
		r.data["from"] = from
	}
	s.records = append(s.records, r)
	return r
}

// record finds a message; nil when there is none or it is deleted.
func (s *Server) record(c *chat, id int64) *record {
	for _, r := range s.records {
		if r.chat == c && r.id() == id && !r.deleted {
			return r
		}
	}
	return nil
}

// fill writes a text into the message.
func (r *record) fill(text content) {
	r.content, r.shown = text, nil
	r.data["text"] = text.text
	delete(r.data, "entities")
	if len(text.entities) > 0 {
		r.data["entities"] = entitiesJSON(text.entities)
	}
}

// put places the message in a topic and as a reply.
func (r *record) put(thread int64, to *record) {
	if thread != 0 {
		r.data["message_thread_id"], r.data["is_topic_message"] = thread, true
		// As Telegram does: what replies to nothing replies to the topic's beginning.
		r.data["reply_to_message"] = object{"message_id": thread, "date": r.data["date"], "chat": r.data["chat"],
			"message_thread_id": thread, "is_topic_message": true,
			"forum_topic_created": object{"name": "Topic", "icon_color": 0x6FB9F0}}
	}
	if to != nil {
		quoted, _ := clone(to.data).(object)
		delete(quoted, "reply_to_message")
		r.data["reply_to_message"] = quoted
	}
}

// repliesTo is the id of the message that this one replies to, 0 for none; the
// beginning of a topic is none.
func (r *record) repliesTo() int64 {
	to := sub(r.data, "reply_to_message")
	if to["forum_topic_created"] != nil {
		return 0
	}
	return integer(to, "message_id")
}

// markup sets or, when there is none, removes the inline keyboard, and keeps
// what others ask for.
func (r *record) markup(m object) {
	r.shown = nil
	r.asks, r.placeholder, r.lists = truth(m, "force_reply"), str(m, "input_field_placeholder"), listsOf(m)
	delete(r.data, "reply_markup")
	if len(list(m, "inline_keyboard")) > 0 {
		r.data["reply_markup"] = m
	}
}

// appearance is what an edit must change.
func (r *record) appearance() string {
	return string(encode([]any{r.rich, r.html, r.data["text"], r.data["entities"], r.data["reply_markup"], r.data["link_preview_options"]}))
}

// source is the HTML that a call carries, or its plain text.
func source(c *Call) string {
	if o := c.object("rich_message"); o != nil {
		return str(o, "html")
	}
	return c.Get("text")
}

// isHTML says whether source is HTML.
func isHTML(c *Call) bool {
	return c.carries("rich_message") || strings.EqualFold(c.Get("parse_mode"), "html")
}
