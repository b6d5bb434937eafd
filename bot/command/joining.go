// Joining: a place gets the digest, goes on getting it, or gets it no more.

package command

import (
	"context"
	"slices"

	"github.com/strillone/strillone/bot"
	"github.com/strillone/strillone/bot/compose"
	"github.com/strillone/strillone/bot/locale"
	"github.com/strillone/strillone/digest"
	"github.com/strillone/strillone/digest/markup"
)

// start is what a person first sends to a bot: a welcome, and a subscription.
func (t *Table) start(ctx context.Context, r request) (bot.Reply, error) {
	return t.join(ctx, r, func(say *locale.Printer) string {
		return say.Say("subscribe.welcome", locale.Args{"Title": t.Title})
	})
}

func (t *Table) subscribe(ctx context.Context, r request) (bot.Reply, error) {
	return t.join(ctx, r, func(*locale.Printer) string { return "" })
}

// join subscribes the place, unless the bot lacks a permission without which
// nothing would arrive.
func (t *Table) join(ctx context.Context, r request, welcome func(*locale.Printer) string) (bot.Reply, error) {
	needed, wanted := t.missing(ctx, r)
	if len(needed) > 0 {
		return personal(compose.Missing(needed, r.say)), nil
	}
	// A shared place has readers of any language: it gets the newsletter's own.
	language := t.Language
	if r.private() {
		language = r.say.Language()
	}
	sub, joining, err := t.Subscriptions.Subscribe(ctx, r.at, language, t.Now())
	if err != nil {
		return bot.Reply{}, err
	}
	// What all can read is in the place's language.
	say := r.say
	if r.in == "" {
		say = locale.For(sub.Language)
	}
	at, err := t.placeOf(ctx, r)
	if err != nil {
		return bot.Reply{}, err
	}
	opening, meanwhile := welcome(say), ""
	if joining == digest.Resumed {
		opening = back(sub, r.suffix(), say)
	}
	id := "subscribe.already"
	if joining != digest.Already {
		id = "subscribe.done"
		if r.in == "" {
			meanwhile = say.Say("subscribe.meanwhile")
		}
	}
	doc := compose.Say(opening, say.Say(id+r.suffix(), locale.Args{"Next": at.writer.Moment(at.Next, say)}), meanwhile)
	if len(wanted) > 0 {
		doc.Blocks = append(doc.Blocks, compose.Wanted(wanted, say)...)
	}
	settings := markup.Action{Label: say.Say("settings.title"), Command: "impostazioni" + r.in}
	doc.Rows = [][]markup.Action{{{Label: say.Say("action.latest"), Command: "ultimi"}, settings}}
	return bot.Reply{Doc: doc, Replace: r.Pressed}, nil
}

// missing are the permissions that the bot lacks in the place: those without
// which nothing arrives, and the others. A platform that can't tell lets the
// first digest tell.
func (t *Table) missing(ctx context.Context, r request) (needed, wanted []bot.Permission) {
	if r.Missing == nil {
		return nil, nil
	}
	all, err := r.Missing(ctx, r.at)
	if err != nil {
		t.Log.Warn("a platform doesn't tell what the bot may do in a place", "platform", string(r.at.Platform), "chat", r.at.Chat, "error", err)
		return nil, nil
	}
	dispensable := []bot.Permission{bot.ShowLinks, bot.OpenThreads, bot.MentionRoles}
	for _, p := range all {
		if slices.Contains(dispensable, p) {
			wanted = append(wanted, p)
		} else {
			needed = append(needed, p)
		}
	}
	return needed, wanted
}

// suffix is what sentences end in that have other words for a shared place, and
// for one that is managed from elsewhere.
func (r request) suffix() string {
	switch {
	case r.in != "":
		return "_there"
	case r.Kind == bot.Private:
		return ""
	}
	return "_shared"
}

// back welcomes a place back and says why its digests had ended, if that is known.
func back(sub digest.Subscription, suffix string, say *locale.Printer) string {
	sentence := say.Say("subscribe.back" + suffix)
	if id := "ended." + string(sub.Ending) + suffix; sub.Ending != "" && say.Has(id) {
		sentence += " " + say.Say(id)
	}
	return sentence
}

// Joined takes up again what ended when the bot lost the place, and says so. Where
// nothing had, it says how to begin.
func (t *Table) Joined(ctx context.Context, r bot.Request) bot.Reply {
	log := t.Log.With("platform", string(r.Place.Platform), "chat", r.Place.Chat)
	subs, err := t.Subscriptions.Return(ctx, r.Place, t.Now())
	if err != nil {
		log.Error("a place the bot is back in can't be subscribed again", "error", err)
		return bot.Reply{}
	}
	if len(subs) == 0 {
		return t.greet(ctx, r)
	}
	log.Info("back in a place", "subscriptions", len(subs))
	req := request{Request: r, say: locale.For(subs[0].Language), at: subs[0].Destination}
	if r.Kind == bot.Channel {
		req = t.managing(r)
	}
	at, err := t.placeOf(ctx, req)
	if err != nil {
		log.Error("a place the bot is back in can't be read", "error", err)
		return bot.Reply{}
	}
	done := req.say.Say("subscribe.done"+req.suffix(), locale.Args{"Next": at.writer.Moment(at.Next, req.say)})
	doc := compose.Say(back(subs[0], req.suffix(), req.say), done)
	return bot.Reply{Doc: doc, Personal: r.Kind == bot.Channel}
}

// managing is a request about a channel as it is answered: to the person who let
// the bot in, in private.
func (t *Table) managing(r bot.Request) request {
	return request{
		Request: r,
		say:     locale.For(locale.Match(r.Actor.Language, t.Language)),
		at:      r.Place,
		in:      inOf(r.Place),
	}
}

// inOf is how command lines name a place from elsewhere.
func inOf(to digest.Destination) string {
	in := " in:" + to.Chat
	if to.Thread != "" {
		in += "/" + to.Thread
	}
	return in
}

// greet says how to begin, once: where digests arrive already, everybody knows.
func (t *Table) greet(ctx context.Context, r bot.Request) bot.Reply {
	if _, err := t.Subscriptions.Subscription(ctx, r.Place); !isNotFound(err) {
		return bot.Reply{}
	}
	switch r.Kind {
	case bot.Channel:
		req := t.managing(r)
		return bot.Reply{Doc: compose.GreetChannel(t.Title, req.in, req.say), Personal: true}
	case bot.Shared:
		return bot.Reply{Doc: compose.Greet(t.Title, locale.For(t.Language))}
	}
	return bot.Reply{}
}

func (t *Table) unsubscribe(ctx context.Context, r request) (bot.Reply, error) {
	say := r.say
	if sub, err := t.Subscriptions.Subscription(ctx, r.at); err == nil && r.in == "" {
		say = locale.For(sub.Language)
	}
	ended, err := t.Subscriptions.Unsubscribe(ctx, r.at, t.Now())
	if err != nil {
		return bot.Reply{}, err
	}
	id := "unsubscribe.already"
	if ended {
		id = "unsubscribe.done"
	}
	if r.in != "" {
		id += r.suffix()
	}
	return bot.Reply{Doc: compose.Say(say.Say(id)), Replace: r.Pressed}, nil
}

// choosePlace lets a person choose a channel or a group to manage.
func (t *Table) choosePlace(_ context.Context, r request) (bot.Reply, error) {
	return bot.Reply{
		Doc:      compose.Say(r.say.Say("settings.choose")),
		Personal: true,
		Choose:   &bot.Choose{Channel: r.say.Say("settings.choose_channel"), Group: r.say.Say("settings.choose_group")},
	}, nil
}
