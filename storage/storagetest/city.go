// city: a Store driven at random beside a simple one in memory, down to the order
// of claims and to exchanges made twice. Nobody gets an article twice, nobody an
// empty digest or two on a date, and nothing is lost.

package storagetest

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"github.com/strillone/strillone/digest"
	"github.com/strillone/strillone/digest/delivery"
	"github.com/strillone/strillone/storage"
)

// resident is a destination as the model has it.
type resident struct {
	digest.Settings
	known, active bool
	mark          int
	served        digest.Date // of the last digest
	got           []int       // articles, in the order they arrived
	awaits        []int       // articles on their way
}

// joining is what subscribing does for them.
func (r *resident) joining() digest.Joining {
	switch {
	case r.active:
		return digest.Already
	case r.known:
		return digest.Resumed
	}
	return digest.Fresh
}

// shipment is a delivery as the model has it.
type shipment struct {
	to       *resident
	chat     string
	text     string // what the renderings say of it
	window   digest.Window
	articles []int
	part     int
	due      time.Time
	state    delivery.State
	id       int64 // once it is known
}

// city is the model beside the Store.
type city struct {
	store     storage.Store
	outer     *testing.T
	now       time.Time
	latest    time.Time // that anything was served
	parts     int       // of every rendering
	drafts    []int64
	titles    int
	numbers   int        // articles published
	topics    [][]string // theirs, the first article's first
	through   int        // of the operator's last edition that had a digest
	readers   map[string]*resident
	shipments []*shipment
	claimed   []delivery.Delivery

	draftsTopics map[int64][]string
}

func liveInACity(t *testing.T, b *bench) {
	rapid.Check(t, func(rt *rapid.T) {
		c := &city{store: fresh(b).Open(t), outer: t, now: start, latest: start, parts: rapid.IntRange(1, 2).Draw(rt, "parts"), readers: make(map[string]*resident), draftsTopics: make(map[int64][]string)}
		must(rt, c.store.Adopt(t.Context(), clockOf(rt, operators), c.now))
		rt.Repeat(map[string]func(*rapid.T){
			"save":        c.save,
			"publish":     c.publishDraft,
			"discard":     c.discard,
			"subscribe":   c.subscribe,
			"unsubscribe": c.unsubscribe,
			"configure":   c.configure,
			"clock":       c.setClock,
			"serve":       c.serve,
			"send":        c.send,
			"crash":       c.crash,
			"":            c.compare,
		})
		c.finish(rt)
		must(rt, c.store.Close())
	})
}

