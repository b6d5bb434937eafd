// Days: days of the week, named, in spans, or by what people call them together.

package words

import (
	"regexp"
	"strings"
	"time"

	"github.com/strillone/strillone/digest"
)

// dayNames are the days by the letters that begin them.
var dayNames = []struct {
	least, name string
	day         time.Weekday
}{
	{"lun", "lunedi", time.Monday},
	{"mar", "martedi", time.Tuesday},
	{"mer", "mercoledi", time.Wednesday},
	{"gio", "giovedi", time.Thursday},
	{"ven", "venerdi", time.Friday},
	{"sab", "sabato", time.Saturday},
	{"dom", "domenica", time.Sunday},
	{"mo", "monday", time.Monday},
	{"tu", "tuesday", time.Tuesday},
	{"we", "wednesday", time.Wednesday},
	{"th", "thursday", time.Thursday},
	{"fr", "friday", time.Friday},
	{"sa", "saturday", time.Saturday},
	{"su", "sunday", time.Sunday},
}

const (
	workdays = digest.EveryDay &^ weekend
	weekend  = digest.Days(1<<time.Saturday | 1<<time.Sunday)
)

// groups are what several days are called together.
var groups = map[string]digest.Days{
	"tutti": digest.EveryDay, "tutti i giorni": digest.EveryDay, "ogni giorno": digest.EveryDay, "sempre": digest.EveryDay,
	"tutta la settimana": digest.EveryDay, "all": digest.EveryDay, "every day": digest.EveryDay, "everyday": digest.EveryDay,
	"daily": digest.EveryDay, "all days": digest.EveryDay,
	"feriali": workdays, "giorni feriali": workdays, "lavorativi": workdays, "giorni lavorativi": workdays,
	"weekdays": workdays, "workdays": workdays, "working days": workdays,
	"weekend": weekend, "week end": weekend, "week-end": weekend, "fine settimana": weekend, "festivi": weekend, "weekends": weekend,
}

var (
	except    = regexp.MustCompile(` (?:tranne|eccetto|meno|except|but) `)
	separator = regexp.MustCompile(`\s*[,;/&+]\s*|\s+(?:e|and)\s+|\s+`)
	spanMark  = regexp.MustCompile(`\s*-\s*`)
	spanWords = regexp.MustCompile(`(?:\bda(?:l|lla)? |\bfrom )?(\S+) (?:a|al|alla|fino a|fino al|to|through) (\S+)`)
)

// Days understands days of the week: lun-ven, lunedì e giovedì, tutti tranne la
// domenica, weekdays. "+mar" and "-mar" are the days there were, with and
// without it. No days at all are none that are understood.
func Days(s string, were digest.Days) (digest.Days, bool) {
	s = strings.TrimRight(fold(s), ".!")
	switch {
	case strings.HasPrefix(s, "+"):
		more, ok := days(s[1:])
		return were | more, ok
	case strings.HasPrefix(s, "-"):
		less, ok := days(s[1:])
		return were &^ less, ok && were&^less != 0
	}
	if parts := except.Split(s, 2); len(parts) == 2 {
		all, ok := days(parts[0])
		less, understood := days(parts[1])
		return all &^ less, ok && understood && all&^less != 0
	}
	return days(s)
}

func days(s string) (digest.Days, bool) {
	s = strings.TrimSpace(s)
	if all, ok := groups[without(s, "il", "i", "nei", "nel", "solo", "only", "the")]; ok {
		return all, true
	}
	s = spanMark.ReplaceAllString(spanWords.ReplaceAllString(s, "$1-$2"), "-")
	var all digest.Days
	for _, word := range separator.Split(s, -1) {
		switch word {
		case "", "il", "la", "di", "ogni", "on", "every", "solo", "only", "the":
			continue
		}
		found, ok := span(word)
		if !ok {
			return 0, false
		}
		all |= found
	}
	return all, all != 0
}

// span is a day, or the days from one to another: ven-lun goes over the weekend.
func span(s string) (digest.Days, bool) {
	if group, ok := groups[s]; ok {
		return group, true
	}
	first, last, is := strings.Cut(s, "-")
	from, ok := Day(first)
	if !ok || !is {
		return digest.DaysOf(from), ok
	}
	to, ok := Day(last)
	if !ok {
		return 0, false
	}
	all := digest.DaysOf(to)
	for day := from; day != to; day = (day + 1) % 7 {
		all |= digest.DaysOf(day)
	}
	return all, true
}

// Day understands one day of the week, abbreviated or not.
func Day(s string) (time.Weekday, bool) {
	s = strings.TrimSuffix(strings.TrimSuffix(fold(s), "."), "'")
	for _, d := range dayNames {
		if strings.HasPrefix(s, d.least) && (strings.HasPrefix(d.name, s) || strings.TrimSuffix(s, "s") == d.name) {
			return d.day, true
		}
	}
	return 0, false
}
