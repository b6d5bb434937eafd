// Until: the day on which something begins again.

package words

import (
	"regexp"
	"strconv"
	"strings"
	"time"
)

// monthNames are the months by the letters that begin them, in both languages.
var monthNames = []struct {
	least, name string
	month       time.Month
}{
	{"gen", "gennaio", time.January},
	{"feb", "febbraio", time.February},
	{"mar", "marzo", time.March},
	{"apr", "aprile", time.April},
	{"mag", "maggio", time.May},
	{"giu", "giugno", time.June},
	{"lug", "luglio", time.July},
	{"ago", "agosto", time.August},
	{"set", "settembre", time.September},
	{"ott", "ottobre", time.October},
	{"nov", "novembre", time.November},
	{"dic", "dicembre", time.December},
	{"jan", "january", time.January},
	{"feb", "february", time.February},
	{"mar", "march", time.March},
	{"apr", "april", time.April},
	{"may", "may", time.May},
	{"jun", "june", time.June},
	{"jul", "july", time.July},
	{"aug", "august", time.August},
	{"sep", "september", time.September},
	{"oct", "october", time.October},
	{"nov", "november", time.November},
	{"dec", "december", time.December},
}

var (
	iso       = regexp.MustCompile(`^(\d{4})-(\d{1,2})-(\d{1,2})$`)
	numeric   = regexp.MustCompile(`^(\d{1,2})[/.-](\d{1,2})(?:[/.-](\d{4}|\d{2}))?$`)
	dayMonth  = regexp.MustCompile(`^(?:[a-z]+[.,]? )?(\d{1,2})(?:°|º|o|st|nd|rd|th)?(?: of| di)? ([a-z]+)\.?,?(?: (?:del )?(\d{4}))?$`)
	monthDay  = regexp.MustCompile(`^(?:[a-z]+, )?([a-z]+)\.? (\d{1,2})(?:st|nd|rd|th)?,?(?: (\d{4}))?$`)
	howLong   = regexp.MustCompile(`^(\d{1,4}|[a-z]+'?)(?: |')?(giorn[oi]|settiman[ae]|mes[ei]|ann[oi]|days?|weeks?|months?|years?)$`)
	numerals  = map[string]int{"un": 1, "uno": 1, "una": 1, "un'": 1, "a": 1, "an": 1, "one": 1, "due": 2, "two": 2, "tre": 3, "three": 3, "quattro": 4, "four": 4, "cinque": 5, "five": 5, "sei": 6, "six": 6, "sette": 7, "seven": 7, "otto": 8, "eight": 8, "dieci": 10, "ten": 10}
	tomorrows = map[string]int{"domani": 1, "tomorrow": 1, "dopodomani": 2}
)

// Until understands a day, named (fino al 6 gennaio, 2026-12-24, 24/12, lunedì)
// or as far away (2 settimane, un mese), and returns its beginning on the clocks
// of now. A date without a year is the next one there is; one with a year may
// have passed.
func Until(s string, now time.Time) (time.Time, bool) {
	s = strings.TrimRight(fold(s), ".!")
	s = without(s, "fino al prossimo", "fino alla prossima", "fino al", "fino all'", "fino alla", "fino a", "sino al", "sino a", "until", "till", "per", "for", "al", "all'", "il", "l'")
	s = without(s, "prossimo", "prossima", "next", "giorno", "the")
	day := func(y int, m time.Month, d int) time.Time { return time.Date(y, m, d, 0, 0, 0, 0, now.Location()) }
	y, m, d := now.Date()
	if days, ok := tomorrows[s]; ok {
		return day(y, m, d+days), true
	}
	if weekday, ok := Day(s); ok {
		ahead := int(weekday-now.Weekday()+7) % 7
		if ahead == 0 {
			ahead = 7
		}
		return day(y, m, d+ahead), true
	}
	if n := howLong.FindStringSubmatch(s); n != nil {
		return later(n[1], n[2], now)
	}
	return date(s, now)
}

// later is the beginning of the day that is so much later: a month after the
// 31st is the last of a shorter month.
func later(number, unit string, now time.Time) (time.Time, bool) {
	n, ok := numerals[number]
	if !ok {
		var err error
		if n, err = strconv.Atoi(number); err != nil {
			return time.Time{}, false
		}
	}
	y, m, d := now.Date()
	begins := func(y int, m time.Month, d int) time.Time { return time.Date(y, m, d, 0, 0, 0, 0, now.Location()) }
	switch unit[0] {
	case 'g', 'd':
		return begins(y, m, d+n), n > 0
	case 's', 'w':
		return begins(y, m, d+7*n), n > 0
	case 'a', 'y':
		n *= 12
	}
	last := time.Date(y, m+time.Month(n)+1, 0, 0, 0, 0, 0, time.UTC).Day()
	return begins(y, m+time.Month(n), min(d, last)), n > 0
}

// date is a date in figures or with the month's name.
func date(s string, now time.Time) (time.Time, bool) {
	var year, month, day string
	if m := iso.FindStringSubmatch(s); m != nil {
		year, month, day = m[1], m[2], m[3]
	} else if m := numeric.FindStringSubmatch(s); m != nil {
		day, month, year = m[1], m[2], m[3]
	} else if m := dayMonth.FindStringSubmatch(s); m != nil {
		day, month, year = m[1], monthOf(m[2]), m[3]
	} else if m := monthDay.FindStringSubmatch(s); m != nil {
		month, day, year = monthOf(m[1]), m[2], m[3]
	}
	m, err := strconv.Atoi(month)
	if err != nil || m < 1 || m > 12 {
		return time.Time{}, false
	}
	d, err := strconv.Atoi(day)
	if err != nil {
		return time.Time{}, false
	}
	if year != "" {
		y, err := strconv.Atoi(year)
		if err != nil {
			return time.Time{}, false
		}
		if len(year) == 2 {
			y += 2000
		}
		return onThe(y, time.Month(m), d, now)
	}
	// The next one there is: of 29 February within eight years.
	for y := now.Year(); y <= now.Year()+8; y++ {
		if t, ok := onThe(y, time.Month(m), d, now); ok && t.After(now) {
			return t, true
		}
	}
	return time.Time{}, false
}

// onThe is a date's beginning, if there is such a date.
func onThe(y int, m time.Month, d int, now time.Time) (time.Time, bool) {
	date := time.Date(y, m, d, 0, 0, 0, 0, time.UTC)
	return time.Date(y, m, d, 0, 0, 0, 0, now.Location()), date.Month() == m && date.Day() == d
}

// monthOf is a month's number, in figures, or "".
func monthOf(s string) string {
	for _, m := range monthNames {
		if strings.HasPrefix(s, m.least) && strings.HasPrefix(m.name, s) || s == "sept" && m.month == time.September {
			return strconv.Itoa(int(m.month))
		}
	}
	return ""
}
