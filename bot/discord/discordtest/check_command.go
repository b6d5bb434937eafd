// Documented limits of application commands.

package discordtest

import (
	"fmt"
	"regexp"
	"slices"
	"strings"
)

// commandName is the documented expression; Go writes scripts \p{Devanagari}
// where Discord writes \p{sc=Deva}.
var commandName = regexp.MustCompile(`^[-_'\p{L}\p{N}\p{Devanagari}\p{Thai}]{1,32}$`)

// locales are the documented locale codes.
var locales = strings.Fields(`ar bg cs da de el en-GB en-US es-419 es-ES fi fr he hi hr hu id it
	ja ko lt nl no pl pt-BR ro ru sv-SE th tr uk vi zh-CN zh-TW`)

// The kinds of commands and how many of each an application may have.
const (
	slashCommand   = 1
	userCommand    = 2
	messageCommand = 3
)

var commandLimits = map[int]int{slashCommand: 100, userCommand: 15, messageCommand: 15}

func kindOf(command object) int {
	if k := integer(command, "type"); k != 0 {
		return k
	}
	return slashCommand
}

func checkCommandList(commands []object, f findings) {
	seen, counts := map[string]bool{}, map[int]int{}
	for i, c := range commands {
		checkCommand(c, false, f.at(i))
		kind := kindOf(c)
		counts[kind]++
		key := fmt.Sprint(kind, " ", str(c, "name"))
		if seen[key] {
			f.at(i, "name").add("APPLICATION_COMMANDS_DUPLICATE_NAME", "Application command names must be unique")
		}
		seen[key] = true
	}
	for kind, n := range counts {
		if high, ok := commandLimits[kind]; ok && n > high {
			f.add("APPLICATION_COMMANDS_LIMIT", "At most %d commands of type %d (%d).", high, kind, n)
		}
	}
}

// checkCommand checks one command; in a patch absent fields are left alone.
func checkCommand(c object, patch bool, f findings) {
	kind := kindOf(c)
	_, named := c["name"]
	_, described := c["description"]
	if commandLimits[kind] == 0 && kind != 4 {
		f.at("type").add("BASE_TYPE_CHOICES", "Value must be one of {1, 2, 3, 4}.")
	}
	if kind == slashCommand {
		if named || !patch {
			checkName(c, f)
		}
		if described || !patch {
			checkDescription(c, f)
		}
		checkOptions(objects(list(c, "options")), 0, f.at("options"))
	} else {
		f.at("name").length(str(c, "name"), 1, 32)
		checkLocalized(c, "name_localizations", 32, f, nil)
		if str(c, "description") != "" {
			f.at("description").add("CONTEXT_MENU_DESCRIPTION_NOT_EMPTY", "Context menu commands cannot have a description")
		}
		if len(list(c, "options")) > 0 {
			f.at("options").add("APPLICATION_COMMAND_CONTEXT_MENU_OPTIONS", "Context menu commands cannot have options")
		}
	}
	for key, high := range map[string]int{"contexts": 2, "integration_types": 1} {
		for i, v := range list(c, key) {
			if n, ok := whole(v); !ok || n < 0 || int(n) > high {
				f.at(key, i).add("BASE_TYPE_CHOICES", "Value must be between 0 and %d.", high)
			}
		}
	}
	if size := commandSize(c); size > 8000 {
		f.add("APPLICATION_COMMAND_TOO_LARGE", "Command exceeds maximum size of 8000 characters (%d).", size)
	}
}

func checkName(o object, f findings) {
	wrong := func(name string, f findings) {
		if !commandName.MatchString(name) {
			f.add("STRING_TYPE_REGEX", "Command name %q is invalid.", name)
		} else if name != strings.ToLower(name) {
			f.add("APPLICATION_COMMAND_INVALID_NAME", "Command name %q is not lower case.", name)
		}
	}
	wrong(str(o, "name"), f.at("name"))
	checkLocalized(o, "name_localizations", 32, f, wrong)
}

func checkDescription(o object, f findings) {
	f.at("description").length(str(o, "description"), 1, 100)
	checkLocalized(o, "description_localizations", 100, f, nil)
}

