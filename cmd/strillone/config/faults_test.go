// Faults: each with its line, all at once, and none with a secret in it.

package config

import (
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

func TestFaults(t *testing.T) {
	for name, c := range map[string]struct {
		yaml string
		line int
		key  string
		says string
	}{
		"no yaml":                {"telegram:\n  token: \"x\n", 2, "", "not valid YAML"},
		"tab":                    {"digest:\n\ttitle: x\n", 2, "", "not valid YAML"},
		"no mapping":             {"\n- a\n", 2, "", "must hold keys"},
		"a text":                 {"hello\n", 1, "", "must hold keys"},
		"two documents":          {"language: it\n---\nlanguage: en\n", 3, "", "second YAML document"},
		"no utf-8":               {"language: \xff\n", 0, "", "UTF-8"},
		"unknown key":            {"language: it\ntimezon: Europe/Rome\n", 2, "timezon", "did you mean timezone?"},
		"short, nothing like it": {"foo: 1\n", 1, "foo", "here go language"},
		"token for its file":     {"discord:\n  token_file: " + discordCanary + "\n", 2, "discord.token_file", "can't be read"},
		"hyphen":                 {"telegram:\n  token-file: x\n", 2, "telegram.token-file", "did you mean token_file?"},
		"key of another group":   {"schedule: 0 8 * * *\n", 1, "schedule", "did you mean digest.schedule?"},
		"nothing like it":        {"log:\n  colour: red\n", 2, "log.colour", "here go level, format"},
		"merge key":              {"digest:\n  <<: {title: x}\n", 2, "digest.<<", "there is no such key"},
		"twice":                  {"language: it\ntimezone: UTC\nlanguage: en\n", 3, "language", "already is in line 1"},
		"group twice":            {"log:\n  level: info\nlog:\n  format: text\n", 3, "log", "already is in line 1"},
		"group is a text":        {"digest: tomorrow\n", 1, "digest", "must hold keys with values"},
		"group is a list":        {"digest: [1]\n", 1, "digest", "title, schedule, max_articles"},
		"alias":                  {"log: &a\n  level: info\n", 1, "log", "must hold keys with values"},
		"number for a text":      {"digest:\n  title: 2026\n", 2, "digest.title", "between double quotes"},
		"truth for a text":       {"language: true\n", 1, "language", "between double quotes"},
		"mapping for a text":     {"database: {sqlite: x}\n", 1, "database", "between double quotes"},
		"text for a number":      {"digest:\n  max_articles: \"10\"\n", 2, "digest.max_articles", "whole number"},
		"fraction":               {"digest:\n  max_articles: 1.5\n", 2, "digest.max_articles", "whole number"},
		"huge number":            {"digest:\n  max_articles: 18446744073709551615\n", 2, "digest.max_articles", "whole number"},
		"no list":                {"editors:\n  telegram: 123456789\n", 2, "editors.telegram", "must be a list"},
		"language":               {"language: de\n", 1, "language", "en, it"},
		"zone":                   {"timezone: Europe/Roma\n", 1, "timezone", "Europe/Rome"},
		"zone in lower case":     {"timezone: america/new-york\n", 1, "timezone", "America/New_York"},
		"empty zone":             {"timezone: \"\"\n", 1, "timezone", "Area/City"},
		"the machine's zone":     {"timezone: Local\n", 1, "timezone", "Area/City"},
		"postgres":               {"database: postgres://u:hunter2@h/db\n", 1, "database", "can't be used yet"},
		"no path":                {"database: \"sqlite:\"\n", 1, "database", "path"},
		"no scheme":              {"database: strillone.db\n", 1, "database", "sqlite:strillone.db"},
		"relative address":       {"telegram:\n  api_url: api.telegram.org\n", 2, "telegram.api_url", "http"},
		"other scheme":           {"telegram:\n  api_url: ftp://api.telegram.org\n", 2, "telegram.api_url", "http"},
		"path":                   {"discord:\n  api_url: https://discord.com/api/v10\n", 2, "discord.api_url", "leave out the path"},
		"query":                  {"discord:\n  api_url: https://discord.com?\n", 2, "discord.api_url", "leave out"},
		"password":               {"discord:\n  api_url: https://u:hunter2@discord.com\n", 2, "discord.api_url", "password"},
		"telegram token":         {"telegram:\n  token: hunter2\n", 2, "telegram.token", "@BotFather"},
		"discord token":          {"discord:\n  token: Bot " + discordCanary + "\n", 2, "discord.token", "without the word Bot"},
		"both":                   {"telegram:\n  token: hunter2\n  token_file: x\n", 3, "telegram.token_file", "telegram.token is set too"},
		"no token file":          {"discord:\n  token_file: gone\n", 2, "discord.token_file", "can't be read"},
		"token folder":           {"discord:\n  token_file: .\n", 2, "discord.token_file", "regular file"},
		"telegram name":          {"editors:\n  telegram:\n    - 123456789\n    - \"@anna\"\n", 4, "editors.telegram[1]", "no @name"},
		"telegram group":         {"editors:\n  telegram: [-1001234567890]\n", 2, "editors.telegram[0]", "id of a group"},
		"hexadecimal":            {"editors:\n  telegram: [0x75BCD15]\n", 2, "editors.telegram[0]", "no Telegram id"},
		"discord id in floating": {"editors:\n  discord:\n    - 1.2345678901234568e+17\n", 3, "editors.discord[0]", "between double quotes"},
		"discord name":           {"editors:\n  discord: [anna]\n", 2, "editors.discord[0]", "Copy User ID"},
		"nested list":            {"editors:\n  discord: [[1]]\n", 2, "editors.discord[0]", "numeric id"},
		"empty title":            {"digest:\n  title: \"  \"\n", 2, "digest.title", "is empty"},
		"long title":             {"digest:\n  title: " + strings.Repeat("à", 61) + "\n", 2, "digest.title", "61 characters"},
		"title of two lines":     {"digest:\n  title: \"a\\nb\"\n", 2, "digest.title", "one line"},
		"no articles":            {"digest:\n  max_articles: 0\n", 2, "digest.max_articles", "from 1 to 20"},
		"given up at once":       {"delivery:\n  give_up_after: 0\n", 2, "delivery.give_up_after", "from 1 to 100"},
		"never given up":         {"delivery:\n  give_up_after: 101\n", 2, "delivery.give_up_after", "from 1 to 100"},
		"too many articles":      {"digest:\n  max_articles: 21\n", 2, "digest.max_articles", "from 1 to 20"},
		"telegram rate":          {"telegram:\n  rate: 0\n", 2, "telegram.rate", "from 0.01 to 1000"},
		"negative rate":          {"telegram:\n  rate: -1.5\n", 2, "telegram.rate", "from 0.01 to 1000"},
		"unpaid rate":            {"telegram:\n  rate: 100\n", 2, "telegram.rate", "paid_broadcast"},
		"paid rate":              {"telegram:\n  rate: 1001\n  paid_broadcast: true\n", 2, "telegram.rate", "from 0.01 to 1000"},
		"text for a rate":        {"telegram:\n  rate: \"30\"\n", 2, "telegram.rate", "must be a number"},
		"no number":              {"telegram:\n  rate: .nan\n", 2, "telegram.rate", "must be a number"},
		"text for a truth":       {"telegram:\n  paid_broadcast: \"yes\"\n", 2, "telegram.paid_broadcast", "true or false"},
		"paid on Discord":        {"discord:\n  paid_broadcast: true\n", 2, "discord.paid_broadcast", "telegram.paid_broadcast"},
		"discord rate":           {"discord:\n  rate: 1200\n", 2, "discord.rate", "from 0.01 to 1000"},
		"doubt":                  {"delivery:\n  doubt: twice\n", 2, "delivery.doubt", "duplicate, lose"},
		"no span":                {"digest:\n  catch_up: tomorrow\n", 2, "digest.catch_up", "span of time"},
		"span without unit":      {"digest:\n  catch_up: 6\n", 2, "digest.catch_up", "span of time"},
		"short span":             {"digest:\n  catch_up: 0s\n", 2, "digest.catch_up", "a week"},
		"long span":              {"digest:\n  catch_up: 200h\n", 2, "digest.catch_up", "a week"},
		"schedule":               {"digest:\n  schedule: tomorrow\n", 2, "digest.schedule", "five fields are needed"},
		"level":                  {"log:\n  level: verbose\n", 2, "log.level", "debug, info, warn, error"},
		"level in capitals":      {"log:\n  level: INFO\n", 2, "log.level", "debug, info, warn, error"},
		"format":                 {"log:\n  format: xml\n", 2, "log.format", "text, json"},
	} {
		t.Run(name, func(t *testing.T) {
			getenv := environment(TelegramTokenVariable, telegramCanary)
			if strings.HasPrefix(c.key, "telegram.token") {
				getenv = environment(DiscordTokenVariable, discordCanary)
			}
			_, err := load(t, c.yaml, getenv)
			faults, ok := errors.AsType[Faults](err)
			if !ok {
				t.Fatalf("got %v", err)
			}
			if len(faults) != 1 {
				t.Fatalf("%d faults:\n%v", len(faults), err)
			}
			if f := faults[0]; f.Line != c.line || f.Key != c.key || !strings.Contains(f.Message, c.says) {
				t.Errorf("got %+v", f)
			}
			for _, secret := range []string{"hunter2", "CANARY"} {
				if strings.Contains(err.Error(), secret) {
					t.Errorf("a secret is shown: %v", err)
				}
			}
		})
	}
}

func TestEveryFaultAtOnce(t *testing.T) {
	path := filepath.Join(t.TempDir(), "strillone.yaml")
	content := "language: de\ndigest:\n  titel: x\n  max_articles: 99\nlog:\n  level: loud\n"
	if err := os.WriteFile(path, []byte(content), 0o600); err != nil {
		t.Fatal(err)
	}
	_, err := Load(path, environment(), acceptFive)
	want := strings.ReplaceAll(`FILE:1: language: is "de": choose one of en, it
FILE:3: digest.titel: there is no such key: did you mean title?
FILE:4: digest.max_articles: is 99: choose a number from 1 to 20
FILE:6: log.level: is "loud": choose one of debug, info, warn, error
FILE: no platform has a token: set telegram.token or discord.token, or STRILLONE_TELEGRAM_TOKEN or STRILLONE_DISCORD_TOKEN in the environment. To try Strillone without either, run: strillone demo`, "FILE", path)
	if err == nil || err.Error() != want {
		t.Errorf("got\n%v\nwant\n%s", err, want)
	}
}

func TestOnePlatformIsEnough(t *testing.T) {
	for _, name := range []string{TelegramTokenVariable, DiscordTokenVariable} {
		if _, err := load(t, "", environment(name, withTokens(name))); err != nil {
			t.Errorf("with %s alone: %v", name, err)
		}
	}
	_, err := load(t, "telegram:\n  tokn: "+telegramCanary+"\n", environment())
	if faults, ok := errors.AsType[Faults](err); !ok || len(faults) != 1 || faults[0].Line != 2 {
		t.Errorf("a misspelt token: %v", err)
	}
}

func TestFaultOfTheEnvironment(t *testing.T) {
	_, err := load(t, "", environment(DiscordTokenVariable, "hunter2"))
	if err == nil || !strings.HasPrefix(err.Error(), DiscordTokenVariable+": doesn't look like") || strings.Contains(err.Error(), "hunter2") {
		t.Errorf("got %v", err)
	}
}

func FuzzParse(f *testing.F) {
	example, err := os.ReadFile(example)
	if err != nil {
		f.Fatal(err)
	}
	f.Add(example)
	for _, s := range []string{"", "a: [", "? x\n: y", "<<: *a", "&a x: !!str y", "telegram: {token: 'x'}", "editors: {discord: [1e17, 0b1, ~]}", "*a: b", "{{}: 1}", "- - -", "a: |\n b", "digest: !t {title: x}"} {
		f.Add([]byte(s))
	}
	folder := f.TempDir()
	f.Fuzz(func(t *testing.T, data []byte) {
		c, err := newLoader(filepath.Join(folder, "strillone.yaml")).parse(data, withTokens, acceptFive)
		if (c == nil) == (err == nil) {
			t.Fatalf("config %v, error %v", c, err)
		}
		if err == nil {
			return
		}
		if faults, ok := errors.AsType[Faults](err); !ok || len(faults) == 0 {
			t.Fatalf("got %#v", err)
		}
	})
}

func TestOfflineNeedsNoToken(t *testing.T) {
	path := filepath.Join(t.TempDir(), "strillone.yaml")
	if err := os.WriteFile(path, []byte("language: en\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	if _, err := Load(path, environment(), acceptFive); err == nil {
		t.Error("Load asks for no token")
	}
	if c, err := LoadOffline(path, environment(), acceptFive); err != nil || c.Language != "en" {
		t.Errorf("LoadOffline: %+v, %v", c, err)
	}
}
