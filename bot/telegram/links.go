// Links: command lines as links to the private chat with the bot.

package telegram

import (
	"regexp"
	"slices"
	"strings"
)

// linkable are the commands that a link may ask for, by their canonical names.
// Anybody can make a link, and whoever follows it sends what it says: so they
// only read.
var linkable = []string{"leggi", "abstract", "fonti", "consigli", "ultimi", "digest", "cerca", "archivio", "aiuto"}

// lineForm is a command line that survives the way through a link.
var lineForm = regexp.MustCompile(`^[a-z][a-z0-9_]*( [A-Za-z0-9_-]+)?$`)

const maxPayload = 64

// articleLine asks for an article, articlePayload is its short form in links.
var (
	articleLine    = regexp.MustCompile(`^(?:leggi|apri) (\d{1,9})$`)
	articlePayload = regexp.MustCompile(`^a(\d{1,9})$`)
)

// link is the address that begins the private chat with a payload.
func (s *session) link(payload string) string {
	return "https://t.me/" + s.me.Username + "?start=" + payload
}

// payloadOf is a command line as the payload of a link to the bot
// (https://core.telegram.org/bots/features#deep-linking: up to 64 of
// A-Z a-z 0-9 _ -): "leggi 12" is "a12", "fonti 12" is "fonti-12". Commands that
// aren't linkable have none.
func payloadOf(line string) (string, bool) {
	if m := articleLine.FindStringSubmatch(line); m != nil {
		return "a" + m[1], true
	}
	if name, _ := splitLine(line); len(line) > maxPayload || !lineForm.MatchString(line) || !slices.Contains(linkable, name) {
		return "", false
	}
	return strings.Replace(line, " ", "-", 1), true
}

var payloadForm = regexp.MustCompile(`^[A-Za-z][A-Za-z0-9_-]{0,63}$`)

// fromPayload is the linkable command a payload stands for. Payloads of other
// origin stand for none.
func fromPayload(payload string) (name, args string, ok bool) {
	if m := articlePayload.FindStringSubmatch(payload); m != nil {
		return "leggi", m[1], true
	}
	if !payloadForm.MatchString(payload) {
		return "", "", false
	}
	name, args, _ = strings.Cut(payload, "-")
	name = strings.ToLower(name)
	if !slices.Contains(linkable, name) {
		return "", "", false
	}
	return name, args, true
}
