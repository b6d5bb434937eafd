// Pieces: what editors sent, while it waits and after.

package storagetest

import (
	"github.com/strillone/strillone/digest"
	"github.com/strillone/strillone/digest/markup"
)

func piece(message, text string) digest.Piece {
	return digest.Piece{
		Chat: place("7"), Message: message, Answer: place("7"), Language: digest.Italian, Author: editor,
		Written: start, Limit: 4096, Text: markup.Concat(markup.T(text), markup.B("forte"), markup.A("qui", "https://e.it")),
	}
}

func (f *steps) hold(p digest.Piece) bool {
	f.Helper()
	fresh, err := f.store.HoldPiece(f.ctx, p)
	f.must(err)
	return fresh
}

func (f *steps) waiting(want ...digest.Piece) {
	f.Helper()
	got, err := f.store.WaitingPieces(f.ctx)
	f.must(err)
	f.same(want, got)
}

func (f *steps) file(pieces []digest.Piece, contents ...digest.Content) []digest.Filed {
	f.Helper()
	filed, err := f.store.SaveManuscript(f.ctx, pieces, contents, f.now)
	f.must(err)
	return filed
}

func piecesHeld(f *steps) {
	a, b := piece("9", "uno"), piece("10", "due")
	of := a
	of.File = "a.txt"
	f.same(true, f.hold(a))
	f.same(true, f.hold(b))
	f.same(true, f.hold(of))
	f.waiting(a, b, of)

	a.Text = markup.T("corretto") // while it waits, what it says may change
	f.same(true, f.hold(a))
	f.waiting(a, b, of)

	f.must(f.store.SettlePieces(f.ctx, []digest.Piece{a, of}))
	f.waiting(b)
	f.same(false, f.hold(a)) // it comes again
	f.waiting(b)
}

func manuscripts(f *steps) {
	a, b := piece("9", "uno"), piece("10", "due")
	f.hold(a)
	_, _, err := f.store.Manuscript(f.ctx, a)
	f.code(digest.NotFound, err)
	filed := f.file([]digest.Piece{a, b}, content("Primo"), content("Secondo"))
	f.same(2, len(filed))
	f.same([]digest.Outcome{digest.FiledDraft, digest.FiledDraft}, []digest.Outcome{filed[0].Outcome, filed[1].Outcome})
	f.waiting(a) // until it is settled
	f.same(filed, f.file([]digest.Piece{a, b}, content("Primo"), content("Secondo")))
	for _, p := range []digest.Piece{a, b} {
		pieces, articles, err := f.store.Manuscript(f.ctx, p)
		f.must(err)
		f.same([]digest.Piece{a, b}, pieces)
		f.same([]digest.Article{filed[0].Article, filed[1].Article}, articles)
	}

	// The second message is edited: so is the article.
	b.Text = markup.T("altro")
	again := f.file([]digest.Piece{a, b}, content("Primo"), content("Secondo, meglio"))
	f.same(filed[1].Article.ID, again[1].Article.ID)
	f.same(2, again[1].Article.Revision)
	f.same(content("Secondo, meglio"), again[1].Article.Content)
	pieces, _, err := f.store.Manuscript(f.ctx, a)
	f.must(err)
	f.same([]digest.Piece{a, b}, pieces)
	published, _, err := f.store.PublishDraft(f.ctx, again[1].Article.ID, f.now)
	f.must(err)
	f.same(content("Secondo, meglio"), published.Content)
	draft, err := f.store.SaveDraft(f.ctx, content("Secondo"), editor, f.now) // what it said is free again
	f.must(err)
	f.same(false, draft.ID == published.ID)

	// What is published doesn't change; what is discarded begins anew.
	f.must(f.store.DiscardDraft(f.ctx, filed[0].Article.ID))
	last := f.file([]digest.Piece{a, b}, content("Primo"), content("Secondo, ancora"))
	f.same(digest.FiledDraft, last[0].Outcome)
	f.same(false, last[0].Article.ID == filed[0].Article.ID)
	f.same(digest.FiledOut, last[1].Outcome)
	f.same(published, last[1].Article)
}

// manuscriptsMeet: two messages that come to say the same are one article.
func manuscriptsMeet(f *steps) {
	a, b, c := piece("9", "uno"), piece("10", "due"), piece("11", "tre")
	first := f.file([]digest.Piece{a}, content("Primo"))[0]
	second := f.file([]digest.Piece{b}, content("Secondo"))[0]
	met := f.file([]digest.Piece{b}, content("Primo"))[0]
	f.same(first, met)
	f.code(digest.NotFound, f.store.DiscardDraft(f.ctx, second.Article.ID))

	out := f.article(content("Terzo"))
	f.same(digest.Filed{Article: out, Outcome: digest.FiledBefore}, f.file([]digest.Piece{c}, content("Terzo"))[0])
	f.same(digest.Filed{Article: out, Outcome: digest.FiledBefore}, f.file([]digest.Piece{a}, content("TERZO"))[0])
	f.must(f.store.DiscardDraft(f.ctx, first.Article.ID)) // which nobody's message says, but an editor may want
	f.same(0, len(f.file([]digest.Piece{piece("12", "niente")})))
	pieces, articles, err := f.store.Manuscript(f.ctx, piece("12", ""))
	f.must(err)
	f.same([]int{1, 0}, []int{len(pieces), len(articles)})
}
