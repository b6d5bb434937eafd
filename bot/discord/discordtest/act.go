// People acting: slash commands, autocomplete, context menus, buttons, selects
// and modals.

package discordtest

import (
	"encoding/base64"
	"fmt"
	"slices"
	"strings"
)

// Slash invokes a slash command. Subcommands are words of name: "digest set".
// Once the bot has registered commands, name must be one of them, and args must
// be what the client would let a person enter; anything else is reported.
func (s *Server) Slash(u User, c Channel, name string, args ...Arg) *Interaction {
	s.reporter.Helper()
	return s.invoke(u, c, name, "", args)
}

// Autocomplete is a person typing in the option named focused of a slash
// command; its Arg carries what has been typed. Ask the returned handle for
// Choices.
func (s *Server) Autocomplete(u User, c Channel, name, focused string, args ...Arg) *Interaction {
	s.reporter.Helper()
	if !slices.ContainsFunc(args, func(a Arg) bool { return a.Name == focused }) {
		args = append(args, Opt(focused, ""))
	}
	return s.invoke(u, c, name, focused, args)
}

func (s *Server) invoke(u User, c Channel, name, focused string, args []Arg) *Interaction {
	s.reporter.Helper()
	return s.act(u, c.ID, func(in *interaction) (object, error) {
		in.kind = commandInteraction
		if focused != "" {
			in.kind = autocompleteInteraction
		}
		words := strings.Fields(name)
		if len(words) == 0 {
			return nil, fmt.Errorf("a slash command needs a name")
		}
		in.command, in.messageType = words[0], 20
		cmd, err := s.offered(in, slashCommand, words[0])
		if err != nil {
			return nil, err
		}
		form := &argForm{server: s, guild: in.channel.GuildID, focused: focused, resolved: object{}}
		options, err := form.build(cmd, words[1:], args)
		if err != nil {
			return nil, fmt.Errorf("/%s: %w", name, err)
		}
		data := object{"id": str(cmd, "id"), "name": words[0], "type": slashCommand}
		if len(options) > 0 {
			data["options"] = options
		}
		if len(form.resolved) > 0 {
			data["resolved"] = form.resolved
		}
		return data, nil
	})
}

// offered finds a registered command; before any is registered every name is
// taken for one. The lock is held.
func (s *Server) offered(in *interaction, kind int, name string) (object, error) {
	scope := in.channel.GuildID
	if len(s.commands[""]) == 0 && len(s.commands[scope]) == 0 {
		return object{"id": s.newID()}, nil
	}
	cmd := s.named(scope, kind, name)
	if cmd == nil {
		cmd = s.named("", kind, name)
	}
	if cmd == nil {
		return nil, fmt.Errorf("no command %q of type %d is registered", name, kind)
	}
	if contexts := list(cmd.data, "contexts"); contexts != nil {
		if !slices.ContainsFunc(contexts, func(v any) bool { n, _ := whole(v); return int(n) == in.context() }) {
			return nil, fmt.Errorf("command %q is not offered in context %d", name, in.context())
		}
	}
	if types := list(cmd.data, "integration_types"); in.carried && !slices.ContainsFunc(types, func(v any) bool { n, _ := whole(v); return n == 1 }) {
		return nil, fmt.Errorf("command %q is not offered to people who carry the app", name)
	}
	return cmd.data, nil
}

// MessageCommand invokes a context-menu command on a message. The bot gets the
// message's content without the privileged intent.
func (s *Server) MessageCommand(u User, m Message, name string) *Interaction {
	s.reporter.Helper()
	return s.act(u, m.ChannelID, func(in *interaction) (object, error) {
		in.kind, in.command, in.messageType = commandInteraction, name, 23
		cmd, err := s.offered(in, messageCommand, name)
		if err != nil {
			return nil, err
		}
		r := s.messages[m.ID]
		if r == nil || r.deleted {
			return nil, fmt.Errorf("message %s is not there", m.ID)
		}
		return object{"id": str(cmd, "id"), "name": name, "type": messageCommand, "target_id": m.ID,
			"resolved": object{"messages": object{m.ID: clone(r.data)}}}, nil
	})
}

