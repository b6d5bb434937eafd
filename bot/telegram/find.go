// Find: articles offered while a person types the bot's name in any chat
// (inline mode, https://core.telegram.org/bots/inline).

package telegram

import (
	"context"
	"errors"
	"log/slog"
	"strconv"
	"strings"

	tgbotapi "github.com/go-telegram-bot-api/telegram-bot-api/v5"

	"github.com/strillone/strillone/bot"
	"github.com/strillone/strillone/digest/markup"
)

const (
	offeredAtOnce  = 20  // answerInlineQuery: up to 50
	offeredAtMost  = 500 // how far people are led who go on and on
	offerCache     = 60  // seconds for which Telegram may repeat an answer
	maxOfferTitle  = 128 // ours, as the next
	maxOfferLead   = 256
	maxOfferButton = 64
)

// inlineArticle is an InlineQueryResultArticle.
type inlineArticle struct {
	Type        string        `json:"type"`
	ID          string        `json:"id"`
	Title       string        `json:"title"`
	Description string        `json:"description,omitempty"`
	Content     inlineContent `json:"input_message_content"`
	ReplyMarkup *keyboard     `json:"reply_markup,omitempty"`
}

// inlineContent is an InputTextMessageContent.
type inlineContent struct {
	Text        string  `json:"message_text"`
	ParseMode   string  `json:"parse_mode"`
	LinkPreview preview `json:"link_preview_options"`
}

// inlineButton is an InlineQueryResultsButton.
type inlineButton struct {
	Text  string `json:"text"`
	Start string `json:"start_parameter"`
}

// find answers an inline query. Whoever asks is nobody's chat: what was found is
// in their language, and so cached for them alone.
func (s *session) find(ctx context.Context, q *inlineQuery) {
	skip, err := strconv.Atoi(q.Offset)
	if err != nil || skip < 0 || skip > offeredAtMost {
		skip = 0
	}
	found := s.handler.Find(ctx, bot.Query{Actor: actorOf(q.From), Words: q.Words, Skip: skip, Limit: offeredAtOnce})
	results := []inlineArticle{}
	for _, h := range found.Articles[:min(len(found.Articles), offeredAtOnce)] {
		if r, ok := s.offer(h); ok {
			results = append(results, r)
		}
	}
	params := tgbotapi.Params{
		"inline_query_id": q.ID,
		"results":         inJSON(results),
		"cache_time":      strconv.Itoa(offerCache),
		"is_personal":     "true",
	}
	if next := skip + offeredAtOnce; found.More && next <= offeredAtMost {
		params["next_offset"] = strconv.Itoa(next)
	}
	if button := labelOf(found.Nothing); len(results) == 0 && skip == 0 && button != "" {
		params["button"] = inJSON(inlineButton{shorten(button, maxOfferButton), "ultimi"})
	}
	err = s.insist(ctx, func() error { return s.client.call(ctx, "answerInlineQuery", params, nil) })
	switch {
	case err == nil:
	case errors.Is(err, errTooLate):
		s.config.Log.DebugContext(ctx, "an inline query was too old to answer")
	default:
		s.config.Log.WarnContext(ctx, "an inline query wasn't answered", slog.Any("error", err))
	}
}

// offer is an article as it is offered: its card, with links in the place of
// buttons, for where it is posted the bot may not be.
func (s *session) offer(h bot.Hit) (inlineArticle, bool) {
	messages := pack(entries(h.Doc.Blocks)) // of what doesn't fit, the beginning
	title := shorten(labelOf(h.Title), maxOfferTitle)
	if len(messages) == 0 || !strings.ContainsFunc(title, visible) {
		return inlineArticle{}, false
	}
	number := strconv.Itoa(h.Number)
	return inlineArticle{
		Type: "article", ID: "a" + number, Title: title, Description: shorten(labelOf(h.Lead), maxOfferLead),
		Content:     inlineContent{messages[0].html, "HTML", preview{Disabled: true}},
		ReplyMarkup: s.linked(h.Doc),
	}, true
}

// linked is a document's keyboard with links to the private chat in the place of
// commands; those that no link may carry are left out.
func (s *session) linked(doc markup.Doc) *keyboard {
	var rows [][]markup.Action
	for _, row := range doc.Rows {
		var kept []markup.Action
		for _, a := range row {
			if payload, ok := payloadOf(a.Command); ok {
				a.Command, a.Input, a.URL = "", nil, s.link(payload)
			}
			if a.URL != "" {
				kept = append(kept, a)
			}
		}
		rows = append(rows, kept)
	}
	k, err := keyboardOf(markup.Doc{Rows: rows})
	if err != nil {
		return nil
	}
	return k
}
