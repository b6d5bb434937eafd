// Tests of the documented limits and of the description: each row is one fault.

package discordtest

import (
	"fmt"
	"strings"
	"testing"
)

func many(n int, f func(int) any) l {
	out := l{}
	for i := range n {
		out = append(out, f(i))
	}
	return out
}

func text(n int) string { return strings.Repeat("é", n) }

func button(id string) o { return o{"type": 2, "style": 1, "label": "Go", "custom_id": id} }
func row(c ...any) o     { return o{"type": 1, "components": c} }
func display(s string) o { return o{"type": 10, "content": s} }
func menu(n int) o {
	return o{"type": 3, "custom_id": "m", "options": many(n, func(i int) any {
		return o{"label": "x", "value": fmt.Sprint(i)}
	})}
}
func section(accessory any, texts ...any) o {
	return o{"type": 9, "components": texts, "accessory": accessory}
}

const v2 = FlagComponentsV2

// bodies are message bodies; fault is a part of the report, empty for none.
var bodies = []struct {
	name  string
	body  o
	fault string
}{
	{"plain", o{"content": text(2000)}, ""},
	{"content", o{"content": text(2001)}, "content: Must be 2000"},
	{"empty", o{"content": ""}, "50006"},
	{"content type", o{"content": 5}, "content: Value 5 is not of type"},
	{"unknown property", o{"content": "x", "colour": 1}, `no property "colour"`},
	{"no mentions", o{"content": "x", "allowed_mentions": nil}, "must carry allowed_mentions"},
	{"mentions parse", o{"content": "x", "allowed_mentions": o{"parse": l{"users"}}}, "parse must be an empty list"},
	{"mentions null parse", o{"content": "x", "allowed_mentions": o{"parse": nil}}, "parse must be an empty list"},
	{"nonce", o{"content": "x", "nonce": text(25), "enforce_nonce": true}, ""},
	{"nonce long", o{"content": "x", "nonce": text(26)}, "nonce: "},
	{"nonce forgotten", o{"content": "x", "enforce_nonce": true}, "enforces nothing"},
	{"ephemeral in a channel", o{"content": "x", "flags": 64}, "Flags 64 cannot be set"},
	{"suppress", o{"content": "x", "flags": 1<<12 | 1<<2}, ""},

	{"ten embeds", o{"embeds": many(10, func(int) any { return o{"title": text(256)} })}, ""},
	{"eleven embeds", o{"embeds": many(11, func(int) any { return o{"title": "x"} })}, "embeds: Must be"},
	{"embed title", o{"embeds": l{o{"title": text(257)}}}, "embeds.0.title"},
	{"embed description", o{"embeds": l{o{"description": text(4097)}}}, "embeds.0.description"},
	{"embed fields", o{"embeds": l{o{"fields": many(26, func(int) any { return o{"name": "a", "value": "b"} })}}}, "embeds.0.fields"},
	{"embed field name", o{"embeds": l{o{"fields": l{o{"name": text(257), "value": "b"}}}}}, "fields.0.name"},
	{"embed field value", o{"embeds": l{o{"fields": l{o{"name": "a", "value": text(1025)}}}}}, "fields.0.value"},
	{"embed field empty", o{"embeds": l{o{"fields": l{o{"name": "", "value": "x"}}}}}, "fields.0.name"},
	{"embed footer", o{"embeds": l{o{"title": "x", "footer": o{"text": text(2049)}}}}, "footer.text"},
	{"embed author", o{"embeds": l{o{"title": "x", "author": o{"name": text(257)}}}}, "author.name"},
	{"embed sum", o{"embeds": l{o{"description": text(3000)}, o{"description": text(3000)}, o{"title": "x"}}}, "maximum size of 6000 (6001)"},
	{"embed url", o{"embeds": l{o{"title": "x", "url": "javascript:alert(1)"}}}, "embeds.0.url"},

	{"row", o{"content": "x", "components": l{row(button("a"), button("b"))}}, ""},
	{"select", o{"content": "x", "components": l{row(menu(25))}}, ""},
	{"five rows", o{"content": "x", "components": many(5, func(i int) any { return row(button(fmt.Sprint(i))) })}, ""},
	{"six rows", o{"content": "x", "components": many(6, func(i int) any { return row(button(fmt.Sprint(i))) })}, "components: Must be between 0 and 5"},
	{"six buttons", o{"content": "x", "components": l{row(many(6, func(i int) any { return button(fmt.Sprint(i)) })...)}}, "between 1 and 5"},
	{"button and select", o{"content": "x", "components": l{row(button("a"), menu(1))}}, "one select"},
	{"empty row", o{"content": "x", "components": l{row()}}, "between 1 and 5"},
	{"same custom id", o{"content": "x", "components": l{row(button("a"), button("a"))}}, "cannot be duplicated"},
	{"custom id long", o{"content": "x", "components": l{row(button(text(101)))}}, "custom_id: Must be 100"},
	{"custom id empty", o{"content": "x", "components": l{row(button(""))}}, "custom_id"},
	{"label", o{"content": "x", "components": l{row(o{"type": 2, "style": 1, "label": text(81), "custom_id": "a"})}}, "label: Must be 80"},
	{"label none", o{"content": "x", "components": l{row(o{"type": 2, "style": 1, "custom_id": "a"})}}, "label or an emoji"},
	{"link", o{"content": "x", "components": l{row(o{"type": 2, "style": 5, "label": "x", "url": "https://example.org"})}}, ""},
	{"link with id", o{"content": "x", "components": l{row(o{"type": 2, "style": 5, "label": "x", "url": "https://example.org", "custom_id": "a"})}}, "cannot both be"},
	{"link ftp", o{"content": "x", "components": l{row(o{"type": 2, "style": 5, "label": "x", "url": "ftp://example.org"})}}, "Scheme"},
	{"link none", o{"content": "x", "components": l{row(o{"type": 2, "style": 5, "label": "x"})}}, "url is required"},
	{"url on a plain button", o{"content": "x", "components": l{row(o{"type": 2, "style": 1, "label": "x", "custom_id": "a", "url": "https://example.org"})}}, "Only a link button"},
	{"style", o{"content": "x", "components": l{row(o{"type": 2, "style": 9, "label": "x", "custom_id": "a"})}}, "style"},
	{"26 options", o{"content": "x", "components": l{row(menu(26))}}, "options: Must be"},
	{"no options", o{"content": "x", "components": l{row(menu(0))}}, "options: Must be"},
	{"same option", o{"content": "x", "components": l{row(o{"type": 3, "custom_id": "m", "options": l{o{"label": "a", "value": "1"}, o{"label": "b", "value": "1"}}})}}, "already used"},
	{"option label", o{"content": "x", "components": l{row(o{"type": 3, "custom_id": "m", "options": l{o{"label": text(101), "value": "1"}}})}}, "label: Must be 100"},
	{"option value", o{"content": "x", "components": l{row(o{"type": 3, "custom_id": "m", "options": l{o{"label": "a", "value": text(101)}}})}}, "value: Must be 100"},
	{"option description", o{"content": "x", "components": l{row(o{"type": 3, "custom_id": "m", "options": l{o{"label": "a", "value": "1", "description": text(101)}}})}}, "description: Must be 100"},
	{"placeholder", o{"content": "x", "components": l{row(o{"type": 3, "custom_id": "m", "placeholder": text(151), "options": l{o{"label": "a", "value": "1"}}})}}, "placeholder: Must be 150"},
	{"max values", o{"content": "x", "components": l{row(o{"type": 3, "custom_id": "m", "max_values": 2, "options": l{o{"label": "a", "value": "1"}}})}}, "more than there are options"},
	{"text without flag", o{"components": l{display("x")}}, "needs the IS_COMPONENTS_V2 flag"},

	{"v2", o{"flags": v2, "components": l{o{"type": 17, "accent_color": 255, "components": l{display("a"), section(button("x"), display("b")), o{"type": 14, "spacing": 2}, row(button("y"))}}}}, ""},
	{"v2 with content", o{"flags": v2, "content": "x", "components": l{display("a")}}, "'content' field cannot be used"},
	{"v2 with embeds", o{"flags": v2, "embeds": l{o{"title": "x"}}, "components": l{display("a")}}, "'embeds' field cannot be used"},
	{"v2 with empty content", o{"flags": v2, "content": "", "embeds": nil, "components": l{display("a")}}, ""},
	{"v2 empty", o{"flags": v2}, "50006"},
	{"v2 41 components", o{"flags": v2, "components": l{o{"type": 17, "components": many(40, func(int) any { return display("x") })}}}, "40 components"},
	{"v2 counts accessories", o{"flags": v2, "components": many(14, func(i int) any { return section(button(fmt.Sprint(i)), display("x")) })}, "40 components"},
	{"v2 text sum", o{"flags": v2, "components": l{display(text(3000)), section(button("a"), display(text(1001)))}}, "4000 characters of text"},
	{"v2 empty text", o{"flags": v2, "components": l{display("")}}, "content"},
	{"v2 section of four", o{"flags": v2, "components": l{section(button("a"), display("1"), display("2"), display("3"), display("4"))}}, "between 1 and 3"},
	{"v2 section bare", o{"flags": v2, "components": l{section(nil, display("1"))}}, "accessory"},
	{"v2 section of rows", o{"flags": v2, "components": l{section(button("a"), row(button("b")))}}, "A section holds text displays"},
	{"v2 nested container", o{"flags": v2, "components": l{o{"type": 17, "components": l{o{"type": 17, "components": l{display("x")}}}}}}, "cannot stand here"},
	{"v2 same custom id", o{"flags": v2, "components": l{section(button("a"), display("1")), row(button("a"))}}, "cannot be duplicated"},
	{"v2 same id", o{"flags": v2, "components": l{o{"type": 10, "id": 7, "content": "a"}, o{"type": 10, "id": 7, "content": "b"}}}, "not unique"},
	{"v2 thumbnail", o{"flags": v2, "components": l{section(o{"type": 11, "media": o{"url": "https://example.org/a.png"}}, display("1"))}}, ""},
	{"v2 button at the top", o{"flags": v2, "components": l{button("a")}}, "cannot stand here"},
}

