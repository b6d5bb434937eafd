// validate: what each setting may be.

package config

import (
	"log/slog"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"time"
	_ "time/tzdata" // so that zones load on machines without a zone database, as containers are
	"unicode"
	"unicode/utf8"

	"github.com/strillone/strillone/bot/locale"
	"github.com/strillone/strillone/digest/delivery"
)

const (
	maxTitle    = 60 // characters: one line of a chat on a telephone
	maxArticles = 20 // what one digest can show and still be read
	maxCatchUp  = 7 * 24 * time.Hour

	maxGiveUpAfter = 100 // months of daily refusals
)

// Messages a second that the platforms let a bot send. Telegram: 30, and 1,000
// with paid broadcasts (Bot API FAQ, "How can I message all of my bot's
// subscribers at once?"). Discord: 50, and more where it has granted more (Rate
// Limits).
const (
	telegramRate     = 30
	telegramPaidRate = 1000
	discordRate      = 50
	discordMost      = 1000
)

// validate records all that is wrong with the values, one fault a key at most.
func (l *loader) validate(c *Config, schedule ScheduleCheck) {
	l.oneOf("language", string(c.Language), languages()...)
	l.timezone(c.Timezone)
	l.database(c.Database)
	c.Telegram.APIURL = l.apiURL("telegram.api_url", c.Telegram.APIURL)
	c.Discord.APIURL = l.apiURL("discord.api_url", c.Discord.APIURL)
	l.telegramEditors(c.Editors.Telegram)
	l.discordEditors(c.Editors.Discord)
	l.telegramRate(c.Telegram)
	l.oneOf("telegram.format", c.Telegram.Format, "auto", "html", "rich")
	l.rate("discord.rate", c.Discord.Rate, discordMost)
	l.oneOf("discord.format", c.Discord.Format, "auto", "components", "embeds")
	l.oneOf("delivery.doubt", string(c.Delivery.Doubt), string(delivery.PreferDuplicate), string(delivery.PreferLoss))
	l.catchUp(c.Digest.CatchUp)
	l.title(c.Digest.Title)
	if n := c.Digest.MaxArticles; (n < 1 || n > maxArticles) && !l.faulty("digest.max_articles") {
		l.fault("digest.max_articles", "is %d: choose a number from 1 to %d", n, maxArticles)
	}
	if n := c.Delivery.GiveUpAfter; (n < 1 || n > maxGiveUpAfter) && !l.faulty("delivery.give_up_after") {
		l.fault("delivery.give_up_after", "is %d: choose a number from 1 to %d", n, maxGiveUpAfter)
	}
	if schedule != nil && !l.faulty("digest.schedule") {
		if err := schedule(c.Digest.Schedule, c.Location()); err != nil {
			l.fault("digest.schedule", `%v. Write minute, hour, day, month and weekday: "0 8 * * *" is every day at 8:00`, err)
		}
	}
	l.level(c.Log.Level)
	l.oneOf("log.format", c.Log.Format, "text", "json")
}

// languages are those that Strillone speaks.
func languages() []string {
	var all []string
	for _, l := range locale.Languages() {
		all = append(all, string(l))
	}
	return all
}

func (l *loader) oneOf(key, value string, allowed ...string) {
	if !slices.Contains(allowed, value) && !l.faulty(key) {
		l.fault(key, "is %q: choose one of %s", value, strings.Join(allowed, ", "))
	}
}

func (l *loader) level(value string) {
	var level slog.Level
	if level.UnmarshalText([]byte(value)) != nil || strings.ToLower(value) != value {
		l.oneOf("log.level", value, "debug", "info", "warn", "error")
	}
}

// location is the zone of that name. Go also takes "" for UTC and "Local" for
// wherever the machine is, which nobody means.
func location(name string) (*time.Location, bool) {
	if name == "" || name == "Local" {
		return nil, false
	}
	zone, err := time.LoadLocation(name)
	return zone, err == nil
}

func (l *loader) timezone(name string) {
	if _, ok := location(name); ok || l.faulty("timezone") {
		return
	}
	meant := nearest(name, zones)
	if meant == "" {
		meant = "Europe/Rome"
	}
	l.fault("timezone", "there is no time zone %q: write it as Area/City, for example %s", name, meant)
}

