// Panels: one setting each, opened from the panel of all and leading back to it.

package compose

import (
	"slices"
	"strconv"

	"github.com/strillone/strillone/bot/locale"
	"github.com/strillone/strillone/digest"
	"github.com/strillone/strillone/digest/markup"
	"github.com/strillone/strillone/digest/search"
)

// panel is a panel with its title, a word on it, the next digest and its
// buttons, of which the last leads back.
func (w Writer) panel(name, word string, s Panel, p *locale.Printer, rows ...[]markup.Action) markup.Doc {
	blocks := w.panelTitle("settings.title_of."+name, s, p)
	if word != "" {
		blocks = append(blocks, markup.Paragraph{Text: markup.T(word)})
	}
	last := len(rows) - 1
	rows[last] = append(rows[last], back(s, p))
	return markup.Doc{Blocks: append(blocks, w.nextLine(s, p)), Rows: rows}
}

func back(s Panel, p *locale.Printer) markup.Action {
	return s.action(p.Say("settings.back"), "impostazioni")
}

// asking is a button that asks for the words of a command.
func (s Panel) asking(name string, p *locale.Printer) markup.Action {
	a := s.action(p.Say("settings.ask."+name+".button"), name)
	a.Input = &markup.Input{Label: p.Say("settings.ask." + name + ".label"), Hint: p.Say("settings.ask." + name + ".hint")}
	return a
}

// times are the hours that most people choose among.
var times = [2][4][2]int{
	{{6, 30}, {7, 0}, {7, 30}, {8, 0}},
	{{9, 0}, {13, 0}, {18, 0}, {21, 0}},
}

// Hours offers times of day.
func (w Writer) Hours(s Panel, p *locale.Printer) markup.Doc {
	var rows [][]markup.Action
	for _, some := range times {
		var row []markup.Action
		for _, at := range some {
			a := s.action(hour(at[0], at[1]), Hour+" "+hour(at[0], at[1]))
			row = append(row, chosen(a, at == [2]int{s.Times.Hour, s.Times.Minute}))
		}
		rows = append(rows, row)
	}
	return w.panel(Hour, "", s, p, append(rows, []markup.Action{s.asking(Hour, p)})...)
}

// Weekdays offers the days of the week, each to be turned on and off.
func (w Writer) Weekdays(s Panel, p *locale.Printer) markup.Doc {
	var all []markup.Action
	for _, d := range week {
		name := locale.For(digest.Italian).Say("weekday_short.d" + strconv.Itoa(int(d)))
		sign := "+"
		if s.Times.Days.Has(d) {
			sign = "-"
		}
		all = append(all, chosen(s.action(shortDay(d, p), Weekdays+" "+sign+name), s.Times.Days.Has(d)))
	}
	together := []markup.Action{
		s.action(p.Say("settings.workdays"), Weekdays+" feriali"),
		s.action(p.Say("settings.every_day_button"), Weekdays+" tutti"),
	}
	return w.panel(Weekdays, "", s, p, all[:4:4], all[4:], together)
}

// Zones asks for a city.
func (w Writer) Zones(s Panel, p *locale.Printer) markup.Doc {
	return w.panel(Zone, p.Say("settings.zone_is", locale.Args{"Zone": s.Times.Zone}), s, p, []markup.Action{s.asking(Zone, p)})
}

// Spot is a place to choose a zone by.
type Spot struct{ Name, Zone string }

// WhichZone offers the places that may be meant, six at most, under a sentence
// that says why.
func (w Writer) WhichZone(sentence string, spots []Spot, s Panel, p *locale.Printer) markup.Doc {
	var all []markup.Action
	for _, spot := range spots[:min(len(spots), 6)] {
		all = append(all, s.action(spot.Name+" · "+spot.Zone, Zone+" "+spot.Zone))
	}
	doc := Say(sentence)
	doc.Rows = append(inRows(all, 2), []markup.Action{s.asking(Zone, p), back(s, p)})
	return doc
}

// topicsShown is how many topics a panel shows at once: two rows.
const topicsShown = 8