// Press presses the button of a message that has a custom id.
func (s *Server) Press(u User, m Message, customID string) *Interaction {
	s.reporter.Helper()
	return s.component(u, m, customID, func(o object) (object, error) {
		if integer(o, "type") != TypeButton {
			return nil, fmt.Errorf("%q is no button", customID)
		}
		return object{}, nil
	})
}

// Select chooses values in the select menu of a message that has a custom id.
func (s *Server) Select(u User, m Message, customID string, values ...string) *Interaction {
	s.reporter.Helper()
	return s.component(u, m, customID, func(o object) (object, error) {
		menu := selectOf(o)
		if !isSelect(menu.Type) {
			return nil, fmt.Errorf("%q is no select", customID)
		}
		if len(values) < menu.Min || len(values) > menu.Max {
			return nil, fmt.Errorf("%q takes %d to %d values, not %d", customID, menu.Min, menu.Max, len(values))
		}
		chosen, resolved := []any{}, object{}
		for _, v := range values {
			if menu.Type == TypeStringSelect && !slices.ContainsFunc(menu.Options, func(o SelectOption) bool { return o.Value == v }) {
				return nil, fmt.Errorf("%q has no option %q", customID, v)
			}
			chosen = append(chosen, v)
			switch form := (&argForm{server: s, guild: m.GuildID, resolved: resolved}); menu.Type {
			case 5:
				form.resolveUser(v)
			case TypeRoleSelect:
				form.resolveRole(v)
			case TypeChannelSelect:
				form.resolveChannel(v)
			}
		}
		data := object{"values": chosen}
		if menu.Type != TypeStringSelect {
			data["resolved"] = resolved
		}
		return data, nil
	})
}

// component uses a component of the message as it is now.
func (s *Server) component(u User, m Message, customID string, use func(object) (object, error)) *Interaction {
	s.reporter.Helper()
	return s.act(u, m.ChannelID, func(in *interaction) (object, error) {
		in.kind = componentInteraction
		r := s.messages[m.ID]
		if r == nil || r.deleted || r.loading {
			return nil, fmt.Errorf("message %s is not there to press", m.ID)
		}
		if r.ephemeral && r.audience != u.ID {
			return nil, fmt.Errorf("message %s is ephemeral: only %s sees it", m.ID, r.audience)
		}
		in.source = r
		var found object
		walk(list(r.data, "components"), func(o object) {
			if str(o, "custom_id") == customID && customID != "" {
				found = o
			}
		})
		switch {
		case found == nil:
			return nil, fmt.Errorf("message %s has no component %q", m.ID, customID)
		case truth(found, "disabled"):
			return nil, fmt.Errorf("component %q of message %s is disabled", customID, m.ID)
		}
		data, err := use(found)
		if err != nil {
			return nil, err
		}
		data["custom_id"], data["component_type"], data["id"] = customID, integer(found, "type"), integer(found, "id")
		return data, nil
	})
}

// SubmitModal fills in and submits the modal that answered opener. values are
// by custom id; an input without one keeps its preset value.
func (s *Server) SubmitModal(u User, opener *Interaction, values map[string]string) *Interaction {
	s.reporter.Helper()
	from := opener.in
	channelID := ""
	if from != nil {
		channelID = from.channel.ID
	}
	return s.act(u, channelID, func(in *interaction) (object, error) {
		in.kind, in.opener = modalInteraction, from
		if from == nil || from.response != ResponseModal {
			return nil, fmt.Errorf("the interaction was not answered with a modal")
		}
		in.source = from.source
		components, err := fillModal(list(from.data, "components"), values)
		form := &argForm{server: s, guild: in.channel.GuildID, resolved: object{}}
		for _, v := range values {
			form.resolveRole(v)
		}
		return object{"custom_id": str(from.data, "custom_id"), "components": components, "resolved": form.resolved}, err
	})
}

