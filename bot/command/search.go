// Searching and leafing through the archive.

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
	"github.com/strillone/strillone/digest/search"
)

// Archive is what searching needs of a database; storage.Archive says what each
// method promises.
type Archive interface {
	Search(ctx context.Context, q search.Query, p search.Page) (search.Hits, error)
	Near(ctx context.Context, q search.Query, limit int) ([]digest.Article, error)
	Begins(ctx context.Context, words string, p search.Page) ([]digest.Article, error)
	Titled(ctx context.Context, title string) (digest.Article, error)
	Related(ctx context.Context, number, limit int) ([]digest.Article, error)
	Topics(ctx context.Context) ([]search.TopicCount, error)
	Months(ctx context.Context, zone *time.Location) ([]search.MonthCount, error)
}

// nearAtOnce is how many near titles are offered where nothing was found.
const nearAtOnce = 5

// search answers a question. Its pages take each other's place.
func (t *Table) search(ctx context.Context, r request) (bot.Reply, error) {
	q := search.Parse(r.Args, t.zone())
	if q.Empty() {
		return leafed(r, t.Writer.AskWords(r.say)), nil
	}
	hits, err := t.Archive.Search(ctx, q, search.Page{Skip: q.Page * compose.HitsAtOnce, Size: compose.HitsAtOnce})
	if err != nil {
		return bot.Reply{}, err
	}
	if hits.Total == 0 {
		near, err := t.Archive.Near(ctx, q, nearAtOnce)
		if err != nil {
			return bot.Reply{}, err
		}
		return leafed(r, t.Writer.NotFound(q, near, r.say)), nil
	}
	return leafed(r, t.Writer.Found(hits, q, r.say)), nil
}

// archive shows the months, or the articles of one, or those of a topic.
func (t *Table) archive(ctx context.Context, r request) (bot.Reply, error) {
	asked := search.Parse(r.Args, t.zone())
	what := asked.Text()
	if what == "" || isYear(what) {
		return t.months(ctx, r, what)
	}
	q := search.Query{Newest: true}
	title := what
	from, until, isTime := search.Span(what, t.zone())
	if isTime {
		q.From, q.Until = from, until
		title = t.Writer.MonthTitle(from, r.say)
	} else {
		if len(asked.Topics) == 1 && len(asked.Asked) == 0 {
			title = asked.Topics[0] // somebody wrote tema:ai
		}
		q.Topics = []string{title}
	}
	page := search.Page{Skip: asked.Page * compose.ArticlesAtOnce, Size: compose.ArticlesAtOnce}
	hits, err := t.Archive.Search(ctx, q, page)
	if err != nil {
		return bot.Reply{}, err
	}
	switch {
	case hits.Total == 0 && isTime:
		return refuse(r.say.Say("archive.no_month")), nil
	case hits.Total == 0:
		return refuse(r.say.Say("archive.no_topic", locale.Args{"Topic": repeated(title)})), nil
	}
	return leafed(r, t.Writer.Shelf(title, what, hits, asked.Page, r.say)), nil
}

func isYear(s string) bool {
	_, err := strconv.Atoi(s)
	return err == nil && len(s) == 4
}

// months shows a year of the archive, or its last one.
func (t *Table) months(ctx context.Context, r request, year string) (bot.Reply, error) {
	months, err := t.Archive.Months(ctx, t.zone())
	if err != nil {
		return bot.Reply{}, err
	}
	if len(months) == 0 {
		return personal(compose.Say(r.say.Say("empty.articles"))), nil
	}
	shown := months[0].Month.Year()
	if year != "" {
		shown, _ = strconv.Atoi(year)
		if !slices.ContainsFunc(months, func(m search.MonthCount) bool { return m.Month.Year() == shown }) {
			return refuse(r.say.Say("archive.no_month")), nil
		}
	}
	return leafed(r, t.Writer.Months(months, shown, r.say)), nil
}

func (t *Table) topics(ctx context.Context, r request) (bot.Reply, error) {
	topics, err := t.Archive.Topics(ctx)
	if err != nil {
		return bot.Reply{}, err
	}
	if len(topics) == 0 {
		return personal(compose.Say(r.say.Say("topics.none"))), nil
	}
	return leafed(r, t.Writer.Topics(topics, r.say)), nil
}

// leafed is a page of a list: pressed, it takes the place of the page before.
func leafed(r request, doc markup.Doc) bot.Reply {
	return bot.Reply{Doc: doc, Personal: true, Replace: r.Pressed}
}

// zone is the zone that dates are told and asked for in.
func (t *Table) zone() *time.Location {
	if t.Writer.Zone == nil {
		return time.UTC
	}
	return t.Writer.Zone
}

// pageOf takes the page out of a command's argument.
func pageOf(args string) (rest string, page int) {
	q := search.Parse(args, time.UTC)
	return strings.TrimSpace(q.Text()), q.Page
}
