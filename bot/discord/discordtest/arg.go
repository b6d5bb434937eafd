// Arguments of slash commands, typed as the registered command says.

package discordtest

import (
	"encoding/json"
	"fmt"
	"slices"
)

// Arg is a filled-in option of a slash command.
type Arg struct {
	Name  string
	Value any // string, bool, an integer, float64, User or Channel
}

// Opt makes an Arg. Values of type User and Channel become options of that
// type; a string is an id where the registered option wants one.
func Opt(name string, value any) Arg { return Arg{name, value} }

// argForm fills in the options of one command; the server's lock is held.
type argForm struct {
	server   *Server
	guild    string
	focused  string
	resolved object
}

// build nests args under the subcommands in path. A command without a "name"
// is unregistered: types are then those of the Go values.
func (f *argForm) build(cmd object, path []string, args []Arg) ([]any, error) {
	registered := cmd["name"] != nil
	options := objects(list(cmd, "options"))
	if len(path) > 0 {
		kind := 1
		if len(path) > 1 {
			kind = 2
		}
		inner := object{}
		if registered {
			i := slices.IndexFunc(options, func(o object) bool { return str(o, "name") == path[0] && integer(o, "type") == kind })
			if i < 0 {
				return nil, fmt.Errorf("no subcommand %q", path[0])
			}
			inner = options[i]
		}
		nested, err := f.build(inner, path[1:], args)
		if err != nil {
			return nil, err
		}
		return []any{object{"name": path[0], "type": kind, "options": nested}}, nil
	}
	out := []any{}
	for _, a := range args {
		option := object{"type": kindOfValue(a.Value)}
		if registered {
			i := slices.IndexFunc(options, func(o object) bool { return str(o, "name") == a.Name })
			if i < 0 {
				return nil, fmt.Errorf("no option %q", a.Name)
			}
			option = options[i]
		}
		filled, err := f.fill(option, a)
		if err != nil {
			return nil, fmt.Errorf("option %q: %w", a.Name, err)
		}
		out = append(out, filled)
	}
	for _, o := range options {
		name, kind := str(o, "name"), integer(o, "type")
		if kind <= 2 && registered {
			return nil, fmt.Errorf("a subcommand is needed, such as %q", name)
		}
		if truth(o, "required") && f.focused == "" && !slices.ContainsFunc(args, func(a Arg) bool { return a.Name == name }) {
			return nil, fmt.Errorf("option %q is required", name)
		}
	}
	return out, nil
}

func kindOfValue(v any) int {
	switch v.(type) {
	case bool:
		return 5
	case int, int64:
		return 4
	case float64:
		return 10
	case User:
		return 6
	case Channel:
		return 7
	}
	return 3
}

func (f *argForm) fill(option object, a Arg) (object, error) {
	kind := integer(option, "type")
	value := a.Value
	switch v := value.(type) {
	case User:
		value = v.ID
	case Channel:
		value = v.ID
	}
	out := object{"name": a.Name, "type": kind, "value": value}
	if a.Name == f.focused {
		if !truth(option, "autocomplete") && option["name"] != nil {
			return nil, fmt.Errorf("it has no autocomplete")
		}
		out["focused"] = true
		out["value"] = fmt.Sprint(value) // what is typed is a string, whatever the type
		return out, nil
	}
	if err := fits(option, kind, value); err != nil {
		return nil, err
	}
	id, _ := value.(string)
	switch kind {
	case 6, 9:
		f.resolveUser(id)
	case 7:
		f.resolveChannel(id)
	case 8:
		f.resolveRole(id)
	}
	return out, nil
}

// fits is what the client checks before it sends a command.
func fits(option object, kind int, value any) error {
	text, isText := value.(string)
	n, isNumber := number(value)
	_, isBool := value.(bool)
	switch kind {
	case 4, 10:
		if !isNumber {
			return fmt.Errorf("%v is no number", value)
		}
		if low, ok := number(option["min_value"]); ok && n < low {
			return fmt.Errorf("%v is below %v", value, low)
		}
		if high, ok := number(option["max_value"]); ok && n > high {
			return fmt.Errorf("%v is above %v", value, high)
		}
	case 5:
		if !isBool {
			return fmt.Errorf("%v is no boolean", value)
		}
	default:
		if !isText {
			return fmt.Errorf("%v is no text or id", value)
		}
		if low, ok := whole(option["min_length"]); ok && runes(text) < int(low) {
			return fmt.Errorf("it needs %d characters", low)
		}
		if high, ok := whole(option["max_length"]); ok && high > 0 && runes(text) > int(high) {
			return fmt.Errorf("it takes %d characters", high)
		}
	}
	choices := objects(list(option, "choices"))
	if len(choices) > 0 && !slices.ContainsFunc(choices, func(c object) bool { return same(c["value"], value) }) {
		return fmt.Errorf("%v is not among the choices", value)
	}
	return nil
}

func (f *argForm) put(kind, id string, o object) {
	m := sub(f.resolved, kind)
	if m == nil {
		m = object{}
		f.resolved[kind] = m
	}
	m[id] = o
}

func (f *argForm) resolveUser(id string) {
	u := f.server.users[id]
	if u == nil {
		return
	}
	f.put("users", id, userJSON(u.User))
	if g := f.server.guilds[f.guild]; g != nil && g.members[id] != nil {
		m := memberJSON(u.User, g.members[id])
		delete(m, "user")
		m["permissions"] = decimal(g.members[id].permissions)
		f.put("members", id, m)
	}
}

func (f *argForm) resolveChannel(id string) {
	if c := f.server.channels[id]; c != nil {
		o := f.server.channelJSON(c)
		o["permissions"] = decimal(PermissionsMember)
		f.put("channels", id, o)
	}
}

func (f *argForm) resolveRole(id string) {
	g := f.server.guilds[f.guild]
	if g == nil {
		return
	}
	for _, role := range g.roles {
		if str(role, "id") == id {
			f.put("roles", id, clone(role).(object))
		}
	}
}

// Choice is a suggestion of an autocomplete answer.
type Choice struct {
	Name  string
	Value any // string or json.Number
	Raw   json.RawMessage
}
