// Run: the suite, and the words its tests are written in.

package storagetest

import (
	"context"
	"fmt"
	"testing"
	"time"

	"github.com/strillone/strillone/digest"
	"github.com/strillone/strillone/digest/delivery"
	"github.com/strillone/strillone/digest/markup"
	"github.com/strillone/strillone/storage"
)

// Database opens one database again and again. Each Database is a fresh one.
type Database interface {
	// Open opens it. The Store is closed when the test ends, if not before.
	Open(t testing.TB) storage.Store
}

// Run runs the suite; fresh makes a new, empty database.
func Run(t *testing.T, fresh func(testing.TB) Database) {
	for name, test := range map[string]func(*testing.T, *bench){
		"articles/numbers":     numbersNeverChange,
		"articles/drafts":      draftsAreRevised,
		"articles/twice":       noArticleTwice,
		"articles/content":     contentSurvives,
		"articles/match":       matching,
		"subscriptions/life":   aSubscriptionsLife,
		"buttons":              buttonsAreKept,
		"privacy/data":         whatIsKeptOfAPerson,
		"privacy/forget":       aPersonIsForgotten,
		"privacy/sending":      forgettingWhileSending,
		"editions/marks":       marksMoveWithDeliveries,
		"editions/latest":      theLatestDigest,
		"outbox/order":         begunDeliveriesGoFirst,
		"outbox/repeated":      anExchangeCanBeRepeated,
		"outbox/gone":          goneEndsTheSubscription,
		"outbox/unsubscribed":  unsubscribingWhileQueued,
		"outbox/moved":         movedDestinations,
		"outbox/recover":       recoveringAfterACrash,
		"outbox/one owner":     oneOwner,
		"outbox/concurrent":    manyAtOnce,
		"outbox/never arrived": whatNeverArrivedComesWithTheNext,
		"outbox/next attempt":  nextAttempt,
	} {
		t.Run(name, func(t *testing.T) {
			database := fresh(t)
			test(t, &bench{TB: t, database: database, Store: database.Open(t)})
		})
	}
	inDetail(t, fresh)
}

// bench is a database under test and shorter words for it.
type bench struct {
	testing.TB
	storage.Store
	database Database
	slots    int
}

var dawn = time.Date(2026, 11, 24, 7, 0, 0, 0, time.UTC)

func (b *bench) ctx() context.Context { return b.Context() }

// must fails the test on an error.
func (b *bench) must(err error) {
	b.Helper()
	if err != nil {
		b.Fatal(err)
	}
}

func content(title string) digest.Content {
	return digest.Content{Title: title, Body: []markup.Text{markup.T("Il testo di " + title + ".")}}
}

// publish publishes an article of that title.
func (b *bench) publish(title string) digest.Article {
	b.Helper()
	draft, err := b.SaveDraft(b.ctx(), content(title), "test", dawn)
	b.must(err)
	a, fresh, err := b.PublishDraft(b.ctx(), draft.ID, dawn)
	b.must(err)
	if !fresh {
		b.Fatalf("%q was published before", title)
	}
	return a
}

func chat(platform digest.Platform, n int) digest.Destination {
	return digest.Destination{Platform: platform, Chat: fmt.Sprint(n)}
}

// subscribe subscribes a chat of telegram in Italian.
func (b *bench) subscribe(n int) digest.Subscription {
	b.Helper()
	sub, _, err := b.Subscribe(b.ctx(), chat("telegram", n), digest.Italian, dawn)
	b.must(err)
	return sub
}

// edition publishes what is new for everyone, with as many parts.
func (b *bench) edition(parts int) int {
	b.Helper()
	b.slots++
	n, err := press{parts: parts}.at(b.ctx(), b, dawn.Add(time.Duration(b.slots)*time.Hour))
	b.must(err)
	return n
}

// claim claims at most limit deliveries of telegram.
func (b *bench) claim(limit int, results ...delivery.Result) []delivery.Delivery {
	b.Helper()
	claimed, err := b.Exchange(b.ctx(), "telegram", results, b.now(), limit)
	b.must(err)
	return claimed
}

// now is after every slot so far.
func (b *bench) now() time.Time { return dawn.Add(time.Duration(b.slots+1) * time.Hour) }

// sent is the result of a delivery whose last part arrived.
func sent(d delivery.Delivery) delivery.Result {
	return delivery.Result{
		Delivery: d.ID, Subscription: d.Subscription, State: delivery.Sent, Part: d.Part,
		Arrived: &delivery.Arrival{Part: d.Part, Receipt: delivery.Receipt(fmt.Sprint("m", d.ID))},
	}
}

func (b *bench) wantCode(err error, want digest.Code) {
	b.Helper()
	if got := digest.CodeOf(err); got != want {
		b.Errorf("error %v, want code %s", err, want)
	}
}

// fresh is a new database of the same kind.
func fresh(b *bench) Database {
	f, ok := b.database.(interface{ Fresh(testing.TB) Database })
	if !ok {
		b.Fatal("a Database under a state machine has a method Fresh")
	}
	return f.Fresh(b.TB)
}
