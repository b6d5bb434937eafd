// Desk: from an editor's text to a published article.

package newsroom

import (
	"context"
	"errors"
	"time"

	"github.com/strillone/strillone/bot"
	"github.com/strillone/strillone/bot/compose"
	"github.com/strillone/strillone/bot/locale"
	"github.com/strillone/strillone/digest"
	"github.com/strillone/strillone/digest/markup"
)

// Drafts is what the newsroom needs of a database; storage.Store says what each
// method promises.
type Drafts interface {
	SaveDraft(ctx context.Context, c digest.Content, author string, at time.Time) (digest.Article, error)
	PublishDraft(ctx context.Context, id int64, at time.Time) (digest.Article, bool, error)
	DiscardDraft(ctx context.Context, id int64) error
}

// Desk takes editors' texts.
type Desk struct {
	Drafts Drafts
	Writer compose.Writer
	Now    func() time.Time
	Next   func(time.Time) time.Time // when the next digest goes out
}

// Submit understands a text, keeps it as a draft and shows the preview. The
// errors are those of digest.Parse.
func (d *Desk) Submit(ctx context.Context, s digest.Submission, p *locale.Printer) (bot.Reply, error) {
	content, findings, err := digest.Parse(s)
	if err != nil {
		return bot.Reply{}, err
	}
	a, err := d.Drafts.SaveDraft(ctx, content, s.Author, d.Now())
	if number, known := knownAs(err); known {
		return d.known(number, p), nil
	}
	if err != nil {
		return bot.Reply{}, err
	}
	return bot.Reply{Doc: d.Writer.Preview(a, findings, d.next(p), p)}, nil
}

// Publish publishes a draft; its preview gives way to the article's number.
func (d *Desk) Publish(ctx context.Context, id int64, p *locale.Printer) (bot.Reply, error) {
	a, fresh, err := d.Drafts.PublishDraft(ctx, id, d.Now())
	if err != nil {
		return bot.Reply{}, gone(err)
	}
	args := locale.Args{"Number": a.Number, "Next": d.next(p)}
	sentence := p.Say("preview.published", args)
	if !fresh {
		sentence = p.Say("preview.already_published", args)
	}
	doc := d.Writer.Published(a, sentence, p)
	return bot.Reply{Doc: doc, Replace: true, Notice: p.Say("preview.notice", args)}, nil
}

// Discard forgets a draft; its preview gives way to a word on it.
func (d *Desk) Discard(ctx context.Context, id int64, p *locale.Printer) (bot.Reply, error) {
	err := d.Drafts.DiscardDraft(ctx, id)
	if number, published := knownAs(err); published {
		doc := compose.Say(p.Say("preview.already_published", locale.Args{"Number": number}))
		doc.Rows = [][]markup.Action{{compose.ReadAction(number, p)}}
		return bot.Reply{Doc: doc, Replace: true}, nil
	}
	if err != nil {
		return bot.Reply{}, gone(err)
	}
	return bot.Reply{Doc: compose.Say(p.Say("preview.discarded")), Replace: true}, nil
}

func (d *Desk) known(number int, p *locale.Printer) bot.Reply {
	doc := compose.Say(p.Say("preview.known", locale.Args{"Number": number}))
	doc.Rows = [][]markup.Action{{compose.ReadAction(number, p)}}
	return bot.Reply{Doc: doc}
}

func (d *Desk) next(p *locale.Printer) string { return d.Writer.Moment(d.Next(d.Now()), p) }

// knownAs is the number of the published article that err says is the same.
func knownAs(err error) (int, bool) {
	coded, ok := errors.AsType[*digest.Error](err)
	if !ok || coded.Code != digest.AlreadyThere {
		return 0, false
	}
	number, ok := coded.Data["Number"].(int)
	return number, ok
}

// gone says of an unknown id that it was a draft's.
func gone(err error) error {
	if digest.CodeOf(err) != digest.NotFound {
		return err
	}
	return &digest.Error{Code: digest.NotFound, Data: map[string]any{"Draft": true}}
}
