package main

import (
	"context"
	"errors"
	"log/slog"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/strillone/strillone/bot"
	"github.com/strillone/strillone/bot/locale"
	"github.com/strillone/strillone/digest"
	"github.com/strillone/strillone/digest/delivery"
	"github.com/strillone/strillone/digest/markup"
)

// office is a teller that remembers; chats that begin with a minus are shared.
type office struct {
	bot.Noticeboard
	told  []string
	times []time.Time
}

func (o *office) Post(_ context.Context, person string, doc markup.Doc) (bot.Notice, error) {
	if person == "away" {
		return bot.Notice{}, errors.New("closed")
	}
	text, _, _ := strings.Cut(doc.Blocks[0].(markup.Paragraph).Text.String(), ":")
	o.told = append(o.told, person+" "+text)
	o.times = append(o.times, time.Now())
	return bot.Notice{}, nil
}

func (o *office) NameOf(_ context.Context, place digest.Destination) (string, bool) {
	return "Il " + place.Chat, strings.HasPrefix(place.Chat, "-")
}

func TestNotices(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		o := &office{}
		n := &notices{
			tellers: map[digest.Platform]teller{"telegram": o},
			editors: map[digest.Platform][]string{"telegram": {"away", "ada"}},
			say:     locale.For(digest.Italian),
			times:   5,
			losses:  make(chan delivery.Loss, 4),
			log:     slog.New(slog.DiscardHandler),
		}
		lose := func(platform digest.Platform, chat string) {
			n.lost(delivery.Loss{Destination: digest.Destination{Platform: platform, Chat: chat}, Refusals: 1})
		}
		lose("telegram", "7")  // a person's
		lose("discord", "-9")  // nobody to tell it with
		lose("telegram", "-1") // two at once are told one after the other
		lose("telegram", "-2")
		lose("telegram", "-3") // one too many doesn't block
		ctx, stop := context.WithCancel(t.Context())
		done := make(chan struct{})
		go func() { defer close(done); n.run(ctx) }()
		time.Sleep(time.Minute)
		stop()
		<-done
		if want := []string{"ada ⚠️ Il -1", "ada ⚠️ Il -2"}; !slices.Equal(o.told, want) {
			t.Fatalf("told %q, want %q", o.told, want)
		}
		if gap := o.times[1].Sub(o.times[0]); gap < noticePause {
			t.Errorf("told within %s", gap)
		}
	})
}
