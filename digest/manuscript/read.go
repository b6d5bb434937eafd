// Read: a file becomes text, by its kind.

package manuscript

import (
	"path"
	"strings"

	"github.com/strillone/strillone/digest"
	"github.com/strillone/strillone/digest/markup"
)

const (
	// MaxFile is how many bytes a file may have: what Telegram hands out at most
	// (core.telegram.org/bots/api, getFile).
	MaxFile = 20 << 20
	// MaxText is how many bytes of text may be in it: many articles.
	MaxText = 1 << 20
)

// Kind is a kind of files.
type Kind int

// The kinds of files that are read.
const (
	Unknown Kind = iota
	Plain
	Markdown
	Word
)

// KindOf is the kind of a file by its name or, where the name doesn't tell, by
// its media type.
func KindOf(name, media string) Kind {
	switch strings.ToLower(path.Ext(name)) {
	case ".txt", ".text":
		return Plain
	case ".md", ".markdown":
		return Markdown
	case ".docx":
		return Word
	case "":
	default:
		return Unknown
	}
	media, _, _ = strings.Cut(strings.ToLower(media), ";")
	switch strings.TrimSpace(media) {
	case "text/plain":
		return Plain
	case "text/markdown":
		return Markdown
	case "application/vnd.openxmlformats-officedocument.wordprocessingml.document":
		return Word
	}
	return Unknown
}

// Read reads a file. The error is a *digest.Error with the Data "Name":
// FileUnknown, FileTooLarge or FileBroken.
func Read(name, media string, data []byte) (markup.Text, error) {
	kind := KindOf(name, media)
	if kind == Unknown {
		return nil, &digest.Error{Code: digest.FileUnknown, Data: map[string]any{"Name": name}}
	}
	if len(data) > MaxFile || kind != Word && len(data) > 4*MaxText {
		return nil, TooLarge(name)
	}
	var text markup.Text
	ok := true
	switch kind {
	case Plain:
		var s string
		s, ok = decode(data)
		text = markup.T(s)
	case Markdown:
		var s string
		s, ok = decode(data)
		text = markdown(s)
	case Word:
		text, ok = docx(data)
	}
	switch {
	case !ok:
		return nil, &digest.Error{Code: digest.FileBroken, Data: map[string]any{"Name": name}}
	case text.Len() > MaxText:
		return nil, TooLarge(name)
	}
	return text, nil
}

// TooLarge is the error of a file that is longer than what is read.
func TooLarge(name string) error {
	return &digest.Error{Code: digest.FileTooLarge, Data: map[string]any{"Name": name, "Limit": MaxFile >> 20}}
}
