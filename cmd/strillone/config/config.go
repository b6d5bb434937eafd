// Config: every setting with its default, and Load.

package config

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"time"

	"github.com/strillone/strillone/digest"
	"github.com/strillone/strillone/digest/delivery"
)

// Config is the whole configuration. config.example.yaml explains each key.
type Config struct {
	Language digest.Language `yaml:"language"`
	Timezone string          `yaml:"timezone"`
	Database string          `yaml:"database"`
	Telegram Telegram        `yaml:"telegram"`
	Discord  Discord         `yaml:"discord"`
	Editors  Editors         `yaml:"editors"`
	Digest   Digest          `yaml:"digest"`
	Delivery Delivery        `yaml:"delivery"`
	Log      Log             `yaml:"log"`
}

// Telegram is how to reach Telegram, and how fast. Once loaded, Token is the
// token in force, wherever it came from.
type Telegram struct {
	Token         Secret  `yaml:"token"`
	TokenFile     string  `yaml:"token_file"`
	APIURL        string  `yaml:"api_url"` // without a slash at the end
	Rate          float64 `yaml:"rate"`    // messages a second in all
	PaidBroadcast bool    `yaml:"paid_broadcast"`
	Format        string  `yaml:"format"` // auto, html or rich
}

// Discord is how to reach Discord, and how fast. Once loaded, Token is the token
// in force, wherever it came from.
type Discord struct {
	Token     Secret  `yaml:"token"`
	TokenFile string  `yaml:"token_file"`
	APIURL    string  `yaml:"api_url"` // without a slash at the end
	Rate      float64 `yaml:"rate"`    // messages a second in all
	Format    string  `yaml:"format"`  // auto, components or embeds
}

// Editors lists who may publish, by each platform's numeric ids in decimal.
type Editors struct {
	Telegram []string `yaml:"telegram"`
	Discord  []string `yaml:"discord"`
}

// Digest is what the digest is called, when it comes out and how much it holds.
type Digest struct {
	Title       string        `yaml:"title"`
	Schedule    string        `yaml:"schedule"` // in the form ScheduleCheck accepts
	MaxArticles int           `yaml:"max_articles"`
	CatchUp     time.Duration `yaml:"catch_up"` // how late a missed one may still come out
}

// Delivery is how messages are brought to where they go.
type Delivery struct {
	Doubt       delivery.DoubtPolicy `yaml:"doubt"`
	GiveUpAfter int                  `yaml:"give_up_after"` // digests in a row that a place may refuse
}

// Log is how much is logged, and in which form.
type Log struct {
	Level  string `yaml:"level"`  // debug, info, warn or error
	Format string `yaml:"format"` // text or json
}

// The environment variables that win over the tokens of the file.
const (
	TelegramTokenVariable = "STRILLONE_TELEGRAM_TOKEN"
	DiscordTokenVariable  = "STRILLONE_DISCORD_TOKEN"
)

// Default is the configuration of an empty file.
func Default() *Config {
	return &Config{
		Language: digest.Italian,
		Timezone: "Europe/Rome",
		Database: "sqlite:strillone.db",
		Telegram: Telegram{APIURL: "https://api.telegram.org", Rate: 29.7, Format: "auto"},
		Discord:  Discord{APIURL: "https://discord.com", Rate: 45, Format: "auto"},
		Digest:   Digest{Title: "Strillone", Schedule: "0 8 * * *", MaxArticles: 10, CatchUp: 6 * time.Hour},
		Delivery: Delivery{Doubt: delivery.PreferDuplicate, GiveUpAfter: 5},
		Log:      Log{Level: "info", Format: "text"},
	}
}

// ScheduleCheck says what is wrong with a schedule in a zone. It is the
// scheduler's, which alone knows cron.
type ScheduleCheck func(spec string, zone *time.Location) error

// maxFile is far over any configuration, and keeps a mistaken path (a log, a
// database) from being read whole.
const maxFile = 1 << 20

