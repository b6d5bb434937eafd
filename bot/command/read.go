// Readers' commands on articles: which one is meant, and what is shown of it.

package command

import (
	"context"
	"errors"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"github.com/strillone/strillone/bot"
	"github.com/strillone/strillone/bot/compose"
	"github.com/strillone/strillone/bot/locale"
	"github.com/strillone/strillone/digest"
	"github.com/strillone/strillone/digest/markup"
)

// shownAtOnce is how many articles a list shows.
const shownAtOnce = 10

var numbered = regexp.MustCompile(`^(?:#|n\.?º?°?\s*)?(\d{1,9})\.?$`)

// about makes a handler of what shows one article, the same to everyone.
func (t *Table) about(show func(digest.Article, *locale.Printer) markup.Doc) func(context.Context, request) (bot.Reply, error) {
	return t.aboutFor(func(_ context.Context, r request, a digest.Article) (markup.Doc, error) { return show(a, r.say), nil })
}

// aboutFor makes a handler of what shows one article to one person: it finds out
// which one is meant, or asks.
func (t *Table) aboutFor(show func(context.Context, request, digest.Article) (markup.Doc, error)) func(context.Context, request) (bot.Reply, error) {
	return func(ctx context.Context, r request) (bot.Reply, error) {
		articles, err := t.meant(ctx, r)
		if err != nil {
			return bot.Reply{}, err
		}
		switch len(articles) {
		case 0:
			return personal(compose.Say(r.say.Say("empty.articles"))), nil
		case 1:
			doc, err := show(ctx, r, articles[0])
			if err != nil {
				return bot.Reply{}, err
			}
			return t.inPlace(ctx, r, articles[0].Number, personal(doc))
		}
		name := t.byName[strings.ToLower(r.Command)].name
		return personal(t.Writer.Choose(name, articles, r.say)), nil
	}
}

// meant are the articles a request can mean: the one numbered or described by
// its words, else those of the message it answers, else those of the latest
// digest, else the latest.
func (t *Table) meant(ctx context.Context, r request) ([]digest.Article, error) {
	if m := numbered.FindStringSubmatch(strings.ToLower(r.Args)); m != nil {
		number, err := strconv.Atoi(m[1])
		if err != nil {
			return nil, err
		}
		return t.numbered(ctx, number)
	}
	if r.Args != "" {
		return t.described(ctx, r.Args)
	}
	if numbers := quoted(r.Quoted); len(numbers) > 0 {
		return t.ofMessage(ctx, numbers)
	}
	d, err := t.Library.LatestDigest(ctx, r.Place)
	if err == nil && len(d.Articles) > 0 {
		return d.Articles, nil
	}
	if err != nil && !isNotFound(err) {
		return nil, err
	}
	return t.Library.Latest(ctx, 0, shownAtOnce)
}

func (t *Table) numbered(ctx context.Context, number int) ([]digest.Article, error) {
	a, err := t.Library.Article(ctx, number)
	if isNotFound(err) {
		return nil, &digest.Error{Code: digest.NotFound, Data: map[string]any{"Number": number}}
	}
	return []digest.Article{a}, err
}

func (t *Table) described(ctx context.Context, words string) ([]digest.Article, error) {
	found, err := t.Library.Match(ctx, words, 1)
	if err == nil && len(found) == 0 {
		return nil, &digest.Error{Code: digest.NotFound, Data: map[string]any{"Words": repeated(words)}}
	}
	return found, err
}

// ofMessage are the articles a message was about; those withdrawn since are left
// out.
func (t *Table) ofMessage(ctx context.Context, numbers []int) ([]digest.Article, error) {
	var articles []digest.Article
	for _, n := range numbers {
		a, err := t.Library.Article(ctx, n)
		if isNotFound(err) {
			continue
		}
		if err != nil {
			return nil, err
		}
		articles = append(articles, a)
	}
	return articles, nil
}

// quoted are the article numbers that command lines name, each once.
func quoted(commands []string) []int {
	var numbers []int
	for _, line := range commands {
		name, args, _ := strings.Cut(line, " ")
		if !slices.Contains([]string{"leggi", "abstract", "fonti", "consigli", "salva", "togli"}, name) {
			continue
		}
		if n, err := strconv.Atoi(args); err == nil && !slices.Contains(numbers, n) {
			numbers = append(numbers, n)
		}
	}
	if len(numbers) > shownAtOnce {
		numbers = numbers[:shownAtOnce]
	}
	return numbers
}

// latest lists articles from the newest on, or from the number given.
func (t *Table) latest(ctx context.Context, r request) (bot.Reply, error) {
	through, err := strconv.Atoi(r.Args)
	if err != nil || through < 0 {
		through = 0 // anything but a number: from the newest on
	}
	articles, err := t.Library.Latest(ctx, through, shownAtOnce)
	if err != nil {
		return bot.Reply{}, err
	}
	if len(articles) == 0 {
		return personal(compose.Say(r.say.Say("empty.articles"))), nil
	}
	return personal(t.Writer.Latest(articles, r.say)), nil
}

func (t *Table) digest(ctx context.Context, r request) (bot.Reply, error) {
	if r.Args != "" {
		return t.reopen(ctx, r)
	}
	d, err := t.Library.LatestDigest(ctx, r.Place)
	if isNotFound(err) || err == nil && len(d.Articles) == 0 {
		return personal(compose.Say(r.say.Say("empty.digest", locale.Args{"Next": t.next(r.say)}))), nil
	}
	if err != nil {
		return bot.Reply{}, err
	}
	return personal(t.Writer.Digest(d, r.say.Language(), t.formOf(ctx, r))), nil
}

func personal(d markup.Doc) bot.Reply { return bot.Reply{Doc: d, Personal: true} }

func isNotFound(err error) bool { return errors.Is(err, &digest.Error{Code: digest.NotFound}) }

// repeated is what a person said as a reply repeats it: short, and without
// addresses that others might follow.
func repeated(said string) string {
	return strings.ReplaceAll(markup.T(said).Excerpt(60).String(), "://", " ")
}

// formOf is the form that the place gets its digests in.
func (t *Table) formOf(ctx context.Context, r request) digest.Form {
	sub, err := t.Subscriptions.Subscription(ctx, r.Place)
	if err != nil {
		return digest.Short // as a place that isn't subscribed begins
	}
	return sub.Form
}
