// Asking: buttons that ask for a text before their command runs.

package telegram

import (
	"context"
	"encoding/json"
	"log/slog"
	"slices"
	"strconv"
	"strings"
	"sync"
	"time"

	"github.com/strillone/strillone/bot"
	"github.com/strillone/strillone/digest/markup"
)

const (
	answerWithin   = 10 * time.Minute
	maxQuestions   = 1000
	longAnswer     = 500 // characters of a text that is taken for an answer
	maxPlaceholder = 64  // ForceReply: input_field_placeholder, 1–64 characters
)

// question is one that a person was asked, and what its answer goes on with.
type question struct {
	chat   int64
	thread string
	asked  int64  // the person
	prompt int64  // the message that asks
	panel  int64  // the message whose button was pressed; 0: it can't be edited
	line   string // the command line that the answer completes
	until  time.Time
}

// questions are those that wait for an answer, in memory: after a restart an
// answer is a text like others. The zero value has none.
type questions struct {
	mu   sync.Mutex
	open []question // the oldest first
}

// add adds a question, in the place of an earlier one to the same person there.
func (q *questions) add(x question) {
	q.drop(x.chat, x.thread, x.asked)
	q.mu.Lock()
	defer q.mu.Unlock()
	if len(q.open) >= maxQuestions {
		q.open = slices.Delete(q.open, 0, 1)
	}
	q.open = append(q.open, x)
}

// drop forgets what a person was asked in a place.
func (q *questions) drop(chat int64, thread string, asked int64) {
	q.mu.Lock()
	defer q.mu.Unlock()
	q.open = slices.DeleteFunc(q.open, func(x question) bool {
		return x.chat == chat && x.thread == thread && x.asked == asked
	})
}

// take is the question that fits, which is asked no more.
func (q *questions) take(now time.Time, fits func(question) bool) (question, bool) {
	q.mu.Lock()
	defer q.mu.Unlock()
	q.open = slices.DeleteFunc(q.open, func(x question) bool { return !now.Before(x.until) })
	i := slices.IndexFunc(q.open, fits)
	if i < 0 {
		return question{}, false
	}
	x := q.open[i]
	q.open = slices.Delete(q.open, i, i+1)
	return x, true
}

// forceReply is a ForceReply.
type forceReply struct {
	Force       bool   `json:"force_reply"`
	Placeholder string `json:"input_field_placeholder,omitempty"`
	Selective   bool   `json:"selective,omitempty"`
}

// ask asks the person who pressed a button of m for a text. In a group the
// question names that person, whose client alone opens the answer.
func (s *session) ask(ctx context.Context, r bot.Request, m *incoming, line string, what markup.Input) {
	asked, _ := strconv.ParseInt(r.Actor.ID, 10, 64)
	words := escape(clean(what.Label))
	more := []parameter{{"reply_markup", forceReply{true, shorten(clean(what.Hint), maxPlaceholder), r.Kind != bot.Private}}}
	if r.Kind != bot.Private {
		words = `<a href="tg://user?id=` + r.Actor.ID + `">` + escape(clean(r.Actor.Name)) + "</a>: " + words
		more = append(more, quotation(m.ID))
	}
	part, err := json.Marshal(map[string]string{"text": words, "parse_mode": "HTML"})
	if err == nil {
		var prompt int64
		if prompt, err = s.say(ctx, r.Place, part, more...); err == nil {
			q := question{m.Chat.ID, r.Place.Thread, asked, prompt, 0, line, s.config.Now().Add(answerWithin)}
			if m.accessible() {
				q.panel = m.ID
			}
			s.questions.add(q)
			return
		}
	}
	s.config.Log.WarnContext(ctx, "a person couldn't be asked", slog.String("command", r.Command), slog.Any("error", err))
}

// mayBeAsked says whether the person may run the command that the question is
// for: whoever may not is refused before, not after.
func (s *session) mayBeAsked(ctx context.Context, r bot.Request) bool {
	manages := slices.ContainsFunc(s.handler.Menu(), func(e bot.Entry) bool { return e.Name == r.Command && e.Manage })
	if r.Kind == bot.Private || !manages {
		return true
	}
	ok, err := r.Administers(ctx)
	return ok && err == nil
}

// answered is the question that a message answers: the one it replies to, or in
// a private chat the last. An administrator who writes as the group answers what
// was asked by name.
func (s *session) answered(m *incoming, text string) (question, bool) {
	text = strings.TrimSpace(text)
	thread, to := placeOf(m).Thread, m.repliedTo()
	fits := func(q question) bool {
		return q.chat == m.Chat.ID && to != nil && q.prompt == to.ID &&
			(q.asked == m.From.ID || anonymousAdministrator(m))
	}
	if m.Chat.Type == "private" && to == nil && m.ForwardOrigin == nil && !strings.Contains(text, "\n") && units(text) <= longAnswer {
		fits = func(q question) bool { return q.chat == m.Chat.ID && q.thread == thread && q.asked == m.From.ID }
	}
	return s.questions.take(s.config.Now(), fits)
}

// complete runs a question's command with the answer at its end, as the button
// would have.
func (s *session) complete(ctx context.Context, r bot.Request, m *incoming, q question, text string) {
	r.Pressed = true
	r.Command, r.Args = splitLine(q.line + " " + strings.Join(strings.Fields(text), " "))
	reply := s.handler.Command(ctx, r)
	edited := reply.Replace && q.panel != 0
	s.reply(ctx, r, target{m.ID, q.panel}, noticeInDoc(reply))
	if notice := reply.Notice; edited && notice != "" && len(reply.Doc.Blocks) > 0 {
		s.reply(ctx, r, target{quote: m.ID}, noticeInDoc(bot.Reply{Notice: notice})) // no toast belongs to a text
	}
}
