// markdown: what people write on Discord as markup.Text.

package discord

import (
	"regexp"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/strillone/strillone/digest/markup"
)

const (
	maxLinkText    = 1000 // bytes looked through for the end of a link's text
	maxLinkAddress = 2048 // and of its address
)

// markdown reads Discord's markdown (support.discord.com, Markdown Text 101):
// bold, italics, underline, strikethrough, code, links, bare addresses and
// escapes. Nothing that isn't a sign of markup is lost; signs that open and
// never close, or never opened, are text. Headings and small lines lose their
// mark; quotes, lists, mentions and emoji stay as they are written.
func markdown(s string) markup.Text {
	s = strings.ReplaceAll(s, "\r\n", "\n")
	r := reader{source: s, links: true}
	return r.read()
}

// sign is a marker that opens and closes.
type sign struct {
	marker string
	style  markup.Style
	words  bool // works at the edges of words only
}

// signs are in the order they are looked for: the longer before the shorter.
var signs = []sign{
	{"**", markup.Bold, false},
	{"__", markup.Underline, false},
	{"~~", markup.Strike, false},
	{"*", markup.Italic, false},
	{"_", markup.Italic, true},
}

// reader turns source into pieces. Each sign is kept as a piece of text until
// its other half is found.
type reader struct {
	source string
	links  bool // not within a link
	at     int
	text   strings.Builder // plain text that is no piece yet
	pieces []piece
	open   []half
	noCode map[int]bool // fences of these lengths don't close any more
}

// piece is a span, or a sign that is text unless its other half is found.
type piece struct {
	markup.Span
	dropped bool
}

// half is a sign that waits for its other half.
type half struct {
	sign  sign
	piece int
}

var (
	// lineMark begins a heading or a small line.
	lineMark  = regexp.MustCompile(`^(?:#{1,3}|-#) +(\S)`)
	bare      = regexp.MustCompile(`^https?://[^\s<>]+`)
	bracketed = regexp.MustCompile(`^<(https?://[^\s<>]+)>`)
)

func (r *reader) read() markup.Text {
	for r.at < len(r.source) {
		if r.line() || r.escaped() || r.code() || r.link() || r.address() || r.sign() {
			continue
		}
		_, n := utf8.DecodeRuneInString(r.source[r.at:])
		r.plain(r.source[r.at:r.at+n], n)
	}
	r.flush()
	var out markup.Text
	for _, p := range r.pieces {
		if !p.dropped {
			out = append(out, p.Span)
		}
	}
	return markup.Concat(out)
}

func (r *reader) rest() string { return r.source[r.at:] }

// plain adds text without style, and moves on by n bytes of source.
func (r *reader) plain(s string, n int) {
	r.at += n
	r.text.WriteString(s)
}

// span adds a piece after the text before it.
func (r *reader) span(s markup.Span, n int) {
	r.flush()
	r.at += n
	r.pieces = append(r.pieces, piece{Span: s})
}

// flush makes a piece of the plain text so far.
func (r *reader) flush() {
	if r.text.Len() > 0 {
		r.pieces = append(r.pieces, piece{Span: markup.Span{Text: r.text.String()}})
		r.text.Reset()
	}
}

// line drops the mark of a heading or a small line.
func (r *reader) line() bool {
	if r.at > 0 && r.source[r.at-1] != '\n' || !r.links {
		return false
	}
	head := r.rest()
	head = head[:min(len(head), 64)]
	m := lineMark.FindStringSubmatchIndex(head)
	if m == nil {
		return false
	}
	r.at += m[2]
	return true
}

// escaped reads a backslash and what it disarms.
func (r *reader) escaped() bool {
	s := r.rest()
	if s[0] != '\\' || len(s) < 2 || s[1] > unicode.MaxASCII || !unicode.IsPunct(rune(s[1])) && !unicode.IsSymbol(rune(s[1])) {
		return false
	}
	r.plain(s[1:2], 2)
	return true
}

// code reads `code` and ```blocks```.
func (r *reader) code() bool {
	s := r.rest()
	n := len(s) - len(strings.TrimLeft(s, "`"))
	if n == 0 {
		return false
	}
	if inside := r.fenced(s[n:], n); inside != "" {
		r.span(markup.Span{Text: inside, Style: markup.Code}, len(inside)+2*n)
	} else {
		r.plain(s[:n], n)
	}
	return true
}

// fenced is what stands before the next run of exactly n backticks; "" when
// there is none, which is remembered so that no text is searched twice.
func (r *reader) fenced(s string, n int) string {
	if r.noCode[n] {
		return ""
	}
	for at := 0; ; {
		i := strings.IndexByte(s[at:], '`')
		if i < 0 {
			break
		}
		at += i
		run := len(s[at:]) - len(strings.TrimLeft(s[at:], "`"))
		if run == n {
			return s[:at]
		}
		at += run
	}
	if r.noCode == nil {
		r.noCode = make(map[int]bool)
	}
	r.noCode[n] = true
	return ""
}

