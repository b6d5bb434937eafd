// Understanding: what a manuscript becomes, and what its editor is told.

package newsroom

import (
	"context"
	"errors"
	"log/slog"
	"strconv"

	"github.com/strillone/strillone/bot"
	"github.com/strillone/strillone/bot/compose"
	"github.com/strillone/strillone/bot/locale"
	"github.com/strillone/strillone/digest"
	"github.com/strillone/strillone/digest/markup"
)

// maxArticles is how many articles one text may hold.
const maxArticles = 20

// understand stores what a manuscript says as drafts, and returns what its
// editor is told, message by message. Where nothing was understood the error is
// a coded one, and the manuscript is stored for the editor to mend.
func (d *Desk) understand(ctx context.Context, pieces []digest.Piece, p *locale.Printer) ([]markup.Doc, error) {
	parts, err := parse(pieces)
	if err != nil {
		_, saveErr := d.Drafts.SaveManuscript(ctx, pieces, nil, d.Now())
		return nil, firstOf(saveErr, err)
	}
	var contents []digest.Content
	for _, part := range parts {
		if part.err == nil {
			contents = append(contents, part.content)
		}
	}
	filed, err := d.Drafts.SaveManuscript(ctx, pieces, contents, d.Now())
	if err != nil {
		return nil, err
	}
	var docs []markup.Doc
	var list []compose.Part
	for _, part := range parts {
		if part.err != nil {
			list = append(list, compose.Part{Line: part.line, Problem: sentence(p, part.err)})
			continue
		}
		f := filed[0]
		filed = filed[1:]
		list = append(list, compose.Part{Line: part.line, Title: part.content.Title, Filed: f})
		docs = append(docs, d.answer(ctx, f, part.findings, p))
	}
	if len(parts) > 1 {
		docs = append([]markup.Doc{d.Writer.Parts(pieces[0].File, list, p)}, docs...)
	}
	return docs, nil
}

// part is one article of a manuscript, or what is wrong with it.
type part struct {
	line     int
	content  digest.Content
	findings []digest.Finding
	err      error // coded
}

// parse parses the articles of a manuscript. Lines are counted from its first.
// The error is that of the only article, or that there are too many.
func parse(pieces []digest.Piece) ([]part, error) {
	passages := digest.Divide(digest.Join(pieces))
	if n := len(passages); n > maxArticles {
		return nil, &digest.Error{Code: digest.TooManyParts, Data: map[string]any{"Limit": maxArticles, "Count": n}}
	}
	parts := make([]part, len(passages))
	for i, passage := range passages {
		above := passage.Line - 1
		part := part{line: passage.Line}
		part.content, part.findings, part.err = digest.Parse(digest.Submission{Text: passage.Text, Author: pieces[0].Author})
		part.err = digest.Below(part.err, above)
		for j := range part.findings {
			if part.findings[j].Line > 0 {
				part.findings[j].Line += above
			}
		}
		parts[i] = part
	}
	if len(parts) == 1 && parts[0].err != nil {
		return nil, parts[0].err
	}
	return parts, nil
}

func dataOf(err error) locale.Args {
	if coded, ok := errors.AsType[*digest.Error](err); ok {
		return coded.Data
	}
	return nil
}

// answer tells what became of one article.
func (d *Desk) answer(ctx context.Context, f digest.Filed, findings []digest.Finding, p *locale.Printer) markup.Doc {
	switch f.Outcome {
	case digest.FiledBefore:
		return d.Writer.Known(f.Article, "preview.known", p)
	case digest.FiledOut:
		return d.Writer.Known(f.Article, "preview.fixed", p)
	}
	preview := compose.Draft{Article: f.Article, Findings: findings, Next: d.next(p)}
	earlier, likeness, err := d.likes.find(ctx, f.Article.Content, d.Now().AddDate(0, -likeMonths, 0))
	if err != nil { // it is advice; the draft is none the worse
		d.Log.WarnContext(ctx, "can't look for articles like a draft", slog.Any("error", err))
	} else if likeness >= digest.Alike {
		preview.Earlier, preview.Likeness = &earlier, likeness
	}
	return d.Writer.Preview(preview, p)
}

// revise takes an edited message: the drafts that were made of it change with
// it. One that nothing was made of is a new one.
func (d *Desk) revise(ctx context.Context, edited []digest.Piece, p *locale.Printer) (bot.Reply, error) {
	if d.waits(edited[0]) {
		return bot.Reply{}, d.hold(ctx, edited[0])
	}
	known, _, err := d.Drafts.Manuscript(ctx, edited[0])
	if digest.CodeOf(err) == digest.NotFound {
		return d.take(ctx, edited, p)
	}
	if err != nil {
		return bot.Reply{}, err
	}
	changed := false
	for i, piece := range known {
		if piece.Message == edited[0].Message && piece.File == edited[0].File {
			changed = changed || !same(piece.Text, edited[0].Text)
			known[i].Text = edited[0].Text
		}
	}
	if !changed { // a preview of a link was added, or the caption of a file
		return bot.Reply{}, nil
	}
	docs, err := d.understand(ctx, known, p)
	if err != nil {
		return bot.Reply{}, err
	}
	return d.sayAll(ctx, known[0], docs)
}

// same says whether two texts are the same to the last style.
func same(a, b markup.Text) bool {
	if len(a) != len(b) {
		return false
	}
	for i := range a {
		if a[i] != b[i] {
			return false
		}
	}
	return true
}

// sayAll sends all documents but the last, which is the reply.
func (d *Desk) sayAll(ctx context.Context, piece digest.Piece, docs []markup.Doc) (bot.Reply, error) {
	last := len(docs) - 1
	key := strconv.FormatInt(d.Now().UnixNano(), 36)
	for i, doc := range docs[:last] {
		if err := d.send(ctx, piece.Answer, key, i, doc); err != nil {
			return bot.Reply{}, err
		}
	}
	return bot.Reply{Doc: docs[last]}, nil
}
