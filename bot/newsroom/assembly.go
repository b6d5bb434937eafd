// Assembly: pieces wait for those that belong to them, in the database.

package newsroom

import (
	"context"
	"log/slog"
	"runtime/debug"
	"time"

	"github.com/strillone/strillone/bot/compose"
	"github.com/strillone/strillone/bot/locale"
	"github.com/strillone/strillone/digest"
	"github.com/strillone/strillone/digest/markup"
)

const (
	// maxHeld is how many pieces of one sender are held: more than the longest
	// submission has. With the last of them they are put together at once.
	maxHeld = 64
	// retryFirst is how long after a failure it is tried again, twice as long each
	// time, up to retryMost.
	retryFirst = time.Second
	retryMost  = time.Minute
	// answerWithin is how long understanding and answering may take.
	answerWithin = time.Minute
)

// sender is whose pieces may belong together.
type sender struct {
	chat   digest.Destination
	author string
}

func senderOf(p digest.Piece) sender { return sender{p.Chat, p.Author} }

// assembly is what is known of a sender's pieces that wait.
type assembly struct {
	due   time.Time
	held  int
	tries int            // that failed
	told  map[string]int // by the first message of a manuscript: the answers that were sent
}

// of is the sender's assembly, made when there is none. d.mu is held.
func (d *Desk) of(s sender) *assembly {
	a := d.waiting[s]
	if a == nil {
		a = &assembly{told: make(map[string]int)}
		d.waiting[s] = a
	}
	return a
}

// waits says whether something of the piece's sender waits.
func (d *Desk) waits(p digest.Piece) bool {
	d.mu.Lock()
	defer d.mu.Unlock()
	return d.waiting[senderOf(p)] != nil
}

// hold keeps a piece, safely, and has Run look at it in time.
func (d *Desk) hold(ctx context.Context, p digest.Piece) error {
	fresh, err := d.Drafts.HoldPiece(ctx, p)
	if err != nil || !fresh {
		return err // one that is known was answered
	}
	d.mu.Lock()
	defer d.mu.Unlock()
	a := d.of(senderOf(p))
	a.held++
	wait := d.Wait
	switch {
	case a.held >= maxHeld:
		wait = 0
	case p.Whole():
		wait = d.Soon
	}
	a.due = d.Now().Add(wait)
	d.stir()
	return nil
}

// stir has Run look again what is due. It never blocks.
func (d *Desk) stir() {
	select {
	case d.wake <- struct{}{}:
	default:
	}
}

// Run understands what came in pieces, and answers, until ctx ends. It begins
// with what waited when the process last ended. What waits when ctx ends waits
// for the next Run.
func (d *Desk) Run(ctx context.Context) {
	d.resume(ctx)
	timer := time.NewTimer(0)
	defer timer.Stop()
	for {
		select {
		case <-ctx.Done():
			return
		case <-d.wake:
		case <-timer.C:
		}
		s, due, waiting := d.earliest()
		for waiting && !due.After(d.Now()) && ctx.Err() == nil {
			d.assemble(ctx, s)
			s, due, waiting = d.earliest()
		}
		if waiting {
			timer.Reset(due.Sub(d.Now()))
		}
	}
}

// resume takes up what waits in the database, as soon as that can be read.
func (d *Desk) resume(ctx context.Context) {
	for {
		err := d.load(ctx)
		if err == nil || ctx.Err() != nil {
			return
		}
		d.Log.ErrorContext(ctx, "can't read what editors sent before the start; trying again", slog.Any("error", err))
		if !pause(ctx, retryFirst) {
			return
		}
	}
}

// load learns, once, what waits from before the start. Nothing is judged before:
// it may be the end of what waits.
func (d *Desk) load(ctx context.Context) error {
	d.mu.Lock()
	defer d.mu.Unlock()
	if d.loaded {
		return nil
	}
	pieces, err := d.Drafts.WaitingPieces(ctx)
	if err != nil {
		return err
	}
	for _, p := range pieces {
		a := d.of(senderOf(p))
		a.held++
		a.due = d.Now().Add(d.Resume)
	}
	d.loaded = true
	d.stir()
	return nil
}

