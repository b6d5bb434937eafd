// Documented limits of messages and embeds.

package discordtest

import (
	"encoding/json"
	"net/url"
)

// messageForm is a message body on its way in.
type messageForm struct {
	body  object
	files int
	flags int    // those that may be set here
	fresh bool   // it makes a message rather than edits one
	prior object // the message that is edited, empty if unknown
	known bool   // prior is a message that was shown
}

// checkMessage checks a body that becomes or changes a message.
func checkMessage(m messageForm, f findings) {
	flags := m.checkFlags(f)
	before := integer(m.prior, "flags")
	v2 := (flags|before)&FlagComponentsV2 != 0

	f.at("content").length(str(m.body, "content"), 0, 2000)
	checkEmbeds(list(m.body, "embeds"), f.at("embeds"))
	checkMentions(m.body, f.at("allowed_mentions"))
	checkNonce(m.body, f)
	if v2 {
		m.checkAlone(before, f)
	}
	if c, ok := m.body["components"].([]any); ok {
		checkComponents(c, v2, f.at("components"))
	}
}

// checkFlags returns the flags of the body.
func (m messageForm) checkFlags(f findings) int {
	raw, ok := m.body["flags"]
	if !ok || raw == nil {
		return 0
	}
	n, isInt := whole(raw)
	flags, at := int(n), f.at("flags")
	if !isInt {
		at.add("NUMBER_TYPE_COERCE", "Value is not an integer.")
		return 0
	}
	if wrong := flags &^ m.flags; wrong != 0 {
		at.add("MESSAGE_FLAGS_INVALID", "Flags %d cannot be set here.", wrong)
	}
	if m.known && integer(m.prior, "flags")&FlagComponentsV2 != 0 && flags&FlagComponentsV2 == 0 {
		at.add("MESSAGE_CANNOT_REMOVE_COMPONENTS_V2_FLAG", "The IS_COMPONENTS_V2 flag cannot be removed from a message.")
	}
	return flags
}

// checkAlone wants a Components V2 message to have neither content nor embeds,
// polls or stickers, not even from before an edit.
func (m messageForm) checkAlone(before int, f findings) {
	for _, key := range []string{"content", "embeds", "poll", "sticker_ids"} {
		value, sent := m.body[key]
		if !sent && m.known && before&FlagComponentsV2 == 0 {
			value = m.prior[key]
		}
		if !empty(value) {
			f.at(key).add("MESSAGE_CANNOT_USE_LEGACY_FIELDS_WITH_COMPONENTS_V2",
				"The '%s' field cannot be used when using MessageFlags.IS_COMPONENTS_V2", key)
		}
	}
}

// hollow says whether a body would make an empty message, code 50006.
func hollow(body object, files int) bool {
	for _, key := range []string{"content", "embeds", "components", "sticker_ids", "poll", "attachments"} {
		if !empty(body[key]) {
			return false
		}
	}
	forward := integer(sub(body, "message_reference"), "type") == 1
	return files == 0 && !forward
}

// checkMentions holds the house rule: text from people pings nobody, and only a
// role that was chosen, one at most, is ever mentioned.
func checkMentions(body object, f findings) {
	const code = "HOUSE_RULE_ALLOWED_MENTIONS"
	mentions := sub(body, "allowed_mentions")
	if mentions == nil {
		f.add(code, `A message or edit must carry allowed_mentions {"parse": []} (rule of this house, not of Discord).`)
		return
	}
	parse, ok := mentions["parse"].([]any)
	if !ok || len(parse) > 0 {
		f.at("parse").add(code, "parse must be an empty list (rule of this house, not of Discord).")
	}
	f.at("roles").count(len(list(mentions, "roles")), 0, 1)
	if len(list(mentions, "users")) > 0 || truth(mentions, "replied_user") {
		f.at("users").add(code, "A message mentions one role at most, and nobody else (rule of this house, not of Discord).")
	}
}

func checkNonce(body object, f findings) {
	switch n := body["nonce"].(type) {
	case string:
		f.at("nonce").length(n, 0, 25)
	case nil:
		if truth(body, "enforce_nonce") {
			f.at("nonce").add("BASE_TYPE_REQUIRED", "enforce_nonce without a nonce enforces nothing.")
		}
	case json.Number:
		f.at("nonce").length(n.String(), 0, 25)
	default:
		f.at("nonce").add("BASE_TYPE_CONVERT", "Must be a string or an integer.")
	}
}

func checkEmbeds(embeds []any, f findings) {
	f.count(len(embeds), 0, 10)
	total := 0
	for i, e := range objects(embeds) {
		total += checkEmbed(e, f.at(i))
	}
	if total > 6000 {
		f.add("MAX_EMBED_SIZE_EXCEEDED", "Embed size exceeds maximum size of 6000 (%d).", total)
	}
}

// checkEmbed returns the characters that count towards the sum of 6000.
func checkEmbed(e object, f findings) int {
	sum := 0
	part := func(f findings, text string, low, high int) {
		f.length(text, low, high)
		sum += runes(text)
	}
	part(f.at("title"), str(e, "title"), 0, 256)
	part(f.at("description"), str(e, "description"), 0, 4096)
	part(f.at("footer", "text"), str(sub(e, "footer"), "text"), 0, 2048)
	part(f.at("author", "name"), str(sub(e, "author"), "name"), 0, 256)
	fields := objects(list(e, "fields"))
	f.at("fields").count(len(fields), 0, 25)
	for i, field := range fields {
		part(f.at("fields", i, "name"), str(field, "name"), 1, 256)
		part(f.at("fields", i, "value"), str(field, "value"), 1, 1024)
	}
	checkLink(str(e, "url"), f.at("url"), false)
	checkLink(str(sub(e, "image"), "url"), f.at("image", "url"), true)
	checkLink(str(sub(e, "thumbnail"), "url"), f.at("thumbnail", "url"), true)
	if n, ok := whole(e["color"]); ok && (n < 0 || n > 0xffffff) {
		f.at("color").add("NUMBER_TYPE_MAX", "int value should be less than or equal to 16777215.")
	}
	image := sub(e, "image") != nil || sub(e, "thumbnail") != nil
	if sum == 0 && !image {
		f.add("EMBED_EMPTY", "An embed needs some text or an image.")
	}
	return sum
}

// checkLink wants an http(s) URL, or attachment:// where files are shown; an
// empty one passes.
func checkLink(link string, f findings, attachment bool) {
	if link == "" {
		return
	}
	f.length(link, 0, 2048)
	u, err := url.Parse(link)
	switch {
	case err != nil || u.Host == "":
		f.add("URL_TYPE_INVALID_URL", "Not a well formed URL.")
	case u.Scheme == "http" || u.Scheme == "https" || attachment && u.Scheme == "attachment":
	default:
		f.add("URL_TYPE_INVALID_SCHEME", "Scheme %q must be one of ('http', 'https').", u.Scheme)
	}
}
