// Package compose writes every document a reader or an editor sees: the digest,
// an article and its parts, lists to choose from, an editor's preview. It turns
// domain values and sentences of bot/locale into markup.Doc, and asks nobody
// for anything: the same values give the same document, so a preview is what
// will be delivered.
package compose
