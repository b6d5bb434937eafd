// Archive: what there is, by topic and by month.

package sqlite

import (
	"context"
	"database/sql"
	"time"

	"github.com/strillone/strillone/digest/search"
)

// Topics counts articles by topic; see storage.Store.
func (s *Store) Topics(ctx context.Context) ([]search.TopicCount, error) {
	rows, err := s.read.QueryContext(ctx, `SELECT name, articles FROM
		(SELECT topic, count(*) AS articles FROM article_topic GROUP BY topic) JOIN topic ON topic.id = topic
		ORDER BY articles DESC, name`)
	if err != nil {
		return nil, failure(ctx, "counting topics", err)
	}
	defer rows.Close()
	var topics []search.TopicCount
	for rows.Next() {
		var t search.TopicCount
		if err := rows.Scan(&t.Topic, &t.Articles); err != nil {
			return nil, failure(ctx, "counting topics", err)
		}
		topics = append(topics, t)
	}
	return topics, failure(ctx, "counting topics", rows.Err())
}

// Months counts articles by month; see storage.Store. Every month there was is
// counted by itself, since only Go knows where it begins in a zone.
func (s *Store) Months(ctx context.Context, zone *time.Location) ([]search.MonthCount, error) {
	var months []search.MonthCount
	for before := time.Unix(1<<40, 0); ; {
		var last sql.NullInt64
		err := s.read.QueryRowContext(ctx, `SELECT max(published_at) FROM article WHERE state = 'published' AND published_at < ?`, before.UnixMilli()).Scan(&last)
		if err != nil {
			return nil, failure(ctx, "looking for months", err)
		}
		if !last.Valid {
			return months, nil
		}
		year, month, _ := moment(last.Int64).In(zone).Date()
		m := search.MonthCount{Month: time.Date(year, month, 1, 0, 0, 0, 0, zone)}
		err = s.read.QueryRowContext(ctx, `SELECT count(*) FROM article WHERE state = 'published' AND published_at >= ? AND published_at < ?`,
			m.Month.UnixMilli(), before.UnixMilli()).Scan(&m.Articles)
		if err != nil {
			return nil, failure(ctx, "counting a month", err)
		}
		months = append(months, m)
		before = m.Month
	}
}
