package composetest

import (
	"fmt"
	"strings"

	"github.com/strillone/strillone/bot/compose"
	"github.com/strillone/strillone/bot/locale"
	"github.com/strillone/strillone/digest"
	"github.com/strillone/strillone/digest/markup"
)

// Long is an article of some 20,000 characters, whose sentences are numbered: in
// paragraphs of five, but for one that fits in no message.
func Long(l digest.Language) markup.Doc {
	a := article(14, "Un articolo lungo come un capitolo")
	a.Body = nil
	n := 0
	paragraph := func(sentences int) {
		var b strings.Builder
		for range sentences {
			n++
			fmt.Fprintf(&b, "La frase numero %d dice qualcosa che bisogna leggere tutto e in ordine. ", n)
		}
		a.Body = append(a.Body, markup.Concat(markup.B("Si apre così. "), markup.T(strings.TrimSpace(b.String()))))
	}
	for range 20 {
		paragraph(5)
	}
	paragraph(80)
	for range 20 {
		paragraph(5)
	}
	return compose.Writer{}.Article(a, locale.For(l))
}
