// Tags: the elements of both HTML styles, their attributes and what they mean.

package telegramtest

import (
	"errors"
	"fmt"
	"net/url"
	"regexp"
	"slices"
	"strings"
)

// The limits of a rich message's structure (sendRichMessage).
const (
	maxBlocks = 500
	maxDepth  = 16
)

// tag is what an element may be.
type tag struct {
	read   func(name string, attributes map[string]string, around []opened) (Entity, error)
	holds  []string // the only elements inside of it; nil for any
	within []string // elements it must not be inside of
	parent []string // the only elements it may be right inside of; nil for any, and none
	block  bool     // counts as a block of a rich message
	apart  bool     // stands on lines of its own
	void   bool     // has no end tag
}

var styles = []string{"b", "strong", "i", "em", "u", "ins", "s", "strike", "del", "tg-spoiler", "span"}

// links are the elements that hold something besides a text.
var links = []string{"a", "tg-emoji", "tg-time"}

// simpleTags are those of parse_mode HTML.
var simpleTags = map[string]tag{
	"b": style("bold"), "strong": style("bold"), "i": style("italic"), "em": style("italic"),
	"u": style("underline"), "ins": style("underline"),
	"s": style("strikethrough"), "strike": style("strikethrough"), "del": style("strikethrough"),
	"tg-spoiler": style("spoiler"), "span": {read: readSpan},
	"a":          {read: readLink, within: links},
	"tg-emoji":   {read: readEmoji, within: links},
	"tg-time":    {read: readTime, within: links},
	"code":       {read: readCode, holds: []string{}, within: slices.Concat(styles, links)},
	"pre":        {read: readPlain("pre"), holds: []string{"code"}, within: slices.Concat(styles, links)},
	"blockquote": {read: readQuote, within: slices.Concat(links, []string{"blockquote"})},
}

// richTags are those of a rich message.
var richTags = func() map[string]tag {
	out := map[string]tag{}
	for name, t := range simpleTags {
		t.within = nil
		out[name] = t
	}
	for _, name := range []string{"blockquote", "pre"} {
		t := out[name]
		t.block, t.apart, t.holds = true, true, nil
		out[name] = t
	}
	for _, name := range []string{"sub", "sup", "mark"} {
		out[name] = style("")
	}
	for _, name := range []string{"p", "h1", "h2", "h3", "h4", "h5", "h6", "ul", "ol", "li", "table", "caption",
		"thead", "tbody", "tr", "footer", "details", "summary"} {
		out[name] = tag{read: readAny, block: true, apart: true}
	}
	for _, name := range []string{"td", "th"} {
		out[name] = tag{read: readAny}
	}
	// Blocks stand in blocks that hold blocks, and nowhere among words.
	words := slices.Concat(styles, links, []string{"code", "sub", "sup", "mark", "p", "h1", "h2", "h3", "h4", "h5", "h6",
		"summary", "footer", "pre", "caption"})
	for name, t := range out {
		if t.block {
			t.within = words
			out[name] = t
		}
	}
	for name, parent := range map[string][]string{"li": {"ul", "ol"}, "summary": {"details"}, "caption": {"table"}} {
		t := out[name]
		t.parent = parent
		out[name] = t
	}
	out["hr"] = tag{read: readAny, block: true, apart: true, void: true}
	out["br"] = tag{read: readAny, void: true}
	return out
}()

// style is an element without attributes.
func style(entity string) tag { return tag{read: readPlain(entity)} }

// attributesOf are the attributes that blocks of rich messages may have.
var attributesOf = map[string][]string{
	"details": {"open"}, "ol": {"start", "type", "reversed"}, "li": {"value", "type"},
	"td": {"colspan", "rowspan", "align", "valign"}, "th": {"colspan", "rowspan", "align", "valign"}, "table": {"bordered", "striped"},
}

func readAny(name string, attributes map[string]string, _ []opened) (Entity, error) {
	return Entity{}, only(name, attributes, attributesOf[name]...)
}

func readPlain(entity string) func(string, map[string]string, []opened) (Entity, error) {
	return func(name string, attributes map[string]string, _ []opened) (Entity, error) {
		return Entity{Type: entity}, only(name, attributes)
	}
}

// only says which attribute is not among those allowed.
func only(name string, attributes map[string]string, allowed ...string) error {
	for key := range attributes {
		if !slices.Contains(allowed, key) {
			return fmt.Errorf("Attribute %q in the tag %q would be ignored", key, name)
		}
	}
	return nil
}

func readSpan(name string, attributes map[string]string, _ []opened) (Entity, error) {
	if attributes["class"] != "tg-spoiler" {
		return Entity{}, errors.New(`Tag "span" must have class "tg-spoiler"`)
	}
	return Entity{Type: "spoiler"}, only(name, attributes, "class")
}

func readLink(name string, attributes map[string]string, _ []opened) (Entity, error) {
	address := attributes["href"]
	if !linkable(address) {
		return Entity{}, fmt.Errorf("Tag \"a\" links to %q and would be dropped", address)
	}
	return Entity{Type: "text_link", URL: address}, only(name, attributes, "href")
}

// linkable says whether Telegram makes a link of an address.
func linkable(address string) bool {
	u, err := url.Parse(address)
	if err != nil || strings.ContainsAny(address, " \n\t") {
		return false
	}
	switch strings.ToLower(u.Scheme) {
	case "http", "https", "tg":
		return u.Host != ""
	case "mailto", "tel":
		return u.Opaque != ""
	}
	return false
}

var digits = regexp.MustCompile(`^[0-9]+$`)

func readEmoji(name string, attributes map[string]string, _ []opened) (Entity, error) {
	id := attributes["emoji-id"]
	if !digits.MatchString(id) {
		return Entity{}, errors.New(`Invalid custom emoji identifier specified in the tag "tg-emoji"`)
	}
	return Entity{Type: "custom_emoji", emoji: id}, only(name, attributes, "emoji-id")
}

var timeForm = regexp.MustCompile(`^(r|w?[dD]?[tT]?)$`)

func readTime(name string, attributes map[string]string, _ []opened) (Entity, error) {
	e := Entity{Type: "date_time", unix: attributes["unix"], form: attributes["format"]}
	if !digits.MatchString(e.unix) || !timeForm.MatchString(e.form) {
		return Entity{}, errors.New(`Invalid date or format specified in the tag "tg-time"`)
	}
	return e, only(name, attributes, "unix", "format")
}

var languageClass = regexp.MustCompile(`^language-(\S+)$`)

// readCode reads code, which within pre may name a language.
func readCode(name string, attributes map[string]string, around []opened) (Entity, error) {
	inPre := len(around) > 0 && around[len(around)-1].name == "pre"
	class, given := attributes["class"]
	m := languageClass.FindStringSubmatch(class)
	switch {
	case !inPre:
		return Entity{Type: "code"}, only(name, attributes)
	case given && m == nil:
		return Entity{}, fmt.Errorf("Class %q of the tag \"code\" names no language", class)
	case m != nil:
		return Entity{Type: "code", Language: m[1]}, only(name, attributes, "class")
	}
	return Entity{}, only(name, attributes, "class")
}

func readQuote(name string, attributes map[string]string, _ []opened) (Entity, error) {
	value, expandable := attributes["expandable"]
	if value != "" {
		return Entity{}, errors.New(`Attribute "expandable" of the tag "blockquote" takes no value`)
	}
	if expandable {
		return Entity{Type: "expandable_blockquote"}, only(name, attributes, "expandable")
	}
	return Entity{Type: "blockquote"}, only(name, attributes)
}
