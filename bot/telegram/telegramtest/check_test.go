// Tests of the checks: the description, the limits, and how violations are told.

package telegramtest

import (
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

func rows(n, each int) l {
	out := l{}
	for range n {
		row := l{}
		for range each {
			row = append(row, o{"text": "x", "callback_data": "x"})
		}
		out = append(out, row)
	}
	return out
}

func TestLimits(t *testing.T) {
	long := strings.Repeat("è", 4096)
	tests := []struct {
		name, method string
		params       o
		words        string // of the violation; empty when all is well
	}{
		{"longest text", "sendMessage", o{"text": "<b>" + long + "</b>", "parse_mode": "HTML"}, ""},
		{"text too long", "sendMessage", o{"text": long + "x"}, "message is too long"},
		{"surrogates count twice", "sendMessage", o{"text": strings.Repeat("😀", 2049)}, "message is too long: 4098"},
		{"too many bytes", "sendMessage", o{"text": strings.Repeat("&#000065;", 3700), "parse_mode": "HTML"}, "message is too long"},
		{"empty", "sendMessage", o{"text": ""}, "message text is empty"},
		{"blank", "sendMessage", o{"text": "<b> \n\u200b</b>", "parse_mode": "HTML"}, "message text is empty"},
		{"bad HTML", "sendMessage", o{"text": "a < b", "parse_mode": "HTML"}, "can't parse entities"},
		{"plain text has no tags", "sendMessage", o{"text": "a < b & c"}, ""},
		{"markdown", "sendMessage", o{"text": "*x*", "parse_mode": "MarkdownV2"}, "does not read parse_mode"},
		{"100 entities", "sendMessage", o{"text": strings.Repeat("<b>x</b> ", 100), "parse_mode": "HTML"}, ""},
		{"101 entities", "sendMessage", o{"text": strings.Repeat("<b>x</b> ", 101), "parse_mode": "HTML"}, "101 entities"},
		{"heavy entities", "sendMessage", o{"text": strings.Repeat(`<a href="https://x.org/`+strings.Repeat("y", 200)+`">x</a>`, 50), "parse_mode": "HTML"}, "Entities_too_long"},
		{"entities of one's own", "sendMessage", o{"text": "ab", "entities": l{o{"type": "bold", "offset": 0, "length": 2}}}, ""},
		{"entity beyond the text", "sendMessage", o{"text": "ab", "entities": l{o{"type": "bold", "offset": 1, "length": 2}}}, "beyond the text"},
		{"no chat", "sendMessage", o{"text": "x", "chat_id": ""}, "chat_id is empty"},
		{"chat's name without @", "sendMessage", o{"text": "x", "chat_id": "club"}, "neither a number nor"},

		{"full keyboard", "sendMessage", o{"text": "x", "reply_markup": o{"inline_keyboard": append(rows(12, 8), rows(1, 4)...)}}, ""},
		{"9 in a row", "sendMessage", o{"text": "x", "reply_markup": o{"inline_keyboard": rows(1, 9)}}, "row of 9 buttons"},
		{"empty row", "sendMessage", o{"text": "x", "reply_markup": o{"inline_keyboard": rows(1, 0)}}, "row of 0 buttons"},
		{"101 buttons", "sendMessage", o{"text": "x", "reply_markup": o{"inline_keyboard": rows(101, 1)}}, "reply markup is too long"},
		{"no keyboard", "sendMessage", o{"text": "x", "reply_markup": "nonsense"}, "can't parse reply keyboard"},

		{"caption", "sendMessage", o{"text": "x", "caption": strings.Repeat("x", 1025)}, "message is too long"},
		{"rich", "sendRichMessage", o{"rich_message": o{"html": "<h1>x</h1>"}}, ""},
		{"rich, bad", "sendRichMessage", o{"rich_message": o{"html": "<h1>x"}}, "can't parse entities"},
		{"rich, empty", "sendRichMessage", o{"rich_message": o{"html": "<hr>"}}, "message text is empty"},
		{"rich, too long", "sendRichMessage", o{"rich_message": o{"html": strings.Repeat("x", 32_769)}}, "message is too long"},
		{"action", "sendChatAction", o{"action": "typing"}, ""},
		{"no action", "sendChatAction", o{"action": "dancing"}, "wrong parameter action"},
		{"edit without id", "editMessageText", o{"text": "x"}, "message identifier is not specified"},
		{"edit without text", "editMessageText", o{"message_id": 1}, "message text is empty"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			w := newWorld(t)
			params := o{"chat_id": w.ada}
			for k, v := range tt.params {
				params[k] = v
			}
			w.expect(tt.method, params, tt.words)
		})
	}
}

