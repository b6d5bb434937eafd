// Forms: rich messages beside HTML, and which of them is sent.

package telegram

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"slices"

	"github.com/strillone/strillone/digest/delivery"
	"github.com/strillone/strillone/digest/markup"
)

// Format is the form of messages.
type Format string

// The formats.
const (
	HTML Format = "html" // sendMessage, as every server of the Bot API takes it
	Rich Format = "rich" // sendRichMessage (Bot API 10.1), where it shows more
	Auto Format = "auto" // Rich, and HTML where the server refuses that
)

// rich says whether messages may be rich.
func (f Format) rich() bool { return f == Rich || f == Auto }

// forms are a part's two forms, which say the same: a retry sends the one that
// the server takes at the time, from the same stored part.
type forms struct {
	Rich json.RawMessage `json:"rich"`
	HTML json.RawMessage `json:"html"`
}

// richBody is what sendRichMessage and editMessageText have in common.
type richBody struct {
	Message     richMessage `json:"rich_message"`
	ReplyMarkup *keyboard   `json:"reply_markup,omitempty"`
}

// richMessage is an InputRichMessage.
type richMessage struct {
	HTML string `json:"html"`
}

// formsOf are the forms of a part; the rich one is nil where it has none.
func formsOf(part delivery.Part) (rich, html delivery.Part) {
	if !bytes.HasPrefix(part, []byte(`{"rich":`)) {
		return nil, part
	}
	var f forms
	if json.Unmarshal(part, &f) != nil {
		return nil, part
	}
	return delivery.Part(f.Rich), delivery.Part(f.HTML)
}

// inForm has send send a part's rich form, and its HTML where there is none, or
// where it was refused and so can't have arrived. With the format Rich there is
// no second attempt.
func (a *Adapter) inForm(ctx context.Context, part delivery.Part, send func(part delivery.Part, isRich bool) error) error {
	rich, html := formsOf(part)
	if rich == nil || !a.config.Format.rich() || a.config.Format == Auto && a.knownRefused(rich) {
		return send(html, false)
	}
	err := send(rich, true)
	if a.config.Format == Rich && errors.Is(err, errNoMethod) {
		return &delivery.Failure{Kind: delivery.Auth, Answered: true,
			Err: fmt.Errorf("rich messages need a server of Bot API 10.1 or later: set telegram.format to auto: %w", err)}
	}
	if a.config.Format != Auto || !refusesRich(err) {
		return err
	}
	refusal := err
	if err = send(html, false); err != nil {
		return err // so it says nothing of the form
	}
	if errors.Is(refusal, errNoMethod) || errors.Is(refusal, errUnauthorized) { // the 404 of some servers
		if !a.plain.Swap(true) {
			a.config.Log.InfoContext(ctx, "this Bot API server knows no rich messages: sending HTML until the next start", slog.Any("error", refusal))
		}
		return nil
	}
	a.refused.Store(&rich)
	a.config.Log.WarnContext(ctx, "a rich message was refused: it went as HTML", slog.Any("error", refusal))
	return nil
}

// whole is a document as one rich message without an HTML form, where that is
// possible.
func (a *Adapter) whole(doc markup.Doc) (delivery.Part, bool) {
	if !a.config.Format.rich() || a.plain.Load() {
		return nil, false
	}
	var all []markup.Block
	foot := false
	for _, e := range entries(doc.Blocks) {
		all, foot = append(all, e.blocks...), e.note
	}
	html, ok := rich(all, foot)
	if !ok {
		return nil, false
	}
	under, err := a.keyboard(doc)
	if err != nil {
		return nil, false
	}
	full, err := marshal(richBody{richMessage{html}, under})
	if err != nil {
		return nil, false
	}
	part, err := marshal(forms{Rich: full})
	return part, err == nil
}

// knownRefused says whether a rich form needs no asking.
func (a *Adapter) knownRefused(rich delivery.Part) bool {
	last := a.refused.Load()
	return a.plain.Load() || last != nil && bytes.Equal(*last, rich)
}

// refusesRich says whether an error may be about the form: it is certain that
// nothing was done, and it is neither the pace nor the place nor the message's
// own state.
func refusesRich(err error) bool {
	f, ok := errors.AsType[*delivery.Failure](err)
	if !ok || !f.Answered || errors.Is(err, errNotModified) || errors.Is(err, errNotEditable) {
		return false
	}
	return f.Kind == delivery.Rejected || f.Kind == delivery.Transient || f.Kind == delivery.Auth
}

// accepted are the parameters that a form takes: rich messages show no previews.
func accepted(all []parameter, isRich bool) []parameter {
	if !isRich {
		return all
	}
	return slices.DeleteFunc(slices.Clone(all), func(p parameter) bool { return p.name == noPreview.name })
}
