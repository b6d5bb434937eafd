// Settings: the panel of a place's settings, and what each of them says.

package compose

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/strillone/strillone/bot/locale"
	"github.com/strillone/strillone/digest"
	"github.com/strillone/strillone/digest/markup"
)

// Panel is what settings panels are made from.
type Panel struct {
	digest.Settings
	// Times are the place's own schedule, or the operator's as far as it can be
	// said in the same words.
	Times digest.Schedule
	Often bool      // the operator's has more than one time a day, of which Times is the first
	Next  time.Time // the next digest; zero: not known
	// Place is what people call a place that is managed from another; empty: it
	// is the one that is looked at.
	Place string
	// In ends the command line of every button: which place is meant, if it is
	// another.
	In       string
	Platform digest.Platform // some settings are one platform's own
}

// The names of the settings, which are their commands'.
const (
	Hour       = "ora"
	Weekdays   = "giorni"
	Zone       = "fuso"
	Topics     = "temi"
	Tongue     = "lingua"
	Form       = "forma"
	Silence    = "silenzio"
	Previews   = "anteprime"
	Pause      = "pausa"
	Mention    = "menzione"
	Crosspost  = "annunci"
	Discussion = "discussione"
)

// discord is the platform that the last three settings are of use on.
const discord = "discord"

// Settings is the panel that all others are opened from.
func (w Writer) Settings(s Panel, p *locale.Printer) markup.Doc {
	shown := []string{Hour, Weekdays, Zone, Topics, Tongue, Form, Silence, Previews}
	if s.Platform == discord {
		shown = append(shown, Mention, Crosspost, Discussion)
	}
	if !s.PausedUntil.IsZero() {
		shown = append(shown, Pause)
	}
	lines := make([]markup.Text, len(shown))
	for i, name := range shown {
		lines[i] = markup.Concat(markup.B(p.Say("settings.name."+name)), markup.T(" "+w.Setting(name, s, p)))
	}
	return markup.Doc{
		Blocks: append(w.panelTitle("settings.title", s, p),
			markup.Paragraph{Text: markup.Join(lines, "\n")},
			w.nextLine(s, p)),
		Rows: inRows(w.doors(s, p), 3),
	}
}

// doors are the buttons of the main panel: those that lead to another, and those
// that change what has but two values.
func (w Writer) doors(s Panel, p *locale.Printer) []markup.Action {
	open := func(name string) markup.Action { return s.action(p.Say("settings.name."+name), "impostazioni "+name) }
	turn := func(name, value string) markup.Action {
		return s.action(p.Say("settings.turn."+name+"_"+value), name+" "+value)
	}
	form, pause := turn(Form, "completa"), open(Pause)
	if s.Form == digest.Full {
		form = turn(Form, "breve")
	}
	if !s.PausedUntil.IsZero() {
		pause = s.action(p.Say("settings.resume"), "riprendi")
	}
	doors := []markup.Action{
		open(Hour), open(Weekdays), open(Zone), open(Topics), open(Tongue), form,
		turn(Silence, yes(!s.Manner.Silent)), turn(Previews, yes(s.Manner.NoPreviews)), pause,
	}
	if s.Platform == discord {
		doors = append(doors, open(Mention), turn(Crosspost, yes(!s.Manner.Crosspost)), turn(Discussion, yes(!s.Manner.Discuss)))
	}
	return doors
}

// yes is a yes or a no as command lines have it.
func yes(is bool) string {
	if is {
		return "si"
	}
	return "no"
}

// Setting is what a setting is set to, in words.
func (w Writer) Setting(name string, s Panel, p *locale.Printer) string {
	switch name {
	case Hour:
		if s.Often {
			return p.Say("settings.often")
		}
		return hour(s.Times.Hour, s.Times.Minute)
	case Weekdays:
		return days(s.Times.Days, p)
	case Zone:
		return s.Times.Zone
	case Topics:
		return choice(s.Choice, p)
	case Tongue:
		return locale.For(s.Language).Say("language.name")
	case Form:
		if s.Form == digest.Full {
			return p.Say("settings.full")
		}
		return p.Say("settings.short")
	case Silence:
		return w.yesNo(!s.Manner.Silent, p)
	case Previews:
		return w.yesNo(!s.Manner.NoPreviews, p)
	case Crosspost:
		return w.yesNo(s.Manner.Crosspost, p)
	case Discussion:
		return w.yesNo(s.Manner.Discuss, p)
	case Mention:
		if s.Manner.Mention == "" {
			return p.Say("settings.nobody")
		}
		return p.Say("settings.role", locale.Args{"Role": s.Manner.Mention})
	case Pause:
		if s.PausedUntil.IsZero() {
			return p.Say("settings.no")
		}
		return p.Say("settings.until", locale.Args{"Date": p.Date(w.local(s.PausedUntil))})
	}
	return ""
}

