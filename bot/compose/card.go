// The card: an article with all that belongs to it and to who reads it.

package compose

import (
	"strconv"

	"github.com/strillone/strillone/bot/locale"
	"github.com/strillone/strillone/digest"
	"github.com/strillone/strillone/digest/markup"
)

// Card is what a card has beside the article.
type Card struct {
	Related []digest.Article   // to be read next: readings that are in the archive, and articles like this one
	Saved   bool               // by who reads
	Opinion Opinion            // of who reads
	Sums    *digest.Usefulness // nil: not for this reader's eyes
}

// Opinion is whether an article was useful to a person.
type Opinion uint8

// The opinions.
const (
	NoOpinion Opinion = iota
	Useful
	NotUseful
)

// Card is a whole article for one reader.
func (w Writer) Card(a digest.Article, c Card, p *locale.Printer) markup.Doc {
	doc := w.Article(a, p)
	if c.Sums != nil {
		doc.Blocks = append(doc.Blocks, markup.Note{Text: markup.T(p.Say("useful.sums", locale.Args{"Useful": c.Sums.Useful, "Not": c.Sums.Not}))})
	}
	if len(c.Related) > 0 {
		doc.Blocks = append(doc.Blocks, markup.Note{Text: markup.T(p.Say("article.related"))})
	}
	for _, r := range c.Related {
		doc.Blocks = append(doc.Blocks, markup.Section{
			Blocks: []markup.Block{markup.Heading{Level: 2, Text: markup.T(headline(r))}},
			Action: openAction(r.Number, p),
		})
	}
	doc.Rows = append(doc.Rows, []markup.Action{
		saveAction(a.Number, c.Saved, p),
		opinionAction(a.Number, "si", "action.useful", c.Opinion == Useful, p),
		opinionAction(a.Number, "no", "action.not_useful", c.Opinion == NotUseful, p),
	})
	return doc
}

// WithBack adds the way back to a digest.
func WithBack(doc markup.Doc, id int64, p *locale.Printer) markup.Doc {
	back := markup.Action{Label: p.Say("action.back_digest"), Command: "digest " + strconv.FormatInt(id, 10)}
	last := len(doc.Rows) - 1
	if last >= 0 && len(doc.Rows[last]) < 3 {
		doc.Rows[last] = append(doc.Rows[last][:len(doc.Rows[last]):len(doc.Rows[last])], back)
		return doc
	}
	doc.Rows = append(doc.Rows, []markup.Action{back})
	return doc
}

// openAction opens an article that another one mentions: unlike ReadAction's, a
// message that has it is not about that article.
func openAction(number int, p *locale.Printer) markup.Action {
	action := ReadAction(number, p)
	action.Command = command("apri", number)
	return action
}

func saveAction(number int, saved bool, p *locale.Printer) markup.Action {
	if saved {
		return markup.Action{Label: p.Say("action.saved"), Command: command("togli", number)}
	}
	return markup.Action{Label: p.Say("action.save"), Command: command("salva", number)}
}

func opinionAction(number int, answer, label string, held bool, p *locale.Printer) markup.Action {
	words := p.Say(label)
	if held {
		words = "✓ " + words
	}
	return markup.Action{Label: words, Command: command("utile", number) + " " + answer}
}

// ReadingsFound are an article's readings, and where they are in the archive:
// their numbers, in the order of the readings, 0 for those that aren't.
func (w Writer) ReadingsFound(a digest.Article, numbers []int, p *locale.Printer) markup.Doc {
	doc := w.Readings(a, p)
	var open []markup.Action
	for _, block := range doc.Blocks {
		list, ok := block.(markup.List)
		if !ok {
			continue
		}
		for i, n := range numbers[:min(len(numbers), len(list.Items))] {
			if n == 0 {
				continue
			}
			list.Items[i] = markup.Concat(list.Items[i], markup.T(" · "), markup.B("#"+strconv.Itoa(n)))
			action := openAction(n, p)
			action.Label = p.Say("action.open", locale.Args{"Number": n})
			open = append(open, action)
		}
	}
	doc.Rows = append(rows(open), doc.Rows...)
	return doc
}
