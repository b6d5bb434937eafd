// Printer: a language's sentences, filled in.

package locale

import (
	"embed"
	"fmt"
	"io/fs"
	"maps"
	"path"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/goccy/go-yaml"
	"github.com/nicksnyder/go-i18n/v2/i18n"
	"golang.org/x/text/language"

	"github.com/strillone/strillone/digest"
)

//go:embed *.yaml
var files embed.FS

var printers = must(load(files))

// Args fill the {{.Names}} of a sentence. "Count" also chooses its plural.
type Args map[string]any

// Printer says things in one language. It is safe for concurrent use.
type Printer struct {
	language  digest.Language
	localizer *i18n.Localizer
}

// load makes a printer of each file. Whatever a language lacks is said in Italian.
func load(files fs.FS) (map[digest.Language]*Printer, error) {
	bundle := i18n.NewBundle(language.Italian)
	bundle.RegisterUnmarshalFunc("yaml", func(data []byte, v any) error { return yaml.Unmarshal(data, v) })
	names, err := fs.ReadDir(files, ".")
	if err != nil {
		return nil, err
	}
	all := make(map[digest.Language]*Printer)
	for _, f := range names {
		if _, err := bundle.LoadMessageFileFS(files, f.Name()); err != nil {
			return nil, fmt.Errorf("%s: %w", f.Name(), err)
		}
		l := strings.TrimSuffix(f.Name(), path.Ext(f.Name()))
		all[digest.Language(l)] = &Printer{digest.Language(l), i18n.NewLocalizer(bundle, l)}
	}
	return all, nil
}

// must is what the embedded files hold: that they can be read, a test sees.
func must(all map[digest.Language]*Printer, err error) map[digest.Language]*Printer {
	if err != nil {
		panic(fmt.Sprintf("locale: %v", err))
	}
	return all
}

// Languages lists the languages there are sentences in, sorted.
func Languages() []digest.Language { return slices.Sorted(maps.Keys(printers)) }

// For is the printer of a language, or the Italian one when there is none.
func For(l digest.Language) *Printer {
	if p, ok := printers[l]; ok {
		return p
	}
	return printers[digest.Italian]
}

// Match is the language for a person whose platform reports the BCP 47 tag: its
// own when there are sentences in it, else the fallback.
func Match(tag string, fallback digest.Language) digest.Language {
	parsed, err := language.Parse(tag)
	if err != nil {
		return fallback
	}
	base, _ := parsed.Base()
	if _, ok := printers[digest.Language(base.String())]; ok {
		return digest.Language(base.String())
	}
	return fallback
}

// Called is the language that people call by that name, in any language spoken
// here, or by its code.
func Called(name string) (digest.Language, bool) {
	name = strings.ToLower(strings.Trim(name, " .!"))
	for l, p := range printers {
		if slices.Contains(strings.Split(p.Say("language.called"), ", "), name) {
			return l, true
		}
	}
	return "", false
}

// Language is the printer's language.
func (p *Printer) Language() digest.Language { return p.language }

// Say is the sentence of that id. An unknown id is said as it stands, so that a
// mistake is seen and nothing breaks.
func (p *Printer) Say(id string, args ...Args) string {
	c := &i18n.LocalizeConfig{MessageID: id}
	if len(args) > 0 {
		c.TemplateData = args[0]
		if n, ok := args[0]["Count"]; ok {
			c.PluralCount = n
		}
	}
	s, err := p.localizer.Localize(c)
	if err != nil && s == "" && c.PluralCount != nil {
		c.PluralCount = nil // the sentence has one form for any number
		s, err = p.localizer.Localize(c)
	}
	if err != nil && s == "" { // with both, it is another language's sentence
		return id
	}
	return s
}

// Has says whether there is a sentence of that id.
func (p *Printer) Has(id string) bool {
	_, err := p.localizer.Localize(&i18n.LocalizeConfig{MessageID: id})
	return err == nil
}

// Day is a date without its year: "martedì 24 novembre".
func (p *Printer) Day(t time.Time) string { return p.Say("date.day", p.dateArgs(t)) }

// Date is a date with its year: "martedì 24 novembre 2026".
func (p *Printer) Date(t time.Time) string { return p.Say("date.full", p.dateArgs(t)) }

// Moment is a date and a time: "mercoledì 25 novembre alle 8:00".
func (p *Printer) Moment(t time.Time) string { return p.Say("date.moment", p.dateArgs(t)) }

// Clock is a time of day: "alle 8:12".
func (p *Printer) Clock(t time.Time) string { return p.Say("date.clock", p.dateArgs(t)) }

// Duration is a length of time as people say it: "circa 4 minuti".
func (p *Printer) Duration(d time.Duration) string {
	minutes := int(d.Round(time.Minute) / time.Minute)
	switch {
	case d < time.Minute:
		return p.Say("duration.moment")
	case minutes < 60:
		return p.Counted("duration.minutes", minutes)
	}
	return p.Counted("duration.hours", int(d.Round(time.Hour)/time.Hour))
}

// Number is a number with its thousands set apart: "10.000".
func (p *Printer) Number(n int) string {
	digits := strconv.Itoa(n)
	for i := len(digits) - 3; i > 0 && digits[i-1] != '-'; i -= 3 {
		digits = digits[:i] + p.Say("number.group") + digits[i:]
	}
	return digits
}

// List is several things as people name them: "a, b e c".
func (p *Printer) List(things []string) string {
	last := len(things) - 1
	if last < 1 {
		return strings.Join(things, "")
	}
	return p.Say("list.and", Args{"First": strings.Join(things[:last], ", "), "Last": things[last]})
}

// Counted is Say for a sentence about n things: {{.N}} is the number as Number
// writes it.
func (p *Printer) Counted(id string, n int, args ...Args) string {
	all := Args{"Count": n, "N": p.Number(n)}
	for _, a := range args {
		maps.Copy(all, a)
	}
	return p.Say(id, all)
}

func (p *Printer) dateArgs(t time.Time) Args {
	return Args{
		"Weekday": p.Say("weekday.d" + strconv.Itoa(int(t.Weekday()))),
		"Day":     t.Day(),
		"Month":   p.Say("month.m" + strconv.Itoa(int(t.Month()))),
		"Year":    t.Year(),
		"Time":    fmt.Sprintf("%d:%02d", t.Hour(), t.Minute()),
		"AtOne":   t.Hour() == 1,
	}
}
