// Migrations: the schema, step by step.

package sqlite

import (
	"context"
	"database/sql"
	"embed"
	"errors"
	"fmt"
	"io/fs"

	"github.com/pressly/goose/v3"
)

//go:embed migrations/*.sql
var migrations embed.FS

// steps are the migrations this program knows, for one database.
type steps struct{ *goose.Provider }

func newSteps(db *sql.DB) (steps, error) {
	files, err := fs.Sub(migrations, "migrations")
	if err != nil {
		return steps{}, err
	}
	provider, err := goose.NewProvider(goose.DialectSQLite3, db, files, goose.WithDisableGlobalRegistry(true))
	if err != nil {
		return steps{}, fmt.Errorf("reading the migrations: %w", err)
	}
	return steps{provider}, nil
}

// pending says whether there are steps to take. A schema that is newer is an
// error: it belongs to a newer program, whose data this one could spoil.
func (s steps) pending(ctx context.Context) (bool, error) {
	current, known, err := s.GetVersions(ctx)
	if err != nil {
		return false, fmt.Errorf("reading the schema's version: %w", err)
	}
	if current > known {
		return false, fmt.Errorf("the schema is version %d and this program knows %d: use the newer program that made it", current, known)
	}
	return current < known, nil
}

// migrate brings the schema up to date, and the index with it. It does so as the
// owner of the outbox: a process that serves must not find another schema under
// its feet, and two that open a new file at once take the steps one after the
// other.
func (s *Store) migrate(ctx context.Context) (err error) {
	steps, err := newSteps(s.write)
	if err != nil {
		return err
	}
	pending, err := steps.pending(ctx)
	if err == nil && !pending {
		pending, err = s.isStale(ctx)
	}
	if err != nil || !pending {
		return failure(ctx, "migrating", err)
	}
	if err := s.ownSoon(ctx); err != nil {
		return fmt.Errorf("its schema has to be brought up to date: %w", err)
	}
	defer func() { err = errors.Join(err, s.disown()) }()
	if _, err := steps.Up(ctx); err != nil {
		return failure(ctx, "migrating", err)
	}
	return s.reindex(ctx)
}
