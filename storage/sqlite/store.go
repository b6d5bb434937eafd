// Store: the file, its connections and its transactions.

package sqlite

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"time"

	"github.com/strillone/strillone/digest"
	_ "modernc.org/sqlite" // the driver
)

// readers is how many connections read at once.
const readers = 4

// Store is a database in one file.
type Store struct {
	path  string
	write *sql.DB // one connection
	read  *sql.DB
	owner *os.File // the lock that Recover takes
}

// Open opens the file, makes it (for its owner only) if it isn't there, and
// brings its schema up to date. A schema newer than this program, a damaged
// file and a missing folder are refused.
func Open(ctx context.Context, path string) (*Store, error) {
	if err := create(path); err != nil {
		return nil, err
	}
	s := &Store{path: path}
	var err error
	if s.write, err = sql.Open("sqlite", dsn(path, "_txlock=immediate")); err != nil {
		return nil, fmt.Errorf("%s: %w", path, err)
	}
	s.write.SetMaxOpenConns(1)
	if s.read, err = sql.Open("sqlite", dsn(path, "_pragma=query_only(1)")); err != nil {
		return nil, errors.Join(fmt.Errorf("%s: %w", path, err), s.Close())
	}
	s.read.SetMaxOpenConns(readers)
	if err := s.prepare(ctx); err != nil {
		return nil, errors.Join(fmt.Errorf("%s: %w", path, err), s.Close())
	}
	return s, nil
}

func (s *Store) prepare(ctx context.Context) error {
	if err := s.quickCheck(ctx); err != nil {
		return err
	}
	return migrate(ctx, s.write)
}

// create makes an empty file if there is none: what is in it is nobody else's
// to read.
func create(path string) error {
	f, err := os.OpenFile(path, os.O_RDWR|os.O_CREATE, 0o600)
	if errors.Is(err, os.ErrNotExist) {
		return fmt.Errorf("%s: there is no folder %s: make it, or name another place", path, filepath.Dir(path))
	}
	if err != nil {
		return err
	}
	return f.Close()
}

// dsn names the file with what every connection needs; busy_timeout comes first
// so that the pragmas after it wait for a lock as well.
func dsn(path, extra string) string {
	escaped := (&url.URL{Path: filepath.ToSlash(path)}).EscapedPath()
	return "file:" + strings.ReplaceAll(escaped, "?", "%3f") +
		"?_pragma=busy_timeout(10000)&_pragma=journal_mode(WAL)&_pragma=synchronous(FULL)&_pragma=foreign_keys(ON)&" + extra
}

// Close ends every use of the file and lets another process own its outbox.
func (s *Store) Close() error {
	var errs []error
	for _, db := range []*sql.DB{s.read, s.write} {
		if db != nil {
			errs = append(errs, db.Close())
		}
	}
	if s.owner != nil {
		errs = append(errs, s.owner.Close())
	}
	return errors.Join(errs...)
}

// Check verifies that the file is whole, and can be written.
func (s *Store) Check(ctx context.Context) error {
	if err := s.quickCheck(ctx); err != nil {
		return err
	}
	return s.update(ctx, "writing a test", func(*sql.Tx) error { return nil })
}

func (s *Store) quickCheck(ctx context.Context) error {
	var verdict string
	if err := s.write.QueryRowContext(ctx, `PRAGMA quick_check(1)`).Scan(&verdict); err != nil {
		return fmt.Errorf("checking the database: %w", err)
	}
	if verdict != "ok" {
		return fmt.Errorf("the database is damaged (%s): put back a copy that is whole", verdict)
	}
	return nil
}

// update runs f in a transaction that holds the write lock from its beginning.
// What says what for, in an error.
func (s *Store) update(ctx context.Context, what string, f func(*sql.Tx) error) error {
	tx, err := s.write.BeginTx(ctx, nil)
	if err != nil {
		return fmt.Errorf("%s: %w", what, err)
	}
	if err := f(tx); err != nil {
		return errors.Join(wrap(what, err), ignoreDone(tx.Rollback()))
	}
	if err := tx.Commit(); err != nil {
		return fmt.Errorf("%s: %w", what, err)
	}
	return nil
}

// wrap says what failed. It lets nil through, and leaves coded errors as they
// are: they are for people, who didn't ask what the database was doing.
func wrap(what string, err error) error {
	if err == nil || digest.CodeOf(err) != "" {
		return err
	}
	return fmt.Errorf("%s: %w", what, err)
}

// ignoreDone is nil for a transaction that its context has already rolled back.
func ignoreDone(err error) error {
	if errors.Is(err, sql.ErrTxDone) {
		return nil
	}
	return err
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
