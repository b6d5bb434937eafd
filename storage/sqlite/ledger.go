// Ledger: a database looked at, and not touched.

package sqlite

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"io/fs"
	"os"

	"github.com/strillone/strillone/digest/delivery"
)

// Ledger is a database that is only read.
type Ledger struct{ read *sql.DB }

// OpenToRead opens a file that is there, at this program's schema. Beside the
// process that serves from it, it neither waits nor makes anybody wait.
func OpenToRead(ctx context.Context, path string) (*Ledger, error) {
	path, err := resolve(path)
	if err != nil {
		return nil, err
	}
	switch info, err := os.Stat(path); {
	case errors.Is(err, fs.ErrNotExist):
		return nil, fmt.Errorf("there is no database at %s: `strillone serve` makes it, or the configuration names another place", path)
	case err != nil:
		return nil, err
	case info.IsDir():
		return nil, fmt.Errorf("%s is a directory: name a file in it", path)
	}
	db, err := sql.Open("sqlite", dsn(path, reading))
	if err != nil {
		return nil, err
	}
	if err := sameSchema(ctx, db); err != nil {
		return nil, errors.Join(fmt.Errorf("%s: %w", path, err), db.Close())
	}
	return &Ledger{db}, nil
}

// sameSchema is an error unless the schema is the one this program knows.
func sameSchema(ctx context.Context, db *sql.DB) error {
	steps, err := newSteps(db)
	if err != nil {
		return err
	}
	var version int64
	err = db.QueryRowContext(ctx, `SELECT coalesce(max(version_id), 0) FROM goose_db_version WHERE is_applied`).Scan(&version)
	if err != nil {
		return failure(ctx, "reading the schema's version", err)
	}
	sources := steps.ListSources()
	if known := sources[len(sources)-1].Version; version != known {
		return fmt.Errorf("the schema is version %d and this program knows %d: use the program that serves from it", version, known)
	}
	return nil
}

// Report counts the last broadcast's deliveries; see delivery.Reporter.
func (l *Ledger) Report(ctx context.Context) (delivery.Report, error) {
	r, err := reportOf(ctx, l.read)
	return r, failure(ctx, "counting deliveries", err)
}

// Close ends every use of the file.
func (l *Ledger) Close() error { return l.read.Close() }
