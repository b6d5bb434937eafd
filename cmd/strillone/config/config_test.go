// Loading: defaults, every key, where tokens come from, and the example file.

package config

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
)

const (
	telegramCanary = "123456789:CANARY-telegram_0123456789abcdefgh"
	discordCanary  = "CANARYdiscordMTIzNDU2Nzg5.GaBcDe.0123456789-abcdefghijklmnop_qrstuv"
	example        = "../../../config.example.yaml"
)

// environment is a getenv of the given variables.
func environment(pairs ...string) func(string) string {
	return func(name string) string {
		for i := 0; i < len(pairs); i += 2 {
			if pairs[i] == name {
				return pairs[i+1]
			}
		}
		return ""
	}
}

var withTokens = environment(TelegramTokenVariable, telegramCanary, DiscordTokenVariable, discordCanary)

// acceptFive stands in for the scheduler: five fields.
func acceptFive(spec string, zone *time.Location) error {
	if zone == nil {
		return errors.New("no zone")
	}
	if n := len(strings.Fields(spec)); n != 5 {
		return errors.New("five fields are needed")
	}
	return nil
}

func load(t *testing.T, content string, getenv func(string) string) (*Config, error) {
	t.Helper()
	path := filepath.Join(t.TempDir(), "strillone.yaml")
	if err := os.WriteFile(path, []byte(content), 0o600); err != nil {
		t.Fatal(err)
	}
	return Load(path, getenv, acceptFive)
}

func TestEmptyFileIsTheDefaults(t *testing.T) {
	for _, content := range []string{"", "\n", "# nothing\n", "---\n", "\ufeff", "telegram:\n", "language: it\r\nlog:\r\n  level: info\r\n"} {
		c, err := load(t, content, withTokens)
		if err != nil {
			t.Errorf("%q: %v", content, err)
			continue
		}
		want := Default()
		want.Telegram.Token, want.Discord.Token = telegramCanary, discordCanary
		if d := cmp.Diff(want, c); d != "" {
			t.Errorf("%q: %s", content, d)
		}
		if got := c.Location().String(); got != "Europe/Rome" {
			t.Errorf("location %s", got)
		}
	}
}

func TestEverything(t *testing.T) {
	c, err := load(t, `
language: en
timezone: America/New_York
database: sqlite:/var/lib/strillone/it.db
telegram: {token: "`+telegramCanary+`", api_url: http://localhost:8081/, rate: 500, paid_broadcast: true, format: rich}
discord: {rate: 12.5, format: embeds}
editors:
  telegram: [123456789, "987654321"]
  discord: ["123456789012345678", 123456789012345679]
digest:
  title: Il mattino
  schedule: 30 7 * * 1-5
  max_articles: 20
  catch_up: 1h30m
delivery: {doubt: lose, give_up_after: 30}
log: {level: debug, format: json}
`, environment())
	if err != nil {
		t.Fatal(err)
	}
	want := &Config{
		Language: "en", Timezone: "America/New_York", Database: "sqlite:/var/lib/strillone/it.db",
		Telegram: Telegram{Token: telegramCanary, APIURL: "http://localhost:8081", Rate: 500, PaidBroadcast: true, Format: "rich"},
		Discord:  Discord{APIURL: "https://discord.com", Rate: 12.5, Format: "embeds"},
		Editors: Editors{
			Telegram: []string{"123456789", "987654321"},
			Discord:  []string{"123456789012345678", "123456789012345679"},
		},
		Digest:   Digest{Title: "Il mattino", Schedule: "30 7 * * 1-5", MaxArticles: 20, CatchUp: 90 * time.Minute},
		Delivery: Delivery{Doubt: "lose", GiveUpAfter: 30},
		Log:      Log{Level: "debug", Format: "json"},
	}
	if d := cmp.Diff(want, c); d != "" {
		t.Error(d)
	}
	if !c.TelegramOn() || c.DiscordOn() || c.Location().String() != "America/New_York" {
		t.Errorf("telegram %v, discord %v, %v", c.TelegramOn(), c.DiscordOn(), c.Location())
	}
	if got := c.Warnings(); len(got) > 0 {
		t.Errorf("warnings %q", got)
	}
}

