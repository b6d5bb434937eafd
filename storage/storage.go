// Store: the union of the ports that the rooms need of a database.

package storage

import (
	"context"
	"time"

	"github.com/strillone/strillone/digest"
	"github.com/strillone/strillone/digest/delivery"
)

// Store is all of Strillone's memory. Its methods are safe for concurrent use;
// what each promises stands with the port that asks for it.
type Store interface {
	delivery.Editions
	delivery.Outbox
	delivery.Reporter
	Archive

	// SaveDraft stores what an editor sent as a draft. Content with the
	// Fingerprint of a draft replaces that draft's, as its next revision when
	// it differs; content with that of a published article is refused with
	// digest.AlreadyThere and Data "Number".
	SaveDraft(ctx context.Context, c digest.Content, author string, at time.Time) (digest.Article, error)
	// PublishDraft publishes the draft and gives it the next number. For an
	// article already published it changes nothing and returns it, with false.
	// An unknown id is digest.NotFound.
	PublishDraft(ctx context.Context, id int64, at time.Time) (digest.Article, bool, error)
	// DiscardDraft forgets a draft. An unknown id is digest.NotFound, that of a
	// published article digest.AlreadyThere with Data "Number".
	DiscardDraft(ctx context.Context, id int64) error

	// HoldPiece keeps a piece that waits until others have come or its editor can
	// be answered, and says whether it does: one that is known by its chat, message
	// and file, and waits no more, is left as it is.
	HoldPiece(ctx context.Context, p digest.Piece) (bool, error)
	// WaitingPieces are the pieces that wait, in the order they came.
	WaitingPieces(ctx context.Context) ([]digest.Piece, error)
	// SettlePieces ends the waiting of pieces: their editor was answered.
	SettlePieces(ctx context.Context, pieces []digest.Piece) error
	// Manuscript is what the message or file with the piece's Chat, Message and
	// File was put together to, and the articles it became, as far as they are
	// still there, in order. digest.NotFound where it was never put together.
	Manuscript(ctx context.Context, p digest.Piece) ([]digest.Piece, []digest.Article, error)
	// SaveManuscript stores, at once, the pieces as one manuscript, and the articles
	// it became. A piece that waits goes on waiting. Where a piece is known, it now
	// says what it says: the article at the same place of the manuscript gets the
	// content as its next revision if it is still a draft. Whatever is new becomes
	// a draft, as with SaveDraft. It can be repeated.
	SaveManuscript(ctx context.Context, pieces []digest.Piece, contents []digest.Content, at time.Time) ([]digest.Filed, error)

	// Article is the published article of that number, else digest.NotFound.
	Article(ctx context.Context, number int) (digest.Article, error)
	// Latest are the published articles numbered up to through, newest first;
	// with 0, the newest of all.
	Latest(ctx context.Context, through, limit int) ([]digest.Article, error)
	// Match are the published articles that match the words best, best first;
	// case and accents do not matter. Any text is allowed.
	Match(ctx context.Context, words string, limit int) ([]digest.Article, error)
	// Newest is the greatest article number given so far; 0 before the first.
	Newest(ctx context.Context) (int, error)
	// LatestDigest is the newest digest delivered to the destination; where it
	// had none, the newest of all. digest.NotFound before the first.
	LatestDigest(ctx context.Context, to digest.Destination) (digest.Digest, error)
	// DigestByID is the digest of that id, else digest.NotFound. Of both, the
	// articles are as they are now, without those that are published no more.
	DigestByID(ctx context.Context, id int64) (digest.Digest, error)

	// DigestWith is the newest digest delivered to the destination that has the
	// article of that number, else digest.NotFound.
	DigestWith(ctx context.Context, to digest.Destination, number int) (digest.Digest, error)

	// Subscribe makes the destination get the digest. A new subscription begins
	// where the operator's last edition ended; one that had ended, for whatever reason, is
	// taken up again with the settings it had and without repeating what it had
	// received.
	Subscribe(ctx context.Context, to digest.Destination, language digest.Language, at time.Time) (digest.Subscription, digest.Joining, error)
	// Unsubscribe ends the destination's subscription and whatever is queued
	// for it, and says whether there was one.
	Unsubscribe(ctx context.Context, to digest.Destination, at time.Time) (bool, error)
	// Subscription is the destination's active subscription, else
	// digest.NotFound.
	Subscription(ctx context.Context, to digest.Destination) (digest.Subscription, error)

	// Configure changes the settings of the destination's active subscription in
	// one transaction and returns it; digest.NotFound where there is none. An
	// error of change is returned as it is, and a schedule without a Clock is an
	// error; then nothing changes. change may be called more than once.
	//
	// Settings are kept as what they mean: the form Short as the zero Form, topics
	// in alphabetical order, each once, and times to the millisecond.
	Configure(ctx context.Context, to digest.Destination, change func(*digest.Settings) error, at time.Time) (digest.Subscription, error)
	// LastSlot is the newest time of the operator's schedule that was served or
	// passed over; the zero time before there was any.
	LastSlot(ctx context.Context) (time.Time, error)
	// NextDue is when the destination's next digest is due, by its schedule, its
	// pause and the date of its last one; digest.NotFound where none is
	// subscribed. It is the zero time where nobody knows: before the operator's
	// schedule was adopted, for those who follow it.
	NextDue(ctx context.Context, to digest.Destination, now time.Time) (time.Time, error)

	// Leave ends all subscriptions of the destination's chat, whatever their
	// thread, because the bot is there no more, and whatever is queued for them.
	// It returns how many there were.
	Leave(ctx context.Context, from digest.Destination, reason string, at time.Time) (int, error)
	// Return takes up again, as Subscribe does, the subscriptions of the
	// destination's chat that ended because the bot could write there no more:
	// none that a reader ended, none that moved. It returns them.
	Return(ctx context.Context, to digest.Destination, at time.Time) ([]digest.Subscription, error)

	// DataOf is all that is kept of a person: of home, which is the place that is
	// theirs alone, and of what they sent and saved.
	DataOf(ctx context.Context, who digest.Person, home digest.Destination) (digest.Record, error)
	// Forget erases what DataOf finds, from the tables and from the files they are
	// in, so that no byte of it is left. What the person published stays, without
	// their id; what is being sent to them arrives, and isn't recorded. Forgetting
	// somebody again is no error. After an error it may have been erased in part,
	// and may be tried again.
	Forget(ctx context.Context, who digest.Person, home digest.Destination, at time.Time) error

	// SaveButtons keeps command lines by the ids that stand for them in buttons.
	// One that is kept already is left as it is.
	SaveButtons(ctx context.Context, lines map[string]string) error
	// Button is the command line that an id stands for, else digest.NotFound.
	Button(ctx context.Context, id string) (string, error)
	// Secret is a random key of 32 bytes, made when it is first asked for and the
	// same ever after.
	Secret(ctx context.Context, name string) ([]byte, error)

	// Verify inspects, while all else goes on, what Open left for later: a large
	// file whose last user didn't close it. It takes a second for each few
	// hundred MB, or none where there is nothing to inspect. An error that is not
	// ctx's says that the database can't be relied on: stop using it.
	Verify(ctx context.Context) error
	// Check verifies that the database is whole, at the schema this program
	// knows, and writable.
	Check(ctx context.Context) error
	// Close ends every use of the database.
	Close() error
}
