// Editors' commands on drafts.

package command

import (
	"context"
	"strconv"

	"github.com/strillone/strillone/bot"
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