// earliest is who is to be looked at next, and when.
func (d *Desk) earliest() (who sender, due time.Time, found bool) {
	d.mu.Lock()
	defer d.mu.Unlock()
	for s, a := range d.waiting {
		if !found || a.due.Before(due) {
			who, due, found = s, a.due, true
		}
	}
	return who, due, found
}

// assemble puts together what waits of a sender, and answers. What fails is
// tried again.
func (d *Desk) assemble(ctx context.Context, s sender) {
	d.mu.Lock()
	a := d.waiting[s]
	delete(d.waiting, s) // what comes from now on belongs to another text
	d.mu.Unlock()
	bounded, cancel := context.WithTimeout(ctx, answerWithin)
	defer cancel()
	err := d.answerAll(bounded, s, a)
	if err == nil {
		return
	}
	wait := min(retryFirst<<min(a.tries, 10), retryMost)
	a.tries++
	if ctx.Err() == nil {
		d.Log.WarnContext(ctx, "an editor's text waits longer", slog.String("platform", string(s.chat.Platform)),
			slog.Duration("wait", wait), slog.Any("error", err))
	}
	d.mu.Lock()
	defer d.mu.Unlock()
	if later := d.waiting[s]; later != nil {
		a.held += later.held
	}
	a.due = d.Now().Add(wait)
	d.waiting[s] = a
}

// answerAll understands a sender's manuscripts, and answers each.
func (d *Desk) answerAll(ctx context.Context, s sender, a *assembly) error {
	waiting, err := d.Drafts.WaitingPieces(ctx)
	if err != nil {
		return err
	}
	var own []digest.Piece
	for _, p := range waiting {
		if senderOf(p) == s {
			own = append(own, p)
		}
	}
	for _, m := range digest.Manuscripts(own) {
		docs, err := d.answers(ctx, m)
		if err != nil {
			return err
		}
		key := m[0].Message + "/" + m[0].File
		for i, doc := range docs {
			if i < a.told[key] {
				continue
			}
			if err := d.finish(ctx, func(ctx context.Context) error { return d.send(ctx, m[0].Answer, keyOf(m[0]), i, doc) }); err != nil {
				return err
			}
			a.told[key] = i + 1
		}
		// What was said is recorded, even if this is to end.
		if err := d.Drafts.SettlePieces(context.WithoutCancel(ctx), m); err != nil {
			return err
		}
	}
	return nil
}

// grace is how long a message under way may take once this is to end.
const grace = 4 * time.Second

// finish sends, and lets what is under way when ctx ends arrive: else it would be
// said again after the next start.
func (d *Desk) finish(ctx context.Context, send func(context.Context) error) error {
	if err := ctx.Err(); err != nil {
		return err
	}
	lasting, cancel := context.WithCancel(context.WithoutCancel(ctx))
	defer cancel()
	defer context.AfterFunc(ctx, func() { time.AfterFunc(grace, cancel) })()
	return send(lasting)
}

// answers is what the editor of a manuscript is told. A text that this program
// stumbles over must not stop it, now and after every start.
func (d *Desk) answers(ctx context.Context, m []digest.Piece) (docs []markup.Doc, err error) {
	p := locale.For(m[0].Language)
	defer func() {
		if v := recover(); v != nil {
			d.Log.ErrorContext(ctx, "panic over an editor's text", slog.String("message", m[0].Message),
				slog.Any("panic", v), slog.String("stack", string(debug.Stack())))
			docs, err = []markup.Doc{compose.Say(p.Say("error.internal"))}, nil
		}
	}()
	docs, err = d.understand(ctx, m, p)
	if digest.CodeOf(err) != "" {
		return []markup.Doc{compose.Say(sentence(p, err))}, nil
	}
	return docs, err
}
