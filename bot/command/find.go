// Find: articles offered while a person is still typing.

package command

import (
	"context"
	"strconv"
	"strings"

	"github.com/strillone/strillone/bot"
	"github.com/strillone/strillone/bot/locale"
	"github.com/strillone/strillone/digest"
)

// Find offers the articles that the words begin to describe: the one of that
// number, those that match, or the newest where nothing was typed.
func (t *Table) Find(ctx context.Context, q bot.Query) bot.Found {
	articles, err := t.offered(ctx, strings.TrimSpace(q.Words), q.Skip+q.Limit+1)
	if err != nil {
		if !isNotFound(err) && ctx.Err() == nil {
			t.Log.Error("articles can't be looked for", "platform", string(q.Actor.Platform), "error", err)
		}
		return bot.Found{}
	}
	articles = articles[min(q.Skip, len(articles)):]
	found := bot.Found{More: len(articles) > q.Limit}
	say := locale.For(locale.Match(q.Actor.Language, t.Language))
	for _, a := range articles[:min(q.Limit, len(articles))] {
		found.Articles = append(found.Articles, bot.Hit{
			Number: a.Number,
			Title:  a.Title,
			Lead:   t.Writer.Lead(a),
			Doc:    t.Writer.Article(a, say),
		})
	}
	return found
}

func (t *Table) offered(ctx context.Context, words string, limit int) ([]digest.Article, error) {
	if m := numbered.FindStringSubmatch(strings.ToLower(words)); m != nil {
		number, err := strconv.Atoi(m[1])
		if err != nil {
			return nil, err
		}
		return t.numbered(ctx, number)
	}
	if words == "" {
		return t.Library.Latest(ctx, 0, limit)
	}
	return t.Library.Match(ctx, words, limit)
}
