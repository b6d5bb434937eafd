// Checks of command menus, updates and webhooks.

package telegramtest

import (
	"net/url"
	"regexp"
	"slices"
	"strconv"
)

// The documented limits of setMyCommands.
const (
	maxCommands    = 100
	maxDescription = 256
)

var (
	commandName  = regexp.MustCompile(`^[a-z0-9_]{1,32}$`)
	languageCode = regexp.MustCompile(`^[a-z]{2}$`)
)

// scopes are the types of BotCommandScope and what they need.
var scopes = map[string][]string{
	"default": nil, "all_private_chats": nil, "all_group_chats": nil, "all_chat_administrators": nil,
	"chat": {"chat_id"}, "chat_administrators": {"chat_id"}, "chat_member": {"chat_id", "user_id"},
}

// checkScope checks the parameters that all methods of menus share.
func checkScope(c *Call, f findings) {
	if code := c.Get("language_code"); code != "" && !languageCode.MatchString(code) {
		f.at("language_code").add("invalid language code specified: %q", code)
	}
	if !c.carries("scope") {
		return
	}
	o := c.object("scope")
	needs, ok := scopes[str(o, "type")]
	if !ok {
		f.at("scope").add("can't parse BotCommandScope: unsupported type %q", str(o, "type"))
	}
	for _, key := range needs {
		if o[key] == nil {
			f.at("scope").at(key).add("can't parse BotCommandScope: %s is missing", key)
		}
	}
}

// checkCommands checks setMyCommands.
func checkCommands(c *Call, f findings) {
	checkScope(c, f)
	f = f.at("commands")
	l := c.list("commands")
	if l == nil {
		f.add("can't parse commands")
	}
	if len(l) > maxCommands {
		f.add("BOT_COMMANDS_TOO_MUCH: %d of %d", len(l), maxCommands)
	}
	var seen []string
	for i, o := range objects(l) {
		name, n := str(o, "command"), units(str(o, "description"))
		if !commandName.MatchString(name) {
			f.at(i).add("BOT_COMMAND_INVALID: %q", name)
		}
		if slices.Contains(seen, name) {
			f.at(i).add("BOT_COMMAND_INVALID: %q is there twice", name)
		}
		if n < 1 || n > maxDescription || blank(str(o, "description")) {
			f.at(i).add("BOT_COMMAND_DESCRIPTION_INVALID: %d characters, not 1–%d", n, maxDescription)
		}
		seen = append(seen, name)
	}
}

// updateKinds are the fields of Update.
var updateKinds = []string{"message", "edited_message", "channel_post", "edited_channel_post", "business_connection",
	"business_message", "edited_business_message", "deleted_business_messages", "guest_message", "message_reaction",
	"message_reaction_count", "inline_query", "chosen_inline_result", "callback_query", "shipping_query",
	"pre_checkout_query", "purchased_paid_media", "poll", "poll_answer", "my_chat_member", "chat_member",
	"chat_join_request", "chat_boost", "removed_chat_boost", "managed_bot"}

// checkUpdates checks getUpdates.
func checkUpdates(c *Call, f findings) {
	if limit, given := c.Params["limit"]; given {
		if n, err := strconv.Atoi(limit); err != nil || n < 1 || n > 100 {
			f.at("limit").add("limit %q is not 1–100", limit)
		}
	}
	if timeout, given := c.Params["timeout"]; given {
		if n, err := strconv.Atoi(timeout); err != nil || n < 0 {
			f.at("timeout").add("timeout %q is no number of seconds", timeout)
		}
	}
	checkKinds(c, f)
}

func checkKinds(c *Call, f findings) {
	if !c.carries("allowed_updates") {
		return
	}
	l, ok := c.json("allowed_updates").([]any)
	if !ok {
		f.at("allowed_updates").add("can't parse allowed updates")
	}
	for i, v := range l {
		if kind, _ := v.(string); !slices.Contains(updateKinds, kind) {
			f.at("allowed_updates").at(i).add("%v is no kind of update", v)
		}
	}
}

var secretToken = regexp.MustCompile(`^[A-Za-z0-9_-]{1,256}$`)

// checkWebhook checks setWebhook.
func checkWebhook(c *Call, f findings) {
	checkKinds(c, f)
	if address := c.Get("url"); address != "" {
		u, err := url.Parse(address)
		if err != nil || u.Scheme != "https" || u.Host == "" {
			f.at("url").add("bad webhook: An HTTPS URL must be provided for webhook")
		} else if !slices.Contains([]string{"", "80", "88", "443", "8443"}, u.Port()) {
			f.at("url").add("bad webhook: Webhook can be set up only on ports 80, 88, 443 or 8443")
		}
	}
	if token := c.Get("secret_token"); token != "" && !secretToken.MatchString(token) {
		f.at("secret_token").add("secret token contains illegal characters or is too long")
	}
	if n, given := c.Params["max_connections"]; given {
		if n, err := strconv.Atoi(n); err != nil || n < 1 || n > 100 {
			f.at("max_connections").add("max_connections is not 1–100")
		}
	}
}
