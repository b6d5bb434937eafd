// REST: application commands, global and of a guild.

package discordtest

import (
	"encoding/json"
	"maps"
)

// command is a registered command.
type command struct {
	id   string
	data object // as Discord shows it
}

// Command is a registered command as a test sees it.
type Command struct {
	ID      string
	GuildID string // empty for a global one
	Name    string
	Type    int // 1 slash, 2 user, 3 message
	Raw     json.RawMessage
}

// Commands lists the global commands in order of registration.
func (s *Server) Commands() []Command { return s.GuildCommands("") }

// GuildCommands lists the commands of one guild.
func (s *Server) GuildCommands(guildID string) []Command {
	s.mu.Lock()
	defer s.mu.Unlock()
	var out []Command
	for _, c := range s.commands[guildID] {
		out = append(out, Command{ID: c.id, GuildID: guildID, Name: str(c.data, "name"), Type: kindOf(c.data), Raw: encode(c.data)})
	}
	return out
}

// CommandCreates counts commands created so far: Discord allows 200 a day.
// Overwriting a command with itself creates nothing.
func (s *Server) CommandCreates() int {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.creates
}

// scope is the guild id of a command route, "" for global ones.
func (s *Server) scope(c *Call) (string, *failure) {
	if c.Params["application_id"] != s.settings.appID {
		return "", blame(403, 20012, "You are not authorized to perform this action on this application")
	}
	id := c.Params["guild_id"]
	if id != "" {
		if g := s.guilds[id]; g == nil || g.gone {
			return "", missingAccess()
		}
	}
	return id, nil
}

func (s *Server) listCommands(c *Call) (int, any, *failure) {
	scope, f := s.scope(c)
	if f != nil {
		return 0, nil, f
	}
	out := []any{}
	for _, cmd := range s.commands[scope] {
		data := cmd.data
		if c.Query.Get("with_localizations") != "true" {
			data = unlocalized(data)
		}
		out = append(out, data)
	}
	return 200, out, nil
}

func (s *Server) putCommands(c *Call) (int, any, *failure) {
	scope, f := s.scope(c)
	if f != nil {
		return 0, nil, f
	}
	wanted, _ := c.payload.([]any)
	var next []*command
	out := []any{}
	for _, body := range objects(wanted) {
		cmd, f := s.register(scope, body)
		if f != nil {
			return 0, nil, f
		}
		next = append(next, cmd)
		out = append(out, cmd.data)
	}
	s.commands[scope] = next
	return 200, out, nil
}

func (s *Server) createCommand(c *Call) (int, any, *failure) {
	scope, f := s.scope(c)
	if f != nil {
		return 0, nil, f
	}
	existed := s.named(scope, kindOf(c.object()), str(c.object(), "name")) != nil
	cmd, f := s.register(scope, c.object())
	if f != nil {
		return 0, nil, f
	}
	if existed {
		return 200, cmd.data, nil
	}
	n := 0
	for _, other := range s.commands[scope] {
		if kindOf(other.data) == kindOf(cmd.data) {
			n++
		}
	}
	if n >= commandLimits[kindOf(cmd.data)] {
		return 0, nil, blame(400, 30032, "Maximum number of application commands reached")
	}
	s.commands[scope] = append(s.commands[scope], cmd)
	return 201, cmd.data, nil
}

func (s *Server) named(scope string, kind int, name string) *command {
	for _, c := range s.commands[scope] {
		if str(c.data, "name") == name && kindOf(c.data) == kind {
			return c
		}
	}
	return nil
}

// register makes a command, or gives the one of that name a new body: a new
// version only if something changed.
func (s *Server) register(scope string, body object) (*command, *failure) {
	old := s.named(scope, kindOf(body), str(body, "name"))
	if old != nil {
		s.overwrite(old, s.shown(body, scope, old.id))
		return old, nil
	}
	if s.creates >= 200 {
		return nil, blame(429, 30034, "Max number of daily application command creates has been reached (200)")
	}
	s.creates++
	cmd := &command{id: s.newID()}
	cmd.data = s.shown(body, scope, cmd.id)
	cmd.data["version"] = s.newID()
	return cmd, nil
}

func (s *Server) overwrite(c *command, data object) {
	data["version"] = c.data["version"]
	if !same(data, c.data) {
		data["version"] = s.newID()
	}
	c.data = data
}

// shown is a command as Discord gives it back.
func (s *Server) shown(body object, scope, id string) object {
	o := object{"id": id, "application_id": s.settings.appID, "type": kindOf(body), "name": str(body, "name"),
		"description": str(body, "description"), "nsfw": truth(body, "nsfw"), "default_member_permissions": nil,
		"name_localizations": nil, "description_localizations": nil, "contexts": nil, "integration_types": []any{0}}
	if scope != "" {
		o["guild_id"] = scope
	} else {
		o["dm_permission"] = true
	}
	for _, key := range []string{"name_localizations", "description_localizations", "contexts", "integration_types", "dm_permission"} {
		if v := body[key]; v != nil {
			o[key] = clone(v)
		}
	}
	switch p := body["default_member_permissions"].(type) {
	case string:
		o["default_member_permissions"] = p
	case json.Number:
		o["default_member_permissions"] = p.String()
	}
	if options := list(body, "options"); len(options) > 0 {
		o["options"] = compact(options)
	}
	return o
}

// compact leaves out what an option has not, as Discord does: null, false and
// empty lists.
func compact(v any) any {
	switch v := v.(type) {
	case []any:
		out := make([]any, len(v))
		for i, x := range v {
			out[i] = compact(x)
		}
		return out
	case object:
		out := object{}
		for k, x := range v {
			_, text := x.(string)
			_, digit := x.(json.Number)
			if !empty(x) || text || digit {
				out[k] = compact(x)
			}
		}
		return out
	}
	return v
}

func unlocalized(o object) object {
	o = maps.Clone(o)
	delete(o, "name_localizations")
	delete(o, "description_localizations")
	return o
}

func (s *Server) command(c *Call) (*command, *failure) {
	scope, f := s.scope(c)
	if f != nil {
		return nil, f
	}
	for _, cmd := range s.commands[scope] {
		if cmd.id == c.Params["command_id"] {
			return cmd, nil
		}
	}
	return nil, refuse(404, 10063, "Unknown application command")
}

func (s *Server) getCommand(c *Call) (int, any, *failure) {
	cmd, f := s.command(c)
	if f != nil {
		return 0, nil, f
	}
	return 200, cmd.data, nil
}

func (s *Server) patchCommand(c *Call) (int, any, *failure) {
	cmd, f := s.command(c)
	if f != nil {
		return 0, nil, f
	}
	body := maps.Clone(cmd.data)
	maps.Copy(body, c.object())
	s.overwrite(cmd, s.shown(body, c.Params["guild_id"], cmd.id))
	return 200, cmd.data, nil
}

func (s *Server) deleteCommand(c *Call) (int, any, *failure) {
	cmd, f := s.command(c)
	if f != nil {
		return 0, nil, f
	}
	var kept []*command
	for _, other := range s.commands[c.Params["guild_id"]] {
		if other != cmd {
			kept = append(kept, other)
		}
	}
	s.commands[c.Params["guild_id"]] = kept
	return 204, nil, nil
}
