// Find: articles offered while a person is still typing.

package command

import (
	"context"
	"slices"
	"strconv"
	"strings"

	"github.com/strillone/strillone/bot"
	"github.com/strillone/strillone/bot/locale"
	"github.com/strillone/strillone/digest"
	"github.com/strillone/strillone/digest/search"
)

// Find offers the articles that the words begin to describe: the one of that
// number, those that match, or the newest where nothing was typed. Who floods the
// bot finds nothing for a moment.
func (t *Table) Find(ctx context.Context, q bot.Query) bot.Found {
	if wait, _ := t.finding.wait(asker{platform: q.Actor.Platform, id: q.Actor.ID}); wait > 0 {
		return bot.Found{}
	}
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
			Doc:    t.Writer.Brief(a, say),
		})
	}
	if len(found.Articles) == 0 {
		found.Nothing = say.Say("inline.nothing")
	}
	return found
}

// offered are the article of that number, those whose title begins with the
// words or has them, the last of them unfinished, and those that match them
// otherwise.
func (t *Table) offered(ctx context.Context, words string, limit int) ([]digest.Article, error) {
	var found []digest.Article
	if m := numbered.FindStringSubmatch(strings.ToLower(words)); m != nil {
		number, err := strconv.Atoi(m[1])
		if err != nil {
			return nil, err
		}
		if found, err = t.numbered(ctx, number); err != nil && !isNotFound(err) {
			return nil, err
		}
	}
	begun, err := t.Archive.Begins(ctx, words, search.Page{Size: limit})
	if err != nil {
		return nil, err
	}
	if found = merged(found, begun, limit); len(found) == limit || words == "" {
		return found, nil
	}
	matching, err := t.Library.Match(ctx, words, limit)
	return merged(found, matching, limit), err
}

// merged is at most limit articles of both lists, each once.
func merged(first, second []digest.Article, limit int) []digest.Article {
	seen := make(map[int]bool)
	var both []digest.Article
	for _, a := range slices.Concat(first, second) {
		if !seen[a.Number] && len(both) < limit {
			seen[a.Number] = true
			both = append(both, a)
		}
	}
	return both
}
