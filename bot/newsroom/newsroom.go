// Desk: from an editor's text to a published article.

package newsroom

import (
	"cmp"
	"context"
	"errors"
	"log/slog"
	"sync"
	"time"

	"github.com/strillone/strillone/bot"
	"github.com/strillone/strillone/bot/compose"
	"github.com/strillone/strillone/bot/locale"
	"github.com/strillone/strillone/digest"
	"github.com/strillone/strillone/digest/delivery"
	"github.com/strillone/strillone/digest/markup"
)

// Drafts is what the newsroom needs of a database; storage.Store says what each
// method promises.
type Drafts interface {
	PublishDraft(ctx context.Context, id int64, at time.Time) (digest.Article, bool, error)
	DiscardDraft(ctx context.Context, id int64) error

	HoldPiece(ctx context.Context, p digest.Piece) (bool, error)
	WaitingPieces(ctx context.Context) ([]digest.Piece, error)
	SettlePieces(ctx context.Context, pieces []digest.Piece) error
	Manuscript(ctx context.Context, p digest.Piece) ([]digest.Piece, []digest.Article, error)
	SaveManuscript(ctx context.Context, pieces []digest.Piece, contents []digest.Content, at time.Time) ([]digest.Filed, error)
	Archive
}

// Messenger writes messages to a place of its platform: every bot.Adapter does.
type Messenger interface {
	delivery.Renderer
	delivery.Sender
}

// Config is what a Desk is made of.
type Config struct {
	Drafts     Drafts
	Messengers map[digest.Platform]Messenger       // for what an editor is told later than at once
	Boards     map[digest.Platform]bot.Noticeboard // for editors who write in a shared place
	Writer     compose.Writer
	Now        func() time.Time
	Next       func(time.Time) time.Time // when the next digest goes out
	Log        *slog.Logger              // nothing is logged when nil

	// Wait is how long after a piece the next piece of the same text may come;
	// 1.5 s when 0. Soon is how long after a piece that ends a text, for those
	// that come out of order; 300 ms when 0. Resume is how long what was waiting
	// when the process ended goes on waiting, while the platforms deliver what
	// they kept meanwhile; 5 s when 0.
	Wait, Soon, Resume time.Duration
}

// Desk takes editors' texts. Run must be running for those that arrive in
// pieces to be understood; until then they are kept.
type Desk struct {
	Config
	likes likes

	mu      sync.Mutex
	loaded  bool
	waiting map[sender]*assembly
	wake    chan struct{}
}

// NewDesk makes a Desk.
func NewDesk(c Config) *Desk {
	c.Wait = cmp.Or(c.Wait, 1500*time.Millisecond)
	c.Soon = cmp.Or(c.Soon, 300*time.Millisecond)
	c.Resume = cmp.Or(c.Resume, 5*time.Second)
	if c.Log == nil {
		c.Log = slog.New(slog.DiscardHandler)
	}
	return &Desk{
		Config:  c,
		likes:   likes{archive: c.Drafts},
		waiting: make(map[sender]*assembly),
		wake:    make(chan struct{}, 1),
	}
}

// Submit understands a text, keeps it as a draft and shows the preview. A text
// that may be a part of a longer one is kept, and the reply is empty: Run
// answers it. The errors are those of digest.Parse and manuscript.Read.
func (d *Desk) Submit(ctx context.Context, t bot.Text, p *locale.Printer) (bot.Reply, error) {
	if err := d.load(ctx); err != nil {
		return bot.Reply{}, err
	}
	if t.Kind != bot.Private {
		return d.elsewhere(ctx, t, p)
	}
	pieces, asides, err := d.pieces(ctx, t, p)
	if err != nil {
		return bot.Reply{}, err
	}
	if t.Edited {
		return d.revise(ctx, pieces, p)
	}
	reply, err := d.take(ctx, pieces, p)
	if err != nil {
		return bot.Reply{}, err
	}
	for _, aside := range asides {
		reply.Doc.Blocks = append(reply.Doc.Blocks, markup.Note{Text: markup.T(aside)})
	}
	return reply, nil
}

// take understands what is a whole message of one article, and keeps all else
// for Run.
func (d *Desk) take(ctx context.Context, pieces []digest.Piece, p *locale.Printer) (bot.Reply, error) {
	if first := pieces[0]; len(pieces) == 1 && first.Whole() && !d.waits(first) && len(digest.Divide(first.Text)) == 1 {
		known, _, err := d.Drafts.Manuscript(ctx, first)
		if err == nil && len(known) > 1 { // the end of a text that was answered; the update comes again
			return bot.Reply{}, nil
		}
		if err != nil && digest.CodeOf(err) != digest.NotFound {
			return bot.Reply{}, err
		}
		docs, err := d.understand(ctx, pieces, p)
		if err != nil {
			return bot.Reply{}, err
		}
		return bot.Reply{Doc: docs[0]}, nil
	}
	for _, piece := range pieces {
		if err := d.hold(ctx, piece); err != nil {
			return bot.Reply{}, err
		}
	}
	return bot.Reply{}, nil
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
