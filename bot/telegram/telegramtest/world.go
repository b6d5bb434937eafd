// World: the people and chats there are, and the bot's place in them.

package telegramtest

import (
	"fmt"
	"net/http"
	"slices"
	"strconv"
	"strings"
)

// kind is a chat's type as the Bot API names it.
type kind string

const (
	private    kind = "private"
	group      kind = "group"
	supergroup kind = "supergroup"
	channel    kind = "channel"
)

// words are the kind as descriptions of errors name it.
func (k kind) words() string { return string(k) + " chat" }

// What a member of a chat can be.
const (
	creator       = "creator"
	administrator = "administrator"
	member        = "member"
	restricted    = "restricted"
	left          = "left"
	kicked        = "kicked"
)

// person is a user, or a stand-in that Telegram has write for others.
type person struct {
	id          int64
	name, lang  string
	deactivated bool
}

// chat is a chat with what the bot can't see of it.
type chat struct {
	id       int64
	kind     kind
	title    string
	username string
	members  map[int64]string // statuses by user
	order    []int64          // of members
	bot      string           // the bot's own status
	refusal  *failure         // of everything, or of messages when mute
	mute     bool
	quiet    bool               // members may not write
	topics   map[int64]*failure // nil for open ones
	movedTo  int64
	lastID   int64
}

// AddUser adds somebody who never wrote to the bot: it can't begin a chat with
// them. They can be members of groups. lang is the language of their client.
func (s *Server) AddUser(id int64, name, lang string) int64 {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.people[id] = &person{id: id, name: name, lang: lang}
	s.chats[id] = &chat{id: id, kind: private, bot: member,
		refusal: refuse(http.StatusForbidden, "Forbidden: bot can't initiate conversation with a user")}
	return id
}

// AddPrivate adds somebody who has started the bot, and returns their id, which
// is the chat's, too. lang is the language of their client, such as "it".
func (s *Server) AddPrivate(id int64, name, lang string) int64 {
	s.AddUser(id, name, lang)
	s.mu.Lock()
	defer s.mu.Unlock()
	s.chats[id].refusal = nil
	return id
}

// AddGroup adds a group that the bot is a member of, and returns its id. Ids up
// to -1000000000000 are of supergroups. The first of admins is its creator;
// people not known yet are added.
func (s *Server) AddGroup(id int64, title string, admins ...int64) int64 {
	k := group
	if id <= -1_000_000_000_000 {
		k = supergroup
	}
	s.addChat(id, k, title, member, admins)
	return id
}

// AddChannel adds a channel that the bot is an administrator of, and returns
// its id.
func (s *Server) AddChannel(id int64, title string, admins ...int64) int64 {
	s.addChat(id, channel, title, administrator, admins)
	return id
}

func (s *Server) addChat(id int64, k kind, title, bot string, admins []int64) {
	s.mu.Lock()
	defer s.mu.Unlock()
	c := &chat{id: id, kind: k, title: title, bot: bot, members: map[int64]string{}, topics: map[int64]*failure{}}
	s.chats[id] = c
	for i, admin := range admins {
		c.set(admin, administrator)
		if i == 0 {
			c.set(admin, creator)
		}
		s.know(admin)
	}
}

// know adds a person that a test only gave the id of.
func (s *Server) know(id int64) *person {
	if s.people[id] == nil {
		s.people[id] = &person{id: id, name: fmt.Sprintf("User %d", id)}
		s.chats[id] = &chat{id: id, kind: private, bot: member,
			refusal: refuse(http.StatusForbidden, "Forbidden: bot can't initiate conversation with a user")}
	}
	return s.people[id]
}

func (c *chat) set(user int64, status string) {
	if !slices.Contains(c.order, user) {
		c.order = append(c.order, user)
	}
	c.members[user] = status
}

// SetMember makes a person a "creator", "administrator", "member", "left" or
// "kicked" one of a group or channel. The bot is not told.
func (s *Server) SetMember(chat, user int64, status string) {
	s.change(chat, func(c *chatState) {
		s.know(user)
		c.set(user, status)
	})
}

// SetUsername makes a group or channel public: @name names it, too.
func (s *Server) SetUsername(chat int64, name string) {
	s.change(chat, func(c *chatState) { c.username = strings.TrimPrefix(name, "@") })
}

// AddTopic makes a supergroup a forum with an open topic, apart from General.
//
// A private chat with topics has them beside the chat itself, too.
func (s *Server) AddTopic(chat, thread int64) {
	s.change(chat, func(c *chatState) {
		if c.topics == nil {
			c.topics = map[int64]*failure{}
		}
		c.topics[thread] = nil
	})
}

// chatState lets change's functions name the type where a chat's id is called
// chat.
type chatState = chat

// change changes a chat; one that doesn't exist is a mistake of the test.
func (s *Server) change(id int64, f func(*chatState)) {
	s.reporter.Helper()
	s.mu.Lock()
	c := s.chats[id]
	if c != nil {
		f(c)
		s.notify()
	}
	s.mu.Unlock()
	if c == nil {
		s.violate("the test names a chat %d that it didn't add", id)
	}
}

// find finds a chat by chat_id; nil when there is none.
func (s *Server) find(id string) *chat {
	if name, ok := strings.CutPrefix(id, "@"); ok {
		for _, c := range s.chats {
			if c.username != "" && strings.EqualFold(c.username, name) {
				return c
			}
		}
		return nil
	}
	n, _ := strconv.ParseInt(id, 10, 64)
	return s.chats[n]
}

// present finds a call's chat, if the bot is in it.
func (s *Server) present(c *Call) (*chat, *failure) {
	in := s.find(c.Get("chat_id"))
	switch {
	case in == nil:
		return nil, refuse(http.StatusBadRequest, "Bad Request: chat not found")
	case in.movedTo != 0:
		return nil, &failure{code: http.StatusBadRequest, parameters: object{"migrate_to_chat_id": in.movedTo},
			description: "Bad Request: group chat was upgraded to a supergroup chat"}
	case in.kind != private && in.refusal != nil && !in.mute:
		return nil, in.refusal
	}
	return in, nil
}

// writable finds a call's chat, if the bot may write there.
func (s *Server) writable(c *Call) (*chat, *failure) {
	in, f := s.present(c)
	if f != nil {
		return nil, f
	}
	if p := s.people[in.id]; p != nil && p.deactivated {
		return nil, refuse(http.StatusForbidden, "Forbidden: user is deactivated")
	}
	if in.refusal != nil {
		return nil, in.refusal
	}
	if in.quiet && in.bot == member {
		return nil, refuse(http.StatusBadRequest, "Bad Request: not enough rights to send text messages to the chat")
	}
	if thread := c.integer("message_thread_id"); thread != 0 {
		refusal, ok := in.topics[thread]
		if !ok {
			return nil, refuse(http.StatusBadRequest, "Bad Request: message thread not found")
		}
		if refusal != nil {
			return nil, refusal
		}
	}
	return in, nil
}

// status is what somebody is in the chat.
func (c *chat) status(s *Server, user int64) string {
	switch {
	case user == s.botID:
		return c.bot
	case c.kind == private && user == c.id:
		return member
	case c.members[user] == "":
		return left
	}
	return c.members[user]
}
