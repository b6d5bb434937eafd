// ErrFull: the one failure of a database that an operator can mend at once.

package storage

import "syscall"

// ErrFull is in the chain of every error of a Store that has no space left to
// write in. What was to be written is not; once there is space again, the same
// call succeeds. It is the operating system's own error: the rooms of the
// databases return it and the engine recognises it, and none imports the other.
const ErrFull = syscall.ENOSPC
