// Errors with codes: each has a sentence in every language, safe to show.

package digest

import (
	"errors"
	"fmt"
	"maps"
)

// Code names what went wrong; bot/locale has the sentence for each under
// "error.<code>".
type Code string

// The codes of errors that people are told about.
const (
	NoText        Code = "no_text"        // nothing but white space
	TextTooLong   Code = "text_too_long"  // Data: Limit, Length
	TextIsCommand Code = "is_command"     // a text for the newsroom that begins with a slash; Data: Command, Line
	NoTitle       Code = "no_title"       // the text begins with a section or has no first line; Data: Line
	TitleTooLong  Code = "title_too_long" // Data: Limit, Length, Line
	NoBody        Code = "no_body"        // a title, and no text below it; Data: Line, the title's
	NotFound      Code = "not_found"      // no such article, draft or digest; Data: What
	NotAllowed    Code = "not_allowed"
	AlreadyThere  Code = "already_there"  // Data: Number
	TooManySaved  Code = "too_many_saved" // Data: Limit

	FileUnknown  Code = "file_unknown"   // a file of a kind that isn't read; Data: Name
	FileTooLarge Code = "file_too_large" // Data: Name, Limit (megabytes)
	FileBroken   Code = "file_broken"    // not what its name says, or damaged; Data: Name
	FileLost     Code = "file_lost"      // the platform doesn't hand it out; Data: Name
	TooManyParts Code = "too_many_parts" // more articles in one text than are taken; Data: Limit, Count
)

// Error is a coded error. Its message in English is for logs and operators;
// what a person reads comes from bot/locale by Code and Data.
type Error struct {
	Code Code
	Data map[string]any
}

func (e *Error) Error() string {
	if len(e.Data) == 0 {
		return string(e.Code)
	}
	return fmt.Sprintf("%s %v", e.Code, e.Data)
}

// Is makes errors.Is(err, &Error{Code: c}) true for every error of that code.
func (e *Error) Is(target error) bool {
	t, ok := target.(*Error)
	return ok && t.Code == e.Code && t.Data == nil
}

// CodeOf is the code of err, or "" when it has none.
func CodeOf(err error) Code {
	if e, ok := errors.AsType[*Error](err); ok {
		return e.Code
	}
	return ""
}

// Below is err, of a part of a text, with its line counted from so many lines
// further above, where it has one.
func Below(err error, lines int) error {
	e, ok := errors.AsType[*Error](err)
	if !ok {
		return err
	}
	line, ok := e.Data["Line"].(int)
	if !ok {
		return err
	}
	data := maps.Clone(e.Data)
	data["Line"] = line + lines
	return &Error{Code: e.Code, Data: data}
}
