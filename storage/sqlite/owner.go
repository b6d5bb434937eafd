// Ownership of the outbox: one process at a time sends from a file.

package sqlite

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"strconv"
	"strings"

	"golang.org/x/sys/unix"

	"database/sql"
)

// Recover makes this process the owner of the outbox until Close, and queues
// again what was Sending when its last owner ended. While another process owns
// it, the error names that one.
func (s *Store) Recover(ctx context.Context) (int, error) {
	if err := s.own(); err != nil {
		return 0, err
	}
	var interrupted int64
	err := s.update(ctx, "taking up interrupted deliveries", func(tx *sql.Tx) error {
		done, err := tx.ExecContext(ctx, `UPDATE delivery SET state = 0, next_at = 0 WHERE state = 1`)
		if err != nil {
			return err
		}
		interrupted, err = done.RowsAffected()
		return err
	})
	return int(interrupted), err
}

// own takes the lock. The kernel lets it go when the process ends, however it
// ends, so a file that a dead process left is no obstacle.
func (s *Store) own() (err error) {
	if s.owner != nil {
		return nil
	}
	path := s.path + ".lock"
	f, err := os.OpenFile(path, os.O_RDWR|os.O_CREATE, 0o600)
	if err != nil {
		return fmt.Errorf("owning the outbox: %w", err)
	}
	if err := unix.Flock(int(f.Fd()), unix.LOCK_EX|unix.LOCK_NB); err != nil {
		defer func() { err = errors.Join(err, f.Close()) }()
		if !errors.Is(err, unix.EWOULDBLOCK) {
			return fmt.Errorf("locking %s: %w", path, err)
		}
		return fmt.Errorf("another process is already serving %s: %s (it holds %s). Stop it first", s.path, holder(f), path)
	}
	if err := errors.Join(f.Truncate(0), write(f, strconv.Itoa(os.Getpid())+"\n")); err != nil {
		return errors.Join(fmt.Errorf("writing %s: %w", path, err), f.Close())
	}
	s.owner = f
	return nil
}

func write(f *os.File, s string) error {
	_, err := f.WriteAt([]byte(s), 0)
	return err
}

// holder is the process that wrote its number into the lock.
func holder(f *os.File) string {
	content, err := io.ReadAll(io.LimitReader(f, 32))
	pid := strings.TrimSpace(string(content))
	if err != nil || pid == "" {
		return "one that hasn't said its number"
	}
	return "process " + pid
}
