// HTML: a strict parser of the Bot API's HTML style.

package telegramtest

import (
	"fmt"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"unicode/utf16"
	"unicode/utf8"
)

// ParseHTML parses a text as parse_mode HTML does
// (https://core.telegram.org/bots/api#html-style) and returns what people see.
// It is strict: what Telegram would let pass by dropping something, such as an
// attribute it doesn't know, is an error.
func ParseHTML(s string) (string, []Entity, error) {
	c, err := parse(s, simpleTags)
	return c.text, c.entities, err
}

// ParseRichHTML parses the html of a rich message
// (https://core.telegram.org/bots/api#rich-message-formatting-options) as strictly,
// with its limits of structure, and returns what people see, all unfolded.
func ParseRichHTML(s string) (string, []Entity, error) {
	c, err := parse(s, richTags)
	return c.text, c.entities, err
}

// parser reads one text. Errors are in the words of Telegram's server where it
// has any.
type parser struct {
	in       string
	at       int
	tags     map[string]tag
	out      strings.Builder
	units    int
	opened   []opened
	entities []Entity
	blocks   int
}

// opened is a tag not closed yet.
type opened struct {
	name   string
	tag    tag
	entity Entity
}

func parse(s string, tags map[string]tag) (content, error) {
	if !utf8.ValidString(s) {
		return content{}, fmt.Errorf("strings must be encoded in UTF-8")
	}
	p := &parser{in: s, tags: tags}
	for p.at < len(p.in) {
		if err := p.step(); err != nil {
			return content{}, fmt.Errorf("can't parse entities: %w", err)
		}
	}
	if n := len(p.opened); n > 0 {
		return content{}, fmt.Errorf("can't parse entities: Can't find end tag corresponding to start tag %q", p.opened[n-1].name)
	}
	return content{p.out.String(), sorted(p.entities)}, nil
}

func (p *parser) step() error {
	rest := p.in[p.at:]
	switch {
	case strings.HasPrefix(rest, "</"):
		return p.close()
	case rest[0] == '<':
		return p.open()
	case rest[0] == '>':
		return fmt.Errorf("Character '>' is not escaped at byte offset %d", p.at)
	}
	r, size, err := p.character(rest)
	if err != nil {
		return err
	}
	p.at += size
	p.write(string(r))
	return nil
}

var reference = regexp.MustCompile(`^&(?:(lt|gt|amp|quot)|#([0-9]{1,7})|#[xX]([0-9a-fA-F]{1,6}));`)

var named = map[string]rune{"lt": '<', "gt": '>', "amp": '&', "quot": '"'}

// character is the one that s begins with, or that the reference there means.
func (p *parser) character(s string) (r rune, size int, err error) {
	if s[0] != '&' {
		r, size = utf8.DecodeRuneInString(s)
		return r, size, nil
	}
	m := reference.FindStringSubmatch(s)
	if m == nil {
		return 0, 0, fmt.Errorf("Character '&' is not escaped or begins an unknown entity at byte offset %d", p.at)
	}
	digits, base := m[2], 10
	switch {
	case m[1] != "":
		return named[m[1]], len(m[0]), nil
	case m[3] != "":
		digits, base = m[3], 16
	}
	n, err := strconv.ParseInt(digits, base, 32)
	if err != nil || n == 0 || !utf8.ValidRune(rune(n)) {
		return 0, 0, fmt.Errorf("%q is no character at byte offset %d", m[0], p.at)
	}
	return rune(n), len(m[0]), nil
}

func (p *parser) write(s string) {
	p.out.WriteString(s)
	for _, r := range s {
		p.units += utf16.RuneLen(r)
	}
}

var (
	startName = regexp.MustCompile(`^<([a-zA-Z][a-zA-Z0-9-]*)`)
	attribute = regexp.MustCompile(`^\s+([a-zA-Z][a-zA-Z0-9-]*)(?:=(?:"([^"<]*)"|'([^'<]*)'))?`)
	startEnd  = regexp.MustCompile(`^\s*(/?)>`)
	endTag    = regexp.MustCompile(`^</([a-zA-Z][a-zA-Z0-9-]*)\s*>`)
)

