// Prepared: the statements of an exchange, parsed once for the Store's life.

package sqlite

import (
	"context"
	"database/sql"
	"errors"
)

// statement is one of an exchange's.
type statement int

// The statements of an exchange.
const (
	claimBegun statement = iota // to claim
	claimFresh
	claimAll

	settleOne // to record one result
	arriveOne
	dropOne
	doubtOne

	advanceAll // to record many arrivals
	arriveAll
	dropAll

	theLastBroadcast // to count them
	addSent

	statements int = iota
)

// theirs are the deliveries of a JSON object whose names they are.
const theirs = `(SELECT CAST(key AS INTEGER) FROM json_each(?1))`

// What was being sent when its subscription ended goes no further.
const dropEnded = `UPDATE delivery SET state = 3, kind = subscription.end_kind, reason = subscription.end_reason
	FROM subscription WHERE subscription.id = delivery.subscription AND subscription.active = 0 AND delivery.state = 0`

var texts = [statements]string{
	claimBegun: dueIn(begun),
	claimFresh: dueIn(fresh),
	claimAll:   `UPDATE delivery SET state = 1 WHERE id IN (SELECT value FROM json_each(?))`,

	settleOne: `UPDATE delivery
		SET state = ?, part = ?, attempts = ?, doubts = ?, next_at = ?, kind = nullif(?, ''), reason = nullif(?, '')
		WHERE id = ? AND state = 1`,
	arriveOne: `INSERT INTO receipt (delivery, part, message) VALUES (?, ?, ?)
		ON CONFLICT (delivery, part) DO UPDATE SET message = excluded.message`,
	dropOne:  dropEnded + ` AND delivery.id = ?`,
	doubtOne: `INSERT INTO doubt (delivery) VALUES (?) ON CONFLICT DO NOTHING`,

	advanceAll: `UPDATE delivery SET state = ?2, part = ?3, attempts = 0, doubts = 0, next_at = 0, kind = NULL, reason = NULL
		WHERE id IN ` + theirs + ` AND state = 1`,
	arriveAll: `INSERT INTO receipt (delivery, part, message)
		SELECT CAST(key AS INTEGER), ?2, value FROM json_each(?1) WHERE true
		ON CONFLICT (delivery, part) DO UPDATE SET message = excluded.message`,
	dropAll: dropEnded + ` AND delivery.id IN ` + theirs,

	theLastBroadcast: lastBroadcast,
	addSent:          `UPDATE broadcast SET sent = sent + ? WHERE edition = ? AND platform = ?`,
}

// prepared are the statements on the writer's connection: to parse them for
// each exchange would take longer than to carry them out.
type prepared [statements]*sql.Stmt

// prepare prepares them. It must not be called in a transaction, which has the
// connection.
func (p *prepared) prepare(ctx context.Context, db *sql.DB) (err error) {
	for i, text := range texts {
		if p[i], err = db.PrepareContext(ctx, text); err != nil { //nolint:sqlclosecheck // close does
			return failure(ctx, "preparing for deliveries", err)
		}
	}
	return nil
}

func (p *prepared) close() error {
	var errs []error
	for _, s := range p {
		if s != nil {
			errs = append(errs, s.Close())
		}
	}
	return errors.Join(errs...)
}

// exchange is the transaction of an exchange.
type exchange struct {
	ctx context.Context
	tx  *sql.Tx
	*prepared
}

// use is a statement within the transaction, whose end closes it.
func (e exchange) use(s statement) *sql.Stmt { return e.tx.StmtContext(e.ctx, e.prepared[s]) }

// exec carries a statement out and returns how many rows it changed.
func (e exchange) exec(s statement, args ...any) (int64, error) {
	return affected(e.use(s).ExecContext(e.ctx, args...)) //nolint:sqlclosecheck // the transaction's end does
}

// query asks for rows.
func (e exchange) query(s statement, args ...any) (*sql.Rows, error) {
	return e.use(s).QueryContext(e.ctx, args...) //nolint:sqlclosecheck // the transaction's end does
}
