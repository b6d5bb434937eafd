// Check: whether the database is whole, at the right schema, and writable.

package sqlite

import (
	"context"
	"database/sql"
	"fmt"
)

// Check verifies the database; see storage.Store.
func (s *Store) Check(ctx context.Context) error {
	if err := s.verify(ctx, s.read, thorough); err != nil {
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

// How much verify looks at.
const (
	quick    = `PRAGMA quick_check(1)`
	thorough = `PRAGMA integrity_check(1)` // each index against its table, too
)

// verify reads all of the file, through any of its connections.
func (s *Store) verify(ctx context.Context, db *sql.DB, how string) error {
	var verdict string
	if err := db.QueryRowContext(ctx, how).Scan(&verdict); err != nil {
		return failure(ctx, "checking the database", err)
	}
	if verdict != "ok" {
		return fmt.Errorf("the database is damaged (%s): put back a copy that is whole", verdict)
	}
	return nil
}
