// Error answers: what is wrong with a request, and its JSON form.

package telegramtest

import (
	"fmt"
	"net/http"
	"strings"
)

// failure is an error answer. One with report set is the caller's mistake and
// becomes a violation unless it is tolerated.
type failure struct {
	code        int
	description string
	parameters  object
	findings    []string // all that is wrong, for the report
	report      bool
}

func (f *failure) body() object {
	o := object{"ok": false, "error_code": f.code, "description": f.description}
	if f.parameters != nil {
		o["parameters"] = f.parameters
	}
	return o
}

func (f *failure) text() string {
	t := fmt.Sprintf("%d %s", f.code, f.description)
	for _, s := range f.findings {
		t += "\n\t" + s
	}
	return t
}

// refuse is a failure that the state of the world causes.
func refuse(code int, description string) *failure {
	return &failure{code: code, description: description}
}

// blame is a failure that the caller causes.
func blame(code int, description string) *failure {
	return &failure{code: code, description: description, report: true}
}

// tooMany is a 429.
func tooMany(seconds int) *failure {
	return &failure{
		code:        http.StatusTooManyRequests,
		description: fmt.Sprintf("Too Many Requests: retry after %d", seconds),
		parameters:  object{"retry_after": seconds},
	}
}

// findings collects what is wrong with a request; at returns a view deeper in
// its parameters.
type findings struct {
	all  *[]finding
	path string
}

// finding is one fault: where, and in Telegram's words as far as it has any.
type finding struct{ path, text string }

func newFindings() findings { return findings{all: new([]finding)} }

func (f findings) at(key any) findings {
	switch k := key.(type) {
	case int:
		f.path += fmt.Sprintf("[%d]", k)
	case string:
		if f.path != "" {
			f.path += "."
		}
		f.path += k
	}
	return f
}

func (f findings) add(format string, args ...any) {
	*f.all = append(*f.all, finding{f.path, fmt.Sprintf(format, args...)})
}

// failure is the 400 for what was found, nil for nothing. Telegram tells one
// fault; the report tells all.
func (f findings) failure() *failure {
	if len(*f.all) == 0 {
		return nil
	}
	out := blame(http.StatusBadRequest, "Bad Request: "+(*f.all)[0].text)
	for _, x := range *f.all {
		out.findings = append(out.findings, strings.TrimPrefix(x.path+": "+x.text, ": "))
	}
	return out
}
