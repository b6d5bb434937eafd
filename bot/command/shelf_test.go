package command

import (
	"context"
	"strings"
	"time"

	"github.com/strillone/strillone/bot"
	"github.com/strillone/strillone/bot/compose"
	"github.com/strillone/strillone/bot/locale"
	"github.com/strillone/strillone/digest"
	"github.com/strillone/strillone/digest/delivery"
)

// shelf is a library, subscriptions and a newsroom that remember what was asked.
type shelf struct {
	articles   []digest.Article // newest first
	digest     digest.Digest
	subscribed map[digest.Destination]digest.Settings
	ended      map[digest.Destination]digest.Subscription
	record     digest.Record
	forgotten  []digest.Person
	reasons    []string
	submitted  []digest.Submission
	published  []int64
	broken     error
}

func notFound() error { return &digest.Error{Code: digest.NotFound} }

func (s *shelf) Article(_ context.Context, number int) (digest.Article, error) {
	if s.broken != nil {
		return digest.Article{}, s.broken
	}
	for _, a := range s.articles {
		if a.Number == number {
			return a, nil
		}
	}
	return digest.Article{}, notFound()
}

func (s *shelf) Latest(_ context.Context, through, limit int) ([]digest.Article, error) {
	var found []digest.Article
	for _, a := range s.articles {
		if (through == 0 || a.Number <= through) && len(found) < limit {
			found = append(found, a)
		}
	}
	return found, s.broken
}

func (s *shelf) Match(_ context.Context, words string, limit int) ([]digest.Article, error) {
	var found []digest.Article
	for _, a := range s.articles {
		if strings.Contains(strings.ToLower(a.Title), strings.ToLower(words)) && len(found) < limit {
			found = append(found, a)
		}
	}
	return found, s.broken
}

func (s *shelf) LatestDigest(context.Context, digest.Destination) (digest.Digest, error) {
	if len(s.digest.Articles) == 0 {
		return digest.Digest{}, notFound()
	}
	return s.digest, s.broken
}

func (s *shelf) DigestByID(_ context.Context, id int64) (digest.Digest, error) {
	if id != s.digest.ID {
		return digest.Digest{}, s.missing()
	}
	return s.digest, s.broken
}

func (s *shelf) DigestWith(_ context.Context, _ digest.Destination, number int) (digest.Digest, error) {
	for _, a := range s.digest.Articles {
		if a.Number == number {
			return s.digest, s.broken
		}
	}
	return digest.Digest{}, s.missing()
}

func (s *shelf) Subscribe(_ context.Context, to digest.Destination, l digest.Language, _ time.Time) (digest.Subscription, digest.Joining, error) {
	settings, there := s.subscribed[to]
	sub := digest.Subscription{Destination: to, Active: true}
	joining := digest.Already
	if was, ended := s.ended[to]; !there && ended {
		settings, sub.Ending, joining = was.Settings, was.Ending, digest.Resumed
	} else if !there {
		settings, joining = digest.Settings{Language: l}, digest.Fresh
	}
	delete(s.ended, to)
	s.subscribed[to], sub.Settings = settings, settings
	return sub, joining, s.broken
}

func (s *shelf) end(to digest.Destination, why digest.Ending) bool {
	settings, there := s.subscribed[to]
	if there {
		s.ended[to] = digest.Subscription{Destination: to, Settings: settings, Ending: why}
	}
	delete(s.subscribed, to)
	return there
}

func (s *shelf) Unsubscribe(_ context.Context, to digest.Destination, _ time.Time) (bool, error) {
	return s.end(to, digest.Unsubscribed), s.broken
}

func (s *shelf) Subscription(_ context.Context, to digest.Destination) (digest.Subscription, error) {
	settings, there := s.subscribed[to]
	if !there {
		return digest.Subscription{}, notFound()
	}
	return digest.Subscription{Destination: to, Settings: settings, Active: true}, nil
}

func (s *shelf) Leave(_ context.Context, from digest.Destination, reason string, _ time.Time) (int, error) {
	if s.broken != nil || !s.end(from, digest.Gone) {
		return 0, s.broken
	}
	s.reasons = append(s.reasons, reason)
	return 1, nil
}

func (s *shelf) Return(_ context.Context, to digest.Destination, _ time.Time) ([]digest.Subscription, error) {
	was, there := s.ended[to]
	if !there || was.Ending != digest.Gone || s.broken != nil {
		return nil, s.broken
	}
	delete(s.ended, to)
	s.subscribed[to], was.Active = was.Settings, true
	return []digest.Subscription{was}, nil
}

func (s *shelf) Configure(_ context.Context, to digest.Destination, change func(*digest.Settings) error, _ time.Time) (digest.Subscription, error) {
	settings, there := s.subscribed[to]
	if !there || s.broken != nil {
		return digest.Subscription{}, s.missing()
	}
	if err := change(&settings); err != nil {
		return digest.Subscription{}, err
	}
	s.subscribed[to] = settings
	return digest.Subscription{Destination: to, Settings: settings, Active: true}, nil
}

// NextDue knows whole hours and days of UTC, which is enough to see it asked.
func (s *shelf) NextDue(_ context.Context, to digest.Destination, now time.Time) (time.Time, error) {
	settings, there := s.subscribed[to]
	if !there || s.broken != nil {
		return time.Time{}, s.missing()
	}
	if !settings.Schedule.Own() {
		return time.Time{}, nil
	}
	zone, err := time.LoadLocation(settings.Schedule.Zone)
	if err != nil {
		return time.Time{}, err
	}
	if settings.PausedUntil.After(now) {
		now = settings.PausedUntil
	}
	y, m, d := now.In(zone).Date()
	for i := 0; ; i++ {
		at := time.Date(y, m, d+i, settings.Schedule.Hour, settings.Schedule.Minute, 0, 0, zone)
		if at.After(now) && settings.Schedule.Days.Has(at.Weekday()) {
			return at, nil
		}
	}
}

func (s *shelf) missing() error {
	if s.broken != nil {
		return s.broken
	}
	return notFound()
}

func (s *shelf) DataOf(context.Context, digest.Person, digest.Destination) (digest.Record, error) {
	return s.record, s.broken
}

func (s *shelf) Forget(_ context.Context, who digest.Person, home digest.Destination, _ time.Time) error {
	if s.broken == nil {
		s.forgotten = append(s.forgotten, who)
		s.record = digest.Record{}
		delete(s.subscribed, home)
		delete(s.ended, home)
	}
	return s.broken
}

func (s *shelf) Submit(_ context.Context, t bot.Text, _ *locale.Printer) (bot.Reply, error) {
	s.submitted = append(s.submitted, t.Submission)
	return bot.Reply{Doc: compose.Say("preview")}, nil
}

func (s *shelf) Publish(_ context.Context, id int64, _ *locale.Printer) (bot.Reply, error) {
	s.published = append(s.published, id)
	return bot.Reply{Doc: compose.Say("published")}, nil
}

func (s *shelf) Discard(context.Context, int64, *locale.Printer) (bot.Reply, error) {
	return bot.Reply{Doc: compose.Say("discarded")}, nil
}

func (s *shelf) Report(context.Context) (delivery.Report, error) {
	return delivery.Report{Slot: day, At: day, Platforms: []delivery.PlatformReport{{
		Platform: "telegram", Subscriptions: 12_345, Queued: 4, Sent: 5,
		Failures: []delivery.Reason{{Kind: delivery.Gone, Count: 1, Words: "bot was blocked by the user"}},
	}}}, s.broken
}
