// Package search is how articles are looked for, whatever database keeps them:
// what a person's words ask for (Parse), the stems that stand for words in an
// index and in a question alike (Stems), the sentence that shows why an article
// was found (Excerpt), and which titles are one.
//
// Invariants: any text is a question and none is an error; a stem holds letters
// and digits only, so that it can be nothing else in a database's own query
// language; the stems of a text change with Version.
package search