// checkLocalized checks the locales and texts of a localizations object.
func checkLocalized(o object, key string, high int, f findings, more func(string, findings)) {
	for locale, v := range sub(o, key) {
		at := f.at(key, locale)
		text, _ := v.(string)
		if !slices.Contains(locales, locale) {
			at.add("ENUM_TYPE_COERCE", "%q is no locale that Discord knows.", locale)
		}
		at.length(text, 1, high)
		if more != nil {
			more(text, at)
		}
	}
}

// checkOptions checks a level of options; depth 0 is the command's own.
func checkOptions(options []object, depth int, f findings) {
	f.count(len(options), 0, 25)
	names := map[string]bool{}
	optional, nested, plain := false, false, false
	for i, o := range options {
		at := f.at(i)
		checkName(o, at)
		checkDescription(o, at)
		if n := str(o, "name"); names[n] {
			at.at("name").add("APPLICATION_COMMAND_OPTIONS_NAME_DUPLICATE", "Option names must be unique")
		} else {
			names[n] = true
		}
		switch kind := integer(o, "type"); {
		case kind == 1 || kind == 2:
			nested = true
			if depth+kind > 2 {
				at.at("type").add("APPLICATION_COMMAND_OPTIONS_TYPE_INVALID", "Subcommands cannot be nested this deep.")
				continue
			}
			inner := objects(list(o, "options"))
			if kind == 2 && slices.ContainsFunc(inner, func(o object) bool { return integer(o, "type") != 1 }) {
				at.at("options").add("APPLICATION_COMMAND_OPTIONS_TYPE_INVALID", "A group holds subcommands only.")
			}
			next := 2
			if kind == 2 {
				next = 1
			}
			checkOptions(inner, next, at.at("options"))
		case kind >= 3 && kind <= 11:
			plain = true
			if !truth(o, "required") {
				optional = true
			} else if optional {
				at.add("APPLICATION_COMMAND_OPTIONS_REQUIRED_INVALID", "Required options must be placed before non-required options")
			}
			checkChoices(o, kind, at)
		default:
			at.at("type").add("BASE_TYPE_CHOICES", "Option type %d does not exist.", kind)
		}
	}
	if nested && plain {
		f.add("APPLICATION_COMMAND_OPTIONS_TYPE_INVALID", "Sub-command and sub-command group option types are mutually exclusive to all other types")
	}
}

func checkChoices(o object, kind int, f findings) {
	choices := list(o, "choices")
	choosable := kind == 3 || kind == 4 || kind == 10
	if truth(o, "autocomplete") && (len(choices) > 0 || !choosable) {
		f.at("autocomplete").add("APPLICATION_COMMAND_AUTOCOMPLETE_INVALID", "Autocomplete is for string and number options without choices.")
	}
	if len(choices) > 0 && !choosable {
		f.at("choices").add("APPLICATION_COMMAND_CHOICES_INVALID", "Option type %d has no choices.", kind)
	}
	checkChoiceList(choices, kind, f.at("choices"))
}

// checkChoiceList checks choices of an option or of an autocomplete answer;
// kind 0 takes strings and numbers.
func checkChoiceList(choices []any, kind int, f findings) {
	f.count(len(choices), 0, 25)
	names := map[string]bool{}
	for i, c := range objects(choices) {
		at := f.at(i)
		name := str(c, "name")
		at.at("name").length(name, 1, 100)
		checkLocalized(c, "name_localizations", 100, at, nil)
		if names[name] && kind != 0 {
			at.at("name").add("APPLICATION_COMMAND_OPTIONS_CHOICE_NAME_DUPLICATE", "Choice names must be unique")
		}
		names[name] = true
		text, isText := c["value"].(string)
		_, isNumber := number(c["value"])
		switch {
		case isText && (kind == 3 || kind == 0):
			at.at("value").length(text, 0, 100)
		case isNumber && kind != 3:
		default:
			at.at("value").add("BASE_TYPE_CONVERT", "The value does not fit the option's type.")
		}
	}
}

// commandSize sums names, descriptions and values; of localizations the
// longest counts.
func commandSize(o object) int {
	longest := func(key string) int {
		n := runes(str(o, key))
		for _, v := range sub(o, key+"_localizations") {
			if s, ok := v.(string); ok {
				n = max(n, runes(s))
			}
		}
		return n
	}
	size := longest("name") + longest("description") + runes(str(o, "value"))
	for _, key := range []string{"options", "choices"} {
		for _, inner := range objects(list(o, key)) {
			size += commandSize(inner)
		}
	}
	return size
}