// expect calls a method and wants a violation with these words, or none.
func (w *world) expect(method string, params o, words string) {
	w.t.Helper()
	if words == "" {
		w.must(method, params)
		w.clean()
		return
	}
	if r := w.call(method, params); r.status != 400 || r.body.Code != 400 || !strings.HasPrefix(r.body.Description, "Bad Request: ") {
		w.t.Errorf("answered %s", r.raw)
	}
	w.violated(words)
	if !slices.Equal(w.rec.reported(), prefixed(w.Violations())) {
		w.t.Errorf("%q differ from %q", w.rec.reported(), w.Violations())
	}
}

func prefixed(in []string) []string {
	out := make([]string, len(in))
	for i, s := range in {
		out[i] = "telegramtest: " + s
	}
	return out
}

func TestButtons(t *testing.T) {
	tests := []struct {
		button o
		words  string
	}{
		{o{"text": "x", "callback_data": strings.Repeat("è", 32)}, ""},
		{o{"text": "x", "callback_data": strings.Repeat("è", 32) + "x"}, "BUTTON_DATA_INVALID"},
		{o{"text": "x", "callback_data": ""}, "BUTTON_DATA_INVALID"},
		{o{"text": " ", "callback_data": "x"}, "the text is empty"},
		{o{"text": "x"}, "Text buttons are unallowed"},
		{o{"text": "x", "callback_data": "x", "url": "https://x.org"}, "2 things at once"},
		{o{"text": "x", "url": "https://x.org/a?b=c"}, ""},
		{o{"text": "x", "url": "tg://resolve?domain=x"}, ""},
		{o{"text": "x", "url": "javascript:alert(1)"}, "Wrong HTTP URL"},
		{o{"text": "x", "url": "x.org"}, "Wrong HTTP URL"},
		{o{"text": "x", "url": "https://"}, "Wrong HTTP URL"},
		{o{"text": "x", "copy_text": o{"text": strings.Repeat("x", 257)}}, "the text to copy"},
		{o{"text": "x", "callback_data": "x", "style": "primary"}, ""},
		{o{"text": "x", "callback_data": "x", "style": "pink"}, "no style"},
	}
	for _, tt := range tests {
		w := newWorld(t)
		params := keyboard(tt.button)
		params["chat_id"], params["text"] = w.ada, "x"
		w.expect("sendMessage", params, tt.words)
	}
}

func TestMenuLimits(t *testing.T) {
	command := func(name, description string) o { return o{"command": name, "description": description} }
	many := l{}
	for i := range 101 {
		many = append(many, command("c"+strings.Repeat("x", i%30)+string(rune('a'+i%26))+string(rune('a'+i/26)), "x"))
	}
	tests := []struct {
		params o
		words  string
	}{
		{o{"commands": l{command("leggi_1", strings.Repeat("è", 256))}, "language_code": "it"}, ""},
		{o{"commands": l{command("Leggi", "x")}}, "BOT_COMMAND_INVALID"},
		{o{"commands": l{command("perché", "x")}}, "BOT_COMMAND_INVALID"},
		{o{"commands": l{command(strings.Repeat("x", 33), "x")}}, "BOT_COMMAND_INVALID"},
		{o{"commands": l{command("a", "x"), command("a", "y")}}, "twice"},
		{o{"commands": l{command("a", "")}}, "BOT_COMMAND_DESCRIPTION_INVALID"},
		{o{"commands": l{command("a", strings.Repeat("x", 257))}}, "BOT_COMMAND_DESCRIPTION_INVALID"},
		{o{"commands": many}, "BOT_COMMANDS_TOO_MUCH"},
		{o{"commands": l{command("a", "x")}, "language_code": "italian"}, "language code"},
		{o{"commands": l{command("a", "x")}, "scope": o{"type": "everywhere"}}, "unsupported type"},
		{o{"commands": l{command("a", "x")}, "scope": o{"type": "chat"}}, "chat_id is missing"},
	}
	for _, tt := range tests {
		newWorld(t).expect("setMyCommands", tt.params, tt.words)
	}
}

