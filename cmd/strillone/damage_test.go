package main

import (
	"context"
	"errors"
	"path/filepath"
	"testing"

	"github.com/strillone/strillone/bot"
	"github.com/strillone/strillone/bot/telegram/telegramtest"
	"github.com/strillone/strillone/storage"
)

// damaged is a database that turns out to be damaged once something was sent.
type damaged struct {
	storage.Store
	sent  <-chan struct{}
	fault error
}

func (d damaged) Verify(ctx context.Context) error {
	select {
	case <-d.sent:
		return d.fault
	case <-ctx.Done():
		return ctx.Err()
	}
}

// TestDamageEndsTheService: what is under way is recorded, and the error says why.
func TestDamageEndsTheService(t *testing.T) {
	t.Parallel()
	srv := telegramtest.New(t)
	defer srv.Close()
	b := onTelegram(t, srv, 200)
	database := filepath.Join(t.TempDir(), "s.db")
	enqueue(t, database, b)
	fault := errors.New("the database is damaged")
	var log locked
	err := serveWith(t.Context(), configure(t, database, b), &log, rewire{
		adapter: func(a bot.Adapter) bot.Adapter { return a },
		store:   func(s storage.Store) storage.Store { return damaged{s, b.progress, fault} },
	})
	if !errors.Is(err, fault) {
		t.Errorf("%v\n%s", err, log.String())
	}
	sent := b.sent()
	if sent == 0 || sent == len(b.chats) {
		t.Errorf("%d sent", sent)
	}
	store, err := storage.Open(t.Context(), "sqlite:"+database)
	must(t, err)
	defer func() { must(t, store.Close()) }()
	r, err := store.Report(t.Context())
	must(t, err)
	if total := r.Total(); total.Sent != sent || total.Sending != 0 {
		t.Errorf("%+v after %d were sent", total, sent)
	}
}
