// Render: a document as the bodies of sendMessage.

package telegram

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"strconv"

	"github.com/strillone/strillone/digest/delivery"
	"github.com/strillone/strillone/digest/markup"
)

// A collapsible quotation is folded when it is longer than this.
const (
	foldAfterUnits = 300
	foldAfterLines = 3
)

// body is a part: what sendMessage and editMessageText have in common.
type body struct {
	Text        string    `json:"text"`
	ParseMode   string    `json:"parse_mode"`
	LinkPreview preview   `json:"link_preview_options"`
	ReplyMarkup *keyboard `json:"reply_markup,omitempty"`
}

type preview struct {
	Disabled bool `json:"is_disabled"`
}

// Render makes the parts of a document, each a JSON object with the parameters
// text, parse_mode, link_preview_options and reply_markup of sendMessage. The
// buttons stand under the last part. A document without a visible character
// and without buttons has no parts.
//
// An error is a programmer's: an action that does nothing or whose command
// passes 64 bytes, or buttons with no text above them.
func (a *Adapter) Render(doc markup.Doc) ([]delivery.Part, error) {
	buttons, err := keyboardOf(doc)
	if err != nil {
		return nil, fmt.Errorf("telegram: render: %w", err)
	}
	messages := pack(blocks(doc.Blocks))
	if len(messages) == 0 && buttons != nil {
		return nil, errors.New("telegram: render: buttons without text")
	}
	parts := make([]delivery.Part, len(messages))
	for i, m := range messages {
		b := body{Text: m.html, ParseMode: "HTML", LinkPreview: preview{Disabled: true}}
		if i == len(messages)-1 {
			b.ReplyMarkup = buttons
		}
		if parts[i], err = marshal(b); err != nil {
			return nil, fmt.Errorf("telegram: render: %w", err)
		}
	}
	return parts, nil
}

// marshal is JSON that people can read: < stays <.
func marshal(v any) ([]byte, error) {
	var b bytes.Buffer
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	err := e.Encode(v)
	return bytes.TrimSpace(b.Bytes()), err
}

// blocks are the blocks of a document as flows with a blank line between them.
// What belongs together, an entry's title, text and topics, is one flow.
func blocks(bs []markup.Block) []flow {
	var out []flow
	var last markup.Block
	for _, b := range bs {
		if s, ok := b.(markup.Section); ok {
			out = append(out, blocks(s.Blocks)...)
		} else if f := block(b, open).trim(); !f.blank() {
			if n := len(out); n > 0 && together(last, b) {
				out[n-1] = out[n-1].then(1, open, f)
			} else {
				out = append(out, f)
			}
		} else if _, ok := b.(markup.Divider); !ok {
			continue // an empty block leaves no trace
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