func TestOtherLimits(t *testing.T) {
	tests := []struct {
		method string
		params o
		words  string
	}{
		{"answerCallbackQuery", o{"callback_query_id": "1", "text": strings.Repeat("x", 201)}, "201 characters of 200"},
		{"answerCallbackQuery", o{"callback_query_id": "1", "url": "https://x.org"}, "no link to a bot"},
		{"answerCallbackQuery", o{}, "query ID is invalid"},
		{"getUpdates", o{"limit": 101}, "not 1–100"},
		{"getUpdates", o{"timeout": -1}, "no number of seconds"},
		{"getUpdates", o{"allowed_updates": l{"messages"}}, "no kind of update"},
		{"setWebhook", o{"url": "http://x.org"}, "HTTPS"},
		{"setWebhook", o{"url": "https://x.org:8080"}, "ports"},
		{"setWebhook", o{"url": "https://x.org", "secret_token": "à"}, "secret token"},
		{"setWebhook", o{"url": "https://x.org", "max_connections": 101}, "max_connections"},
	}
	for _, tt := range tests {
		newWorld(t).expect(tt.method, tt.params, tt.words)
	}
}

// described says whether the description of the Bot API is at hand.
func described(t *testing.T) bool {
	there := newWorld(t).spec != nil
	if !there {
		t.Log("NOT TESTED: the description of the Bot API is not at hand")
	}
	return there
}

func TestDescription(t *testing.T) {
	if !described(t) {
		return
	}
	text := func(more o) o {
		more["chat_id"], more["text"] = 42, "x"
		return more
	}
	tests := []struct {
		params o
		words  string
	}{
		{text(o{"link_preview_options": o{"is_disabled": true}, "disable_notification": true}), ""},
		{text(o{"disable_web_page_preview": true}), `no parameter "disable_web_page_preview"`},
		{o{"chat_id": 42}, `parameter "text" is required`},
		{text(o{"disable_notification": "yes, please"}), "is not of type Boolean"},
		{text(o{"message_thread_id": "one"}), "is not of type Integer"},
		{text(o{"link_preview_options": o{"disabled": true}}), `LinkPreviewOptions has no field "disabled"`},
		{text(o{"link_preview_options": o{"is_disabled": "true"}}), "is not of type Boolean"},
		{text(o{"reply_parameters": o{"allow_sending_without_reply": true}}), `field "message_id" of ReplyParameters is required`},
		{text(o{"reply_markup": o{"inline_keyboard": l{l{o{"text": "x", "callback_data": "x", "colour": "red"}}}}}), `InlineKeyboardButton has no field "colour"`},
		{text(o{"reply_markup": o{"inline_keyboard": l{o{"text": "x", "callback_data": "x"}}}}), "is not of type Array of InlineKeyboardButton"},
		{text(o{"reply_markup": o{"keyboard": l{l{o{"text": "x"}}}, "resize_keyboard": true}}), ""},
		{text(o{"reply_markup": o{"force_reply": true}}), ""},
		{text(o{"reply_markup": o{"buttons": l{}}}), "is not of type InlineKeyboardMarkup or"},
	}
	for _, tt := range tests {
		newWorld(t).expect("sendMessage", tt.params, tt.words)
	}
	newWorld(t).expect("setMyCommands", o{"commands": l{o{"command": "a", "description": "x"}}, "scope": o{"type": "chat", "chat_id": 42, "user_id": 42}},
		`BotCommandScopeChat has no field "user_id"`)
}

func TestDescriptionOfForms(t *testing.T) {
	if !described(t) {
		return
	}
	w := newWorld(t)
	w.form("sendMessage", "chat_id", "42", "text", "x", "reply_markup", `{"inline_keyboard":[[{"text":"x","callback_data":"x"}]]}`,
		"link_preview_options", `{"is_disabled":true}`, "disable_notification", "true")
	w.clean()
	if m := w.Messages(); len(m) != 1 || !m[0].Silent || m[0].Buttons[0][0] != (Button{Text: "x", Data: "x"}) {
		t.Errorf("%+v", m)
	}
	for words, pair := range map[string][2]string{
		"can't parse JSON":                           {"link_preview_options", "{"},
		`LinkPreviewOptions has no field "disabled"`: {"link_preview_options", `{"disabled":true}`},
		`"1" is not of type Boolean`:                 {"disable_notification", "1"},
	} {
		if r := w.form("sendMessage", "chat_id", "42", "text", "x", pair[0], pair[1]); r.status != 400 {
			t.Errorf("%v: %s", pair, r.raw)
		}
		w.violated(words)
	}
}

