// Render: a document as the bodies of sendMessage.

package telegram

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strconv"

	"github.com/strillone/strillone/digest/delivery"
	"github.com/strillone/strillone/digest/markup"
)

// A collapsible quotation is folded when it is longer than this.
const (
	foldAfterUnits = 300
	foldAfterLines = 3
)

// body is what sendMessage and editMessageText have in common.
type body struct {
	Text        string    `json:"text"`
	ParseMode   string    `json:"parse_mode"`
	ReplyMarkup *keyboard `json:"reply_markup,omitempty"`
}

// Render makes the parts of a document, each a JSON object with the parameters
// text, parse_mode and reply_markup of sendMessage, or such a one beside its rich
// form (see forms), where the adapter's format asks for that and it shows more.
// The buttons stand under the last part. A document without a visible character
// and without buttons has no parts.
//
// Whether links are previewed is not the document's: whoever sends it says so.
//
// An error is a programmer's: an action that does nothing, or buttons with no
// text above them; or the database's, where buttons are kept.
func (a *Adapter) Render(doc markup.Doc) ([]delivery.Part, error) {
	buttons, err := a.keyboard(doc)
	if err != nil {
		return nil, fmt.Errorf("telegram: render: %w", err)
	}
	messages := pack(entries(doc.Blocks))
	if len(messages) == 0 && buttons != nil {
		return nil, errors.New("telegram: render: buttons without text")
	}
	parts := make([]delivery.Part, len(messages))
	for i, m := range messages {
		var under *keyboard
		last := i == len(messages)-1
		if last {
			under = buttons
		}
		if parts[i], err = a.part(m, under, last); err != nil {
			return nil, fmt.Errorf("telegram: render: %w", err)
		}
	}
	return parts, nil
}

// part is a message as it is stored.
func (a *Adapter) part(m packed, under *keyboard, last bool) (delivery.Part, error) {
	simple, err := marshal(body{m.html, "HTML", under})
	if err != nil || !a.config.Format.rich() || !slices.ContainsFunc(m.blocks, gains) {
		return simple, err
	}
	html, ok := rich(m.blocks, last && m.note)
	if !ok {
		return simple, nil
	}
	full, err := marshal(richBody{richMessage{html}, under})
	if err != nil {
		return nil, err
	}
	return marshal(forms{full, simple})
}

// keyboard is the document's keyboard as it may be seen, nil when it has no
// actions.
func (a *Adapter) keyboard(doc markup.Doc) (*keyboard, error) {
	k, err := keyboardOf(doc)
	if err != nil || k == nil {
		return nil, err
	}
	return k, a.conceal(k.Rows)
}

// marshal is JSON that people can read: < stays <.
func marshal(v any) ([]byte, error) {
	var b bytes.Buffer
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	err := e.Encode(v)
	return bytes.TrimSpace(b.Bytes()), err
}

// entry is what belongs together, such as a title, the text and the topics, and
// the blocks that it is made of.
type entry struct {
	flow
	blocks []markup.Block
	note   bool // it is a Note of the document's own
}

// entries are the blocks of a document as flows, between which goes a blank line.
func entries(bs []markup.Block) []entry {
	var out []entry
	var last markup.Block
	for _, b := range bs {
		n := len(out)
		f := block(b, open).trim()
		switch s, isSection := b.(markup.Section); {
		case isSection:
			out = append(out, entries(s.Blocks)...)
		case f.blank():
			if n > 0 { // it shows in the rich form alone
				out[n-1].blocks = append(out[n-1].blocks, b)
			}
			if _, divider := b.(markup.Divider); !divider {
				continue // an empty block leaves no trace
			}
		case n > 0 && together(last, b):
			out[n-1].flow = out[n-1].then(1, open, f)
			out[n-1].blocks = append(out[n-1].blocks, b)
		default:
			out = append(out, entry{f, []markup.Block{b}, isNote(b)})
		}
		last = b
	}
	return out
}

// together says whether b follows last on the next line: a title and what it
// is the title of, a secondary line and what it is about.
func together(last, b markup.Block) bool {
	switch last.(type) {
	case nil, markup.Divider, markup.Section:
		return false
	case markup.Heading:
		return true
	}
	_, note := b.(markup.Note)
	return note
}

// block is one block as a flow in a frame. Quotations don't nest: within a
// frame everything stands in that frame.
func block(b markup.Block, f frame) flow {
	switch b := b.(type) {
	case markup.Heading:
		return flowOf(styled(b.Text, markup.Bold), f)
	case markup.Paragraph:
		return flowOf(b.Text, f)
	case markup.Note:
		return flowOf(styled(b.Text, markup.Italic), f)
	case markup.List:
		return list(b, f)
	case markup.Quote:
		return quote(b, f)
	case markup.Details:
		if b.Extra {
			return nil
		}
		return details(b, f)
	case markup.Section:
		return within(b.Blocks, f)
	}
	return nil // a Divider is the blank line it makes
}

func list(l markup.List, f frame) flow {
	var out flow
	for i, item := range l.Items {
		mark := "• "
		if l.Ordered {
			mark = strconv.Itoa(i+1) + ". "
		}
		out = out.then(1, f, flowOf(markup.Concat(markup.T(mark), item), f))
	}
	return out
}

func quote(q markup.Quote, f frame) flow {
	length, lines := 0, 0
	for _, p := range q.Paragraphs {
		length += units(p.String())
		lines += len(p.Lines())
	}
	if f == open {
		f = quoted
		if q.Collapsible && (length > foldAfterUnits || lines > foldAfterLines) {
			f = folded
		}
	}
	var out flow
	for _, p := range q.Paragraphs {
		out = out.then(2, f, flowOf(p, f))
	}
	return out
}

// details are a bold line and, below it, the content in a folded quotation.
func details(d markup.Details, f frame) flow {
	inner := f
	if f == open {
		inner = folded
	}
	summary := flowOf(styled(d.Summary, markup.Bold), f)
	return summary.then(1, f, within(d.Blocks, inner))
}

// within is blocks as one flow in a frame.
func within(bs []markup.Block, f frame) flow {
	var out flow
	var last markup.Block
	for _, b := range bs {
		n := 2
		if together(last, b) {
			n = 1
		}
		out = out.then(n, f, block(b, f))
		last = b
	}
	return out
}

func styled(t markup.Text, style markup.Style) markup.Text {
	out := make(markup.Text, len(t))
	for i, s := range t {
		s.Style |= style
		out[i] = s
	}
	return out
}
