// Clock: a time of day.

package words

import (
	"regexp"
	"strconv"
	"strings"
)

var (
	// digital: 7, 7:30, 7.30, 7,30, 7h30, 7 e 30, with am and pm in any writing.
	digital = regexp.MustCompile(`^(\d{1,2})(?: ?(?:[:.,h'] ?|e )(\d{1,2}))?(?: ?h)?(?: ?([ap])\.?m\.?)?$`)
	// compact: 0730, 1930.
	compact = regexp.MustCompile(`^(\d{2})(\d{2})$`)
	// english: half past seven, quarter to 8.
	english = regexp.MustCompile(`^(?:a )?(half|quarter) (past|to) (.+)$`)
)

// hours are the words for the hours, in both languages.
var hours = map[string]int{
	"mezzanotte": 0, "midnight": 0, "mezzogiorno": 12, "noon": 12, "midday": 12,
	"una": 1, "l'una": 1, "due": 2, "tre": 3, "quattro": 4, "cinque": 5, "sei": 6, "sette": 7, "otto": 8,
	"nove": 9, "dieci": 10, "undici": 11, "dodici": 12, "tredici": 13, "quattordici": 14, "quindici": 15,
	"sedici": 16, "diciassette": 17, "diciotto": 18, "diciannove": 19, "venti": 20, "ventuno": 21,
	"ventidue": 22, "ventitre": 23,
	"one": 1, "two": 2, "three": 3, "four": 4, "five": 5, "six": 6, "seven": 7, "eight": 8, "nine": 9,
	"ten": 10, "eleven": 11, "twelve": 12,
}

// quarters are what may follow an hour, in minutes.
var quarters = map[string]int{
	" e mezza": 30, " e mezzo": 30, " e un quarto": 15, " e tre quarti": 45, " meno un quarto": -15,
	" e dieci": 10, " e venti": 20, " meno dieci": -10, " meno venti": -20, " in punto": 0, " o'clock": 0,
}

// halves are the words for a half of the day; those of the second turn 7 into 19.
var halves = []struct {
	word   string
	second bool
}{
	{" di mattina", false},
	{" del mattino", false},
	{" della mattina", false},
	{" in the morning", false},
	{" di notte", false},
	{" del pomeriggio", true},
	{" di pomeriggio", true},
	{" in the afternoon", true},
	{" di sera", true},
	{" della sera", true},
	{" in the evening", true},
}

// Clock understands a time of day: 7, 7.30, alle 7 e mezza, ore 19, 7am, half
// past seven.
func Clock(s string) (hour, minute int, ok bool) {
	s = without(strings.TrimRight(fold(s), ".!"), "alle ore", "alle", "all'", "a", "le", "ore", "ora", "at", "h")
	s = without(s, "ore")
	second, said := false, false
	for _, h := range halves {
		if rest, found := strings.CutSuffix(s, h.word); found {
			s, second, said = rest, h.second, true
			break
		}
	}
	minutes, ok := minutesOf(s)
	if !ok {
		return 0, 0, false
	}
	if said && second && minutes < 12*60 {
		minutes += 12 * 60
	}
	minutes = (minutes + 24*60) % (24 * 60)
	return minutes / 60, minutes % 60, true
}

// minutesOf is a time in minutes since midnight.
func minutesOf(s string) (int, bool) {
	if m := compact.FindStringSubmatch(s); m != nil {
		return clock(m[1], m[2], "")
	}
	if m := digital.FindStringSubmatch(s); m != nil {
		return clock(m[1], m[2], m[3])
	}
	if m := english.FindStringSubmatch(s); m != nil {
		hour, ok := hourOf(m[3])
		switch {
		case m[1] == "half" && m[2] == "to":
			return 0, false
		case m[1] == "half":
			return hour*60 + 30, ok
		case m[2] == "to":
			return hour*60 - 15, ok
		}
		return hour*60 + 15, ok
	}
	for words, minutes := range quarters {
		if rest, found := strings.CutSuffix(s, words); found {
			hour, ok := hourOf(rest)
			return hour*60 + minutes, ok
		}
	}
	hour, ok := hours[s]
	return hour * 60, ok
}

// hourOf is an hour in words or figures.
func hourOf(s string) (int, bool) {
	if hour, ok := hours[s]; ok {
		return hour, true
	}
	hour, err := strconv.Atoi(s)
	return hour, err == nil && len(s) <= 2 && hour >= 0 && hour <= 24
}

// clock is an hour and a minute in figures. Of one figure alone, as in 7:5, it
// can't be told which minute it means.
func clock(h, m, half string) (int, bool) {
	hour, _ := strconv.Atoi(h) // the pattern has let figures through only
	minute, _ := strconv.Atoi(m)
	switch {
	case len(m) == 1, minute > 59, hour > 24, hour == 24 && minute > 0:
		return 0, false
	case half != "" && (hour < 1 || hour > 12):
		return 0, false
	case half == "p":
		hour = hour%12 + 12
	case half == "a":
		hour %= 12
	}
	return hour*60 + minute, true
}