func TestMultipart(t *testing.T) {
	w := newWorld(t)
	body := strings.ReplaceAll("--B\nContent-Disposition: form-data; name=\"chat_id\"\n\n42\n"+
		"--B\nContent-Disposition: form-data; name=\"text\"\n\ncome no\n--B--\n", "\n", "\r\n")
	r, err := w.post(t.Context(), "sendMessage", "multipart/form-data; boundary=B", []byte(body))
	if err != nil || r.status != 200 {
		t.Fatal(r.raw, err)
	}
	if c := w.Calls(); c[0].Get("text") != "come no" || c[0].Chat() != 42 || !c[0].Sends() {
		t.Errorf("%+v", c)
	}
	w.clean()
}

func TestUnreadableBodies(t *testing.T) {
	for kind, body := range map[string]string{
		"application/json": "{", "text/plain": "x", "application/x-www-form-urlencoded": "a=%zz",
		"multipart/form-data; boundary=B": "--B\r\nx",
	} {
		w := newWorld(t)
		r, err := w.post(t.Context(), "sendMessage", kind, []byte(body))
		if err != nil || r.status != 400 {
			t.Errorf("%s: %s %v", kind, r.raw, err)
		}
		w.violated("can't read the request")
	}
	w := newWorld(t)
	w.form("sendMessage", "chat_id", "42", "text", "\xff")
	w.violated("encoded in UTF-8")
}

func TestUnknownMethods(t *testing.T) {
	w := newWorld(t)
	if w.spec != nil {
		w.refused("sendMesage", nil, 404, "Not Found: method not found")
		w.violated("sendMesage answered with 404")
	}
	w.refused("sendPhoto", nil, 501, "does not play sendPhoto")
	w.violated("does not play sendPhoto")
	w.Handle("getMyName", func(c Call) any { return o{"name": c.Get("language_code")} })
	if r := w.must("getMyName", o{"language_code": "it"}); string(r) != `{"name":"it"}` {
		t.Errorf("%s", r)
	}
}

func TestTolerate(t *testing.T) {
	w := newWorld(t, Tolerate("MESSAGE IS TOO LONG"))
	w.refused("sendMessage", o{"chat_id": 42, "text": strings.Repeat("x", 4097)}, 400, "message is too long")
	w.clean()
	w.refused("sendMessage", o{"chat_id": 42, "text": ""}, 400, "message text is empty")
	w.violated("message text is empty")
}

func TestWithoutDescription(t *testing.T) {
	w := newWorld(t, WithSpec(""))
	w.must("sendMessage", o{"chat_id": 42, "text": "x", "unknown": true})
	w.clean()
	w.refused("noSuchMethod", nil, 501, "does not play")
}

func TestAbsentDescriptionIsSaid(t *testing.T) {
	t.Chdir(t.TempDir())
	t.Setenv("STRILLONE_SHARED", filepath.Join(t.TempDir(), "nowhere"))
	w := newWorld(t)
	if w.spec != nil {
		t.Log("NOT TESTED: there is a description above the temporary folder")
		return
	}
	if len(w.rec.logs) != 1 || !strings.Contains(w.rec.logs[0], "NOT checked") {
		t.Errorf("%q", w.rec.logs)
	}
	w.must("getMe", nil)
	w.clean()
}

func TestDescriptionFromEnvironment(t *testing.T) {
	dir := t.TempDir()
	if err := os.MkdirAll(filepath.Join(dir, "specs"), 0o700); err != nil {
		t.Fatal(err)
	}
	const tiny = `{"methods":{"getMe":{"name":"getMe","returns":["User"]}},"types":{"User":{"name":"User"}}}`
	if err := os.WriteFile(filepath.Join(dir, "specs", specName), []byte(tiny), 0o600); err != nil {
		t.Fatal(err)
	}
	t.Setenv("STRILLONE_SHARED", dir)
	w := newWorld(t)
	w.refused("sendMessage", o{"chat_id": 42, "text": "x"}, 404, "method not found")
}
