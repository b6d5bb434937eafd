// Store: its connections, from Open to Close.

package sqlite

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"os"
	"sync"
	"sync/atomic"
	"time"

	driver "modernc.org/sqlite"

	"github.com/strillone/strillone/digest"
)

// readers is how many connections read at once.
const readers = 4

// Store is a database in one file.
type Store struct {
	path  string
	write *sql.DB // one connection
	read  *sql.DB
	// outbox are statements of the writer's.
	outbox prepared
	// patience is how long another process's migration may take.
	patience time.Duration
	// inspectedAtOnce is the size up to which Open inspects the file.
	inspectedAtOnce int64

	size       int64 // of the file when it was opened, and of its journal
	unclean    bool  // there was a journal: its last user didn't close it, or goes on
	unverified atomic.Bool

	mu       sync.Mutex
	owner    *os.File     // the lock that Recover takes
	ballast  ballast      // that Recover begins to keep
	operator digest.Clock // that Adopt was given
}

// Open opens the file, makes it (for its owner only) if it isn't there, and
// brings its schema up to date. A schema newer than this program, a damaged
// file and a missing folder are refused; a schema that is older is, too, while
// another process serves from it. Of a large file Open reads only the beginning:
// call Verify.
func Open(ctx context.Context, path string) (*Store, error) {
	if err := create(path); err != nil {
		return nil, err
	}
	path, err := resolve(path)
	if err != nil {
		return nil, err
	}
	s := &Store{path: path, patience: migrationPatience, inspectedAtOnce: inspectedAtOnce}
	if err := s.connect(ctx); err != nil {
		return nil, errors.Join(fmt.Errorf("%s: %w", path, err), s.Close())
	}
	return s, nil
}

func (s *Store) connect(ctx context.Context) error {
	s.measure()
	if err := s.dial(); err != nil {
		return err
	}
	if err := s.verifyOpened(ctx); err != nil {
		return err
	}
	if err := s.migrate(ctx); err != nil {
		return err
	}
	return s.outbox.prepare(ctx, s.write)
}

// measure looks at the file before SQLite does, which may put the journal away.
func (s *Store) measure() {
	for _, path := range []string{s.path, s.path + "-wal"} {
		if info, err := os.Stat(path); err == nil { // what isn't there has no size
			s.size += info.Size()
			s.unclean = s.unclean || path != s.path && info.Size() > 0
		}
	}
}

// dial makes the pools; each connects when it is first used.
func (s *Store) dial() (err error) {
	// A commit is as safe with fdatasync, which leaves out the file's times, and
	// takes half as long; SQLite's own builds use it, too. Where there is none
	// fsync does.
	if _, err := driver.Fdatasync(true); err != nil && !errors.Is(err, driver.ErrFdatasyncUnavailable) {
		return err
	}
	if s.write, err = sql.Open("sqlite", dsn(s.path, writing)); err != nil {
		return err
	}
	s.write.SetMaxOpenConns(1)
	if s.read, err = sql.Open("sqlite", dsn(s.path, reading)); err != nil {
		return err
	}
	s.read.SetMaxOpenConns(readers)
	s.read.SetMaxIdleConns(readers)
	return nil
}

// Close ends every use of the file and lets another process own its outbox. The
// writer goes last: the last to close tidies up the journal.
func (s *Store) Close() error {
	errs := []error{s.outbox.close()}
	for _, db := range []*sql.DB{s.read, s.write} {
		if db != nil {
			errs = append(errs, db.Close())
		}
	}
	return errors.Join(append(errs, s.disown())...)
}
