// screen: what is known of the streams of the process.

package main

import (
	"os"

	"golang.org/x/term"
)

// plainWidth is the width of text that goes to a file or a pipe.
const plainWidth = 80

// screen says whether w shows colours, and how wide it is.
func screen(w any) (color bool, width int) {
	f, ok := w.(*os.File)
	if !ok || !term.IsTerminal(int(f.Fd())) {
		return false, plainWidth
	}
	width, _, err := term.GetSize(int(f.Fd()))
	if err != nil {
		width = plainWidth
	}
	return os.Getenv("NO_COLOR") == "", width
}

func isTerminal(r any) bool {
	f, ok := r.(*os.File)
	return ok && term.IsTerminal(int(f.Fd()))
}
