// Schedule: the commands on the hour, the days, the zone and pauses.

package command

import (
	"context"
	"time"

	"github.com/strillone/strillone/bot"
	"github.com/strillone/strillone/bot/command/words"
	"github.com/strillone/strillone/bot/compose"
	"github.com/strillone/strillone/bot/locale"
	"github.com/strillone/strillone/digest"
	"github.com/strillone/strillone/digest/markup"
)

func (t *Table) hour(_ context.Context, r request, at place) (change, *markup.Doc, error) {
	hour, minute, ok := words.Clock(r.Args)
	if !ok {
		return nil, t.misunderstood(compose.Hour, r, at), nil
	}
	return func(s *digest.Settings) {
		own := at.own(s)
		own.Hour, own.Minute = hour, minute
	}, nil, nil
}

func (t *Table) weekdays(_ context.Context, r request, at place) (change, *markup.Doc, error) {
	if _, ok := words.Days(r.Args, at.Times.Days); !ok {
		return nil, t.misunderstood(compose.Weekdays, r, at), nil
	}
	return func(s *digest.Settings) {
		own := at.own(s)
		if days, ok := words.Days(r.Args, own.Days); ok { // of the days there are by now
			own.Days = days
		}
	}, nil, nil
}

// city finds the zone of a place. Where several have the name, or none has and
// some are like it, they are offered.
func (t *Table) city(_ context.Context, r request, at place) (change, *markup.Doc, error) {
	found, near := words.Places(r.Args)
	said := locale.Args{"Words": repeated(r.Args)}
	switch {
	case len(found) > 1:
		doc := at.writer.WhichZone(r.say.Say("settings.zone_ambiguous", said), spots(found), at.Panel, r.say)
		return nil, &doc, nil
	case len(found) == 0 && len(near) > 0:
		doc := at.writer.WhichZone(r.say.Say("settings.zone_near", said), spots(near), at.Panel, r.say)
		return nil, &doc, nil
	case len(found) == 0:
		return nil, t.misunderstood(compose.Zone, r, at), nil
	}
	return func(s *digest.Settings) { at.own(s).Zone = found[0].Zone }, nil, nil
}

func spots(places []words.Place) []compose.Spot {
	all := make([]compose.Spot, len(places))
	for i, p := range places {
		all[i] = compose.Spot(p)
	}
	return all
}

// longestPause is how long a pause may be: who wants no digest for longer wants
// none.
const longestPause = 2 // years

func (t *Table) pause(_ context.Context, r request, at place) (change, *markup.Doc, error) {
	now := t.Now().In(at.zone())
	until, ok := words.Until(r.Args, now)
	if !ok {
		return nil, t.misunderstood(compose.Pause, r, at), nil
	}
	if !until.After(now) || until.After(now.AddDate(longestPause, 0, 0)) {
		sentence := r.say.Say("error.pausa_date", locale.Args{"Date": r.say.Date(until)})
		doc := at.writer.Misunderstood(compose.Pause, sentence, at.Panel, r.say)
		return nil, &doc, nil
	}
	return func(s *digest.Settings) { s.PausedUntil = until }, nil, nil
}

// zone is the zone that the place's dates are told in.
func (p place) zone() *time.Location {
	if p.writer.Zone == nil {
		return time.UTC
	}
	return p.writer.Zone
}

// resume ends a pause.
func (t *Table) resume(ctx context.Context, r request) (bot.Reply, error) {
	return t.change(ctx, r, compose.Pause, func(s *digest.Settings) { s.PausedUntil = time.Time{} })
}
