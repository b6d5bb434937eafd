// Pieces: what editors sent, until and after it is understood.

package sqlite

import (
	"context"
	"database/sql"
	"encoding/json"
	"fmt"
	"time"

	"github.com/strillone/strillone/digest"
)

// HoldPiece keeps a piece that waits for others; see storage.Store.
func (s *Store) HoldPiece(ctx context.Context, p digest.Piece) (bool, error) {
	content, err := json.Marshal(p)
	if err != nil {
		return false, err
	}
	done, err := affected(s.write.ExecContext(ctx, `INSERT INTO piece (platform, chat, message, file, content, waiting)
		VALUES (?, ?, ?, ?, ?, 1) ON CONFLICT DO UPDATE SET content = excluded.content WHERE waiting = 1`, p.Chat.Platform, p.Chat.Chat, p.Message, p.File, string(content)))
	return done == 1, failure(ctx, "keeping a message", err)
}

// WaitingPieces are the pieces that wait; see storage.Store.
func (s *Store) WaitingPieces(ctx context.Context) ([]digest.Piece, error) {
	pieces, err := scanPieces(s.read.QueryContext(ctx, `SELECT content FROM piece WHERE waiting = 1 ORDER BY id`))
	return pieces, failure(ctx, "reading what waits", err)
}

// SettlePieces ends the waiting of pieces; see storage.Store.
func (s *Store) SettlePieces(ctx context.Context, pieces []digest.Piece) error {
	return s.update(ctx, "settling messages", func(tx *sql.Tx) error {
		for _, p := range pieces {
			_, err := tx.ExecContext(ctx, `UPDATE piece SET waiting = 0 WHERE platform = ? AND chat = ? AND message = ? AND file = ?`,
				p.Chat.Platform, p.Chat.Chat, p.Message, p.File)
			if err != nil {
				return err
			}
		}
		return nil
	})
}

// Manuscript is what a message was put together to; see storage.Store.
func (s *Store) Manuscript(ctx context.Context, p digest.Piece) ([]digest.Piece, []digest.Article, error) {
	const of = `(SELECT manuscript FROM piece WHERE platform = ? AND chat = ? AND message = ? AND file = ?)`
	key := []any{p.Chat.Platform, p.Chat.Chat, p.Message, p.File}
	pieces, err := scanPieces(s.read.QueryContext(ctx, `SELECT content FROM piece WHERE manuscript = `+of+` ORDER BY id`, key...))
	if err == nil && len(pieces) == 0 {
		err = notFound()
	}
	if err != nil {
		return nil, nil, failure(ctx, "reading a manuscript", err)
	}
	articles, err := scanArticles(s.read.QueryContext(ctx, `SELECT `+articleColumns+`
		JOIN manuscript_article m ON m.article = a.id WHERE m.manuscript = `+of+` ORDER BY m.position`, key...))
	if err != nil {
		return nil, nil, failure(ctx, "reading a manuscript", err)
	}
	return pieces, articles, nil
}

func scanPieces(rows *sql.Rows, err error) ([]digest.Piece, error) {
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	var pieces []digest.Piece
	for rows.Next() {
		var content string
		var p digest.Piece
		if err := rows.Scan(&content); err != nil {
			return nil, err
		}
		if err := json.Unmarshal([]byte(content), &p); err != nil {
			return nil, fmt.Errorf("the content of a piece: %w", err)
		}
		pieces = append(pieces, p)
	}
	return pieces, rows.Err()
}

