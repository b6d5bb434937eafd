// replies: how a bot.Reply reaches the person who asked.

package discord

import (
	"cmp"
	"context"
	"slices"
	"strings"
	"time"

	"github.com/strillone/strillone/bot"
	"github.com/strillone/strillone/digest/markup"
)

// talk is an interaction while it is answered.
type talk struct {
	*desk
	interaction
	shared bool // others may read along
}

// interaction answers an interaction: at once when the handler is quick, else
// it is put off, and the answer follows.
func (d *desk) interaction(ctx context.Context, i interaction) {
	if i.Token == "" {
		return // there is no way to answer it
	}
	if i.Type == interactionTyping {
		d.suggest(ctx, i)
		return
	}
	t := talk{desk: d, interaction: i, shared: kind(i.Guild) == bot.Shared || i.elsewhere()}
	answered := make(chan answer, 1)
	d.handle("command", func(ctx context.Context) {
		defer close(answered) // a handler that panics answers nothing
		answered <- t.think(ctx)
	})
	timer := time.NewTimer(d.patience)
	defer timer.Stop()
	select {
	case a := <-answered:
		t.atOnce(ctx, a)
	case <-timer.C:
		putOff := t.putOff(ctx)
		if a := <-answered; putOff {
			t.later(ctx, a.reply)
		}
	}
}

// answer is a reply, a form to be filled in first, or nothing at all.
type answer struct {
	reply bot.Reply
	form  *form
	none  bool
}

// think finds the answer.
func (t talk) think(ctx context.Context) answer {
	if t.Type == interactionCommand && t.Data.Kind == messageCommand {
		return t.chosen(ctx)
	}
	what, ok := t.asked(ctx, t.interaction)
	if !ok {
		t.log.Debug("an interaction that asks nothing known", "type", t.Type)
		return answer{none: true}
	}
	if what.form != nil {
		return answer{form: what.form}
	}
	r := what.request
	reply := t.handler.Command(ctx, r)
	for _, line := range what.also {
		if reply.Personal {
			break // it was refused: what follows it would be, too
		}
		r.Command, r.Args = commandLine(line)
		reply = joined(reply, t.handler.Command(ctx, r))
	}
	return answer{reply: reply}
}

// joined is two replies as one.
func joined(a, b bot.Reply) bot.Reply {
	a.Doc.Blocks = append(slices.Clip(a.Doc.Blocks), b.Doc.Blocks...)
	a.Doc.Rows = append(slices.Clip(a.Doc.Rows), b.Doc.Rows...)
	a.Doc.Menu = cmp.Or(a.Doc.Menu, b.Doc.Menu)
	a.Notice = strings.TrimSpace(a.Notice + " " + b.Notice)
	return a
}

// atOnce gives the first answer and what follows it.
func (t talk) atOnce(ctx context.Context, a answer) {
	switch {
	case a.none:
		return
	case a.form != nil:
		t.open(ctx, a.form)
		return
	}
	reply := a.reply
	parts := t.render(reply)
	if len(parts) == 0 {
		t.silence(ctx)
		return
	}
	kind := answerMessage
	if t.replaces(reply) {
		kind = updateMessage
	}
	if t.first(ctx, kind, t.hide(parts[0], reply)) {
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
	if t.sendMessage(ctx, "PATCH", "/messages/@original", t.hide(parts[0], reply)) {
		t.followUp(ctx, parts[1:], reply)
	}
}

func (t talk) takeBack(ctx context.Context) {
	t.done("DELETE", t.webhook(ctx, "DELETE", "/messages/@original", nil))
}

// first answers with a message.
func (t talk) first(ctx context.Context, kind int, m message) bool {
	return t.done("answer", t.inForm(m, func(m message) error { return t.callBack(ctx, kind, m) }))
}

// replaces says whether the reply takes the place of the message that was
// pressed: only where that is the asker's own.
func (t talk) replaces(reply bot.Reply) bool {
	own := !t.shared || t.Message != nil && t.Message.Flags&flagEphemeral != 0
	return reply.Replace && t.pressed() && own
}

// hide shows a message in a shared place to the asker alone, if it is for the
// asker. What would take the place of somebody's message there is too.
func (t talk) hide(m message, reply bot.Reply) message {
	personal := reply.Personal || reply.Replace || noticeOnly(reply) || t.elsewhere()
	if t.shared && !t.replaces(reply) && personal {
		m.Flags |= flagEphemeral
	}
	return m
}

// maxFollowUps is how many messages may follow where the bot isn't
// (docs.discord.com, Create Followup Message).
const maxFollowUps = 5

// followUp sends what comes after the first answer.
func (t talk) followUp(ctx context.Context, parts []message, reply bot.Reply) {
	if t.elsewhere() && len(parts) > maxFollowUps {
		t.log.Info("an answer is too long for a place that the bot isn't in", "messages", len(parts)+1)
		parts = parts[:maxFollowUps]
	}
	reply.Personal = reply.Personal || t.replaces(reply)
	reply.Replace = false
	for _, part := range parts {
		if !t.sendMessage(ctx, "POST", "", t.hide(part, reply)) {
			return
		}
	}
}

// render is a reply as messages. A notice shows only where nothing else does:
// Discord has no toasts. A file goes with the last.
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
	if reply.File == nil {
		return messages
	}
	if len(messages) == 0 {
		messages = []message{{AllowedMentions: nobody}}
	}
	messages[len(messages)-1].attach(*reply.File)
	return messages
}

func noticeOnly(reply bot.Reply) bool {
	return len(reply.Doc.Blocks) == 0 && len(reply.Doc.Rows) == 0 && reply.Doc.Menu == nil && reply.Notice != ""
}
