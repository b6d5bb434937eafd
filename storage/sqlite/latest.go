// LatestDigest: what a destination was told last.

package sqlite

import (
	"context"
	"database/sql"
	"errors"

	"github.com/strillone/strillone/digest"
)

const digestColumns = `digest.id, digest.title, digest.slot, digest.after, digest.through, digest.more FROM digest`

// LatestDigest is the newest digest of a destination; see storage.Store. Its
// articles say what they say now; those withdrawn since are left out.
func (s *Store) LatestDigest(ctx context.Context, to digest.Destination) (digest.Digest, error) {
	d, err := s.latestDigest(ctx, to)
	if err == nil {
		d.Articles, err = scanArticles(s.read.QueryContext(ctx, `SELECT `+articleColumns+`
			JOIN digest_article ON digest_article.article = a.id
			WHERE digest_article.digest = ? AND a.state = 'published' ORDER BY digest_article.position`, d.ID))
	}
	if err != nil {
		return digest.Digest{}, failure(ctx, "reading the latest digest", err)
	}
	return d, nil
}

func (s *Store) latestDigest(ctx context.Context, to digest.Destination) (digest.Digest, error) {
	d, err := scanDigest(s.read.QueryRowContext(ctx, `SELECT `+digestColumns+`
		JOIN rendering ON rendering.digest = digest.id
		JOIN delivery ON delivery.rendering = rendering.id
		JOIN subscription ON subscription.id = delivery.subscription
		WHERE subscription.platform = ? AND subscription.chat = ? AND subscription.thread = ? AND delivery.state = 2
		ORDER BY digest.slot DESC, digest.after DESC LIMIT 1`, to.Platform, to.Chat, to.Thread))
	if digest.CodeOf(err) == digest.NotFound {
		// Of the newest edition, the digest of those who miss nothing older.
		return scanDigest(s.read.QueryRowContext(ctx, `SELECT `+digestColumns+` ORDER BY digest.slot DESC, digest.after DESC LIMIT 1`))
	}
	return d, err
}

func scanDigest(r row) (digest.Digest, error) {
	var d digest.Digest
	var slot int64
	err := r.Scan(&d.ID, &d.Title, &slot, &d.Window.After, &d.Window.Through, &d.More)
	if errors.Is(err, sql.ErrNoRows) {
		return d, notFound()
	}
	d.BuiltAt = moment(slot)
	return d, err
}
