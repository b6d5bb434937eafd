// cleanup: named steps undone in reverse order.

package main

import (
	"errors"
	"fmt"
)

// cleanup is what has to be undone when a command ends: last in, first out,
// each step whether or not the one before it worked.
type cleanup struct {
	steps []step
}

type step struct {
	name string
	undo func() error
}

// add has undo run at the end.
func (c *cleanup) add(name string, undo func() error) {
	c.steps = append(c.steps, step{name, undo})
}

// run undoes everything and joins what went wrong, by name.
func (c *cleanup) run() error {
	var errs []error
	for i := len(c.steps) - 1; i >= 0; i-- {
		if err := c.steps[i].undo(); err != nil {
			errs = append(errs, fmt.Errorf("%s: %w", c.steps[i].name, err))
		}
	}
	c.steps = nil
	return errors.Join(errs...)
}
