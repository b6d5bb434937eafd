// desk: Editions in memory, with people who get digests.

package delivery

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/strillone/strillone/digest"
	"github.com/strillone/strillone/digest/markup"
)

// reader is a subscription; its id is its place in the desk's list, from 1.
type reader struct {
	Group
	schedule int64
	served   digest.Date
	got      []string // what the parts say
}

// calendar is a schedule.
type calendar struct {
	id        int64
	own       digest.Schedule
	due, last time.Time
}

// opened is an edition, with what is stored of it.
type opened struct {
	Edition
	ended    bool
	rendered map[Group]Rendering
}

type desk struct {
	mu        sync.Mutex
	rows      []*calendar
	readers   []*reader
	editions  []*opened
	numbers   int   // articles published
	withdrawn []int // article numbers
	fresh     bool  // an article comes with every edition
	err       func() error
	begun     []time.Time // slots, whenever one was tried
}

// onDesk are readers of the operator's schedule.
func onDesk(readers ...*reader) *desk {
	d := &desk{readers: readers, rows: []*calendar{{id: Operators}}}
	for _, r := range readers {
		r.schedule = cmp.Or(r.schedule, Operators)
	}
	return d
}

func (d *desk) fails() error {
	if d.err == nil {
		return nil
	}
	return d.err()
}

func (d *desk) row(id int64) *calendar {
	return d.rows[slices.IndexFunc(d.rows, func(r *calendar) bool { return r.id == id })]
}

func (d *desk) Adopt(_ context.Context, c digest.Clock, now time.Time) error {
	d.mu.Lock()
	defer d.mu.Unlock()
	r := d.row(Operators)
	if !r.last.IsZero() {
		now = r.last
	}
	r.due = c.Next(now)
	return nil
}

func (d *desk) Due(_ context.Context, now time.Time) ([]Due, error) {
	d.mu.Lock()
	defer d.mu.Unlock()
	var list []Due
	for _, r := range d.rows {
		if !r.due.IsZero() && !r.due.After(now) {
			idle := !slices.ContainsFunc(d.readers, func(p *reader) bool { return p.schedule == r.id })
			list = append(list, Due{Schedule: r.id, Own: r.own, At: r.due, Idle: idle})
		}
	}
	slices.SortFunc(list, func(a, b Due) int { return a.At.Compare(b.At) })
	return list, nil
}

func (d *desk) NextSlot(_ context.Context, now time.Time) (time.Time, error) {
	d.mu.Lock()
	defer d.mu.Unlock()
	var next time.Time
	for _, r := range d.rows {
		if r.due.After(now) && (next.IsZero() || r.due.Before(next)) {
			next = r.due
		}
	}
	return next, nil
}

func (d *desk) Begin(_ context.Context, schedule int64, slot time.Time, date digest.Date, _ time.Time) (Edition, bool, error) {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.begun = append(d.begun, slot)
	if err := d.fails(); err != nil {
		return Edition{}, false, err
	}
	if !slot.After(d.row(schedule).last) {
		return Edition{}, false, nil
	}
	for _, o := range d.editions {
		if o.Schedule == schedule && o.Slot.Equal(slot) {
			return o.Edition, !o.ended, nil
		}
		o.ended = o.ended || o.Schedule == schedule
	}
	if d.fresh {
		d.numbers++
	}
	o := &opened{Edition: Edition{ID: int64(len(d.editions)), Schedule: schedule, Slot: slot, Date: date, Through: d.numbers}, rendered: make(map[Group]Rendering)}
	d.editions = append(d.editions, o)
	return o.Edition, true, nil
}

func (d *desk) Published(_ context.Context, w digest.Window, c digest.Choice, limit int) ([]digest.Article, int, error) {
	d.mu.Lock()
	defer d.mu.Unlock()
	var list []digest.Article
	for n := w.Through; n > w.After; n-- {
		topic := []string{"even", "odd"}[n%2]
		if !slices.Contains(d.withdrawn, n) && c.Takes([]string{topic}) {
			list = append(list, digest.Article{Number: n, State: digest.Published})
		}
	}
	return list[:min(limit, len(list))], len(list), nil
}

func (d *desk) Enqueue(_ context.Context, c Chunk) (Progress, error) {
	d.mu.Lock()
	defer d.mu.Unlock()
	if err := d.fails(); err != nil {
		return Progress{}, err
	}
	o := d.editions[c.Edition.ID]
	if o.ended || o.Reached != c.Edition.Reached {
		return Progress{}, errors.New("somebody else's")
	}
	for _, rd := range c.Digests {
		for _, r := range rd.Renderings {
			o.rendered[Group{rd.Digest.Window.After, rd.Choice, r.Platform, r.Language, r.Form}] = r
		}
	}
	p := Progress{Reached: o.Reached}
	reached, seen := o.Reached, 0
	for ; int(reached) < len(d.readers) && seen < c.Limit; reached++ {
		r := d.readers[reached]
		if r.schedule != o.Schedule {
			continue
		}
		seen++
		if r.Mark >= o.Through || o.Date != 0 && r.served >= o.Date {
			continue
		}
		if rendering, ok := o.rendered[r.Group]; ok {
			p.Queued++
			r.Mark, r.served = o.Through, max(r.served, o.Date)
			r.got = append(r.got, string(rendering.Parts[0]))
			continue
		}
		if slices.ContainsFunc(c.Nothing, func(g Group) bool { return g.Mark == r.Mark && g.Choice == r.Choice }) {
			r.Mark = o.Through
			continue
		}
		if !c.Known(r.Group) && !slices.Contains(p.Unknown, r.Group) {
			p.Unknown = append(p.Unknown, r.Group)
		}
	}
	if len(p.Unknown) > 0 {
		return p, nil
	}
	o.Reached, p.Reached = reached, reached
	if p.Ended = seen < c.Limit; p.Ended {
		d.pass(o.Schedule, o.Slot, c.Next)
	}
	return p, nil
}

func (d *desk) Pass(_ context.Context, schedule int64, slot, next time.Time) error {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.pass(schedule, slot, next)
	return nil
}

func (d *desk) pass(schedule int64, slot, next time.Time) {
	for _, o := range d.editions {
		o.ended = o.ended || o.Schedule == schedule && !o.Slot.After(slot)
	}
	r := d.row(schedule)
	if slot.After(r.last) {
		r.last = slot
	}
	r.due = next
}

// plain composes and renders a digest as a line of text.
type plain struct {
	refuse string // a digest that says this can't be rendered
	panics bool
}

func (plain) Digest(d digest.Digest, language digest.Language, form digest.Form) markup.Doc {
	text := fmt.Sprintf("%s%s %s:", language, form, d.Title)
	for _, a := range d.Articles {
		text += fmt.Sprintf(" %d", a.Number)
	}
	if d.More > 0 {
		text += fmt.Sprintf(" +%d", d.More)
	}
	return markup.Doc{Blocks: []markup.Block{markup.Paragraph{Text: markup.T(text)}}}
}

func (p plain) Render(doc markup.Doc) ([]Part, error) {
	text := doc.Blocks[0].(markup.Paragraph).Text.String()
	if p.panics {
		panic("a bug")
	}
	if p.refuse != "" && strings.Contains(text, p.refuse) {
		return nil, errors.New("too long")
	}
	return []Part{Part(text)}, nil
}