func (w Writer) yesNo(is bool, p *locale.Printer) string {
	if is {
		return p.Say("settings.yes")
	}
	return p.Say("settings.no")
}

// Changed says that a setting is what it is now, and when the next digest comes.
func (w Writer) Changed(name string, s Panel, p *locale.Printer) markup.Doc {
	return markup.Doc{
		Blocks: []markup.Block{markup.Paragraph{Text: markup.T(w.Done(name, s, p))}, w.nextLine(s, p)},
		Rows:   [][]markup.Action{{s.action(p.Say("settings.title"), "impostazioni")}},
	}
}

// Done says that a setting is what it is now, on one line.
func (w Writer) Done(name string, s Panel, p *locale.Printer) string {
	return p.Say("settings.done", locale.Args{"Setting": p.Say("settings.name." + name), "Value": w.Setting(name, s, p)})
}

// NotSubscribed is the panel of a place that gets no digest.
func (w Writer) NotSubscribed(s Panel, p *locale.Printer) markup.Doc {
	subscribe := s.action(p.Say("settings.subscribe"), "iscriviti")
	subscribe.Tone = markup.Primary
	id := "settings.not_subscribed"
	if s.In != "" {
		id += "_there"
	}
	return markup.Doc{
		Blocks: append(w.panelTitle("settings.title", s, p),
			markup.Paragraph{Text: markup.T(p.Say(id))}),
		Rows: [][]markup.Action{{subscribe}},
	}
}

func (w Writer) panelTitle(id string, s Panel, p *locale.Printer) []markup.Block {
	blocks := []markup.Block{markup.Heading{Level: 1, Text: markup.T(p.Say(id))}}
	if s.Place != "" {
		blocks = append(blocks, markup.Note{Text: markup.T(p.Say("settings.there", locale.Args{"Place": s.Place}))})
	}
	return blocks
}

// NextLine says when the next digest comes, in the reader's zone.
func (w Writer) NextLine(s Panel, p *locale.Printer) string {
	if s.Next.IsZero() {
		return p.Say("settings.next_unknown")
	}
	return p.Say("settings.next", locale.Args{"Next": w.Moment(s.Next, p)})
}

func (w Writer) nextLine(s Panel, p *locale.Printer) markup.Block {
	return markup.Paragraph{Text: markup.T(w.NextLine(s, p))}
}

// action is a button whose line says which place it is for.
func (s Panel) action(label, line string) markup.Action {
	return markup.Action{Label: label, Command: line + s.In}
}

// chosen marks a button as what is set now.
func chosen(a markup.Action, is bool) markup.Action {
	if is {
		a.Label, a.Tone = "✓ "+a.Label, markup.Primary
	}
	return a
}

// inRows are buttons in as many rows, all about as long.
func inRows(actions []markup.Action, rows int) [][]markup.Action {
	return slices.Collect(slices.Chunk(actions, max((len(actions)+rows-1)/rows, 1)))
}

func hour(h, m int) string { return fmt.Sprintf("%d:%02d", h, m) }

// week is the week as people read it.
var week = []time.Weekday{
	time.Monday, time.Tuesday, time.Wednesday, time.Thursday, time.Friday, time.Saturday, time.Sunday,
}

// days are days of the week: lun–ven, dom; three and more in a row as a span.
func days(all digest.Days, p *locale.Printer) string {
	if all == digest.EveryDay {
		return p.Say("settings.every_day")
	}
	var parts []string
	for i := 0; i < len(week); i++ {
		first := i
		for i < len(week) && all.Has(week[i]) {
			i++
		}
		switch n := i - first; {
		case n > 2:
			parts = append(parts, shortDay(week[first], p)+"–"+shortDay(week[i-1], p))
		default:
			for _, d := range week[first:i] {
				parts = append(parts, shortDay(d, p))
			}
		}
	}
	return strings.Join(parts, ", ")
}

func shortDay(d time.Weekday, p *locale.Printer) string {
	return p.Say("weekday_short.d" + strconv.Itoa(int(d)))
}

// choice is which topics a digest holds.
func choice(c digest.Choice, p *locale.Printer) string {
	wanted, muted := strings.Join(c.Wanted, ", "), strings.Join(c.Muted, ", ")
	switch {
	case wanted == "" && muted == "":
		return p.Say("settings.all_topics")
	case muted == "":
		return wanted
	case wanted == "":
		return p.Say("settings.all_but", locale.Args{"Topics": muted})
	}
	return p.Say("settings.some_not", locale.Args{"Wanted": wanted, "Muted": muted})
}