// ChooseTopics offers the topics, from the page that holds the one at an index. A press
// has each wanted, then muted, then neither.
func (w Writer) ChooseTopics(topics []search.TopicCount, at int, s Panel, p *locale.Printer) markup.Doc {
	first := max(min(at, len(topics)-1), 0) / topicsShown * topicsShown
	shown := topics[first:min(first+topicsShown, len(topics))]
	var all []markup.Action
	for _, t := range shown {
		label := t.Topic
		if t.Articles > 0 {
			label += " (" + p.Number(t.Articles) + ")"
		}
		all = append(all, s.topic(t.Topic, label))
	}
	var last []markup.Action
	if len(s.Choice.Wanted)+len(s.Choice.Muted) > 0 {
		last = append(last, s.action(p.Say("settings.all_topics_button"), Topics+" tutti"))
	}
	if n := len(topics); n > topicsShown {
		more := first + topicsShown
		if more >= n {
			more = 0
		}
		last = append(last, s.action(p.Say("settings.more_topics"), "impostazioni "+Topics+" "+strconv.Itoa(more)))
	}
	word := p.Say("settings.topics_are", locale.Args{"Topics": choice(s.Choice, p)})
	if len(all) == 0 {
		return w.panel(Topics, p.Say("settings.no_topics"), s, p, last)
	}
	rows := inRows(all, 2)
	return w.panel(Topics, word, s, p, append(rows, last)...)
}

// topic is a topic's button: what it is now, and what a press makes of it.
func (s Panel) topic(name, label string) markup.Action {
	switch {
	case has(s.Choice.Wanted, name):
		return chosen(s.action(label, Topics+" -"+name), true)
	case has(s.Choice.Muted, name):
		return s.action("✕ "+label, Topics+" ="+name)
	}
	return s.action(label, Topics+" +"+name)
}

// has says whether a topic is one of several, however it is spelled.
func has(topics []string, name string) bool {
	key := search.TopicKey(name)
	return slices.ContainsFunc(topics, func(t string) bool { return search.TopicKey(t) == key })
}

// Languages offers the languages by their own names.
func (w Writer) Languages(s Panel, p *locale.Printer) markup.Doc {
	var all []markup.Action
	for _, l := range locale.Languages() {
		all = append(all, chosen(s.action(locale.For(l).Say("language.name"), Tongue+" "+string(l)), l == s.Language))
	}
	return w.panel(Tongue, "", s, p, append(inRows(all, 2), []markup.Action(nil))...)
}

// Pauses offers how long to pause, and to end it all.
func (w Writer) Pauses(s Panel, p *locale.Printer) markup.Doc {
	lengths := []markup.Action{
		s.action(p.Say("settings.week"), Pause+" 1 settimana"),
		s.action(p.Say("settings.two_weeks"), Pause+" 2 settimane"),
		s.action(p.Say("settings.month"), Pause+" 1 mese"),
	}
	dates := []markup.Action{s.asking(Pause, p)}
	word := p.Say("settings.pause_word")
	if !s.PausedUntil.IsZero() {
		dates = append(dates, s.action(p.Say("settings.resume"), "riprendi"))
		word = p.Say("settings.paused", locale.Args{"Date": p.Date(w.local(s.PausedUntil))})
	}
	end := s.action(p.Say("settings.unsubscribe"), "disiscriviti")
	end.Tone = markup.Danger
	return w.panel(Pause, word, s, p, lengths, dates, []markup.Action{end})
}

// Roles asks for the role to be mentioned.
func (w Writer) Roles(s Panel, p *locale.Printer) markup.Doc {
	return w.panel(Mention, p.Say("settings.mention_word"), s, p,
		[]markup.Action{s.asking(Mention, p), s.action(p.Say("settings.no_mention"), Mention+" no")})
}

// Misunderstood says what wasn't understood, and leads to where it can be said
// again.
func (w Writer) Misunderstood(name, sentence string, s Panel, p *locale.Printer) markup.Doc {
	again := s.action(p.Say("settings.name."+name), "impostazioni "+name)
	if p.Has("settings.ask." + name + ".button") {
		again = s.asking(name, p)
	}
	doc := Say(sentence)
	doc.Rows = [][]markup.Action{{again, back(s, p)}}
	return doc
}
