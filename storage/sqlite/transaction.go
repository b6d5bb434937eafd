// Transactions, what their errors say, and the values of columns.

package sqlite

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"syscall"
	"time"

	driver "modernc.org/sqlite"
	sqlite3 "modernc.org/sqlite/lib"

	"github.com/strillone/strillone/digest"
)

// update runs f in a transaction that holds the write lock from its beginning.
// What says what for, in an error.
func (s *Store) update(ctx context.Context, what string, f func(*sql.Tx) error) error {
	tx, err := s.write.BeginTx(ctx, nil)
	if err != nil {
		return failure(ctx, what, err)
	}
	if err := f(tx); err != nil {
		// The rollback's own error says nothing new: the context or a full disk
		// have ended the transaction before it, or the connection is lost.
		_ = tx.Rollback()
		return failure(ctx, what, err)
	}
	return failure(ctx, what, tx.Commit())
}

// failure says what failed. It lets nil through, and leaves coded errors as they
// are: they are for people, who didn't ask what the database was doing. A
// context that ended and a full disk can be recognised, whatever words the
// driver has for them.
func failure(ctx context.Context, what string, err error) error {
	switch {
	case err == nil || digest.CodeOf(err) != "":
		return err
	case ctx.Err() != nil && !errors.Is(err, ctx.Err()):
		return fmt.Errorf("%s: %w (%w)", what, ctx.Err(), err)
	case full(err):
		return fmt.Errorf("%s: %w (%w)", what, syscall.ENOSPC, err) // storage.ErrFull
	}
	return fmt.Errorf("%s: %w", what, err)
}

// full reports whether there was no space to write in: in the database, whose
// codes have it in the low byte, or in the index of its journal.
func full(err error) bool {
	e, ok := errors.AsType[*driver.Error](err)
	return ok && (e.Code()&0xff == sqlite3.SQLITE_FULL || e.Code() == sqlite3.SQLITE_IOERR_SHMSIZE)
}

// affected is how many rows a statement changed.
func affected(done sql.Result, err error) (int64, error) {
	if err != nil {
		return 0, err
	}
	return done.RowsAffected()
}

// inserted is the id that a statement gave.
func inserted(done sql.Result, err error) (int64, error) {
	if err != nil {
		return 0, err
	}
	return done.LastInsertId()
}

func millis(t time.Time) int64 {
	if t.IsZero() {
		return 0
	}
	return t.UnixMilli()
}

func moment(ms int64) time.Time {
	if ms == 0 {
		return time.Time{}
	}
	return time.UnixMilli(ms).UTC()
}

func notFound() error { return &digest.Error{Code: digest.NotFound} }
