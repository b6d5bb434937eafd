// Package terminal is the adapter for the terminal strillone runs in: commands
// and articles are typed or piped in, documents come out as text, wrapped at the
// window's width, with links in full and buttons as the commands they stand for.
//
// Invariants: no control character of anybody's text reaches the terminal, so
// that a text can colour, move or type nothing; escape sequences come from this
// package alone, and only where Config.Color allows them.
package terminal
