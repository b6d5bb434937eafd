// The file: made for its owner only, and named so that SQLite takes no part of
// its path for an option.

package sqlite

import (
	"errors"
	"fmt"
	"io/fs"
	"net/url"
	"os"
	"path/filepath"
	"sync"
)

// pragmas are every connection's. busy_timeout comes first, so that those after
// it wait for a lock as well.
const pragmas = "_pragma=busy_timeout(10000)&_pragma=journal_mode(WAL)&_pragma=synchronous(FULL)&_pragma=foreign_keys(ON)"

// Options of the two pools. The writer's cache holds the end of each index while
// an edition is queued, and its journal shrinks again afterwards. What it deletes
// it overwrites: see Forget.
const (
	writing = "&_pragma=secure_delete(ON)&_txlock=immediate&_pragma=cache_size(-16384)&_pragma=journal_size_limit(67108864)"
	reading = "&_pragma=query_only(ON)"
)

// creating guards the making of files: closing any descriptor of a file drops
// all locks that this process has on it, SQLite's as well.
var creating sync.Mutex

// create makes an empty file if there is none: what will be in it is nobody
// else's to read.
func create(path string) error {
	creating.Lock()
	defer creating.Unlock()
	f, err := os.OpenFile(path, os.O_RDWR|os.O_CREATE|os.O_EXCL, 0o600)
	switch {
	case errors.Is(err, fs.ErrExist):
		return present(path)
	case errors.Is(err, fs.ErrNotExist):
		return fmt.Errorf("%s: there is no folder %s: make it, or name another place", path, filepath.Dir(path))
	case err != nil:
		return fmt.Errorf("making the database: %w", err)
	}
	return f.Close()
}

// present refuses what is there and can't be a database: a folder, and a link to
// nothing, whose target SQLite would make for everyone to read.
func present(path string) error {
	info, err := os.Stat(path)
	if err == nil && info.IsDir() {
		return fmt.Errorf("%s is a directory: name a file in it", path)
	}
	return err
}

// resolve is the one name of a file, so that its lock has one name too.
func resolve(path string) (string, error) {
	path, err := filepath.Abs(path)
	if err != nil {
		return "", err
	}
	if target, err := filepath.EvalSymlinks(path); err == nil {
		return target, nil
	}
	return path, nil // it isn't there yet
}

// dsn is what the driver opens. The path must be absolute: the URI of another
// may name a host, or :memory:.
func dsn(path, options string) string {
	escaped := url.URL{Path: filepath.ToSlash(path)}
	return "file:" + escaped.EscapedPath() + "?" + pragmas + options
}
