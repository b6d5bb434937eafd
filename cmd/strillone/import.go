// import: articles from files, published at once.

package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"time"

	"github.com/strillone/strillone/bot/locale"
	"github.com/strillone/strillone/digest"
	"github.com/strillone/strillone/digest/manuscript"
	"github.com/strillone/strillone/digest/markup"
	"github.com/strillone/strillone/storage"
)

type importCommand struct {
	Files []string `arg:"" name:"file" help:"Text, Markdown or Word files with articles, written as editors write them."`
}

// Run imports every file it can and reports each of the others.
func (c *importCommand) Run(e *environment) (err error) {
	cfg, err := e.loadOffline()
	if err != nil {
		return err
	}
	store, err := storage.Open(e.ctx, cfg.Database)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, store.Close()) }()
	all, failed := 0, 0
	for _, file := range c.Files {
		for _, article := range articlesIn(file) {
			all++
			outcome, err := importArticle(e.ctx, store, article)
			if err != nil {
				failed++
				fmt.Fprintf(e.Err, "%s: %v\n", article.name, err)
				continue
			}
			fmt.Fprintf(e.Out, "%s: %s\n", article.name, outcome)
		}
	}
	if failed > 0 {
		return fmt.Errorf("%d of %d articles could not be imported", failed, all)
	}
	return nil
}

// article is one in a file, or why there is none.
type article struct {
	name string // the file's, and the line where there are several
	text markup.Text
	line int
	err  error
}

// articlesIn reads a file. One whose name doesn't tell what it is, is text.
func articlesIn(file string) []article {
	data, err := os.ReadFile(file)
	if err != nil {
		return []article{{name: file, err: err}}
	}
	name := filepath.Base(file)
	if manuscript.KindOf(name, "") == manuscript.Unknown {
		name += ".txt"
	}
	text, err := manuscript.Read(name, "", data)
	if err != nil {
		return []article{{name: file, err: plain(err)}}
	}
	passages := digest.Divide(text)
	articles := make([]article, len(passages))
	for i, p := range passages {
		articles[i] = article{name: file, text: p.Text, line: p.Line}
		if len(passages) > 1 {
			articles[i].name = fmt.Sprintf("%s, from line %d", file, p.Line)
		}
	}
	return articles
}

// importArticle publishes an article and says under what number.
func importArticle(ctx context.Context, store storage.Store, a article) (string, error) {
	if a.err != nil {
		return "", a.err
	}
	content, _, err := digest.Parse(digest.Submission{Text: a.text, Author: "import"})
	if err != nil {
		return "", plain(digest.Below(err, a.line-1))
	}
	draft, err := store.SaveDraft(ctx, content, "import", time.Now())
	if known, ok := errors.AsType[*digest.Error](err); ok && known.Code == digest.AlreadyThere {
		return fmt.Sprintf("already there as #%v", known.Data["Number"]), nil
	}
	if err != nil {
		return "", err
	}
	published, _, err := store.PublishDraft(ctx, draft.ID, time.Now())
	if err != nil {
		return "", err
	}
	return fmt.Sprintf("published as #%d: %s", published.Number, published.Title), nil
}

func importText(ctx context.Context, store storage.Store, text string) (string, error) {
	return importArticle(ctx, store, article{text: markup.T(text), line: 1})
}

// plain is a coded error in English words.
func plain(err error) error {
	if coded, ok := errors.AsType[*digest.Error](err); ok {
		return errors.New(strings.TrimPrefix(locale.For(digest.English).Say("error."+string(coded.Code), coded.Data), "⚠️ "))
	}
	return err
}
