// Secrets: a canary that no way of printing shows.

package config

import (
	"encoding/hex"
	"encoding/json"
	"fmt"
	"log/slog"
	"strings"
	"testing"

	"github.com/goccy/go-yaml"
)

// However a configuration is printed, its tokens are not in it.
func TestNothingPrintsASecret(t *testing.T) {
	c := Default()
	c.Telegram.Token, c.Discord.Token = telegramCanary, discordCanary
	secret := c.Telegram.Token

	printed := make(map[string]string)
	for _, verb := range []string{"%v", "%+v", "%#v", "%s", "%q", "%x", "%X", "%d", "%50s"} {
		for name, value := range map[string]any{"secret": secret, "pointer": &secret, "config": c, "value": *c, "slice": []Secret{secret}, "map": map[Secret]Secret{secret: secret}} {
			printed[name+" "+verb] = fmt.Sprintf(verb, value)
		}
	}
	var log strings.Builder
	for _, h := range []slog.Handler{slog.NewTextHandler(&log, nil), slog.NewJSONHandler(&log, nil)} {
		slog.New(h).Info("canary", "secret", secret, "config", c, "value", *c, slog.Group("g", "platform", c.Telegram), "list", []Secret{secret})
	}
	printed["slog"] = log.String()
	for name, value := range map[string]any{"secret": secret, "config": c} {
		j, err := json.Marshal(value)
		if err != nil {
			t.Error(err)
		}
		printed["json "+name] = string(j)
	}
	for name, value := range map[string]any{"secret": secret, "config": c, "list": []Secret{secret}} {
		y, err := yaml.Marshal(value)
		if err != nil {
			t.Error(err)
		}
		printed["yaml "+name] = string(y)
	}
	printed["error"] = fmt.Errorf("of %v: %w", secret, fmt.Errorf("of %v", c.Telegram)).Error()

	for how, text := range printed {
		for _, canary := range []string{"CANARY", hex.EncodeToString([]byte("CANARY")), fmt.Sprintf("%X", "CANARY")} {
			if strings.Contains(text, canary) {
				t.Errorf("%s shows it: %s", how, text)
			}
		}
		if !strings.Contains(text, "redacted") && !strings.HasPrefix(how, "pointer") {
			t.Errorf("%s says nothing of it: %s", how, text)
		}
	}
	if secret.Reveal() != telegramCanary {
		t.Error("the secret can't be revealed")
	}
}
