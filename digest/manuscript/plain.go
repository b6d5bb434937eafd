// Plain text: out of which encoding.

package manuscript

import (
	"bytes"
	"unicode/utf8"

	"golang.org/x/text/encoding/charmap"
	"golang.org/x/text/encoding/unicode"
)

// decode is the text in data: UTF-8, UTF-16 with a byte order mark or where
// every other byte is zero, else Windows-1252, as which Windows writes western
// texts. It is false where the data is no text at all.
func decode(data []byte) (string, bool) {
	from := unicode.UTF8BOM
	switch {
	case bytes.HasPrefix(data, []byte{0xFF, 0xFE}), zeros(data, 1):
		from = unicode.UTF16(unicode.LittleEndian, unicode.UseBOM)
	case bytes.HasPrefix(data, []byte{0xFE, 0xFF}), zeros(data, 0):
		from = unicode.UTF16(unicode.BigEndian, unicode.UseBOM)
	case bytes.IndexByte(data, 0) >= 0:
		return "", false
	case !utf8.Valid(data):
		from = charmap.Windows1252
	}
	text, err := from.NewDecoder().Bytes(data)
	return string(text), err == nil
}

// zeros says whether most of every other byte, from the first on, is zero, and
// of the rest nothing is.
func zeros(data []byte, first int) bool {
	if len(data) < 4 || len(data)%2 != 0 {
		return false
	}
	count := 0
	for i, b := range data {
		switch {
		case b != 0:
		case i%2 == first:
			count++
		default:
			return false
		}
	}
	return 4*count > len(data)
}
