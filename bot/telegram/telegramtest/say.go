// People writing: messages that users send and edit, with what Telegram adds.

package telegramtest

import (
	"regexp"
	"strings"
)

// SayOption adds to a message of a person.
type SayOption func(*said)

type said struct {
	text      string
	entities  []Entity
	replyTo   *Message
	forward   int64
	forwarded bool
	anonymous bool
	as        int64
	thread    int64
	file      *File
	mime      string
	album     string
}

// WithEntities adds entities, with offsets in UTF-16 code units.
func WithEntities(es ...Entity) SayOption {
	return func(s *said) { s.entities = append(s.entities, es...) }
}

// Linked makes the first occurrence of a fragment of the text a text_link.
func Linked(fragment, url string) SayOption {
	return func(s *said) { s.cover(fragment, Entity{Type: "text_link", URL: url}) }
}

// Styled gives the first occurrence of a fragment of the text a style, such as
// "bold".
func Styled(fragment, style string) SayOption {
	return func(s *said) { s.cover(fragment, Entity{Type: style}) }
}

func (s *said) cover(fragment string, e Entity) {
	if before, _, ok := strings.Cut(s.text, fragment); ok {
		e.Offset, e.Length = units(before), units(fragment)
		s.entities = append(s.entities, e)
	}
}

// ReplyTo makes the message a reply: it carries m with its text, entities and
// keyboard. The message is in m's topic unless another is named.
func ReplyTo(m Message) SayOption { return func(s *said) { s.replyTo = &m } }

// Forward makes the message one that user wrote first; 0 for somebody whose
// account is hidden.
func Forward(user int64) SayOption {
	return func(s *said) { s.forward, s.forwarded = user, true }
}

// AsAnonymousAdmin signs the message with the group's name.
func AsAnonymousAdmin() SayOption { return func(s *said) { s.anonymous = true } }

// AsChannel signs the message with a channel's name.
func AsChannel(channel int64) SayOption { return func(s *said) { s.as = channel } }

// InTopic puts the message into a topic, which is made if there is none.
func InTopic(thread int64) SayOption { return func(s *said) { s.thread = thread } }

// WithDocument attaches a file of so many zeros: the text becomes its caption.
func WithDocument(name, mime string, size int) SayOption {
	return func(s *said) { s.file, s.mime = &File{Name: name, Data: make([]byte, size)}, mime }
}

// WithFile attaches a file that the bot may fetch: the text becomes its caption.
func WithFile(name, mime string, content []byte) SayOption {
	return func(s *said) { s.file, s.mime = &File{Name: name, Data: content}, mime }
}

// InAlbum makes the message one of several with the same media_group_id.
func InAlbum(id string) SayOption { return func(s *said) { s.album = id } }

// Say sends a message as a person: an update message, or channel_post in a
// channel. Commands, mentions, hashtags and addresses in it become entities, as
// Telegram sees them. Somebody who blocked the bot unblocks it; who wasn't a
// member of the group becomes one.
func (s *Server) Say(chat, user int64, text string, opts ...SayOption) Message {
	s.reporter.Helper()
	if n := units(text); n > maxText {
		s.violate("Say: a person cannot send %d characters in a message: use Paste", n)
	}
	form := said{text: text}
	for _, o := range opts {
		o(&form)
	}
	var out Message
	s.change(chat, func(c *chatState) {
		s.welcome(c, user)
		r := s.spoken(c, user, form)
		kind := "message"
		if c.kind == channel {
			kind = "channel_post"
		}
		s.push(kind, clone(r.data))
		out = r.snapshot()
	})
	return out
}

// Paste sends a text of any length as the clients do: cut into several messages
// that nothing but their order joins.
func (s *Server) Paste(chat, user int64, text string, opts ...SayOption) []Message {
	s.reporter.Helper()
	var out []Message
	for text != "" {
		n := byteAt(text, maxText)
		if units(text[:n]) > maxText { // a pair of surrogates stands across the limit
			n = byteAt(text, maxText-1)
		}
		out = append(out, s.Say(chat, user, text[:n], opts...))
		text = text[n:]
	}
	return out
}

// EditSaid edits a person's message: an update edited_message, or
// edited_channel_post.
func (s *Server) EditSaid(m Message, text string) Message {
	s.reporter.Helper()
	var out Message
	s.alter(m, func(r *record) {
		r.fill(content{text, sorted(detected(text))})
		r.edits++
		r.data["edit_date"] = s.now().Unix()
		kind := "edited_message"
		if r.chat.kind == channel {
			kind = "edited_channel_post"
		}
		s.push(kind, clone(r.data))
		out = r.snapshot()
	})
	return out
}

