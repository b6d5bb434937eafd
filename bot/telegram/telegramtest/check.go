// Checks: a request against the description and the documented limits.

package telegramtest

import (
	"net/http"
	"regexp"
	"slices"
	"strings"
	"unicode/utf8"
)

// The documented limits of messages.
const (
	maxText         = 4096
	maxRaw          = 32_768 // bytes of a text before parsing
	maxCaption      = 1024
	maxEntities     = 100  // the excess would be dropped
	maxEntityWeight = 9500 // bytes of all entities
	maxRich         = 32_768
	maxAnswer       = 200 // of a press
)

var tokenForm = regexp.MustCompile(`^[0-9]{6,}:[A-Za-z0-9_-]{30,}$`)

// check compares the request with the description and the documented limits.
func (s *Server) check(c *Call) *failure {
	s.mu.Lock()
	custom := s.custom[c.Method] != nil
	s.mu.Unlock()
	m, played := methods[c.Method]
	switch {
	case s.spec != nil && s.spec.Methods[c.Method] == nil:
		return blame(http.StatusNotFound, "Not Found: method not found")
	case !played && !custom:
		return blame(http.StatusNotImplemented, "telegramtest does not play "+c.Method+"; register it with Server.Handle")
	case c.malformed != nil:
		return blame(http.StatusBadRequest, "Bad Request: can't read the request: "+c.malformed.Error())
	}
	f := newFindings()
	for name, value := range c.Params {
		if !utf8.ValidString(name) || !utf8.ValidString(value) {
			f.at(name).add("strings must be encoded in UTF-8")
		}
	}
	if m.check != nil {
		m.check(c, f)
	}
	if c.carries("reply_markup") {
		checkMarkup(c, f.at("reply_markup"))
	}
	checkCaption(c, f)
	if s.spec != nil {
		s.spec.check(c, f)
	}
	return f.failure()
}

// checkTarget wants chat_id to be a number or a @username.
func checkTarget(c *Call, f findings) {
	if id := c.Get("chat_id"); id == "" {
		f.at("chat_id").add("chat_id is empty")
	} else if c.Chat() == 0 && !strings.HasPrefix(id, "@") {
		f.at("chat_id").add("chat %q is neither a number nor a @username", id)
	}
}

// checkSend checks sendMessage.
func checkSend(c *Call, f findings) {
	checkTarget(c, f)
	*c.content = checkText(c, "text", maxText, f.at("text"))
	if blank(c.content.text) && len(*f.all) == 0 {
		f.at("text").add("message text is empty")
	}
}

// checkEditing wants to know which message is edited.
func checkEditing(c *Call, f findings) {
	if c.Get("inline_message_id") != "" {
		f.at("inline_message_id").add("telegramtest plays no inline messages")
		return
	}
	checkTarget(c, f)
	if c.integer("message_id") == 0 {
		f.at("message_id").add("message identifier is not specified")
	}
}

// checkEdit checks editMessageText.
func checkEdit(c *Call, f findings) {
	checkEditing(c, f)
	if c.carries("rich_message") {
		checkRich(c, f)
		return
	}
	*c.content = checkText(c, "text", maxText, f.at("text"))
	if blank(c.content.text) && len(*f.all) == 0 {
		f.at("text").add("message text is empty")
	}
}

func checkSendRich(c *Call, f findings) {
	checkTarget(c, f)
	checkRich(c, f)
}

// checkCaption checks the caption of any method.
func checkCaption(c *Call, f findings) {
	if c.Get("caption") != "" {
		checkText(c, "caption", maxCaption, f.at("caption"))
	}
}

// checkText parses a text parameter as its parse_mode says.
func checkText(c *Call, name string, limit int, f findings) content {
	raw := c.Get(name)
	if len(raw) > maxRaw {
		f.add("message is too long")
		return content{}
	}
	entities := "entities"
	if name == "caption" {
		entities = "caption_entities"
	}
	text := content{text: raw}
	switch mode := strings.ToLower(c.Get("parse_mode")); {
	case mode == "html":
		var err error
		if text, err = parse(raw, simpleTags); err != nil {
			f.add("%v", err)
			return content{}
		}
	case mode != "":
		f.add("telegramtest does not read parse_mode %q", c.Get("parse_mode"))
		return content{}
	case c.carries(entities):
		text.entities = entitiesOf(c.list(entities))
		checkEntities(text, f)
	}
	measure(text, limit, f)
	return text.trim()
}

// checkEntities checks entities that a client gave itself.
func checkEntities(text content, f findings) {
	end := units(text.text)
	for i, e := range text.entities {
		if e.Offset < 0 || e.Length <= 0 || e.Offset+e.Length > end {
			f.at(i).add("entity beyond the text: offset %d, length %d of %d", e.Offset, e.Length, end)
		}
		if e.Type == "text_link" && !linkable(e.URL) {
			f.at(i).add("entity links to %q and would be dropped", e.URL)
		}
	}
}

// measure checks a text's lengths after parsing.
func measure(text content, limit int, f findings) {
	if n := units(text.text); n > limit {
		f.add("message is too long: %d UTF-16 units of %d", n, limit)
	}
	if n := len(text.entities); n > maxEntities {
		f.add("%d entities: those over %d would be dropped", n, maxEntities)
	}
	if n := text.weight(); n > maxEntityWeight {
		f.add("Entities_too_long: about %d bytes", n)
	}
}

// checkRich parses the rich_message of a call.
func checkRich(c *Call, f findings) {
	f = f.at("rich_message")
	o := c.object("rich_message")
	raw := str(o, "html")
	switch {
	case raw == "" && str(o, "markdown") != "":
		f.at("markdown").add("telegramtest does not read rich messages in Markdown")
		return
	case utf8.RuneCountInString(raw) > maxRich || units(raw) > maxRich:
		f.at("html").add("message is too long")
		return
	}
	text, err := parse(raw, richTags)
	if err != nil {
		f.at("html").add("%v", err)
		return
	}
	if *c.content = text.trim(); blank(c.content.text) {
		f.at("html").add("message text is empty")
	}
}

var chatActions = []string{"typing", "upload_photo", "record_video", "upload_video", "record_voice", "upload_voice",
	"upload_document", "choose_sticker", "find_location", "record_video_note", "upload_video_note"}

func checkAction(c *Call, f findings) {
	checkTarget(c, f)
	if !slices.Contains(chatActions, c.Get("action")) {
		f.at("action").add("wrong parameter action in request")
	}
}
