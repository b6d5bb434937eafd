// Menus: the commands set by scope and language.

package telegramtest

import (
	"fmt"
	"net/http"
	"slices"
)

// Command is a BotCommand.
type Command struct{ Name, Description string }

// Commands are those the bot set for exactly this scope and language; nil for
// none. A scope is named by its type, with the ids it has after colons:
// "default", "chat:42", "chat_member:-100:42".
func (s *Server) Commands(scope, lang string) []Command {
	s.mu.Lock()
	defer s.mu.Unlock()
	return slices.Clone(s.commands[scope+" "+lang])
}

// scope is the key of a call's commands. Scopes of chats need the chat.
func (s *Server) scope(c *Call) (string, *failure) {
	o := c.object("scope")
	name := str(o, "type")
	if name == "" {
		name = "default"
	}
	for _, key := range scopes[name] {
		id, isNumber := whole(o[key])
		if key == "chat_id" {
			at := fmt.Sprint(id)
			if !isNumber {
				at = str(o, key)
			}
			in := s.find(at)
			if in == nil || in.refusal != nil && in.kind == private && !in.mute && in.bot == member {
				return "", refuse(http.StatusBadRequest, "Bad Request: chat not found")
			}
			id = in.id
		}
		name += fmt.Sprintf(":%d", id)
	}
	return name + " " + c.Get("language_code"), nil
}

func (s *Server) setMyCommands(c *Call) (any, *failure) {
	key, f := s.scope(c)
	if f != nil {
		return nil, f
	}
	commands := []Command{}
	for _, o := range objects(c.list("commands")) {
		commands = append(commands, Command{str(o, "command"), str(o, "description")})
	}
	s.commands[key] = commands
	return true, nil
}

func (s *Server) getMyCommands(c *Call) (any, *failure) {
	key, f := s.scope(c)
	if f != nil {
		return nil, f
	}
	out := []any{}
	for _, command := range s.commands[key] {
		out = append(out, object{"command": command.Name, "description": command.Description})
	}
	return out, nil
}

func (s *Server) deleteMyCommands(c *Call) (any, *failure) {
	key, f := s.scope(c)
	if f != nil {
		return nil, f
	}
	delete(s.commands, key)
	return true, nil
}