// fillModal writes the submitted form of a modal's components.
func fillModal(components []any, values map[string]string) ([]any, error) {
	used, out := 0, []any{}
	input := func(o object) (object, error) {
		id, kind := str(o, "custom_id"), integer(o, "type")
		value, given := values[id]
		if given {
			used++
		} else {
			value = str(o, "value")
		}
		filled := object{"type": kind, "id": integer(o, "id"), "custom_id": id}
		if kind != TypeTextInput {
			filled["values"] = []any{value}
			return filled, nil
		}
		required, set := o["required"].(bool)
		low, n := integer(o, "min_length"), runes(value)
		high := 4000
		if m := integer(o, "max_length"); m > 0 {
			high = m
		}
		if n == 0 && (required || !set) || n > 0 && n < low || n > high {
			return nil, fmt.Errorf("the client takes %d to %d characters for %q, not %d", low, high, id, n)
		}
		filled["value"] = value
		return filled, nil
	}
	for _, o := range objects(components) {
		row := object{"type": integer(o, "type"), "id": integer(o, "id")}
		if inner := sub(o, "component"); inner != nil {
			filled, err := input(inner)
			if err != nil {
				return nil, err
			}
			row["component"] = filled
		}
		if children := objects(list(o, "components")); len(children) > 0 {
			cells := []any{}
			for _, child := range children {
				filled, err := input(child)
				if err != nil {
					return nil, err
				}
				cells = append(cells, filled)
			}
			row["components"] = cells
		}
		out = append(out, row)
	}
	if used != len(values) {
		return nil, fmt.Errorf("the modal has not all the inputs %v", values)
	}
	return out, nil
}

// act makes an interaction and sends INTERACTION_CREATE. What a person could
// not do is reported, and the handle fails with it.
func (s *Server) act(u User, channelID string, prepare func(*interaction) (object, error)) *Interaction {
	s.reporter.Helper()
	in, receivers, err := s.start(u, channelID, prepare)
	switch {
	case err != nil:
		s.violate("a person cannot do this: %v", err)
	case receivers == 0:
		s.reporter.Logf("discordtest: no gateway session receives interaction %s", in.id)
	}
	return &Interaction{server: s, in: in, err: err}
}

// start also returns how many sessions were sent the interaction.
func (s *Server) start(u User, channelID string, prepare func(*interaction) (object, error)) (*interaction, int, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	c := s.channels[channelID]
	if c == nil || c.deleted {
		return nil, 0, fmt.Errorf("channel %q does not exist", channelID)
	}
	s.join(u, c)
	in := &interaction{id: s.newID(), user: s.users[u.ID].User, channel: c, created: s.now()}
	in.carried = c.Type == GroupMessage || s.guilds[c.GuildID] != nil && s.guilds[c.GuildID].Foreign
	if in.carried && !s.users[u.ID].installed {
		return nil, 0, fmt.Errorf("the app is not there: the bot is no member, and %s has not installed it", u.Username)
	}
	in.token = base64.RawURLEncoding.EncodeToString([]byte("interaction:" + in.id))
	data, err := prepare(in)
	if err != nil {
		return nil, 0, err
	}
	s.interactions[in.token] = in
	receivers := s.emit(c.GuildID, "INTERACTION_CREATE", s.interactionJSON(in, data))
	s.notify()
	return in, receivers, nil
}

// context is 0 in a guild, 1 in direct messages with the bot, 2 in those of
// others.
func (in *interaction) context() int {
	switch {
	case in.channel.Type == GroupMessage:
		return 2
	case in.channel.GuildID == "":
		return 1
	}
	return 0
}

func (s *Server) interactionJSON(in *interaction, data object) object {
	c := in.channel
	o := object{"id": in.id, "application_id": s.settings.appID, "type": in.kind, "data": data, "token": in.token,
		"version": 1, "channel_id": c.ID, "channel": s.channelJSON(c), "locale": in.user.Locale, "context": in.context(),
		"app_permissions": decimal(s.permissions(c, s.bot.ID)), "entitlements": []any{}, "attachment_size_limit": 10485760,
		"authorizing_integration_owners": s.owners(in)}
	if in.source != nil {
		o["message"] = clone(in.source.data)
	}
	g := s.guilds[c.GuildID]
	if g == nil {
		o["user"] = userJSON(in.user)
		return o
	}
	m := memberJSON(in.user, g.members[in.user.ID])
	m["permissions"] = decimal(s.permissions(c, in.user.ID))
	o["member"], o["guild_id"], o["guild_locale"] = m, g.ID, g.Locale
	o["guild"] = object{"id": g.ID, "locale": g.Locale, "features": []any{}}
	return o
}
