// What a person reads of an error.

package command

import (
	"errors"

	"github.com/strillone/strillone/bot/locale"
	"github.com/strillone/strillone/digest"
)

// sentence is what a person reads of a coded error.
func sentence(p *locale.Printer, err error) string {
	coded, ok := errors.AsType[*digest.Error](err)
	if !ok {
		return p.Say("error.internal")
	}
	args := locale.Args(coded.Data)
	id := "error." + string(coded.Code)
	if coded.Code == digest.NotFound {
		switch {
		case args["Number"] != nil:
			id = "error.no_article"
		case args["Words"] != nil:
			id = "error.no_match"
		case args["Draft"] != nil:
			id = "error.no_draft"
		}
	}
	return p.Say(id, args)
}
