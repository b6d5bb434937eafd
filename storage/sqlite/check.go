// Check: whether the database is whole, at the right schema, and writable.

package sqlite

import (
	"context"
	"database/sql"
	"fmt"
	"strings"
)

// Check verifies the database; see storage.Store.
func (s *Store) Check(ctx context.Context) error {
	if err := inspect(ctx, s.read); err != nil {
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
	return inspectQuickly(ctx, s.write)
}

// Verify inspects what Open left; see storage.Store.
func (s *Store) Verify(ctx context.Context) error {
	if !s.unverified.Load() {
		return nil
	}
	if err := inspectQuickly(ctx, s.read); err != nil {
		return err
	}
	s.unverified.Store(false)
	return nil
}

// inspect reads all of the file, and each index against its table.
func inspect(ctx context.Context, db *sql.DB) error {
	return verdict(ctx, db, `PRAGMA integrity_check(1)`)
}

// inspectQuickly reads every table. Asked of the whole file, SQLite would also take
// the search index apart, which takes as long as making it.
func inspectQuickly(ctx context.Context, db *sql.DB) error {
	tables, err := realTables(ctx, db)
	if err != nil {
		return failure(ctx, "checking the database", err)
	}
	for _, name := range tables {
		if err := verdict(ctx, db, `PRAGMA quick_check("`+name+`")`); err != nil {
			return err
		}
	}
	return nil
}

// realTables are the names of the tables that have pages of their own.
func realTables(ctx context.Context, db *sql.DB) ([]string, error) {
	rows, err := db.QueryContext(ctx, `SELECT name FROM sqlite_schema WHERE type = 'table' AND sql NOT LIKE 'CREATE VIRTUAL%'`)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	var names []string
	for rows.Next() {
		var name string
		if err := rows.Scan(&name); err != nil {
			return nil, err
		}
		names = append(names, strings.ReplaceAll(name, `"`, `""`))
	}
	return names, rows.Err()
}

// verdict is an error unless a check says ok.
func verdict(ctx context.Context, db *sql.DB, check string) error {
	var verdict string
	if err := db.QueryRowContext(ctx, check).Scan(&verdict); err != nil {
		return failure(ctx, "checking the database", err)
	}
	if verdict != "ok" {
		return fmt.Errorf("the database is damaged (%s): put back a copy that is whole", verdict)
	}
	return nil
}
