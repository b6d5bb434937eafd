// Progress: a broadcast in the editors' chats, from its first minute to its end.

package newsroom

import (
	"cmp"
	"context"
	"log/slog"
	"sync"
	"time"

	"github.com/strillone/strillone/bot"
	"github.com/strillone/strillone/bot/compose"
	"github.com/strillone/strillone/bot/locale"
	"github.com/strillone/strillone/digest"
	"github.com/strillone/strillone/digest/delivery"
)

const (
	// The defaults of ProgressConfig.
	showAfter = time.Minute
	lookEvery = 10 * time.Second
	// postWithin bounds a call to a platform, so that one in trouble doesn't
	// hold up the messages elsewhere for long.
	postWithin = 8 * time.Second
	// A broadcast of which no more than one part in tailParts is left when it
	// would be shown isn't: what remains are retries.
	tailParts = 20
)

// ProgressConfig is what a Progress is made of.
type ProgressConfig struct {
	Reports  delivery.Reporter
	Boards   map[digest.Platform]bot.Noticeboard
	Editors  map[digest.Platform][]string // ids
	Writer   compose.Writer
	Language digest.Language
	Pace     map[digest.Platform]float64 // deliveries a second, where known
	After    time.Duration               // how long a broadcast runs before it is shown; a minute when 0
	Every    time.Duration               // how often it is looked at and messages are edited; 10 s when 0
	Now      func() time.Time            // time.Now when nil
	Log      *slog.Logger                // nothing is logged when nil
}

// Progress shows editors how a broadcast of more than a minute goes on: one
// message each, edited until the broadcast has ended. It only reads and writes
// messages, so deliveries never wait for it, and what fails is logged once.
// Messages are kept in memory: after a restart a broadcast that goes on gets a
// new one.
type Progress struct {
	config ProgressConfig
	wake   chan struct{}
}

// NewProgress makes a Progress.
func NewProgress(c ProgressConfig) *Progress {
	c.After = cmp.Or(c.After, showAfter)
	c.Every = cmp.Or(c.Every, lookEvery)
	if c.Now == nil {
		c.Now = time.Now
	}
	if c.Log == nil {
		c.Log = slog.New(slog.DiscardHandler)
	}
	return &Progress{config: c, wake: make(chan struct{}, 1)}
}

// Wake says that deliveries were queued. It never blocks.
func (p *Progress) Wake() {
	select {
	case p.wake <- struct{}{}:
	default:
	}
}

// Run shows broadcasts until ctx ends, beginning with one that is under way. It
// returns once no call is under way any more.
func (p *Progress) Run(ctx context.Context) {
	if len(p.config.Boards) == 0 {
		return
	}
	for {
		p.follow(ctx)
		select {
		case <-ctx.Done():
			return
		case <-p.wake:
		}
	}
}

// follow follows a broadcast to its end, and whatever is published meanwhile.
func (p *Progress) follow(ctx context.Context) {
	var b broadcast
	began := p.config.Now()
	timer := time.NewTimer(0)
	defer timer.Stop()
	for failed := false; ; timer.Reset(p.config.Every) {
		select {
		case <-ctx.Done():
			return
		case <-timer.C:
		}
		report, err := p.config.Reports.Report(ctx)
		if err != nil {
			if ctx.Err() == nil && !failed {
				p.config.Log.WarnContext(ctx, "can't read how the deliveries stand; the editors' progress waits", slog.Any("error", err))
			}
			failed = true
			continue
		}
		failed = false
		if !report.Slot.Equal(b.slot) {
			b, began = broadcast{slot: report.Slot}, p.config.Now()
		}
		total := report.Total()
		if !b.shown && total.ToGo() > 0 && p.config.Now().Sub(began) >= p.config.After {
			if total.ToGo()*tailParts <= total.Deliveries() {
				return
			}
			b.due = true
		}
		if b.due {
			p.show(ctx, &b, report)
		}
		if total.ToGo() == 0 {
			return
		}
	}
}

// broadcast is one that is followed.
type broadcast struct {
	slot    time.Time
	due     bool // it is to be shown
	shown   bool
	notices []*notice
}

// notice is an editor's message.
type notice struct {
	bot.Notice
	board  bot.Noticeboard
	failed bool // it is logged already
}

// show posts the broadcast's messages, or edits them, to all editors at once.
func (p *Progress) show(ctx context.Context, b *broadcast, r delivery.Report) {
	doc := p.config.Writer.Progress(r, compose.Outlook{Now: p.config.Now(), Pace: p.config.Pace}, locale.For(p.config.Language))
	ctx, cancel := context.WithTimeout(ctx, postWithin)
	defer cancel()
	var calls sync.WaitGroup
	defer calls.Wait()
	if b.shown {
		for _, n := range b.notices {
			calls.Go(func() { p.note(ctx, n, n.board.Edit(ctx, n.Notice, doc)) })
		}
		return
	}
	b.shown = true
	var posted sync.Mutex
	for platform, board := range p.config.Boards {
		for _, editor := range p.config.Editors[platform] {
			calls.Go(func() {
				n := &notice{board: board}
				var err error
				n.Notice, err = board.Post(ctx, editor, doc)
				n.Place.Platform = platform
				p.note(ctx, n, err)
				if err == nil {
					posted.Lock()
					defer posted.Unlock()
					b.notices = append(b.notices, n)
				}
			})
		}
	}
}

// note logs a notice's first failure. An editor who can't be written to is left
// alone until the next broadcast.
func (p *Progress) note(ctx context.Context, n *notice, err error) {
	if err == nil || n.failed {
		return
	}
	n.failed = true
	p.config.Log.LogAttrs(ctx, slog.LevelInfo, "an editor isn't shown how the broadcast goes on",
		slog.String("platform", string(n.Place.Platform)), slog.Any("error", err))
}