// Load reads and validates the configuration file. getenv is os.Getenv outside
// tests; a nil schedule leaves the schedule unchecked. The error is Faults for
// a file that can't be used, and wraps fs.ErrNotExist when there is none.
func Load(path string, getenv func(string) string, schedule ScheduleCheck) (*Config, error) {
	return newLoader(path).load(getenv, schedule)
}

// LoadOffline is Load for commands that reach no platform: no token is needed.
func LoadOffline(path string, getenv func(string) string, schedule ScheduleCheck) (*Config, error) {
	l := newLoader(path)
	l.offline = true
	return l.load(getenv, schedule)
}

func (l *loader) load(getenv func(string) string, schedule ScheduleCheck) (*Config, error) {
	data, err := read(l.path, maxFile)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, fmt.Errorf("no configuration: %w. Copy config.example.yaml to %s and put your tokens in it", err, l.path)
	}
	if err != nil {
		return nil, fmt.Errorf("the configuration can't be read: %w", err)
	}
	return l.parse(data, getenv, schedule)
}

func (l *loader) parse(data []byte, getenv func(string) string, schedule ScheduleCheck) (*Config, error) {
	c := Default()
	if l.decode(data, c); l.broken {
		return nil, l.faults
	}
	l.readTokens(c, getenv)
	l.validate(c, schedule)
	if len(l.faults) > 0 {
		return nil, l.faults.sorted()
	}
	return c, nil
}

// loader collects, while a file is loaded, where each key stands and what is
// wrong.
type loader struct {
	path    string
	offline bool           // no token is asked for
	lines   map[string]int // by dotted key
	faults  Faults
	broken  bool // no YAML, or no mapping: nothing else can be said of it
}

func newLoader(path string) *loader { return &loader{path: path, lines: make(map[string]int)} }

// fault records what is wrong with a key, at its line or at none.
func (l *loader) fault(key, format string, args ...any) {
	l.faultAt(l.lines[key], key, format, args...)
}

func (l *loader) faultAt(line int, key, format string, args ...any) {
	l.faults = append(l.faults, Fault{l.path, line, key, fmt.Sprintf(format, args...)})
}

// faulty says whether the key already has a fault, so that it gets one only.
func (l *loader) faulty(key string) bool {
	for _, f := range l.faults {
		if f.Key == key {
			return true
		}
	}
	return false
}

// read is the content of a regular file of at most limit bytes.
func read(path string, limit int64) ([]byte, error) {
	info, err := os.Stat(path)
	switch {
	case err != nil:
		return nil, err
	case !info.Mode().IsRegular():
		return nil, fmt.Errorf("%s is no regular file", path)
	case info.Size() > limit:
		return nil, fmt.Errorf("%s is larger than %d bytes", path, limit)
	}
	return os.ReadFile(path)
}

// beside resolves a path relative to the folder of the configuration file.
func (l *loader) beside(path string) string {
	if filepath.IsAbs(path) {
		return path
	}
	return filepath.Join(filepath.Dir(l.path), path)
}

// TelegramOn says whether Telegram is served.
func (c *Config) TelegramOn() bool { return c.Telegram.Token != "" }

// DiscordOn says whether Discord is served.
func (c *Config) DiscordOn() bool { return c.Discord.Token != "" }

// Location is the time zone of schedules and dates; UTC for a Timezone that
// Load would not let pass.
func (c *Config) Location() *time.Location {
	if zone, ok := location(c.Timezone); ok {
		return zone
	}
	return time.UTC
}

// Warnings are sentences on what is allowed and is hardly meant.
func (c *Config) Warnings() []string {
	var warnings []string
	if len(c.Editors.Telegram)+len(c.Editors.Discord) == 0 {
		warnings = append(warnings, "no editors are configured, so nobody can publish: add the numeric ids of yours under editors")
	}
	if c.Discord.Rate > discordRate {
		warnings = append(warnings, "discord.rate is over the 50 a second that Discord gives every bot: lower it, unless Discord has granted yours more")
	}
	return warnings
}
