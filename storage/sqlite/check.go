// Check: whether the database is whole, at the right schema, and writable.

package sqlite

import (
	"context"
	"database/sql"
	"fmt"
)

// Check verifies the database; see storage.Store.
func (s *Store) Check(ctx context.Context) error {
	if err := inspect(ctx, s.read, thorough); err != nil {
		return err
	}
	steps, err := newSteps(s.write)
	if err != nil {
		return err
	}
	if pending, err := steps.pending(ctx); err != nil {
		return failure(ctx, "checking the schema", err)
	} else if pending {
		return fmt.Errorf("the schema is older than this program: it was changed under its hands")
	}
	return s.update(ctx, "writing to the database", func(tx *sql.Tx) error {
		// user_version is written for the writing's sake: nothing reads it.
		_, err := tx.ExecContext(ctx, `PRAGMA user_version = 1`)
		return err
	})
}

// inspectedAtOnce is the size, in bytes, up to which Open inspects a file: that
// takes some milliseconds. A large one would hold up the first message by a
// second for each few hundred MB.
const inspectedAtOnce = 16 << 20

// verifyOpened inspects a small file, and leaves a large one to Verify.
func (s *Store) verifyOpened(ctx context.Context) error {
	large := s.size > s.inspectedAtOnce
	s.unverified.Store(large && s.unclean)
	if large {
		return nil
	}
	return inspect(ctx, s.write, quick)
}

// Verify inspects what Open left; see storage.Store.
func (s *Store) Verify(ctx context.Context) error {
	if !s.unverified.Load() {
		return nil
	}
	if err := inspect(ctx, s.read, quick); err != nil {
		return err
	}
	s.unverified.Store(false)
	return nil
}

// How much inspect looks at.
const (
	quick    = `PRAGMA quick_check(1)`
	thorough = `PRAGMA integrity_check(1)` // each index against its table, too
)

// inspect reads all of the file.
func inspect(ctx context.Context, db *sql.DB, how string) error {
	var verdict string
	if err := db.QueryRowContext(ctx, how).Scan(&verdict); err != nil {
		return failure(ctx, "checking the database", err)
	}
	if verdict != "ok" {
		return fmt.Errorf("the database is damaged (%s): put back a copy that is whole", verdict)
	}
	return nil
}
