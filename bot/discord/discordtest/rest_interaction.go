// REST: the interaction callback, and responses and follow-ups by webhook.

package discordtest

import "time"

// interaction is one event sent to the bot that waits for an answer.
type interaction struct {
	id, token string
	kind      int
	user      User
	channel   *channel
	command   string // name, for command interactions
	// messageType is the type of the message that answers a command.
	messageType int
	created     time.Time
	source      *record // the message pressed, or that opened the modal
	opener      *interaction
	carried     bool // the bot isn't there: the user brought the app

	acked     bool
	response  int    // type of the first answer
	data      object // data of the first answer
	original  *record
	updated   bool // a deferred update was followed by its edit
	followUps []*record
}

// message finds a response by id or "@original"; a nil interaction has none.
func (in *interaction) message(id string) *record {
	if in == nil {
		return nil
	}
	if id == "" || id == "@original" {
		return in.original
	}
	for _, r := range in.followUps {
		if r.id() == id {
			return r
		}
	}
	if in.original != nil && in.original.id() == id {
		return in.original
	}
	return nil
}

func (s *Server) callback(c *Call) (int, any, *failure) {
	in := s.interactions[c.Params["interaction_token"]]
	switch {
	case in == nil || in.id != c.Params["interaction_id"]:
		return 0, nil, blame(404, 10062, "Unknown interaction")
	case in.acked:
		return 0, nil, blame(400, 40060, "Interaction has already been acknowledged.")
	case s.now().Sub(in.created) > ResponseWindow:
		return 0, nil, blame(404, 10062, "Unknown interaction")
	}
	body := c.object()
	kind, data := integer(body, "type"), sub(body, "data")
	if data == nil {
		data = object{}
	}
	if kind == ResponseMessage && hollow(data, len(c.Files)) {
		return 0, nil, emptyMessage()
	}
	in.acked, in.response, in.data = true, kind, data
	switch kind {
	case ResponseMessage, ResponseDeferred:
		in.original = s.respond(in, c, data, kind == ResponseDeferred)
	case ResponseUpdate:
		in.original = in.source
		s.change(in.source, c, data)
	case ResponseDeferredUpdate:
		in.original = in.source
	}
	if c.Query.Get("with_response") != "true" {
		return 204, nil, nil
	}
	reply := object{"id": in.id, "type": in.kind, "channel_id": in.channel.ID,
		"response_message_ephemeral": in.original != nil && in.original.ephemeral}
	resource := object{"type": kind}
	if in.original != nil {
		reply["response_message_id"], reply["response_message_loading"] = in.original.id(), in.original.loading
		resource["message"] = in.original.data
	}
	return 200, object{"interaction": reply, "resource": resource}, nil
}

// respond makes a message that answers an interaction.
func (s *Server) respond(in *interaction, c *Call, body object, loading bool) *record {
	r := s.compose(in.channel, s.bot, body, c.Files)
	r.body, r.interaction, r.loading = c.Body, in, loading
	r.ephemeral, r.audience = integer(body, "flags")&FlagEphemeral != 0, in.user.ID
	r.data["application_id"], r.data["webhook_id"] = s.settings.appID, s.settings.appID
	if loading {
		r.data["flags"] = integer(r.data, "flags") | FlagLoading
	}
	if in.kind == commandInteraction {
		r.data["type"] = in.messageType
	}
	meta := object{"id": in.id, "type": in.kind, "user": userJSON(in.user),
		"authorizing_integration_owners": s.owners(in)}
	if in.original != nil {
		meta["original_response_message_id"] = in.original.id()
	}
	if in.source != nil {
		meta["interacted_message_id"] = in.source.id()
	}
	r.data["interaction_metadata"] = meta
	s.store(r)
	return r
}

// owners are the authorizing owners: the guild that installed the bot, "0" in
// direct messages with it, and the user who installed it for themselves.
func (s *Server) owners(in *interaction) object {
	o := object{}
	switch {
	case in.carried:
	case in.channel.GuildID == "":
		o["0"] = "0"
	default:
		o["0"] = in.channel.GuildID
	}
	if u := s.users[in.user.ID]; u != nil && u.installed {
		o["1"] = in.user.ID
	}
	return o
}

// FollowUpLimit is how many messages may follow where the bot is no member.
const FollowUpLimit = 5

// byWebhook finds the interaction that a webhook route speaks for.
func (s *Server) byWebhook(c *Call) (*interaction, *failure) {
	in := s.interactions[c.Params["webhook_token"]]
	switch {
	case in == nil || c.Params["webhook_id"] != s.settings.appID || !in.acked || in.kind == autocompleteInteraction:
		return nil, blame(404, 10015, "Unknown Webhook")
	case s.now().Sub(in.created) > TokenWindow:
		return nil, blame(401, 50027, "Invalid Webhook Token")
	}
	return in, nil
}

func (s *Server) followUp(c *Call) (int, any, *failure) {
	in, f := s.byWebhook(c)
	if f != nil {
		return 0, nil, f
	}
	body := c.object()
	if hollow(body, len(c.Files)) {
		return 0, nil, emptyMessage()
	}
	var r *record
	if in.original != nil && in.original.loading && !in.original.deleted {
		// The first follow-up takes the place of the deferred reply, which has
		// already decided whether it is ephemeral.
		r = in.original
		body["flags"] = integer(body, "flags") &^ FlagEphemeral
		s.change(r, c, body)
	} else {
		if in.carried && len(in.followUps) >= FollowUpLimit {
			return 0, nil, blame(400, 40094, "The maximum number of follow-up messages for this interaction has been reached")
		}
		r = s.respond(in, c, body, false)
		in.followUps = append(in.followUps, r)
	}
	if c.Query.Get("wait") != "true" {
		return 204, nil, nil
	}
	return 200, r.data, nil
}

func (s *Server) responseRecord(c *Call) (*interaction, *record, *failure) {
	in, f := s.byWebhook(c)
	if f != nil {
		return nil, nil, f
	}
	r := in.message(c.Params["message_id"])
	if r == nil || r.deleted {
		return nil, nil, unknownMessage()
	}
	return in, r, nil
}

func (s *Server) getResponse(c *Call) (int, any, *failure) {
	_, r, f := s.responseRecord(c)
	if f != nil {
		return 0, nil, f
	}
	return 200, r.data, nil
}

func (s *Server) editResponse(c *Call) (int, any, *failure) {
	in, r, f := s.responseRecord(c)
	if f != nil {
		return 0, nil, f
	}
	if f := s.emptied(r, c); f != nil {
		return 0, nil, f
	}
	s.change(r, c, c.object())
	if r == in.original {
		in.updated = true
	}
	return 200, r.data, nil
}

func (s *Server) deleteResponse(c *Call) (int, any, *failure) {
	_, r, f := s.responseRecord(c)
	if f != nil {
		return 0, nil, f
	}
	s.remove(r)
	return 204, nil, nil
}
