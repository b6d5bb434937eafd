// What belongs to one reader: the card of an article, what was saved, and whether
// it was of use.

package command

import (
	"context"
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

// Readers are what readers keep and think; storage.Archive says what each method
// promises.
type Readers interface {
	SaveFor(ctx context.Context, who digest.Person, number int, at time.Time) (bool, error)
	UnsaveFor(ctx context.Context, who digest.Person, number int) (bool, error)
	SavedBy(ctx context.Context, who digest.Person, p search.Page) ([]digest.Article, int, error)
	HasSaved(ctx context.Context, who digest.Person, number int) (bool, error)
	Rate(ctx context.Context, number int, change digest.Usefulness) (digest.Usefulness, error)
	Usefulness(ctx context.Context, number int) (digest.Usefulness, error)
}

// relatedAtOnce is how many other articles a card leads to.
const relatedAtOnce = 3

// somebody says whether the actor is one person, and not one of several whom the
// platform doesn't tell apart.
func (r request) somebody() bool { return !r.Actor.Anonymous && r.Actor.ID != "" }

func (r request) person() digest.Person {
	return digest.Person{Platform: r.Actor.Platform, ID: r.Actor.ID}
}

// card is an article as this person sees it. The article is shown whatever else
// can't be found out.
func (t *Table) card(ctx context.Context, r request, a digest.Article) (markup.Doc, error) {
	c, err := t.beside(ctx, r, a)
	if err != nil && ctx.Err() == nil {
		t.Log.Error("an article is shown without all that belongs to it", "article", a.Number, "error", err)
	}
	return t.Writer.Card(a, c, r.say), nil
}

// beside is what a card has beside the article, as much of it as is found before
// an error.
func (t *Table) beside(ctx context.Context, r request, a digest.Article) (c compose.Card, err error) {
	if c.Related, err = t.related(ctx, a); err != nil || r.Kind != bot.Private || !r.somebody() {
		return c, err
	}
	c.Opinion = t.ballots.of(r.person(), a.Number)
	if c.Saved, err = t.Readers.HasSaved(ctx, r.person(), a.Number); err != nil || !r.editor {
		return c, err
	}
	sums, err := t.Readers.Usefulness(ctx, a.Number)
	if sums != (digest.Usefulness{}) {
		c.Sums = &sums
	}
	return c, err
}

// related are the article's readings that are in the archive, and then the
// articles like it.
func (t *Table) related(ctx context.Context, a digest.Article) ([]digest.Article, error) {
	all, err := t.inArchive(ctx, a)
	if err != nil {
		return nil, err
	}
	like, err := t.Archive.Related(ctx, a.Number, relatedAtOnce)
	if err != nil {
		return nil, err
	}
	seen := map[int]bool{0: true, a.Number: true}
	var shown []digest.Article
	for _, other := range append(all, like...) {
		if !seen[other.Number] && len(shown) < relatedAtOnce {
			seen[other.Number] = true
			shown = append(shown, other)
		}
	}
	return shown, nil
}

// inArchive are the articles that the article's readings are, in their order; an
// article without a number stands for those that are none.
func (t *Table) inArchive(ctx context.Context, a digest.Article) ([]digest.Article, error) {
	found := make([]digest.Article, len(a.Readings))
	for i, reading := range a.Readings {
		other, err := t.Archive.Titled(ctx, reading.Title)
		switch {
		case isNotFound(err):
		case err != nil:
			return nil, err
		case other.Number != a.Number:
			found[i] = other
		}
	}
	return found, nil
}

func (t *Table) readings(ctx context.Context, r request, a digest.Article) (markup.Doc, error) {
	found, err := t.inArchive(ctx, a)
	if err != nil {
		return markup.Doc{}, err
	}
	numbers := make([]int, len(found))
	for i, other := range found {
		numbers[i] = other.Number
	}
	return t.Writer.ReadingsFound(a, numbers, r.say), nil
}

// save saves the article that is meant. Pressed under a card in private, the card
// then says so; elsewhere a word does.
func (t *Table) save(ctx context.Context, r request) (bot.Reply, error) {
	if !r.somebody() {
		return refuse(r.say.Say("error.anonymous")), nil
	}
	articles, err := t.meant(ctx, r)
	if err != nil {
		return bot.Reply{}, err
	}
	switch len(articles) {
	case 0:
		return personal(compose.Say(r.say.Say("empty.articles"))), nil
	case 1:
	default:
		return personal(t.Writer.Choose("salva", articles, r.say)), nil
	}
	a := articles[0]
	fresh, err := t.Readers.SaveFor(ctx, r.person(), a.Number, t.Now())
	if err != nil {
		return bot.Reply{}, err
	}
	id := "saved.already"
	if fresh {
		id = "saved.done"
	}
	return t.changed(ctx, r, a, r.say.Say("saved.notice"), r.say.Say(id, locale.Args{"Title": a.Title}))
}

// unsave takes an article away again: from a card, from the list, or by its
// number.
func (t *Table) unsave(ctx context.Context, r request) (bot.Reply, error) {
	args, page := pageOf(r.Args)
	number, fromList := strings.CutSuffix(args, " lista")
	m := numbered.FindStringSubmatch(strings.ToLower(number))
	if m == nil {
		return refuse(r.say.Say("saved.which")), nil
	}
	n, err := strconv.Atoi(m[1])
	if err != nil {
		return bot.Reply{}, err
	}
	was, err := t.Readers.UnsaveFor(ctx, r.person(), n)
	if err != nil {
		return bot.Reply{}, err
	}
	if fromList {
		return t.savedAt(ctx, r, page, r.say.Say("saved.notice_removed"))
	}
	articles, err := t.numbered(ctx, n)
	switch {
	case err == nil && was:
		return t.changed(ctx, r, articles[0], r.say.Say("saved.notice_removed"), r.say.Say("saved.removed", locale.Args{"Title": articles[0].Title}))
	case err == nil || isNotFound(err):
		return refuse(r.say.Say("saved.not_there")), nil
	}
	return bot.Reply{}, err
}

// changed tells what a command did to what a reader keeps of an article. A
// shared place is told nothing but in a notice.
func (t *Table) changed(ctx context.Context, r request, a digest.Article, notice, sentence string) (bot.Reply, error) {
	switch {
	case !r.Pressed:
		return personal(compose.Say(sentence)), nil
	case r.Kind != bot.Private:
		return bot.Reply{Notice: notice, Personal: true}, nil
	}
	doc, err := t.card(ctx, r, a)
	if err != nil {
		return bot.Reply{}, err
	}
	return t.inPlace(ctx, r, a.Number, bot.Reply{Doc: doc, Replace: true, Notice: notice})
}

func (t *Table) saved(ctx context.Context, r request) (bot.Reply, error) {
	_, page := pageOf(r.Args)
	return t.savedAt(ctx, r, page, "")
}

// savedAt is a page of what the person saved, or the last one there is.
func (t *Table) savedAt(ctx context.Context, r request, page int, notice string) (bot.Reply, error) {
	if !r.somebody() {
		return refuse(r.say.Say("error.anonymous")), nil
	}
	size := compose.HitsAtOnce
	articles, total, err := t.Readers.SavedBy(ctx, r.person(), search.Page{Skip: page * size, Size: size})
	if err == nil && len(articles) == 0 && total > 0 {
		page = (total - 1) / size
		articles, total, err = t.Readers.SavedBy(ctx, r.person(), search.Page{Skip: page * size, Size: size})
	}
	if err != nil {
		return bot.Reply{}, err
	}
	doc := compose.Say(r.say.Say("saved.none"))
	if len(articles) > 0 {
		doc = t.Writer.Saved(articles, total, page, r.say)
	}
	reply := leafed(r, doc)
	reply.Notice = notice
	return reply, nil
}

// rate takes note of whether an article was useful. Pressed again it changes
// nothing; the other answer takes the place of the first.
func (t *Table) rate(ctx context.Context, r request) (bot.Reply, error) {
	number, answer, _ := strings.Cut(r.Args, " ")
	m := numbered.FindStringSubmatch(strings.ToLower(number))
	opinion := answers[strings.ToLower(strings.TrimSpace(answer))]
	if m == nil || opinion == compose.NoOpinion {
		return refuse(r.say.Say("useful.which")), nil
	}
	n, err := strconv.Atoi(m[1])
	if err != nil {
		return bot.Reply{}, err
	}
	articles, err := t.numbered(ctx, n)
	if err != nil {
		return bot.Reply{}, err
	}
	if r.somebody() {
		if err := t.vote(ctx, r.person(), n, opinion); err != nil {
			return bot.Reply{}, err
		}
	}
	thanks := r.say.Say("useful.thanks")
	return t.changed(ctx, r, articles[0], thanks, thanks)
}

var answers = map[string]compose.Opinion{
	"": compose.Useful, "si": compose.Useful, "sì": compose.Useful, "yes": compose.Useful,
	"no": compose.NotUseful,
}

// vote changes the sums by what the opinion is other than before.
func (t *Table) vote(ctx context.Context, who digest.Person, number int, opinion compose.Opinion) error {
	before := t.ballots.cast(who, number, opinion)
	if before == opinion {
		return nil
	}
	var change digest.Usefulness
	for o, by := range map[compose.Opinion]int{before: -1, opinion: 1} {
		switch o {
		case compose.Useful:
			change.Useful += by
		case compose.NotUseful:
			change.Not += by
		}
	}
	_, err := t.Readers.Rate(ctx, number, change)
	if err != nil {
		t.ballots.cast(who, number, before)
	}
	return err
}
