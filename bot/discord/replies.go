// replies: how a bot.Reply reaches the person who asked.

package discord

import (
	"context"
	"errors"
	"strconv"
	"time"

	"github.com/strillone/strillone/bot"
	"github.com/strillone/strillone/digest/delivery"
	"github.com/strillone/strillone/digest/markup"
)

// Types of first answers (docs.discord.com, Interaction Callback Type).
const (
	answerMessage = 4
	answerLater   = 5 // shows that the bot is thinking
	updateLater   = 6
	updateMessage = 7
)

// Codes of answers that come too late or twice.
const (
	unknownInteraction  = 10062
	alreadyAcknowledged = 40060
)

const (
	firstAnswer = 3 * time.Second // Discord waits no longer for one
	maxWait     = 10 * time.Second
	maxTries    = 4
)

type callback struct {
	Type int `json:"type"`
	Data any `json:"data,omitempty"`
}

// flagsOnly is all that a promise of an answer may say.
type flagsOnly struct {
	Flags int `json:"flags,omitempty"`
}

// talk is an interaction while it is answered.
type talk struct {
	*desk
	interaction
	shared bool
}

// interaction answers an interaction: at once when the handler is quick, else
// it is put off, and the answer follows.
func (d *desk) interaction(ctx context.Context, i interaction) {
	r, ok := requestOf(i)
	if !ok {
		d.log.Debug("an interaction that asks nothing known", "type", i.Type)
		return
	}
	t := talk{desk: d, interaction: i, shared: r.Kind == bot.Shared}
	answered := make(chan bot.Reply, 1)
	d.handle("command", func(ctx context.Context) {
		defer close(answered) // a handler that panics answers nothing
		answered <- d.handler.Command(ctx, r)
	})
	timer := time.NewTimer(d.patience)
	defer timer.Stop()
	select {
	case reply := <-answered:
		t.atOnce(ctx, reply)
	case <-timer.C:
		putOff := t.putOff(ctx)
		if reply := <-answered; putOff {
			t.later(ctx, reply)
		}
	}
}

// atOnce gives the first answer and what follows it.
func (t talk) atOnce(ctx context.Context, reply bot.Reply) {
	parts := t.render(reply)
	if len(parts) == 0 {
		t.silence(ctx)
		return
	}
	kind := answerMessage
	if t.replaces(reply) {
		kind = updateMessage
	}
	if t.answer(ctx, kind, t.hide(parts[0], reply)) {
		t.followUp(ctx, parts[1:], reply)
	}
}

// silence answers nothing. After a command Discord demands a message; it is
// taken away again.
func (t talk) silence(ctx context.Context) {
	if t.pressed() {
		t.answer(ctx, updateLater, nil)
		return
	}
	if t.putOff(ctx) {
		t.takeBack(ctx)
	}
}

// putOff tells Discord that the answer comes later. After a press the message
// stays as it is meanwhile, so that the answer may still replace it or not.
func (t talk) putOff(ctx context.Context) bool {
	if t.pressed() {
		return t.answer(ctx, updateLater, nil)
	}
	var only flagsOnly
	if t.shared {
		only.Flags = flagEphemeral
	}
	return t.answer(ctx, answerLater, only)
}

// later gives an answer that was put off. In a shared place an answer to a
// command is then for the asker alone, since putting it off decided that.
func (t talk) later(ctx context.Context, reply bot.Reply) {
	parts := t.render(reply)
	switch {
	case len(parts) == 0:
		if !t.pressed() {
			t.takeBack(ctx)
		}
		return
	case t.pressed() && !t.replaces(reply):
		t.followUp(ctx, parts, reply)
		return
	case !t.pressed():
		reply.Personal = true
	}
	if t.send(ctx, "PATCH", "/messages/@original", t.hide(parts[0], reply)) {
		t.followUp(ctx, parts[1:], reply)
	}
}

func (t talk) takeBack(ctx context.Context) { t.send(ctx, "DELETE", "/messages/@original", nil) }

// replaces says whether the reply takes the place of the message that was
// pressed: only where that is the asker's own.
func (t talk) replaces(reply bot.Reply) bool {
	own := !t.shared || t.Message != nil && t.Message.Flags&flagEphemeral != 0
	return reply.Replace && t.pressed() && own
}

