// Document: the elements of a Word document, as far as they say something.

package manuscript

import (
	"encoding/xml"
	"errors"
	"io"

	"github.com/strillone/strillone/digest/markup"
)

// document is a Word document while it is read.
type document struct {
	decoder *xml.Decoder
	links   map[string]string
	styles  map[string]string

	paragraphs []paragraph
	now        paragraph
	run        markup.Style // of the run that is read
	url        string       // of the hyperlink around it
	size       int          // bytes of text so far
}

// paragraph is one line of what was written.
type paragraph struct {
	style string // the name of it, in small letters
	list  bool
	text  markup.Text
}

// read reads the document to its end.
func (d *document) read() error {
	within := "" // the element whose characters count
	for {
		token, err := d.decoder.Token()
		if errors.Is(err, io.EOF) {
			d.interrupt()
			return nil
		}
		if err != nil {
			return err
		}
		switch t := token.(type) {
		case xml.StartElement:
			within = t.Name.Local
			if err := d.begin(t); err != nil {
				return err
			}
		case xml.EndElement:
			within = ""
			switch t.Name.Local {
			case "p":
				d.end()
			case "hyperlink":
				d.url = ""
			}
		case xml.CharData:
			if within == "t" {
				d.write(string(t))
			}
		}
		if d.size > 2*MaxText {
			return errTooLong
		}
	}
}

// begin takes note of an element. What was deleted, and what is only shown where
// the newer form can't be, is left out.
func (d *document) begin(e xml.StartElement) error {
	switch e.Name.Local {
	case "p":
		d.interrupt() // paragraphs stand in others: in text boxes
	case "pStyle":
		d.now.style = d.styles[attribute(e, "val")]
	case "numPr":
		d.now.list = true
	case "r":
		d.run = 0
	case "b", "i", "u", "strike":
		d.styled(e)
	case "hyperlink":
		d.url = d.links[attribute(e, "id")]
	case "tab":
		d.write("\t")
	case "br", "cr":
		d.write("\n")
	case "noBreakHyphen":
		d.write("-")
	case "del", "moveFrom", "Fallback", "instrText":
		return d.decoder.Skip()
	}
	return nil
}

// styled gives the run that is read a style.
func (d *document) styled(e xml.StartElement) {
	switch attribute(e, "val") {
	case "0", "false", "none", "off":
		return
	}
	switch e.Name.Local {
	case "b":
		d.run |= markup.Bold
	case "i":
		d.run |= markup.Italic
	case "u":
		d.run |= markup.Underline
	case "strike":
		d.run |= markup.Strike
	}
}

func (d *document) write(s string) {
	style := d.run
	if d.url != "" {
		style &^= markup.Underline // how Word shows links
	}
	d.now.text = append(d.now.text, markup.Span{Text: s, Style: style, URL: d.url})
	d.size += len(s)
}

// interrupt ends a paragraph that is under way.
func (d *document) interrupt() {
	if len(d.now.text) > 0 {
		d.end()
	}
}

// end ends a paragraph; one without text is a blank line.
func (d *document) end() {
	d.paragraphs = append(d.paragraphs, d.now)
	d.now, d.run = paragraph{}, 0
}

// text is the whole of it, a paragraph on each line. Its titles are what has the
// style of a title or, where nothing has, headings of the first level.
func (d *document) text() markup.Text {
	style := "heading 1"
	for _, p := range d.paragraphs {
		if p.style == "title" {
			style = "title"
		}
	}
	lines := make([]markup.Text, len(d.paragraphs))
	titles := make(map[int]bool)
	for i, p := range d.paragraphs {
		lines[i] = p.text.Trim()
		titles[i] = p.style == style && lines[i].Len() > 0
		if titles[i] {
			lines[i] = markup.Join(lines[i].Lines(), " ")
		}
		if p.list && lines[i].Len() > 0 {
			lines[i] = markup.Concat(markup.T("– "), lines[i])
		}
	}
	return entitled(lines, titles)
}
