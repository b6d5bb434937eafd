package main

import (
	"context"
	"os"
	"path/filepath"
	"testing"

	"github.com/strillone/strillone/bot/telegram/telegramtest"
)

// strillone status tells what a running bot does, and leaves it alone.
func TestStatusBesideServe(t *testing.T) {
	ctx, cancel := context.WithTimeout(t.Context(), patience)
	defer cancel()
	srv := newsstand(t)
	config := telegramConfig(t, srv, "")
	p := start(t, config)
	srv.Say(readerID, readerID, "/start")
	_, err := srv.Await(ctx, telegramtest.In(readerID, "Ciao!"))
	must(t, err)

	path := filepath.Join(t.TempDir(), "strillone.yaml")
	must(t, os.WriteFile(path, []byte(config), 0o600))
	var out locked
	code := run(ctx, []string{"status", "-c", path}, stdio{Out: &out, Err: &out}, func(string) string { return "" })
	if code != exitOK {
		t.Errorf("exit code %d", code)
	}
	contains(t, out.String(), "Stato delle consegne", "Non è ancora uscito nessun digest", "Telegram 1")
	srv.Say(readerID, readerID, "/disiscriviti")
	_, err = srv.Await(ctx, telegramtest.In(readerID, "non arriva più"))
	must(t, err)
	p.end(t)
}
