// Word: the paragraphs of a .docx (ECMA-376, WordprocessingML), by the standard
// library alone. The libraries there are write documents, or are under licences
// or in a state that a bot had better not depend on; and what is needed of the
// format is little.

package manuscript

import (
	"archive/zip"
	"bytes"
	"encoding/xml"
	"errors"
	"io"
	"strings"

	"github.com/strillone/strillone/digest/markup"
)

// maxPart is how many bytes of a file inside of the .docx are read: a bomb of
// zeros ends there.
const maxPart = 16 * MaxText

// docx reads a Word document; false when it is none, or damaged.
func docx(data []byte) (markup.Text, bool) {
	archive, err := zip.NewReader(bytes.NewReader(data), int64(len(data)))
	if err != nil {
		return nil, false
	}
	body, err := part(archive, "word/document.xml")
	if err != nil {
		return nil, false
	}
	d := document{decoder: xml.NewDecoder(bytes.NewReader(body))}
	// Without these a document has no links and no titles, and is a text still.
	if links, err := part(archive, "word/_rels/document.xml.rels"); err == nil {
		d.links = linksIn(links)
	}
	if styles, err := part(archive, "word/styles.xml"); err == nil {
		d.styles = stylesIn(styles)
	}
	if err := d.read(); err != nil {
		return nil, false
	}
	return d.text(), true
}

var errTooLong = errors.New("more than is read")

// part is the content of a file in the archive.
func part(archive *zip.Reader, name string) ([]byte, error) {
	f, err := archive.Open(name)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	content, err := io.ReadAll(io.LimitReader(f, maxPart+1))
	if err == nil && len(content) > maxPart {
		err = errTooLong
	}
	return content, err
}

// linksIn are the addresses of a part's relationships by their ids.
func linksIn(content []byte) map[string]string {
	links := make(map[string]string)
	elements(content, func(e xml.StartElement) {
		if e.Name.Local == "Relationship" {
			if address, ok := markup.Link(attribute(e, "Target")); ok {
				links[attribute(e, "Id")] = address
			}
		}
	})
	return links
}

// stylesIn are the names of the paragraph styles, in small letters, by their
// ids, which differ from one language of Word to the other.
func stylesIn(content []byte) map[string]string {
	styles := make(map[string]string)
	id := ""
	elements(content, func(e xml.StartElement) {
		switch e.Name.Local {
		case "style":
			id = attribute(e, "styleId")
		case "name":
			if _, known := styles[id]; !known && id != "" {
				styles[id] = strings.ToLower(attribute(e, "val"))
			}
		}
	})
	return styles
}

// elements visits the elements of a file as far as it can be read.
func elements(content []byte, visit func(xml.StartElement)) {
	decoder := xml.NewDecoder(bytes.NewReader(content))
	for {
		token, err := decoder.Token()
		if err != nil {
			return
		}
		if e, ok := token.(xml.StartElement); ok {
			visit(e)
		}
	}
}

func attribute(e xml.StartElement, name string) string {
	for _, a := range e.Attr {
		if a.Name.Local == name {
			return a.Value
		}
	}
	return ""
}
