// Back: in a private place a digest, and what is read from it, take turns in one
// message.

package command

import (
	"context"
	"slices"
	"strconv"
	"strings"

	"github.com/strillone/strillone/bot"
	"github.com/strillone/strillone/bot/compose"
	"github.com/strillone/strillone/digest"
)

// inPlace is what is shown of an article as it takes the place of the digest it
// was pressed on, or of what had taken it before: with the way back. Elsewhere it
// is a message of its own.
func (t *Table) inPlace(ctx context.Context, r request, number int, reply bot.Reply) (bot.Reply, error) {
	if !r.Pressed || r.Kind != bot.Private {
		return reply, nil
	}
	id, err := t.digestOf(ctx, r, number)
	if isNotFound(err) {
		return reply, nil
	}
	if err != nil {
		return bot.Reply{}, err
	}
	reply.Doc = compose.WithBack(reply.Doc, id, r.say)
	reply.Replace = true
	return reply, nil
}

// digestOf is the digest that a pressed message is, or leads back to;
// digest.NotFound for other messages.
func (t *Table) digestOf(ctx context.Context, r request, number int) (int64, error) {
	var read []int
	for _, line := range r.Quoted {
		name, args, _ := strings.Cut(line, " ")
		n, err := strconv.ParseInt(args, 10, 64)
		switch {
		case err != nil:
		case name == "digest":
			return n, nil
		case name == "leggi":
			read = append(read, int(n))
		}
	}
	if len(read) == 0 {
		return 0, &digest.Error{Code: digest.NotFound}
	}
	d, err := t.Library.DigestWith(ctx, r.Place, number)
	if err != nil {
		return 0, err
	}
	for _, a := range d.Articles {
		if !slices.Contains(read, a.Number) {
			return 0, &digest.Error{Code: digest.NotFound} // it is another list
		}
	}
	return d.ID, nil
}

// reopen shows a digest again, in the place of what was read from it.
func (t *Table) reopen(ctx context.Context, r request) (bot.Reply, error) {
	id, err := strconv.ParseInt(r.Args, 10, 64)
	if err != nil {
		return bot.Reply{}, &digest.Error{Code: digest.NotFound}
	}
	d, err := t.Library.DigestByID(ctx, id)
	if err != nil {
		return bot.Reply{}, err
	}
	doc := t.Writer.Digest(d, r.say.Language(), t.formOf(ctx, r))
	if len(d.Articles) == 0 {
		doc = compose.Say(r.say.Say("empty.articles"))
	}
	return bot.Reply{Doc: doc, Personal: true, Replace: r.Pressed && r.Kind == bot.Private}, nil
}
