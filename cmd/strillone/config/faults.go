// Fault and Faults: all that is wrong with a configuration, line by line.

package config

import (
	"fmt"
	"slices"
	"strings"
)

// Fault is one thing that is wrong, and what to do about it.
type Fault struct {
	File    string // as given to Load; empty for a fault of the environment
	Line    int    // 0 where no line is to blame
	Key     string // dotted: "digest.schedule", "editors.telegram[1]"
	Message string
}

// String is "file:line: key: message", without the parts that are empty.
func (f Fault) String() string {
	var b strings.Builder
	if f.File != "" {
		b.WriteString(f.File)
		if f.Line > 0 {
			fmt.Fprintf(&b, ":%d", f.Line)
		}
		b.WriteString(": ")
	}
	if f.Key != "" {
		b.WriteString(f.Key + ": ")
	}
	return b.String() + f.Message
}

// Faults is the error of a configuration that can't be used, in the order of
// the file.
type Faults []Fault

// Error is one fault a line.
func (f Faults) Error() string {
	lines := make([]string, len(f))
	for i, fault := range f {
		lines[i] = fault.String()
	}
	return strings.Join(lines, "\n")
}

// sorted puts faults in the order of the file, those without a line last.
func (f Faults) sorted() Faults {
	slices.SortStableFunc(f, func(a, b Fault) int {
		if (a.Line == 0) != (b.Line == 0) {
			return b.Line - a.Line
		}
		return a.Line - b.Line
	})
	return f
}
