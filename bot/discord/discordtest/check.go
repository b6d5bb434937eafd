// Documented limits: which check belongs to which route.

package discordtest

import "strings"

// The flags of a message that bots may set, and those Discord sets.
const (
	FlagCrossposted           = 1 << 0
	FlagSuppressEmbeds        = 1 << 2
	FlagHasThread             = 1 << 5
	FlagEphemeral             = 1 << 6
	FlagLoading               = 1 << 7
	FlagSuppressNotifications = 1 << 12
	FlagVoiceMessage          = 1 << 13
	FlagComponentsV2          = 1 << 15
)

// checkLimits adds what the documentation finds wrong with a call.
func (s *Server) checkLimits(c *Call, f findings) {
	const webhook = "/webhooks/{webhook_id}/{webhook_token}"
	body := c.object()
	switch {
	case c.Is("POST", "/channels/{channel_id}/messages"):
		checkMessage(messageForm{body: body, files: len(c.Files), fresh: true,
			flags: FlagSuppressEmbeds | FlagSuppressNotifications | FlagComponentsV2 | FlagVoiceMessage}, f)
	case c.Is("POST", webhook):
		checkMessage(messageForm{body: body, files: len(c.Files), fresh: true,
			flags: FlagSuppressEmbeds | FlagSuppressNotifications | FlagComponentsV2 | FlagEphemeral}, f)
	case c.Method == "PATCH" && (c.Route == "/channels/{channel_id}/messages/{message_id}" || strings.HasPrefix(c.Route, webhook+"/messages/")):
		prior, known := s.target(c)
		checkMessage(messageForm{body: body, files: len(c.Files), prior: prior, known: known,
			flags: FlagSuppressEmbeds | FlagComponentsV2 | integer(prior, "flags")}, f)
	case strings.HasPrefix(c.Route, "/interactions/"):
		s.checkCallback(c, body, f)
	case c.Method == "PUT" && strings.HasSuffix(c.Route, "/commands"):
		l, _ := c.payload.([]any)
		checkCommandList(objects(l), f)
	case c.Method == "POST" && strings.HasSuffix(c.Route, "/commands"),
		c.Method == "PATCH" && strings.HasSuffix(c.Route, "/commands/{command_id}"):
		checkCommand(body, c.Method == "PATCH", f)
	case strings.HasSuffix(c.Route, "/threads") && c.Method == "POST":
		f.at("name").length(str(body, "name"), 1, 100)
		if d, ok := body["auto_archive_duration"]; ok && d != nil {
			switch n, _ := whole(d); n {
			case 60, 1440, 4320, 10080:
			default:
				f.at("auto_archive_duration").add("BASE_TYPE_CHOICES", "Value must be one of {60, 1440, 4320, 10080}.")
			}
		}
	}
}

// target is a copy of the message a PATCH is about, if it exists.
func (s *Server) target(c *Call) (object, bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	var r *record
	if token := c.Params["webhook_token"]; token != "" {
		r = s.interactions[token].message(c.Params["message_id"])
	} else {
		r = s.messages[c.Params["message_id"]]
	}
	if r == nil || r.deleted {
		return object{}, false
	}
	if r.loading {
		// A deferred reply becomes what its first edit says.
		return object{"flags": integer(r.data, "flags") &^ FlagLoading}, false
	}
	return clone(r.data).(object), true
}
