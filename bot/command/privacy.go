// Privacy: what is kept of a person, given to them and erased.

package command

import (
	"context"
	"strings"

	"github.com/strillone/strillone/bot"
	"github.com/strillone/strillone/bot/compose"
)

func (t *Table) privacy(_ context.Context, r request) (bot.Reply, error) {
	return bot.Reply{Doc: t.Writer.Privacy(r.Kind == bot.Private, r.say), Personal: true}, nil
}

// myData gives a person all that is kept of them.
func (t *Table) myData(ctx context.Context, r request) (bot.Reply, error) {
	record, err := t.People.DataOf(ctx, r.person(), r.Place)
	if err != nil {
		return bot.Reply{}, err
	}
	if record.Empty() {
		return refuse(r.say.Say("privacy.nothing")), nil
	}
	content, err := compose.RecordFile(r.person(), record, t.Now())
	if err != nil {
		return bot.Reply{}, err
	}
	return bot.Reply{
		Doc:      compose.Say(r.say.Say("privacy.file")),
		Personal: true,
		File:     &bot.File{Name: r.say.Say("privacy.file_name"), Content: content},
	}, nil
}

// forgetMe asks once whether all is to be erased, and then erases it. Pressed
// again, there is nothing left to erase.
func (t *Table) forgetMe(ctx context.Context, r request) (bot.Reply, error) {
	var sentence string
	switch strings.ToLower(r.Args) {
	case "tutto":
		record, err := t.People.DataOf(ctx, r.person(), r.Place)
		if err != nil {
			return bot.Reply{}, err
		}
		sentence = "privacy.erased"
		if record.Empty() {
			sentence = "privacy.nothing_left"
		}
		// It erases even nothing: what an attempt cut short left behind.
		if err := t.People.Forget(ctx, r.person(), r.Place, t.Now()); err != nil {
			return bot.Reply{}, err
		}
		t.Log.Info("a person is forgotten", "platform", string(r.Actor.Platform))
	case "no":
		sentence = "privacy.kept_all"
	default:
		record, err := t.People.DataOf(ctx, r.person(), r.Place)
		if err != nil {
			return bot.Reply{}, err
		}
		if !record.Empty() {
			return bot.Reply{Doc: t.Writer.Forget(record, r.say), Personal: true, Replace: r.Pressed}, nil
		}
		sentence = "privacy.nothing"
	}
	return bot.Reply{Doc: compose.Say(r.say.Say(sentence)), Personal: true, Replace: r.Pressed}, nil
}