// link reads [text](address).
func (r *reader) link() bool {
	s := r.rest()
	if s[0] != '[' || !r.links {
		return false
	}
	middle := strings.Index(s[:min(len(s), maxLinkText)], "](")
	if middle < 2 || strings.Contains(s[:middle], "\n\n") {
		return false
	}
	after := s[middle+2:]
	end := closing(after[:min(len(after), maxLinkAddress)])
	if end < 0 {
		return false
	}
	target := strings.TrimSpace(after[:end])
	address, ok := markup.Link(strings.TrimSuffix(strings.TrimPrefix(target, "<"), ">"))
	if !ok {
		return false
	}
	label := reader{source: s[1:middle]}
	n := middle + 2 + end + 1
	for _, span := range label.read() {
		span.URL = address
		r.span(span, 0)
	}
	r.at += n
	return true
}

// closing is where the parenthesis that was opened before s closes.
func closing(s string) int {
	depth := 0
	for i := range len(s) {
		switch s[i] {
		case '(':
			depth++
		case ')':
			if depth == 0 {
				return i
			}
			depth--
		case '\n':
			return -1
		}
	}
	return -1
}

// address reads <address> and addresses that stand alone.
func (r *reader) address() bool {
	s := r.rest()
	if !r.links || s[0] != '<' && s[0] != 'h' {
		return false
	}
	s = s[:min(len(s), maxLinkAddress)]
	shown, n := "", 0
	if m := bracketed.FindStringSubmatch(s); m != nil {
		shown, n = m[1], len(m[0])
	} else if s[0] == 'h' && !r.inWord() {
		shown = trimAddress(bare.FindString(s))
		n = len(shown)
	}
	address, ok := markup.Link(shown)
	if !ok {
		return false
	}
	r.span(markup.Span{Text: shown, URL: address}, n)
	return true
}

// trimAddress is an address without the punctuation of the sentence around it
// and the signs that close behind it.
func trimAddress(s string) string {
	for s != "" {
		last := s[len(s)-1]
		switch {
		case strings.IndexByte(".,:;!?\"'*~|]", last) >= 0, strings.HasSuffix(s, "__"):
		case last == ')' && strings.Count(s, ")") > strings.Count(s, "("):
		default:
			return s
		}
		s = s[:len(s)-1]
	}
	return s
}

// inWord says whether a letter or digit stands right before.
func (r *reader) inWord() bool {
	before, _ := utf8.DecodeLastRuneInString(r.source[:r.at])
	return wordRune(before)
}

// sign opens or closes a style.
func (r *reader) sign() bool {
	if strings.IndexByte("*_~", r.source[r.at]) < 0 {
		return false
	}
	for _, s := range r.candidates() {
		if !strings.HasPrefix(r.rest(), s.marker) {
			continue
		}
		if r.close(s) {
			return true
		}
		if r.opens(s) {
			r.flush()
			r.open = append(r.open, half{s, len(r.pieces)})
			r.span(markup.Span{Text: s.marker}, len(s.marker))
			return true
		}
	}
	return false
}

// candidates are the signs in the order to try them: of three asterisks that
// close, the one that was opened last comes first.
func (r *reader) candidates() []sign {
	rest, n := r.rest(), len(r.open)
	if n == 0 || len(rest) < 3 || rest[1] != rest[0] || rest[2] != rest[0] {
		return signs
	}
	return append([]sign{r.open[n-1].sign}, signs...)
}

// close ends the style that s opened, with all that was opened after it and
// never closed. The pieces between get the style.
func (r *reader) close(s sign) bool {
	if last, _ := utf8.DecodeLastRuneInString(r.source[:r.at]); unicode.IsSpace(last) {
		return false
	}
	after, _ := utf8.DecodeRuneInString(r.source[r.at+len(s.marker):])
	if s.words && wordRune(after) {
		return false
	}
	r.flush()
	for i := len(r.open) - 1; i >= 0; i-- {
		o := r.open[i]
		if o.sign != s {
			continue
		}
		if o.piece == len(r.pieces)-1 { // nothing in between
			return false
		}
		r.pieces[o.piece].dropped = true
		for j := o.piece + 1; j < len(r.pieces); j++ {
			r.pieces[j].Style |= s.style
		}
		r.open = r.open[:i]
		r.at += len(s.marker)
		return true
	}
	return false
}

// opens says whether a sign can open a style here: text must follow at once.
func (r *reader) opens(s sign) bool {
	after, _ := utf8.DecodeRuneInString(r.source[r.at+len(s.marker):])
	if r.at+len(s.marker) == len(r.source) || unicode.IsSpace(after) {
		return false
	}
	for _, o := range r.open {
		if o.sign == s {
			return false
		}
	}
	return !s.words || !r.inWord()
}

func wordRune(r rune) bool {
	return r != utf8.RuneError && (unicode.IsLetter(r) || unicode.IsNumber(r))
}
