// Status and progress: how a digest's deliveries stand, for editors.

package compose

import (
	"strconv"
	"strings"
	"time"

	"github.com/strillone/strillone/bot/locale"
	"github.com/strillone/strillone/digest"
	"github.com/strillone/strillone/digest/delivery"
	"github.com/strillone/strillone/digest/markup"
)

const (
	// cells is the length of a progress bar.
	cells = 10
	// wordsLimit is how many characters of a platform's words are shown.
	wordsLimit = 120
)

// Outlook is what a status tells beside the report.
type Outlook struct {
	Now  time.Time
	Next time.Time // when the next digest goes out; zero: nothing is said of it
	// Pace is how many deliveries a second a platform takes, to go by until
	// some have arrived; 0: not known.
	Pace map[digest.Platform]float64
}

// Status is how the last edition stands, why deliveries failed, and who is
// subscribed.
func (w Writer) Status(r delivery.Report, o Outlook, p *locale.Printer) markup.Doc {
	blocks := w.opening(r, p)
	for _, one := range r.Platforms {
		if one.Deliveries() == 0 {
			continue
		}
		blocks = append(blocks,
			markup.Heading{Level: 2, Text: markup.T(platformName(one.Platform, p))},
			markup.Paragraph{Text: markup.T(bar(one, p) + "\n" + w.outcome(r, one, o, p))},
			markup.List{Items: figures(one, p)})
		if one.Doubts > 0 {
			blocks = append(blocks, markup.Paragraph{Text: markup.T(p.Counted("status.doubts", one.Doubts))})
		}
	}
	blocks = append(blocks,
		markup.Heading{Level: 2, Text: markup.T(p.Say("status.subscribers"))},
		markup.Paragraph{Text: markup.T(subscribers(r, p))})
	if !o.Next.IsZero() {
		blocks = append(blocks, markup.Note{Text: markup.T(p.Say("status.next", locale.Args{"Next": w.Moment(o.Next, p)}))})
	}
	return markup.Doc{Blocks: blocks}
}

// Glance is as much of a status as may be seen by more than editors.
func (w Writer) Glance(r delivery.Report, o Outlook, p *locale.Printer) markup.Doc {
	blocks := w.opening(r, p)
	if t := r.Total(); t.Deliveries() > 0 {
		blocks = append(blocks, markup.Paragraph{Text: markup.T(bar(t, p) + "\n" + w.outcome(r, t, o, p))})
	}
	return markup.Doc{Blocks: blocks}
}

// Progress is the message that follows a broadcast to its end.
func (w Writer) Progress(r delivery.Report, o Outlook, p *locale.Printer) markup.Doc {
	t := r.Total()
	if t.ToGo() > 0 {
		line := bar(t, p)
		if left := remaining(r, t, o); left > 0 {
			line = p.Say("progress.left", locale.Args{"Bar": line, "Duration": p.Duration(left)})
		}
		return markup.Doc{Blocks: []markup.Block{
			markup.Heading{Level: 1, Text: markup.T(p.Say("progress.title"))},
			markup.Paragraph{Text: markup.T(line)},
		}}
	}
	failed := ""
	if n := t.Failed(); n > 0 {
		failed = p.Counted("progress.failed", n)
	}
	return Say(p.Counted("progress.delivered", t.Sent, locale.Args{
		"Moment": w.Moment(r.Slot, p), "All": p.Number(t.Deliveries()), "Duration": p.Duration(o.Now.Sub(r.At)),
	}), failed)
}

func (w Writer) opening(r delivery.Report, p *locale.Printer) []markup.Block {
	edition := p.Say("status.none")
	if !r.Slot.IsZero() {
		edition = p.Say("status.edition", locale.Args{"Moment": w.Moment(r.Slot, p)})
	}
	return []markup.Block{
		markup.Heading{Level: 1, Text: markup.T(p.Say("status.title"))},
		markup.Paragraph{Text: markup.T(edition)},
	}
}

