// A state machine: any order of what people and the engine do, against a model.

package storagetest

import (
	"fmt"
	"testing"

	"pgregory.net/rapid"

	"github.com/strillone/strillone/digest/delivery"
)

// reader is what the model knows of one chat.
type reader struct {
	subscribed bool
	mark       int
	owed       map[int]bool // article numbers queued for it that haven't arrived
	got        map[int]bool // article numbers that arrived
}

// againstAModel does anything in any order and checks the laws: no empty digest,
// no article twice, nothing lost.
func againstAModel(t *testing.T, outer *bench) {
	rapid.Check(t, func(rt *rapid.T) {
		database := fresh(outer)
		m := &model{
			bench:   &bench{TB: outer.TB, database: database, Store: database.Open(outer.TB)},
			rt:      rt,
			readers: make(map[int]*reader),
		}
		defer func() { m.must(m.Close()) }()
		someone := rapid.IntRange(1, 4)
		rt.Repeat(map[string]func(*rapid.T){
			"publish":     func(*rapid.T) { m.article() },
			"subscribe":   func(rt *rapid.T) { m.join(someone.Draw(rt, "chat")) },
			"unsubscribe": func(rt *rapid.T) { m.leave(someone.Draw(rt, "chat")) },
			"edition":     func(*rapid.T) { m.edition() },
			"deliver":     func(rt *rapid.T) { m.deliver(rapid.IntRange(1, 3).Draw(rt, "limit"), rapid.Bool().Draw(rt, "arrives")) },
			"crash":       func(*rapid.T) { m.crash() },
		})
		m.settle()
	})
}

// fresh is a new database of the same kind.
func fresh(b *bench) Database {
	f, ok := b.database.(interface{ Fresh(testing.TB) Database })
	if !ok {
		b.Fatal("a Database under a state machine has a method Fresh")
	}
	return f.Fresh(b.TB)
}

type model struct {
	*bench
	rt       *rapid.T
	readers  map[int]*reader
	articles int
	through  int // where the last edition ended
}

func (m *model) article() {
	m.articles++
	m.publish(fmt.Sprint("Articolo ", m.articles))
}

func (m *model) join(n int) {
	r := m.readers[n]
	if r == nil {
		r = &reader{owed: make(map[int]bool), got: make(map[int]bool)}
		m.readers[n] = r
	}
	if !r.subscribed {
		r.subscribed = true
		r.mark = max(r.mark, m.through)
	}
	if sub := m.subscribe(n); sub.Mark != r.mark {
		m.rt.Errorf("chat %d subscribed with mark %d, want %d", n, sub.Mark, r.mark)
	}
}

func (m *model) leave(n int) {
	ended, err := m.Unsubscribe(m.ctx(), chat("telegram", n), dawn)
	m.must(err)
	r := m.readers[n]
	if was := r != nil && r.subscribed; ended != was {
		m.rt.Errorf("chat %d unsubscribed: %v, was subscribed: %v", n, ended, was)
	}
	if r != nil {
		r.subscribed = false
		clear(r.owed)
	}
}

func (m *model) edition() {
	want := 0
	for _, r := range m.readers {
		if !r.subscribed || r.mark == m.articles {
			continue
		}
		want++
		for n := r.mark + 1; n <= m.articles; n++ {
			r.owed[n] = true
		}
		r.mark = m.articles
	}
	if want > 0 {
		m.through = m.articles
	}
	if got := m.bench.edition(1); got != want {
		m.rt.Errorf("%d deliveries, want %d", got, want)
	}
}

func (m *model) deliver(limit int, arrives bool) {
	var results []delivery.Result
	for _, d := range m.claim(limit) {
		if arrives {
			m.arrived(d)
			results = append(results, sent(d))
			continue
		}
		results = append(results, delivery.Result{Delivery: d.ID, Subscription: d.Subscription, State: delivery.Queued, Attempts: d.Attempts + 1})
	}
	m.claim(0, results...)
}

// arrived notes which articles a delivery brought.
func (m *model) arrived(d delivery.Delivery) {
	var n, from, to int
	_, err := fmt.Sscan(d.Destination.Chat, &n)
	m.must(err)
	parts, err := m.Parts(m.ctx(), d.Rendering)
	m.must(err)
	_, err = fmt.Sscanf(string(parts[0]), "it part 0: %d to %d", &from, &to)
	m.must(err)
	r := m.readers[n]
	if !r.subscribed {
		m.rt.Errorf("chat %d got a digest though it had left", n)
	}
	if from > to {
		m.rt.Errorf("chat %d got an empty digest", n)
	}
	for number := from; number <= to; number++ {
		if r.got[number] {
			m.rt.Errorf("chat %d got #%d twice", n, number)
		}
		r.got[number] = true
		delete(r.owed, number)
	}
}

func (m *model) crash() {
	m.claim(2) // in flight when the process dies
	m.must(m.Close())
	m.Store = m.database.Open(m.TB)
	_, err := m.Recover(m.ctx())
	m.must(err)
}

// settle delivers all that is left; nothing may be owed then.
func (m *model) settle() {
	for {
		at, err := m.NextAttempt(m.ctx(), "telegram")
		m.must(err)
		if at.IsZero() {
			break
		}
		m.deliver(10, true)
		if m.rt.Failed() {
			return
		}
	}
	for n, r := range m.readers {
		if len(r.owed) > 0 {
			m.rt.Errorf("chat %d never got %v", n, r.owed)
		}
	}
}
