// Routes: which templates exist and which handler plays each.

package discordtest

import (
	"net/url"
	"strings"
)

// handler plays one operation. It runs with the lock held; body is encoded
// before the lock is released, nil for none.
type handler func(*Server, *Call) (status int, body any, f *failure)

// routes names path templates as the OpenAPI description does.
var routes = map[string]handler{
	"GET /gateway":                 (*Server).getGateway,
	"GET /gateway/bot":             (*Server).getGatewayBot,
	"GET /users/@me":               (*Server).getMe,
	"GET /users/{user_id}":         (*Server).getUser,
	"GET /users/@me/guilds":        (*Server).getMyGuilds,
	"POST /users/@me/channels":     (*Server).createDM,
	"GET /applications/@me":        (*Server).getApplication,
	"GET /oauth2/applications/@me": (*Server).getApplication,

	"GET /guilds/{guild_id}":                   (*Server).getGuild,
	"GET /guilds/{guild_id}/channels":          (*Server).getGuildChannels,
	"GET /guilds/{guild_id}/roles":             (*Server).getGuildRoles,
	"GET /guilds/{guild_id}/members/{user_id}": (*Server).getMember,

	"GET /channels/{channel_id}":                                       (*Server).getChannel,
	"POST /channels/{channel_id}/typing":                               (*Server).postTyping,
	"GET /channels/{channel_id}/messages":                              (*Server).listMessages,
	"POST /channels/{channel_id}/messages":                             (*Server).createMessage,
	"GET /channels/{channel_id}/messages/{message_id}":                 (*Server).getMessage,
	"PATCH /channels/{channel_id}/messages/{message_id}":               (*Server).editMessage,
	"DELETE /channels/{channel_id}/messages/{message_id}":              (*Server).deleteMessage,
	"POST /channels/{channel_id}/messages/{message_id}/crosspost":      (*Server).crosspost,
	"POST /channels/{channel_id}/messages/{message_id}/threads":        (*Server).startThread,
	"POST /interactions/{interaction_id}/{interaction_token}/callback": (*Server).callback,

	"POST /webhooks/{webhook_id}/{webhook_token}":                         (*Server).followUp,
	"GET /webhooks/{webhook_id}/{webhook_token}/messages/@original":       (*Server).getResponse,
	"PATCH /webhooks/{webhook_id}/{webhook_token}/messages/@original":     (*Server).editResponse,
	"DELETE /webhooks/{webhook_id}/{webhook_token}/messages/@original":    (*Server).deleteResponse,
	"GET /webhooks/{webhook_id}/{webhook_token}/messages/{message_id}":    (*Server).getResponse,
	"PATCH /webhooks/{webhook_id}/{webhook_token}/messages/{message_id}":  (*Server).editResponse,
	"DELETE /webhooks/{webhook_id}/{webhook_token}/messages/{message_id}": (*Server).deleteResponse,

	"GET /applications/{application_id}/commands":                                   (*Server).listCommands,
	"PUT /applications/{application_id}/commands":                                   (*Server).putCommands,
	"POST /applications/{application_id}/commands":                                  (*Server).createCommand,
	"GET /applications/{application_id}/commands/{command_id}":                      (*Server).getCommand,
	"PATCH /applications/{application_id}/commands/{command_id}":                    (*Server).patchCommand,
	"DELETE /applications/{application_id}/commands/{command_id}":                   (*Server).deleteCommand,
	"GET /applications/{application_id}/guilds/{guild_id}/commands":                 (*Server).listCommands,
	"PUT /applications/{application_id}/guilds/{guild_id}/commands":                 (*Server).putCommands,
	"POST /applications/{application_id}/guilds/{guild_id}/commands":                (*Server).createCommand,
	"GET /applications/{application_id}/guilds/{guild_id}/commands/{command_id}":    (*Server).getCommand,
	"PATCH /applications/{application_id}/guilds/{guild_id}/commands/{command_id}":  (*Server).patchCommand,
	"DELETE /applications/{application_id}/guilds/{guild_id}/commands/{command_id}": (*Server).deleteCommand,
}

// template is a path template split at its slashes.
type template struct {
	path     string
	segments []string
	methods  map[string]bool
}

// played are the templates of routes, for when there is no description.
var played = func() []*template {
	byPath := map[string]*template{}
	var out []*template
	for key := range routes {
		method, path, _ := strings.Cut(key, " ")
		t := byPath[path]
		if t == nil {
			t = newTemplate(path)
			byPath[path] = t
			out = append(out, t)
		}
		t.methods[method] = true
	}
	return out
}()

func newTemplate(path string) *template {
	return &template{path: path, segments: strings.Split(path[1:], "/"), methods: map[string]bool{}}
}

// match reports the parameters of a path and how many of its segments are
// literal, -1 if it does not match.
func (t *template) match(segments []string) (params map[string]string, literal int) {
	if len(segments) != len(t.segments) {
		return nil, -1
	}
	params = map[string]string{}
	for i, want := range t.segments {
		got, err := url.PathUnescape(segments[i])
		switch {
		case err != nil || got == "":
			return nil, -1
		case strings.HasPrefix(want, "{"):
			params[want[1:len(want)-1]] = got
		case want == got:
			literal++
		default:
			return nil, -1
		}
	}
	return params, literal
}

// match finds the template with the most literal segments.
func (s *Server) match(method, path string) (route string, params map[string]string) {
	best, segments := -1, strings.Split(path[1:], "/")
	for _, t := range s.templates() {
		if p, n := t.match(segments); n > best && t.methods[method] {
			best, route, params = n, t.path, p
		}
	}
	return route, params
}

// methodKnown says whether the path exists for some other method.
func (s *Server) methodKnown(path string) bool {
	segments := strings.Split(path[1:], "/")
	for _, t := range s.templates() {
		if _, n := t.match(segments); n >= 0 {
			return true
		}
	}
	return false
}

func (s *Server) templates() []*template {
	if s.spec != nil {
		return s.spec.templates
	}
	return played
}

// ownToken says whether a route is authorised by a token in its path.
func ownToken(route string) bool {
	return strings.HasPrefix(route, "/webhooks/{webhook_id}/{webhook_token}") ||
		strings.HasPrefix(route, "/interactions/")
}
