// Inline mode: people who type the bot's name in any chat, and what it offers.

package telegramtest

import (
	"context"
	"regexp"
)

// The documented limits of answerInlineQuery.
const (
	maxInline       = 50
	maxInlineID     = 64 // bytes
	maxInlineOffset = 64 // bytes
	maxInlineQuery  = 256
)

// inline is an inline query that waits for its answer.
type inline struct {
	id       string
	answered bool
	expired  bool
	answer   Offers
}

// Search is somebody typing after the bot's name. Its methods may be called at
// any time, repeatedly and concurrently.
type Search struct {
	server *Server
	inline *inline
}

// Offers is what the bot's answerInlineQuery offers.
type Offers struct {
	Articles []Offer
	Next     string // next_offset
	Personal bool
	Button   string // its text; empty for none
	Start    string // its start_parameter
}

// Offer is an InlineQueryResultArticle.
type Offer struct {
	ID, Title, Description string
	HTML                   string // of the message that is posted
	Text                   string // what people read of it
	Buttons                [][]Button
}

// Type has a person type words after the bot's name in some chat; offset is "" at
// first, then what the last answer said.
func (s *Server) Type(user int64, words, offset string) *Search {
	s.reporter.Helper()
	if n := units(words); n > maxInlineQuery {
		s.violate("Type: a person cannot type %d characters in an inline query", n)
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	s.know(user)
	q := &inline{id: s.nextSerial("77")}
	s.inlines[q.id] = q
	s.push("inline_query", object{"id": q.id, "from": s.userJSON(user), "query": words, "offset": offset, "chat_type": "group"})
	return &Search{s, q}
}

// Answer waits until the bot has answered.
func (q *Search) Answer(ctx context.Context) (Offers, error) {
	x, err := await(ctx, q.server, "an answer to an inline query", func() []inline { return []inline{*q.inline} },
		func(x inline) bool { return x.answered })
	return x.answer, err
}

// Expire makes the query too old to be answered.
func (q *Search) Expire() {
	q.server.mu.Lock()
	defer q.server.mu.Unlock()
	q.inline.expired = true
}

var startParameter = regexp.MustCompile(`^[A-Za-z0-9_-]{1,64}$`)

// checkOffers checks answerInlineQuery.
func checkOffers(c *Call, f findings) {
	results := c.list("results")
	if results == nil {
		f.at("results").add("can't parse inline query results")
	}
	if len(results) > maxInline {
		f.at("results").add("RESULTS_TOO_MUCH: %d of %d", len(results), maxInline)
	}
	if n := len(c.Get("next_offset")); n > maxInlineOffset {
		f.at("next_offset").add("NEXT_OFFSET_INVALID: %d bytes of %d", n, maxInlineOffset)
	}
	seen := map[string]bool{}
	for i, o := range objects(results) {
		f := f.at("results").at(i)
		id := str(o, "id")
		if id == "" || len(id) > maxInlineID || seen[id] {
			f.at("id").add("RESULT_ID_INVALID: %q is empty, too long or there twice", id)
		}
		seen[id] = true
		checkOffer(o, f)
	}
	if b := c.object("button"); b != nil {
		start, given := b["start_parameter"].(string)
		if blank(str(b, "text")) || !given || !startParameter.MatchString(start) {
			f.at("button").add("START_PARAM_INVALID: %q", start)
		}
	}
}

func checkOffer(o object, f findings) {
	if str(o, "type") != "article" {
		f.at("type").add("telegramtest plays no results of type %q", str(o, "type"))
		return
	}
	if blank(str(o, "title")) {
		f.at("title").add("RESULT_TITLE_EMPTY")
	}
	text := offered(sub(o, "input_message_content"), f.at("input_message_content"))
	if blank(text.text) {
		f.at("input_message_content").add("MESSAGE_EMPTY")
	}
	if m := sub(o, "reply_markup"); m != nil {
		checkKeyboard(list(m, "inline_keyboard"), f.at("reply_markup").at("inline_keyboard"))
	}
}

// offered parses the text that an offer posts.
func offered(o object, f findings) content {
	raw := str(o, "message_text")
	text := content{text: raw}
	if mode := str(o, "parse_mode"); mode != "" {
		var err error
		if text, err = parse(raw, simpleTags); err != nil {
			f.add("%v", err)
			return content{text: raw}
		}
	}
	measure(text, maxText, f)
	return text.trim()
}

func (s *Server) answerInlineQuery(c *Call) (any, *failure) {
	q := s.inlines[c.Get("inline_query_id")]
	if q == nil || q.answered || q.expired {
		return nil, badRequest(tooOld)
	}
	q.answered = true
	q.answer = Offers{Next: c.Get("next_offset"), Personal: c.truth("is_personal")}
	if b := c.object("button"); b != nil {
		q.answer.Button, q.answer.Start = str(b, "text"), str(b, "start_parameter")
	}
	for _, o := range objects(c.list("results")) {
		posted := sub(o, "input_message_content")
		q.answer.Articles = append(q.answer.Articles, Offer{
			ID: str(o, "id"), Title: str(o, "title"), Description: str(o, "description"),
			HTML: str(posted, "message_text"), Text: offered(posted, newFindings()).text,
			Buttons: buttonsOf(sub(o, "reply_markup")),
		})
	}
	return true, nil
}