func TestNoEditorsIsAWarning(t *testing.T) {
	c, err := load(t, "", withTokens)
	if err != nil {
		t.Fatal(err)
	}
	if got := c.Warnings(); len(got) != 1 || !strings.Contains(got[0], "editors") {
		t.Errorf("warnings %q", got)
	}
}

func TestDiscordRateOverTheDocumentedIsAWarning(t *testing.T) {
	c, err := load(t, "discord: {rate: 51}\neditors: {telegram: [123456789]}", withTokens)
	if err != nil {
		t.Fatal(err)
	}
	if got := c.Warnings(); len(got) != 1 || !strings.Contains(got[0], "discord.rate") {
		t.Errorf("warnings %q", got)
	}
}

func TestWhereTokensComeFrom(t *testing.T) {
	folder := t.TempDir()
	write := func(name, content string) {
		if err := os.WriteFile(filepath.Join(folder, name), []byte(content), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	inFile := "1:" + strings.Repeat("f", 35)
	write("token", inFile+"\r\n")
	for name, c := range map[string]struct {
		yaml        string
		environment string
		want        Secret
	}{
		"key":                   {`token: "` + telegramCanary + `"`, "", telegramCanary},
		"file":                  {"token_file: token", "", Secret(inFile)},
		"absolute file":         {"token_file: " + filepath.Join(folder, "token"), "", Secret(inFile)},
		"environment":           {"api_url: https://api.telegram.org", telegramCanary + "\n", telegramCanary},
		"environment over key":  {`token: "` + inFile + `"`, telegramCanary, telegramCanary},
		"environment over file": {"token_file: gone", telegramCanary, telegramCanary},
		"environment over both": {"token_file: token\n  token: x", telegramCanary, telegramCanary},
	} {
		write("strillone.yaml", "telegram:\n  "+c.yaml+"\n")
		got, err := Load(filepath.Join(folder, "strillone.yaml"), environment(TelegramTokenVariable, c.environment), nil)
		if err != nil {
			t.Errorf("%s: %v", name, err)
		} else if got.Telegram.Token != c.want {
			t.Errorf("%s: another token", name)
		}
	}
}

func TestNoFile(t *testing.T) {
	_, err := Load(filepath.Join(t.TempDir(), "strillone.yaml"), environment(), nil)
	if !errors.Is(err, fs.ErrNotExist) || !strings.Contains(err.Error(), "config.example.yaml") {
		t.Errorf("got %v", err)
	}
	if _, err = Load(t.TempDir(), environment(), nil); err == nil {
		t.Error("a folder was loaded")
	}
}

func TestExample(t *testing.T) {
	c, err := Load(example, withTokens, acceptFive)
	if err != nil {
		t.Fatal(err)
	}
	want := Default()
	want.Telegram.Token, want.Discord.Token = telegramCanary, discordCanary
	if d := cmp.Diff(want, c, cmpopts.EquateEmpty()); d != "" {
		t.Errorf("the example does not show the defaults: %s", d)
	}
}

// Every key stands in the example, with a comment right above it.
func TestExampleExplainsEveryKey(t *testing.T) {
	data, err := os.ReadFile(example)
	if err != nil {
		t.Fatal(err)
	}
	explained := make(map[string]bool)
	group, above := "", ""
	for line := range strings.Lines(string(data)) {
		trimmed := strings.TrimSpace(line)
		if name, _, ok := strings.Cut(trimmed, ":"); ok && !strings.HasPrefix(trimmed, "#") {
			if line[0] != ' ' {
				group = ""
			}
			explained[dotted(group, name)] = strings.HasPrefix(above, "#")
			if strings.HasSuffix(trimmed, ":") {
				group, explained[name] = name, true
			}
		}
		above = trimmed
	}
	for _, key := range allKeys(reflect.TypeFor[Config](), "") {
		if !explained[key] {
			t.Errorf("config.example.yaml lacks %s, or a comment above it", key)
		}
	}
}
