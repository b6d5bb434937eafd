// Dates as people write them after a source: recognised, never converted.

package digest

import (
	"regexp"
	"strings"
)

// maxDate is over the length of any date, in bytes.
const maxDate = 64

const (
	months = `gennaio|febbraio|marzo|aprile|maggio|giugno|luglio|agosto|settembre|ottobre|novembre|dicembre` +
		`|january|february|march|april|may|june|july|august|september|october|november|december` +
		`|(?:gen|feb|mar|apr|mag|giu|lug|ago|sett?|ott|nov|dic|jan|jun|jul|aug|sept?|oct|dec)\.?`
	seasons = `primavera|estate|autunno|inverno|spring|summer|autumn|fall|winter|q[1-4]`
	year    = `(?:19|20)\d\d`
	day     = `(?:0?[1-9]|[12]\d|3[01])(?:°|º|st|nd|rd|th)?`
	span    = `\s*[-–—/]\s*`
)

// dateForms: 2024, 2023-24, aprile 2025, marzo-aprile 2025, primavera 2025,
// 12 aprile 2025, 12-14 aprile, April 12, 2025, 12/04/2025, 04/2025,
// 2025-04-12, 2025-04.
var dateForms = regexp.MustCompile(`^(?:` + strings.Join([]string{
	year + `(?:` + span + `(?:` + year + `|\d\d))?`,
	`(?:` + months + `|` + seasons + `)(?:` + span + `(?:` + months + `|` + seasons + `))?(?:\s+(?:del|of|de))?,?\s+` + year,
	`(?:` + day + span + `)?` + day + `\s+(?:of\s+)?(?:` + months + `)(?:(?:\s+del)?,?\s+` + year + `)?`,
	`(?:` + months + `)\s+` + day + `,?\s+` + year,
	`\d{1,2}([/.-])\d{1,2}[/.-](?:` + year + `|\d\d)`,
	`\d{1,2}[/.-]` + year,
	year + `[/.-]\d{1,2}(?:[/.-]\d{1,2})?`,
}, `|`) + `)$`)

// isDate reports whether all of s reads as a date.
func isDate(s string) bool {
	return len(s) <= maxDate && dateForms.MatchString(strings.ToLower(s))
}
