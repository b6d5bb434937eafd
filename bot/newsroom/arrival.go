// Arrival: a message of an editor as pieces of a manuscript.

package newsroom

import (
	"context"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/strillone/strillone/bot"
	"github.com/strillone/strillone/bot/compose"
	"github.com/strillone/strillone/bot/locale"
	"github.com/strillone/strillone/digest"
	"github.com/strillone/strillone/digest/manuscript"
	"github.com/strillone/strillone/digest/markup"
)

// pieces are what a message says: its text or, where files came with it that
// can be read, these. The asides are for the editor: what was left out. An error
// says why nothing could be read.
func (d *Desk) pieces(ctx context.Context, t bot.Text, p *locale.Printer) ([]digest.Piece, []string, error) {
	piece := digest.Piece{
		Chat:     digest.Destination{Platform: t.Place.Platform, Chat: t.Place.Chat},
		Message:  t.Message,
		Answer:   t.Place,
		Language: p.Language(),
		Author:   t.Submission.Author,
		Album:    t.Album,
		Origin:   t.Origin,
		Written:  t.Written,
		Limit:    t.Limit,
		Text:     t.Submission.Text,
	}
	if piece.Message == "" { // each is a message of its own
		piece.Message = strconv.FormatInt(d.Now().UnixNano(), 10)
	}
	if len(t.Files) == 0 {
		return []digest.Piece{piece}, nil, nil
	}
	var pieces []digest.Piece
	var asides []string
	var first error
	for _, f := range t.Files {
		text, err := read(ctx, f)
		if err != nil {
			if digest.CodeOf(err) == "" {
				return nil, nil, err
			}
			if !isPicture(f) { // beside a text it is no wonder that it isn't read
				asides = append(asides, sentence(p, err))
			}
			first = firstOf(first, err)
			continue
		}
		of := piece
		of.File, of.Text = unlike(pieces, nameOf(f)), text
		pieces = append(pieces, of)
	}
	caption := piece.Text.Trim().Len() > 0
	switch {
	case len(pieces) > 0:
		if caption {
			asides = append(asides, p.Say("newsroom.caption"))
		}
		return pieces, asides, nil
	case caption: // the article may be there, and the file a picture of it
		if _, _, err := digest.Parse(digest.Submission{Text: piece.Text}); err == nil {
			return []digest.Piece{piece}, asides, nil
		}
	}
	return nil, nil, first
}

func firstOf(a, b error) error {
	if a != nil {
		return a
	}
	return b
}

func nameOf(f bot.Attachment) string {
	if f.Name == "" {
		return "file"
	}
	return f.Name
}

func isPicture(f bot.Attachment) bool {
	return strings.HasPrefix(f.Media, "image/") || strings.HasPrefix(f.Media, "video/")
}

// unlike is a name that no piece has.
func unlike(pieces []digest.Piece, name string) string {
	other := name
	for i := 2; slices.ContainsFunc(pieces, func(p digest.Piece) bool { return p.File == other }); i++ {
		other = fmt.Sprintf("%s (%d)", name, i)
	}
	return other
}

// read reads a file. One of a kind that isn't read is not fetched.
func read(ctx context.Context, f bot.Attachment) (markup.Text, error) {
	if manuscript.KindOf(f.Name, f.Media) == manuscript.Unknown {
		return manuscript.Read(nameOf(f), f.Media, nil)
	}
	data, err := f.Read(ctx, manuscript.MaxFile)
	switch {
	case digest.CodeOf(err) != "", err != nil && ctx.Err() != nil:
		return nil, err
	case err != nil:
		return nil, &digest.Error{Code: digest.FileLost, Data: map[string]any{"Name": nameOf(f)}}
	}
	return manuscript.Read(f.Name, f.Media, data)
}

// elsewhere takes what an editor wrote in a shared place: the answer comes in
// private, where others don't see the draft. What is no article gets a word
// only: people say many things there.
func (d *Desk) elsewhere(ctx context.Context, t bot.Text, p *locale.Printer) (bot.Reply, error) {
	say := func(id string) bot.Reply { return bot.Reply{Doc: compose.Say(p.Say(id)), Personal: true} }
	board := d.Boards[t.Actor.Platform]
	switch {
	case t.Edited:
		return bot.Reply{}, nil
	case board == nil:
		return say("hint.private"), nil
	}
	pieces, _, err := d.pieces(ctx, t, p)
	if err != nil {
		return bot.Reply{}, err
	}
	if passages := digest.Divide(pieces[0].Text); len(t.Files) == 0 && len(passages) == 1 {
		if _, _, err := digest.Parse(digest.Submission{Text: passages[0].Text}); err != nil && t.Pressed {
			return bot.Reply{}, err
		} else if err != nil {
			return say("hint.private"), nil
		}
	}
	notice, err := board.Post(ctx, t.Actor.ID, compose.Say(p.Say("newsroom.from_elsewhere")))
	if err != nil {
		return say("newsroom.no_private"), nil //nolint:nilerr // the person can mend it, and is told how
	}
	for _, piece := range pieces {
		piece.Answer = notice.Place
		if err := d.hold(ctx, piece); err != nil {
			return bot.Reply{}, err
		}
	}
	return say("newsroom.in_private"), nil
}

// sentence is what an editor reads of a coded error.
func sentence(p *locale.Printer, err error) string {
	return p.Say("error."+string(digest.CodeOf(err)), dataOf(err))
}
