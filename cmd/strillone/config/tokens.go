// Tokens: from the environment, a file or the configuration, and their shape.

package config

import (
	"bytes"
	"errors"
	"regexp"
	"slices"
	"strings"
)

// maxTokenFile is far over any token.
const maxTokenFile = 4096

var (
	telegramToken = regexp.MustCompile(`^\d+:[\w-]{30,}$`)
	// Discord documents no form: this refuses only what certainly is none.
	discordToken = regexp.MustCompile(`^[\w-]+\.[\w-]+\.[\w-]+$`)
)

// readTokens puts the token in force into each platform, and checks its shape.
// Without any token there is nothing to run.
func (l *loader) readTokens(c *Config, getenv func(string) string) {
	before := len(l.faults)
	l.readToken(&c.Telegram.Token, c.Telegram.TokenFile, "telegram", getenv, TelegramTokenVariable, telegramToken,
		"doesn't look like a Telegram token, which is a number, a colon and some 35 letters and digits: copy it whole from @BotFather")
	l.readToken(&c.Discord.Token, c.Discord.TokenFile, "discord", getenv, DiscordTokenVariable, discordToken,
		`doesn't look like a Discord bot token, which is three parts joined by dots: copy it whole from the page "Bot" of your application, without the word Bot before it`)
	if l.offline || c.TelegramOn() || c.DiscordOn() || len(l.faults) > before || l.meantToken() {
		return
	}
	l.fault("", "no platform has a token: set telegram.token or discord.token, or %s or %s in the environment. To try Strillone without either, run: strillone demo",
		TelegramTokenVariable, DiscordTokenVariable)
}

// meantToken says whether a fault already found may be what hides a token.
func (l *loader) meantToken() bool {
	return slices.ContainsFunc(l.faults, func(f Fault) bool {
		platform, _, _ := strings.Cut(f.Key, ".")
		return platform == "telegram" || platform == "discord"
	})
}

// readToken: the environment wins; then it is the file or the key, never both.
func (l *loader) readToken(into *Secret, file, platform string, getenv func(string) string, variable string, shape *regexp.Regexp, wrong string) {
	if fromEnvironment := strings.TrimSpace(getenv(variable)); fromEnvironment != "" {
		*into = Secret(fromEnvironment)
		if !shape.MatchString(fromEnvironment) {
			l.faults = append(l.faults, Fault{Key: variable, Message: wrong})
		}
		return
	}
	key, fileKey := platform+".token", platform+".token_file"
	if *into != "" && file != "" {
		l.fault(fileKey, "%s is set too, and one of the two must go: remove the token, or leave this empty", key)
		return
	}
	if file != "" {
		token, err := l.tokenFile(file)
		if err != nil {
			l.fault(fileKey, "%v", err)
			return
		}
		*into, key = Secret(token), fileKey
	}
	if *into != "" && !shape.MatchString(into.Reveal()) {
		l.fault(key, "%s", wrong)
	}
}

// tokenFile is a file's only line.
func (l *loader) tokenFile(path string) (string, error) {
	data, err := read(l.beside(path), maxTokenFile)
	if err != nil {
		// Neither the path nor the error, which holds it: it may be a token.
		return "", errors.New("the token can't be read from a file of this name. Check the path, which counts from the folder of this file, and that it is a small regular file, and who may read it")
	}
	token := bytes.TrimRight(data, "\r\n")
	if len(token) == 0 {
		return "", errors.New("the file is empty: put the token into it")
	}
	return string(token), nil
}