func (p *parser) open() error {
	begin := p.at
	m := startName.FindStringSubmatch(p.in[p.at:])
	if m == nil {
		return fmt.Errorf("Unsupported start tag \"\" at byte offset %d", begin)
	}
	name := strings.ToLower(m[1])
	t, ok := p.tags[name]
	if !ok {
		return fmt.Errorf("Unsupported start tag %q at byte offset %d", name, begin)
	}
	p.at += len(m[0])
	attributes, err := p.attributes(name)
	if err != nil {
		return err
	}
	end := startEnd.FindStringSubmatch(p.in[p.at:])
	if end == nil || end[1] != "" && !t.void {
		return fmt.Errorf("Unclosed start tag %q at byte offset %d", name, begin)
	}
	p.at += len(end[0])
	entity, err := t.read(name, attributes, p.opened)
	if err != nil {
		return fmt.Errorf("%w at byte offset %d", err, begin)
	}
	if err := p.nest(name, t, begin); err != nil {
		return err
	}
	p.breakLine(name, t)
	if !t.void {
		entity.Offset = p.units
		p.opened = append(p.opened, opened{name, t, entity})
	}
	return nil
}

// attributes reads up to the end of a start tag.
func (p *parser) attributes(name string) (map[string]string, error) {
	out := map[string]string{}
	for {
		m := attribute.FindStringSubmatch(p.in[p.at:])
		if m == nil {
			return out, nil
		}
		key, value := strings.ToLower(m[1]), m[2]+m[3]
		if _, twice := out[key]; twice {
			return nil, fmt.Errorf("Attribute %q is twice in the tag %q at byte offset %d", key, name, p.at)
		}
		var b strings.Builder
		for value != "" {
			r, size, err := p.character(value)
			if err != nil {
				return nil, err
			}
			b.WriteRune(r)
			value = value[size:]
		}
		out[key] = b.String()
		p.at += len(m[0])
	}
}

// nest checks that a tag may stand where it does.
func (p *parser) nest(name string, t tag, at int) error {
	for _, o := range p.opened {
		if o.tag.holds != nil && !slices.Contains(o.tag.holds, name) || slices.Contains(t.within, o.name) {
			return fmt.Errorf("Tag %q can't be inside of %q at byte offset %d", name, o.name, at)
		}
	}
	around := opened{}
	if n := len(p.opened); n > 0 {
		around = p.opened[n-1]
	}
	switch {
	case t.parent != nil && !slices.Contains(t.parent, around.name):
		return fmt.Errorf("Tag %q must be right inside of %q at byte offset %d", name, t.parent, at)
	case (around.name == "ul" || around.name == "ol") && name != "li":
		return fmt.Errorf("Tag %q can't be right inside of a list at byte offset %d", name, at)
	case name == "summary" && p.content(around):
		return fmt.Errorf("Tag \"summary\" must be the first of \"details\" at byte offset %d", at)
	case around.name == "details" && name != "summary" && !p.content(around):
		return fmt.Errorf("Tag \"details\" must begin with \"summary\" at byte offset %d", at)
	}
	if t.block {
		p.blocks++
	}
	if p.blocks > maxBlocks {
		return fmt.Errorf("More than %d blocks at byte offset %d", maxBlocks, at)
	}
	if len(p.opened) >= maxDepth && t.block {
		return fmt.Errorf("Blocks are nested deeper than %d at byte offset %d", maxDepth, at)
	}
	return nil
}

// content says whether a tag has any text so far.
func (p *parser) content(o opened) bool {
	return strings.TrimSpace(p.out.String()[byteAt(p.out.String(), o.entity.Offset):]) != ""
}

func (p *parser) close() error {
	m := endTag.FindStringSubmatch(p.in[p.at:])
	if m == nil {
		return fmt.Errorf("Unclosed end tag at byte offset %d", p.at)
	}
	name := strings.ToLower(m[1])
	n := len(p.opened)
	if n == 0 {
		return fmt.Errorf("Unexpected end tag at byte offset %d", p.at)
	}
	o := p.opened[n-1]
	if o.name != name {
		return fmt.Errorf("Unmatched end tag at byte offset %d, expected \"</%s>\", found \"</%s>\"", p.at, o.name, name)
	}
	p.at += len(m[0])
	p.opened = p.opened[:n-1]
	if o.entity.Length = p.units - o.entity.Offset; o.entity.Type != "" && o.entity.Length > 0 {
		if o.entity.Type == "code" && o.entity.Language != "" { // it only says so
			p.opened[n-2].entity.Language = o.entity.Language
		} else {
			p.entities = append(p.entities, o.entity)
		}
	}
	if o.tag.block {
		p.breakLine(name, o.tag)
	}
	return nil
}

// breakLine begins a new line where a block begins or ends, and a new cell
// where one begins.
func (p *parser) breakLine(name string, t tag) {
	text := p.out.String()
	switch {
	case name == "br":
		p.write("\n")
	case name == "td" || name == "th":
		if text != "" && !strings.HasSuffix(text, "\n") && !strings.HasSuffix(text, "\t") {
			p.write("\t")
		}
	case t.block && t.apart && text != "" && !strings.HasSuffix(text, "\n"):
		p.write("\n")
	}
}
