// Text: inline rich text as a run of spans, and the cuts and joins on it.

package markup

import (
	"fmt"
	"net/url"
	"strings"
	"unicode"
	"unicode/utf8"
)

// Style is a set of inline styles.
type Style uint8

// The styles, to be combined with |.
const (
	Bold Style = 1 << iota
	Italic
	Underline
	Strike
	Code
)

// Span is text in one style, linked to URL when that is not empty.
type Span struct {
	Text  string `json:"t"`
	Style Style  `json:"s,omitempty"`
	URL   string `json:"u,omitempty"`
}

// Text is inline rich text. The zero value is empty text.
type Text []Span

// T is unstyled text. Empty strings give empty Text.
func T(s string) Text {
	if s == "" {
		return nil
	}
	return Text{{Text: s}}
}

// B is bold text.
func B(s string) Text {
	if s == "" {
		return nil
	}
	return Text{{Text: s, Style: Bold}}
}

// A is text linked to address, or unlinked when Link refuses the address.
func A(s, address string) Text {
	if s == "" {
		return nil
	}
	address, _ = Link(address)
	return Text{{Text: s, URL: address}}
}

// Concat joins texts end to end; neighbours that look the same become one span.
func Concat(texts ...Text) Text {
	var out Text
	var run strings.Builder // the text of the last span of out
	flush := func() {
		if len(out) > 0 {
			out[len(out)-1].Text = run.String()
			run.Reset()
		}
	}
	for _, t := range texts {
		for _, s := range t {
			if s.Text == "" {
				continue
			}
			if n := len(out); n == 0 || out[n-1].Style != s.Style || out[n-1].URL != s.URL {
				flush()
				out = append(out, s)
			}
			run.WriteString(s.Text)
		}
	}
	flush()
	return out
}

// Join joins texts with sep between them.
func Join(texts []Text, sep string) Text {
	var out []Text
	for i, t := range texts {
		if i > 0 {
			out = append(out, T(sep))
		}
		out = append(out, t)
	}
	return Concat(out...)
}

// String is the text without styles and links.
func (t Text) String() string {
	if len(t) == 1 {
		return t[0].Text
	}
	var b strings.Builder
	for _, s := range t {
		b.WriteString(s.Text)
	}
	return b.String()
}

// Len is the length of String in bytes.
func (t Text) Len() int {
	n := 0
	for _, s := range t {
		n += len(s.Text)
	}
	return n
}

// Slice is the part of the text between two byte offsets of String. Offsets out
// of range are brought into it.
func (t Text) Slice(from, to int) Text {
	var out Text
	at := 0
	for _, s := range t {
		lo, hi := max(from-at, 0), min(to-at, len(s.Text))
		at += len(s.Text)
		if lo >= hi {
			continue
		}
		s.Text = s.Text[lo:hi]
		out = append(out, s)
	}
	return out
}

// Trim is the text without white space at either end.
func (t Text) Trim() Text {
	s := t.String()
	from := len(s) - len(strings.TrimLeftFunc(s, unicode.IsSpace))
	to := len(strings.TrimRightFunc(s, unicode.IsSpace))
	return t.Slice(from, to)
}

// Cut cuts the text at ascending byte offsets of String, in one pass: n offsets
// give n+1 parts, which joined are the text again.
func (t Text) Cut(offsets ...int) []Text {
	parts := make([]Text, len(offsets)+1)
	part, at := 0, 0
	for _, s := range t {
		from, end := 0, at+len(s.Text)
		for part < len(offsets) && offsets[part] < end {
			if to := offsets[part] - at; to > from {
				parts[part] = append(parts[part], Span{s.Text[from:to], s.Style, s.URL})
				from = to
			}
			part++
		}
		if from < len(s.Text) {
			parts[part] = append(parts[part], Span{s.Text[from:], s.Style, s.URL})
		}
		at = end
	}
	return parts
}

// Lines cuts the text at line feeds, which belong to no line.
func (t Text) Lines() []Text {
	var offsets []int
	for i, b := range []byte(t.String()) {
		if b == '\n' {
			offsets = append(offsets, i, i+1)
		}
	}
	parts := t.Cut(offsets...)
	lines := make([]Text, 0, len(parts)/2+1)
	for i := 0; i < len(parts); i += 2 {
		lines = append(lines, parts[i]) // the odd parts are the line feeds
	}
	return lines
}

// Excerpt is the text cut to at most limit characters (Unicode code points) at
// the end of a sentence where there is one in the second half, else at a word,
// with an ellipsis. A text that fits is returned as it is.
func (t Text) Excerpt(limit int) Text {
	if limit <= 0 {
		return nil
	}
	s := t.String()
	if utf8.RuneCountInString(s) <= limit {
		return t
	}
	end, word, sentence := 0, 0, 0
	count := 0
	for i, r := range s {
		if count == limit-1 {
			end = i
			break
		}
		count++
		next := i + utf8.RuneLen(r)
		switch {
		case unicode.IsSpace(r):
			word = i
		case strings.ContainsRune(".!?…", r) && (next == len(s) || s[next] == ' ' || s[next] == '\n'):
			sentence = next
		}
	}
	if sentence > end/2 {
		return t.Slice(0, sentence)
	}
	if word > end/2 {
		end = word
	}
	cut := t.Slice(0, end).Trim()
	return Concat(cut, T("…"))
}

// Link is address when it is an absolute http or https URL with a host and
// without credentials; else it is refused. What it returns is free of spaces,
// quotes, angle brackets and control characters.
func Link(address string) (string, bool) {
	u, err := url.Parse(strings.TrimSpace(address))
	if err != nil || u.Hostname() == "" || u.User != nil {
		return "", false
	}
	if s := strings.ToLower(u.Scheme); s != "http" && s != "https" {
		return "", false
	}
	if strings.ContainsFunc(u.Host, deceives) {
		return "", false
	}
	u.RawQuery = escapeQuery(u.RawQuery)
	return u.String(), true
}

// deceives reports characters that have no place in the name of a host: they
// are invisible, turn the direction of the text, or would end the link where it
// is written out.
func deceives(r rune) bool {
	return unicode.IsSpace(r) || unicode.IsControl(r) || unicode.Is(unicode.Cf, r) ||
		r == utf8.RuneError || strings.ContainsRune("<>\"'`\\", r)
}

// escapeQuery escapes what url.URL.String leaves as it is in a query.
func escapeQuery(query string) string {
	var b strings.Builder
	for i := range len(query) {
		if c := query[i]; c <= ' ' || c >= 0x7f || strings.IndexByte("<>\"`\\", c) >= 0 {
			fmt.Fprintf(&b, "%%%02X", c)
		} else {
			b.WriteByte(c)
		}
	}
	return b.String()
}