func TestMessageLimits(t *testing.T) {
	w := newWorld(t)
	if w.spec == nil {
		t.Log("without the OpenAPI description")
	}
	seen := 0
	for _, tt := range bodies {
		t.Run(tt.name, func(t *testing.T) {
			if _, ok := tt.body["allowed_mentions"]; !ok {
				tt.body["allowed_mentions"] = quiet
			}
			if w.spec == nil && (strings.Contains(tt.fault, "no property") || strings.Contains(tt.fault, "not of type")) {
				t.Log("NOT TESTED: only the OpenAPI description knows")
				return
			}
			r := w.call("POST", w.messages(w.channel), tt.body)
			reports := w.rec.reported()[seen:]
			seen += len(reports)
			switch {
			case tt.fault == "" && (r.status != 200 || len(reports) > 0):
				t.Errorf("%d %s\n%s", r.status, r.raw, strings.Join(reports, "\n"))
			case tt.fault == "":
			case r.status != 400 || len(reports) != 1 || !strings.Contains(reports[0], tt.fault):
				t.Errorf("want a report with %q, got %d %s\n%s", tt.fault, r.status, r.raw, strings.Join(reports, "\n"))
			case r.code() == 50035 && r.body["errors"] == nil:
				t.Errorf("no errors tree: %s", r.raw)
			}
		})
	}
}

