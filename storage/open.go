// Open: a database by its URL.

package storage

import (
	"context"
	"errors"
	"strings"

	"github.com/strillone/strillone/digest/delivery"
	"github.com/strillone/strillone/storage/sqlite"
)

var _ Store = (*sqlite.Store)(nil)

// accepted says what a URL may be. An error never repeats the URL itself, which
// may hold a password.
const accepted = "use sqlite:PATH, for example sqlite:strillone.db"

// Open opens the database that url names and brings its schema up to date:
//
//	sqlite:PATH    a file, made when it isn't there; PATH may be relative, and
//	               nothing in it is special
//
// The caller closes the Store. Beside a process that serves from the same
// database, everything but Recover works.
func Open(ctx context.Context, url string) (Store, error) {
	scheme, path, _ := strings.Cut(url, ":")
	switch scheme {
	case "sqlite":
		return openSQLite(ctx, path)
	case "postgres", "postgresql":
		return nil, errors.New("PostgreSQL is not supported yet: " + accepted)
	}
	return nil, errors.New("this is no database's URL: " + accepted)
}

// Ledger is a database opened to be looked at.
type Ledger interface {
	delivery.Reporter
	// Close ends every use of the database.
	Close() error
}

// OpenToRead opens the database that url names without changing anything, beside
// a process that serves from it. One that isn't there, or whose schema isn't
// this program's, is an error. The caller closes the Ledger.
func OpenToRead(ctx context.Context, url string) (Ledger, error) {
	scheme, path, _ := strings.Cut(url, ":")
	if scheme != "sqlite" || path == "" {
		return nil, errors.New("this is no database's URL: " + accepted)
	}
	l, err := sqlite.OpenToRead(ctx, path)
	if err != nil {
		return nil, err // not l: a nil *sqlite.Ledger is no nil Ledger
	}
	return l, nil
}

func openSQLite(ctx context.Context, path string) (Store, error) {
	switch {
	case path == "":
		return nil, errors.New("the database's URL names no file: " + accepted)
	case path == ":memory:":
		return nil, errors.New("a database in memory forgets everything: " + accepted)
	case strings.HasPrefix(path, "//") && !strings.HasPrefix(path, "///"):
		return nil, errors.New("the database's URL names a host, and SQLite has none: " + accepted + ", without slashes before a relative PATH")
	}
	s, err := sqlite.Open(ctx, path)
	if err != nil {
		return nil, err // not s: a nil *sqlite.Store is no nil Store
	}
	return s, nil
}
