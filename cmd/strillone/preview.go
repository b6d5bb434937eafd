// preview: exactly what would be sent for an article.

package main

import (
	"bytes"
	"encoding/json"
	"fmt"
	"os"
	"time"

	"github.com/strillone/strillone/bot/compose"
	"github.com/strillone/strillone/digest"
	"github.com/strillone/strillone/digest/delivery"
	"github.com/strillone/strillone/digest/markup"
)

type previewCommand struct {
	File     string          `arg:"" help:"A text file with one article, written as editors write it."`
	Platform digest.Platform `enum:"telegram,discord,terminal" default:"terminal" help:"telegram, discord or terminal."`
	Language digest.Language `enum:"it,en" default:"it" help:"it or en."`
}

// Run prints each message of a digest that holds the article alone: the bodies
// of the requests for the chat platforms, the text itself for the terminal.
func (c *previewCommand) Run(e *environment) error {
	data, err := os.ReadFile(c.File)
	if err != nil {
		return err
	}
	content, _, err := digest.Parse(digest.Submission{Text: markup.T(string(data))})
	if err != nil {
		return fmt.Errorf("%s: %w", c.File, plain(err))
	}
	cfg, err := e.loadIfThere()
	if err != nil {
		return err
	}
	article := digest.Article{Number: 1, Revision: 1, State: digest.Published, Content: content}
	doc := compose.Writer{Zone: cfg.Location()}.Digest(digest.Digest{
		Title:    cfg.Digest.Title,
		BuiltAt:  time.Now(),
		Articles: []digest.Article{article},
	}, c.Language, digest.Short)
	parts, err := e.renderer(c.Platform, cfg).Render(doc)
	if err != nil {
		return err
	}
	for _, part := range parts {
		if _, err := fmt.Fprintln(e.Out, readable(part)); err != nil {
			return err
		}
	}
	return nil
}

// readable is a part as a person can read it: JSON is indented, which changes
// nothing of what it says.
func readable(part delivery.Part) string {
	var indented bytes.Buffer
	if json.Indent(&indented, part, "", "  ") == nil {
		return indented.String()
	}
	return string(part)
}