func TestErrorsTree(t *testing.T) {
	w := newWorld(t)
	r := w.call("POST", w.messages(w.channel), o{"embeds": l{o{"title": text(300)}}, "allowed_mentions": quiet})
	at := r.body["errors"].(o)["embeds"].(o)["0"].(o)["title"].(o)["_errors"].(l)[0].(o)
	if at["code"] != "BASE_TYPE_MAX_LENGTH" || r.body["message"] != "Invalid Form Body" {
		t.Errorf("%s", r.raw)
	}
}

func TestEditLimits(t *testing.T) {
	w := newWorld(t)
	plain := w.post(w.channel, o{"content": "x"})
	rich := w.post(w.channel, o{"flags": v2 | FlagSuppressNotifications, "components": l{display("a")}})
	w.clean()
	tests := []struct {
		name, id string
		body     o
		fault    string
	}{
		{"edit", plain, o{"content": "y", "allowed_mentions": quiet}, ""},
		{"edit without mentions", plain, o{"content": "y"}, "must carry allowed_mentions"},
		{"emptied", plain, o{"content": "", "allowed_mentions": quiet}, "50006"},
		{"discordgo's fields", plain, o{"content": "z", "ID": plain, "Channel": w.channel.ID, "allowed_mentions": quiet}, ""},
		{"v2 over content", plain, o{"flags": v2, "components": l{display("a")}, "allowed_mentions": quiet}, "'content' field"},
		{"v2 flag kept by silence", rich, o{"components": l{display("b")}, "allowed_mentions": quiet}, ""},
		{"v2 flag kept", rich, o{"flags": v2, "components": l{display("b")}, "allowed_mentions": quiet}, ""},
		{"v2 flag taken away", rich, o{"flags": 0, "components": l{display("b")}, "allowed_mentions": quiet}, "cannot be removed"},
		{"content into v2", rich, o{"content": "x", "allowed_mentions": quiet}, "'content' field"},
		{"to v2", plain, o{"flags": v2, "content": nil, "components": l{display("a")}, "allowed_mentions": quiet}, ""},
	}
	seen := 0
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			r := w.call("PATCH", w.messages(w.channel)+"/"+tt.id, tt.body)
			reports := w.rec.reported()[seen:]
			seen += len(reports)
			if ok := r.status == 200; ok != (tt.fault == "") || len(reports) > 0 && !strings.Contains(reports[0], tt.fault) || ok != (len(reports) == 0) {
				t.Errorf("%d %s\n%s", r.status, r.raw, strings.Join(reports, "\n"))
			}
		})
	}
	if m, _ := w.Message(rich); m.Flags&FlagSuppressNotifications == 0 || m.Text != "b" || len(m.Edits) != 2 {
		t.Errorf("%+v", m)
	}
}

