// Buttons: what pressed buttons mean, and the keys that hashes are made with.

package sqlite

import (
	"context"
	"database/sql"
	"errors"
)

// SaveButtons keeps command lines by their ids; see storage.Store.
func (s *Store) SaveButtons(ctx context.Context, lines map[string]string) error {
	return s.update(ctx, "keeping buttons", func(tx *sql.Tx) error {
		for id, line := range lines {
			if _, err := tx.ExecContext(ctx, `INSERT INTO button (id, line) VALUES (?, ?) ON CONFLICT DO NOTHING`, id, line); err != nil {
				return err
			}
		}
		return nil
	})
}

// Button is the command line of an id; see storage.Store.
func (s *Store) Button(ctx context.Context, id string) (string, error) {
	var line string
	err := s.read.QueryRowContext(ctx, `SELECT line FROM button WHERE id = ?`, id).Scan(&line)
	if errors.Is(err, sql.ErrNoRows) {
		return "", notFound()
	}
	return line, failure(ctx, "reading a button", err)
}

// Secret is the database's key of that name; see storage.Store.
func (s *Store) Secret(ctx context.Context, name string) ([]byte, error) {
	var key []byte
	err := s.update(ctx, "reading a key", func(tx *sql.Tx) error {
		return tx.QueryRowContext(ctx, `INSERT INTO secret (name, value) VALUES (?, randomblob(32))
			ON CONFLICT (name) DO UPDATE SET value = value RETURNING value`, name).Scan(&key)
	})
	return key, err
}
