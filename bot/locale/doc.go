// Package locale holds every sentence a person reads, one file for each
// language, and the dates and plurals of each. A further language is one more
// file beside it.yaml; a test fails when a file lacks a sentence of another.
package locale