func TestCommandLimits(t *testing.T) {
	w := newWorld(t)
	opt := func(name string, required bool) any {
		return o{"type": 3, "name": name, "description": "d", "required": required}
	}
	cmd := func(extra o) any {
		c := o{"name": "digest", "description": "d"}
		for k, v := range extra {
			c[k] = v
		}
		return c
	}
	tests := []struct {
		name     string
		commands l
		fault    string
	}{
		{"fine", l{cmd(o{"options": l{opt("a", true), opt("b", false)}, "name_localizations": o{"it": "edizione"},
			"contexts": l{0, 1}, "integration_types": l{0}, "default_member_permissions": "32", "nsfw": false})}, ""},
		{"discordgo's option", l{cmd(o{"options": l{o{"type": 5, "name": "a", "description": "d", "channel_types": nil,
			"required": false, "options": nil, "autocomplete": false, "choices": nil}}})}, ""},
		{"subcommands", l{cmd(o{"options": l{o{"type": 1, "name": "set", "description": "d", "options": l{opt("a", false)}}}})}, ""},
		{"group", l{cmd(o{"options": l{o{"type": 2, "name": "g", "description": "d", "options": l{o{"type": 1, "name": "set", "description": "d"}}}}})}, ""},
		{"too deep", l{cmd(o{"options": l{o{"type": 1, "name": "a", "description": "d", "options": l{o{"type": 1, "name": "b", "description": "d"}}}}})}, "nested this deep"},
		{"upper case", l{cmd(o{"name": "Digest"})}, "not lower case"},
		{"space", l{cmd(o{"name": "di gest"})}, "is invalid"},
		{"long name", l{cmd(o{"name": strings.Repeat("a", 33)})}, "is invalid"},
		{"no description", l{o{"name": "digest"}}, "description"},
		{"long description", l{cmd(o{"description": text(101)})}, "description: Must be 100"},
		{"localized upper case", l{cmd(o{"name_localizations": o{"it": "Edizione"}})}, "not lower case"},
		{"unknown locale", l{cmd(o{"name_localizations": o{"tlh": "x"}})}, "no locale"},
		{"localized description", l{cmd(o{"description_localizations": o{"it": text(101)}})}, "description_localizations.it"},
		{"26 options", l{cmd(o{"options": many(26, func(i int) any { return opt(fmt.Sprint("o", i), false) })})}, "options: Must be"},
		{"optional first", l{cmd(o{"options": l{opt("a", false), opt("b", true)}})}, "must be placed before"},
		{"same option", l{cmd(o{"options": l{opt("a", true), opt("a", false)}})}, "must be unique"},
		{"mixed", l{cmd(o{"options": l{opt("a", false), o{"type": 1, "name": "s", "description": "d"}}})}, "mutually exclusive"},
		{"choices", l{cmd(o{"options": l{o{"type": 3, "name": "a", "description": "d", "choices": many(26, func(i int) any {
			return o{"name": fmt.Sprint(i), "value": "x"}
		})}}})}, "choices: Must be"},
		{"choice type", l{cmd(o{"options": l{o{"type": 4, "name": "a", "description": "d", "choices": l{o{"name": "x", "value": "y"}}}}})}, "value"},
		{"choices and autocomplete", l{cmd(o{"options": l{o{"type": 3, "name": "a", "description": "d", "autocomplete": true, "choices": l{o{"name": "x", "value": "y"}}}}})}, "Autocomplete"},
		{"8000 in all", l{cmd(o{"options": many(25, func(i int) any {
			return o{"type": 3, "name": fmt.Sprint("o", i), "description": text(100), "choices": many(25, func(j int) any {
				return o{"name": fmt.Sprint(j, "-", text(8)), "value": fmt.Sprint(j)}
			})}
		})})}, "8000 characters"},
		{"same name", l{cmd(nil), cmd(nil)}, "names must be unique"},
		{"101 commands", many(101, func(i int) any { return cmd(o{"name": fmt.Sprint("c", i)}) }), "At most 100"},
		{"16 message commands", many(16, func(i int) any { return o{"type": 3, "name": fmt.Sprint("C ", i)} }), "At most 15"},
		{"message command described", l{o{"type": 3, "name": "Post", "description": "x"}}, "cannot have a description"},
		{"context", l{cmd(o{"contexts": l{3}})}, "contexts.0"},
	}
	seen := 0
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			r := w.call("PUT", "/applications/"+ApplicationID+"/commands", tt.commands)
			reports := w.rec.reported()[seen:]
			seen += len(reports)
			if ok := r.status == 200; ok != (tt.fault == "") || len(reports) > 0 && !strings.Contains(reports[0], tt.fault) || ok != (len(reports) == 0) {
				t.Errorf("%d %s\n%s", r.status, r.raw, strings.Join(reports, "\n"))
			}
		})
	}
}
