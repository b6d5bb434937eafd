// callback: the requests that answer an interaction.

package discord

import (
	"context"
	"time"
)

// Types of first answers (docs.discord.com, Interaction Callback Type).
const (
	answerMessage = 4
	answerLater   = 5 // shows that the bot is thinking
	updateLater   = 6
	updateMessage = 7
	answerChoices = 8
	answerForm    = 9
)

// Codes of answers that come too late or twice.
const (
	unknownInteraction  = 10062
	alreadyAcknowledged = 40060
)

const firstAnswer = 3 * time.Second // Discord waits no longer for one

type callback struct {
	Type int `json:"type"`
	Data any `json:"data,omitempty"`
}

// flagsOnly is all that a promise of an answer may say.
type flagsOnly struct {
	Flags int `json:"flags,omitempty"`
}

// answer gives a first answer that is no message.
func (t talk) answer(ctx context.Context, kind int, data any) bool {
	return t.done("answer", t.callBack(ctx, kind, data))
}

// callBack gives the first answer, within Discord's three seconds.
func (t talk) callBack(ctx context.Context, kind int, data any) error {
	ctx, cancel := context.WithTimeout(ctx, firstAnswer)
	defer cancel()
	return persist(ctx, func() error {
		err := t.client.upload(ctx, "POST", "/interactions/"+t.ID+"/"+t.Token+"/callback", callback{kind, data}, filesIn(data), nil)
		if codeOf(err) == alreadyAcknowledged {
			return nil // by an attempt whose outcome was unknown
		}
		return err
	})
}

// sendMessage sends a message of this interaction, or edits one.
func (t talk) sendMessage(ctx context.Context, method, path string, m message) bool {
	return t.done(method, t.inForm(m, func(m message) error { return t.webhook(ctx, method, path, m) }))
}

// webhook makes a request about the messages of this interaction.
func (t talk) webhook(ctx context.Context, method, path string, body any) error {
	return persist(ctx, func() error {
		return t.client.upload(ctx, method, "/webhooks/"+t.Application+"/"+t.Token+path, body, filesIn(body), nil)
	})
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
