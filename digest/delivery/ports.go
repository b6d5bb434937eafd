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

// Composer writes a digest as a document in one language and form.
type Composer interface {
	Digest(d digest.Digest, language digest.Language, form digest.Form) markup.Doc
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
