// chosen: a message that a person turns into an article, from its own menu.

package discord

import (
	"context"

	"github.com/strillone/strillone/bot"
)

// chosen has the handler read the message that was chosen. What it says comes
// with the interaction, wherever it stands (docs.discord.com, Application
// Commands: Message Commands). The answer is for who chose it alone.
func (t talk) chosen(ctx context.Context) answer {
	who, as := t.person()
	m, ok := t.Data.Resolved.Messages[t.Data.Target]
	if !ok || who.ID == "" || t.Channel == "" {
		return answer{none: true}
	}
	m.Channel, m.Guild, m.Author, m.Member, m.Answered = t.Channel, t.Guild, &who, &as, nil
	text, isCommand := t.read(ctx, m)
	if isCommand {
		text = textAs(text.Request, m, m.Content)
	}
	text.Actor = actor(who, as, t.Locale)
	text.Pressed = true
	if t.shared {
		text.Kind = bot.Shared // a place where the bot may not even be
	}
	reply := t.handler.Text(ctx, text)
	reply.Personal = true
	return answer{reply: reply}
}
