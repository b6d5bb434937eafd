// Leniencies: where the OpenAPI description and what Discord accepts differ.

package discordtest

import (
	"encoding/json"
	"regexp"
	"strings"
)

// leniency excuses a property that the description does not list.
type leniency struct {
	route    string // a part of the route template
	path     string // a regular expression for the path in the body, joined with dots
	onlyZero bool   // excused only while null, false, 0 or empty
	reason   string
}

// leniencies is the one list of excused properties.
var leniencies = []leniency{
	{"/commands", `(^|\.)nsfw$`, false,
		"documented for application commands, missing in the description"},
	{"/commands", `(^|\.)default_permission$`, false,
		"documented as deprecated, missing in the description"},
	{"/commands", `^(\d+\.)?(application_id|guild_id|version|id)$`, false,
		"discordgo sends a fetched ApplicationCommand back whole; Discord ignores its read-only fields"},
	{"/commands", `\.options\.\d+\.(channel_types|required|options|autocomplete|choices)$|^options\.\d+\.(channel_types|required|options|autocomplete|choices)$`, true,
		"discordgo writes every field of an option whatever its type, as null or false"},
	{"/messages/{message_id}", `^(ID|Channel)$`, false,
		"discordgo 0.29 MessageEdit has no JSON tags on ID and Channel; Discord ignores them"},
	{"/threads", `^(invitable|type|applied_tags)$`, true,
		"discordgo ThreadStart writes invitable for every thread"},
	{"/callback", `^data\.(tts|content|components|embeds|allowed_mentions|attachments|flags)$`, true,
		"discordgo InteractionResponseData writes message fields for every type of response"},
	{"", `(^|\.)emoji\.animated$`, false,
		"documented for partial emojis, missing in the description"},
	{"", `(^|\.)embeds\.\d+\.(image|thumbnail|author|footer)\.(proxy_url|proxy_icon_url|width|height)$`, false,
		"read-only fields of a fetched embed; documented as ignored"},
}

var leniencyPaths = func() []*regexp.Regexp {
	out := make([]*regexp.Regexp, len(leniencies))
	for i, l := range leniencies {
		out[i] = regexp.MustCompile(l.path)
	}
	return out
}()

// excused says whether an unlisted property is let through.
func excused(route string, path []string, value any) bool {
	joined := strings.Join(path, ".")
	for i, l := range leniencies {
		if strings.Contains(route, l.route) && leniencyPaths[i].MatchString(joined) && (!l.onlyZero || empty(value)) {
			return true
		}
	}
	return false
}

var digits = regexp.MustCompile(`^\d+$`)

// documented turns a value into the form the description knows where the
// documentation allows another one.
func documented(route string, path []string, value any) any {
	if len(path) == 0 {
		return value
	}
	s, ok := value.(string)
	switch path[len(path)-1] {
	case "default_member_permissions":
		// The documentation wants a string of digits, the description an integer.
		if ok && strings.Contains(route, "/commands") && digits.MatchString(s) {
			return json.Number(s)
		}
	}
	return value
}
