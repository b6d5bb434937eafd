// Settings: the commands and buttons that change how a place gets its digests.

package command

import (
	"context"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/strillone/strillone/bot"
	"github.com/strillone/strillone/bot/compose"
	"github.com/strillone/strillone/bot/locale"
	"github.com/strillone/strillone/digest"
	"github.com/strillone/strillone/digest/markup"
)

// place is a place whose settings are looked at.
type place struct {
	compose.Panel
	writer compose.Writer // in the place's own zone
}

// change is what a setting's words make of the settings.
type change func(*digest.Settings)

// understanding finds out which change a person means, or answers instead.
type understanding func(ctx context.Context, r request, at place) (change, *markup.Doc, error)

// settings opens the panel, or the one of a setting.
func (t *Table) settings(ctx context.Context, r request) (bot.Reply, error) {
	at, err := t.placeOf(ctx, r)
	if isNotFound(err) {
		return t.notSubscribed(ctx, r), nil
	}
	if err != nil {
		return bot.Reply{}, err
	}
	name, rest, _ := strings.Cut(r.Args, " ")
	name = strings.ToLower(name)
	if row, ok := t.byName[name]; ok { // in whichever language
		name = row.name
	}
	return t.panel(ctx, r, at, name, rest)
}

// panel is the panel of a setting, or the one of all.
func (t *Table) panel(ctx context.Context, r request, at place, name, rest string) (bot.Reply, error) {
	var doc markup.Doc
	switch name {
	case compose.Hour:
		doc = at.writer.Hours(at.Panel, r.say)
	case compose.Weekdays:
		doc = at.writer.Weekdays(at.Panel, r.say)
	case compose.Zone:
		doc = at.writer.Zones(at.Panel, r.say)
	case compose.Topics:
		topics, err := t.Archive.Topics(ctx)
		if err != nil {
			return bot.Reply{}, err
		}
		first, _ := strconv.Atoi(rest) // no number: from the first on
		doc = at.writer.ChooseTopics(withChosen(topics, at.Choice), first, at.Panel, r.say)
	case compose.Tongue:
		doc = at.writer.Languages(at.Panel, r.say)
	case compose.Pause:
		doc = at.writer.Pauses(at.Panel, r.say)
	case compose.Mention:
		doc = at.writer.Roles(at.Panel, r.say)
	default:
		doc = at.writer.Settings(at.Panel, r.say)
	}
	return bot.Reply{Doc: doc, Personal: true, Replace: r.Pressed}, nil
}

// adjust makes the handler of a setting's command: without words it shows the
// panel, with some it changes the setting and says when the next digest comes.
func (t *Table) adjust(name string, understand understanding) func(context.Context, request) (bot.Reply, error) {
	return func(ctx context.Context, r request) (bot.Reply, error) {
		at, err := t.placeOf(ctx, r)
		if isNotFound(err) {
			return t.notSubscribed(ctx, r), nil
		}
		if err != nil {
			return bot.Reply{}, err
		}
		if r.Args == "" {
			return t.panel(ctx, r, at, name, "")
		}
		to, instead, err := understand(ctx, r, at)
		if err != nil {
			return bot.Reply{}, err
		}
		if instead != nil {
			return bot.Reply{Doc: *instead, Personal: true, Replace: r.Pressed}, nil
		}
		return t.change(ctx, r, name, to)
	}
}

// change changes a setting. A press leads back to the panel that it was in, which
// says what is set now.
func (t *Table) change(ctx context.Context, r request, name string, to change) (bot.Reply, error) {
	_, err := t.Subscriptions.Configure(ctx, r.at, func(s *digest.Settings) error {
		to(s)
		return nil
	}, t.Now())
	if isNotFound(err) {
		return t.notSubscribed(ctx, r), nil // it ended meanwhile
	}
	if err != nil {
		return bot.Reply{}, err
	}
	if r.private() && name == compose.Tongue {
		r.say = locale.For(t.spoken(ctx, r.Request))
	}
	at, err := t.placeOf(ctx, r)
	if err != nil {
		return bot.Reply{}, err
	}
	if !r.Pressed {
		doc := at.writer.Changed(name, at.Panel, r.say)
		doc.Blocks = append(doc.Blocks, t.lacking(ctx, r, name)...)
		return personal(doc), nil
	}
	back, rest := "", ""
	if name == compose.Weekdays || name == compose.Topics {
		back, rest = name, t.page(ctx, r, at)
	}
	reply, err := t.panel(ctx, r, at, back, rest)
	reply.Notice = at.writer.Done(name, at.Panel, r.say)
	reply.Doc.Blocks = append(reply.Doc.Blocks, t.lacking(ctx, r, name)...)
	return reply, err
}

