// LatestDigest and DigestByID: what a destination was told, to be read again.

package sqlite

import (
	"context"
	"database/sql"
	"errors"

	"github.com/strillone/strillone/digest"
)

const selectDigests = `SELECT digest.id, digest.title, edition.slot, digest.after, digest.through, digest.more, schedule.zone
	FROM digest JOIN edition ON edition.id = digest.edition JOIN schedule ON schedule.id = edition.schedule `

// LatestDigest is the newest digest of a destination; see storage.Store.
func (s *Store) LatestDigest(ctx context.Context, to digest.Destination) (digest.Digest, error) {
	d, err := scanDigest(s.read.QueryRowContext(ctx, selectDigests+`
		JOIN rendering ON rendering.digest = digest.id
		JOIN delivery ON delivery.rendering = rendering.id
		JOIN subscription ON subscription.id = delivery.subscription
		WHERE subscription.platform = ? AND subscription.chat = ? AND subscription.thread = ? AND delivery.state = 2
		ORDER BY delivery.id DESC LIMIT 1`, to.Platform, to.Chat, to.Thread))
	if digest.CodeOf(err) == digest.NotFound {
		// Of those of all articles, the one of who misses nothing older.
		d, err = scanDigest(s.read.QueryRowContext(ctx, selectDigests+`
			WHERE digest.choice = '' ORDER BY digest.edition DESC, digest.after DESC LIMIT 1`))
	}
	return s.withArticles(ctx, d, err)
}

// DigestByID is a digest; see storage.Store.
func (s *Store) DigestByID(ctx context.Context, id int64) (digest.Digest, error) {
	d, err := scanDigest(s.read.QueryRowContext(ctx, selectDigests+`WHERE digest.id = ?`, id))
	return s.withArticles(ctx, d, err)
}

// DigestWith is a destination's digest with an article; see storage.Store.
func (s *Store) DigestWith(ctx context.Context, to digest.Destination, number int) (digest.Digest, error) {
	d, err := scanDigest(s.read.QueryRowContext(ctx, selectDigests+`
		JOIN rendering ON rendering.digest = digest.id
		JOIN delivery ON delivery.rendering = rendering.id
		JOIN subscription ON subscription.id = delivery.subscription
		WHERE subscription.platform = ? AND subscription.chat = ? AND subscription.thread = ? AND delivery.state = 2
		AND EXISTS (SELECT 1 FROM digest_article JOIN article ON article.id = digest_article.article
			WHERE digest_article.digest = digest.id AND article.number = ?)
		ORDER BY delivery.id DESC LIMIT 1`, to.Platform, to.Chat, to.Thread, number))
	return s.withArticles(ctx, d, err)
}

// withArticles is a digest, if it was found, with its articles. They say what
// they say now; those withdrawn since are left out.
func (s *Store) withArticles(ctx context.Context, d digest.Digest, err error) (digest.Digest, error) {
	if err == nil {
		d.Articles, err = scanArticles(s.read.QueryContext(ctx, `SELECT `+articleColumns+`
			JOIN digest_article ON digest_article.article = a.id
			WHERE digest_article.digest = ? AND a.state = 'published' ORDER BY digest_article.position`, d.ID))
	}
	if err != nil {
		return digest.Digest{}, failure(ctx, "reading a digest", err)
	}
	return d, nil
}

func scanDigest(r row) (digest.Digest, error) {
	var d digest.Digest
	var slot int64
	err := r.Scan(&d.ID, &d.Title, &slot, &d.Window.After, &d.Window.Through, &d.More, &d.Zone)
	if errors.Is(err, sql.ErrNoRows) {
		return d, notFound()
	}
	d.BuiltAt = moment(slot)
	return d, err
}