// SaveManuscript stores what pieces became; see storage.Store.
func (s *Store) SaveManuscript(ctx context.Context, pieces []digest.Piece, contents []digest.Content, at time.Time) ([]digest.Filed, error) {
	var filed []digest.Filed
	err := s.update(ctx, "saving a manuscript", func(tx *sql.Tx) error {
		filed = nil
		id, err := putTogether(ctx, tx, pieces)
		if err != nil {
			return err
		}
		for i, c := range contents {
			f, err := file(ctx, tx, id, i, c, pieces[0].Author, at)
			if err != nil {
				return err
			}
			filed = append(filed, f)
			_, err = tx.ExecContext(ctx, `INSERT INTO manuscript_article (manuscript, position, article) VALUES (?, ?, ?)
				ON CONFLICT DO UPDATE SET article = excluded.article`, id, i, f.Article.ID)
			if err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		return nil, err
	}
	return filed, nil
}

// putTogether stores the pieces as they are now, as one manuscript, and returns
// its id. A manuscript that one of them belongs to keeps its id.
func putTogether(ctx context.Context, tx *sql.Tx, pieces []digest.Piece) (int64, error) {
	var ids []int64
	var manuscript sql.NullInt64
	for _, p := range pieces {
		content, err := json.Marshal(p)
		if err != nil {
			return 0, err
		}
		var id int64
		var known sql.NullInt64
		err = tx.QueryRowContext(ctx, `INSERT INTO piece (platform, chat, message, file, content, waiting) VALUES (?, ?, ?, ?, ?, 0)
			ON CONFLICT DO UPDATE SET content = excluded.content RETURNING id, manuscript`,
			p.Chat.Platform, p.Chat.Chat, p.Message, p.File, string(content)).Scan(&id, &known)
		if err != nil {
			return 0, err
		}
		ids = append(ids, id)
		if !manuscript.Valid {
			manuscript = known
		}
	}
	if !manuscript.Valid {
		manuscript = sql.NullInt64{Int64: ids[0], Valid: true}
	}
	for _, id := range ids {
		if _, err := tx.ExecContext(ctx, `UPDATE piece SET manuscript = ? WHERE id = ?`, manuscript, id); err != nil {
			return 0, err
		}
	}
	return manuscript.Int64, nil
}

// file stores the content as the article at a position of a manuscript.
func file(ctx context.Context, tx *sql.Tx, manuscript int64, position int, c digest.Content, author string, at time.Time) (digest.Filed, error) {
	own, err := scanArticle(tx.QueryRowContext(ctx, `SELECT `+articleColumns+`
		JOIN manuscript_article m ON m.article = a.id WHERE m.manuscript = ? AND m.position = ?`, manuscript, position))
	hasOwn := err == nil
	if err != nil && digest.CodeOf(err) != digest.NotFound {
		return digest.Filed{}, err
	}
	same, err := scanArticle(tx.QueryRowContext(ctx, `SELECT `+articleColumns+`
		WHERE a.fingerprint = ? AND a.state <> 'withdrawn'`, c.Fingerprint()))
	switch {
	case err == nil && same.Number != 0:
		return digest.Filed{Article: same, Outcome: digest.FiledBefore}, nil
	case err == nil:
		if hasOwn && own.ID != same.ID && own.Number == 0 { // the message doesn't say it any more
			if _, err := tx.ExecContext(ctx, `DELETE FROM article WHERE id = ? AND state = 'draft'`, own.ID); err != nil {
				return digest.Filed{}, err
			}
		}
		err := reviseDraft(ctx, tx, &same, c, author, at)
		return digest.Filed{Article: same, Outcome: digest.FiledDraft}, err
	case digest.CodeOf(err) != digest.NotFound:
		return digest.Filed{}, err
	case hasOwn && own.Number != 0:
		return digest.Filed{Article: own, Outcome: digest.FiledOut}, nil
	case hasOwn:
		if _, err := tx.ExecContext(ctx, `UPDATE article SET fingerprint = ? WHERE id = ?`, c.Fingerprint(), own.ID); err != nil {
			return digest.Filed{}, err
		}
		err := reviseDraft(ctx, tx, &own, c, author, at)
		return digest.Filed{Article: own, Outcome: digest.FiledDraft}, err
	}
	a, err := insertDraft(ctx, tx, c, author, at)
	return digest.Filed{Article: a, Outcome: digest.FiledDraft}, err
}
