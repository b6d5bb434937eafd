// shown: what a person sees of Discord's markdown, by the rules of Discord's own
// client (simple-markdown), written independently of the renderer.

package discord

import (
	"fmt"
	"regexp"
	"strings"
	"testing"
	"unicode"
	"unicode/utf8"
)

var (
	blockMark  = regexp.MustCompile(`^\s*(?:> )?\s*(?:#{1,3} |-# |- |\d+\. )?`)
	mdEscape   = regexp.MustCompile(`^\\([^0-9A-Za-z\s])`)
	mdAutolink = regexp.MustCompile(`^<([^: >]+:/[^ >]+)>`)
	mdLink     = regexp.MustCompile(`^\[((?:[^\[\]]|\[[^\]]*\])*)\]\(\s*<?((?:\([^)]*\)|[^\s\\)]|\\.)*?)>?\s*\)`)
	mdAddress  = regexp.MustCompile(`(?i)(https?|discord)\\?:/`)
	// armed is what must never be left: mentions, emoji, times, bare addresses.
	armed = regexp.MustCompile(`(?i)^(?:<@[!&]?\d+>|<#\d+>|<a?:\w+:\d+>|<t:-?\d+|</\w|<id:|@everyone|@here|:[\w+-]+:|https?://|discord://|\|\|)`)
)

// shown is the text without markup. An error names markup that people's text
// must not have.
func shown(md string) (string, error) {
	var out strings.Builder
	for _, line := range strings.Split(md, "\n") {
		mark := blockMark.FindString(line)
		rest := line[len(mark):]
		if again := blockMark.FindString(rest); strings.TrimSpace(again) != "" && !strings.HasPrefix(mark, "> ") {
			return "", fmt.Errorf("block markup twice in %q", line)
		}
		s, err := shownInline(rest)
		if err != nil {
			return "", fmt.Errorf("%w in %q", err, line)
		}
		out.WriteString(s + "\n")
	}
	return out.String(), nil
}

func shownInline(s string) (string, error) {
	var out strings.Builder
	for s != "" {
		if strings.IndexByte("\\<@:hHdD|[`*_~]", s[0]) < 0 {
			_, n := utf8.DecodeRuneInString(s)
			out.WriteString(s[:n])
			s = s[n:]
			continue
		}
		if m := mdEscape.FindStringSubmatch(s); m != nil {
			out.WriteString(m[1])
			s = s[len(m[0]):]
			continue
		}
		if m := mdAutolink.FindStringSubmatch(s); m != nil {
			out.WriteString(m[1])
			s = s[len(m[0]):]
			continue
		}
		if m := armed.FindString(s); m != "" {
			return "", fmt.Errorf("%q is live", m)
		}
		if m := mdLink.FindStringSubmatch(s); m != nil {
			if mdAddress.MatchString(m[1]) {
				return "", fmt.Errorf("a link %q whose text is an address", m[0])
			}
			inner, err := shownInline(m[1])
			if err != nil {
				return "", err
			}
			out.WriteString(inner)
			s = s[len(m[0]):]
			continue
		}
		if s[0] == '`' {
			inner, rest, ok := codeSpan(s)
			if !ok {
				return "", fmt.Errorf("a live backtick at %.20q", s)
			}
			out.WriteString(inner)
			s = rest
			continue
		}
		if inner, rest, ok := emphasis(s); ok {
			text, err := shownInline(inner)
			if err != nil {
				return "", err
			}
			out.WriteString(text)
			s = rest
			continue
		}
		if strings.IndexByte("*_~`|<[]", s[0]) >= 0 {
			return "", fmt.Errorf("a live %q at %.20q", s[0], s)
		}
		for i, r := range s {
			if i > 0 {
				s = s[i:]
				goto next
			}
			out.WriteRune(r)
		}
		s = ""
	next:
	}
	return out.String(), nil
}

func codeSpan(s string) (inner, rest string, ok bool) {
	i := strings.IndexByte(s[1:], '`')
	if i < 1 || strings.HasPrefix(s[1+i:], "``") {
		return "", "", false
	}
	return s[1 : 1+i], s[i+2:], true
}

// emphasis matches **strong**, __underline__, ~~strike~~ and *em* lazily, as
// Discord does: the first closing marker that isn't followed by the same
// character, backslashes and links skipped.
func emphasis(s string) (inner, rest string, ok bool) {
	if strings.HasPrefix(s, "*") {
		if inner, rest, ok := closed(s, "*"); ok && em(s) {
			return inner, rest, true
		}
	}
	for _, marker := range []string{"**", "__", "~~"} {
		if strings.HasPrefix(s, marker) {
			if inner, rest, ok := closed(s, marker); ok {
				return inner, rest, true
			}
		}
	}
	return "", "", false
}

// em says whether an asterisk opens italics: text follows at once, and it is
// not one of exactly two.
func em(s string) bool {
	run := len(s) - len(strings.TrimLeft(s, "*"))
	after, _ := utf8.DecodeRuneInString(s[run:])
	return run != 2 && run < len(s) && !unicode.IsSpace(after)
}

func closed(s, marker string) (inner, rest string, ok bool) {
	for i := len(marker); i < len(s); {
		switch {
		case s[i] == '\\':
			i += 2
		case s[i] == '`':
			if j := strings.IndexByte(s[i+1:], '`'); j >= 0 {
				i += j + 2
			} else {
				i++
			}
		case marker == "*" && strings.HasPrefix(s[i:], "**") && !strings.HasPrefix(s[i:], "***"):
			i += 2
		case marker == "*" && strings.HasPrefix(s[i:], "***"):
			return s[1 : i+2], s[i+3:], i > 1
		case strings.HasPrefix(s[i:], marker):
			end := i + len(marker)
			if end < len(s) && s[end] == marker[0] {
				i++
				continue
			}
			return s[len(marker):i], s[end:], i > len(marker)
		default:
			i++
		}
	}
	return "", "", false
}

// bare is text without all that a layout may add or drop: white space and the
// zero-width space between markers.
func bareText(s string) string {
	return strings.Map(func(r rune) rune {
		if unicode.IsSpace(r) || r == '\u200b' {
			return -1
		}
		return r
	}, s)
}

func TestShown(t *testing.T) {
	for md, want := range map[string]string{
		`**a** *b* __c__ ~~d~~ ***e***`: "a b c d e",
		"> 1. [**x**](https://a.it/b)":  "x",
		`\*a\* \<@1>`:                   "*a* <@1>",
		"`a*b` <https://a.it>":          "a*b https://a.it",
		"~~__***x***__~~":               "x",
	} {
		got, err := shown(md)
		if err != nil || strings.TrimSpace(got) != want {
			t.Errorf("shown(%q) = %q, %v; want %q", md, got, err, want)
		}
	}
	for _, md := range []string{"<@1>", "@everyone", "a :smile: b", "http://x.it", "**a", "[x]"} {
		if got, err := shown(md); err == nil {
			t.Errorf("shown(%q) = %q; want an error", md, got)
		}
	}
}
