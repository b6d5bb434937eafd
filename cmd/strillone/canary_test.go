package main

import (
	"bytes"
	"context"
	"encoding/base64"
	"fmt"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/strillone/strillone/bot/discord/discordtest"
	"github.com/strillone/strillone/bot/telegram/telegramtest"
)

// The tokens are nowhere but where they belong, whatever goes wrong: not in the
// log or an error, not in the files beside the database, not in any chat.
func TestCanary(t *testing.T) {
	const telegramToken, discordToken = "7000000001:AAEcanary_canary_canary_canary_canary", "Y2FuYXJ5.Y2FuYXJ5.canary-canary-canary"
	tg := telegramtest.New(t, telegramtest.WithToken(telegramToken))
	defer tg.Close()
	dc := discordtest.New(t, discordtest.WithToken(discordToken))
	defer dc.Close()
	tg.AddPrivate(editorID, "Redattrice", "it")
	sick, other := onTelegram(t, tg, full(200, 30)), onDiscord(t, dc, full(200, 30))
	folder := t.TempDir()
	database := filepath.Join(folder, "s.db")
	enqueue(t, database, sick, other)
	config := func(telegramURL, discordURL string) string {
		return fmt.Sprintf(`
database: sqlite:%s
telegram: {token: %q, api_url: %q}
discord: {token: %q, api_url: %q}
editors: {telegram: [%d]}
digest: {schedule: "@every 1s"}
log: {level: debug}
`, database, telegramToken, telegramURL, discordToken, discordURL, editorID)
	}
	f := newFaults(t)
	defer tg.Intercept(f.telegram)()
	defer dc.Intercept(f.discord)()
	ctx, cancel := context.WithTimeout(t.Context(), patience)
	defer cancel()
	p := begin(t, config(tg.URL(), dc.URL()))
	tg.Say(editorID, editorID, "/start "+telegramToken)
	last := sick.chats[len(sick.chats)-1]
	if _, err := tg.AwaitCall(ctx, func(c telegramtest.Call) bool { return c.Sends() && c.Get("chat_id") == last }); err != nil {
		t.Error(err)
	}
	if code := p.end(t); code != exitOK {
		t.Errorf("exit code %d", code)
	}

	// Nobody there, and the wrong path.
	output := p.log.String()
	for _, address := range []string{"http://127.0.0.1:1", tg.URL() + "/nowhere"} {
		path := filepath.Join(t.TempDir(), "strillone.yaml")
		must(t, os.WriteFile(path, []byte(config(address, address)), 0o600))
		var out locked
		run(ctx, []string{"check", "-c", path}, stdio{In: strings.NewReader(""), Out: &out, Err: &out}, func(string) string { return "" })
		output += out.String()
	}
	places := map[string][]byte{"log and output": []byte(output)}
	for _, m := range tg.Messages() {
		places["chats"] = append(append(places["chats"], m.Raw...), m.Text...)
	}
	for _, m := range dc.Messages() {
		places["chats"] = append(append(places["chats"], m.Raw...), m.Body...)
	}
	files, err := filepath.Glob(filepath.Join(folder, "*"))
	must(t, err)
	for _, file := range files {
		if places[filepath.Base(file)], err = os.ReadFile(file); err != nil {
			t.Error(err)
		}
	}
	secrets := []string{telegramToken, discordToken}
	_, secret, _ := strings.Cut(telegramToken, ":")
	secrets = append(secrets, secret, url.QueryEscape(telegramToken))
	for _, token := range secrets[:2] {
		secrets = append(secrets, base64.StdEncoding.EncodeToString([]byte(token)))
	}
	read := 0
	for place, content := range places {
		read += len(content)
		for _, s := range secrets {
			if bytes.Contains(content, []byte(s)) {
				t.Errorf("a token is in the %s", place)
			}
		}
	}
	if len(places["chats"]) == 0 || len(places["s.db"]) == 0 || !strings.Contains(output, "part not sent") {
		t.Error("nothing happened in which a token could have been seen")
	}
	t.Logf("no token in %d bytes of %d places, after faults %v of %d calls", read, len(places), f.count, f.calls)
}
