// Commands on the place: who gets the digest here, and what can be asked here.

package command

import (
	"context"
	"strings"

	"github.com/strillone/strillone/bot"
	"github.com/strillone/strillone/bot/compose"
	"github.com/strillone/strillone/bot/locale"
	"github.com/strillone/strillone/digest"
	"github.com/strillone/strillone/digest/markup"
)

// start is what a person first sends to a bot: a welcome, and a subscription.
func (t *Table) start(ctx context.Context, r request) (bot.Reply, error) {
	return t.join(ctx, r, r.say.Say("subscribe.welcome", locale.Args{"Title": t.Title}))
}

func (t *Table) subscribe(ctx context.Context, r request) (bot.Reply, error) {
	return t.join(ctx, r, "")
}

func (t *Table) join(ctx context.Context, r request, welcome string) (bot.Reply, error) {
	// A shared place has readers of any language: it gets the newsletter's own.
	language := t.Language
	if r.Kind == bot.Private {
		language = r.say.Language()
	}
	_, joining, err := t.Subscriptions.Subscribe(ctx, r.Place, language, t.Now())
	if err != nil {
		return bot.Reply{}, err
	}
	if joining == digest.Resumed {
		welcome = welcomeBack(r.Kind, r.say)
	}
	id, meanwhile := "subscribe.already", ""
	if joining != digest.Already {
		id, meanwhile = "subscribe.done", r.say.Say("subscribe.meanwhile")
	}
	if r.Kind == bot.Shared {
		id += "_shared"
	}
	doc := compose.Say(welcome, r.say.Say(id, locale.Args{"Next": t.next(r.say)}), meanwhile)
	if joining != digest.Already {
		doc.Rows = [][]markup.Action{{{Label: r.say.Say("action.latest"), Command: "ultimi"}}}
	}
	return bot.Reply{Doc: doc}, nil
}

func welcomeBack(kind bot.Kind, say *locale.Printer) string {
	id := "subscribe.back"
	if kind == bot.Shared {
		id += "_shared"
	}
	return say.Say(id)
}

// Joined takes up again what ended when the bot lost the place, and says so.
func (t *Table) Joined(ctx context.Context, r bot.Request) bot.Reply {
	subs, err := t.Subscriptions.Return(ctx, r.Place, t.Now())
	if err != nil {
		t.Log.Error("a place the bot is back in can't be subscribed again",
			"platform", string(r.Place.Platform), "chat", r.Place.Chat, "error", err)
		return bot.Reply{}
	}
	if len(subs) == 0 {
		return bot.Reply{}
	}
	t.Log.Info("back in a place", "platform", string(r.Place.Platform), "chat", r.Place.Chat, "subscriptions", len(subs))
	say := locale.For(subs[0].Language)
	id := "subscribe.done"
	if r.Kind == bot.Shared {
		id += "_shared"
	}
	return bot.Reply{Doc: compose.Say(welcomeBack(r.Kind, say), say.Say(id, locale.Args{"Next": t.next(say)}))}
}

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

func (t *Table) unsubscribe(ctx context.Context, r request) (bot.Reply, error) {
	ended, err := t.Subscriptions.Unsubscribe(ctx, r.Place, t.Now())
	if err != nil {
		return bot.Reply{}, err
	}
	id := "unsubscribe.already"
	if ended {
		id = "unsubscribe.done"
	}
	return bot.Reply{Doc: compose.Say(r.say.Say(id))}, nil
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
		if row.hidden || row.access == administrators && !manages || row.access == editors && !r.editor {
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
	_, err := t.Subscriptions.Subscription(ctx, r.Place)
	if isNotFound(err) {
		return r.say.Say("help.not_subscribed"), nil
	}
	if err != nil {
		return "", err
	}
	return r.say.Say("help.subscribed", locale.Args{"Next": t.next(r.say)}), nil
}

// next is when the next digest goes out, in words.
func (t *Table) next(p *locale.Printer) string {
	return t.Writer.Moment(t.Next(t.Now()), p)
}
