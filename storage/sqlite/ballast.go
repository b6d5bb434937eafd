// The ballast: space kept for the results of what was sent when the disk fills.

package sqlite

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"io"
	"os"
	"syscall"
	"time"

	"github.com/strillone/strillone/digest"
	"github.com/strillone/strillone/digest/delivery"
)

// ballastSize is many times what the results in memory take up, journal and
// all.
const ballastSize = 1 << 20

// ballast is a file beside the database, which the owner of the outbox keeps.
// When there is no space left, it goes, and what was sent is recorded in its
// place. While it is gone nothing is claimed: so nothing is sent whose result
// may find no space. It comes back, and claiming with it, as soon as there is
// space for it.
type ballast struct {
	path string // empty: there is no owner, and no ballast
	gone bool
}

// keepBallast begins to keep one. That the disk is full already is no error:
// the first Exchange tells.
func (s *Store) keepBallast() error {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.ballast = ballast{path: s.path + ".ballast"}
	if err := s.ballast.restore(); !errors.Is(err, syscall.ENOSPC) {
		return err
	}
	return nil
}

// wantBallast has the ballast back if it is gone; the error says why it can't.
func (s *Store) wantBallast() error {
	s.mu.Lock()
	defer s.mu.Unlock()
	if !s.ballast.gone {
		return nil
	}
	return s.ballast.restore()
}

// dropBallast makes room, and says whether there was any ballast to drop.
func (s *Store) dropBallast() bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.ballast.path == "" || s.ballast.gone {
		return false
	}
	s.ballast.gone = true
	return os.Remove(s.ballast.path) == nil
}

// restore makes the file, unless it is there and whole.
func (b *ballast) restore() error {
	b.gone = false
	if info, err := os.Stat(b.path); err == nil && info.Size() == ballastSize {
		return nil
	}
	err := weigh(b.path)
	b.gone = err != nil
	return err
}

// weigh writes the file with what no file system makes smaller.
func weigh(path string) error {
	f, err := os.OpenFile(path, os.O_WRONLY|os.O_CREATE|os.O_TRUNC, 0o600)
	if err != nil {
		return err
	}
	_, err = io.CopyN(f, rand.Reader, ballastSize)
	if err = errors.Join(err, f.Sync(), f.Close()); err != nil {
		return errors.Join(err, os.Remove(path))
	}
	return nil
}

// Exchange records results and claims deliveries; see delivery.Outbox. When the
// disk is full it records them all the same, in the ballast's place, claims
// nothing and returns ErrFull: the caller, which stops and asks again with the
// same results, goes on when there is space again.
func (s *Store) Exchange(ctx context.Context, platform digest.Platform, results []delivery.Result, now time.Time, limit int) ([]delivery.Delivery, error) {
	lack := s.wantBallast()
	if lack == nil {
		claimed, err := s.exchange(ctx, platform, results, now, limit)
		if !errors.Is(err, syscall.ENOSPC) || !s.dropBallast() {
			return claimed, err
		}
		lack = err
	}
	if _, err := s.exchange(ctx, platform, results, now, 0); err != nil {
		return nil, err
	}
	return nil, fmt.Errorf("%d results are recorded in the place of %s.ballast, more is sent when there is space for that again: %w",
		len(results), s.path, lack)
}
