// Package manuscript reads the files that editors send: plain text in whatever
// encoding, Markdown, and Word's .docx. It makes of each a markup.Text as if it
// had been typed into a chat: a paragraph on a line of its own, bold, italics and
// links as they are, headings of the first level marked with "# ", so that
// digest.Divide tells the articles of one file apart.
//
// What is read comes from outside: every function is bounded in time and memory
// by the constants here, and is fuzzed.
package manuscript