// lacking says what the bot isn't allowed in the place that a setting needs.
func (t *Table) lacking(ctx context.Context, r request, name string) []markup.Block {
	needs := map[string]bot.Permission{compose.Mention: bot.MentionRoles, compose.Discussion: bot.OpenThreads}
	p, ok := needs[name]
	if !ok {
		return nil
	}
	if _, wanted := t.missing(ctx, r); slices.Contains(wanted, p) {
		return compose.Wanted([]bot.Permission{p}, r.say)
	}
	return nil
}

// placeOf is the place asked about; digest.NotFound where nothing is subscribed.
func (t *Table) placeOf(ctx context.Context, r request) (place, error) {
	sub, err := t.Subscriptions.Subscription(ctx, r.at)
	if err != nil {
		return place{}, err
	}
	next, err := t.nextOf(ctx, sub)
	if err != nil {
		return place{}, err
	}
	at := place{Panel: t.panelOf(ctx, r), writer: t.Writer}
	at.Settings, at.Times, at.Next = sub.Settings, sub.Schedule, next
	if !sub.Schedule.Own() {
		at.Times, at.Often = t.usual()
	}
	if !at.PausedUntil.After(t.Now()) {
		at.PausedUntil = time.Time{}
	}
	if zone, err := time.LoadLocation(at.Times.Zone); err == nil {
		at.writer.Zone = zone
	}
	return at, nil
}

// panelOf is what is known of a place where nothing is subscribed.
func (t *Table) panelOf(ctx context.Context, r request) compose.Panel {
	p := compose.Panel{In: r.in, Platform: r.at.Platform}
	if r.in != "" {
		p.Place = r.at.Chat
		if t.Named != nil {
			p.Place = t.Named(ctx, r.at)
		}
	}
	return p
}

func (t *Table) notSubscribed(ctx context.Context, r request) bot.Reply {
	return bot.Reply{Doc: t.Writer.NotSubscribed(t.panelOf(ctx, r), r.say), Personal: true, Replace: r.Pressed}
}

// nextOf is when a subscription's next digest comes; the zero time where nobody
// can know.
func (t *Table) nextOf(ctx context.Context, sub digest.Subscription) (time.Time, error) {
	now := t.Now()
	next, err := t.Subscriptions.NextDue(ctx, sub.Destination, now)
	if err != nil && !isNotFound(err) {
		return time.Time{}, err
	}
	if next.IsZero() && !sub.Schedule.Own() {
		if sub.PausedUntil.After(now) {
			now = sub.PausedUntil.Add(-time.Millisecond) // what is due at its very end goes out
		}
		next = t.Next(now)
	}
	return next, nil
}

// usual is the operator's schedule as a place's own would be, told from a week of
// it: what a place begins with that changes one part of it. Often says that it has
// more than one time a day, of which it is the first.
func (t *Table) usual() (s digest.Schedule, often bool) {
	zone := t.Writer.Zone
	if zone == nil || zone == time.Local {
		zone = time.UTC
	}
	s = digest.Schedule{Hour: 7, Minute: 30, Zone: zone.String()}
	y, m, d := t.Now().In(zone).Date()
	for i := 1; i <= 7; i++ {
		day := time.Date(y, m, d+i, 0, 0, 0, 0, zone)
		within := func(at time.Time) bool { return !at.IsZero() && at.Before(day.AddDate(0, 0, 1)) }
		at := t.Next(day.Add(-time.Millisecond))
		if !within(at) {
			continue
		}
		if s.Days == 0 {
			s.Hour, s.Minute = at.In(zone).Hour(), at.In(zone).Minute()
		}
		s.Days |= digest.DaysOf(day.Weekday())
		often = often || within(t.Next(at))
	}
	if s.Days == 0 {
		s.Days = digest.EveryDay
	}
	return s, often
}

// own makes the schedule the place's own, so that a part of it can be changed.
func (p place) own(s *digest.Settings) *digest.Schedule {
	if !s.Schedule.Own() {
		s.Schedule = p.Times
	}
	return &s.Schedule
}

// misunderstood says that the words are none that a setting has.
func (t *Table) misunderstood(name string, r request, at place, args ...locale.Args) *markup.Doc {
	all := locale.Args{"Words": repeated(r.Args)}
	for _, more := range args {
		for k, v := range more {
			all[k] = v
		}
	}
	doc := at.writer.Misunderstood(name, r.say.Say("error."+name, all), at.Panel, r.say)
	return &doc
}
