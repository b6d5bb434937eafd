// Digest, Subscription and Destination: what goes out, to whom, where.

package digest

import "time"

// Platform names a chat platform: "telegram", "discord", "terminal".
type Platform string

// Language is "it" or "en".
type Language string

// The languages Strillone speaks.
const (
	Italian Language = "it"
	English Language = "en"
)

// Destination is a place messages go to. Chat and Thread are opaque to all but
// the platform's adapter; Thread is empty where the chat has no threads or the
// message goes to the chat itself.
type Destination struct {
	Platform Platform
	Chat     string
	Thread   string
}

// Subscription is a Destination that gets the digest.
type Subscription struct {
	ID          int64
	Destination Destination
	Settings
	Active bool
	// Mark is the number of the newest article it has received or passed over:
	// its next digest holds articles with greater numbers only, which is why
	// nobody gets an article twice.
	Mark      int
	CreatedAt time.Time
	// Ending is why it had ended, of one that is taken up again.
	Ending Ending
}

// Ending is why a subscription ended; empty where nobody knows.
type Ending string

// Why a subscription ends.
const (
	Unsubscribed Ending = "unsubscribed" // somebody asked for it
	Gone         Ending = "gone"         // the place was lost
	AccessLost   Ending = "access_lost"  // writing there was refused too often
)

// Joining is what subscribing did for a destination.
type Joining uint8

// What subscribing can do.
const (
	Already Joining = iota // it was subscribed before, and nothing changed
	Fresh                  // it never was before
	Resumed                // it was, that had ended, and goes on with the settings it had
)

// Window is the choice a digest makes: published articles numbered over After,
// up to Through.
type Window struct {
	After   int
	Through int
}

// Digest is an ordered choice of published articles for one Window, newest
// first. It is built once and is the same for everyone of one schedule and choice
// whose mark is After.
type Digest struct {
	ID       int64
	Title    string
	BuiltAt  time.Time // the slot it is for
	Zone     string    // the IANA zone that its readers' dates are told in; empty: the operator's
	Next     time.Time // when the next one may come; zero: not told
	Window   Window
	Articles []Article
	More     int // articles of the window over the operator's maximum, left for /ultimi
}