// welcome does what Telegram does before somebody can write.
func (s *Server) welcome(c *chat, user int64) {
	s.know(user)
	switch {
	case c.kind != private && user != 0:
		if st := c.members[user]; st == "" || st == left {
			c.set(user, member)
		}
	case c.kind == private && c.bot == kicked:
		s.changeBot(c, member, nil, user)
	case c.kind == private && c.refusal != nil && !c.mute:
		c.refusal = nil
	}
}

// spoken makes the message of a person.
func (s *Server) spoken(c *chat, user int64, form said) *record {
	from := s.userJSON(user)
	var sender object
	switch {
	case c.kind == channel:
		from, sender = nil, s.chatJSON(c)
	case form.anonymous:
		from, sender = s.userJSON(anonymousBot), s.chatJSON(c)
	case form.as != 0:
		from, sender = s.userJSON(channelBot), object{"id": form.as, "type": string(channel), "title": "Channel"}
		if known := s.chats[form.as]; known != nil {
			sender = s.chatJSON(known)
		}
	}
	if form.thread != 0 && c.topics != nil {
		if _, known := c.topics[form.thread]; !known {
			c.topics[form.thread] = nil
		}
	}
	r := s.newRecord(c, from)
	if sender != nil {
		r.data["sender_chat"] = sender
	}
	var to *record
	if form.replyTo != nil {
		to = s.record(c, form.replyTo.ID)
		if form.thread == 0 {
			form.thread = form.replyTo.Thread
		}
	}
	r.put(form.thread, to)
	r.fill(content{form.text, sorted(append(form.entities, detected(form.text)...))})
	s.attach(r, form)
	return r
}

// attach adds where the message comes from and its file.
func (s *Server) attach(r *record, form said) {
	if form.forwarded {
		origin := object{"type": "hidden_user", "date": s.now().Unix(), "sender_user_name": "Somebody"}
		if form.forward != 0 {
			origin = object{"type": "user", "date": s.now().Unix(), "sender_user": s.userJSON(form.forward)}
		}
		r.data["forward_origin"] = origin
	}
	if form.file == nil {
		return
	}
	id := s.nextSerial("file")
	s.keepFile(id, form.file.Data)
	r.data["document"] = object{"file_id": id, "file_unique_id": "u" + id, "file_name": form.file.Name,
		"mime_type": form.mime, "file_size": len(form.file.Data)}
	for from, to := range map[string]string{"text": "caption", "entities": "caption_entities"} {
		if v, ok := r.data[from]; ok && v != "" {
			r.data[to] = v
		}
		delete(r.data, from)
	}
	if form.album != "" {
		r.data["media_group_id"] = form.album
	}
}

// patterns are what Telegram finds in texts by itself. What the first group
// holds stands before the entity.
var patterns = []struct {
	entity string
	form   *regexp.Regexp
}{
	{"bot_command", regexp.MustCompile(`(^|[^\p{L}\p{N}_/<>@])(/[a-zA-Z0-9_]{1,64}(?:@[a-zA-Z0-9_]{3,32})?)`)},
	{"mention", regexp.MustCompile(`(^|[^\p{L}\p{N}_/@])(@[a-zA-Z0-9_]{3,32})`)},
	{"hashtag", regexp.MustCompile(`(^|[^\p{L}\p{N}_/#])(#[\p{L}\p{N}_]*\p{L}[\p{L}\p{N}_]*)`)},
	{"url", regexp.MustCompile(`(^|[^\p{L}\p{N}_])((?i:https?)://[^\s<>"]*[\p{L}\p{N}/_=#-])`)},
}

// detected are the entities that Telegram finds.
func detected(text string) []Entity {
	var out []Entity
	for _, p := range patterns {
		for at := 0; at < len(text); {
			m := p.form.FindStringSubmatchIndex(text[at:])
			if m == nil {
				break
			}
			from, to := at+m[4], at+m[5]
			if to == len(text) || !wordFollows.MatchString(text[to:]) || p.entity == "url" {
				out = append(out, Entity{Type: p.entity, Offset: units(text[:from]), Length: units(text[from:to])})
			}
			at = to
		}
	}
	return out
}

// wordFollows matches what goes on with a character of a word, which makes what
// stands before it no command or name.
var wordFollows = regexp.MustCompile(`^[\p{L}\p{N}_]`)
