// Commands on the place: what can be asked here, and that it is lost.

package command

import (
	"context"
	"strings"

	"github.com/strillone/strillone/bot"
	"github.com/strillone/strillone/bot/locale"
	"github.com/strillone/strillone/digest"
	"github.com/strillone/strillone/digest/markup"
)

// Left ends what is subscribed in a place that is lost.
func (t *Table) Left(ctx context.Context, place digest.Destination, reason string) {
	n, err := t.Subscriptions.Leave(ctx, place, reason, t.Now())
	log := t.Log.With("platform", string(place.Platform), "chat", place.Chat, "reason", reason)
	if err != nil {
		// The next digest meets the same refusal, and ends it then.
		log.Warn("a place is lost and its subscriptions can't be ended yet", "error", err)
		return
	}
	log.Info("a place is lost", "subscriptions", n)
}

// help lists what this person can do in this place.
func (t *Table) help(ctx context.Context, r request) (bot.Reply, error) {
	manages, err := administers(ctx, r)
	if err != nil {
		manages = false // help helps those who may do less, too
	}
	standing, err := t.standing(ctx, r)
	if err != nil {
		return bot.Reply{}, err
	}
	blocks := []markup.Block{
		markup.Heading{Level: 1, Text: markup.T(r.say.Say("help.title"))},
		markup.Paragraph{Text: markup.T(strings.Join(t.lines(r, manages), "\n"))},
		markup.Paragraph{Text: markup.T(r.say.Say("help.article"))},
	}
	blocks = append(blocks,
		markup.Paragraph{Text: markup.T(r.say.Say("help.reply"))},
		markup.Paragraph{Text: markup.T(standing)},
	)
	if !manages {
		blocks = append(blocks, markup.Paragraph{Text: markup.T(r.say.Say("help.shared"))})
	}
	if r.editor && r.Kind == bot.Private {
		blocks = append(blocks,
			markup.Heading{Level: 2, Text: markup.T(r.say.Say("help.editor_title"))},
			markup.Paragraph{Text: markup.T(r.say.Say("help.editor"))},
		)
	}
	return bot.Reply{Doc: markup.Doc{Blocks: blocks}, Personal: true}, nil
}

// lines are the commands the person may use, a line each.
func (t *Table) lines(r request, manages bool) []string {
	var lines []string
	for _, row := range t.commands {
		managed := row.access == administrators && row.bare == nobody
		if row.hidden || row.quiet || managed && !manages || row.access == editors && !r.editor {
			continue
		}
		line := "/" + r.say.Say("command."+row.name+".name")
		if row.argument != "" {
			line += " " + r.say.Say("argument."+row.argument+".example")
		}
		lines = append(lines, line+" — "+r.say.Say("command."+row.name+".about"))
	}
	return lines
}

// standing says whether the place gets the digest, and when.
func (t *Table) standing(ctx context.Context, r request) (string, error) {
	at, err := t.placeOf(ctx, r)
	if isNotFound(err) {
		return r.say.Say("help.not_subscribed"), nil
	}
	if err != nil {
		return "", err
	}
	return r.say.Say("help.subscribed", locale.Args{"Next": at.writer.Moment(at.Next, r.say)}), nil
}

// next is when the operator's next digest goes out, in words.
func (t *Table) next(p *locale.Printer) string {
	return t.Writer.Moment(t.Next(t.Now()), p)
}
