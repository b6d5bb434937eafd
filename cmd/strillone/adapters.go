// The adapters, the log and the configuration, as subcommands ask for them.

package main

import (
	"errors"
	"io"
	"io/fs"
	"log/slog"
	"time"

	"github.com/strillone/strillone/bot"
	"github.com/strillone/strillone/bot/discord"
	"github.com/strillone/strillone/bot/scheduler"
	"github.com/strillone/strillone/bot/telegram"
	"github.com/strillone/strillone/bot/terminal"
	"github.com/strillone/strillone/cmd/strillone/config"
	"github.com/strillone/strillone/digest"
	"github.com/strillone/strillone/digest/delivery"
)

// load reads the configuration file.
func (e *environment) load() (*config.Config, error) {
	return config.Load(e.config, e.getenv, checkSchedule)
}

// loadOffline is load for commands that reach no platform.
func (e *environment) loadOffline() (*config.Config, error) {
	return config.LoadOffline(e.config, e.getenv, checkSchedule)
}

// loadIfThere is loadOffline for commands that work without a configuration
// file.
func (e *environment) loadIfThere() (*config.Config, error) {
	cfg, err := e.loadOffline()
	if errors.Is(err, fs.ErrNotExist) {
		return config.Default(), nil
	}
	return cfg, err
}

func checkSchedule(spec string, zone *time.Location) error {
	_, err := scheduler.Parse(spec, zone)
	return err
}

// chatAdapters are the adapters of the platforms that have a token. Buttons keeps
// what their buttons stand for; nil for adapters that show none.
func chatAdapters(cfg *config.Config, buttons *bot.Buttons, log *slog.Logger) []bot.Adapter {
	var adapters []bot.Adapter
	if cfg.TelegramOn() {
		adapters = append(adapters, newTelegram(cfg, buttons, log))
	}
	if cfg.DiscordOn() {
		adapters = append(adapters, newDiscord(cfg, buttons, log))
	}
	return adapters
}

func newTelegram(cfg *config.Config, buttons *bot.Buttons, log *slog.Logger) *telegram.Adapter {
	return telegram.New(telegram.Config{
		Token:         cfg.Telegram.Token.Reveal(),
		APIURL:        cfg.Telegram.APIURL,
		Format:        telegram.Format(cfg.Telegram.Format),
		Editors:       cfg.Editors.Telegram,
		Buttons:       buttons,
		Budget:        delivery.NewBudget(telegram.Pace(cfg.Telegram.Rate), time.Now),
		PaidBroadcast: cfg.Telegram.PaidBroadcast,
		Log:           log.With("platform", telegram.Platform),
	})
}

func newDiscord(cfg *config.Config, buttons *bot.Buttons, log *slog.Logger) *discord.Adapter {
	return discord.New(discord.Config{
		Token:   cfg.Discord.Token.Reveal(),
		APIURL:  cfg.Discord.APIURL,
		Format:  discord.Format(cfg.Discord.Format),
		Buttons: buttons,
		Budget:  delivery.NewBudget(discord.Pace(cfg.Discord.Rate), time.Now),
		Log:     log.With("platform", "discord"),
	})
}

// renderer is the adapter that renders for a platform, whether or not there is
// a token for it.
func (e *environment) renderer(p digest.Platform, cfg *config.Config) bot.Adapter {
	log := slog.New(slog.DiscardHandler)
	switch p {
	case "telegram":
		return newTelegram(cfg, forOnce(), log)
	case "discord":
		return newDiscord(cfg, forOnce(), log)
	}
	color, width := screen(e.Out)
	return terminal.New(terminal.Config{Out: e.Out, Color: color, Width: width})
}

// newLog writes to w as the configuration says.
func newLog(w io.Writer, c config.Log) *slog.Logger {
	var level slog.Level
	if err := level.UnmarshalText([]byte(c.Level)); err != nil {
		level = slog.LevelInfo // config.Load let no other word pass
	}
	options := &slog.HandlerOptions{Level: level}
	if c.Format == "json" {
		return slog.New(slog.NewJSONHandler(w, options))
	}
	return slog.New(slog.NewTextHandler(w, options))
}