func must(t *rapid.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

func (c *city) save(t *rapid.T) {
	c.titles++
	text := content("Titolo " + strconv.Itoa(c.titles))
	text.Topics = rapid.SampledFrom([][]string{nil, {"ai"}, {"privacy"}, {"ai", "privacy"}}).Draw(t, "topics")
	a, err := c.store.SaveDraft(c.outer.Context(), text, editor, c.now)
	must(t, err)
	c.drafts = append(c.drafts, a.ID)
	c.draftsTopics[a.ID] = text.Topics
}

// draft takes one of the drafts.
func (c *city) draft(t *rapid.T) int64 {
	if len(c.drafts) == 0 {
		t.Skip("no draft")
	}
	i := rapid.IntRange(0, len(c.drafts)-1).Draw(t, "draft")
	id := c.drafts[i]
	c.drafts = slices.Delete(c.drafts, i, i+1)
	return id
}

func (c *city) publishDraft(t *rapid.T) {
	id := c.draft(t)
	a, fresh, err := c.store.PublishDraft(c.outer.Context(), id, c.now)
	must(t, err)
	c.numbers++
	c.topics = append(c.topics, c.draftsTopics[id])
	if !fresh || a.Number != c.numbers {
		t.Fatalf("published as %d (%v), want %d", a.Number, fresh, c.numbers)
	}
}

func (c *city) discard(t *rapid.T) { must(t, c.store.DiscardDraft(c.outer.Context(), c.draft(t))) }

// someone is one of a few readers.
func (c *city) someone(t *rapid.T) (string, *resident) {
	name := rapid.SampledFrom([]string{"anna", "bruno", "carla"}).Draw(t, "reader")
	if c.readers[name] == nil {
		c.readers[name] = &resident{}
	}
	return name, c.readers[name]
}

func (c *city) subscribe(t *rapid.T) {
	name, r := c.someone(t)
	language := rapid.SampledFrom([]digest.Language{digest.Italian, digest.English}).Draw(t, "language")
	_, joining, err := c.store.Subscribe(c.outer.Context(), place(name), language, c.now)
	must(t, err)
	if want := r.joining(); joining != want {
		t.Fatalf("%s subscribed: %v, want %v", name, joining, want)
	}
	if r.active {
		return
	}
	if !r.known {
		r.known, r.Language = true, language
	}
	r.active, r.mark = true, max(r.mark, c.through)
}

func (c *city) unsubscribe(t *rapid.T) {
	name, r := c.someone(t)
	was, err := c.store.Unsubscribe(c.outer.Context(), place(name), c.now)
	must(t, err)
	if was != r.active {
		t.Fatalf("%s unsubscribed: %v", name, was)
	}
	c.end(r)
}

// end ends a subscription and gives up what is queued for it.
func (c *city) end(r *resident) {
	r.active = false
	for _, s := range c.shipments {
		if s.to == r && s.state == delivery.Queued {
			c.giveUp(s)
		}
	}
}

func (c *city) giveUp(s *shipment) {
	s.state = delivery.Failed
	s.to.awaits = slices.DeleteFunc(s.to.awaits, func(n int) bool { return slices.Contains(s.articles, n) })
}

// send settles some of what was claimed, and claims more. Sometimes the same
// exchange is made twice, as when the answer to the first was lost.
func (c *city) send(t *rapid.T) {
	c.now = c.now.Add(rapid.SampledFrom([]time.Duration{0, time.Second, time.Minute}).Draw(t, "later"))
	settle := rapid.IntRange(0, len(c.claimed)).Draw(t, "settle")
	var results []delivery.Result
	for _, d := range c.claimed[:settle] {
		results = append(results, c.settle(t, d))
	}
	c.claimed = slices.Clone(c.claimed[settle:])
	c.exchange(t, results, rapid.IntRange(0, 3).Draw(t, "limit"))
	if rapid.Bool().Draw(t, "again") {
		c.repeat(t, results)
	}
}

// repeat makes an exchange again. A delivery that the first one claimed once
// more is being sent, so that its old result counts again: it isn't among the
// results repeated, as its dispatcher never knew.
func (c *city) repeat(t *rapid.T, results []delivery.Result) {
	results = slices.DeleteFunc(slices.Clone(results), func(r delivery.Result) bool {
		return slices.ContainsFunc(c.claimed, func(d delivery.Delivery) bool { return d.ID == r.Delivery })
	})
	c.exchange(t, results, 0)
}

// settle decides what becomes of a delivery, in the model too.
func (c *city) settle(t *rapid.T, d delivery.Delivery) delivery.Result {
	s := c.shipmentOf(d.ID)
	switch rapid.SampledFrom([]string{"arrives", "arrives", "arrives", "waits", "at once", "rejected", "gone"}).Draw(t, "outcome") {
	case "arrives":
		r := arrived(d, c.parts)
		s.part, s.state, s.due = r.Part, r.State, time.Time{}
		if r.State == delivery.Sent {
			c.giveUp(s) // it awaits them no more
			s.state = delivery.Sent
			s.to.got = append(s.to.got, s.articles...)
		}
		c.dropIfEnded(s)
		return r
	case "waits":
		r := back(d, c.now.Add(10*time.Second))
		r.Attempts++
		s.state, s.due = delivery.Queued, r.NextAttempt
		c.dropIfEnded(s)
		return r
	case "at once":
		s.state, s.due = delivery.Queued, time.Time{}
		c.dropIfEnded(s)
		return back(d, time.Time{})
	case "rejected":
		c.giveUp(s)
		return refused(d, delivery.Rejected)
	}
	c.giveUp(s)
	c.end(s.to)
	return refused(d, delivery.Gone)
}

func (c *city) dropIfEnded(s *shipment) {
	if s.state == delivery.Queued && !s.to.active {
		c.giveUp(s)
	}
}

func (c *city) shipmentOf(id int64) *shipment {
	for _, s := range c.shipments {
		if s.id == id {
			return s
		}
	}
	return nil
}

// exchange makes one with the Store and checks what it claims.
func (c *city) exchange(t *rapid.T, results []delivery.Result, limit int) {
	claimed, err := c.store.Exchange(c.outer.Context(), telegram, results, c.now, limit)
	must(t, err)
	due := c.due()
	if len(claimed) != min(limit, len(due)) {
		t.Fatalf("claimed %d of %d, limit %d", len(claimed), len(due), limit)
	}
	for i, d := range claimed {
		s := c.claim(t, d)
		if want := due[i]; (s.part > 0) != (want.part > 0) || !s.due.Equal(want.due) {
			t.Fatalf("claim %d is at part %d, due %v; want %d, %v", i, s.part, s.due, want.part, want.due)
		}
	}
	c.claimed = append(c.claimed, claimed...)
}

// due are the shipments to be claimed, in order, up to those that are equal.
func (c *city) due() []*shipment {
	var due []*shipment
	for _, s := range c.shipments {
		if s.state == delivery.Queued && !s.due.After(c.now) {
			due = append(due, s)
		}
	}
	slices.SortStableFunc(due, func(a, b *shipment) int {
		if begunA, begunB := min(a.part, 1), min(b.part, 1); begunA != begunB {
			return begunB - begunA
		}
		return a.due.Compare(b.due)
	})
	return due
}

// claim finds the shipment of a claimed delivery: by its id, or, the first time,
// by what it says.
func (c *city) claim(t *rapid.T, d delivery.Delivery) *shipment {
	parts, err := c.store.Parts(c.outer.Context(), d.Rendering)
	must(t, err)
	for _, s := range c.shipments {
		text := fmt.Sprintf("%s %s %d/%d", telegram, s.text, s.part+1, c.parts)
		if s.state == delivery.Queued && s.chat == d.Destination.Chat && (s.id == d.ID || s.id == 0) &&
			s.part == d.Part && text == string(parts[d.Part]) {
			s.state, s.id = delivery.Sending, d.ID
			return s
		}
	}
	t.Fatalf("nothing like %+v is queued: %q", d, parts)
	return nil
}

// crash forgets what was being sent, as a process does that dies.
func (c *city) crash(t *rapid.T) {
	n, err := c.store.Recover(c.outer.Context())
	must(t, err)
	want := 0
	for _, s := range c.shipments {
		if s.state != delivery.Sending {
			continue
		}
		if s.state, s.due = delivery.Queued, (time.Time{}); s.to.active {
			want++
		}
		c.dropIfEnded(s)
	}
	c.claimed = nil
	if n != want {
		t.Fatalf("recovered %d, want %d", n, want)
	}
}

// compare makes sure that both say the same, after every step.
func (c *city) compare(t *rapid.T) {
	for name, r := range c.readers {
		sub, err := c.store.Subscription(c.outer.Context(), place(name))
		if !r.active {
			if digest.CodeOf(err) != digest.NotFound {
				t.Fatalf("%s: %v, %v, want none", name, sub, err)
			}
			continue
		}
		must(t, err)
		if diff := cmp.Diff(r.Settings, sub.Settings); sub.Mark != r.mark || diff != "" {
			t.Fatalf("%s: mark %d, want %d; settings: %s", name, sub.Mark, r.mark, diff)
		}
		c.compareNextDue(t, name, r)
		if slices.Sort(r.got); len(slices.Compact(slices.Clone(r.got))) != len(r.got) {
			t.Fatalf("%s got %v", name, r.got)
		}
	}
}

// finish sends all there is: in the end nobody awaits anything.
func (c *city) finish(t *rapid.T) {
	c.serveAll(t)
	for range 10_000 {
		c.now = c.now.Add(time.Minute)
		var results []delivery.Result
		for _, d := range c.claimed {
			r := arrived(d, c.parts)
			s := c.shipmentOf(d.ID)
			if s.part, s.state, s.due = r.Part, r.State, (time.Time{}); r.State == delivery.Sent {
				c.giveUp(s)
				s.state = delivery.Sent
				s.to.got = append(s.to.got, s.articles...)
			}
			c.dropIfEnded(s)
			results = append(results, r)
		}
		c.claimed = nil
		c.exchange(t, results, 10)
		if len(c.claimed) == 0 {
			break
		}
	}
	c.compare(t)
	var waiting []string
	for name, r := range c.readers {
		if len(r.awaits) > 0 {
			waiting = append(waiting, fmt.Sprint(name, " awaits ", r.awaits))
		}
	}
	if len(waiting) > 0 {
		t.Fatal(strings.Join(waiting, ", "))
	}
	next, err := c.store.NextAttempt(c.outer.Context(), telegram)
	must(t, err)
	if !next.IsZero() {
		t.Fatalf("something is still due at %v", next)
	}
}
