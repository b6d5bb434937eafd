// Checks of keyboards and of the answers to presses.

package telegramtest

import (
	"net/url"
	"regexp"
	"strings"
	"unicode/utf8"
)

// The documented and reported limits of inline keyboards.
const (
	maxCallbackData = 64 // bytes
	maxButtons      = 100
	maxInRow        = 8
	maxCopyText     = 256
)

// checkMarkup checks a reply_markup, whichever kind it is.
func checkMarkup(c *Call, f findings) {
	o := c.object("reply_markup")
	if o == nil {
		f.add("can't parse reply keyboard markup JSON object")
		return
	}
	if rows, ok := o["inline_keyboard"]; ok {
		l, _ := rows.([]any)
		checkKeyboard(l, f.at("inline_keyboard"))
	}
	if rows, ok := o["keyboard"]; ok {
		l, _ := rows.([]any)
		checkLists(c, l, f.at("keyboard"))
	}
	if hint, given := o["input_field_placeholder"].(string); given && (blank(hint) || units(hint) > maxPlaceholder) {
		f.at("input_field_placeholder").add("input field placeholder has %d characters, not 1–%d", units(hint), maxPlaceholder)
	}
}

func checkKeyboard(rows []any, f findings) {
	total := 0
	for i, r := range rows {
		row, ok := r.([]any)
		if !ok {
			f.at(i).add("can't parse inline keyboard: a row must be an Array")
			continue
		}
		if len(row) == 0 || len(row) > maxInRow {
			f.at(i).add("reply markup has a row of %d buttons, not 1–%d", len(row), maxInRow)
		}
		for j, b := range objects(row) {
			checkButton(b, f.at(i).at(j))
		}
		total += len(row)
	}
	if total > maxButtons {
		f.add("reply markup is too long: %d buttons of %d", total, maxButtons)
	}
}

// buttonActions are what a button can do: exactly one of them.
var buttonActions = []string{"url", "callback_data", "web_app", "login_url", "switch_inline_query",
	"switch_inline_query_current_chat", "switch_inline_query_chosen_chat", "copy_text", "callback_game", "pay"}

func checkButton(b object, f findings) {
	if blank(str(b, "text")) {
		f.at("text").add("can't parse inline keyboard button: the text is empty")
	}
	actions := 0
	for _, key := range buttonActions {
		if _, ok := b[key]; ok {
			actions++
		}
	}
	switch {
	case actions == 0:
		f.add("can't parse inline keyboard button: Text buttons are unallowed in the inline keyboard")
	case actions > 1:
		f.add("can't parse inline keyboard button: it does %d things at once", actions)
	}
	if v, ok := b["callback_data"]; ok {
		data, _ := v.(string)
		if data == "" || len(data) > maxCallbackData || !utf8.ValidString(data) {
			f.at("callback_data").add("BUTTON_DATA_INVALID: %q has %d bytes, not 1–%d", data, len(data), maxCallbackData)
		}
	}
	if v, ok := b["url"]; ok {
		if address, _ := v.(string); !pressable(address) {
			f.at("url").add("inline keyboard button URL %q is invalid: Wrong HTTP URL", address)
		}
	}
	if v, ok := b["copy_text"]; ok {
		o, _ := v.(object)
		if n := units(str(o, "text")); n < 1 || n > maxCopyText {
			f.at("copy_text").add("the text to copy has %d characters, not 1–%d", n, maxCopyText)
		}
	}
	if v, ok := b["style"]; ok && v != "danger" && v != "success" && v != "primary" {
		f.at("style").add("%v is no style of a button", v)
	}
}

// pressable says whether a button can lead to an address.
func pressable(address string) bool {
	u, err := url.Parse(address)
	if err != nil || u.Host == "" || strings.ContainsAny(address, " \n\t") {
		return false
	}
	switch strings.ToLower(u.Scheme) {
	case "http", "https", "tg":
		return true
	}
	return false
}

var deepLink = regexp.MustCompile(`^https?://(?:t\.me|telegram\.me)/\w+\?start(?:group|app)?=[A-Za-z0-9_-]{1,64}$|^tg://resolve\?`)

// checkAnswer checks answerCallbackQuery.
func checkAnswer(c *Call, f findings) {
	if c.Get("callback_query_id") == "" {
		f.at("callback_query_id").add("query is too old and response timeout expired or query ID is invalid")
	}
	if n := units(c.Get("text")); n > maxAnswer {
		f.at("text").add("MESSAGE_TOO_LONG: %d characters of %d", n, maxAnswer)
	}
	if address := c.Get("url"); address != "" && !deepLink.MatchString(address) {
		f.at("url").add("URL_INVALID: %q is no link to a bot", address)
	}
}