// outcome is how a broadcast ended, or when it will.
func (w Writer) outcome(r delivery.Report, one delivery.PlatformReport, o Outlook, p *locale.Printer) string {
	switch n := one.ToGo(); {
	case n == 0 && one.Failed() == 0:
		return p.Say("status.everyone")
	case n == 0:
		return p.Say("status.ended")
	default:
		args := locale.Args{"ToGo": p.Counted("status.to_go", n)}
		left := remaining(r, one, o)
		if left == 0 {
			return p.Say("status.open", args)
		}
		args["Duration"], args["Clock"] = p.Duration(left), w.until(o.Now, o.Now.Add(left), p)
		return p.Say("status.until", args)
	}
}

// until is a time of day, with its date when that isn't today's.
func (w Writer) until(now, t time.Time, p *locale.Printer) string {
	now, t = w.local(now), w.local(t)
	if now.YearDay() != t.YearDay() || now.Year() != t.Year() {
		return p.Moment(t)
	}
	return p.Clock(t)
}

// remaining is how long deliveries will take; 0 when that isn't known. For the
// total of a report it is as long as the slowest platform takes.
func remaining(r delivery.Report, one delivery.PlatformReport, o Outlook) time.Duration {
	elapsed := o.Now.Sub(r.At)
	if one.Platform != "" {
		return one.Remaining(elapsed, o.Pace[one.Platform])
	}
	var longest time.Duration
	for _, each := range r.Platforms {
		longest = max(longest, each.Remaining(elapsed, o.Pace[each.Platform]))
	}
	return longest
}

// bar is how much of the deliveries has ended. It is full only when all have.
func bar(one delivery.PlatformReport, p *locale.Printer) string {
	all := max(one.Deliveries(), 1)
	done := one.Deliveries() - one.ToGo()
	full := done * cells / all
	return p.Say("status.bar", locale.Args{
		"Bar":     strings.Repeat("▓", full) + strings.Repeat("░", cells-full),
		"Percent": strconv.Itoa(done * 100 / all),
		"Done":    p.Number(done), "All": p.Number(one.Deliveries()),
	})
}

// figures are the deliveries by state, and the failures by reason.
func figures(one delivery.PlatformReport, p *locale.Printer) []markup.Text {
	var items []markup.Text
	for _, f := range []struct {
		id string
		n  int
	}{
		{"status.queued", one.Queued}, {"status.sending", one.Sending}, {"status.sent", one.Sent}, {"status.failed", one.Failed()},
	} {
		if f.n > 0 {
			items = append(items, markup.T(p.Say(f.id, locale.Args{"N": p.Number(f.n)})))
		}
	}
	for _, f := range one.Failures {
		items = append(items, reason(f, p))
	}
	return items
}

// reason is why deliveries failed, with the platform's words.
func reason(f delivery.Reason, p *locale.Printer) markup.Text {
	id := "status.kind." + string(f.Kind)
	if f.Kind == "" || !p.Has(id) {
		id = "status.kind.unknown"
	}
	text := markup.T("⚠️ " + p.Number(f.Count) + ": " + p.Say(id))
	if words := markup.Join(markup.T(f.Words).Lines(), " ").Excerpt(wordsLimit).String(); words != "" {
		text = markup.Concat(text, markup.T(" — "), markup.Text{{Text: words, Style: markup.Italic}})
	}
	return text
}

// subscribers are the active subscriptions by platform.
func subscribers(r delivery.Report, p *locale.Printer) string {
	var list []string
	for _, one := range r.Platforms {
		if one.Subscriptions > 0 {
			list = append(list, platformName(one.Platform, p)+" "+p.Number(one.Subscriptions))
		}
	}
	if len(list) == 0 {
		return p.Say("status.nobody")
	}
	return strings.Join(list, " · ")
}

func platformName(name digest.Platform, p *locale.Printer) string {
	if id := "platform." + string(name); p.Has(id) {
		return p.Say(id)
	}
	return string(name)
}
