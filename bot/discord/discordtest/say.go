// People writing: messages that users send, edit and delete, and their files.

package discordtest

import (
	"net/http"
	"slices"
	"strings"
)

// SayOption adds to a message of a person.
type SayOption func(*said)

type said struct {
	replyTo string
	files   []File
}

// ReplyTo makes the message a reply that mentions the author of m, as the
// client does by default.
func ReplyTo(m Message) SayOption { return func(s *said) { s.replyTo = m.ID } }

// WithFile attaches a file; the bot can download it from the attachment's url.
// Discord's client turns a paste of more than 2000 characters into a file
// named message.txt.
func WithFile(name, contentType string, data []byte) SayOption {
	return func(s *said) { s.files = append(s.files, File{Name: name, ContentType: contentType, Data: data}) }
}

// Say sends a message as a person (MESSAGE_CREATE). In a guild channel the
// gateway event has no content, unless the bot is mentioned or the session has
// the Message Content intent.
func (s *Server) Say(u User, c Channel, content string, opts ...SayOption) Message {
	s.reporter.Helper()
	if n := runes(content); n > 4000 {
		s.violate("Say: a person cannot send %d characters: send message.txt WithFile", n)
	}
	var form said
	for _, o := range opts {
		o(&form)
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	in := s.channels[c.ID]
	if in == nil {
		in = &channel{Channel: c}
	}
	s.join(u, in)
	r := s.compose(in, u, object{"content": content}, form.files)
	for i, a := range objects(list(r.data, "attachments")) {
		s.attachments[str(a, "id")] = form.files[i]
	}
	mentions := s.mentioned(content)
	if to := s.messages[form.replyTo]; to != nil {
		r.data["type"], r.data["referenced_message"] = 19, clone(to.data)
		r.data["message_reference"] = object{"message_id": to.id(), "channel_id": to.data["channel_id"]}
		if !slices.Contains(mentions, to.author) {
			mentions = append(mentions, to.author)
		}
	}
	named := []any{}
	for _, m := range mentions {
		named = append(named, userJSON(m))
		r.mentionsBot = r.mentionsBot || m.ID == s.bot.ID
	}
	r.data["mentions"] = named
	s.store(r)
	s.notify()
	return s.snapshot(r)
}

// EditSaid edits a person's message (MESSAGE_UPDATE).
func (s *Server) EditSaid(m Message, content string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if r := s.messages[m.ID]; r != nil {
		r.data["content"], r.data["edited_timestamp"] = content, stamp(s.now())
		s.emitMessage("MESSAGE_UPDATE", r)
		s.notify()
	}
}

// DeleteMessage deletes any message as a moderator would (MESSAGE_DELETE): the
// bot's requests about it get 10008.
func (s *Server) DeleteMessage(m Message) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if r := s.messages[m.ID]; r != nil {
		s.remove(r)
		s.notify()
	}
}

// join makes sure that an acting user exists and is a member where it acts.
func (s *Server) join(u User, c *channel) {
	if s.users[u.ID] == nil {
		s.addUser(u)
	}
	if g := s.guilds[c.GuildID]; g != nil && g.members[u.ID] == nil {
		g.members[u.ID] = &member{permissions: PermissionsMember, joined: s.now()}
	}
}

// serveAttachment hands out a file that a person attached.
func (s *Server) serveAttachment(w http.ResponseWriter, r *http.Request) {
	id := strings.TrimPrefix(r.URL.Path, "/attachments/")
	s.mu.Lock()
	f, ok := s.attachments[id]
	s.mu.Unlock()
	if !ok || r.Method != http.MethodGet {
		http.NotFound(w, r)
		return
	}
	w.Header().Set("Content-Type", f.ContentType)
	_, _ = w.Write(f.Data)
}
