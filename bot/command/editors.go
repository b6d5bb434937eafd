// Editors' commands: drafts, and how the deliveries stand.

package command

import (
	"context"
	"strconv"

	"github.com/strillone/strillone/bot"
	"github.com/strillone/strillone/bot/compose"
	"github.com/strillone/strillone/bot/locale"
)

// draft makes a handler of what is done with a draft.
func (t *Table) draft(do func(context.Context, int64, *locale.Printer) (bot.Reply, error)) func(context.Context, request) (bot.Reply, error) {
	return func(ctx context.Context, r request) (bot.Reply, error) {
		id, err := strconv.ParseInt(r.Args, 10, 64)
		if err != nil {
			return refuse(r.say.Say("error.draft_number")), nil
		}
		return do(ctx, id, r.say)
	}
}

// status tells an editor how the deliveries stand. A shared place, where not
// every platform can hide the answer, gets the figures anyone may see.
func (t *Table) status(ctx context.Context, r request) (bot.Reply, error) {
	report, err := t.Reports.Report(ctx)
	if err != nil {
		return bot.Reply{}, err
	}
	now := t.Now()
	outlook := compose.Outlook{Now: now, Next: t.Next(now), Pace: t.Pace}
	if r.Kind != bot.Private {
		return bot.Reply{Doc: t.Writer.Glance(report, outlook, r.say), Personal: true}, nil
	}
	return bot.Reply{Doc: t.Writer.Status(report, outlook, r.say), Personal: true}, nil
}
