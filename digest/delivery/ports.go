// The ports of this room: what it needs of platforms and of a database.

package delivery

import (
	"context"
	"time"

	"github.com/strillone/strillone/digest"
	"github.com/strillone/strillone/digest/markup"
)

// Part is one message of a rendered Doc, in the form its platform's adapter
// made and alone understands: the body of the request, without destination.
type Part []byte

// Receipt is the platform's own id of a message that arrived.
type Receipt string

// Renderer turns a Doc into parts, all within the platform's limits. The same
// Doc always gives the same parts.
type Renderer interface {
	Render(doc markup.Doc) ([]Part, error)
}

// Sender sends one part. A failure is returned as *Failure; any other error is
// taken as a transient one that leaves no doubt. Send makes one attempt and
// honours ctx; pacing and retries are the Dispatcher's.
type Sender interface {
	Send(ctx context.Context, m Message) (Receipt, error)
}

// Message is one part on its way to one place.
type Message struct {
	To   digest.Destination
	Part Part
	// Key is the same for every attempt at the same part of the same delivery, at
	// most 25 characters, for platforms that can recognise a repetition.
	Key    string
	Manner digest.Manner
	First  bool // the first part of its delivery
	Last   bool // the last one
}

// Composer writes a digest as a document in one language.
type Composer interface {
	Digest(d digest.Digest, language digest.Language) markup.Doc
}

// Editions is what the Publisher needs of a database.
type Editions interface {
	// Adopt makes a clock the operator's. Its next time follows the last one that
	// was served or passed over, or now before there was any.
	Adopt(ctx context.Context, c digest.Clock, now time.Time) error
	// LastSlot is the newest scheduled time an edition was published for; the
	// zero time when there is none.
	LastSlot(ctx context.Context) (time.Time, error)
	// Groups are the active subscriptions counted by what makes their digest
	// the same. Groups with no newer article than their mark are left out.
	Groups(ctx context.Context) ([]Group, error)
	// Published are the published articles of the window, newest first, at
	// most limit, and the number of all articles in the window.
	Published(ctx context.Context, w digest.Window, limit int) ([]digest.Article, int, error)
	// Newest is the greatest article number given so far; 0 before the first.
	Newest(ctx context.Context) (int, error)
	// Publish stores, in one transaction, the edition's slot, its digests and
	// renderings, one queued delivery for every active subscription of each
	// group, and those subscriptions' new marks. It returns the number of
	// deliveries. A slot that is not after LastSlot changes nothing and returns
	// 0: an edition is published once.
	Publish(ctx context.Context, e Edition) (int, error)
}

// Group is subscriptions whose next digest is the same.
type Group struct {
	Platform digest.Platform
	Language digest.Language
	Mark     int
	Size     int
}

// Edition is all that goes out for one scheduled time.
type Edition struct {
	Slot    time.Time
	At      time.Time // when it was published
	Digests []RenderedDigest
}

// RenderedDigest is a digest with its rendering for each platform and language
// that somebody is subscribed in.
type RenderedDigest struct {
	Digest     digest.Digest
	Renderings []Rendering
}

// Rendering is what everyone of one platform and language gets.
type Rendering struct {
	Platform digest.Platform
	Language digest.Language
	Parts    []Part
}

// State is where a delivery stands.
type State string

// The states of a delivery.
const (
	Queued  State = "queued"  // to be sent at NextAttempt or later, from part Part on
	Sending State = "sending" // claimed: part Part may be on its way, and may have arrived if the process died
	Sent    State = "sent"    // the platform confirmed every part
	Failed  State = "failed"  // given up, for the reason in Kind and Reason
)

// Delivery is one rendering on its way to one destination, as claimed.
type Delivery struct {
	ID           int64
	Subscription int64
	Destination  digest.Destination
	Rendering    int64
	Part         int // the part to send now, from 0
	Attempts     int // attempts at this part that failed and count
	Doubts       int // attempts at this part whose outcome stayed unknown, and crashes while it was Sending
	Refusals     int // digests in a row that failed with AccessLost before this one
	Manner       digest.Manner
}

// Result is what became of one claimed delivery.
type Result struct {
	Delivery     int64
	Subscription int64
	State        State // Queued, Sent or Failed
	Part         int   // the part to go on with
	Attempts     int
	Doubts       int
	NextAttempt  time.Time // when State is Queued; zero: at once, before all others
	Arrived      *Arrival  // the part that arrived, if one did
	Kind         Kind      // of the last failure, if any
	Reason       string    // its words, for operators; no secrets
	Deactivate   bool      // the destination is gone: end its subscription
	MovedTo      *digest.Destination
	Refusals     *int // the subscription's from now on, when this attempt changed them
}

// Arrival is the proof that a part arrived.
type Arrival struct {
	Part    int
	Receipt Receipt
}

// Outbox is the queue and ledger of deliveries.
type Outbox interface {
	// Exchange records results and claims at most limit deliveries of the
	// platform that are queued and due at now, in one transaction. Claimed
	// ones are Sending. The order is: deliveries already begun, then by due
	// time. What failed without any of it having arrived, at a place that goes
	// on, comes with the subscription's next digest: its mark goes back, unless
	// a later digest moved it on. Results for deliveries that are not Sending are ignored, so that
	// an Exchange that failed can be repeated.
	Exchange(ctx context.Context, platform digest.Platform, results []Result, now time.Time, limit int) ([]Delivery, error)
	// Parts are the parts of a rendering.
	Parts(ctx context.Context, rendering int64) ([]Part, error)
	// NextAttempt is when the earliest queued delivery of the platform is due;
	// the zero time when none is queued.
	NextAttempt(ctx context.Context, platform digest.Platform) (time.Time, error)
	// Recover queues again what was Sending when the process last ended, each
	// with one doubt more, since its part may have arrived, and returns how many
	// there were. It is called once, before any Exchange.
	Recover(ctx context.Context) (int, error)
}
