// Open: a database by its URL.

package storage

import (
	"context"
	"errors"
	"strings"

	"github.com/strillone/strillone/storage/sqlite"
)

var _ Store = (*sqlite.Store)(nil)

// Open opens the database that url names and brings its schema up to date:
//
//	sqlite:PATH    a file, made when it isn't there; PATH may be relative
//
// The caller closes the Store.
func Open(ctx context.Context, url string) (Store, error) {
	scheme, path, ok := strings.Cut(url, ":")
	switch {
	case ok && scheme == "sqlite" && path != "":
		return sqlite.Open(ctx, path)
	case scheme == "postgres" || scheme == "postgresql":
		return nil, errors.New("PostgreSQL is not supported yet: use sqlite:PATH, for example sqlite:strillone.db")
	}
	// The URL itself may hold a password.
	return nil, errors.New("this is no database's URL: use sqlite:PATH, for example sqlite:strillone.db")
}
