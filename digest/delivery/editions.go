// Editions: the Publisher's port to a database.

package delivery

import (
	"context"
	"time"

	"github.com/strillone/strillone/digest"
)

// Operators is the schedule of those who have none of their own.
const Operators int64 = 1

// Editions is what the Publisher needs of a database. Each method is one
// transaction, between any two of which the process may die.
type Editions interface {
	// Adopt makes a clock the operator's. Its next time follows the last one that
	// was served or passed over, or now before there was any.
	Adopt(ctx context.Context, c digest.Clock, now time.Time) error
	// Due are the schedules whose next time is not after now, earliest first.
	Due(ctx context.Context, now time.Time) ([]Due, error)
	// NextSlot is the earliest time after now that any schedule is due; the zero
	// time when there is none.
	NextSlot(ctx context.Context, now time.Time) (time.Time, error)
	// Begin opens the edition of a schedule's slot, for a date that may have no
	// other digest, or for none. Its articles end with the newest one there is at
	// that moment, for everybody. An edition that was begun and has not ended is
	// taken up where it was, as the same; those of the schedule's earlier slots
	// end. It is false, and nothing happens, when the slot isn't after the last
	// one that was served or passed over.
	Begin(ctx context.Context, schedule int64, slot time.Time, date digest.Date, at time.Time) (Edition, bool, error)
	// Published are the published articles of the window that the choice takes,
	// newest first, at most limit, and the number of all that it takes.
	Published(ctx context.Context, w digest.Window, c digest.Choice, limit int) ([]digest.Article, int, error)
	// Enqueue goes on with an edition. It stores the chunk's digests and
	// renderings, and of the next subscriptions those that are due and have a
	// rendering get a delivery, their new mark and their date; those of which the
	// chunk knows that there is nothing for them get the mark alone. Then it
	// moves past them, unless there is a Group among those left that the chunk does
	// not know: it returns some of those, and the same subscriptions come
	// again.
	//
	// A subscription is due when it is active, its mark is before the edition's
	// last article, its pause is over by the slot, and it had no digest for the
	// edition's date or a later one.
	//
	// With the last of them the edition ends and the schedule is due next at
	// the chunk's Next. An edition that isn't where the chunk says is an error.
	Enqueue(ctx context.Context, c Chunk) (Progress, error)
	// Pass ends what is open of a schedule's editions up to a slot, and has it
	// due next at another time; never, when that is zero. Whoever wasn't served
	// keeps the mark: the articles come with the next digest.
	Pass(ctx context.Context, schedule int64, slot, next time.Time) error
}

// Due is a schedule that is due.
type Due struct {
	Schedule int64
	Own      digest.Schedule // zero: the operator's
	At       time.Time       // its next time, which has come
	Idle     bool            // nobody is subscribed by it
}

// Edition is what goes out for one slot of one schedule.
type Edition struct {
	ID       int64
	Schedule int64
	Slot     time.Time
	Date     digest.Date
	Through  int   // the newest article's number
	Reached  int64 // how far the subscriptions have been gone through
}

// Group is what makes the digests of subscriptions the same.
type Group struct {
	Mark     int
	Choice   string // a digest.Choice's Key
	Platform digest.Platform
	Language digest.Language
	Form     digest.Form
}

// Chunk is a step of an edition.
type Chunk struct {
	Edition Edition
	Limit   int // how many subscriptions are gone through
	Digests []RenderedDigest
	// Nothing are the windows, by mark and choice, that hold no article.
	Nothing []Group
	// Known says of a Group without a rendering whether that is known.
	Known func(Group) bool
	Next  time.Time // when the schedule is due next, after this edition
}

// Progress is what a step came to.
type Progress struct {
	Queued  int
	Unknown []Group
	Reached int64
	Ended   bool
}

// RenderedDigest is a digest with renderings of it. Of one that is stored
// already the new renderings are added.
type RenderedDigest struct {
	Digest     digest.Digest
	Choice     string
	Renderings []Rendering
}

// Rendering is what everyone of one platform, language and form gets.
type Rendering struct {
	Platform digest.Platform
	Language digest.Language
	Form     digest.Form
	Parts    []Part
}
