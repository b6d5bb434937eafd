// Ownership of the outbox: one process at a time sends from a file.

package sqlite

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"io"
	"os"
	"strings"
	"syscall"
	"time"

	"golang.org/x/sys/unix"
)

const (
	// migrationPatience is how long another process's migration may take.
	migrationPatience = 10 * time.Second
	// migrationPoll is how often to look whether it has ended.
	migrationPoll = 20 * time.Millisecond
)

// Recover makes this process the owner of the outbox until Close, and queues
// again what was Sending when its last owner ended; see delivery.Outbox. While
// another process owns it, the error names that one. When the disk is full, it
// does so in the ballast's place.
func (s *Store) Recover(ctx context.Context) (int, error) {
	if err := s.own(); err != nil {
		return 0, err
	}
	if err := s.keepBallast(); err != nil {
		return 0, err
	}
	n, err := s.requeue(ctx)
	if errors.Is(err, syscall.ENOSPC) && s.dropBallast() {
		n, err = s.requeue(ctx)
	}
	return n, err
}

// requeue queues again what was Sending, and returns how many there were.
func (s *Store) requeue(ctx context.Context) (int, error) {
	var interrupted int64
	err := s.update(ctx, "taking up interrupted deliveries", func(tx *sql.Tx) (err error) {
		if _, err := tx.ExecContext(ctx, `UPDATE delivery SET state = 3, kind = subscription.end_kind, reason = subscription.end_reason
			FROM subscription WHERE subscription.id = delivery.subscription
			AND delivery.state = 1 AND subscription.active = 0`); err != nil {
			return err
		}
		interrupted, err = affected(tx.ExecContext(ctx, `UPDATE delivery SET state = 0, next_at = 0, doubts = doubts + 1 WHERE state = 1`))
		return err
	})
	if err != nil {
		return 0, err
	}
	return int(interrupted), nil
}

// ownedError says that another process owns the outbox.
type ownedError struct{ path, holder string }

func (e *ownedError) Error() string {
	return fmt.Sprintf("%s is already serving from it, and holds %s: stop it first", e.holder, e.path)
}

// own takes the lock. The kernel lets it go when the process ends, however it
// ends, so a file that a dead process left is no obstacle.
func (s *Store) own() error {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.owner != nil {
		return nil
	}
	f, err := lock(s.path + ".lock")
	if err != nil {
		return err
	}
	s.owner = f
	return nil
}

// ownSoon takes the lock, and waits for a process that has it for a migration.
func (s *Store) ownSoon(ctx context.Context) error {
	patience := time.NewTimer(s.patience)
	defer patience.Stop()
	poll := time.NewTicker(migrationPoll)
	defer poll.Stop()
	for {
		err := s.own()
		if _, owned := errors.AsType[*ownedError](err); !owned {
			return err
		}
		select {
		case <-poll.C:
		case <-patience.C:
			return err
		case <-ctx.Done():
			return ctx.Err()
		}
	}
}

// disown gives the lock up.
func (s *Store) disown() error {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.owner == nil {
		return nil
	}
	err := s.owner.Close()
	s.owner = nil
	return err
}

// lock locks the file and writes this process's number into it.
func lock(path string) (*os.File, error) {
	f, err := os.OpenFile(path, os.O_RDWR|os.O_CREATE, 0o600)
	if err != nil {
		return nil, fmt.Errorf("owning the outbox: %w", err)
	}
	if err := flock(f); err != nil {
		return nil, errors.Join(err, f.Close())
	}
	if err := sign(f); err != nil {
		return nil, errors.Join(fmt.Errorf("owning the outbox: %w", err), f.Close())
	}
	return f, nil
}

func flock(f *os.File) error {
	err := unix.Flock(int(f.Fd()), unix.LOCK_EX|unix.LOCK_NB)
	if errors.Is(err, unix.EWOULDBLOCK) {
		return &ownedError{path: f.Name(), holder: holder(f)}
	}
	if err != nil {
		return fmt.Errorf("locking %s: %w", f.Name(), err)
	}
	return nil
}

func sign(f *os.File) error {
	if err := f.Truncate(0); err != nil {
		return err
	}
	_, err := fmt.Fprintln(f, os.Getpid())
	return err
}

// holder is the process that wrote its number into the lock.
func holder(f *os.File) string {
	content, err := io.ReadAll(io.LimitReader(f, 32))
	pid := strings.TrimSpace(string(content))
	if err != nil || pid == "" {
		return "another process"
	}
	return "process " + pid
}
