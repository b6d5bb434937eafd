// Privacy: what is kept of one person, and forgetting it down to the bytes.

package sqlite

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/strillone/strillone/digest"
)

// DataOf is what is kept of a person; see storage.Store.
func (s *Store) DataOf(ctx context.Context, who digest.Person, home digest.Destination) (digest.Record, error) {
	r, err := s.recordOf(ctx, who, home)
	if err != nil {
		return digest.Record{}, failure(ctx, "reading what is kept of a person", err)
	}
	return r, nil
}

func (s *Store) recordOf(ctx context.Context, who digest.Person, home digest.Destination) (r digest.Record, err error) {
	tx, err := s.read.BeginTx(ctx, &sql.TxOptions{ReadOnly: true})
	if err != nil {
		return r, err
	}
	defer func() { _ = tx.Rollback() }() // it only reads
	if r.Subscriptions, err = subscriptionsIn(ctx, tx, home, `1`); err != nil {
		return r, err
	}
	if r.Deliveries, err = traces(ctx, tx, home); err != nil {
		return r, err
	}
	if r.Saved, err = savedBy(ctx, tx, who); err != nil {
		return r, err
	}
	author := authorOf(who)
	r.Sent, err = scanPieces(tx.QueryContext(ctx, `SELECT content FROM piece WHERE content ->> '$.author' = ? ORDER BY id`, author))
	if err != nil {
		return r, err
	}
	r.Drafts, err = scanArticles(tx.QueryContext(ctx, `SELECT `+articleColumns+` WHERE a.author = ? AND a.number IS NULL ORDER BY a.id`, author))
	if err != nil {
		return r, err
	}
	r.Authored, err = column[int](tx.QueryContext(ctx, `SELECT DISTINCT a.number FROM article a JOIN revision r ON r.article = a.id
		WHERE a.number IS NOT NULL AND (a.author = ? OR r.author = ?) ORDER BY a.number`, author, author))
	if err != nil {
		return r, err
	}
	lines, err := column[string](tx.QueryContext(ctx, `SELECT line FROM button WHERE instr(line, ?) ORDER BY line`, inLine+home.Chat))
	for _, line := range lines {
		if names(line, home.Chat) {
			r.Buttons = append(r.Buttons, line)
		}
	}
	return r, err
}

// authorOf is how articles name a person; see digest.Submission.
func authorOf(who digest.Person) string { return string(who.Platform) + ":" + who.ID }

// inLine begins the part of a command line that names another place.
const inLine = " in:"

// names says whether a command line names the chat.
func names(line, chat string) bool {
	i := strings.Index(line, inLine)
	if i < 0 {
		return false
	}
	named := line[i+len(inLine):]
	if end := strings.IndexFunc(named, func(r rune) bool { return r == '/' || r <= ' ' }); end >= 0 {
		named = named[:end] // a thread, or what the button asks for
	}
	return named == chat
}

// traces are the deliveries to a chat, the oldest first.
func traces(ctx context.Context, tx *sql.Tx, home digest.Destination) ([]digest.Trace, error) {
	rows, err := tx.QueryContext(ctx, `SELECT d.id, rendering.digest, edition.slot, d.state, coalesce(d.reason, ''), coalesce(receipt.message, '')
		FROM subscription s JOIN delivery d ON d.subscription = s.id
		JOIN rendering ON rendering.id = d.rendering JOIN digest ON digest.id = rendering.digest JOIN edition ON edition.id = digest.edition
		LEFT JOIN receipt ON receipt.delivery = d.id
		WHERE s.platform = ? AND s.chat = ? ORDER BY d.id, receipt.part`, home.Platform, home.Chat)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	var all []digest.Trace
	last := int64(0)
	for rows.Next() {
		var t digest.Trace
		var id, slot int64
		var state int
		var message string
		if err := rows.Scan(&id, &t.Digest, &slot, &state, &t.Reason, &message); err != nil {
			return nil, err
		}
		if id != last {
			t.Slot, t.State = moment(slot), stateNames[state]
			all = append(all, t)
		}
		if last = id; message != "" {
			of := &all[len(all)-1]
			of.Messages = append(of.Messages, message)
		}
	}
	return all, rows.Err()
}

// stateNames are the states of deliveries by their numbers.
var stateNames = [...]string{"queued", "sending", "sent", "failed"}

func savedBy(ctx context.Context, tx *sql.Tx, who digest.Person) ([]digest.Saved, error) {
	rows, err := tx.QueryContext(ctx, `SELECT a.number, r.content ->> '$.title', saved.at FROM saved
		JOIN article a ON a.id = saved.article JOIN revision r ON r.article = a.id AND r.revision = a.revision
		WHERE saved.platform = ? AND saved.person = ? ORDER BY saved.at, a.number`, who.Platform, who.ID)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	var all []digest.Saved
	for rows.Next() {
		var one digest.Saved
		var at int64
		if err := rows.Scan(&one.Number, &one.Title, &at); err != nil {
			return nil, err
		}
		one.At = moment(at)
		all = append(all, one)
	}
	return all, rows.Err()
}

// column is the one column of a query.
func column[T any](rows *sql.Rows, err error) ([]T, error) {
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	var all []T
	for rows.Next() {
		var one T
		if err := rows.Scan(&one); err != nil {
			return nil, err
		}
		all = append(all, one)
	}
	return all, rows.Err()
}

