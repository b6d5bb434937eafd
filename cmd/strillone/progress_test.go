package main

import (
	"context"
	"log/slog"
	"strconv"
	"sync/atomic"
	"testing"
	"time"

	"github.com/strillone/strillone/bot"
	"github.com/strillone/strillone/bot/discord"
	"github.com/strillone/strillone/bot/discord/discordtest"
	"github.com/strillone/strillone/bot/newsroom"
	"github.com/strillone/strillone/bot/telegram"
	"github.com/strillone/strillone/bot/telegram/telegramtest"
	"github.com/strillone/strillone/digest"
	"github.com/strillone/strillone/digest/delivery"
)

// slowly is a broadcast of which a tenth is sent with every look.
type slowly struct{ looks atomic.Int64 }

func (s *slowly) Report(context.Context) (delivery.Report, error) {
	sent := min(int(s.looks.Add(1))*1000, 10_000)
	slot := time.Now().Truncate(time.Hour)
	return delivery.Report{Slot: slot, At: slot, Platforms: []delivery.PlatformReport{
		{Platform: "telegram", Sent: sent, Queued: 10_000 - sent},
	}}, nil
}

// One message to each editor on both platforms, edited to the end.
func TestProgressOnBothPlatforms(t *testing.T) {
	ctx, cancel := context.WithTimeout(t.Context(), patience)
	defer cancel()
	tg := newsstand(t)
	dc := discordtest.New(t)
	defer dc.Close()
	editor := dc.AddUser(discordtest.User{Username: "redattrice", Locale: "it"})
	guild := dc.AddGuild(discordtest.Guild{Name: "Redazione"})
	dc.AddMember(guild.ID, editor, discordtest.PermissionsMember)
	adapters := []bot.Adapter{
		telegram.New(telegram.Config{Token: telegramtest.Token, APIURL: tg.URL()}),
		discord.New(discord.Config{Token: discordtest.Token, APIURL: dc.URL()}),
	}
	p := newsroom.NewProgress(newsroom.ProgressConfig{
		Reports:  new(slowly),
		Boards:   boardsOf(adapters),
		Editors:  map[digest.Platform][]string{"telegram": {strconv.Itoa(editorID), "4711"}, "discord": {editor.ID}, "terminal": {"1"}},
		Language: digest.Italian,
		After:    time.Millisecond,
		Every:    10 * time.Millisecond,
		Log:      slog.New(slog.DiscardHandler),
	})
	running, stop := context.WithCancel(ctx)
	done := make(chan struct{})
	go func() {
		defer close(done)
		p.Run(running)
	}()
	onTelegram, err := tg.Await(ctx, telegramtest.In(editorID, "✅ Consegnato"))
	must(t, err)
	contains(t, onTelegram.Text, "10.000 destinatari su 10.000")
	onDiscord, err := dc.Await(ctx, discordtest.In(dc.DM(editor).ID, "✅ Consegnato"))
	must(t, err)
	contains(t, onDiscord.Text, "10.000 destinatari su 10.000")
	stop()
	<-done
	if n := len(tg.Messages()); n != 1 || onTelegram.Edits < 5 {
		t.Errorf("%d messages on Telegram, edited %d times", n, onTelegram.Edits)
	}
	if n := len(dc.Messages()); n != 1 {
		t.Errorf("%d messages on Discord", n)
	}
}