// hide shows a message in a shared place to the asker alone, if it is for the
// asker. What would take the place of somebody's message there is too.
func (t talk) hide(m message, reply bot.Reply) *message {
	if t.shared && !t.replaces(reply) && (reply.Personal || reply.Replace || noticeOnly(reply)) {
		m.Flags |= flagEphemeral
	}
	return &m
}

// followUp sends what comes after the first answer. How many messages may
// follow is limited only where the bot is installed for a user and not in the
// server; its commands can't be used there.
func (t talk) followUp(ctx context.Context, parts []message, reply bot.Reply) {
	reply.Personal = reply.Personal || t.replaces(reply)
	reply.Replace = false
	for _, part := range parts {
		if !t.send(ctx, "POST", "", t.hide(part, reply)) {
			return
		}
	}
}

// answer gives the first answer, within Discord's three seconds.
func (t talk) answer(ctx context.Context, kind int, data any) bool {
	ctx, cancel := context.WithTimeout(ctx, firstAnswer)
	defer cancel()
	err := persist(ctx, func() error {
		err := t.client.call(ctx, "POST", "/interactions/"+t.ID+"/"+t.Token+"/callback", callback{kind, data}, nil)
		if codeOf(err) == alreadyAcknowledged {
			return nil // by an attempt whose outcome was unknown
		}
		return err
	})
	return t.done("answer", err)
}

// send makes a request about the messages of this interaction.
func (t talk) send(ctx context.Context, method, path string, body any) bool {
	err := persist(ctx, func() error {
		return t.client.call(ctx, method, "/webhooks/"+t.Application+"/"+t.Token+path, body, nil)
	})
	return t.done(method, err)
}

// done logs a failed answer. One that comes too late is nobody's mistake.
func (d *desk) done(what string, err error) bool {
	switch {
	case err == nil:
		return true
	case codeOf(err) == unknownInteraction:
		d.log.Debug("an answer came too late", "what", what, "error", err)
	default:
		d.log.Warn("an answer was not delivered", "what", what, "error", err)
	}
	return false
}

// message answers a message that is meant for the bot, with messages that refer
// to it.
func (d *desk) message(ctx context.Context, m textMessage) {
	if !d.concerns(m) {
		return
	}
	content := d.withoutMention(m.Content) + d.texts(ctx, m.Attachments)
	text, isCommand := d.textOf(m, content)
	var reply bot.Reply
	if isCommand {
		reply = d.handler.Command(ctx, text.Request)
	} else {
		reply = d.handler.Text(ctx, text)
	}
	for i, part := range d.render(reply) {
		if i == 0 {
			part.Reference = &reference{MessageID: m.ID}
		}
		err := persist(ctx, func() error {
			return d.paced(ctx, m.Channel, func() error {
				_, err := d.post(ctx, m.Channel, part, m.ID+"."+strconv.Itoa(i))
				return err
			})
		})
		if !d.done("message", err) {
			return
		}
	}
}

// render is a reply as messages. A notice shows only where nothing else does:
// Discord has no toasts.
func (d *desk) render(reply bot.Reply) []message {
	doc := reply.Doc
	if noticeOnly(reply) {
		doc.Blocks = []markup.Block{markup.Paragraph{Text: markup.T(reply.Notice)}}
	}
	parts, err := d.Render(doc)
	if err != nil {
		d.log.Error("a reply can't be rendered", "error", err)
		return nil
	}
	messages := make([]message, len(parts))
	for i, part := range parts {
		if messages[i], err = messageOf(part); err != nil {
			d.log.Error("a rendered reply can't be read", "error", err)
			return nil
		}
	}
	return messages
}

func noticeOnly(reply bot.Reply) bool {
	return len(reply.Doc.Blocks) == 0 && len(reply.Doc.Rows) == 0 && reply.Doc.Menu == nil && reply.Notice != ""
}

// persist repeats a request that failed for a moment, a few times and while ctx
// lasts; one whose outcome is unknown once more at most.
func persist(ctx context.Context, request func() error) error {
	wait, doubts := 250*time.Millisecond, 0
	for try := 1; ; try++ {
		err := request()
		if err == nil || try == maxTries || errors.Is(err, delivery.ErrNoTurn) {
			return err
		}
		f := failureOf(err)
		if f.Doubt {
			doubts++
		}
		next := wait
		switch {
		case f.Kind == delivery.RateLimited && f.RetryAfter <= maxWait:
			next = f.RetryAfter
		case f.Kind != delivery.Transient, doubts > 1:
			return err
		}
		if !pause(ctx, next) {
			return err
		}
		wait *= 2
	}
}