// Forget erases what DataOf finds; see storage.Store. What a row held is
// overwritten as it goes (the pragma secure_delete), and the journal, which still
// has it, is emptied into the file and cut off.
func (s *Store) Forget(ctx context.Context, who digest.Person, home digest.Destination, at time.Time) error {
	err := s.update(ctx, "forgetting a person", func(tx *sql.Tx) error {
		if err := forgetPlace(ctx, tx, home, at); err != nil {
			return err
		}
		return forgetPerson(ctx, tx, who)
	})
	if err != nil {
		return err
	}
	return failure(ctx, "cutting off the journal", s.cutJournal(ctx))
}

// ofChat are the deliveries to a chat.
const ofChat = `(SELECT d.id FROM subscription s JOIN delivery d ON d.subscription = s.id WHERE s.platform = ?1 AND s.chat = ?2)`

// forgetPlace erases a chat. Ids of deliveries must not be given again while
// somebody holds them: what is under way, and the newest of all, is left as the
// row of nobody.
func forgetPlace(ctx context.Context, tx *sql.Tx, home digest.Destination, at time.Time) error {
	subs, err := subscriptionsIn(ctx, tx, home, `s.active = 1`)
	if err != nil {
		return err
	}
	for _, sub := range subs {
		if err := end(ctx, tx, sub.ID, "unsubscribed", "unsubscribed", at); err != nil {
			return err
		}
	}
	chat := []any{home.Platform, home.Chat}
	const ofNobody = `id IN ` + ofChat + ` AND (state = 1 OR id = (SELECT max(id) FROM delivery))`
	for _, query := range []string{
		`DELETE FROM receipt WHERE delivery IN ` + ofChat,
		`DELETE FROM doubt WHERE delivery IN ` + ofChat,
		// The last broadcast is fewer by those that didn't arrive; those that did
		// are in its sums already.
		`UPDATE broadcast SET deliveries = deliveries - (SELECT count(*) FROM delivery
			WHERE id IN ` + ofChat + ` AND state = 3 AND id < (SELECT max(id) FROM delivery) AND id >= (SELECT first FROM edition WHERE edition.id = broadcast.edition))
			WHERE platform = ?1 AND edition = (SELECT id FROM edition WHERE first IS NOT NULL ORDER BY id DESC LIMIT 1)`,
		`UPDATE delivery SET subscription = 0, kind = CASE state WHEN 2 THEN kind ELSE 'unsubscribed' END, reason = NULL,
			state = CASE state WHEN 1 THEN 3 ELSE state END WHERE ` + ofNobody,
		`DELETE FROM delivery WHERE id IN ` + ofChat,
		`DELETE FROM subscription WHERE platform = ?1 AND chat = ?2`,
	} {
		if _, err := tx.ExecContext(ctx, query, chat...); err != nil {
			return err
		}
	}
	return forgetButtons(ctx, tx, home.Chat)
}

func forgetButtons(ctx context.Context, tx *sql.Tx, chat string) error {
	lines, err := column[string](tx.QueryContext(ctx, `SELECT line FROM button WHERE instr(line, ?)`, inLine+chat))
	if err != nil {
		return err
	}
	for _, line := range lines {
		if !names(line, chat) {
			continue
		}
		if _, err := tx.ExecContext(ctx, `DELETE FROM button WHERE line = ?`, line); err != nil {
			return err
		}
	}
	return nil
}

// forgetPerson erases what a person saved, what they sent to the newsroom and
// their drafts. What they published is the newsletter's, and stays without their
// id.
func forgetPerson(ctx context.Context, tx *sql.Tx, who digest.Person) error {
	if _, err := tx.ExecContext(ctx, `DELETE FROM saved WHERE platform = ? AND person = ?`, who.Platform, who.ID); err != nil {
		return err
	}
	for _, query := range []string{
		`DELETE FROM manuscript_article WHERE manuscript IN (SELECT coalesce(manuscript, id) FROM piece WHERE content ->> '$.author' = ?)`,
		`UPDATE piece SET manuscript = NULL WHERE manuscript IN (SELECT id FROM piece WHERE content ->> '$.author' = ?)`,
		`DELETE FROM piece WHERE content ->> '$.author' = ?`,
		`DELETE FROM article WHERE author = ? AND number IS NULL`,
		`UPDATE article SET author = '' WHERE author = ?`,
		`UPDATE revision SET author = '' WHERE author = ?`,
	} {
		if _, err := tx.ExecContext(ctx, query, authorOf(who)); err != nil {
			return err
		}
	}
	return nil
}

// errReaders says that the journal is still being read.
var errReaders = errors.New("the journal is being read")

// cutJournal moves the journal's pages into the file and makes the journal empty.
func (s *Store) cutJournal(ctx context.Context) error {
	var busy, pages, moved int
	err := s.write.QueryRowContext(ctx, `PRAGMA wal_checkpoint(TRUNCATE)`).Scan(&busy, &pages, &moved)
	if err == nil && busy != 0 {
		return fmt.Errorf("%w: what was forgotten is in %s-wal until it is cut off", errReaders, s.path)
	}
	return err
}
