// Records: messages as the server keeps them, made and changed by requests.

package discordtest

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"time"
)

// record is one message with what Discord would not show.
type record struct {
	data        object // the message object
	author      User
	guildID     string
	body        json.RawMessage   // as the bot sent it
	edits       []json.RawMessage // bodies of its edits
	ephemeral   bool
	audience    string // the user who sees an ephemeral message
	loading     bool   // a deferred reply that is not filled yet
	deleted     bool
	mentionsBot bool
	thread      string
	pinged      []string // roles whose members were told
	interaction *interaction
	shown       *Message // its last snapshot, nil after a change
}

func (r *record) id() string { return str(r.data, "id") }

// compose makes a message from a body, without storing it.
func (s *Server) compose(c *channel, author User, body object, files []File) *record {
	r := &record{author: author, guildID: c.GuildID, data: object{
		"id": s.newID(), "channel_id": c.ID, "author": userJSON(author), "content": "", "timestamp": stamp(s.now()),
		"edited_timestamp": nil, "tts": truth(body, "tts"), "mention_everyone": false, "mentions": []any{},
		"mention_roles": []any{}, "attachments": []any{}, "embeds": []any{}, "components": []any{},
		"pinned": false, "type": 0, "flags": 0,
	}}
	if n := body["nonce"]; n != nil {
		r.data["nonce"] = n
	}
	s.fill(r, body, files)
	r.pinged = s.pings(c, author, r.data, sub(body, "allowed_mentions"))
	return r
}

// pings are the roles that a message of the bot mentions, that it allows itself
// to mention, and that it may: they let themselves be mentioned, or the bot has
// Mention Everyone.
func (s *Server) pings(c *channel, author User, data, allowed object) []string {
	g := s.guilds[c.GuildID]
	if g == nil || author.ID != s.bot.ID {
		return nil
	}
	text := str(data, "content")
	walk(list(data, "components"), func(o object) { text += "\n" + str(o, "content") })
	every := s.permissions(c, s.bot.ID)&(PermissionMentionEveryone|PermissionAdministrator) != 0
	var out []string
	for _, role := range g.roles {
		id := str(role, "id")
		named := strings.Contains(text, "<@&"+id+">") && slices.Contains(list(allowed, "roles"), any(id))
		if named && (every || truth(role, "mentionable")) {
			out = append(out, id)
		}
	}
	return out
}

// fill writes the fields a body has into a message.
func (s *Server) fill(r *record, body object, files []File) {
	if c, ok := body["content"]; ok {
		text, _ := c.(string)
		r.data["content"] = text
	}
	if _, ok := body["embeds"]; ok {
		embeds := []any{}
		for _, e := range objects(list(body, "embeds")) {
			e = clone(e).(object)
			e["type"] = "rich"
			embeds = append(embeds, e)
		}
		r.data["embeds"] = embeds
	}
	if _, ok := body["components"]; ok {
		l, _ := clone(list(body, "components")).([]any)
		if l == nil {
			l = []any{}
		}
		next := 1
		numberComponents(l, &next)
		r.data["components"] = l
	}
	if n, ok := whole(body["flags"]); ok {
		const fixed = FlagEphemeral | FlagLoading | FlagHasThread | FlagCrossposted | FlagComponentsV2 | FlagSuppressNotifications
		r.data["flags"] = integer(r.data, "flags")&fixed | int(n)
	}
	if kept, ok := body["attachments"]; ok && len(files) == 0 {
		l, _ := kept.([]any)
		r.data["attachments"] = append([]any{}, l...)
	}
	for _, f := range files {
		id := s.newID()
		r.data["attachments"] = append(list(r.data, "attachments"), object{"id": id, "filename": f.Name, "size": len(f.Data),
			"content_type": f.ContentType, "url": s.URL() + "/attachments/" + id, "proxy_url": s.URL() + "/attachments/" + id})
	}
}

// numberComponents gives components without an id the next one, as Discord
// does.
func numberComponents(components []any, next *int) {
	for _, c := range objects(components) {
		if c == nil {
			continue
		}
		if integer(c, "id") == 0 {
			c["id"] = *next
		}
		*next++
		numberComponents(list(c, "components"), next)
		if a := sub(c, "accessory"); a != nil {
			numberComponents([]any{a}, next)
		}
	}
}

// store keeps a new message and tells the gateway of it.
func (s *Server) store(r *record) {
	s.messages[r.id()] = r
	s.messageOrder = append(s.messageOrder, r)
	if c := s.channels[str(r.data, "channel_id")]; c != nil && !r.ephemeral {
		c.last = r.id()
	}
	s.emitMessage("MESSAGE_CREATE", r)
}

// change applies an edit and tells the gateway of it.
func (s *Server) change(r *record, c *Call, body object) {
	s.fill(r, body, c.Files)
	if r.loading {
		r.loading = false
		r.data["flags"] = integer(r.data, "flags") &^ FlagLoading
	}
	r.edits = append(r.edits, c.Body)
	r.data["edited_timestamp"] = stamp(s.now())
	s.emitMessage("MESSAGE_UPDATE", r)
}

func (s *Server) remove(r *record) {
	r.deleted, r.shown = true, nil
	if r.ephemeral {
		return
	}
	o := object{"id": r.id(), "channel_id": r.data["channel_id"]}
	if r.guildID != "" {
		o["guild_id"] = r.guildID
	}
	s.emit(r.guildID, "MESSAGE_DELETE", o)
}

// emitMessage sends a message event to every session, without content where
// Discord would withhold it. Bots are not told of ephemeral messages.
func (s *Server) emitMessage(event string, r *record) {
	r.shown = nil
	if g := s.guilds[r.guildID]; r.ephemeral || g != nil && g.Foreign {
		return
	}
	s.send(r.guildID, event, func(sess *session) object {
		o := clone(r.data).(object)
		if r.guildID != "" {
			o["guild_id"] = r.guildID
			if g := s.guilds[r.guildID]; g != nil && g.members[r.author.ID] != nil {
				m := memberJSON(r.author, g.members[r.author.ID])
				delete(m, "user")
				o["member"] = m
			}
			if sess.intents&IntentMessageContent == 0 && !r.mentionsBot && r.author.ID != s.bot.ID {
				o["content"], o["embeds"], o["attachments"], o["components"] = "", []any{}, []any{}, []any{}
			}
		}
		return o
	})
}

// nonceEntry is a nonce that enforce_nonce remembers.
type nonceEntry struct {
	message *record
	expires time.Time
}

// recall finds the message an enforced nonce already made.
func (s *Server) recall(body object) *record {
	key := nonceKey(body)
	e := s.nonces[key]
	if key == "" || e.message == nil || !s.now().Before(e.expires) {
		return nil
	}
	return e.message
}

func (s *Server) remember(body object, r *record) {
	if key := nonceKey(body); key != "" && s.settings.nonceWindow > 0 {
		s.nonces[key] = nonceEntry{r, s.now().Add(s.settings.nonceWindow)}
	}
}

func nonceKey(body object) string {
	if n := body["nonce"]; truth(body, "enforce_nonce") && !empty(n) {
		return fmt.Sprint(n)
	}
	return ""
}

// mentioned lists the users that a text names.
func (s *Server) mentioned(text string) []User {
	var out []User
	for id, u := range s.users {
		if strings.Contains(text, "<@"+id+">") || strings.Contains(text, "<@!"+id+">") {
			out = append(out, u.User)
		}
	}
	slices.SortFunc(out, func(a, b User) int { return strings.Compare(a.ID, b.ID) })
	return out
}