// zones are those offered to who mistyped one: there is no listing them all.
var zones = []string{
	"Europe/Rome", "Europe/Amsterdam", "Europe/Athens", "Europe/Berlin", "Europe/Brussels", "Europe/Bucharest",
	"Europe/Budapest", "Europe/Copenhagen", "Europe/Dublin", "Europe/Helsinki", "Europe/Istanbul", "Europe/Kyiv",
	"Europe/Lisbon", "Europe/London", "Europe/Madrid", "Europe/Malta", "Europe/Oslo", "Europe/Paris", "Europe/Prague",
	"Europe/Stockholm", "Europe/Tirane", "Europe/Vienna", "Europe/Warsaw", "Europe/Zurich", "Africa/Cairo",
	"Africa/Johannesburg", "Africa/Lagos", "Africa/Nairobi", "America/Argentina/Buenos_Aires", "America/Chicago",
	"America/Denver", "America/Los_Angeles", "America/Mexico_City", "America/New_York", "America/Sao_Paulo",
	"America/Toronto", "Asia/Dubai", "Asia/Hong_Kong", "Asia/Jakarta", "Asia/Jerusalem", "Asia/Kolkata", "Asia/Seoul",
	"Asia/Shanghai", "Asia/Singapore", "Asia/Tokyo", "Australia/Sydney", "Pacific/Auckland", "UTC",
}

// database never shows the value: URLs of other databases hold a password.
func (l *loader) database(value string) {
	if l.faulty("database") {
		return
	}
	scheme, path, found := strings.Cut(value, ":")
	switch {
	case found && scheme == "sqlite" && strings.TrimSpace(path) != "":
	case found && (scheme == "postgres" || scheme == "postgresql"):
		l.fault("database", "PostgreSQL can't be used yet: use sqlite:strillone.db")
	case found && scheme == "sqlite":
		l.fault("database", "the path of the file is missing: write sqlite:strillone.db")
	default:
		l.fault("database", "must be sqlite: and the path of a file, as in sqlite:strillone.db")
	}
}

// apiURL is the address without its last slash. It never shows the value, which
// may hold a token by mistake.
func (l *loader) apiURL(key, value string) string {
	if l.faulty(key) {
		return value
	}
	u, err := url.Parse(value)
	switch {
	case err != nil || u.Host == "" || u.Scheme != "https" && u.Scheme != "http":
		l.fault(key, "must be a whole address with http:// or https:// and a host")
	case u.User != nil:
		l.fault(key, "must hold no user and no password")
	case strings.Trim(u.Path, "/") != "" || strings.ContainsAny(value, "?#"):
		l.fault(key, "must end after the host: leave out the path")
	default:
		return strings.TrimRight(value, "/")
	}
	return value
}

var (
	telegramID = regexp.MustCompile(`^[1-9]\d{0,15}$`) // at most 52 significant bits, says the Bot API
	discordID  = regexp.MustCompile(`^[1-9]\d{14,19}$`)
)

func (l *loader) telegramEditors(ids []string) {
	for i, id := range ids {
		switch key := numbered("editors.telegram", i); {
		case telegramID.MatchString(id) || l.faulty(key):
		case strings.HasPrefix(id, "-"):
			l.fault(key, "%q is the id of a group, and editors are persons: use a person's id", id)
		default:
			l.fault(key, "%q is no Telegram id: it is a number, as 123456789, and no @name", id)
		}
	}
}

func (l *loader) discordEditors(ids []string) {
	for i, id := range ids {
		if key := numbered("editors.discord", i); !discordID.MatchString(id) && !l.faulty(key) {
			l.fault(key, `%q is no Discord id: it is a long number between double quotes, as "123456789012345678". In Discord's developer mode, "Copy User ID" gives it`, id)
		}
	}
}

func (l *loader) telegramRate(t Telegram) {
	if t.Rate > telegramRate && t.Rate <= telegramPaidRate && !t.PaidBroadcast && !l.faulty("telegram.rate") {
		l.fault("telegram.rate", "is %v: without telegram.paid_broadcast Telegram takes no more than %d a second", t.Rate, telegramRate)
		return
	}
	l.rate("telegram.rate", t.Rate, telegramPaidRate)
}

// rate accepts more than 0 up to most messages a second; NaN is neither.
func (l *loader) rate(key string, rate, most float64) {
	if !(rate >= 0.01 && rate <= most) && !l.faulty(key) {
		l.fault(key, "is %v: choose a number from 0.01 to %v", rate, most)
	}
}

func (l *loader) catchUp(d time.Duration) {
	if (d < time.Minute || d > maxCatchUp) && !l.faulty("digest.catch_up") {
		l.fault("digest.catch_up", "is %s: choose from 1m to %dh, a week", d, int(maxCatchUp.Hours()))
	}
}

func (l *loader) title(title string) {
	n := utf8.RuneCountInString(title)
	switch {
	case l.faulty("digest.title"):
	case strings.TrimSpace(title) == "":
		l.fault("digest.title", "is empty: give the digest a name")
	case n > maxTitle:
		l.fault("digest.title", "has %d characters: shorten it to %d", n, maxTitle)
	case strings.ContainsFunc(title, unicode.IsControl):
		l.fault("digest.title", "holds a line break or another control character: keep it to one line")
	}
}
